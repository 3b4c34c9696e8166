package compile

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
)

func TestFamiliesExhaustively(t *testing.T) {
	for _, spec := range []string{
		"attention:n=2,d=1,bits=2", "attention:n=1,d=2,bits=3", "attention:n=3,d=1,bits=3,out_bits=4",
		"attention:n=2,d=2,bits=2,exp_levels=3", "attention:n=4,d=1,bits=2,seed=7",
		"mlp:n=2,bits=3", "mlp:n=3,bits=2,layers=3", "mlp:n=2,bits=4,layers=1", "mlp:n=3,bits=3,hidden=4,out=1",
	} {
		for _, s := range lowertest.Strategies {
			p := instance(t, spec).Program
			c := lowertest.Circuit(t, p, s)
			t.Run(fmt.Sprintf("%s, %v", spec, s), func(t *testing.T) {
				lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
			})
		}
	}
}

func TestFamiliesOnSamples(t *testing.T) {
	for _, spec := range []string{"attention:n=4", "attention:n=5,d=3,bits=4", "mlp:n=12,bits=4,layers=3"} {
		for _, s := range lowertest.Strategies {
			p := instance(t, spec).Program
			c := lowertest.Circuit(t, p, s)
			t.Run(fmt.Sprintf("%s, %v", spec, s), func(t *testing.T) {
				lowertest.Sample(p, 60, func(in []int64) { lowertest.Compare(t, p, c, in) })
			})
		}
	}
}

// instance returns a member of a family.
func instance(t testing.TB, text string) *Instance {
	t.Helper()
	spec, err := ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	i, err := spec.Instance()
	if err != nil {
		t.Fatal(err)
	}
	return i
}
