package compile

import (
	"fmt"
	"math"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestTransformerDepthDoesNotDependOnN(t *testing.T) {
	for _, test := range []struct {
		parameters string
		depth      int
	}{{"", 12}, {",layers=2", 20}, {",norm=layer", 14}, {",layers=2,norm=layer", 24}, {",output=logits", 10}, {",tokens=binary", 13}} {
		for _, n := range []int{3, 4, 5, 6} {
			spec := fmt.Sprintf("transformer:n=%d,d=2,bits=3%s", n, test.parameters)
			if got := lowertest.Circuit(t, instance(t, spec).Program, lower.MinDepth).Depth(); got != test.depth {
				t.Errorf("%s: depth %d, want %d", spec, got, test.depth)
			}
		}
	}
}

func TestTransformerExhaustively(t *testing.T) {
	for _, parameters := range []string{"n=4,d=2,bits=2", "n=3,d=2,bits=3,layers=2,vocab=5,norm=layer", "n=3,d=2,bits=2,output=logits", "n=3,d=2,bits=2,tokens=binary,vocab=4", "n=2,d=2,bits=2,place=post,kind=average-hard"} {
		for _, s := range []lower.Strategy{lower.MinDepth, lower.MinSize} {
			p := instance(t, "transformer:"+parameters).Program
			c := lowertest.Circuit(t, p, s)
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	}
}

// The logits of a model with generic weights follow the textbook's: the mean error is
// a part of their mean size. It is not small, since a generic residual sum is given
// room for the worst case, √d from each norm, and uses little of it.
func TestTransformerIsNearTheTextbook(t *testing.T) {
	i := instance(t, "transformer:n=5,layers=2,bits=6,exp_levels=63,output=logits")
	worst, total, size := 0.0, 0.0, 0.0
	lowertest.Sample(i.Program, 150, func(in []int64) {
		out, err := i.Program.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range i.Real(in) {
			e := math.Abs(float64(out[k])*i.Scale - want)
			worst, total, size = max(worst, e), total+e, size+math.Abs(want)
		}
	})
	if total > 0.2*size || total < 0.01*size || worst > 0.25 {
		t.Errorf("mean error %.3f of the mean size of a logit, greatest error %.3f", total/size, worst)
	}
}
