package program

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// This file has operations that look for the maximum along the last axis. A mask says which
// elements count. It must leave at least one element in each row. A nil mask keeps all.

// ArgMax returns the one-hot code of the leftmost maximum along the last axis, among
// the elements that the mask keeps.
// Depth 2: m(m−1)/2 comparisons and m ANDs for each group of m.
func (p *Program) ArgMax(x Value, keep []bool) Value {
	return p.maximum(x, Node{Op: OpArgMax, Keep: keep})
}

// MaxStep returns f(x − max x) along the last axis. The function f must not decrease. Elements
// that the mask leaves out are 0, and they do not count for the maximum. With f = exp it is the
// stable form of softmax. With f(y) = [y ≥ 0] it marks all the maxima.
//
// Depth 2: for each jump of f at t ≤ 0, [x_j − max x ≥ t] is the AND over k of
// [x_j − x_k ≥ t]. That is m² thresholds and m ANDs for each jump and group of m.
func (p *Program) MaxStep(x Value, f Staircase, keep []bool) Value {
	return p.maximum(x, Node{Op: OpMaxStep, Steps: f, Keep: keep})
}

// CausalArgMax is ArgMax under the mask of CausalMask.
func (p *Program) CausalArgMax(x Value, first, second int) Value {
	return p.maximum(x, Node{Op: OpArgMax, Causal: &CausalAxes{First: first, Second: second}})
}

// CausalMaxStep is MaxStep under the mask of CausalMask.
func (p *Program) CausalMaxStep(x Value, f Staircase, first, second int) Value {
	return p.maximum(x, Node{Op: OpMaxStep, Steps: f, Causal: &CausalAxes{First: first, Second: second}})
}

// maximum checks the operand, the mask and the function of an operation along the last
// axis, and appends it.
func (p *Program) maximum(x Value, n Node) Value {
	n.Shape = p.node(x).Shape
	if n.Causal != nil && !n.Causal.in(n.Shape) {
		p.Failf(n.Op, "a mask of axes %d and %d of shape %v", n.Causal.First, n.Causal.Second, n.Shape)
		return x
	}
	if n.Causal != nil {
		n.Keep = n.Causal.mask(n.Shape)
	}
	err, masked := n.Steps.Check(), n.Keep != nil && !n.Shape.Open()
	switch {
	case len(n.Shape) == 0:
		p.Failf(n.Op, "of a scalar")
	case masked && len(n.Keep) != n.Shape.Len():
		p.Failf(n.Op, "a mask of %d entries for shape %v", len(n.Keep), n.Shape)
	case masked && !n.keepsSome():
		p.Failf(n.Op, "the mask leaves a row empty")
	case err != nil:
		p.Failf(n.Op, "%v", err)
	case slices.ContainsFunc(n.Steps.Jump, func(j int64) bool { return j < 0 }):
		p.Failf(n.Op, "the function decreases")
	case !n.Steps.within(p.node(x).behind()):
		p.failRange(n.Op, "x − max x is in %v; the limit of a jump is 64 bits", p.node(x).behind())
	default:
		return p.push(n, x)
	}
	return x
}

// keepsSome reports whether the mask leaves an element in each row.
func (n *Node) keepsSome() bool {
	for row := range slices.Chunk(n.Keep, n.Shape.Last()) {
		if !slices.Contains(row, true) {
			return false
		}
	}
	return true
}

func deriveMaxStep(n *Node) span {
	r := n.Steps.over(n.Arg(0).behind()).span()
	if slices.Contains(n.Keep, false) || n.Causal != nil && n.Keep == nil {
		r = r.join(point(0))
	}
	return r
}

// behind returns the range of x − max x, for x and the maximum in the range of n.
func (n *Node) behind() span {
	x := n.span()
	return span{x.lo.plus(x.hi.times(finite(-1))), end{}}
}

// keeps reports whether the mask, if there is one, keeps element i.
func (n *Node) keeps(i int) bool { return n.Keep == nil || n.Keep[i] }

// Candidates returns the indices that the mask keeps, in the row that starts at the given element.
func (n *Node) Candidates(at int) []int {
	var list []int
	for i := at; i < at+n.Shape.Last(); i++ {
		if n.keeps(i) {
			list = append(list, i)
		}
	}
	return list
}

func runArgMax(n *Node, v, x, _ []int64) { argMax(n, v, x, circuit.NewInt) }

func runMaxStep(n *Node, v, x, _ []int64) { maxStep(n, v, x, circuit.NewInt) }

// leftmost calls f for each row with its candidates and the leftmost maximum of them, as an index.
func leftmost[T any](n *Node, x []T, exact func(T) circuit.Int, f func(row []int, most int)) {
	for at := 0; at < len(x); at += n.Shape.Last() {
		row := n.Candidates(at)
		f(row, slices.MaxFunc(row, func(i, j int) int { return exact(x[i]).Cmp(exact(x[j])) }))
	}
}

func argMax[T any](n *Node, v []int64, x []T, exact func(T) circuit.Int) {
	leftmost(n, x, exact, func(_ []int, most int) { v[most] = 1 })
}

// maxStep takes differences in numbers of any size, because they may leave 64 bits where x does not.
func maxStep[T any](n *Node, v []int64, x []T, exact func(T) circuit.Int) {
	table := n.Steps.table()
	leftmost(n, x, exact, func(row []int, most int) {
		for _, i := range row {
			v[i] = table[n.Steps.jumps(exact(x[i]).Sub(exact(x[most])))]
		}
	})
}

func termsOfRow(n *Node, i int, f TermFunc) int64 {
	if n.keeps(i) {
		for _, k := range n.Candidates(i / n.Shape.Last() * n.Shape.Last()) {
			f(0, k, 0)
		}
	}
	return 0
}

// AsOneHot declares that in each row of v, along its last axis, one element is 1 and the others are
// 0. Use it if the caller knows this and the operations do not show it.
func (p *Program) AsOneHot(v Value) Value {
	n := p.node(v)
	n.keep(Range{0, 1}.span())
	n.OneHot, n.Given = true, true
	return v
}

// reduced returns the range of a Reduce of x. In a masked row it counts the elements that the mask
// keeps. In a MaxStep along the last axis it knows that at least one element is f(0).
func (n *Node) reduced(x *Node) span {
	var inside span
	elsewhere := int64(0)
	switch {
	case x.Op == OpMask:
		inside, elsewhere = x.Arg(0).span(), x.Offset
	case x.Op == OpMaxStep && n.Axis == len(x.Shape)-1:
		inside = x.Steps.over(x.Arg(0).behind()).span()
	default:
		return x.span().manyTimes(x.Shape[n.Axis])
	}
	if x.Shape.Open() {
		return n.reducedOpen(x, inside, elsewhere)
	}
	all := empty
	for i := range n.Shape.Len() {
		k := int64(0)
		termsOfReduce(n, i, func(_, from int, _ int64) {
			if x.keeps(from) {
				k++
			}
		})
		r := inside.scale(finite(k))
		if x.Op == OpMaxStep {
			r.lo = inside.lo.times(finite(k - 1)).plus(finite(x.Steps.Apply(0)))
		}
		all = all.join(r.plus(point(elsewhere).scale(finite(int64(x.Shape[n.Axis].Size()) - k))))
	}
	return all
}

// reducedOpen is reduced for an open shape, of a Mask or a MaxStep.
func (n *Node) reducedOpen(x *Node, inside span, elsewhere int64) span {
	r := x.span().manyTimes(x.Shape[n.Axis])
	if x.Op == OpMaxStep && inside.lo.n.Sign() >= 0 {
		r.lo = finite(x.Steps.Apply(0))
	}
	// A causal mask keeps at least one element of each row, unless there are fewer elements than rows.
	if x.Causal != nil && x.Causal.Second == n.Axis && elsewhere == 0 && x.Causal.full(x.Shape) &&
		inside.lo.n.Sign() >= 0 && r.lo.less(inside.lo) {
		r.lo = inside.lo
	}
	return r
}
