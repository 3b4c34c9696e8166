package program

import (
	"math"
	"math/big"

	"github.com/tc0lab/tc0/compile/poly"
)

// An open program is one that leaves the size of a dimension open: the same list of
// operations for every n. It can be read, not lowered or run. What depends on the size
// in it, such as the weights of a layer as wide as the input, is made by functions that
// are called in a program of a certain size only.

// Open reports whether the size of a dimension is open.
func (p *Program) Open() bool { return p.open }

// Symbol gives a number of the family a name under which formulas show it, such as p for
// the bits of a feature; 2^p comes with it.
func (p *Program) Symbol(name string, value int) poly.Poly {
	p.lets[name] = int64(value)
	if value >= 0 && value < 62 {
		p.lets["2^"+name] = 1 << value
	}
	return poly.Symbol(name)
}

// Literals declares how many gates or wires code one element of v, as a formula in the
// program's symbols: the bits of an Input; of a Step, a MaxStep or a Quotient at most so
// many levels as the function can have, whatever range the size gives it.
func (p *Program) Literals(v Value, count poly.Poly) {
	n := p.node(v)
	want, ok := count.At(p.Symbols())
	switch have := n.Literals(); {
	case !ok:
		p.Failf(n.Op, "the symbols of %v have no values", count)
	case want.Cmp(big.NewInt(int64(have))) < 0 && !p.open, n.Op == OpInput && want.Cmp(big.NewInt(int64(have))) != 0:
		p.Failf(n.Op, "%d literals, and %v = %v declared", have, count, want)
	}
	n.Count = &count
}

// symbols returns the values of all symbols of p that have one.
func (p *Program) Symbols() map[string]*big.Int {
	values := map[string]*big.Int{}
	for name, v := range p.lets {
		values[name] = big.NewInt(v)
	}
	for name, size := range p.dims {
		if size > open {
			values[name] = big.NewInt(int64(size))
		}
	}
	return values
}

// literals returns how many gates or wires code one element of an operation that makes
// codes; 0 for the others.
func (n *Node) Literals() int {
	switch n.Op {
	case OpInput:
		return n.Bits
	case OpStep, OpMaxStep:
		return len(n.Steps.At)
	case OpQuotient, OpRootQuotient:
		return int(n.Bounds.Hi - n.Bounds.Lo)
	}
	return 0
}

// LinearFunc is Linear for a matrix whose size or numbers depend on an open size: out is
// its number of rows, most bounds its absolute entries and those of the bias, in an
// open program as a formula in the sizes.
func (p *Program) LinearFunc(x Value, out Dim, most poly.Poly, make func() (w *Matrix, bias []int64)) Value {
	n := p.node(x)
	if !p.open && !out.Open() {
		w, bias := make()
		if w.Rows != out.Size() {
			p.Failf(OpLinear, "a matrix of %d rows for %v", w.Rows, out)
			return x
		}
		return p.Linear(x, w, bias, out.Name)
	}
	if len(n.Shape) == 0 {
		p.Failf(OpLinear, "of a scalar")
		return x
	}
	shape := append(Shape{}, n.Shape...)
	shape[len(shape)-1] = out
	return p.push(Node{Op: OpLinear, Args: []int{x.id}, Shape: shape, Bounds: Range{math.MinInt64, math.MaxInt64}, Most: &most})
}

// AffineFunc is Affine for a factor k, 0 excepted, that depends on an open size; most bounds
// |k| as LinearFunc's does.
func (p *Program) AffineFunc(x Value, most poly.Poly, make func() (k int64)) Value {
	if !p.open {
		return p.Affine(make(), x, 0)
	}
	n := p.node(x)
	return p.push(Node{Op: OpAffine, Args: []int{x.id}, Shape: n.Shape, Bounds: Range{math.MinInt64, math.MaxInt64}, Scale: 1, Most: &most})
}

// StepFunc is Step for a function whose jumps depend on an open size: its values stay in
// out, and it has at most as many jumps as literals says.
func (p *Program) StepFunc(x Value, out Range, literals poly.Poly, make func() Staircase) Value {
	if !p.open {
		v := p.Step(x, make())
		p.Literals(v, literals)
		return v
	}
	n := p.node(x)
	return p.push(Node{Op: OpStep, Args: []int{x.id}, Shape: n.Shape, Bounds: out, Steps: Staircase{Base: out.Lo}, Count: &literals})
}

// BuildOpen makes an open program, and returns as an error that it asked for a size.
func BuildOpen(build func() (*Program, error)) (p *Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			size, ok := r.(*OpenSizeError)
			if !ok {
				panic(r)
			}
			p, err = nil, size
		}
	}()
	return build()
}

// WidenWeight widens the range of the weights in an open program: a size may make the
// scores span less, and then the least weight is smaller, down to 1; under a mask it is 0.
func (p *Program) WidenWeight(w Value) {
	n := p.node(w)
	switch {
	case !p.open:
	case n.Op == OpStep:
		n.Bounds.Lo = min(n.Bounds.Lo, 1)
	case n.Causal != nil:
		n.Bounds.Lo = min(n.Bounds.Lo, 0)
	}
}
