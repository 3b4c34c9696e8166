package program

import "slices"

// Convolve returns the causal convolution of x along its first axis. Each feature has its kernel.
// Element [t,f] is Σ_lag kernel[f][lag]·x[t−lag,f], over the lags up to t.
//
// Shapes: x [n,d], kernel [d][taps]; result [n,d]. Depth 0.
func (p *Program) Convolve(x Value, kernel [][]int64) Value {
	return p.convolve(x, kernel, make([]int64, len(kernel)), kernel)
}

// ConvolveAll is [Program.Convolve] with kernels that do not end. After the taps of kernel[f], every
// greater lag has the weight tail[f], at any length.
//
// Shapes: x [n,d], kernel [d][taps], tail [d]; result [n,d]. Depth 0.
func (p *Program) ConvolveAll(x Value, kernel [][]int64, tail []int64) Value {
	if len(tail) != len(kernel) {
		p.Failf(OpContract, "a convolution with %d kernels and %d tails", len(kernel), len(tail))
		return x
	}
	return p.convolve(x, kernel, tail, nil)
}

// convolve is a convolution as a contraction with a constant. The operation keeps the taps if they
// are all that is not 0.
func (p *Program) convolve(x Value, kernel [][]int64, tail []int64, kept [][]int64) Value {
	s := p.node(x).Shape
	if len(s) != 2 || s[1].Size() != len(kernel) {
		p.Failf(OpContract, "a convolution of shape %v with %d kernels", s, len(kernel))
		return x
	}
	r := spanned(slices.Concat(slices.Concat(kernel...), tail, []int64{0}))
	n, d := s[0], s[1]
	sources := n.Renamed("s")
	taps := p.ConstFunc(Shape{n, sources, d}, r, func(i int) int64 {
		lag, f := i/d.Size()/n.Size()-i/d.Size()%n.Size(), i%d.Size()
		switch {
		case lag < 0:
			return 0
		case lag < len(kernel[f]):
			return kernel[f][lag]
		}
		return tail[f]
	})
	return p.contract("tsf,sf->tf", taps, p.Reshape(x, Shape{sources, d}, "sources"), kept)
}
