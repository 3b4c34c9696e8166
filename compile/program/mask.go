package program

import (
	"fmt"

	"github.com/tc0lab/tc0/internal/room"
)

import "slices"

// Mask returns x where keep is true, and the constant elsewhere. It has one entry
// for each element of x.
func (p *Program) Mask(x Value, keep []bool, elsewhere int64) Value {
	n := p.node(x)
	if n.Shape.Open() || len(keep) != n.Shape.Len() {
		p.Failf(OpMask, "%d entries for shape %v", len(keep), n.Shape)
		return x
	}
	return p.push(Node{Op: OpMask, Shape: n.Shape, Keep: keep, Offset: elsewhere}, x)
}

// CausalMask is Mask with a mask over two axes of positions. It keeps an element if its second
// position is not after its first. If the axes have different lengths, their last positions are
// the same position.
func (p *Program) CausalMask(x Value, first, second int, elsewhere int64) Value {
	return p.causal(x, CausalAxes{First: first, Second: second}, elsewhere)
}

// FromStart returns x where a lag does not go back beyond the first position, and 0 elsewhere.
//
// Shapes: x and result [n, lag, ...].
func (p *Program) FromStart(x Value) Value { return p.causal(x, CausalAxes{Second: 1, Start: true}, 0) }

func (p *Program) causal(x Value, axes CausalAxes, elsewhere int64) Value {
	shape := p.node(x).Shape
	if !axes.in(shape) {
		p.Failf(OpMask, "a mask of axes %d and %d of shape %v", axes.First, axes.Second, shape)
		return x
	}
	return p.push(Node{Op: OpMask, Shape: shape, Keep: axes.mask(shape), Offset: elsewhere, Causal: &axes}, x)
}

func deriveMask(n *Node) span {
	r := n.Arg(0).span()
	if n.Keep == nil || slices.Contains(n.Keep, false) {
		r = r.join(point(n.Offset))
	}
	return r
}

func termsOfMask(n *Node, i int, f TermFunc) int64 {
	if !n.Keep[i] {
		return n.Offset
	}
	f(0, i, 1)
	return 0
}

// CausalAxes names the two axes of positions of a causal mask, by number.
type CausalAxes struct {
	First, Second int
	Start         bool // their first positions are the same one, and not their last
}

// in reports whether they are two axes of a shape.
func (c *CausalAxes) in(shape Shape) bool {
	return min(c.First, c.Second) >= 0 && max(c.First, c.Second) < len(shape) && c.First != c.Second
}

// mask returns the mask for a shape; nil if a size is open.
func (c *CausalAxes) mask(shape Shape) []bool {
	if shape.Open() || shape.elements() > MostElements { // the operation is refused
		return nil
	}
	room.Must(fmt.Sprintf("compile: a mask of shape %v", shape), int64(shape.Len()))
	strides := shape.strides()
	first, second := shape[c.First].Size(), shape[c.Second].Size()
	later := second - first
	if c.Start {
		later = 0
	}
	keep := make([]bool, shape.Len())
	for i := range keep {
		keep[i] = i/strides[c.Second]%second <= i/strides[c.First]%first+later
	}
	return keep
}

// full reports whether each first position of an open shape has a second one that is not after it, for every n.
func (c *CausalAxes) full(shape Shape) bool {
	first, second := shape[c.First], shape[c.Second]
	return first.Open() && second.Open() && first.Factor() <= second.Factor()
}

// Unmasked returns the value under a mask, or the value itself.
func (p *Program) Unmasked(v Value) Value {
	if n := p.node(v); n.Op == OpMask {
		return Value{p, n.Args[0]}
	}
	return v
}
