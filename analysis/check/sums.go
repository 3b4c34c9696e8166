package check

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// This file has the operations without gates. Their elements are sums of elements of the operands.

// sums is the rule for them.
func (d *deriver) sums(n *program.Node, x, y, v *value) {
	v.views, v.weight, v.offset = x.views, x.weight, x.offset
	v.kinds, v.constant = d.kinds(x.kinds, y.kinds), x.constant || y.constant
	switch n.Op {
	case program.OpConst:
		v.bitwise = true
	case program.OpAdd:
		v.bitwise = x.bitwise && y.bitwise && !n.Given
	case program.OpReduce, program.OpGather, program.OpLinear, program.OpAffine:
		v.bitwise = x.bitwise && !n.Func && !n.Given
	}
	last := len(n.Shape) - 1
	scale := func(by polynomial) { v.weight, v.offset = product(v.weight, by), product(v.offset, by) }
	arranged := func() { v.code, v.origin, v.arranged = x.code, x.origin, append(slices.Clip(x.arranged), d.now) }
	switch n.Op {
	case program.OpConst:
		v.constant, v.offset = true, greatestOf(n.Bounds.Lo, n.Bounds.Hi)
	case program.OpLinear:
		row, bias := d.linear(n)
		v.views = seen(x.views, summed(last, false))
		scale(row)
		v.offset = sum(v.offset, bias)
		v.constant = v.constant || n.Bias != nil || n.Func
		copy(v.alike, x.alike[:last])
	case program.OpAdd:
		before := len(n.Shape) - len(y.node.Shape)
		v.views = distinct(x.views, seen(y.views, func(axis int) place { return along(axis + before) }))
		v.weight, v.offset = sum(x.weight, y.weight), sum(x.offset, y.offset)
		for k := range v.alike {
			v.alike[k] = x.alike[k] && (k < before || y.alike[k-before])
		}
	case program.OpAffine:
		factor := size(n.Scale)
		if n.Func {
			factor = d.inN(d.formula(n.Most))
		}
		scale(factor)
		v.offset = sum(v.offset, size(n.Offset))
		v.constant = v.constant || n.Offset != 0
		v.code, v.origin, v.arranged, v.alike = x.code, x.origin, x.arranged, x.alike
	case program.OpReduce:
		v.views = seen(x.views, summed(n.Axis, true))
		scale(d.length(x.node.Shape[n.Axis]))
		v.alike = slices.Delete(slices.Clone(x.alike), n.Axis, n.Axis+1)
	case program.OpWindow: // element [t,s] sums elements s+1 to t of the first axis
		v.views = seen(x.views, func(axis int) place {
			if axis == 0 {
				return place{runs: true}
			}
			return along(axis + 1)
		})
		scale(d.length(n.Shape[0]))
	case program.OpGather:
		arranged()
		v.single, v.views = x.single, seen(x.views, d.gathered(n))
		for axis := range v.alike {
			v.alike[axis] = n.Layout != nil
			for k, source := range n.Layout {
				v.alike[axis] = v.alike[axis] && (x.alike[k] || !slices.Contains(source.Axes, axis))
			}
		}
	case program.OpMask:
		arranged()
		v.offset, v.constant = sum(v.offset, size(n.Offset)), v.constant || n.Offset != 0
	default:
		d.fail(n, "there is no rule for this operation")
	}
}

// summed is where the axes of an operand go if an element sums over one of them. That axis may be gone.
func summed(over int, gone bool) func(axis int) place {
	return func(axis int) place {
		switch {
		case axis == over:
			return place{runs: true}
		case gone && axis > over:
			return along(axis - 1)
		}
		return along(axis)
	}
}

// gathered is where the axes of the operand of a Gather go.
func (d *deriver) gathered(n *program.Node) func(axis int) place {
	now := d.now
	return func(axis int) place {
		p := place{via: fmt.Sprintf("%d:%d", now, axis)}
		if n.Layout == nil { // each element may be any element of the operand
			for k := range n.Shape {
				p.axes = append(p.axes, k)
			}
			return p
		}
		source := n.Layout[axis]
		p.axes, p.different = source.Axes, source.Exact
		if len(p.axes) == 1 && !source.Moved {
			p.via = ""
		}
		return p
	}
}

// linear bounds the absolute sum of a row of a Linear, and its bias.
func (d *deriver) linear(n *program.Node) (row, bias polynomial) {
	if n.Func {
		shape := n.Arg(0).Shape
		most := d.inN(d.formula(n.Most))
		return product(most, d.length(shape[len(shape)-1])), most
	}
	var rows [][]int64
	for i := range n.Matrix.Rows {
		rows = append(rows, n.Matrix.Row(i))
	}
	return greatestTotal(rows), greatestOf(n.Bias...)
}

// scaled is the rule for a Contract of an operand with letters, and a Const.
func (d *deriver) scaled(n *program.Node, x *value, letters string, constant *program.Node, v *value) {
	most := greatestTotal(n.Kernel)
	if n.Kernel == nil {
		most = product(greatestOf(constant.Bounds.Lo, constant.Bounds.Hi), d.terms(n))
	}
	v.views, v.kinds = seen(x.views, d.scaledPlace(n, letters)), x.kinds
	v.weight, v.offset = product(x.weight, most), product(x.offset, most)
	v.constant = x.constant || len(x.kinds) == 0
	v.code, v.origin = x.code && len(n.Einsum.Summed) == 0, x.origin
	v.arranged = append(slices.Clip(x.arranged), d.now)
}

// scaledPlace is where the axes of the operand go. A convolution sums over some positions before the one of
// the element, as many as its kernel has taps.
func (d *deriver) scaledPlace(n *program.Node, letters string) func(axis int) place {
	all, taps := letterPlace(n.Einsum.Result, letters), 1
	if n.Kernel == nil {
		return all
	}
	for _, k := range n.Kernel {
		taps = max(taps, len(k))
	}
	now := d.now
	return func(axis int) place {
		p := all(axis)
		if p.runs {
			p.few, p.via = taps, fmt.Sprint("taps ", now)
			for k, letter := range n.Einsum.Result {
				if !strings.ContainsRune(letters, letter) {
					p.axes = append(p.axes, k)
				}
			}
		}
		return p
	}
}

// terms returns how many products an element of a Contract sums.
func (d *deriver) terms(n *program.Node) polynomial {
	out := number(1)
	for _, l := range n.Einsum.Summed {
		out = product(out, d.length(l.Dim))
	}
	return out
}

// letterPlace is where the axes of an operand with letters go in a result with letters.
func letterPlace(result, letters string) func(axis int) place {
	return func(axis int) place {
		if at := strings.IndexByte(result, letters[axis]); at >= 0 {
			return along(at)
		}
		return place{runs: true}
	}
}

// size returns |v|.
func size(v int64) polynomial { return whole(new(big.Int).Abs(big.NewInt(v))) }

// greatestOf returns the greatest absolute number.
func greatestOf(numbers ...int64) polynomial {
	most := new(big.Int)
	for _, v := range numbers {
		if w := big.NewInt(v); w.CmpAbs(most) > 0 {
			most.Abs(w)
		}
	}
	return whole(most)
}

// total returns the sum of absolute numbers.
func total(numbers []int64) *big.Int {
	out := new(big.Int)
	for _, v := range numbers {
		out.Add(out, new(big.Int).Abs(big.NewInt(v)))
	}
	return out
}

// greatestTotal returns the greatest absolute sum of a list.
func greatestTotal(lists [][]int64) polynomial {
	most := new(big.Int)
	for _, list := range lists {
		if t := total(list); t.Cmp(most) > 0 {
			most = t
		}
	}
	return whole(most)
}
