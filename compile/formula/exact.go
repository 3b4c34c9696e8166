package formula

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// This file has the operations whose elements are sums of elements of the operands.

// exact is the content of such an operation.
func (r *reader) exact(n *program.Node, at int, x, y content) content {
	out := content{parts: x.parts, mass: x.mass, offset: x.offset}
	sum := func(to func(axis int) variable, factor poly.Poly) {
		out.parts = renamed(x.parts, to)
		out.mass, out.offset = x.mass.Times(factor), x.offset.Times(factor)
	}
	switch n.Op { // ranges that are given may be too narrow
	case program.OpConst:
		out.bits = true
	case program.OpAdd:
		out.bits = x.bits && y.bits && !n.Given
	case program.OpLinear, program.OpAffine, program.OpReduce, program.OpGather:
		out.bits = x.bits && !n.Func && !n.Given
	}
	switch n.Op {
	case program.OpConst:
		out.offset = greatest(n.Bounds)
	case program.OpLinear:
		last := len(n.Shape) - 1
		factor, bias := r.rows(n)
		sum(func(axis int) variable {
			if axis == last {
				return variable{free: true}
			}
			return along(axis)
		}, factor)
		out.offset = out.offset.Plus(bias)
	case program.OpAdd:
		out.parts = merged(x.parts, renamed(y.parts, shift(len(n.Shape)-len(n.Arg(1).Shape))))
		out.mass, out.offset = x.mass.Plus(y.mass), x.offset.Plus(y.offset)
	case program.OpAffine:
		k := poly.Big(absolute(n.Scale))
		if n.Func {
			k = r.inN(*n.Most)
		}
		out.mass, out.offset = x.mass.Times(k), x.offset.Times(k).Plus(poly.Big(absolute(n.Offset)))
	case program.OpReduce:
		sum(removed(n.Axis), r.lengthOf(n.Arg(0).Shape[n.Axis]))
	case program.OpGather:
		out.parts = renamed(x.parts, gathered(n, at))
	case program.OpMask:
		out.offset = x.offset.Plus(poly.Big(absolute(n.Offset)))
	case program.OpWindow:
		// Element [t,s] sums elements s+1 to t of the first axis.
		sum(func(axis int) variable {
			if axis == 0 {
				return variable{free: true}
			}
			return along(axis + 1)
		}, r.lengthOf(n.Shape[0]))
	}
	return out
}

// removed is the view of an element that has lost an axis, over which it sums.
func removed(axis int) func(int) variable {
	return func(k int) variable {
		switch {
		case k == axis:
			return variable{free: true}
		case k > axis:
			k--
		}
		return along(k)
	}
}

// gathered is the view of an element of a Gather. The number at tells this Gather from others.
func gathered(n *program.Node, at int) func(int) variable {
	all := make([]int, len(n.Shape))
	for k := range all {
		all[k] = k
	}
	return func(axis int) variable {
		v := variable{axes: all, moved: fmt.Sprintf("%d.%d", at, axis)}
		if n.Layout != nil { // else each element may be any element of the argument
			s := n.Layout[axis]
			v.axes, v.exact = s.Axes, s.Exact
			if !s.Moved && len(s.Axes) == 1 {
				v.moved = ""
			}
		}
		return v
	}
}

// rows bounds the absolute sum of a row of a Linear, and its bias, in n alone.
func (r *reader) rows(n *program.Node) (row, bias poly.Poly) {
	if n.Func {
		shape := n.Arg(0).Shape
		most := r.inN(*n.Most)
		return most.Times(r.lengthOf(shape[len(shape)-1])), most
	}
	var rows [][]int64
	for i := range n.Matrix.Rows {
		rows = append(rows, n.Matrix.Row(i))
	}
	return greatestTotal(rows), greatestOf(n.Bias)
}

// scaled is the content of a product with constants: a sum over the literals of the other operand.
func (r *reader) scaled(n *program.Node, x content, letters string, constant *program.Node) content {
	most, to := greatest(constant.Bounds), seen(n.Einsum.Result, letters)
	if n.Kernel != nil {
		most = greatestTotal(n.Kernel)
		taps := 1
		for _, k := range n.Kernel {
			taps = max(taps, len(k))
		}
		to = func(axis int) variable {
			v := seen(n.Einsum.Result, letters)(axis)
			if v.free { // the positions before the one of the element
				v.few, v.moved = taps, fmt.Sprintf("%d.taps", r.at)
				for k, letter := range n.Einsum.Result {
					if !strings.ContainsRune(letters, letter) {
						v.axes = append(v.axes, k)
					}
				}
			}
			return v
		}
	} else {
		for _, l := range n.Einsum.Summed {
			most = most.Times(r.lengthOf(l.Dim))
		}
	}
	return content{
		parts: renamed(x.parts, to), mass: x.mass.Times(most), offset: x.offset.Times(most),
	}
}

// dimOf returns the dimension of a letter of a contraction.
func dimOf(n *program.Node, letter rune) program.Dim {
	if i := strings.IndexRune(n.Einsum.Left, letter); i >= 0 {
		return n.Arg(0).Shape[i]
	}
	return n.Arg(1).Shape[strings.IndexRune(n.Einsum.Right, letter)]
}

// seen returns how an axis of an operand, named by a letter, is seen from the result.
func seen(result, operand string) func(axis int) variable {
	return func(axis int) variable {
		at := strings.IndexByte(result, operand[axis])
		if at < 0 {
			return variable{free: true}
		}
		return along(at)
	}
}
