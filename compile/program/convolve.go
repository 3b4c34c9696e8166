package program

// Convolve returns the causal convolution of x along its first axis with a kernel for each
// feature: element [t,f] is Σ_lag kernel[f][lag]·x[t−lag,f], over the lags up to t.
//
// Shapes: x [n,d], kernel [d][taps]; result [n,d]. Depth 0.
func (p *Program) Convolve(x Value, kernel [][]int64) Value {
	s := p.node(x).Shape
	if len(s) != 2 || s[1].Size() != len(kernel) {
		p.Failf(OpContract, "a convolution of shape %v with %d kernels", s, len(kernel))
		return x
	}
	at := func(f, lag int) int64 {
		if lag < 0 || lag >= len(kernel[f]) {
			return 0
		}
		return kernel[f][lag]
	}
	var r Range
	for _, taps := range kernel {
		for _, k := range taps {
			r = Range{min(r.Lo, k), max(r.Hi, k)}
		}
	}
	n, d := s[0], s[1]
	sources := n.Renamed("s")
	y := p.Contract("tsf,sf->tf", p.ConstFunc(Shape{n, sources, d}, r, func(i int) int64 {
		length := n.Size()
		return at(i%d.Size(), i/d.Size()/length-i/d.Size()%length)
	}), p.Reshape(x, Shape{sources, d}, "sources"))
	if node := p.node(y); node.Op == OpContract {
		node.Kernel = kernel
		if n.Open() { // the range holds for every n, unlike what the taps alone say
			c := p.arithmetic()
			node.Bounds = c.convolved(p.node(x).Bounds, kernel)
		}
	}
	return y
}

// convolved returns the range of a convolution at the positions that all taps reach, and
// so at the others.
func (c *checked) convolved(x Range, kernel [][]int64) Range {
	var all Range
	for _, taps := range kernel {
		var r Range
		for _, k := range taps {
			scaled := c.scale(k, x)
			// The first positions lack some of the taps.
			r = c.plus(r, Range{min(scaled.Lo, 0), max(scaled.Hi, 0)})
		}
		all = Range{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}
	}
	return all
}
