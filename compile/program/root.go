package program

import (
	"fmt"
	"math/bits"
	"sort"
	"strings"
)

// RootQuotient returns ⌊(x/√y + offset)/unit⌋, clipped to out: the operation of
// normalisation layers. The shape of y must be that of x, or its first axes; no
// element of y may be able to be 0 or less. The offsets stand along the last axis of
// x, and may be nil; unit > 0.
//
// Depth 2 from the literals of x and 1 from those of x² and y: the quotient is at
// least t where x ≥ τ·√y with τ = unit·t − offset. For τ > 0 that is x ≥ 0 and
// x² − τ²·y ≥ 0, for τ < 0 it is x ≥ 0 or τ²·y − x² ≥ 0; the sign enters the sum
// with a weight that decides.
func (p *Program) RootQuotient(x, y Value, unit int64, offset []int64, out Range) Value {
	a, b := p.node(x), p.node(y)
	switch {
	case len(b.Shape) > len(a.Shape) || !a.Shape[:len(b.Shape)].Equal(b.Shape):
		p.Failf(OpRootQuotient, "shapes %v and %v do not fit", a.Shape, b.Shape)
		return x
	case b.Bounds.Lo < 1:
		if p.err == nil {
			p.err = &RangeError{fmt.Sprintf("RootQuotient in stage %q", strings.Join(p.stage, "/")), fmt.Sprintf("the radicand is in %v and must be positive", b.Bounds)}
		}
		return x
	case unit < 1 || out.Lo > out.Hi || uint64(out.Hi)-uint64(out.Lo) > mostLevels:
		p.Failf(OpRootQuotient, "unit %d and range %v", unit, out)
		return x
	case offset != nil && len(offset) != a.Shape.Last():
		p.Failf(OpRootQuotient, "%d offsets for shape %v", len(offset), a.Shape)
		return x
	}
	c := p.arithmetic()
	for _, o := range append([]int64{0}, offset...) {
		for _, t := range []int64{out.Lo, out.Hi} {
			c.add(c.mul(unit, t), -o)
		}
	}
	c.add(a.Bounds.Hi, 1)
	c.add(a.Bounds.Lo, -1)
	p.bound(OpRootQuotient, c)
	return p.push(Node{Op: OpRootQuotient, Args: []int{x.id, y.id}, Shape: a.Shape, Bounds: out, Unit: unit, Data: offset})
}

// offsetOf returns the offset of element i of a RootQuotient.
func (n *Node) OffsetOf(i int) int64 {
	if n.Data == nil {
		return 0
	}
	return n.Data[i%len(n.Data)]
}

func runRootQuotient(v, x, y []int64, n *Node) {
	each := len(v) / len(y)
	for i := range v {
		// The number of levels that are reached, found by bisection.
		reached := sort.Search(int(n.Bounds.Hi-n.Bounds.Lo), func(k int) bool {
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
	// Both have one sign, so that the squares decide.
	square := Absolute(tau)
	hi, lo := bits.Mul64(Absolute(x), Absolute(x))
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
