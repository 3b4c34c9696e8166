package analysis

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
)

// Number is an exact integer of any size. In JSON it is a number as long as its
// absolute value is at most 2^53, which every reader of JSON keeps exactly, and a
// string of decimal digits beyond.
type Number struct{ circuit.Int }

// largestExact is 2^53.
const largestExact = 1 << 53

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if v, ok := n.Int64(); ok && -largestExact <= v && v <= largestExact {
		return json.Marshal(v)
	}
	return json.Marshal(n.String())
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(text []byte) error {
	var digits json.Number
	if err := json.Unmarshal(text, &digits); err != nil {
		return fmt.Errorf("analysis: %s is not a number", text)
	}
	v, ok := parseInt(digits.String())
	if !ok {
		return fmt.Errorf("analysis: %s is not a whole number", text)
	}
	n.Int = v
	return nil
}

// parseInt reads a whole number in decimal.
func parseInt(text string) (circuit.Int, bool) {
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return circuit.I(v), true
	}
	v, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return circuit.Int{}, false
	}
	return circuit.BigInt(v), true
}
