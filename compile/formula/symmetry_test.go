package formula_test

import (
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
)

func TestSymmetry(t *testing.T) {
	for _, test := range []struct {
		spec, kind string
		from       int
	}{
		{"attention", "permutation", 2},
		{"attention:kind=unique-hard", "permutation", 3},
		{"attention:causal=1", "order", 2},
		{"attention:kind=stable,causal=1", "order", 3},
		{"attention:positions=learned", "", 0},
		{"attention:positions=rotary", "", 0},
		{"layernorm", "permutation", 2},
		{"layer", "permutation", 2},
		{"mlp", "", 0},
		{"rnn", "", 0},
		{"transformer", "", 0},
		{"s4:d=1", "shift", 42},
		{"mamba:kind=block", "shift", 13},
		{"mamba", "shift", 13},
		{"mamba:memory=all", "shift", 10},
	} {
		s, err := compile.ParseSpec(test.spec)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		if got := formula.SymmetryOf(p); got.Kind != test.kind || got.From != test.from || got.Why == "" {
			t.Errorf("%s: %+v, want %q from %d", test.spec, got, test.kind, test.from)
		}
	}
}
