package coq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// index is an index along one axis of an operand, as an expression in the coordinates of the result. With op "IV" it is
// coordinate number c, with "IC" the number c. Else it is a sum of two, the lesser of two or a difference that is at
// least 0, or one times, over or modulo c.
type index struct {
	op   string // of the library: IV, IC, IAdd, IMul, IDiv, IMod, IMin, ISub
	c    int
	a, b *index
}

func coordinate(k int) *index              { return &index{op: "IV", c: k} }
func fixed(c int) *index                   { return &index{op: "IC", c: c} }
func plus(a, b *index) *index              { return &index{op: "IAdd", a: a, b: b} }
func by(op string, a *index, c int) *index { return &index{op: op, c: c, a: a} }

func (e *index) String() string {
	switch e.op {
	case "IV", "IC":
		return fmt.Sprintf("%s %d", e.op, e.c)
	case "IAdd", "IMin", "ISub":
		return fmt.Sprintf("%s (%v) (%v)", e.op, e.a, e.b)
	case "IMul":
		return fmt.Sprintf("IMul %d (%v)", e.c, e.a)
	}
	return fmt.Sprintf("%s (%v) %d", e.op, e.a, e.c)
}

// at evaluates e.
func (e *index) at(coordinates []int) int {
	switch e.op {
	case "IV":
		return coordinates[e.c]
	case "IC":
		return e.c
	case "IAdd":
		return e.a.at(coordinates) + e.b.at(coordinates)
	case "IMin":
		return min(e.a.at(coordinates), e.b.at(coordinates))
	case "ISub":
		return max(e.a.at(coordinates)-e.b.at(coordinates), 0)
	case "IMul":
		return e.c * e.a.at(coordinates)
	case "IDiv":
		return e.a.at(coordinates) / e.c
	}
	return e.a.at(coordinates) % e.c
}

// in is e with expressions in place of its coordinates.
func (e *index) in(list []*index) *index {
	switch {
	case e == nil:
		return nil
	case e.op == "IV":
		return list[e.c]
	}
	return &index{op: e.op, c: e.c, a: e.a.in(list), b: e.b.in(list)}
}

// uses reports whether e depends on coordinate k.
func (e *index) uses(k int) bool {
	switch {
	case e == nil:
		return false
	case e.op == "IV":
		return e.c == k
	}
	return e.a.uses(k) || e.b.uses(k)
}

// coordinates returns expressions for coordinates, by number.
func coordinates(numbers ...int) []*index {
	var list []*index
	for _, k := range numbers {
		list = append(list, coordinate(k))
	}
	return list
}

// sequence returns 0 to k−1.
func sequence(k int) []int {
	list := make([]int, k)
	for i := range list {
		list[i] = i
	}
	return list
}

func indexText(list []*index) string {
	var parts []string
	for _, e := range list {
		parts = append(parts, e.String())
	}
	return "[" + strings.Join(parts, "; ") + "]"
}

// arranged returns for each axis of the operand of a Gather how its index follows from the coordinates of the
// result. The layout says from which coordinates. The same operation at some sizes says how, and all their elements are
// compared. An axis of open length may be read from its end. Then its index is one more coordinate, and back says how
// far the end is: 1 for the last element.
func arranged(n *program.Node, members []*program.Node) (list []*index, back *index, err error) {
	if n.Layout == nil {
		return nil, nil, fmt.Errorf("it is not said how it arranges elements under every n")
	}
	from := n.Arg(0).Shape
	for axis := 0; axis < len(from); {
		axes := n.Layout[axis].Axes
		end := axis + 1 // of the axes that are one axis, or several, of the result cut anew
		for end < len(from) && n.Layout[axis].Moved && len(axes) > 0 && slices.Equal(n.Layout[end].Axes, axes) {
			end++
		}
		flat := []*index{fixed(firstAt(members[0], axis))}
		if len(axes) > 0 {
			flat[0] = coordinate(axes[0])
			for _, a := range axes[1:] {
				flat[0] = plus(by("IMul", flat[0], n.Shape[a].OrOne()), coordinate(a))
			}
			flat = split(flat[0], from[axis:end])
		}
		for k, e := range flat {
			e, before := chosenIndex(n, members, axis+k, axes, e)
			switch {
			case e == nil, before != nil && back != nil:
				return nil, nil, fmt.Errorf("%q arranges elements in a way that is not written as an index", n.Note)
			case before != nil:
				back = before
			}
			list = append(list, e)
		}
		axis = end
	}
	return list, back, nil
}

// chosenIndex is the first expression that is right in all members, of the index along an axis of the operand.
func chosenIndex(n *program.Node, members []*program.Node, axis int, axes []int, first *index) (e, back *index) {
	list := []*index{first}
	d := n.Arg(0).Shape[axis]
	if len(axes) == 1 {
		list = append(list, plus(coordinate(axes[0]), fixed(firstAt(members[0], axis))))
		if to := n.Shape[axes[0]]; !d.Open() && !to.Open() {
			list = append(list, by("IDiv", coordinate(axes[0]), max(1, to.Size()/d.Size())))
		}
	}
	if len(axes) == 2 { // some places before
		list = append(list, &index{op: "ISub", a: coordinate(axes[0]), b: coordinate(axes[1])})
	}
	for _, e := range list {
		if follows(members, axis, func(_ int, to []int) int { return e.at(to) }) {
			return e, nil
		}
	}
	if !d.Open() {
		return nil, nil
	}
	last := fixed(members[0].Arg(0).Shape[axis].Size() - firstAt(members[0], axis))
	list = []*index{last}
	if len(axes) == 1 {
		list = append(list, &index{op: "ISub", a: last, b: coordinate(axes[0])})
	}
	for _, back := range list {
		if follows(members, axis, func(size int, to []int) int { return size - back.at(to) }) {
			return coordinate(len(n.Shape)), back
		}
	}
	return nil, nil
}

// split cuts a row-major index along several axes.
func split(flat *index, axes program.Shape) []*index {
	var list []*index
	for k, d := range axes {
		e := flat
		if inner := axes[k+1:].Len(); inner > 1 {
			e = by("IDiv", e, inner)
		}
		if k > 0 {
			e = by("IMod", e, d.Size())
		}
		list = append(list, e)
	}
	return list
}

// firstAt is the index of the first element along an axis of the operand.
func firstAt(n *program.Node, axis int) int { return along(n.Arg(0).Shape, int(n.Index[0]))[axis] }

// follows reports whether the index along an axis of each element of a Gather is what a function of the length of the
// axis and the coordinates says.
func follows(members []*program.Node, axis int, index func(size int, to []int) int) bool {
	for _, m := range members {
		from := m.Arg(0).Shape
		for i, j := range m.Index {
			if index(from[axis].Size(), along(m.Shape, i)) != along(from, int(j))[axis] {
				return false
			}
		}
	}
	return true
}

// along returns the coordinates of an element, counted in row-major order.
func along(shape program.Shape, i int) []int {
	at := make([]int, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		at[k] = i % shape[k].Size()
		i /= shape[k].Size()
	}
	return at
}
