package program

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/compile/poly"
)

// Linear returns W·x + bias along the last axis of x. This axis becomes the axis out. The bias may
// be nil.
//
// Shapes: x [..., in], W out×in; result [..., out]. Depth 0. The program keeps W and the bias; do
// not change them afterwards.
func (p *Program) Linear(x Value, w *Matrix, bias []int64, out string) Value {
	n := p.node(x)
	switch {
	case len(n.Shape) == 0 || n.Shape.Last() != w.Columns:
		p.Failf(OpLinear, "a matrix with %d columns on a value of shape %v", w.Columns, n.Shape)
	case w.Data == nil && p.open && w.Most > 0 && bias == nil:
		return p.boundedLinear(x, w, out)
	case !w.complete():
		p.Failf(OpLinear, "a %d×%d matrix with %d numbers", w.Rows, w.Columns, len(w.Data))
	case bias != nil && len(bias) != w.Rows:
		p.Failf(OpLinear, "a bias of %d numbers for %d rows", len(bias), w.Rows)
	default:
		return p.push(Node{Op: OpLinear, Shape: n.Shape.butLast().with(NewDim(out, w.Rows)), Matrix: w, Bias: bias}, x)
	}
	return x
}

// boundedLinear is Linear for a matrix without numbers in an open program.
func (p *Program) boundedLinear(x Value, w *Matrix, out string) Value {
	n, most := p.node(x), poly.Int(w.Most)
	hull := n.span().join(n.span().scale(finite(-1))).scale(finite(w.Most))
	if !n.OneHot {
		hull = hull.scale(finite(int64(w.Columns)))
	}
	bounds := everything
	if hull.fits() {
		bounds = hull.saturated()
	}
	return p.push(Node{
		Op: OpLinear, Shape: n.Shape.butLast().with(NewDim(out, w.Rows)), Bounds: bounds, Given: true, Func: true,
		Most: &most,
	}, x)
}

func deriveLinear(n *Node) span {
	all := empty
	for i := range n.Matrix.Rows {
		all = all.join(n.Arg(0).row(n.Matrix.Row(i)).plus(point(orZero(n.Bias, i))))
	}
	return all
}

// row returns the range of Σ w·x over one row of x. Exactly one element of a one-hot row is 1, so
// the range of its sum is the range of the weights.
func (n *Node) row(w []int64) span {
	if n.OneHot {
		return spanned(w).span()
	}
	var positive, negative end
	for _, k := range w {
		if k > 0 {
			positive = positive.plus(finite(k))
		} else {
			negative = negative.plus(finite(k))
		}
	}
	return n.span().scale(positive).plus(n.span().scale(negative))
}

// orZero returns element i of numbers that repeat, or 0 if there are none.
func orZero(numbers []int64, i int) int64 {
	if numbers == nil {
		return 0
	}
	return numbers[i%len(numbers)]
}

// runLinear is the sum of the terms, without a call for each.
func runLinear(n *Node, v, x, _ []int64) {
	for i := range v {
		row, out, sum := i/n.Matrix.Rows, i%n.Matrix.Rows, int64(0)
		from := x[row*n.Matrix.Columns:]
		for k, w := range n.Matrix.Row(out) {
			sum += w * from[k]
		}
		v[i] = sum + orZero(n.Bias, out)
	}
}

func termsOfLinear(n *Node, i int, f TermFunc) int64 {
	row := i / n.Matrix.Rows * n.Matrix.Columns
	for k, w := range n.Matrix.Row(i % n.Matrix.Rows) {
		if w != 0 {
			f(0, row+k, w)
		}
	}
	return orZero(n.Bias, i)
}

func literalsOfLinear(n *Node, x, _ int) int { return x * n.Matrix.Columns }

func detailLinear(n *Node) string {
	text := "matrix for every size"
	if n.Matrix != nil {
		text = fmt.Sprintf("%d×%d matrix", n.Matrix.Rows, n.Matrix.Columns)
	}
	if n.Bias != nil {
		text += ", bias"
	}
	return text
}

// Add returns x + y. The shape of y must be the shape of x, or its last axes.
func (p *Program) Add(x, y Value) Value {
	a, b := p.node(x).Shape, p.node(y).Shape
	if k := len(a) - len(b); k < 0 || !a[k:].Equal(b) {
		p.Failf(OpAdd, "shapes %v and %v do not fit", a, b)
		return x
	}
	return p.push(Node{Op: OpAdd, Shape: a}, x, y)
}

func deriveAdd(n *Node) span { return n.Arg(0).span().plus(n.Arg(1).span()) }

func runAdd(_ *Node, v, x, y []int64) {
	for i := range v {
		v[i] = x[i] + y[i%len(y)]
	}
}

func termsOfAdd(n *Node, i int, f TermFunc) int64 {
	f(0, i, 1)
	f(1, i%n.Arg(1).Shape.Len(), 1)
	return 0
}

// Affine returns k·x + offset, element by element.
func (p *Program) Affine(k int64, x Value, offset int64) Value {
	return p.push(Node{Op: OpAffine, Shape: p.node(x).Shape, Scale: k, Offset: offset}, x)
}

func deriveAffine(n *Node) span { return n.Arg(0).span().scale(finite(n.Scale)).plus(point(n.Offset)) }

func runAffine(n *Node, v, x, _ []int64) {
	for i := range v {
		v[i] = n.Scale*x[i] + n.Offset
	}
}

func termsOfAffine(n *Node, i int, f TermFunc) int64 {
	f(0, i, n.Scale)
	return n.Offset
}

func detailAffine(n *Node) string { return fmt.Sprintf("·%d%+d", n.Scale, n.Offset) }

// Reduce returns the sum of x along the named axis. The result lacks this axis. Only one axis may
// have the name.
func (p *Program) Reduce(x Value, axis string) Value {
	shape := p.node(x).Shape
	named := func(d Dim) bool { return d.Name == axis }
	at := slices.IndexFunc(shape, named)
	switch {
	case at < 0:
		p.Failf(OpReduce, "shape %v has no axis %q", shape, axis)
	case slices.ContainsFunc(shape[at+1:], named):
		p.Failf(OpReduce, "shape %v has two axes %q", shape, axis)
	default:
		return p.push(Node{Op: OpReduce, Shape: slices.Delete(slices.Clone(shape), at, at+1), Axis: at}, x)
	}
	return x
}

func deriveReduce(n *Node) span { return n.reduced(n.Arg(0)) }

// summed returns the size of the axis that a Reduce sums along, and how far apart its
// elements are.
func (n *Node) summed() (size, inner int) {
	shape := n.Arg(0).Shape
	return shape[n.Axis].Size(), shape[n.Axis+1:].Len()
}

func runReduce(n *Node, v, x, _ []int64) {
	size, inner := n.summed()
	for i, w := range x {
		v[i/inner/size*inner+i%inner] += w
	}
}

func termsOfReduce(n *Node, i int, f TermFunc) int64 {
	size, inner := n.summed()
	for k := range size {
		f(0, (i/inner*size+k)*inner+i%inner, 1)
	}
	return 0
}

func literalsOfReduce(n *Node, x, _ int) int { return x * n.Arg(0).Shape[n.Axis].Size() }

func detailReduce(n *Node) string { return fmt.Sprintf("axis %d", n.Axis) }
