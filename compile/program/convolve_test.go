package program

import (
	"slices"
	"strings"
	"testing"
)

// ConvolveAll is the sum over all earlier positions, each with the weight of its lag.
func TestConvolveAll(t *testing.T) {
	kernel, tail := [][]int64{{5, -2}, {1, 0, 4}}, []int64{3, -1}
	const n = 6
	p := New("convolution")
	x := p.Input("x", Shape{NewDim("n", n), NewDim("d", 2)}, 3, true)
	y := p.ConvolveAll(x, kernel, tail)
	p.Output("y", y)
	if p.Err() != nil {
		t.Fatal(p.Err())
	}
	in := []int64{1, -4, 3, 2, -1, 0, 2, 3, -4, 1, 3, -3}
	var want []int64
	for i := range in {
		sum := int64(0)
		for lag, f := 0, i%2; lag <= i/2; lag++ {
			w := tail[f]
			if lag < len(kernel[f]) {
				w = kernel[f][lag]
			}
			sum += w * in[i-2*lag]
		}
		want = append(want, sum)
	}
	got, err := p.Reference(in)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	// At the last position the weights of feature 0 are 5, −2 and four times 3, of feature 1 they are
	// 1, 0, 4 and three times −1; inputs are in −4..3.
	if b := y.Bounds(); b != (Range{-74, 59}) {
		t.Errorf("the range is %v, want -74..59", b)
	}
	open, err := BuildOpen(func() (*Program, error) {
		p := New("open")
		y := p.ConvolveAll(p.Input("x", Shape{OpenDim("n"), NewDim("d", 2)}, 3, true), kernel, tail)
		if p.node(y).Bounds != everything {
			t.Errorf("the range for every n is %v, want none", p.node(y).Bounds)
		}
		return p, p.Err()
	})
	if err != nil || !open.Open() {
		t.Errorf("open: %v", err)
	}
	p = New("bad")
	p.ConvolveAll(p.Input("x", Shape{NewDim("n", n), NewDim("d", 2)}, 3, true), kernel, tail[:1])
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "with 2 kernels and 1 tails") {
		t.Errorf("error %v", err)
	}
}
