package vector

import (
	"encoding/json"
	"fmt"

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
		return fmt.Errorf("vector: %s is not a number", text)
	}
	v, err := circuit.ParseInt(digits.String())
	if err != nil {
		return fmt.Errorf("vector: %s is not a whole number", text)
	}
	n.Int = v
	return nil
}
