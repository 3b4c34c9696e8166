package compile

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

func TestAttentionDepthDoesNotDependOnN(t *testing.T) { attentionDepth(t, 2, 4, 8, 16) }

func TestLongAttentionDepthDoesNotDependOnN(t *testing.T) {
	longtest.Need(t)
	attentionDepth(t, 32)
}

func attentionDepth(t *testing.T, ns ...int) {
	t.Helper()
	for _, n := range ns {
		p := instance(t, fmt.Sprintf("attention:n=%d,d=4,bits=3", n)).Program
		for _, test := range []struct {
			strategy lower.Strategy
			want     int
		}{{lower.MinDepth, 3}, {lower.Balanced, 3}, {lower.Strategy{}, 4}} {
			if got := lowertest.Circuit(t, p, test.strategy).Depth(); got != test.want {
				t.Errorf("attention n=%d, %v: depth %d, want %d", n, test.strategy, got, test.want)
			}
		}
	}
}

func TestMLPDepthIsTheNumberOfLayers(t *testing.T) {
	for layers := 1; layers <= 4; layers++ {
		for _, n := range []int{1, 3, 10} {
			p := instance(t, fmt.Sprintf("mlp:n=%d,layers=%d", n, layers)).Program
			if got := lowertest.Circuit(t, p, lower.MinDepth).Depth(); got != layers {
				t.Errorf("mlp n=%d: depth %d with %d layers", n, got, layers)
			}
		}
	}
}

func TestDigitsTradeDepthForSize(t *testing.T) {
	p := program.New("six bits of a sum")
	x := p.Input("x", program.Shape{program.NewDim("d", 3)}, 6, true)
	sum := p.Linear(x, program.NewMatrix(1, 3, func(_, j int) int64 { return int64(2*j + 1) }), nil, "one")
	p.Output("y", p.Step(sum, program.Round(9, program.Range{Lo: -32, Hi: 31})))
	for _, test := range []struct{ digits, depth, size int }{
		{0, 1, 63}, {1, 1, 63}, {2, 2, 7 + 7}, {3, 3, 3 + 3 + 3}, {4, 4, 3 + 3 + 1 + 1}, {-1, 6, 6}, {99, 6, 6},
	} {
		c := lowertest.Circuit(t, p, lower.Strategy{Digits: test.digits})
		if c.Depth() != test.depth || c.Size() != test.size {
			t.Errorf("%d digits: depth %d and size %d, want %d and %d", test.digits, c.Depth(), c.Size(), test.depth,
				test.size)
		}
		lowertest.Sample(p, 400, func(in []int64) { lowertest.Compare(t, p, c, in) })
	}
}

func TestArgMaxNeedsNoLayerForItsSums(t *testing.T) {
	p := program.New("arg max of a linear map")
	x := p.Input("x", program.Shape{program.NewDim("d", 3)}, 3, true)
	p.Output("label", p.ArgMax(p.Linear(x, genericMatrix(4, 3, 5, 1, "w"), nil, "labels"), nil))
	c := lowertest.Circuit(t, p, lower.MinDepth)
	if c.Depth() != 2 {
		t.Errorf("depth %d, want 2", c.Depth())
	}
	if st := c.Stats(); st.Gates[gates.Threshold] != 6 || st.Size != 10 {
		t.Errorf("%d thresholds in %d gates, want 6 in 10", st.Gates[gates.Threshold], st.Size)
	}
	lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
}

// The integer reference stays near the textbook formula: within half a unit of
// output for the rounding, plus what the quantised exponential adds.
func TestAttentionIsNearTheTextbook(t *testing.T) {
	for _, test := range []struct {
		spec  string
		bound float64 // in units of output
	}{
		{"attention:n=4", 0.75},
		{"attention:n=16", 0.75},
		{"attention:n=8,d=8,bits=4", 0.75},
		{"attention:n=8,out_bits=8,exp_levels=255", 0.9},
	} {
		nearTextbook(t, 300, test.spec, 0.1, test.bound)
	}
}

// A ReLU layer is rounded once, so two layers are within half a unit of the
// output's rounding plus what the hidden layer's rounding makes of the weights.
func TestMLPIsNearTheTextbook(t *testing.T) {
	// The rows of the output layer have an absolute sum of at most two units, and each
	// hidden unit is off by half a unit at most.
	nearTextbook(t, 500, "mlp:n=4,bits=6", 0.3, 0.5+2*0.5)
}
