package program

import "fmt"

// Arrangements of elements. Each is a Gather, of which it is known how the axes of the
// argument depend on those of the result.

// source says which axes of the result of a Gather determine the index along one axis
// of its argument: none if the index is fixed.
type Source struct {
	Axes  []int
	Exact bool // no two settings of those axes give the same index
	Moved bool // the index is not just that along the one axis
}

// Reshape returns x, whose elements stay in row-major order, with another shape. Each
// axis of one shape must be one of the other, or a product of consecutive ones.
func (p *Program) Reshape(x Value, shape Shape, note string) Value {
	from := p.node(x).Shape
	layout, ok := reshaped(from, shape)
	if !ok {
		p.Failf(OpGather, "shape %v as %v", from, shape)
		return x
	}
	return p.gather(x, shape, note, layout, func(i int) int { return i })
}

// reshaped matches the axes of two shapes from the left.
func reshaped(from, to Shape) ([]Source, bool) {
	var layout []Source
	i, k := 0, 0
	for i < len(from) || k < len(to) {
		if i < len(from) && k < len(to) && from[i].Open() && to[k].Open() {
			layout = append(layout, Source{Axes: []int{k}, Exact: true})
			i, k = i+1, k+1
			continue
		}
		// Take axes until both sides have the same number of elements.
		a, b, left, right := 1, 1, i, k
		for ok := true; ok; {
			switch {
			case i < len(from) && !from[i].Open() && (i == left || a < b):
				a *= from[i].Size()
				i++
			case k < len(to) && !to[k].Open() && (k == right || b < a):
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
			// One axis is the product of those of the result. Of several, each is
			// determined by all of them, and together they are no more than those.
			layout = append(layout, Source{axes, i-left == 1, i-left != 1 || len(axes) != 1})
		}
	}
	return layout, true
}

// Transpose returns x with its axes in another order: axis k of the result is axis
// order[k] of x.
func (p *Program) Transpose(x Value, order ...int) Value {
	from := p.node(x).Shape
	layout := make([]Source, len(from))
	if len(order) != len(from) {
		p.Failf(OpGather, "an order of %d axes for shape %v", len(order), from)
		return x
	}
	var shape Shape
	for k, axis := range order {
		shape = append(shape, from[axis])
		layout[axis] = Source{Axes: []int{k}, Exact: true}
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
	var layout []Source
	for k := range from {
		layout = append(layout, Source{Axes: []int{k}, Exact: true})
	}
	shape := append(append(Shape{}, from...), axes...)
	return p.gather(x, shape, "broadcast", layout, func(i int) int { return i / Shape(axes).Len() })
}

// Pick returns the elements of x from the given one on along its last axis, as many as
// the dimension says, which is the new last axis.
func (p *Program) Pick(x Value, first int, to Dim, note string) Value {
	from := p.node(x).Shape
	if len(from) == 0 {
		p.Failf(OpGather, "pick from a scalar")
		return x
	}
	last := len(from) - 1
	var layout []Source
	for k := range from {
		layout = append(layout, Source{[]int{k}, true, k == last})
	}
	shape := append(append(Shape{}, from[:last]...), to)
	return p.gather(x, shape, note, layout, func(i int) int { return i/to.Size()*from[last].Size() + first + i%to.Size() })
}

// Column returns the elements of x at one index of its last axis, which goes away.
func (p *Program) Column(x Value, at int, note string) Value {
	from := p.node(x).Shape
	if len(from) == 0 {
		p.Failf(OpGather, "a column of a scalar")
		return x
	}
	last := len(from) - 1
	var layout []Source
	for k := range last {
		layout = append(layout, Source{Axes: []int{k}, Exact: true})
	}
	layout = append(layout, Source{Moved: true})
	return p.gather(x, from[:last], note, layout, func(i int) int { return i*from[last].Size() + at })
}

// Last returns the last elements of x along its first axis, as many as the dimension
// says. It is the way to read the end of a sequence whose length is open.
func (p *Program) Last(x Value, to Dim) Value {
	from := p.node(x).Shape
	if len(from) == 0 || !from[0].Open() && to.Size() > from[0].Size() {
		p.Failf(OpGather, "the last %v of shape %v", to, from)
		return x
	}
	layout := []Source{{[]int{0}, true, true}}
	for k := range from[1:] {
		layout = append(layout, Source{Axes: []int{k + 1}, Exact: true})
	}
	shape := append(Shape{to}, from[1:]...)
	return p.gather(x, shape, fmt.Sprintf("last %v", to), layout, func(i int) int {
		return (from[0].Size()-to.Size())*from[1:].Len() + i
	})
}

// keepsLast reports whether the last axis of the argument is that of the result, so
// that a one-hot axis stays one.
func keepsLast(layout []Source, from, to Shape) bool {
	if len(from) == 0 || len(to) == 0 {
		return false
	}
	l := layout[len(from)-1]
	return l.Exact && len(l.Axes) == 1 && l.Axes[0] == len(to)-1 && from[len(from)-1].size == to[len(to)-1].size
}

// Grouped repeats the heads of keys or values for the heads of queries that share
// them, under the name of the second axis. One head of each is left as it is.
func (p *Program) Grouped(x Value, heads Dim, note string) Value {
	s := x.Shape()
	e, group := s[2].Size(), heads.Size()/s[1].Size()
	layout := []Source{{Axes: []int{0}, Exact: true}, {[]int{1}, group == 1, group != 1}, {Axes: []int{2}, Exact: true}}
	return p.gather(x, Shape{s[0], heads, s[2]}, note, layout, func(i int) int {
		j, h := i/(heads.Size()*e), i/e%heads.Size()
		return (j*s[1].Size()+h/group)*e + i%e
	})
}
