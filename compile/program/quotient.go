package program

import (
	"math/bits"
	"sort"
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
		out = clippedQuotient(p.node(num).Bounds, p.node(den).Bounds, out)
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
		p.failRange(n.Op, "the %s is in %v and must be positive", name, b.Bounds)
	default:
		return true
	}
	return false
}

// clippedQuotient returns the part of out that can be reached. A quotient that is clipped to it
// is the same function, without idle levels.
func clippedQuotient(num, den, out Range) Range {
	lo := min(floorDiv(num.Lo, den.Lo), floorDiv(num.Lo, den.Hi))
	hi := max(floorDiv(num.Hi, den.Lo), floorDiv(num.Hi, den.Hi))
	return Range{out.clip(lo), out.clip(hi)}
}

func deriveQuotient(_ *checked, n *Node) {
	n.Bounds = clippedQuotient(n.Arg(0).Bounds, n.Arg(1).Bounds, n.Bounds)
}

func runQuotient(n *Node, v, x, y []int64) {
	each := len(v) / len(y)
	for i := range v {
		v[i] = n.Bounds.clip(floorDiv(x[i], y[i/each]))
	}
}

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
	case unit < 1 || out.Lo > out.Hi || uint64(out.Hi)-uint64(out.Lo) > mostLevels:
		p.Failf(OpRootQuotient, "unit %d and range %v", unit, out)
		return x
	case offset != nil && len(offset) != n.Shape.Last():
		p.Failf(OpRootQuotient, "%d offsets for shape %v", len(offset), n.Shape)
		return x
	}
	c := p.arithmetic()
	for _, o := range append([]int64{0}, offset...) {
		c.plus(c.scale(unit, out), point(-o))
	}
	c.plus(p.node(x).Bounds, Range{-1, 1})
	p.bound(OpRootQuotient, c)
	return p.push(n, x, y)
}

// OffsetOf returns the offset of element i of a RootQuotient.
func (n *Node) OffsetOf(i int) int64 { return orZero(n.Data, i) }

func runRootQuotient(n *Node, v, x, y []int64) {
	each := len(v) / len(y)
	for i := range v {
		// The number of levels that are reached, found by bisection.
		reached := sort.Search(levelsOf(n, 0, 0), func(k int) bool {
			tau := n.Unit*(n.Bounds.Lo+1+int64(k)) - n.OffsetOf(i)
			return !reaches(x[i], tau, y[i/each])
		})
		v[i] = n.Bounds.Lo + int64(reached)
	}
}

// reaches reports whether x ≥ τ·√y, exactly.
func reaches(x, tau, y int64) bool {
	if tau <= 0 && x >= 0 {
		return true
	}
	if tau > 0 && x < 0 {
		return false
	}
	// Both have the same sign, so the squares decide.
	square := absolute(tau)
	hi, lo := bits.Mul64(absolute(x), absolute(x))
	// τ²·y has up to 192 bits.
	high, low := bits.Mul64(square, square)
	top, middle := bits.Mul64(high, uint64(y))
	carry, bottom := bits.Mul64(low, uint64(y))
	middle, c := bits.Add64(middle, carry, 0)
	top += c
	less := top > 0 || middle > hi || middle == hi && bottom > lo // x² < τ²·y
	if tau > 0 {
		return !less
	}
	equal := top == 0 && middle == hi && bottom == lo
	return less || equal
}
