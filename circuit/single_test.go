package circuit_test

import (
	"slices"
	"testing"
)

// One vector after another, in machine integers, gives what exact integers give.
func TestSingle(t *testing.T) {
	for seed := range uint64(40) {
		c, err := randomMirror(seed, seed%2 == 1, 300).finish(true)
		if err != nil {
			t.Fatal(err)
		}
		e := c.Single()
		in := make([]bool, len(c.Inputs()))
		for k := range 20 {
			for i := range in {
				in[i] = (k*(i+3)+i*i)%7 < 3
			}
			got, err := e.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			if want, err := c.Eval(in); err != nil || !slices.Equal(got, want) {
				t.Fatalf("circuit %d, vector %d: %v, want %v, %v", seed, k, got, want, err)
			}
		}
		if _, err := e.Eval(append(in, true)); err == nil {
			t.Errorf("circuit %d: a vector of %d bits for %d inputs", seed, len(in)+1, len(in))
		}
	}
}
