package compile

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestRecurrentDepthIsThatOfACellTimesTheSteps(t *testing.T) {
	for _, test := range []struct {
		kind  RecurrentKind
		depth int // of a cell
	}{{Elman, 1}, {GRU, 3}, {LSTM, 4}} {
		for _, n := range []int{1, 2, 3, 5, 8} {
			spec := fmt.Sprintf("%s:n=%d", test.kind, n)
			if got := lowertest.Circuit(t, instance(t, spec).Program, lower.MinDepth).Depth(); got != n*test.depth {
				t.Errorf("%s: depth %d, want %d", spec, got, n*test.depth)
			}
		}
	}
}

func TestRecurrentExhaustively(t *testing.T) {
	for _, kind := range []RecurrentKind{Elman, GRU, LSTM} {
		for _, parameters := range []string{"n=3,d=1,bits=3", "n=2,d=2,bits=2", "n=4,d=1,bits=2,seed=5"} {
			for _, s := range lowertest.Strategies {
				p := instance(t, string(kind)+":"+parameters).Program
				c := lowertest.Circuit(t, p, s)
				lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
			}
		}
	}
}

// Each step adds the rounding of its activations, and passes on a part of the error of
// the step before, since the rows of the weights add up to at most 1 and the slopes
// of tanh and sigmoid are at most 1. Gates are rounded to half a unit of the state.
func TestRecurrentIsNearTheTextbook(t *testing.T) {
	for kind, bound := range map[RecurrentKind]float64{Elman: 1.5, GRU: 2, LSTM: 2} {
		nearTextbook(t, 300, string(kind)+":n=6,bits=7,d=3", 0.3, bound)
	}
}
