package compile

import (
	"fmt"
	"math"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

func TestNormDepthIsTwo(t *testing.T) {
	for _, family := range []string{"layernorm", "rmsnorm"} {
		for _, n := range []int{1, 2, 4, 8, 16} {
			for _, s := range []lower.Strategy{lower.MinDepth, lower.Balanced, {}} {
				p := instance(t, fmt.Sprintf("%s:n=%d", family, n)).Program
				if got := lowertest.Circuit(t, p, s).Depth(); got != 2 {
					t.Errorf("%s n=%d, %v: depth %d, want 2", family, n, s, got)
				}
			}
		}
		for _, d := range []int{2, 8, 16} {
			p := instance(t, fmt.Sprintf("%s:n=2,d=%d", family, d)).Program
			if got := lowertest.Circuit(t, p, lower.MinDepth).Depth(); got != 2 {
				t.Errorf("%s d=%d: depth %d, want 2", family, d, got)
			}
		}
	}
}

func TestNormsExhaustively(t *testing.T) {
	for _, spec := range []string{
		"layernorm:n=1,d=4,bits=3", "layernorm:n=1,d=3,bits=4,out_bits=5", "layernorm:n=2,d=2,bits=2",
		"rmsnorm:n=1,d=4,bits=3", "rmsnorm:n=1,d=3,bits=4,out_bits=5", "rmsnorm:n=2,d=3,bits=2", "rmsnorm:n=1,d=1,bits=4", "layernorm:n=1,d=1,bits=4",
	} {
		for _, s := range []lower.Strategy{lower.MinDepth, lower.MinSize} {
			p := instance(t, spec).Program
			c := lowertest.Circuit(t, p, s)
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	}
}

// A norm is rounded once, so it is within half a unit of the textbook, plus the
// rounding of its gains to 2^−10 of a unit of output at √d times 1, plus what ε is
// raised to where the input is near 0.
func TestNormIsNearTheTextbook(t *testing.T) {
	for _, spec := range []string{"layernorm:n=4,bits=6", "rmsnorm:n=4,bits=6", "rmsnorm:n=2,d=16,bits=8,out_bits=6"} {
		i := instance(t, spec)
		worst := 0.0
		lowertest.Sample(i.Program, 400, func(in []int64) {
			out, err := i.Program.Reference(in)
			if err != nil {
				t.Fatal(err)
			}
			for k, want := range i.Real(in) {
				worst = max(worst, math.Abs(float64(out[k])-want/i.Scale))
			}
		})
		if worst > 0.52 || worst < 0.3 {
			t.Errorf("%s: the greatest error is %.3f units, bound 0.52", spec, worst)
		}
	}
}

// The quotient of a root is compared with floating point where that is sure, and at
// the exact borders, where x² = τ²·y, by hand.
func TestRootQuotientAtItsBorders(t *testing.T) {
	p := program.New("root")
	x := p.Input("x", nil, 5, true)
	y := p.Input("y", nil, 4, false)
	p.Output("q", p.RootQuotient(x, p.Affine(1, y, 1), 2, []int64{1}[:0:0], program.Range{Lo: -3, Hi: 3}))
	if p.Err() == nil {
		t.Error("no error for offsets of a scalar that are empty and not nil")
	}
	p = program.New("root")
	x, y = p.Input("x", program.Shape{program.NewDim("d", 1)}, 5, true), p.Input("y", program.Shape{program.NewDim("d", 1)}, 4, false)
	p.Output("q", p.RootQuotient(x, p.Affine(1, y, 1), 2, []int64{1}, program.Range{Lo: -3, Hi: 3}))
	circuits := lowertest.Circuit(t, p, lower.MinDepth)
	lowertest.Exhaust(p, func(in []int64) {
		lowertest.Compare(t, p, circuits, in)
		got, _ := p.Reference(in)
		v := (float64(in[0])/math.Sqrt(float64(in[1]+1)) + 1) / 2
		want := math.Floor(v + 1e-12) // quotients are rational or far from whole numbers
		if want = min(max(want, -3), 3); float64(got[0]) != want {
			t.Errorf("⌊(%d/√%d + 1)/2⌋ = %d, want %v", in[0], in[1]+1, got[0], want)
		}
	})
}
