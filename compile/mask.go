package compile

import "slices"

// Mask returns x where keep is true, and the constant elsewhere. It has one entry
// for each element of x.
func (p *Program) Mask(x Value, keep []bool, elsewhere int64) Value {
	n := p.node(x)
	if n.shape.open() || len(keep) != n.shape.Len() {
		p.Failf(OpMask, "%d entries for shape %v", len(keep), n.shape)
		return x
	}
	r := n.bounds
	if slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(node{op: OpMask, args: []int{x.id}, shape: n.shape, bounds: r, keep: keep, offset: elsewhere})
}

// CausalMask is Mask with a mask over two axes of positions: it keeps the elements whose
// second position is not after the first. If the axes have different lengths, their
// last positions are the same one.
func (p *Program) CausalMask(x Value, first, second int, elsewhere int64) Value {
	n := p.node(x)
	r := n.bounds
	keep := causalMask(n.shape, first, second)
	if keep == nil || slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(node{op: OpMask, args: []int{x.id}, shape: n.shape, bounds: r, keep: keep, offset: elsewhere, causal: &causal{first, second}})
}

// causal names the two axes of positions of a causal mask.
type causal struct{ first, second int }

// causalMask returns the mask for a shape; nil if a size is open.
func causalMask(shape Shape, first, second int) []bool {
	if shape.open() {
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
	if n := p.node(v); n.op == OpMask {
		return Value{p, n.args[0]}
	}
	return v
}
