package program

import (
	"sort"

	"github.com/tc0lab/tc0/circuit"
)

// mostLevels is the greatest number of levels of a quotient.
const mostLevels = 1 << 24

// Quotient returns ⌊num/den⌋, clipped to out, element by element. The shape of den must be the
// shape of num, or its first axes. The range of den must be above 0.
//
// Depth 1, one gate for each value of out that can be reached, except the least.
func (p *Program) Quotient(num, den Value, out Range) Value {
	n := Node{Op: OpQuotient, Bounds: out, Asked: out}
	switch {
	case !p.divides(&n, num, den, "denominator"):
		return num
	case out.Lo > out.Hi:
		p.Failf(OpQuotient, "the range %v is empty", out)
		return num
	}
	if uint64(out.Hi)-uint64(out.Lo) > mostLevels { // not clipped: only the levels that are reached
		out = clippedQuotient(p.node(num).span(), p.node(den).span(), out)
		n.Asked, n.Func = out, true
	}
	if levels := uint64(out.Hi) - uint64(out.Lo); levels > mostLevels {
		p.Failf(OpQuotient, "the quotient has %d levels, more than %d", levels, mostLevels)
		return num
	}
	return p.push(n, num, den)
}

// divides checks the operands of a quotient n, and gives n the shape of x.
func (p *Program) divides(n *Node, x, y Value, name string) bool {
	a, b := p.node(x).Shape, p.node(y)
	n.Shape = a
	switch {
	case len(b.Shape) > len(a) || !a[:len(b.Shape)].Equal(b.Shape):
		p.Failf(n.Op, "shapes %v and %v do not fit", a, b.Shape)
	case b.Bounds.Lo < 1:
		p.failRange(n.Op, "the %s is in %s and must be positive", name, b.rangeText())
	default:
		return true
	}
	return false
}

// clippedQuotient returns the part of out that can be reached. A quotient that is clipped to it
// is the same function, without idle levels.
func clippedQuotient(num, den span, out Range) Range {
	lo, hi := num.lo.over(den.lo), num.hi.over(den.lo)
	if num.lo.n.Sign() > 0 {
		lo = num.lo.over(den.hi)
	}
	if num.hi.n.Sign() < 0 {
		hi = num.hi.over(den.hi)
	}
	return Range{lo.clip(out), hi.clip(out)}
}

func deriveQuotient(n *Node) span {
	return clippedQuotient(n.Arg(0).span(), n.Arg(1).span(), n.Bounds).span()
}

func runQuotient(n *Node, v, x, y []int64) { divide(n, v, x, y, circuit.NewInt, n.quotient) }

// divide runs a quotient n, element by element.
func divide[T any](
	n *Node, v []int64, x, y []T, exact func(T) circuit.Int, quotient func(i int, x, y circuit.Int) int64,
) {
	each := len(v) / len(y)
	for i := range v {
		v[i] = quotient(i, exact(x[i]), exact(y[i/each]))
	}
}

func (n *Node) quotient(_ int, x, y circuit.Int) int64 { return n.Bounds.clip(x.FloorDiv(y)) }

func termsOfQuotient(n *Node, i int, f TermFunc) int64 {
	f(0, i, 0)
	f(1, i/(n.Shape.Len()/n.Arg(1).Shape.Len()), 0)
	return 0
}

func detailQuotient(*Node) string { return "clipped" }

// RootQuotient returns ⌊(x/√y + offset)/unit⌋, clipped to out. It is the operation of
// normalisation layers. The shape of y must be the shape of x, or its first axes. The range of y
// must be above 0. The offsets stand along the last axis of x, and may be nil. The unit must be
// above 0.
//
// Depth 2 from the literals of x, and 1 from the literals of x² and y. The quotient is at least t
// where x ≥ τ·√y with τ = unit·t − offset. For τ > 0 this means x ≥ 0 and x² − τ²·y ≥ 0. For
// τ < 0 it means x ≥ 0 or τ²·y − x² ≥ 0. The sign enters the sum with a weight that decides.
func (p *Program) RootQuotient(x, y Value, unit int64, offset []int64, out Range) Value {
	n := Node{Op: OpRootQuotient, Bounds: out, Asked: out, Unit: unit, Data: offset}
	switch {
	case !p.divides(&n, x, y, "radicand"):
		return x
	case len(n.Shape) > 16:
		p.Failf(OpRootQuotient, "of %d axes; the limit is 16", len(n.Shape))
		return x
	case unit < 1 || out.Lo > out.Hi || uint64(out.Hi)-uint64(out.Lo) > mostLevels:
		p.Failf(OpRootQuotient, "unit %d and range %v", unit, out)
		return x
	case offset != nil && len(offset) != n.Shape.Last():
		p.Failf(OpRootQuotient, "%d offsets for shape %v", len(offset), n.Shape)
		return x
	}
	for _, o := range append([]int64{0}, offset...) {
		if !out.span().scale(finite(unit)).plus(point(o).scale(finite(-1))).fits() {
			p.failRange(OpRootQuotient, "unit %d, offset %d and range %v make thresholds beyond 64 bits", unit, o, out)
		}
	}
	return p.push(n, x, y)
}

// OffsetOf returns the offset of element i of a RootQuotient.
func (n *Node) OffsetOf(i int) int64 { return orZero(n.Data, i) }

func runRootQuotient(n *Node, v, x, y []int64) { divide(n, v, x, y, circuit.NewInt, n.rootQuotient) }

// rootQuotient finds the number of levels that are reached by bisection.
func (n *Node) rootQuotient(i int, x, y circuit.Int) int64 {
	return n.Bounds.Lo + int64(sort.Search(levelsOf(n, 0, 0), func(k int) bool {
		return !reaches(x, circuit.NewInt(n.Unit*(n.Bounds.Lo+1+int64(k))-n.OffsetOf(i)), y)
	}))
}

// reaches reports whether x ≥ τ·√y, exactly.
func reaches(x, tau, y circuit.Int) bool {
	square := x.Mul(x).Cmp(tau.Mul(tau).Mul(y))
	switch {
	case tau.Sign() <= 0 && x.Sign() >= 0:
		return true
	case tau.Sign() > 0 && x.Sign() < 0:
		return false
	case tau.Sign() > 0:
		return square >= 0
	}
	return square <= 0
}
