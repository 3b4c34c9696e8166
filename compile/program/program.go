package program

import (
	"fmt"
	"slices"
	"strings"
)

// Program is a list of tensor operations on integers. Make one with [NewProgram]
// and its methods; the first error sticks and is returned by [Program.Err] and by
// everything that reads the program.
type Program struct {
	name    string
	nodes   []Node
	stage   []string
	inputs  []int
	outputs []Output
	dims    map[string]int
	lets    map[string]int64 // values of symbols that are no dimensions
	open    bool             // a dimension is open
	repeats []Copies
	err     error
}

// output is a named result: the number of the value.
type Output struct {
	Name  string
	Value int
}

// Value is the result of an operation of one program.
type Value struct {
	p  *Program
	id int
}

// NewProgram returns an empty program.
func New(name string) *Program {
	return &Program{name: name, dims: map[string]int{}, lets: map[string]int64{}}
}

// Name returns the name the program was given.
func (p *Program) Name() string { return p.name }

// Err returns the first error made while building the program.
func (p *Program) Err() error { return p.err }

// Fail makes err the error of p, unless it has one; nil does nothing.
func (p *Program) Fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// Nodes returns the operations in order, by number. They must not be changed.
func (p *Program) Nodes() []Node { return p.nodes }

// Results returns the outputs in order.
func (p *Program) Results() []Output { return p.outputs }

// Begin opens a stage: the operations until the matching End belong to it, and so
// do the gates they are lowered to.
func (p *Program) Begin(name string) { p.stage = append(slices.Clip(p.stage), name) }

// End closes the stage opened last.
func (p *Program) End() {
	if len(p.stage) == 0 {
		panic("compile: End without Begin")
	}
	p.stage = p.stage[:len(p.stage)-1]
}

// Op returns the operation that makes v.
func (v Value) Op() Op { return v.p.nodes[v.id].Op }

// Shape returns the shape of v.
func (v Value) Shape() Shape { return v.p.nodes[v.id].Shape }

// Bounds returns the range that no element of v ever leaves.
func (v Value) Bounds() Range { return v.p.nodes[v.id].Bounds }

// Failf fails the program at an operation.
func (p *Program) Failf(op Op, format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("compile: %v in stage %q: %s", op, strings.Join(p.stage, "/"), fmt.Sprintf(format, args...))
	}
}

// mostElements is the greatest number of elements of a tensor: beyond it neither a
// circuit nor a reference would fit any memory.
const MostElements = 1 << 28

// push appends an operation. After an error it keeps the shape, so that the caller
// can go on, and the error is what the program is known by.
func (p *Program) push(n Node) Value {
	n.ID, n.Stage = len(p.nodes), slices.Clone(p.stage)
	n.Shape = slices.Clone(n.Shape)
	elements := 1
	for i, d := range n.Shape {
		if size, ok := p.dims[d.Name]; ok && size != d.size {
			p.Failf(n.Op, "dimension %s has size %s here and %s elsewhere", d.Name, sizeText(d.size), sizeText(size))
		}
		p.dims[d.Name] = d.size
		if d.Open() {
			p.open = true
			continue
		}
		if d.size < 1 {
			p.Failf(n.Op, "dimension %s has size %d", d.Name, d.size)
			n.Shape[i].size = 1
		}
		if elements > MostElements/n.Shape[i].size {
			p.Failf(n.Op, "shape %v has more than %d elements", n.Shape, MostElements)
			n.Shape[i].size = 1
		}
		elements *= n.Shape[i].size
	}
	p.nodes = append(p.nodes, n)
	return Value{p, n.ID}
}

// bound fails the program if a range left 64-bit integers.
func (p *Program) bound(op Op, c checked) {
	if c.overflow && p.err == nil {
		p.err = &RangeError{fmt.Sprintf("%v in stage %q", op, strings.Join(p.stage, "/")), "its range does not fit 64 bits"}
	}
}

func (p *Program) node(v Value) *Node {
	if v.p != p {
		panic("compile: a value of another program")
	}
	return &p.nodes[v.id]
}

// Input adds a tensor of integers that are read from input bits: two's complement
// if signed, else unsigned. Each element becomes one input port, named with its
// indices, such as "x[2,3]".
func (p *Program) Input(name string, shape Shape, bits int, signed bool) Value {
	if bits < 1 || bits > 62 {
		p.Failf(OpInput, "%q has %d bits; 1 to 62 are possible", name, bits)
		bits = 1
	}
	r := Range{0, 1<<bits - 1}
	if signed {
		r = Range{-1 << (bits - 1), 1<<(bits-1) - 1}
	}
	p.nameInput(OpInput, name)
	v := p.push(Node{Op: OpInput, Shape: shape, Bounds: r, Name: name, Bits: bits, Signed: signed})
	p.inputs = append(p.inputs, v.id)
	return v
}

// Tokens adds a tensor of tokens, each one-hot over a vocabulary, which is a new
// last axis of the shape. Each token becomes one input port whose integer is the
// index of the token.
func (p *Program) Tokens(name string, shape Shape, vocabulary Dim) Value {
	full := append(slices.Clone(shape), vocabulary)
	p.nameInput(OpTokens, name)
	v := p.push(Node{Op: OpTokens, Shape: full, Bounds: Range{0, 1}, OneHot: true, Name: name})
	p.inputs = append(p.inputs, v.id)
	return v
}

func (p *Program) nameInput(op Op, name string) {
	for _, id := range p.inputs {
		if p.nodes[id].Name == name {
			p.Failf(op, "two inputs are named %q", name)
		}
	}
}

// Output names a result. Each element becomes one output port, or each group of a
// one-hot last axis, as ArgMax makes.
func (p *Program) Output(name string, v Value) {
	p.node(v)
	for _, o := range p.outputs {
		if o.Name == name {
			p.Failf(p.nodes[v.id].Op, "two outputs are named %q", name)
		}
	}
	p.outputs = append(p.outputs, Output{name, v.id})
}

// Linear returns W·x + bias along the last axis of x, which becomes the axis out.
// The bias may be nil.
//
// Shapes: x [..., in], W out×in; result [..., out]. Depth 0. The program keeps W and
// the bias, which must not be changed afterwards.
func (p *Program) Linear(x Value, w *Matrix, bias []int64, out string) Value {
	n := p.node(x)
	if len(n.Shape) == 0 || n.Shape.Last() != w.Columns {
		p.Failf(OpLinear, "a matrix with %d columns on a value of shape %v", w.Columns, n.Shape)
		return x
	}
	if w.Rows < 1 || len(w.Data) != w.Rows*w.Columns {
		p.Failf(OpLinear, "a %d×%d matrix with %d numbers", w.Rows, w.Columns, len(w.Data))
		return x
	}
	if bias != nil && len(bias) != w.Rows {
		p.Failf(OpLinear, "a bias of %d numbers for %d rows", len(bias), w.Rows)
		return x
	}
	c := p.arithmetic()
	var all Range
	for i := range w.Rows {
		r := c.row(w.Row(i), n)
		if bias != nil {
			r = c.plus(r, Range{bias[i], bias[i]})
		}
		if i == 0 {
			all = r
		}
		all = Range{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}
	}
	p.bound(OpLinear, c)
	shape := append(slices.Clone(n.Shape[:len(n.Shape)-1]), Dim{out, w.Rows})
	return p.push(Node{Op: OpLinear, Args: []int{x.id}, Shape: shape, Bounds: all, Matrix: w, Bias: bias})
}

// row returns the range of Σ w·x over one row. Exactly one element of a one-hot
// row is 1, so its range is that of the weights.
func (c *checked) row(w []int64, x *Node) Range {
	if x.OneHot {
		return Range{slices.Min(w), slices.Max(w)}
	}
	var r Range
	for _, k := range w {
		r = c.plus(r, c.scale(k, x.Bounds))
	}
	return r
}

// Add returns x + y. The shape of y must be that of x, or its last axes.
func (p *Program) Add(x, y Value) Value {
	a, b := p.node(x), p.node(y)
	if k := len(a.Shape) - len(b.Shape); k < 0 || !a.Shape[k:].Equal(b.Shape) {
		p.Failf(OpAdd, "shapes %v and %v do not fit", a.Shape, b.Shape)
		return x
	}
	c := p.arithmetic()
	r := c.plus(a.Bounds, b.Bounds)
	p.bound(OpAdd, c)
	return p.push(Node{Op: OpAdd, Args: []int{x.id, y.id}, Shape: a.Shape, Bounds: r})
}

// Affine returns k·x + offset, element by element.
func (p *Program) Affine(k int64, x Value, offset int64) Value {
	n := p.node(x)
	c := p.arithmetic()
	r := c.plus(c.scale(k, n.Bounds), Range{offset, offset})
	p.bound(OpAffine, c)
	return p.push(Node{Op: OpAffine, Args: []int{x.id}, Shape: n.Shape, Bounds: r, Scale: k, Offset: offset})
}

// Reduce returns the sum of x along the named axis, which goes away. Only one axis
// may have the name.
func (p *Program) Reduce(x Value, axis string) Value {
	n := p.node(x)
	at := -1
	for i, d := range n.Shape {
		switch {
		case d.Name != axis:
		case at >= 0:
			p.Failf(OpReduce, "shape %v has two axes %q", n.Shape, axis)
			return x
		default:
			at = i
		}
	}
	if at < 0 {
		p.Failf(OpReduce, "shape %v has no axis %q", n.Shape, axis)
		return x
	}
	c := p.arithmetic()
	r := c.reduced(p, n, at)
	p.bound(OpReduce, c)
	return p.push(Node{Op: OpReduce, Args: []int{x.id}, Shape: slices.Delete(slices.Clone(n.Shape), at, at+1), Bounds: r, Axis: at})
}

// Gather returns the tensor of the given shape whose element i is element from(i)
// of x, counted in row-major order. Slices, transposes, reshapes and broadcasts
// are all of this form; the usual ones have methods of their own, of which more is
// known when a program is read for every size. The note says which, for listings.
func (p *Program) Gather(x Value, shape Shape, note string, from func(i int) int) Value {
	return p.gather(x, shape, note, nil, from)
}

// gather is Gather with what is known of the arrangement; nil if nothing is.
func (p *Program) gather(x Value, shape Shape, note string, layout []Source, from func(i int) int) Value {
	n := p.node(x)
	if shape.Open() || n.Shape.Open() {
		oneHot := n.OneHot && layout != nil && keepsLast(layout, n.Shape, shape)
		return p.push(Node{Op: OpGather, Args: []int{x.id}, Shape: shape, Bounds: n.Bounds, OneHot: oneHot, Layout: layout, Note: note})
	}
	index := make([]int32, shape.Len())
	for i := range index {
		j := from(i)
		if j < 0 || j >= n.Shape.Len() {
			p.Failf(OpGather, "%s: element %d of %d", note, j, n.Shape.Len())
			return x
		}
		index[i] = int32(j)
	}
	oneHot := n.OneHot && len(shape) > 0 && keepsRows(index, shape.Last(), n.Shape.Last())
	return p.push(Node{Op: OpGather, Args: []int{x.id}, Shape: shape, Bounds: n.Bounds, OneHot: oneHot, Index: index, Layout: layout, Note: note})
}

// keepsRows reports whether a gather moves whole rows of the last axis, so that a
// one-hot axis stays one.
func keepsRows(index []int32, to, from int) bool {
	if to != from {
		return false
	}
	for i, j := range index {
		if int(j)%from != i%to || i%to > 0 && index[i-1] != j-1 {
			return false
		}
	}
	return true
}

// Select returns x at one index of its first axis, which goes away.
func (p *Program) Select(x Value, at int) Value {
	shape := p.node(x).Shape
	if len(shape) == 0 {
		p.Failf(OpGather, "select from a scalar")
		return x
	}
	rest := shape[1:]
	layout := []Source{{Moved: true}}
	for k := range rest {
		layout = append(layout, Source{Axes: []int{k}, Exact: true})
	}
	return p.gather(x, rest, fmt.Sprintf("%s=%d", shape[0].Name, at), layout, func(i int) int { return at*rest.Len() + i })
}

// Step returns f(x), element by element. As a thermometer code it has depth 1 and a
// gate for each jump that can happen; digits and binary codes have fewer literals and
// more depth.
func (p *Program) Step(x Value, f Staircase) Value {
	n := p.node(x)
	if err := f.Check(); err != nil {
		p.Failf(OpStep, "%v", err)
		return x
	}
	return p.push(Node{Op: OpStep, Args: []int{x.id}, Shape: n.Shape, Bounds: f.Range(n.Bounds), Steps: f})
}

// Contract returns the sums of products that the specification names, in the
// notation of einsum: "if,jf->ij" is the product of x and the transpose of y. Every
// letter of the result must occur in x or y.
//
// Depth 1, an AND for each pair of literals that meet, and 0 where a threshold gate
// absorbs the other literal; 0 and no gate if x or y is a Const.
func (p *Program) Contract(spec string, x, y Value) Value {
	a, b := p.node(x), p.node(y)
	e, shape, err := parseEinsum(spec, a.Shape, b.Shape)
	if err != nil {
		p.Failf(OpContract, "%v", err)
		return x
	}
	c := p.arithmetic()
	r := c.contract(e, a, b)
	p.bound(OpContract, c)
	return p.push(Node{Op: OpContract, Args: []int{x.id, y.id}, Shape: shape, Bounds: r, Einsum: e})
}

// contract returns the range of a contraction: exact per element if one operand is
// constant, never negative for squares.
func (c *checked) contract(e *Einsum, x, y *Node) Range {
	if x.Op != OpConst && y.Op != OpConst {
		product := c.times(x.Bounds, y.Bounds)
		if x.ID == y.ID && e.Diagonal() {
			product = Range{0, max(product.Lo, product.Hi)}
			if !x.Bounds.Contains(0) {
				product.Lo = min(c.mul(x.Bounds.Lo, x.Bounds.Lo), c.mul(x.Bounds.Hi, x.Bounds.Hi))
			}
		}
		switch { // one term of each sum is not 0
		case x.OneHot && e.Selects(true):
			return y.Bounds
		case y.OneHot && e.Selects(false):
			return x.Bounds
		}
		return c.manyOf(e, product)
	}
	if e.open() || x.Op == OpConst && x.Data == nil || y.Op == OpConst && y.Data == nil {
		return c.manyOf(e, c.times(x.Bounds, y.Bounds))
	}
	var all, r Range
	first := true
	widen := func() {
		if first {
			all = r
		}
		all, first = Range{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}, false
	}
	e.Each(func(i int) bool {
		if i > 0 {
			widen()
		}
		r = Range{}
		return true
	}, func(i, j int) {
		if x.Op == OpConst {
			r = c.plus(r, c.scale(x.Data[i], y.element(j)))
		} else {
			r = c.plus(r, c.scale(y.Data[j], x.Bounds))
		}
	})
	widen()
	return all
}

// element returns the range of element i.
func (n *Node) element(i int) Range {
	if n.Op == OpConst {
		return Range{n.Data[i], n.Data[i]}
	}
	return n.Bounds
}

// Quotient returns ⌊num/den⌋, clipped to out, element by element. The shape of den
// must be that of num, or its first axes. No element of den may be able to be 0 or
// less.
//
// Depth 1, one gate for each value of out that can be reached, but the least.
func (p *Program) Quotient(num, den Value, out Range) Value {
	a, b := p.node(num), p.node(den)
	switch {
	case len(b.Shape) > len(a.Shape) || !a.Shape[:len(b.Shape)].Equal(b.Shape):
		p.Failf(OpQuotient, "shapes %v and %v do not fit", a.Shape, b.Shape)
		return num
	case b.Bounds.Lo < 1:
		if p.err == nil {
			p.err = &RangeError{fmt.Sprintf("Quotient in stage %q", strings.Join(p.stage, "/")), fmt.Sprintf("the denominator is in %v and must be positive", b.Bounds)}
		}
		return num
	case out.Lo > out.Hi:
		p.Failf(OpQuotient, "the range %v is empty", out)
		return num
	}
	// Clipping to what can be reached is the same function, and has no idle levels.
	reach := Range{
		min(floorDiv(a.Bounds.Lo, b.Bounds.Lo), floorDiv(a.Bounds.Lo, b.Bounds.Hi)),
		max(floorDiv(a.Bounds.Hi, b.Bounds.Lo), floorDiv(a.Bounds.Hi, b.Bounds.Hi)),
	}
	out = Range{min(max(reach.Lo, out.Lo), out.Hi), min(max(reach.Hi, out.Lo), out.Hi)}
	if levels := uint64(out.Hi) - uint64(out.Lo); levels > mostLevels {
		p.Failf(OpQuotient, "the quotient has %d levels, more than %d", levels, mostLevels)
		return num
	}
	return p.push(Node{Op: OpQuotient, Args: []int{num.id, den.id}, Shape: a.Shape, Bounds: out})
}

// mostLevels is the greatest number of levels of a Quotient.
const mostLevels = 1 << 24
