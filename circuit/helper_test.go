package circuit_test

import (
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// built ends the build and checks the circuit.
func built(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

// evalBits evaluates c on the bits of v, low bit first.
func evalBits(t rapid.TB, c *circuit.Circuit, v int) []bool {
	t.Helper()
	in := make([]bool, len(c.Inputs()))
	for i := range in {
		in[i] = v>>i&1 == 1
	}
	out, err := c.Eval(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
