package program

// Contract returns the sums of products that the specification names, in the notation of einsum:
// "if,jf->ij" is the product of x and the transpose of y. Every letter of the result must occur
// in x or y.
//
// Depth 1, with an AND for each pair of literals that meet. Depth 0 where a threshold gate absorbs
// the other literal. Depth 0 and no gates if x or y is a Const.
func (p *Program) Contract(spec string, x, y Value) Value { return p.contract(spec, x, y, nil) }

// contract is Contract with the kernel of a convolution; nil for other contractions.
func (p *Program) contract(spec string, x, y Value, kernel [][]int64) Value {
	e, shape, err := parseEinsum(spec, p.node(x).Shape, p.node(y).Shape)
	if err != nil {
		p.Failf(OpContract, "%v", err)
		return x
	}
	return p.push(Node{Op: OpContract, Shape: shape, Einsum: e, Kernel: kernel}, x, y)
}

// Elementwise returns x·y, element by element. The shape of y must be the shape of x, or its last
// axes.
func (p *Program) Elementwise(x, y Value) Value {
	const letters = "abcdefgh"
	a, b := p.node(x).Shape, p.node(y).Shape
	if len(b) > len(a) || len(a) > len(letters) {
		p.Failf(OpContract, "shapes %v and %v do not fit", a, b)
		return x
	}
	left := letters[:len(a)]
	return p.Contract(left+","+left[len(a)-len(b):]+"->"+left, x, y)
}

// deriveContract is exact per element if one operand is constant, and never negative for
// squares.
func deriveContract(n *Node) span {
	e, x, y := n.Einsum, n.Arg(0), n.Arg(1)
	switch {
	case n.Kernel != nil: // the range holds for every n, also if there are fewer positions than taps
		return convolved(y.span(), n.Kernel)
	case x.Op != OpConst && y.Op != OpConst:
		return e.product(x, y)
	case e.open() || x.Op == OpConst && x.Data == nil || y.Op == OpConst && y.Data == nil:
		return e.sum(x.span().times(y.span()))
	}
	all, left, right := empty, x.span(), y.span()
	for i := range n.Shape.Len() {
		var r span
		e.Each(i, func(j, k int) {
			if x.Op == OpConst {
				left = point(x.Data[j])
			}
			if y.Op == OpConst {
				right = point(y.Data[k])
			}
			r = r.plus(left.times(right))
		})
		all = all.join(r)
	}
	return all
}

// sum returns the range of a result whose products are in r.
func (e *Einsum) sum(r span) span {
	for _, l := range e.Summed {
		r = r.manyTimes(l.Dim)
	}
	return r
}

// product returns the range of a contraction of two unknown values.
func (e *Einsum) product(x, y *Node) span {
	switch { // one term of each sum is not 0
	case x.OneHot && e.selects(true):
		return y.span()
	case y.OneHot && e.selects(false):
		return x.span()
	}
	r := x.span().times(y.span())
	if x.ID == y.ID && e.Diagonal() {
		r.lo = end{}
		if v := x.span(); v.lo.n.Sign() > 0 {
			r.lo = v.lo.times(v.lo)
		} else if v.hi.n.Sign() < 0 {
			r.lo = v.hi.times(v.hi)
		}
	}
	return e.sum(r)
}

// convolved returns the range of a convolution at all positions.
func convolved(x span, kernel [][]int64) span {
	var all span
	for _, taps := range kernel {
		var r span
		for _, k := range taps {
			// The first positions lack some of the taps.
			r = r.plus(point(0).join(x.scale(finite(k))))
		}
		all = all.join(r)
	}
	return all
}

// zero reports whether element i is the constant 0.
func (n *Node) zero(i int) bool { return n.Op == OpConst && n.Data[i] == 0 }

// Scales reports whether one operand of a Contract is constant, which makes it exact.
func (n *Node) Scales() bool { return n.Arg(0).Op == OpConst || n.Arg(1).Op == OpConst }

// Picks reports whether a Contract picks elements of one operand by the one-hot rows of
// the other, and whether that is the first.
func (n *Node) Picks() (first, ok bool) {
	first = n.Arg(0).OneHot && n.Einsum.selects(true)
	return first, first || n.Arg(1).OneHot && n.Einsum.selects(false)
}

// mostLiterals is where counting them ends.
const mostLiterals = 1 << 40

func literalsOfContract(n *Node, x, y int) int {
	if first, ok := n.Picks(); ok && !n.Scales() {
		if first {
			return y
		}
		return x
	}
	terms := 1
	for _, l := range n.Einsum.Summed {
		terms = min(terms*l.Size(), mostLiterals)
	}
	if n.Scales() {
		return (x + y) * terms // a constant has none
	}
	return min(x*y+x+y, mostLiterals) * terms
}

func runContract(n *Node, v, x, y []int64) {
	i := 0
	add := func(j, k int) { v[i] += x[j] * y[k] }
	walk(n.Einsum.Outer, 0, 0, func(j, k int) {
		walk(n.Einsum.Summed, j, k, add)
		i++
	})
}

func termsOfContract(n *Node, i int, f TermFunc) int64 {
	a, b := n.Arg(0), n.Arg(1)
	n.Einsum.Each(i, func(j, k int) {
		if !a.zero(j) && !b.zero(k) {
			f(0, j, 0)
			f(1, k, 0)
		}
	})
	return 0
}

func spec(n *Node) string { return n.Einsum.Spec }
