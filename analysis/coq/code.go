package coq

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// This file writes binary codes of quantised values, as strategy balanced makes them: the marks [x ≥ t] of all levels
// stand along one more axis, and a bit is 1 where their sum with signs is.

// binary reports whether the value of an operation is in binary.
func (t *translator) binary(n *program.Node) bool { return t.plan.Facts[n.ID].Code == lower.Binary }

// levelled is the shape of an operation with an axis of levels.
func levelled(n *program.Node, levels int) program.Shape {
	return append(n.Shape[:len(n.Shape):len(n.Shape)], program.NewDim("", levels))
}

// coded writes a Step, a MaxStep or a Quotient in binary.
func (t *translator) coded(n *program.Node, x, y int) error {
	r := len(n.Shape)
	at, lo, levels := "", n.Steps.Base, len(n.Steps.At)
	_, made := t.numbers.of(n.ID)
	switch {
	case n.Op == program.OpQuotient:
		lo, levels = n.Asked.Lo, int(n.Asked.Hi-n.Asked.Lo)
	case !made && t.fixed(n) && n.Steps.Unit():
		at = fmt.Sprintf("ints %s %d", intsText(n.Steps.At), r)
	case !made && n.Even:
		unit, count, ok := t.unit(n)
		if !ok {
			return fmt.Errorf("it rounds to no unit")
		}
		at = fmt.Sprintf("rounded_at %s %s %d", unit, intText(n.Asked.Lo), r)
		lo, levels = n.Asked.Lo, count
	default:
		return fmt.Errorf("a binary code of a function that is another one for each n is not written yet")
	}
	each := levelled(n, levels)
	repeat := func(v int, axes int) int { return t.gather(n, each, coordinates(sequence(axes)...), v) }
	switch n.Op {
	case program.OpStep:
		x = repeat(x, r)
		x = t.put(n, operation{
			kind: step, shape: each, args: []int{x}, literals: 1, sizes: jump(n.Steps.At...),
			text: fmt.Sprintf("OStep 0 [(%s, 1)] %d", at, x),
		})
	case program.OpQuotient:
		x, fits := repeat(x, r), coordinates(sequence(len(n.Arg(1).Shape))...)
		y = t.put(n, operation{
			kind: sum, shape: each, left: fits, args: []int{y}, sizes: atMost([]int64{n.Asked.Lo + 1, n.Asked.Hi}, nil),
			text: fmt.Sprintf("less_levels %s %s %s %d", shapeText(each), intText(lo), indexText(fits), y),
		})
		x = t.put(n, operation{kind: add, shape: each, args: []int{x, y}, text: fmt.Sprintf("OAdd %d %d", x, y)})
		t.number[n.ID] = t.bits(n, t.put(n, operation{
			kind: step, shape: each, args: []int{x}, literals: 1, sizes: jump(0), text: fmt.Sprintf("step 0 [(0, 1)] %d", x),
		}), lo, levels)
		return nil
	default:
		return fmt.Errorf("a binary code of a maximum is not written yet")
	}
	t.number[n.ID] = t.bits(n, x, lo, levels)
	return nil
}

// bits writes the number of ones among the marks along the last axis of a value, and a least number: all bits but the
// top one are thresholds of their own, and the top bit is one of the marks.
func (t *translator) bits(n *program.Node, of int, lo int64, levels int) int {
	t.term.coded = true
	r, top := len(n.Shape), lower.Width(levels)-1
	each, all := levelled(n, top), sequence(r)
	axis := program.Shape{program.NewDim("", levels)}
	v := t.put(n, operation{
		kind: sum, shape: each, summed: axis, left: coordinates(append(all[:r:r], r+1)...), args: []int{of}, sizes: unit,
		text: fmt.Sprintf("bit_sums %s %d %d %d", shapeText(n.Shape), top, levels, of),
	})
	v = t.put(n, operation{
		kind: step, shape: each, args: []int{v}, literals: 1, sizes: jump(1), text: fmt.Sprintf("step 0 [(1, 1)] %d", v),
	})
	low := t.put(n, operation{
		kind: sum, shape: n.Shape, summed: each[r:], left: coordinates(sequence(r + 1)...), args: []int{v},
		sizes: atMost([]int64{1 << max(top-1, 0)}, []int64{lo}),
		text:  fmt.Sprintf("low_bits %s %s %d %d", intText(lo), shapeText(n.Shape), top, v),
	})
	high := t.put(n, operation{
		kind: sum, shape: n.Shape, left: append(coordinates(all...), fixed(1<<top-1)), args: []int{of},
		sizes: atMost([]int64{1 << top}, nil),
		text:  fmt.Sprintf("top_bit %s %d %d", shapeText(n.Shape), top, of),
	})
	return t.put(n, operation{kind: add, shape: n.Shape, args: []int{low, high}, text: fmt.Sprintf("OAdd %d %d", low, high)})
}
