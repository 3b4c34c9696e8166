package program

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/internal/room"
)

// This file has arrangements of elements. Each is a Gather. Its layout says how the axes of the
// argument depend on the axes of the result.

// AxisSource says which axes of the result of a Gather determine the index along one axis of its
// argument. It names no axes if the index is fixed.
type AxisSource struct {
	Axes  []int
	Exact bool // no two settings of those axes give the same index
	Moved bool // the index differs from the index along the one axis
}

// straight says that count axes of the argument are axes of the result, beginning with first.
func straight(first, count int) []AxisSource {
	layout := make([]AxisSource, count)
	for k := range layout {
		layout[k] = AxisSource{Axes: []int{first + k}, Exact: true}
	}
	return layout
}

// Gather returns a tensor of the given shape. Its element i is element from(i) of x, counted in
// row-major order. Slices, transposes, reshapes and broadcasts are all of this form. The usual
// ones have methods of their own, which say more when a program is read for every size. The note
// names the arrangement, for listings.
func (p *Program) Gather(x Value, shape Shape, note string, from func(i int) int) Value {
	return p.gather(x, shape, note, nil, from)
}

// gather is Gather with a layout; nil if nothing is known of the arrangement.
func (p *Program) gather(x Value, shape Shape, note string, layout []AxisSource, from func(i int) int) Value {
	n := Node{Op: OpGather, Shape: shape, Layout: layout, Note: note}
	if size := p.node(x).Shape; !shape.Open() && !size.Open() && shape.elements() <= MostElements {
		room.Must(fmt.Sprintf("compile: %s of shape %v", note, shape), room.Product(shape.Len(), 4))
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

func deriveGather(n *Node) span {
	x := n.Arg(0)
	n.OneHot = x.OneHot && n.keepsRows(x.Shape)
	return x.span()
}

// keepsRows reports whether a Gather moves whole rows of the last axis. Then a one-hot axis stays
// one-hot.
func (n *Node) keepsRows(from Shape) bool {
	if from.varies() || n.Shape.varies() { // for every n; the elements at one n do not tell
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

// keepsLast reports whether the last axis of the argument is the last axis of the result. Then a
// one-hot axis stays one-hot.
func keepsLast(layout []AxisSource, from, to Shape) bool {
	if len(from) == 0 || len(to) == 0 {
		return false
	}
	l, a, b := layout[len(from)-1], from[len(from)-1], to[len(to)-1]
	return l.Exact && len(l.Axes) == 1 && l.Axes[0] == len(to)-1 && a.size == b.size && a.varies() == b.varies()
}

// Reshape returns x with another shape. The elements stay in row-major order. Each axis of one
// shape must be an axis of the other, or a product of consecutive axes.
func (p *Program) Reshape(x Value, shape Shape, note string) Value {
	from := p.node(x).Shape
	layout, ok := reshaped(from, shape, Dim.varies)
	if !ok { // the sizes of a member may fit where those for every n do not
		layout, ok = reshaped(from, shape, Dim.Open)
	}
	if !ok {
		p.Failf(OpGather, "shape %v as %v", from, shape)
		return x
	}
	return p.gather(x, shape, note, layout, func(i int) int { return i })
}

// reshaped matches the axes of two shapes from the left. An open axis matches an open one.
func reshaped(from, to Shape, open func(Dim) bool) ([]AxisSource, bool) {
	var layout []AxisSource
	i, k := 0, 0
	for i < len(from) || k < len(to) {
		if i < len(from) && k < len(to) && open(from[i]) && open(to[k]) && from[i].size == to[k].size {
			layout = append(layout, straight(k, 1)...)
			i, k = i+1, k+1
			continue
		}
		// Take axes until both sides have the same number of elements.
		a, b, left, right := 1, 1, i, k
		for ok := true; ok; {
			switch {
			case i < len(from) && !open(from[i]) && (i == left || a < b):
				a *= from[i].Size()
				i++
			case k < len(to) && !open(to[k]) && (k == right || b < a):
				b *= to[k].Size()
				k++
			default:
				ok = false
			}
		}
		if a != b || i == left && k == right {
			return nil, false
		}
		var axes []int
		for axis := right; axis < k; axis++ {
			axes = append(axes, axis)
		}
		for range i - left {
			// A single axis is the product of the axes of the result. If there are several,
			// all axes of the result together determine each of them.
			layout = append(layout, AxisSource{axes, i-left == 1, i-left != 1 || len(axes) != 1})
		}
	}
	return layout, true
}

// Transpose returns x with its axes in another order: axis k of the result is axis
// order[k] of x.
func (p *Program) Transpose(x Value, order ...int) Value {
	from := p.node(x).Shape
	layout := make([]AxisSource, len(from))
	if len(order) != len(from) {
		p.Failf(OpGather, "an order of %d axes for shape %v", len(order), from)
		return x
	}
	var shape Shape
	for k, axis := range order {
		shape = append(shape, from[axis])
		layout[axis] = AxisSource{Axes: []int{k}, Exact: true}
	}
	return p.gather(x, shape, "transpose", layout, func(i int) int {
		strides, at := from.strides(), 0
		for k := len(order) - 1; k >= 0; k-- {
			at += i % shape[k].Size() * strides[order[k]]
			i /= shape[k].Size()
		}
		return at
	})
}

// Broadcast returns x repeated along new last axes.
func (p *Program) Broadcast(x Value, axes ...Dim) Value {
	from := p.node(x).Shape
	return p.gather(x, slices.Concat(from, axes), "broadcast", straight(0, len(from)), func(i int) int {
		return i / Shape(axes).Len()
	})
}

// Pick returns elements of x along its last axis, beginning with the given one. The dimension to
// is the new last axis, and says how many.
func (p *Program) Pick(x Value, first int, to Dim, note string) Value {
	from := p.node(x).Shape
	if len(from) == 0 {
		p.Failf(OpGather, "pick from a scalar")
		return x
	}
	last := from[len(from)-1]
	if to.Open() && (first > 0 || !last.Open() || to.Factor() > last.Factor()) {
		p.Failf(OpGather, "%v elements of %v from element %d on", to, last, first)
		return x
	}
	layout := straight(0, len(from))
	layout[len(from)-1].Moved = true
	v := p.gather(x, from.butLast().with(to), note, layout, func(i int) int {
		return i/to.Size()*from.Last() + first + i%to.Size()
	})
	return p.needs(v, from[len(from)-1], first+to.OrOne())
}

// Column returns the elements of x at one index of its last axis. The result lacks this axis.
func (p *Program) Column(x Value, at int, note string) Value {
	from := p.node(x).Shape
	if len(from) == 0 {
		p.Failf(OpGather, "a column of a scalar")
		return x
	}
	layout := append(straight(0, len(from)-1), AxisSource{Moved: true})
	v := p.gather(x, from.butLast(), note, layout, func(i int) int { return i*from.Last() + at })
	return p.needs(v, from[len(from)-1], at+1)
}

// Last returns the last elements of x along its first axis; the dimension says how many. It can
// read the end of a sequence of open length.
func (p *Program) Last(x Value, to Dim) Value {
	from := p.node(x).Shape
	if len(from) == 0 || !from[0].Open() && to.Size() > from[0].Size() {
		p.Failf(OpGather, "the last %v of shape %v", to, from)
		return x
	}
	layout := straight(0, len(from))
	layout[0].Moved = true
	v := p.gather(x, slices.Concat(Shape{to}, from[1:]), fmt.Sprintf("last %v", to), layout, func(i int) int {
		return (from[0].Size()-to.Size())*from[1:].Len() + i
	})
	return p.needs(v, from[0], to.OrOne())
}

// Grouped repeats the heads of keys or values for the heads of queries that share them. The second
// axis gets the name of heads.
func (p *Program) Grouped(x Value, heads Dim, note string) Value {
	s := x.Shape()
	if len(s) != 3 || s[1].Open() || s[2].Open() || heads.Open() || heads.Size()%s[1].Size() != 0 {
		p.Failf(OpGather, "%v of shape %v", heads, s)
		return x
	}
	e, group := s[2].Size(), heads.Size()/s[1].Size()
	layout := straight(0, 3)
	layout[1] = AxisSource{[]int{1}, group == 1, group != 1}
	return p.gather(x, Shape{s[0], heads, s[2]}, note, layout, func(i int) int {
		j, h := i/(heads.Size()*e), i/e%heads.Size()
		return (j*s[1].Size()+h/group)*e + i%e
	})
}

// Select returns x at one index of its first axis. The result lacks this axis.
func (p *Program) Select(x Value, at int) Value {
	shape := p.node(x).Shape
	if len(shape) == 0 {
		p.Failf(OpGather, "select from a scalar")
		return x
	}
	rest := shape[1:]
	layout := append([]AxisSource{{Moved: true}}, straight(0, len(rest))...)
	v := p.gather(x, rest, fmt.Sprintf("%s=%d", shape[0].Name, at), layout, func(i int) int {
		return at*rest.Len() + i
	})
	return p.needs(v, shape[0], at+1)
}

// needs notes that a Gather reads as many elements of a dimension.
func (p *Program) needs(v Value, d Dim, elements int) Value {
	if elements < 1 || !d.Open() && elements > d.Size() {
		p.Failf(OpGather, "element %d of dimension %v", elements-1, d)
	}
	if n := p.node(v); n.Op == OpGather && d.Open() {
		n.Least = (elements + d.Factor() - 1) / d.Factor()
	}
	return v
}

// Delayed returns x at several lags along its first axis. Element [t,lag,...] is x[t−lag,...]. Where there is no
// such position it is x[0,...], which [Program.FromStart] takes away.
//
// Shapes: x [n, ...]; result [n, lag, ...]. Depth 0.
func (p *Program) Delayed(x Value, lag Dim) Value {
	from := p.node(x).Shape
	if len(from) == 0 {
		p.Failf(OpGather, "delays of a scalar")
		return x
	}
	shape := slices.Insert(slices.Clone(from), 1, lag)
	layout := append([]AxisSource{{Axes: []int{0, 1}, Moved: true}}, straight(2, len(from)-1)...)
	return p.gather(x, shape, "delayed", layout, func(i int) int {
		inner := from[1:].Len()
		t, l := i/inner/lag.Size(), i/inner%lag.Size()
		return max(t-l, 0)*inner + i%inner
	})
}
