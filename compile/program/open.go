package program

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/room"
)

// An open program leaves the size of a dimension open. It is the same list of operations for every
// n. It can be read, but not lowered or run. Some numbers depend on the size, such as the weights
// of a layer that is as wide as the input. Functions make these numbers. They are called only in a
// program of a certain size.

// Open reports whether the size of a dimension is open, or numbers are, see [Program.LeaveNumbers].
func (p *Program) Open() bool { return p.open }

// LeaveNumbers leaves the numbers of functions open, such as those of [Program.LinearFunc], also if no size is.
func (p *Program) LeaveNumbers() { p.open, p.left = true, true }

// Symbol gives a number of the family a name for formulas, such as p for the bits of a feature. It
// also defines 2^p.
func (p *Program) Symbol(name string, value int) poly.Poly {
	if !named(name) || name == "n" || value < 0 {
		p.Fail(fmt.Errorf("compile: a symbol %q = %d: a symbol has a name of letters and digits other than n, and no "+
			"negative value", name, value))
	}
	if before, ok := p.lets[name]; ok && before != int64(value) {
		p.Fail(fmt.Errorf("compile: the symbol %s is %d here and %d elsewhere", name, value, before))
	}
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
	case p.falls(&count):
		p.Failf(n.Op, "the number of literals %v may fall as n grows, or is not whole", count)
	case want.Cmp(have) < 0 && !p.open, n.Op == OpInput && want.Cmp(have) != 0:
		p.Failf(n.Op, "%d literals, and %v = %v declared", have, count, want)
	}
	n.Count = &count
}

// Symbols returns the values of all symbols of p that have one.
func (p *Program) Symbols() map[string]*big.Int {
	values := map[string]*big.Int{}
	for name, size := range p.dims {
		if size > open {
			values[name] = big.NewInt(int64(size))
		}
	}
	for name, v := range p.lets {
		values[name] = big.NewInt(v)
	}
	if p.n > 0 {
		values["n"] = big.NewInt(int64(p.n))
	}
	return values
}

// SizeOf returns the size of a dimension as a formula. An open one is a multiple of n. Another one is a symbol of
// its name, or a number if the name means something else in formulas.
func (p *Program) SizeOf(d Dim) poly.Poly {
	_, taken := p.lets[d.Name]
	switch {
	case d.Open():
		return poly.Symbol("n").Times(poly.Int(int64(d.Factor())))
	case d.size == 1 || taken || d.Name == "n" || !named(d.Name):
		return poly.Int(int64(d.size))
	}
	return poly.Symbol(d.Name)
}

// named reports whether a name is that of a symbol, and not of a number or a formula.
func named(name string) bool {
	return unicode.IsLetter([]rune(name + "0")[0]) && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !strings.ContainsRune("0123456789_'", r)
	})
}

// LinearFunc is Linear for a matrix with a size or numbers that depend on an open size. Its number
// of rows is out. The formula most bounds the absolute entries of the matrix and the bias; in an
// open program it is a formula in the sizes. A program that breaks the bound fails.
func (p *Program) LinearFunc(x Value, out Dim, most poly.Poly, make func() (w *Matrix, bias []int64)) Value {
	if !p.open && !out.Open() {
		w, bias := make()
		if w.Rows != out.Size() {
			p.Failf(OpLinear, "a matrix of %d rows for %v", w.Rows, out)
			return x
		}
		v := p.bounded(p.Linear(x, w, bias, out.Name), most, w.Data...)
		p.within(OpLinear, most, bias...)
		return v
	}
	shape := p.node(x).Shape
	if len(shape) == 0 {
		p.Failf(OpLinear, "of a scalar")
		return x
	}
	return p.push(Node{
		Op: OpLinear, Shape: shape.butLast().with(out), Bounds: everything, Given: true, Func: true, Most: &most,
	}, x)
}

// bounded marks an operation as one whose numbers depend on a size. It fails the program if a number is
// beyond the declared bound.
func (p *Program) bounded(v Value, most poly.Poly, numbers ...int64) Value {
	n := p.node(v)
	n.Func, n.Most = true, &most
	p.within(n.Op, most, numbers...)
	return v
}

// falls reports whether a declared bound may fall as n grows: whether it has a negative coefficient even in n − 1. Then
// some n may have no member. It also reports a bound that is not whole at some n.
func (p *Program) falls(bound *poly.Poly) bool {
	if bound == nil {
		return false
	}
	values, inN := p.Symbols(), map[string]poly.Poly{}
	for name, v := range values {
		inN[name] = poly.Big(v)
	}
	inN["n"] = poly.Symbol("n").Plus(poly.Int(1))
	later := bound.Substitute(inN)
	if !poly.Max(later, poly.Poly{}).Equal(later) {
		return true
	}
	for n := range int64(12) {
		if values["n"] = big.NewInt(n + 1); !whole(bound, values) {
			return true
		}
	}
	return false
}

// whole reports whether a formula is a whole number, if its symbols have values.
func whole(f *poly.Poly, values map[string]*big.Int) bool {
	for _, s := range f.Symbols() {
		if _, ok := values[s]; !ok {
			return true // of this another check speaks
		}
	}
	_, ok := f.At(values)
	return ok
}

// within fails the program if a number of an operation is beyond the declared bound.
func (p *Program) within(op Op, most poly.Poly, numbers ...int64) {
	bound, ok := most.At(p.Symbols())
	if !ok {
		p.Failf(op, "the symbols of %v have no values", most)
		return
	}
	small := int64(-1) // the bound, if it is an int64
	if bound.IsInt64() {
		small = bound.Int64()
	}
	for _, k := range numbers {
		if max(k, -k) <= small && k != math.MinInt64 {
			continue
		}
		if new(big.Int).Abs(big.NewInt(k)).Cmp(bound) > 0 {
			p.Failf(op, "the number %d is beyond the declared bound %v = %v", k, most, bound)
			break
		}
	}
}

// AffineFunc is Affine for a factor k that depends on an open size and is not 0. The formula most
// bounds |k|, as in LinearFunc.
func (p *Program) AffineFunc(x Value, most poly.Poly, make func() (k int64)) Value {
	if !p.open {
		k := make()
		return p.bounded(p.Affine(k, x, 0), most, k)
	}
	return p.push(Node{
		Op: OpAffine, Shape: p.node(x).Shape, Bounds: everything, Given: true, Scale: 1, Func: true, Most: &most,
	}, x)
}

// StepFunc is Step for a function with jumps that depend on an open size. All its values are in out.
// The formula literals bounds the number of its jumps. A program that breaks these bounds fails. The code
// of its value is a thermometer under every strategy, since other codes depend on the jumps.
func (p *Program) StepFunc(x Value, out Range, literals poly.Poly, make func() Staircase) Value {
	return p.stepFunc(x, Node{Asked: out}, literals, make)
}

// TurningFunc is [Program.StepFunc] for a function that turns a few times. The formula literals bounds the sum of its
// absolute jumps, and so also their number.
func (p *Program) TurningFunc(x Value, out Range, literals poly.Poly, make func() Staircase) Value {
	v := p.StepFunc(x, out, literals, make)
	n := p.node(v)
	if n.Op != OpStep || p.err != nil {
		return v
	}
	n.Total = &literals
	total := new(big.Int)
	for _, j := range n.Steps.Jump {
		total.Add(total, new(big.Int).Abs(big.NewInt(j)))
	}
	if most, ok := literals.At(p.Symbols()); !p.open && (!ok || total.Cmp(most) > 0) {
		p.Failf(OpStep, "the jumps add up to %d, beyond the declared bound %v", total, literals)
	}
	return v
}

// RoundFunc is Step of [Round] for a unit that depends on an open size. The formula most bounds the unit, as
// in LinearFunc.
func (p *Program) RoundFunc(x Value, out Range, literals, most poly.Poly, unit func() int64) Value {
	return p.stepFunc(x, Node{Asked: out, Even: true, Most: &most}, literals, func() Staircase {
		u := unit()
		if u < 1 {
			p.Failf(OpStep, "the unit %d", u)
			u = 1
		}
		return Round(u, out)
	})
}

func (p *Program) stepFunc(x Value, n Node, literals poly.Poly, make func() Staircase) Value {
	if p.open {
		n.Op, n.Shape, n.Bounds, n.Given, n.Func = OpStep, p.node(x).Shape, n.Asked, true, true
		n.Steps, n.Count = Staircase{Base: n.Asked.Lo}, &literals
		return p.push(n, x)
	}
	f := make()
	v := p.Step(x, f)
	if step := p.node(v); step.Op == OpStep && p.err == nil {
		step.Func, step.Asked, step.Even = true, n.Asked, n.Even
		for _, y := range f.table() {
			if !n.Asked.Contains(y) {
				p.Failf(OpStep, "the value %d is outside the declared range %v", y, n.Asked)
				break
			}
		}
		if width, _ := f.Uniform(); n.Even {
			p.bounded(v, *n.Most, width)
			if int64(len(f.At)) != n.Asked.Hi-n.Asked.Lo {
				p.failRange(OpStep, "a level of %v is beyond 64 bits", n.Asked)
			}
		}
	}
	p.Literals(v, literals)
	return v
}

// Varies says that the jumps of a Step depend on the range of its operand, and so on the size. In the program for
// every size they are all jumps that there can be. The code of its value is a thermometer under every strategy.
func (p *Program) Varies(v Value) {
	if n := p.node(v); n.Op == OpStep {
		n.Func, n.Asked = true, Range{}
	}
}

// VariesIfUnit is [Program.Varies] for a Step that only rises, by 1 at each jump. So no choice of the numbers of a
// Step gives it a binary code.
func (p *Program) VariesIfUnit(v Value) {
	if n := p.node(v); n.Op == OpStep && n.Steps.Unit() {
		p.Varies(v)
	}
}

// BuildOpen makes an open program. If build asks for an open size, the error is an
// [*OpenSizeError].
func BuildOpen(build func() (*Program, error)) (p *Program, err error) {
	defer room.Catch(&err)
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

// WidenWeight widens the range of the weights in an open program. What the weights are depends on the range of
// the scores, and that on the size. At some sizes the scores may span less. Then the least weight is smaller, down to
// 1, and the greatest one is at most most; see [ExpMost]. Under a mask the least weight is 0. The jumps of the
// function are positive.
func (p *Program) WidenWeight(w Value, most int64) {
	n := p.node(w)
	n.Func = true
	if n.Steps.Base < 0 || slices.ContainsFunc(n.Steps.Jump, func(j int64) bool { return j < 0 }) {
		p.Failf(n.Op, "weights that may be below 0")
	}
	if !p.open || n.Op != OpStep && n.Op != OpMaxStep {
		return
	}
	n.Bounds.Hi, n.Given = max(n.Bounds.Hi, most), true
	if n.Op == OpStep {
		n.Bounds.Lo = min(n.Bounds.Lo, 1)
	} else if n.Causal != nil {
		n.Bounds.Lo = min(n.Bounds.Lo, 0)
	}
}
