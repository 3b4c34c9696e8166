package formattest

import (
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// Bits returns the n low bits of v, the lowest first.
func Bits(v, n int) []bool {
	in := make([]bool, n)
	for i := range in {
		in[i] = v>>i&1 == 1
	}
	return in
}

// Table returns the values of the outputs, low bit first, on all inputs in order.
func Table(t rapid.TB, c *circuit.Circuit) (values []int) {
	t.Helper()
	for v := range 1 << len(c.Inputs()) {
		value := 0
		for i, bit := range must(c.Eval(Bits(v, len(c.Inputs()))))(t) {
			if bit {
				value |= 1 << i
			}
		}
		values = append(values, value)
	}
	return values
}
