package lower

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// Strategy chooses how literals encode the values of a program. It trades depth against size, and never
// changes the function. The zero value is the plain thermometer: one gate for each level of a quantised
// value.
type Strategy struct {
	// Absorb lets a threshold gate take in the other literals of a product. This saves the level
	// of an AND gate.
	Absorb bool
	// Binary adds a binary code, one level deeper, to quantised values that are multiplied. It has
	// p literals; the thermometer has 2^p − 1.
	Binary bool
	// Digits cuts a quantised value of p bits into this many digits, the high digit first, as a
	// subranging analogue-to-digital converter does. Each digit takes one level and about
	// 2^(p/Digits) gates. 0 and 1 mean a single digit, the thermometer. A negative number means one
	// digit for each bit, which is successive approximation. Digits applies to evenly spaced levels,
	// if their number is a power of two. Other functions and quotients keep the thermometer.
	Digits int
	// Select gives an element that a one-hot value picks literals of its own, as in unique-hard
	// attention. Each is an OR over the candidates, one or two levels deeper. A plain sum would keep
	// the literals of all candidates.
	Select bool
}

// The presets. MinDepth has the least depth that is known here. MinSize makes few gates with the fields
// above. It need not make the fewest possible.
var (
	MinDepth = Strategy{Absorb: true}
	Balanced = Strategy{Absorb: true, Binary: true}
	MinSize  = Strategy{Absorb: true, Binary: true, Digits: -1}
)

var presets = []struct {
	name     string
	strategy Strategy
}{
	{"min-depth", MinDepth},
	{"balanced", Balanced},
	{"min-size", MinSize},
}

// String returns the name of a preset, or the parts that [ParseStrategy] reads.
func (s Strategy) String() string {
	for _, p := range presets {
		if p.strategy == s {
			return p.name
		}
	}
	name := "thermometer"
	if s.Digits > 1 {
		name = fmt.Sprintf("digits%d", s.Digits)
	} else if s.Digits < 0 {
		name = "digits"
	}
	if s.Binary {
		name += "+binary"
	}
	if s.Absorb {
		name += "+absorb"
	}
	if s.Select {
		name += "+select"
	}
	return name
}

// ParseStrategy reads the name of a preset (min-depth, balanced, min-size) or parts
// joined by "+": thermometer, digitsK for K digits, digits for one digit a bit,
// binary, absorb, select.
func ParseStrategy(name string) (Strategy, error) {
	for _, p := range presets {
		if p.name == name {
			return p.strategy, nil
		}
	}
	var s Strategy
	given := map[string]bool{}
	for _, part := range strings.Split(name, "+") {
		family := strings.TrimRight(part, "0123456789")
		if family == "thermometer" {
			family = "digits" // both say the number of digits
		}
		if given[family] {
			return Strategy{}, fmt.Errorf("compile: strategy %q says %s twice", name, family)
		}
		given[family] = true
		digits, isDigits := strings.CutPrefix(part, "digits")
		switch k, err := strconv.Atoi(digits); {
		case part == "thermometer":
		case part == "binary":
			s.Binary = true
		case part == "absorb":
			s.Absorb = true
		case part == "select":
			s.Select = true
		case part == "digits":
			s.Digits = -1
		case isDigits && err == nil && k == 1: // a thermometer, which has one name
		case isDigits && err == nil && k > 1 && k <= 62:
			s.Digits = k
		default:
			return Strategy{}, fmt.Errorf("compile: unknown strategy %q; known: min-depth, balanced, min-size, "+
				"or parts joined by +: thermometer, digits, digits2, digits3, ..., binary, absorb, select", name)
		}
	}
	return s, nil
}

// Widths returns the widths in bits of the digits that the strategy cuts the values of f into, the high
// digit first. It returns nil if f keeps its thermometer.
func (s Strategy) Widths(f program.Staircase) []int {
	_, uniform := f.Uniform()
	p := bits.Len(uint(len(f.At)))
	if !uniform || len(f.At) != 1<<p-1 || s.Digits == 0 || s.Digits == 1 || p == 1 {
		return nil
	}
	count := s.Digits
	if count < 0 || count > p {
		count = p
	}
	widths := make([]int, 0, count)
	for ; count > 0; count-- {
		w := (p + count - 1) / count
		widths = append(widths, w)
		p -= w
	}
	return widths
}
