package program

import (
	"slices"
	"testing"
)

// Delayed has a row for each lag. FromStart makes zeros before the first position, at every n, also where there are
// more lags than positions.
func TestDelayed(t *testing.T) {
	for n := 1; n <= 5; n++ {
		p := New("delayed")
		x := p.Input("x", Shape{NewDim("n", n), NewDim("d", 2)}, 3, true)
		y := p.FromStart(p.Delayed(x, NewDim("lag", 3)))
		p.Output("y", y)
		var in, want []int64
		for i := range 2 * n {
			in = append(in, int64(i%7)-4)
		}
		for t := range n {
			for lag := range 3 {
				for f := range 2 {
					v := int64(0)
					if t >= lag {
						v = in[2*(t-lag)+f]
					}
					want = append(want, v)
				}
			}
		}
		got, err := p.Reference(in)
		if err != nil || p.Check() != nil || !slices.Equal(got, want) {
			t.Errorf("n=%d: %v, %v, %v; want %v", n, got, err, p.Check(), want)
		}
	}
	open, err := BuildOpen(func() (*Program, error) {
		p := New("open")
		y := p.FromStart(p.Delayed(p.Affine(1, p.Input("x", Shape{OpenDim("n")}, 2, false), 5), NewDim("lag", 3)))
		if y.Bounds() != (Range{0, 8}) { // 5 to 8, or before the first position
			t.Errorf("the range is %v, want 0..8", y.Bounds())
		}
		p.Output("y", y)
		return p, p.Err()
	})
	if err != nil || !open.Open() {
		t.Errorf("open: %v", err)
	}
	p := New("scalar")
	p.Delayed(p.Const(Shape{}, []int64{1}), NewDim("lag", 3))
	if p.Err() == nil {
		t.Error("a scalar was delayed")
	}
}
