package program

import (
	"fmt"
	"math"
	"math/bits"
)

// Range is an interval of integers, both ends included.
type Range struct{ Lo, Hi int64 }

// String returns, for example, "-4..3".
func (r Range) String() string { return fmt.Sprintf("%d..%d", r.Lo, r.Hi) }

// Contains reports whether v is in r.
func (r Range) Contains(v int64) bool { return r.Lo <= v && v <= r.Hi }

// RangeError says that a value of a program does not fit the range it must have.
type RangeError struct {
	Value string // the operation whose value it is
	What  string
}

func (e *RangeError) Error() string { return "compile: " + e.Value + ": " + e.What }

// checked is int64 arithmetic that remembers whether anything overflowed. Programs
// compute in int64 and refuse, when they are built, any operation whose range
// would leave it; so the integer reference never overflows.
type checked struct {
	overflow bool
	// In an open program a number that leaves int64 becomes unbounded instead, and
	// stays so: the greatest and the least integer stand for what has no bound.
	saturate bool
}

// arithmetic returns the arithmetic of the ranges of p.
func (p *Program) arithmetic() checked { return checked{saturate: p.open} }

func Unbounded(x int64) bool { return x == math.MaxInt64 || x == math.MinInt64 }

func (c *checked) add(x, y int64) int64 {
	switch {
	case !c.saturate:
	case Unbounded(x):
		return x
	case Unbounded(y):
		return y
	case y > 0 && x > math.MaxInt64-y:
		return math.MaxInt64
	case y < 0 && x < math.MinInt64-y:
		return math.MinInt64
	}
	s := x + y
	if (s > x) != (y > 0) && y != 0 {
		c.overflow = true
	}
	return s
}

func (c *checked) mul(x, y int64) int64 {
	neg := (x < 0) != (y < 0)
	hi, lo := bits.Mul64(Absolute(x), Absolute(y))
	if c.saturate && x != 0 && y != 0 && (hi != 0 || lo >= 1<<63 || Unbounded(x) || Unbounded(y)) {
		if neg {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	if hi != 0 || lo >= 1<<63 {
		c.overflow = true
	}
	if neg {
		return -int64(lo)
	}
	return int64(lo)
}

func Absolute(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

func (c *checked) plus(r, s Range) Range { return Range{c.add(r.Lo, s.Lo), c.add(r.Hi, s.Hi)} }

func (c *checked) scale(k int64, r Range) Range {
	a, b := c.mul(k, r.Lo), c.mul(k, r.Hi)
	return Range{min(a, b), max(a, b)}
}

func (c *checked) times(r, s Range) Range {
	a, b, d, e := c.mul(r.Lo, s.Lo), c.mul(r.Lo, s.Hi), c.mul(r.Hi, s.Lo), c.mul(r.Hi, s.Hi)
	return Range{min(a, b, d, e), max(a, b, d, e)}
}

// less returns the dimension k smaller; an open one stays open.
func (d Dim) less(k int) Dim {
	if !d.Open() {
		d.size -= k
	}
	return d
}

// manyTimes returns the range of a sum of as many values as d says; an open dimension
// is at least 1.
func (c *checked) manyTimes(d Dim, r Range) Range {
	if !d.Open() {
		return c.scale(int64(d.Size()), r)
	}
	if r.Lo < 0 {
		r.Lo = math.MinInt64
	}
	if r.Hi > 0 {
		r.Hi = math.MaxInt64
	}
	return r
}

// manyOf is manyTimes for the products in one result of a contraction.
func (c *checked) manyOf(e *Einsum, r Range) Range {
	for _, l := range e.Summed {
		r = c.manyTimes(Dim{size: l.Size}, r)
	}
	return r
}

// floorDiv returns ⌊x/y⌋ for y > 0.
func floorDiv(x, y int64) int64 {
	q := x / y
	if x%y < 0 {
		q--
	}
	return q
}
