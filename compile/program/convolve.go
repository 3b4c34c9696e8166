package program

// ConvolveAll is [Program.Convolve] with kernels that do not end. After the taps of kernel[f], every
// greater lag has the weight tail[f], at any length.
//
// Shapes: x [n,d], kernel [d][taps], tail [d]; result [n,d]. Depth 0.
func (p *Program) ConvolveAll(x Value, kernel [][]int64, tail []int64) Value {
	s := p.node(x).Shape
	if len(s) != 2 || s[1].Size() != len(kernel) || len(kernel) != len(tail) {
		p.Failf(OpContract, "a convolution of shape %v with %d kernels and %d tails", s, len(kernel), len(tail))
		return x
	}
	r := spanned(tail).join(point(0))
	for _, taps := range kernel {
		r = r.join(spanned(taps))
	}
	n, d := s[0], s[1]
	sources := n.Renamed("s")
	taps := p.ConstFunc(Shape{n, sources, d}, r, func(i int) int64 {
		f, s, t := i%d.Size(), i/d.Size()%n.Size(), i/d.Size()/n.Size()
		switch lag := t - s; {
		case lag < 0:
			return 0
		case lag < len(kernel[f]):
			return kernel[f][lag]
		}
		return tail[f]
	})
	return p.Contract("tsf,sf->tf", taps, p.Reshape(x, Shape{sources, d}, "sources"))
}
