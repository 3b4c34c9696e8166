package program

// Gather returns the tensor of the given shape whose element i is element from(i)
// of x, counted in row-major order. Slices, transposes, reshapes and broadcasts
// are all of this form; the usual ones have methods of their own, of which more is
// known when a program is read for every size. The note says which, for listings.
func (p *Program) Gather(x Value, shape Shape, note string, from func(i int) int) Value {
	return p.gather(x, shape, note, nil, from)
}

// gather is Gather with what is known of the arrangement; nil if nothing is.
func (p *Program) gather(x Value, shape Shape, note string, layout []AxisSource, from func(i int) int) Value {
	n := Node{Op: OpGather, Shape: shape, Layout: layout, Note: note}
	if size := p.node(x).Shape; !shape.Open() && !size.Open() {
		n.Index = make([]int32, shape.Len())
		for i := range n.Index {
			j := from(i)
			if j < 0 || j >= size.Len() {
				p.Failf(OpGather, "%s: element %d of %d", note, j, size.Len())
				return x
			}
			n.Index[i] = int32(j)
		}
	}
	return p.push(n, x)
}

func deriveGather(_ *checked, n *Node) {
	x := n.Arg(0)
	n.Bounds, n.OneHot = x.Bounds, x.OneHot && n.keepsRows(x.Shape)
}

// keepsRows reports whether a Gather moves whole rows of the last axis, so that a
// one-hot axis stays one.
func (n *Node) keepsRows(from Shape) bool {
	if n.Index == nil { // a size is open
		return n.Layout != nil && keepsLast(n.Layout, from, n.Shape)
	}
	m := n.Shape.Last()
	if len(n.Shape) == 0 || m != from.Last() {
		return false
	}
	for i, j := range n.Index {
		if int(j)%m != i%m || i%m > 0 && n.Index[i-1] != j-1 {
			return false
		}
	}
	return true
}

func runGather(n *Node, v, x, _ []int64) {
	for i, j := range n.Index {
		v[i] = x[j]
	}
}

func termsOfGather(n *Node, i int, f TermFunc) int64 {
	f(0, int(n.Index[i]), 1)
	return 0
}

func detailGather(n *Node) string { return n.Note }

// keepsLast reports whether the last axis of the argument is that of the result, so
// that a one-hot axis stays one.
func keepsLast(layout []AxisSource, from, to Shape) bool {
	if len(from) == 0 || len(to) == 0 {
		return false
	}
	l := layout[len(from)-1]
	return l.Exact && len(l.Axes) == 1 && l.Axes[0] == len(to)-1 && from[len(from)-1].size == to[len(to)-1].size
}
