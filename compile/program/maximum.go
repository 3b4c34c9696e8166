package program

import "slices"

// Operations that look for the maximum along the last axis. A mask says which
// elements count, and must leave one in each row; nil means all.

// ArgMax returns the one-hot code of the leftmost maximum along the last axis, among
// the elements that the mask keeps.
// Depth 2: m(m−1)/2 comparisons and m ANDs for each group of m.
func (p *Program) ArgMax(x Value, keep []bool) Value {
	if !p.rows(OpArgMax, x, keep) {
		return x
	}
	return p.push(Node{Op: OpArgMax, Args: []int{x.id}, Shape: p.node(x).Shape, Bounds: Range{0, 1}, OneHot: true, Keep: keep})
}

// MaxStep returns f(x − max x) along the last axis, for a function f that does not
// decrease; 0 for the elements that the mask leaves out, which are not candidates
// for the maximum either. With f = exp it is the stable form of softmax, with
// f(y) = [y ≥ 0] it marks all the maxima.
//
// Depth 2: for each jump of f at t ≤ 0, [x_j − max x ≥ t] is the AND over k of
// [x_j − x_k ≥ t]. That is m² thresholds and m ANDs for each jump and group of m.
func (p *Program) MaxStep(x Value, f Staircase, keep []bool) Value {
	if !p.rows(OpMaxStep, x, keep) {
		return x
	}
	if err := f.Check(); err != nil {
		p.Failf(OpMaxStep, "%v", err)
		return x
	}
	for _, j := range f.Jump {
		if j < 0 {
			p.Failf(OpMaxStep, "the function decreases")
			return x
		}
	}
	n := p.node(x)
	c := p.arithmetic()
	width := c.add(n.Bounds.Hi, -n.Bounds.Lo)
	p.bound(OpMaxStep, c)
	r := f.Range(Range{-width, 0})
	if slices.Contains(keep, false) {
		r = Range{min(r.Lo, 0), max(r.Hi, 0)}
	}
	return p.push(Node{Op: OpMaxStep, Args: []int{x.id}, Shape: n.Shape, Bounds: r, Steps: f, Keep: keep})
}

// CausalArgMax is ArgMax under the mask of CausalMask.
func (p *Program) CausalArgMax(x Value, first, second int) Value {
	return p.causal(p.ArgMax(x, causalMask(x.Shape(), first, second)), first, second)
}

// CausalMaxStep is MaxStep under the mask of CausalMask.
func (p *Program) CausalMaxStep(x Value, f Staircase, first, second int) Value {
	return p.causal(p.MaxStep(x, f, causalMask(x.Shape(), first, second)), first, second)
}

// causal notes that the mask of an operation is causal.
func (p *Program) causal(v Value, first, second int) Value {
	if n := p.node(v); n.Op == OpArgMax || n.Op == OpMaxStep {
		n.Causal = &CausalAxes{first, second}
	}
	return v
}

// rows checks the operand and the mask of an operation along the last axis.
func (p *Program) rows(op Op, x Value, keep []bool) bool {
	n := p.node(x)
	switch {
	case len(n.Shape) == 0:
		p.Failf(op, "of a scalar")
		return false
	case keep == nil || n.Shape.Open():
		return true
	case len(keep) != n.Shape.Len():
		p.Failf(op, "a mask of %d entries for shape %v", len(keep), n.Shape)
		return false
	}
	for row := range slices.Chunk(keep, n.Shape.Last()) {
		if !slices.Contains(row, true) {
			p.Failf(op, "the mask leaves a row empty")
			return false
		}
	}
	return true
}

// candidates returns the indices of the row that starts at the given element and
// that the mask keeps.
func (n *Node) Candidates(at int) []int {
	var list []int
	for i := at; i < at+n.Shape.Last(); i++ {
		if n.Keep == nil || n.Keep[i] {
			list = append(list, i)
		}
	}
	return list
}

func runArgMax(v, x []int64, n *Node) {
	for at := 0; at < len(v); at += n.Shape.Last() {
		row := n.Candidates(at)
		best := row[0]
		for _, i := range row {
			if x[i] > x[best] {
				best = i
			}
		}
		v[best] = 1
	}
}

func runMaxStep(v, x []int64, n *Node) {
	table := n.Steps.table()
	for at := 0; at < len(v); at += n.Shape.Last() {
		row := n.Candidates(at)
		most := x[row[0]]
		for _, i := range row {
			most = max(most, x[i])
		}
		for _, i := range row {
			v[i] = table[n.Steps.Jumps(x[i]-most)]
		}
	}
}

// AsOneHot declares that one element of each row of v along its last axis is 1 and the others
// are 0, where the caller knows it and the operations do not show it.
func (p *Program) AsOneHot(v Value) Value {
	n := p.node(v)
	n.Bounds, n.OneHot = Range{0, 1}, true
	return v
}

// reduced returns the range of a sum along an axis. Of a masked row it counts the
// elements that the mask keeps, and of a MaxStep along the last axis it knows that
// one element at least is f(0).
func (c *checked) reduced(p *Program, n *Node, axis int) Range {
	var inside Range
	elsewhere := int64(0)
	switch {
	case n.Op == OpMask:
		inside, elsewhere = p.nodes[n.Args[0]].Bounds, n.Offset
	case n.Op == OpMaxStep && axis == len(n.Shape)-1:
		x := p.nodes[n.Args[0]].Bounds
		inside = n.Steps.Range(Range{c.add(x.Lo, -x.Hi), 0})
	default:
		return c.manyTimes(n.Shape[axis], n.Bounds)
	}
	if n.Shape.Open() {
		return c.reducedOpen(n, axis, inside, elsewhere)
	}
	kept := make([]int64, n.Shape.Len()/n.Shape[axis].Size())
	EachReduced(n.Shape, axis, func(to, from int) {
		if n.Keep == nil || n.Keep[from] {
			kept[to]++
		}
	})
	var all Range
	for i, k := range kept {
		r := c.plus(c.scale(k, inside), Range{})
		if n.Op == OpMaxStep {
			r.Lo = c.add(c.mul(k-1, inside.Lo), n.Steps.Apply(0))
		}
		rest := c.mul(int64(n.Shape[axis].Size())-k, elsewhere)
		r = c.plus(r, Range{rest, rest})
		if i == 0 {
			all = r
		}
		all = Range{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}
	}
	return all
}

// reducedOpen is reduced for an open shape, of a Mask or a MaxStep.
func (c *checked) reducedOpen(n *Node, axis int, inside Range, elsewhere int64) Range {
	r := c.manyTimes(n.Shape[axis], n.Bounds)
	if n.Op == OpMaxStep && inside.Lo >= 0 {
		r.Lo = n.Steps.Apply(0)
	}
	// A causal mask keeps one element of each row at least.
	if n.Causal != nil && n.Causal.Second == axis && elsewhere == 0 && inside.Lo >= 0 {
		r.Lo = max(r.Lo, inside.Lo)
	}
	return r
}
