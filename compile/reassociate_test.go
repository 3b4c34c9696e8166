package compile_test

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/longtest"
)

// A recurrent network as a tree of maps computes what it computes step by step, on all
// inputs, in depth that grows with the logarithm of n.
func TestReassociatedIsTheSameNetwork(t *testing.T) { reassociatedIsTheSame(t, false) }

// The longest sequences of each network.
func TestLongReassociatedIsTheSameNetwork(t *testing.T) {
	longtest.Need(t)
	reassociatedIsTheSame(t, true)
}

func reassociatedIsTheSame(t *testing.T, longest bool) {
	t.Helper()
	for _, test := range []struct {
		m    compile.Recurrent
		cell int // depth of its maps
		ns   []int
	}{
		{compile.Recurrent{Features: 1, Bits: 2}, 1, []int{1, 2, 3, 4, 5, 8}},
		{compile.Recurrent{Features: 1, Bits: 3}, 2, []int{1, 2, 4, 5}},
		{compile.Recurrent{Features: 2, Bits: 2}, 2, []int{1, 2, 3, 4}},
		{compile.Recurrent{Features: 2, Bits: 3, Seed: 1}, 2, []int{4}},
		{compile.Recurrent{Kind: compile.GRU, Features: 1, Bits: 2}, 3, []int{1, 2, 3, 7}},
		{compile.Recurrent{Kind: compile.GRU, Features: 2, Bits: 2}, 4, []int{1, 3}},
		{compile.Recurrent{Kind: compile.LSTM, Features: 1, Bits: 2}, 5, []int{1, 2, 3, 7}},
	} {
		for i, n := range test.ns {
			if last := i > 0 && i == len(test.ns)-1; last != longest {
				continue
			}
			serial, err := test.m.Program(n)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := compile.Reassociated{Recurrent: test.m}.Program(n)
			if err != nil {
				t.Fatal(err)
			}
			c, err := lower.Program(tree, lower.MinDepth)
			if err != nil {
				t.Fatal(err)
			}
			if most := test.cell + bits.Len(uint(n-1)); c.Depth() > most || test.m.Seed == 1 && c.Depth() < most {
				t.Errorf("%s d=%d bits=%d, n=%d: depth %d, want at most %d, with seed 1 just that", test.m.Kind,
					test.m.Features, test.m.Bits, n, c.Depth(), most)
			}
			for _, in := range inputsOf(tree.Inputs()) {
				a, err := serial.Reference(in)
				if err != nil {
					t.Fatal(err)
				}
				b, err := tree.Reference(in)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(a, b) {
					t.Fatalf("%s d=%d bits=%d, n=%d, inputs %v: %v, want %v", test.m.Kind, test.m.Features,
						test.m.Bits, n, in, b, a)
				}
			}
			if v, err := analysis.Verify(t.Context(), c, tree, analysis.VerifyConfig{Inputs: 200}); err != nil ||
				v.Mismatches > 0 {
				t.Fatalf("%s, n=%d: %+v, %v", test.m.Kind, n, v, err)
			}
		}
	}
	if _, err := (compile.Reassociated{Recurrent: compile.Recurrent{Features: 3}}).Program(4); err == nil {
		t.Error("343 states: no error")
	}
}

// inputsOf returns all inputs if there are few, else 200 random ones.
func inputsOf(ports []program.Port) (all [][]int64) {
	total := 1
	for _, p := range ports {
		if total *= int(p.Bounds.Hi - p.Bounds.Lo + 1); total > 1000 {
			break
		}
	}
	rng := rand.New(rand.NewPCG(8, 8))
	for k := range min(total, 200) {
		in := make([]int64, len(ports))
		for i, p := range ports {
			size := p.Bounds.Hi - p.Bounds.Lo + 1
			if total <= 200 {
				in[i] = p.Bounds.Lo + int64(k)%size
				k /= int(size)
			} else {
				in[i] = p.Bounds.Lo + rng.Int64N(size)
			}
		}
		all = append(all, in)
	}
	return all
}
