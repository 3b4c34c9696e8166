package coq

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// write appends what makes the value of n.
func (t *translator) write(n *program.Node) error {
	r, id := len(n.Shape), n.ID
	var x, y int
	if len(n.Args) > 0 {
		x = t.number[n.Args[0]]
	}
	if len(n.Args) > 1 {
		y = t.number[n.Args[1]]
	}
	if t.plan.Facts[n.ID].Code == lower.Digits {
		return t.digits(n, x)
	}
	if t.binary(n) && n.Op != program.OpRootQuotient {
		return t.coded(n, x, y)
	}
	all := coordinates(sequence(r)...)
	switch n.Op {
	case program.OpInput, program.OpTokens, program.OpConst:
		return nil // a constant stands in the operations that read it
	case program.OpLinear:
		return t.linear(n, x)
	case program.OpAffine:
		t.number[id] = t.put(n, operation{
			kind: sum, shape: n.Shape, left: all, args: []int{x}, sizes: atMost([]int64{n.Scale}, []int64{n.Offset}),
			text: fmt.Sprintf("affine %s %s %s %d", shapeText(n.Shape), t.factor(n), intText(n.Offset), x),
		})
	case program.OpReduce:
		over := n.Arg(0).Shape[n.Axis]
		left := slices.Concat(coordinates(sequence(n.Axis)...), coordinates(r), coordinates(sequence(r)[n.Axis:]...))
		t.number[id] = t.put(n, operation{
			kind: sum, shape: n.Shape, summed: program.Shape{over}, left: left, args: []int{x}, sizes: unit,
			text: fmt.Sprintf("reduce %s %s %d %d", shapeText(n.Shape), sizeText(over), n.Axis, x),
		})
	case program.OpGather:
		v, err := t.arrange(n, x)
		t.number[id] = v
		return err
	case program.OpMask:
		return t.mask(n, x)
	case program.OpAdd:
		return t.add(n, x, y)
	case program.OpStep:
		return t.step(n, x)
	case program.OpContract:
		return t.contract(n, x, y)
	case program.OpQuotient:
		fits := coordinates(sequence(len(n.Arg(1).Shape))...)
		count := n.Asked.Hi - n.Asked.Lo
		t.number[id] = t.put(n, operation{
			kind: quotient, shape: n.Shape, right: fits, args: []int{x, y}, literals: int(count),
			sizes: levels(n.Asked),
			text:  fmt.Sprintf("OQuo %s %d %s %d %d", intText(n.Asked.Lo), count, indexText(fits), x, y),
		})
	case program.OpWindow:
		left := slices.Concat(coordinates(r), coordinates(sequence(r)[2:]...))
		over := n.Arg(0).Shape[0]
		t.number[id] = t.put(n, operation{
			kind: sum, shape: n.Shape, summed: program.Shape{over}, left: left, args: []int{x}, sizes: unit,
			text: fmt.Sprintf("window %s %s %d %d", shapeText(n.Shape), sizeText(over), r, x),
		})
	case program.OpLookup:
		t.lookup(n, x)
	case program.OpRootQuotient:
		return t.root(n, x, y)
	case program.OpMaxStep, program.OpArgMax:
		return t.maximum(n, x)
	default:
		return fmt.Errorf("the library has no such operation yet")
	}
	return nil
}

func (t *translator) linear(n *program.Node, x int) error {
	r := len(n.Shape)
	if made, ok := t.numbers.of(n.ID); ok {
		t.number[n.ID] = t.put(n, operation{
			kind: sum, shape: n.Shape, summed: n.Arg(0).Shape, left: coordinates(1), args: []int{x},
			sizes: t.numbers.sizes[n.ID],
			text:  fmt.Sprintf("%s %d", made, x),
		})
		return nil
	}
	if n.Matrix == nil {
		return t.weighted(n, x)
	}
	columns := n.Arg(0).Shape[r-1]
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: program.Shape{columns}, args: []int{x},
		left:  coordinates(append(sequence(r-1), r)...),
		sizes: atMost(n.Matrix.Data, n.Bias),
		text: fmt.Sprintf("linear %s %s %d %s %s %d", shapeText(n.Shape), sizeText(columns), r-1, t.table(n.Matrix),
			intsText(n.Bias), x),
	})
	return nil
}

func (t *translator) step(n *program.Node, x int) error {
	if made, ok := t.numbers.of(n.ID); ok {
		t.number[n.ID] = t.put(n, operation{
			kind: step, shape: n.Shape, args: []int{x}, literals: int(n.Asked.Hi - n.Asked.Lo),
			sizes: t.numbers.sizes[n.ID],
			text:  fmt.Sprintf("%s %d", made, x),
		})
		return nil
	}
	if base, jumps, ok := t.composed(n); ok {
		t.number[n.ID] = t.put(n, operation{
			kind: step, shape: n.Shape, args: []int{t.number[n.Arg(0).Args[0]]}, literals: len(jumps.At),
			text: fmt.Sprintf("step %s %s %d", intText(base), jumpsText(jumps, "%s"), t.number[n.Arg(0).Args[0]]),
		})
		return nil
	}
	base, jumps, count, err := t.jumps(n, "%s")
	if err != nil {
		return err
	}
	word := "OStep"
	if t.fixed(n) {
		word = "step"
	}
	t.number[n.ID] = t.put(n, operation{
		kind: step, shape: n.Shape, args: []int{x}, literals: count, sizes: stairs(n.Steps),
		text: fmt.Sprintf("%s %s %s %d", word, base, jumps, x),
	})
	return nil
}

// composed is a staircase of a staircase, as one of what that one reads. It is no deeper than that one.
func (t *translator) composed(n *program.Node) (base int64, jumps program.Staircase, ok bool) {
	inner := n.Arg(0)
	if inner.Op != program.OpStep || t.binary(inner) || !t.fixed(inner) || !t.fixed(n) {
		return 0, jumps, false
	}
	if _, made := t.numbers.of(inner.ID); made {
		return 0, jumps, false
	}
	value := inner.Steps.Base
	for k, at := range inner.Steps.At {
		before := value
		value += inner.Steps.Jump[k]
		if jump := n.Steps.Apply(value) - n.Steps.Apply(before); jump != 0 {
			jumps.At, jumps.Jump = append(jumps.At, at), append(jumps.Jump, jump)
		}
	}
	return n.Steps.Apply(inner.Steps.Base), jumps, true
}

// lookup writes a table as a sum of marks [x > q], times the differences of its rows.
func (t *translator) lookup(n *program.Node, x int) {
	r, table := len(n.Shape), n.Table
	differences := program.NewMatrix(table.Columns, table.Rows-1, func(i, j int) int64 {
		return table.Row(j + 1)[i] - table.Row(j)[i]
	})
	steps := program.NewDim("", table.Rows-1)
	each := append(n.Arg(0).Shape[:r-1:r-1], steps)
	x = t.gather(n, each, coordinates(sequence(r-1)...), x)
	x = t.put(n, operation{
		kind: step, shape: each, args: []int{x}, literals: 1, sizes: jump(int64(table.Rows - 1)),
		text: fmt.Sprintf("marks %d %d %d", table.Rows-1, r-1, x),
	})
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: program.Shape{steps}, args: []int{x},
		left:  coordinates(append(sequence(r-1), r)...),
		sizes: atMost(differences.Data, table.Row(0)),
		text: fmt.Sprintf("linear %s %s %d %s %s %d", shapeText(n.Shape), sizeText(steps), r-1, matrixText(differences),
			intsText(table.Row(0)), x),
	})
}

// arrange writes what a Gather does, of a value x that has the shape of its operand.
func (t *translator) arrange(n *program.Node, x int) (int, error) {
	left, back, err := arranged(n, t.twins(n))
	if err != nil || back == nil {
		return t.gather(n, n.Shape, left, x), err
	}
	var over program.Dim
	for axis, e := range left {
		if e.op == "IV" && e.c == len(n.Shape) {
			over = n.Arg(0).Shape[axis]
		}
	}
	return t.put(n, operation{
		kind: sum, shape: n.Shape, summed: program.Shape{over}, left: left, args: []int{x}, sizes: unit,
		text: fmt.Sprintf("from_end %s %s (%v) %s %d", shapeText(n.Shape), sizeText(over), back, indexText(left), x),
	}), nil
}

func (t *translator) gather(n *program.Node, shape program.Shape, left []*index, x int) int {
	return t.put(n, operation{
		kind: sum, shape: shape, left: left, args: []int{x}, sizes: unit,
		text: fmt.Sprintf("gather %s %s %d", shapeText(shape), indexText(left), x),
	})
}

// mask writes a causal mask. Where its axes are not equally long, the library's begins at their first positions.
func (t *translator) mask(n *program.Node, x int) error {
	if n.Causal == nil && n.Keep != nil && !n.Shape.Open() {
		kept, other := make([]int64, len(n.Keep)), make([]int64, len(n.Keep))
		for i, keep := range n.Keep {
			if other[i] = n.Offset; keep {
				kept[i], other[i] = 1, 0
			}
		}
		all := coordinates(sequence(len(n.Shape))...)
		t.number[n.ID] = t.put(n, operation{
			kind: sum, shape: n.Shape, left: all, args: []int{x}, sizes: atMost(kept, other),
			text: fmt.Sprintf("OSum %s [] (%s) (%s) %s %d", shapeText(n.Shape), entryText(n.Shape, kept, all),
				entryText(n.Shape, other, all), indexText(all), x),
		})
		return nil
	}
	if n.Causal == nil {
		return fmt.Errorf("its mask is not written as a condition on indices")
	}
	first, second := n.Shape[n.Causal.First], n.Shape[n.Causal.Second]
	if !n.Causal.Start && (first.Open() != second.Open() || sizeText(first) != sizeText(second)) {
		return fmt.Errorf("its axes are not equally long")
	}
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, left: coordinates(sequence(len(n.Shape))...), args: []int{x},
		sizes: atMost([]int64{1}, []int64{n.Offset}),
		text: fmt.Sprintf("causal %s %d %d %s %d", shapeText(n.Shape), n.Causal.First, n.Causal.Second,
			intText(n.Offset), x),
	})
	return nil
}

// add writes a sum. An operand with fewer axes is repeated, and a constant one is the constant of a sum.
func (t *translator) add(n *program.Node, x, y int) error {
	more := len(n.Shape) - len(n.Arg(1).Shape)
	fits := coordinates(sequence(len(n.Shape))[more:]...)
	all := coordinates(sequence(len(n.Shape))...)
	for k, at := range [][]*index{all, fits} {
		c, other, value := n.Arg(k), fits, y
		if k == 1 {
			other, value = all, x
		}
		switch {
		case c.Op != program.OpConst:
			continue
		case n.Arg(1-k).Op == program.OpConst:
			return fmt.Errorf("both of its operands are constants")
		}
		weight := t.constant(c, at)
		t.number[n.ID] = t.put(n, operation{
			kind: sum, shape: n.Shape, left: other, args: []int{value}, sizes: atMost([]int64{1}, c.Data),
			text: fmt.Sprintf("OSum %s [] (CK 1) (%s) %s %d", shapeText(n.Shape), weight, indexText(other), value),
		})
		return nil
	}
	if more > 0 {
		y = t.gather(n, n.Shape, fits, y)
	}
	t.number[n.ID] = t.put(n, operation{
		kind: add, shape: n.Shape, args: []int{x, y}, text: fmt.Sprintf("OAdd %d %d", x, y),
	})
	return nil
}
