package program

import "slices"

// Window returns the sums of x over every window of its first axis. Element [t,s] of the result
// is Σ x_r over s < r ≤ t. It is 0 where s ≥ t.
//
// Shapes: x [n, ...]; result [n, s=n, ...], the second axis under the given name.
// Depth 0.
func (p *Program) Window(x Value, second string) Value {
	s := p.node(x).Shape
	if len(s) == 0 {
		p.Failf(OpWindow, "of a scalar")
		return x
	}
	return p.push(Node{Op: OpWindow, Shape: slices.Insert(slices.Clone(s), 1, s[0].Renamed(second))}, x)
}

func deriveWindow(n *Node) span {
	return point(0).join(n.Arg(0).span().manyTimes(n.Shape[0].less(1)))
}

// Prefixes calls f for each element of a Window that is not always 0. Element to is the sum of
// element before and of element last of the argument. Element before is 0, or f was called for
// it already.
func (n *Node) Prefixes(f func(to, before, last int)) {
	length, inner := n.Shape[0].Size(), n.Shape[2:].Len()
	for s := range length {
		for t := s + 1; t < length; t++ {
			for k := range inner {
				f((t*length+s)*inner+k, ((t-1)*length+s)*inner+k, t*inner+k)
			}
		}
	}
}

func literalsOfWindow(n *Node, x, _ int) int { return x * n.Shape[0].Size() }

func runWindow(n *Node, v, x, _ []int64) {
	n.Prefixes(func(to, before, last int) { v[to] = v[before] + x[last] })
}

// termsOfWindow goes over everything that a window with the same start might sum. The gates of a
// window also make the shorter windows.
func termsOfWindow(n *Node, i int, f TermFunc) int64 {
	inner := n.Shape[2:].Len()
	for r := 1; r < n.Shape[0].Size(); r++ {
		f(0, r*inner+i%inner, 1)
	}
	return 0
}

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
