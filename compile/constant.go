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
	if shape.open() || len(data) != shape.Len() || len(data) == 0 {
		p.failf(OpConst, "%d numbers for shape %v", len(data), shape)
		data = []int64{0}
	}
	return p.push(node{op: OpConst, shape: shape, bounds: Range{slices.Min(data), slices.Max(data)}, data: data})
}

// ConstFunc is Const with element i, counted in row-major order, being at(i), in a range
// that holds for every size. In an open program the data are unknown if their shape or
// the numbers themselves depend on an open size.
func (p *Program) ConstFunc(shape Shape, bounds Range, at func(i int) int64) Value {
	if shape.open() || !known(func() { at(0) }) {
		return p.push(node{op: OpConst, shape: shape, bounds: bounds})
	}
	data := make([]int64, shape.Len())
	for i := range data {
		data[i] = at(i)
		if !bounds.Contains(data[i]) {
			p.failf(OpConst, "element %d is %d, outside %v", i, data[i], bounds)
			break
		}
	}
	return p.Const(shape, data)
}

// known reports whether what f does depends on no open size.
func known(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, open := r.(*OpenSizeError); !open {
				panic(r)
			}
			ok = false
		}
	}()
	f()
	return true
}

// Mask returns x where keep is true, and the constant elsewhere. It has one entry
// for each element of x.
func (p *Program) Mask(x Value, keep []bool, elsewhere int64) Value {
	n := p.node(x)
	if n.shape.open() || len(keep) != n.shape.Len() {
		p.failf(OpMask, "%d entries for shape %v", len(keep), n.shape)
		return x
	}
	r := n.bounds
	if slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(node{op: OpMask, args: []int{x.id}, shape: n.shape, bounds: r, keep: keep, offset: elsewhere})
}

// CausalMask is Mask with a mask over two axes of positions: it keeps the elements whose
// second position is not after the first. If the axes have different lengths, their
// last positions are the same one.
func (p *Program) CausalMask(x Value, first, second int, elsewhere int64) Value {
	n := p.node(x)
	r := n.bounds
	keep := causalMask(n.shape, first, second)
	if keep == nil || slices.Contains(keep, false) {
		r = Range{min(r.Lo, elsewhere), max(r.Hi, elsewhere)}
	}
	return p.push(node{op: OpMask, args: []int{x.id}, shape: n.shape, bounds: r, keep: keep, offset: elsewhere, causal: &causal{first, second}})
}

// causal names the two axes of positions of a causal mask.
type causal struct{ first, second int }

// causalMask returns the mask for a shape; nil if a size is open.
func causalMask(shape Shape, first, second int) []bool {
	if shape.open() {
		return nil
	}
	strides := shape.strides()
	keep := make([]bool, shape.Len())
	for i := range keep {
		t, s := i/strides[first]%shape[first].Size(), i/strides[second]%shape[second].Size()
		keep[i] = s <= t+shape[second].Size()-shape[first].Size()
	}
	return keep
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
	c := p.arithmetic()
	longest := c.manyTimes(n.shape[0].less(1), n.bounds)
	p.bound(OpWindow, c)
	shape := slices.Insert(slices.Clone(n.shape), 1, n.shape[0].Renamed(second))
	return p.push(node{op: OpWindow, args: []int{x.id}, shape: shape, bounds: Range{min(longest.Lo, 0), max(longest.Hi, 0)}})
}

func runWindow(v, x []int64, n *node) {
	eachWindow(n, func(to, before, last int) { v[to] = v[before] + x[last] })
}

// eachWindow calls f for each element of a Window that is not 0, so that element to
// is element before, which has had its turn or is 0, and element last of the
// argument.
func eachWindow(n *node, f func(to, before, last int)) {
	length, inner := n.shape[0].Size(), n.shape[2:].Len()
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

// Scan is Repeat over the first axis of x: copy t of the body gets element t of x. The body
// does not know t; so in an open program, which has as many copies as x has elements, all
// of them are the same.
func (p *Program) Scan(name string, x Value, state []Value, body func(x Value, state []Value) []Value) []Value {
	shape := p.node(x).shape
	if len(shape) == 0 {
		p.failf(OpGather, "a scan of a scalar")
		return state
	}
	step := func(t int, state []Value) []Value { return body(p.Select(x, t), state) }
	if !shape[0].open() {
		return p.Repeat(name, shape[0].Size(), state, step)
	}
	// An open program has the first copies, until the ranges of the state do not change
	// any more, and three that are alike; the reading shows that they are.
	var ranges []Range
	same, count := 0, 0
	r := repeat{name: name, first: len(p.nodes), open: true}
	for ; same < 3 && count < mostScanCopies; count++ {
		label := name + " t"
		if count == 0 {
			label = name + " 1"
		}
		p.Begin(label)
		state = step(count, state)
		p.End()
		var now []Range
		for _, v := range state {
			now = append(now, v.Bounds())
		}
		if same++; !slices.Equal(now, ranges) {
			same = 0
		}
		ranges = now
	}
	r.count, r.end = count, len(p.nodes)
	p.repeats = append(p.repeats, r)
	return state
}

// mostScanCopies is when a Scan gives up waiting for the ranges of its state to settle.
const mostScanCopies = 64

// repeat says that operations first to end−1 are count copies of one body.
type repeat struct {
	name              string
	count, first, end int
	open              bool // the copies stand for as many as n says
}

// Convolve returns the causal convolution of x along its first axis with a kernel for each
// feature: element [t,f] is Σ_lag kernel[f][lag]·x[t−lag,f], over the lags up to t.
//
// Shapes: x [n,d], kernel [d][taps]; result [n,d]. Depth 0.
func (p *Program) Convolve(x Value, kernel [][]int64) Value {
	s := p.node(x).shape
	if len(s) != 2 || s[1].Size() != len(kernel) {
		p.failf(OpContract, "a convolution of shape %v with %d kernels", s, len(kernel))
		return x
	}
	at := func(f, lag int) int64 {
		if lag < 0 || lag >= len(kernel[f]) {
			return 0
		}
		return kernel[f][lag]
	}
	var r Range
	for _, taps := range kernel {
		for _, k := range taps {
			r = Range{min(r.Lo, k), max(r.Hi, k)}
		}
	}
	n, d := s[0], s[1]
	sources := n.Renamed("s")
	y := p.Contract("tsf,sf->tf", p.ConstFunc(Shape{n, sources, d}, r, func(i int) int64 {
		length := n.Size()
		return at(i%d.Size(), i/d.Size()/length-i/d.Size()%length)
	}), p.Reshape(x, Shape{sources, d}, "sources"))
	if node := p.node(y); node.op == OpContract {
		node.kernel = kernel
		if n.open() { // the range holds for every n, unlike what the taps alone say
			c := p.arithmetic()
			node.bounds = c.convolved(p.node(x).bounds, kernel)
		}
	}
	return y
}

// convolved returns the range of a convolution at the positions that all taps reach, and
// so at the others.
func (c *checked) convolved(x Range, kernel [][]int64) Range {
	var all Range
	for _, taps := range kernel {
		var r Range
		for _, k := range taps {
			scaled := c.scale(k, x)
			// The first positions lack some of the taps.
			r = c.plus(r, Range{min(scaled.Lo, 0), max(scaled.Hi, 0)})
		}
		all = Range{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}
	}
	return all
}
