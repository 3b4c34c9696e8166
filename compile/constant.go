package compile

import (
	"fmt"
	"slices"
)

// Operations with constants beside a value. None of them costs depth, but Lookup.

// Const returns a constant tensor, for Add and Contract: gains, positions, masks,
// convolution kernels. The program keeps the data, row-major, which must not be
// changed afterwards.
func (p *Program) Const(shape Shape, data []int64) Value {
	if len(data) != shape.Len() || len(data) == 0 {
		p.failf(OpConst, "%d numbers for shape %v", len(data), shape)
		data = make([]int64, max(1, min(shape.Len(), mostElements)))
	}
	return p.push(node{op: OpConst, shape: shape, bounds: Range{slices.Min(data), slices.Max(data)}, data: data})
}

// Mask returns x where keep is true, and the constant elsewhere. It has one entry
// for each element of x.
func (p *Program) Mask(x Value, keep []bool, elsewhere int64) Value {
	n := p.node(x)
	if len(keep) != n.shape.Len() {
		p.failf(OpMask, "%d entries for shape %v", len(keep), n.shape)
		return x
	}
	r := n.bounds
	if slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(node{op: OpMask, args: []int{x.id}, shape: n.shape, bounds: r, keep: keep, offset: elsewhere})
}

// Causal returns the mask of a tensor [..., n, m], or [n, m, ...] with inner elements
// after the two, that is true where the second position is not after the first.
func Causal(n, m, inner int) []bool {
	keep := make([]bool, 0, n*m*inner)
	for i := range n {
		for j := range m {
			for range inner {
				keep = append(keep, j <= i)
			}
		}
	}
	return keep
}

// Window returns the sums of x over every window of its first axis: element [t,s] of
// the result is Σ x_r over s < r ≤ t, which is 0 where s ≥ t. It is the prefix sum
// of each suffix.
//
// Shapes: x [n, ...]; result [n, s=n, ...], the second axis under the given name.
// Depth 0.
func (p *Program) Window(x Value, second string) Value {
	n := p.node(x)
	if len(n.shape) == 0 {
		p.failf(OpWindow, "of a scalar")
		return x
	}
	length := n.shape[0].Size
	var c checked
	longest := c.scale(int64(length-1), n.bounds)
	p.bound(OpWindow, c)
	shape := slices.Insert(slices.Clone(n.shape), 1, Dim{second, length})
	return p.push(node{op: OpWindow, args: []int{x.id}, shape: shape, bounds: Range{min(longest.Lo, 0), max(longest.Hi, 0)}})
}

func runWindow(v, x []int64, n *node) {
	eachWindow(n, func(to, before, last int) { v[to] = v[before] + x[last] })
}

// eachWindow calls f for each element of a Window that is not 0, so that element to
// is element before, which has had its turn or is 0, and element last of the
// argument.
func eachWindow(n *node, f func(to, before, last int)) {
	length, inner := n.shape[0].Size, n.shape[2:].Len()
	for s := range length {
		for t := s + 1; t < length; t++ {
			for k := range inner {
				f((t*length+s)*inner+k, ((t-1)*length+s)*inner+k, t*inner+k)
			}
		}
	}
}

// Lookup returns row x of a table, for each element x; an x below 0 counts as 0, one
// beyond the table as the last row. It is the embedding of tokens that come in
// binary.
//
// Shapes: x [...], table rows×columns; result [..., columns], its last axis under the
// given name. Depth 1: rows − 1 thresholds [x ≥ t], which all columns share.
func (p *Program) Lookup(x Value, table *Matrix, last string) Value {
	n := p.node(x)
	if table.Rows < 1 || table.Columns < 1 || len(table.Data) != table.Rows*table.Columns {
		p.failf(OpLookup, "a %d×%d table with %d numbers", table.Rows, table.Columns, len(table.Data))
		return x
	}
	for i := 1; i < table.Rows; i++ {
		var c checked
		for k, v := range table.Row(i) {
			c.add(v, -table.Row(i - 1)[k])
		}
		p.bound(OpLookup, c)
	}
	shape := append(slices.Clone(n.shape), Dim{last, table.Columns})
	lo, hi := table.clip(n.bounds.Lo), table.clip(n.bounds.Hi)
	reached := table.Data[lo*table.Columns : (hi+1)*table.Columns]
	return p.push(node{op: OpLookup, args: []int{x.id}, shape: shape, bounds: Range{slices.Min(reached), slices.Max(reached)}, table: table})
}

// clip returns the row of a table for an index of any size.
func (m *Matrix) clip(at int64) int { return int(min(max(at, 0), int64(m.Rows-1))) }

// Repeat appends count copies of a body. Copy t gets the state that copy t−1 made,
// or the given one, and returns its own. Its operations stand in a stage "name t",
// counted from 1.
func (p *Program) Repeat(name string, count int, state []Value, body func(t int, state []Value) []Value) []Value {
	r := repeat{name: name, count: count, first: len(p.nodes)}
	for t := range count {
		p.Begin(fmt.Sprintf("%s %d", name, t+1))
		state = body(t, state)
		p.End()
	}
	r.end = len(p.nodes)
	p.repeats = append(p.repeats, r)
	return state
}

// repeat says that operations first to end−1 are count copies of one body.
type repeat struct {
	name              string
	count, first, end int
}
