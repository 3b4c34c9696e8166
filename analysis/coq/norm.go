package coq

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// This file writes roots, and the squares and signs that they read. Where x is a staircase of u, so are its square and
// its sign. They are no deeper than x then.

// aside is a value that operations need in addition to those of the program: the square of a value, [x ≥ 0] or
// [x ≤ 0].
type aside struct {
	of   int
	what string
}

const (
	square      = "square"
	notNegative = "not negative"
	notPositive = "not positive"
)

// root writes ⌊(x/√y + offset)/unit⌋, clipped: for each level a sum that is at least 0 where it is reached.
func (t *translator) root(n *program.Node, x, y int) error {
	r, levels := len(n.Shape), int(n.Asked.Hi-n.Asked.Lo)
	bound, steepest, ok := rootBound(n)
	if !ok {
		return fmt.Errorf("its operands have no bound for every n")
	}
	squared, ok := t.aside(n.Args[0], square)
	if !ok {
		all := coordinates(sequence(r)...)
		squared = t.put(n, operation{
			kind: contract, shape: n.Shape, left: all, right: all, args: []int{x, x},
			text: fmt.Sprintf("OCon %s [] %s %s %d %d", shapeText(n.Shape), indexText(all), indexText(all), x, x),
		})
	}
	sign, ok := t.aside(n.Args[0], notNegative)
	if !ok {
		sign = t.put(n, operation{
			kind: step, shape: n.Shape, args: []int{x}, literals: 1, sizes: jump(0), text: fmt.Sprintf("step 0 [(0, 1)] %d", x),
		})
	}
	each := levelled(n, levels)
	tau := fmt.Sprintf("(tau %d %s %s %d)", n.Unit, intText(n.Asked.Lo), intsText(n.Data), r-1)
	read := func(text string, axes, of int, sizes coefficients) int {
		return t.put(n, operation{
			kind: sum, shape: each, left: coordinates(sequence(axes)...), args: []int{of}, sizes: sizes,
			text: fmt.Sprintf("%s %d", text, of),
		})
	}
	a := read(fmt.Sprintf("root_square %s %s", shapeText(each), tau), r, squared, unit)
	fits := len(n.Arg(1).Shape)
	b := read(fmt.Sprintf("root_radicand %s %s %s", shapeText(each), tau, indexText(coordinates(sequence(fits)...))), fits, y,
		coefficients{weight: sizeOfInt(steepest), constant: number(0)})
	c := read(fmt.Sprintf("root_sign %s %s %v", shapeText(each), tau, bound), r, sign,
		coefficients{weight: sizeOfInt(bound), constant: sizeOfInt(bound)})
	for _, v := range []int{b, c} {
		a = t.put(n, operation{kind: add, shape: each, args: []int{a, v}, text: fmt.Sprintf("OAdd %d %d", a, v)})
	}
	a = t.put(n, operation{
		kind: step, shape: each, args: []int{a}, literals: 1, sizes: jump(0), text: fmt.Sprintf("step 0 [(0, 1)] %d", a),
	})
	if t.binary(n) {
		t.number[n.ID] = t.bits(n, a, n.Asked.Lo, levels)
		return nil
	}
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: each[r:], left: coordinates(sequence(r + 1)...), args: []int{a},
		sizes: atMost([]int64{1}, []int64{n.Asked.Lo}),
		text:  fmt.Sprintf("levels_from %s %s %d %d", intText(n.Asked.Lo), shapeText(n.Shape), levels, a),
	})
	return nil
}

// sizeOfInt is a number that is not negative, as a polynomial.
func sizeOfInt(v circuit.Int) count { return count{v.Big()} }

// rootBound is a number above x² and above τ²·y, and the greatest τ². The number does not rely on values of staircases
// that are never reached, since theorems about norms know nothing of them.
func rootBound(n *program.Node) (bound, steepest circuit.Int, ok bool) {
	lo, hi, ok := extent(n.Arg(0))
	_, most, bounded := n.Arg(1).Ends()
	if !ok || !bounded {
		return bound, steepest, false
	}
	bound = larger(lo.Mul(lo), hi.Mul(hi))
	for _, offset := range append([]int64{0}, n.Data...) {
		for _, level := range []int64{n.Asked.Lo + 1, n.Asked.Hi} {
			tau := circuit.NewInt(n.Unit).Mul(circuit.NewInt(level)).Sub(circuit.NewInt(offset))
			steepest = larger(steepest, tau.Mul(tau))
			bound = larger(bound, tau.Mul(tau).Mul(most))
		}
	}
	return bound.Add(circuit.NewInt(1)), steepest, true
}

// extent bounds a value by the jumps of the staircase that it is, or that it is a part, a linear map or a multiple of;
// other values by their ranges.
func extent(n *program.Node) (lo, hi circuit.Int, ok bool) {
	var of *program.Node
	var rows [][]int64
	switch {
	case n.Op == program.OpStep && len(n.Steps.At) > 0:
		lo = circuit.NewInt(n.Steps.Base)
		hi = lo
		for _, j := range n.Steps.Jump {
			lo, hi = lo.Add(circuit.NewInt(min(0, j))), hi.Add(circuit.NewInt(max(0, j)))
		}
		return lo, hi, true
	case n.Op == program.OpLinear && n.Matrix != nil && n.Bias == nil:
		of = n.Arg(0)
		for i := range n.Matrix.Rows {
			rows = append(rows, n.Matrix.Row(i))
		}
	case n.Op == program.OpContract && len(n.Einsum.Summed) == 0 && n.Arg(1).Op == program.OpConst &&
		n.Arg(1).Data != nil:
		of = n.Arg(0)
		for i := range n.Arg(1).Data {
			rows = append(rows, n.Arg(1).Data[i:i+1])
		}
	case n.Op == program.OpGather: // some of the elements
		return extent(n.Arg(0))
	default:
		return n.Ends()
	}
	least, most, ok := extent(of)
	for _, row := range rows {
		var low, high circuit.Int
		for _, w := range row {
			a, b := circuit.NewInt(w).Mul(least), circuit.NewInt(w).Mul(most)
			low, high = low.Add(a.Min(b)), high.Add(a.Max(b))
		}
		lo, hi = lo.Min(low), hi.Max(high)
	}
	return lo, hi, ok
}

func larger(a, b circuit.Int) circuit.Int {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// squares is the square of the operand of a Contract with itself, element by element, if that is a staircase.
func (t *translator) squares(n *program.Node) (int, bool) {
	if n.Args[0] != n.Args[1] || !n.Einsum.Diagonal() {
		return 0, false
	}
	return t.aside(n.Args[0], square)
}

// aside is the square or a sign of a value that is a staircase, perhaps one that is scaled or rearranged.
func (t *translator) aside(id int, what string) (v int, ok bool) {
	if v, ok := t.made[aside{id, what}]; ok {
		return v, true
	}
	n := &t.open.Nodes()[id]
	switch n.Op {
	case program.OpStep:
		v, ok = t.staircase(n, what)
	case program.OpGather:
		if v, ok = t.aside(n.Args[0], what); ok {
			var err error
			v, err = t.arrange(n, v)
			ok = err == nil
		}
	case program.OpAffine:
		if n.Func || n.Offset != 0 || n.Scale == 0 {
			return 0, false
		}
		v, ok = t.scaled(n, []int64{n.Scale}, nil, nil, 0, what)
	case program.OpContract:
		c, other, side := n.Arg(1), 0, n.Einsum.Right
		if n.Arg(0).Op == program.OpConst {
			c, other, side = n.Arg(0), 1, n.Einsum.Left
		}
		of := n.Einsum.Left + n.Einsum.Right
		if c.Op != program.OpConst || c.Data == nil || c.Shape.Open() || len(n.Einsum.Summed) > 0 ||
			of[:len(of)-len(side)] != n.Einsum.Result && other == 0 || of[len(side):] != n.Einsum.Result && other == 1 {
			return 0, false
		}
		var at []*index
		for _, l := range side {
			at = append(at, coordinate(slices.Index([]rune(n.Einsum.Result), l)))
		}
		v, ok = t.scaled(n, c.Data, c.Shape, at, other, what)
	}
	if ok {
		t.made[aside{id, what}] = v
	}
	return v, ok
}

// staircase writes the square of a Step, or its sign if it does not fall.
func (t *translator) staircase(n *program.Node, what string) (int, bool) {
	if _, made := t.numbers.of(n.ID); made || n.Even || !t.fixed(n) || t.plan.Facts[n.ID].Code != lower.Thermometer {
		return 0, false
	}
	f, g := n.Steps, program.Staircase{}
	value := func(y int64) int64 { return y * y }
	if what != square {
		value = func(y int64) int64 {
			if what == notNegative && y >= 0 || what == notPositive && y <= 0 {
				return 1
			}
			return 0
		}
	}
	y := f.Base
	g.Base = value(y)
	for k, at := range f.At {
		before := value(y)
		y += f.Jump[k]
		if by := value(y) - before; by != 0 {
			g.At, g.Jump = append(g.At, at), append(g.Jump, by)
		}
	}
	x := t.number[n.Args[0]]
	return t.put(n, operation{
		kind: step, shape: n.Shape, args: []int{x}, literals: len(g.At), sizes: stairs(g),
		text: fmt.Sprintf("step %s %s %d", intText(g.Base), jumpsText(g, "%s"), x),
	}), true
}

// each are the values of a function.
func each(list []int64, f func(k int64) int64) []int64 {
	values := make([]int64, len(list))
	for i, k := range list {
		values[i] = f(k)
	}
	return values
}

// scaled writes the square or the sign of an operand times constants: those of a shape that expressions name, or one.
func (t *translator) scaled(
	n *program.Node, by []int64, shape program.Shape, at []*index, operand int, what string,
) (int, bool) {
	all := coordinates(sequence(len(n.Shape))...)
	sum := func(of int, weight, constant func(k int64) int64) int {
		text := func(f func(k int64) int64) string {
			list := each(by, f)
			if len(slices.Compact(slices.Clone(list))) == 1 {
				return "CK " + intText(list[0])
			}
			return entryText(shape, list, at)
		}
		return t.put(n, operation{
			kind: sum, shape: n.Shape, left: all, args: []int{of}, sizes: atMost(each(by, weight), each(by, constant)),
			text: fmt.Sprintf("OSum %s [] (%s) (%s) %s %d", shapeText(n.Shape), text(weight), text(constant),
				indexText(all), of),
		})
	}
	none := func(int64) int64 { return 0 }
	where := func(yes bool) int64 {
		if yes {
			return 1
		}
		return 0
	}
	if what == square {
		v, ok := t.aside(n.Args[operand], square)
		if !ok {
			return 0, false
		}
		return sum(v, func(k int64) int64 { return k * k }, none), true
	}
	same, other := what, notPositive
	if what == notPositive {
		other = notNegative
	}
	above := slices.ContainsFunc(by, func(k int64) bool { return k > 0 })
	below := slices.ContainsFunc(by, func(k int64) bool { return k < 0 })
	zero := func(k int64) int64 { return where(k == 0) }
	v, ok := 0, above || below
	if above && ok { // the sign of the operand, where the factor is positive
		if v, ok = t.aside(n.Args[operand], same); ok {
			v = sum(v, func(k int64) int64 { return where(k > 0) }, zero)
		}
		zero = none
	}
	if below && ok { // and the other one, where it is negative
		var w int
		if w, ok = t.aside(n.Args[operand], other); ok {
			w = sum(w, func(k int64) int64 { return where(k < 0) }, zero)
			if above {
				w = t.put(n, operation{
					kind: add, shape: n.Shape, args: []int{v, w}, text: fmt.Sprintf("OAdd %d %d", v, w),
				})
			}
			v = w
		}
	}
	return v, ok
}
