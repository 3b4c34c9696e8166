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
// compared.
func arranged(n *program.Node, members []*program.Node) ([]*index, error) {
	if n.Layout == nil {
		return nil, fmt.Errorf("it is not said how it arranges elements under every n")
	}
	from := n.Arg(0).Shape
	var list []*index
	for axis := 0; axis < len(from); {
		axes := n.Layout[axis].Axes
		end := axis + 1 // of the axes that are one axis, or several, of the result cut anew
		for end < len(from) && n.Layout[axis].Moved && len(axes) > 0 && slices.Equal(n.Layout[end].Axes, axes) {
			end++
		}
		switch {
		case len(axes) == 0:
			list = append(list, fixed(firstAt(members[0], axis)))
		case end == axis+1 && len(axes) == 1:
			list = append(list, shifted(members, axis, axes[0]))
		case end == axis+1 && len(axes) == 2 && n.Shape[axes[0]].Open(): // some places before
			list = append(list, &index{op: "ISub", a: coordinate(axes[0]), b: coordinate(axes[1])})
		default:
			flat := coordinate(axes[0])
			for _, a := range axes[1:] {
				flat = plus(by("IMul", flat, n.Shape[a].Size()), coordinate(a))
			}
			list = append(list, split(flat, from[axis:end])...)
		}
		axis = end
	}
	for _, m := range members {
		if !follows(m, list) {
			return nil, fmt.Errorf("%q arranges elements in a way that is not written as an index", n.Note)
		}
	}
	return list, nil
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

// shifted is a coordinate, or one and a number.
func shifted(members []*program.Node, axis, coordinateOf int) *index {
	if c := firstAt(members[0], axis); c > 0 {
		return plus(coordinate(coordinateOf), fixed(c))
	}
	return coordinate(coordinateOf)
}

// follows reports whether each element of a Gather is the one that the expressions say.
func follows(n *program.Node, list []*index) bool {
	from := n.Arg(0).Shape
	for i, j := range n.Index {
		at, to := along(from, int(j)), along(n.Shape, i)
		for axis, e := range list {
			if e.at(to) != at[axis] {
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
