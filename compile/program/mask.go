package program

import "slices"

// Mask returns x where keep is true, and the constant elsewhere. It has one entry
// for each element of x.
func (p *Program) Mask(x Value, keep []bool, elsewhere int64) Value {
	n := p.node(x)
	if n.Shape.Open() || len(keep) != n.Shape.Len() {
		p.Failf(OpMask, "%d entries for shape %v", len(keep), n.Shape)
		return x
	}
	r := n.Bounds
	if slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(Node{Op: OpMask, Args: []int{x.id}, Shape: n.Shape, Bounds: r, Keep: keep, Offset: elsewhere})
}

// CausalMask is Mask with a mask over two axes of positions: it keeps the elements whose
// second position is not after the first. If the axes have different lengths, their
// last positions are the same one.
func (p *Program) CausalMask(x Value, first, second int, elsewhere int64) Value {
	n := p.node(x)
	r := n.Bounds
	keep := causalMask(n.Shape, first, second)
	if keep == nil || slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(Node{Op: OpMask, Args: []int{x.id}, Shape: n.Shape, Bounds: r, Keep: keep, Offset: elsewhere, Causal: &CausalAxes{first, second}})
}

// causal names the two axes of positions of a causal mask.
type CausalAxes struct{ First, Second int }

// causalMask returns the mask for a shape; nil if a size is open.
func causalMask(shape Shape, first, second int) []bool {
	if shape.Open() {
		return nil
	}
	strides := shape.strides()
	keep := make([]bool, shape.Len())
	for i := range keep {
		t, s := i/strides[first]%shape[first].Size(), i/strides[second]%shape[second].Size()
		keep[i] = s <= t+shape[second].Size()-shape[first].Size()
	}
	return keep
}

// Unmasked returns the value under a mask, or the value itself.
func (p *Program) Unmasked(v Value) Value {
	if n := p.node(v); n.Op == OpMask {
		return Value{p, n.Args[0]}
	}
	return v
}
