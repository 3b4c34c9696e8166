package compile

import (
	"fmt"
	"math"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestStateSpaceDepthDoesNotDependOnN(t *testing.T) {
	for _, test := range []struct {
		spec  string
		depth int
	}{{"s4:n=%d", 1}, {"s4:n=%d,d=1,state=4,bits=4", 1}, {"mamba:n=%d", 3}, {"mamba:n=%d,bits=3,d=1", 3}, {"mamba:n=%d,kind=block,d=2,bits=3,state=1", 5}} {
		for _, n := range []int{2, 3, 4, 6} {
			spec := fmt.Sprintf(test.spec, n)
			if got := lowertest.Circuit(t, instance(t, spec).Program, lower.MinDepth).Depth(); got != test.depth {
				t.Errorf("%s: depth %d, want %d", spec, got, test.depth)
			}
		}
	}
}

func TestStateSpaceExhaustively(t *testing.T) {
	for _, spec := range []string{"s4:n=3,d=2,bits=2", "s4:n=4,d=1,bits=3,state=1", "mamba:n=3,d=1,bits=3", "mamba:n=2,d=2,bits=2", "mamba:n=3,d=1,bits=3,kind=block", "mamba:n=2,d=2,bits=2,kind=block,state=1"} {
		for _, s := range lowertest.Strategies {
			p := instance(t, spec).Program
			c := lowertest.Circuit(t, p, s)
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	}
}

// S4 rounds its kernel and its output: half a unit and a little. The mixing of Mamba
// rounds δ, its decays and its output, and a block two values more, whose
// units are coarser than that of the output; the bounds are in units of output.
func TestStateSpaceIsNearTheTextbook(t *testing.T) {
	for _, test := range []struct {
		spec  string
		bound float64
	}{{"s4:n=8,bits=6", 0.6}, {"s4:n=20,bits=5,state=3", 0.6}, {"mamba:n=6,bits=6,exp_levels=127", 0.7}, {"mamba:n=6,bits=6,exp_levels=127,kind=block", 4}} {
		i := instance(t, test.spec)
		worst := 0.0
		lowertest.Sample(i.Program, 300, func(in []int64) {
			out, err := i.Program.Reference(in)
			if err != nil {
				t.Fatal(err)
			}
			for k, want := range i.Real(in) {
				worst = max(worst, math.Abs(float64(out[k])-want/i.Scale))
			}
		})
		if worst > test.bound || worst < 0.3 {
			t.Errorf("%s: the greatest error is %.3f units, want 0.3 to %.1f", test.spec, worst, test.bound)
		}
	}
}
