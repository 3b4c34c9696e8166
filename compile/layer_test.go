package compile

import (
	"fmt"
	"math"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestLayerDepthDoesNotDependOnN(t *testing.T) {
	for _, test := range []struct {
		parameters           string
		shallowest, balanced int
	}{
		{"norm=rms", 9, 10},
		{"norm=layer", 10, 12},
		{"norm=rms,kind=stable", 10, 11},
		{"norm=layer,kind=stable", 11, 13},
		{"norm=rms,kind=average-hard,causal=1", 10, 11},
		{"norm=rms,activation=gelu,causal=1", 9, 10},
		{"norm=rms,kind=unique-hard", 9, 10},
		{"norm=layer,place=post", 10, 12},
		{"norm=rms,place=post", 8, 8},
	} {
		for _, n := range []int{3, 4, 5, 6} {
			p := instance(t, fmt.Sprintf("layer:n=%d,d=2,bits=3,%s", n, test.parameters)).Program
			if got := lowertest.Circuit(t, p, lower.MinDepth).Depth(); got != test.shallowest {
				t.Errorf("%s, n=%d: depth %d under min-depth, want %d", test.parameters, n, got, test.shallowest)
			}
			if got := lowertest.Circuit(t, p, lower.Balanced).Depth(); got != test.balanced {
				t.Errorf("%s, n=%d: depth %d under balanced, want %d", test.parameters, n, got, test.balanced)
			}
		}
	}
}

func TestLayerExhaustively(t *testing.T) {
	for _, parameters := range []string{"n=2,d=2,bits=2,norm=layer", "n=2,d=2,bits=2,kind=stable,causal=1,heads=2", "n=3,d=1,bits=2,place=post,activation=gelu", "n=2,d=2,bits=2,norm=rms,activation=silu", "n=3,d=1,bits=3,kind=unique-hard"} {
		for _, s := range []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize, {}} {
			p := instance(t, "layer:"+parameters).Program
			c := lowertest.Circuit(t, p, s)
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	}
}

// Four roundings follow one another, of which the last is half a unit of output; the
// others reach it through weights whose rows add up to at most 1, and through a norm.
func TestLayerIsNearTheTextbook(t *testing.T) {
	for _, spec := range []string{"layer:n=4,bits=6,exp_levels=63", "layer:n=4,bits=6,norm=layer,activation=gelu,causal=1,heads=2", "layer:n=4,bits=6,place=post,kind=stable,exp_levels=127"} {
		i := instance(t, spec)
		worst, mean, count := 0.0, 0.0, 0
		lowertest.Sample(i.Program, 100, func(in []int64) {
			out, err := i.Program.Reference(in)
			if err != nil {
				t.Fatal(err)
			}
			for k, want := range i.Real(in) {
				e := math.Abs(float64(out[k]) - want/i.Scale)
				worst, mean, count = max(worst, e), mean+e, count+1
			}
		})
		mean /= float64(count)
		if worst > 4.5 || mean > 0.65 || mean < 0.1 {
			t.Errorf("%s: errors up to %.3f units, %.3f in the mean; want at most 4.5 and 0.65", spec, worst, mean)
		}
	}
}
