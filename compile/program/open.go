package program

import (
	"math/big"

	"github.com/tc0lab/tc0/compile/poly"
)

// An open program leaves the size of a dimension open. It is the same list of operations for every
// n. It can be read, but not lowered or run. Some numbers depend on the size, such as the weights
// of a layer that is as wide as the input. Functions make these numbers. They are called only in a
// program of a certain size.

// Open reports whether the size of a dimension is open.
func (p *Program) Open() bool { return p.open }

// Symbol gives a number of the family a name for formulas, such as p for the bits of a feature. It
// also defines 2^p.
func (p *Program) Symbol(name string, value int) poly.Poly {
	p.lets[name] = int64(value)
	if value >= 0 && value < 62 {
		p.lets["2^"+name] = 1 << value
	}
	return poly.Symbol(name)
}

// Literals declares how many gates or wires code one element of v, as a formula in the program's
// symbols. For an Input these are its bits. For a Step, a MaxStep or a quotient the formula bounds
// the levels that the function can have in the range of any size.
func (p *Program) Literals(v Value, count poly.Poly) {
	n := p.node(v)
	want, ok := count.At(p.Symbols())
	have := big.NewInt(int64(n.Literals()))
	switch {
	case !ok:
		p.Failf(n.Op, "the symbols of %v have no values", count)
	case want.Cmp(have) < 0 && !p.open, n.Op == OpInput && want.Cmp(have) != 0:
		p.Failf(n.Op, "%d literals, and %v = %v declared", have, count, want)
	}
	n.Count = &count
}

// Symbols returns the values of all symbols of p that have one.
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

// LinearFunc is Linear for a matrix with a size or numbers that depend on an open size. Its number
// of rows is out. The formula most bounds the absolute entries of the matrix and the bias; in an
// open program it is a formula in the sizes.
func (p *Program) LinearFunc(x Value, out Dim, most poly.Poly, make func() (w *Matrix, bias []int64)) Value {
	if !p.open && !out.Open() {
		w, bias := make()
		if w.Rows != out.Size() {
			p.Failf(OpLinear, "a matrix of %d rows for %v", w.Rows, out)
			return x
		}
		return p.Linear(x, w, bias, out.Name)
	}
	shape := p.node(x).Shape
	if len(shape) == 0 {
		p.Failf(OpLinear, "of a scalar")
		return x
	}
	return p.push(Node{Op: OpLinear, Shape: shape.butLast().with(out), Bounds: everything, Given: true, Most: &most}, x)
}

// AffineFunc is Affine for a factor k that depends on an open size and is not 0. The formula most
// bounds |k|, as in LinearFunc.
func (p *Program) AffineFunc(x Value, most poly.Poly, make func() (k int64)) Value {
	if !p.open {
		return p.Affine(make(), x, 0)
	}
	return p.push(Node{Op: OpAffine, Shape: p.node(x).Shape, Bounds: everything, Given: true, Scale: 1, Most: &most}, x)
}

// StepFunc is Step for a function with jumps that depend on an open size. Its values stay in out.
// The formula literals bounds the number of its jumps.
func (p *Program) StepFunc(x Value, out Range, literals poly.Poly, make func() Staircase) Value {
	if !p.open {
		v := p.Step(x, make())
		p.Literals(v, literals)
		return v
	}
	f := Staircase{Base: out.Lo}
	return p.push(Node{Op: OpStep, Shape: p.node(x).Shape, Bounds: out, Given: true, Steps: f, Count: &literals}, x)
}

// BuildOpen makes an open program. If build asks for an open size, the error is an
// [*OpenSizeError].
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

// WidenWeight widens the range of the weights in an open program. At some sizes the scores may span
// less, and then the least weight is smaller, down to 1. Under a mask the least weight is 0.
func (p *Program) WidenWeight(w Value) {
	n := p.node(w)
	switch {
	case !p.open:
	case n.Op == OpStep:
		n.Bounds.Lo, n.Given = min(n.Bounds.Lo, 1), true
	case n.Causal != nil:
		n.Bounds.Lo, n.Given = min(n.Bounds.Lo, 0), true
	}
}
