package coq

import (
	"fmt"
	"math/big"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// This file writes the codes of quantised values that strategies make. For a binary code the marks [x ≥ t] of all
// levels stand along one more axis, and a bit is 1 where their sum with signs is. Digits are read one after another,
// each from what those before it left.

// binary reports whether the value of an operation is in binary.
func (t *translator) binary(n *program.Node) bool { return t.plan.Facts[n.ID].Code == lower.Binary }

// digits writes a Step digit by digit.
func (t *translator) digits(n *program.Node, x int) error {
	unit, shift, base := "", "", n.Steps.Base
	var width, first int64 // they are known if the unit is no parameter
	if n.Even {
		name, _, ok := t.unit(n)
		if !ok {
			return fmt.Errorf("it rounds to no unit")
		}
		unit, base = name, n.Asked.Lo
		shift = fmt.Sprintf("(%s / 2 - %s * %s)", unit, intText(base), unit)
	} else {
		width, _ = n.Steps.Uniform()
		first = width - n.Steps.At[0]
		unit, shift = intText(width), intText(first)
	}
	t.term.coded = true
	affine := func(factor, constant string, of int, sizes coefficients) int {
		return t.put(n, operation{
			kind: sum, shape: n.Shape, left: coordinates(sequence(len(n.Shape))...), args: []int{of}, sizes: sizes,
			text: fmt.Sprintf("affine %s %s %s %d", shapeText(n.Shape), factor, constant, of),
		})
	}
	plus := func(v, w int) int {
		return t.put(n, operation{kind: add, shape: n.Shape, args: []int{v, w}, text: fmt.Sprintf("OAdd %d %d", v, w)})
	}
	widths, left, rest, all := t.plan.Facts[n.ID].Widths, 0, affine("1", shift, x, atMost([]int64{1}, []int64{first})), 0
	for _, w := range widths {
		left += w
	}
	for k, w := range widths {
		left -= w
		least := int64(0)
		if k == len(widths)-1 {
			least = base
		}
		made := t.put(n, operation{
			kind: step, shape: n.Shape, args: []int{rest}, literals: 1<<w - 1, sizes: digit(width, least, left, w),
			text: fmt.Sprintf("OStep %s (digit %s %d %d) %d", intText(least), unit, left, w, rest),
		})
		if k == 0 {
			all = made
		} else {
			all = plus(all, made)
		}
		if k < len(widths)-1 {
			rest = plus(rest, affine("(- "+unit+")", "0", made, atMost([]int64{width}, nil)))
		}
	}
	t.number[n.ID] = all
	return nil
}

// digit bounds the staircase of a digit of some bits before some lower ones.
func digit(unit, least int64, left, bits int) coefficients {
	high := new(big.Int).Lsh(big.NewInt(1<<bits-1), uint(left))
	most := new(big.Int).Mul(big.NewInt(unit), high)
	return coefficients{constant: count{most}, least: largest(least), heights: count{high}}
}

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
	case !made && n.Op == program.OpStep:
		return t.anyBits(n, x)
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

// anyBits writes a Step in binary whose jumps are parameters. With more and more marks a bit changes from 0 to 1 and
// back. At which marks it does are parameters, too.
func (t *translator) anyBits(n *program.Node, x int) error {
	count, err := t.slots(n)
	if err != nil {
		return err
	}
	t.term.coded = true
	r, lo, width := len(n.Shape), n.Asked.Lo, lower.Width(int(n.Asked.Hi-n.Asked.Lo))
	at := t.parameter(n, "T", array, "the thresholds", func(m *program.Node) (string, error) {
		return arrayText([]int{count}, m.Steps.At), nil
	})
	changes := t.parameter(n, "D", array, "the changes of bits", func(m *program.Node) (string, error) {
		list, _ := bitsOf(m, lo, width, count)
		return arrayText([]int{width, count}, list), nil
	})
	first := t.parameter(n, "d", array, "the bits of the least value", func(m *program.Node) (string, error) {
		_, least := bitsOf(m, lo, width, count)
		return arrayText([]int{width}, least), nil
	})
	marks, each := levelled(n, count), levelled(n, width)
	x = t.gather(n, marks, coordinates(sequence(r)...), x)
	x = t.put(n, operation{
		kind: step, shape: marks, args: []int{x}, literals: 1,
		text: fmt.Sprintf("OStep 0 [(chosen %s [IV %d], 1)] %d", at, r, x),
	})
	left := coordinates(append(sequence(r), r+1)...)
	x = t.put(n, operation{
		kind: sum, shape: each, summed: marks[r:], left: left, args: []int{x},
		text: fmt.Sprintf("OSum %s %s (chosen %s [IV %d; IV %d]) (chosen %s [IV %d]) %s %d", shapeText(each),
			shapeText(marks[r:]), changes, r, r+1, first, r, indexText(left), x),
	})
	x = t.put(n, operation{
		kind: step, shape: each, args: []int{x}, literals: 1, text: fmt.Sprintf("step 0 [(1, 1)] %d", x),
	})
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: each[r:], left: coordinates(sequence(r + 1)...), args: []int{x},
		text: fmt.Sprintf("low_bits %s %s %d %d", intText(lo), shapeText(n.Shape), width, x),
	})
	return nil
}

// bitsOf are the bits of the least value of a Step above a number, and how each bit changes at each jump, bit by bit.
func bitsOf(n *program.Node, lo int64, width, count int) (changes, least []int64) {
	changes = make([]int64, width*count)
	for k := range width {
		y := n.Steps.Base - lo
		bit := y >> k & 1
		least = append(least, bit)
		for i, jump := range n.Steps.Jump {
			y += jump
			changes[k*count+i], bit = y>>k&1-bit, y>>k&1
		}
	}
	return changes, least
}

// bits writes the number of ones among the marks along the last axis of a value, and a least number: all bits but the
// top one are thresholds of their own, and the top bit is one of the marks.
func (t *translator) bits(n *program.Node, of int, lo int64, levels int) int {
	t.term.coded = true
	r, top := len(n.Shape), lower.Width(levels)-1
	each, all := levelled(n, top), sequence(r)
	axis := program.Shape{program.NewDim("", levels)}
	v := t.put(n, operation{
		kind: sum, shape: each, summed: axis, left: coordinates(append(all[:r:r], r+1)...), args: []int{of},
		sizes: unit,
		text:  fmt.Sprintf("bit_sums %s %d %d %d", shapeText(n.Shape), top, levels, of),
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
