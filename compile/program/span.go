package program

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
)

// span is a range with ends of any size. Operations derive the ranges of their values as spans. In
// an open program an end may be infinite.
type span struct{ lo, hi end }

// end is one end of a span.
type end struct {
	n        circuit.Int
	infinite bool // less or greater than every integer, as the sign of n says; n is beyond 64 bits
}

var (
	below = end{circuit.Pow2(64).Neg(), true}
	above = end{circuit.Pow2(64), true}

	// empty is the span to which others are joined.
	empty = span{above, below}
)

func finite(v int64) end { return end{n: circuit.NewInt(v)} }

// point returns the span of one number.
func point(v int64) span { return span{finite(v), finite(v)} }

func (r Range) span() span { return span{finite(r.Lo), finite(r.Hi)} }

// less reports whether e < f.
func (e end) less(f end) bool {
	switch {
	case e.infinite && f.infinite:
		return e.n.Sign() < f.n.Sign()
	case e.infinite:
		return e.n.Sign() < 0
	case f.infinite:
		return f.n.Sign() > 0
	}
	return e.n.Cmp(f.n) < 0
}

// plus returns e + f. If both are infinite, they are the same.
func (e end) plus(f end) end {
	switch {
	case e.infinite:
		return e
	case f.infinite:
		return f
	}
	return end{n: e.n.Add(f.n)}
}

// times returns e·f. An infinite end stands for numbers without a bound, so 0 times it is 0.
func (e end) times(f end) end {
	switch {
	case !e.infinite && !f.infinite:
		return end{n: e.n.Mul(f.n)}
	case e.n.Sign()*f.n.Sign() < 0:
		return below
	case e.n.Sign()*f.n.Sign() > 0:
		return above
	}
	return end{}
}

// over returns ⌊e/f⌋ for f > 0.
func (e end) over(f end) end {
	switch {
	case e.infinite:
		return e
	case !f.infinite:
		return end{n: e.n.FloorDiv(f.n)}
	case e.n.Sign() < 0:
		return finite(-1)
	}
	return end{}
}

// clip returns the number in r that is next to e.
func (e end) clip(r Range) int64 { return r.clip(e.n) }

func (r span) plus(s span) span { return span{r.lo.plus(s.lo), r.hi.plus(s.hi)} }

// join returns the least span that contains r and s.
func (r span) join(s span) span {
	if s.lo.less(r.lo) {
		r.lo = s.lo
	}
	if r.hi.less(s.hi) {
		r.hi = s.hi
	}
	return r
}

// scale returns the span of e·x for the x in r.
func (r span) scale(e end) span {
	lo, hi := e.times(r.lo), e.times(r.hi)
	if e.n.Sign() < 0 {
		lo, hi = hi, lo
	}
	return span{lo, hi}
}

// times returns the span of x·y for the x in r and the y in s.
func (r span) times(s span) span { return s.scale(r.lo).join(s.scale(r.hi)) }

// manyTimes returns the span of a sum with one value in r for each index of d. An open dimension is
// at least 1.
func (r span) manyTimes(d Dim) span {
	if !d.Open() {
		return r.scale(finite(int64(d.Size())))
	}
	if r.lo.n.Sign() < 0 {
		r.lo = below
	}
	if r.hi.n.Sign() > 0 {
		r.hi = above
	}
	return r
}

// meets reports whether r and s have a number in common.
func (r span) meets(s span) bool { return !s.hi.less(r.lo) && !r.hi.less(s.lo) }

// equal reports whether r and s are the same.
func (r span) equal(s span) bool {
	same := func(e, f end) bool { return !e.less(f) && !f.less(e) }
	return same(r.lo, s.lo) && same(r.hi, s.hi)
}

// saturated returns the range of the 64-bit integers next to the ends.
func (r span) saturated() Range { return Range{r.lo.clip(everything), r.hi.clip(everything)} }

// fits reports whether both ends are 64-bit integers.
func (r span) fits() bool {
	_, lo := r.lo.n.Int64()
	_, hi := r.hi.n.Int64()
	return lo && hi
}

// String returns, for example, "-4..3".
func (r span) String() string { return fmt.Sprintf("%v..%v", r.lo.n, r.hi.n) }

// span returns the range of n. In an open program, ends that leave 64 bits are infinite.
func (n *Node) span() span {
	if n.wide != nil {
		return *n.wide
	}
	r := n.Bounds.span()
	if n.p.open && n.Bounds.Lo == everything.Lo {
		r.lo = below
	}
	if n.p.open && n.Bounds.Hi == everything.Hi {
		r.hi = above
	}
	return r
}

// keep makes r the range of n. An open program keeps no numbers beyond 64 bits, so ranges that
// change in each copy of a repeated body become constant.
func (n *Node) keep(r span) {
	n.Bounds, n.wide = r.saturated(), nil
	if !n.p.open && !r.fits() {
		n.wide = &r
	}
}

// Ends returns the least and the greatest number of the range of n. They may lie beyond 64 bits.
// It reports false if there is no bound, as in an open program.
func (n *Node) Ends() (lo, hi circuit.Int, bounded bool) {
	r := n.span()
	return r.lo.n, r.hi.n, !r.lo.infinite && !r.hi.infinite
}

// Ends is [Node.Ends] of the operation that makes v.
func (v Value) Ends() (lo, hi circuit.Int, bounded bool) {
	v.p.peek(v.id)
	return v.p.nodes[v.id].Ends()
}

// Domain returns the range of v for a block that computes with it. If it does not fit 64 bits, the
// program fails with a [*RangeError] that names the block.
func (p *Program) Domain(v Value, block string) Range {
	n := p.node(v)
	if n.wide != nil {
		p.Fail(&RangeError{block, fmt.Sprintf("its operand is in %v, which does not fit 64 bits", n.wide)})
	}
	return n.Bounds
}
