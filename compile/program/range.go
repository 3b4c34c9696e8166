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

// Signed returns the range of the integers of some bits, two's complement.
func Signed(bits int) Range { return Range{-1 << (bits - 1), 1<<(bits-1) - 1} }

// Contains reports whether v is in r.
func (r Range) Contains(v int64) bool { return r.Lo <= v && v <= r.Hi }

// Bounded reports whether both ends are bounds. In an open program an end may stand for infinity.
func (r Range) Bounded() bool { return !unbounded(r.Lo) && !unbounded(r.Hi) }

// join returns the least range that contains r and s.
func (r Range) join(s Range) Range { return Range{min(r.Lo, s.Lo), max(r.Hi, s.Hi)} }

// clip returns the number in r that is next to v.
func (r Range) clip(v int64) int64 { return min(max(v, r.Lo), r.Hi) }

// point returns the range of one number.
func point(v int64) Range { return Range{v, v} }

// spanned returns the least range that contains the numbers.
func spanned(numbers []int64) Range {
	r := nothing
	for _, v := range numbers {
		r = r.join(point(v))
	}
	return r
}

// nothing is the empty range, to which others are joined. everything has no bounds.
var (
	nothing    = Range{math.MaxInt64, math.MinInt64}
	everything = Range{math.MinInt64, math.MaxInt64}
)

// RangeError says that a value of a program does not fit the range it must have.
type RangeError struct {
	Value string // the operation that makes it
	What  string
}

func (e *RangeError) Error() string { return "compile: " + e.Value + ": " + e.What }

// checked is int64 arithmetic that remembers whether anything overflowed. Programs compute in
// int64. A program refuses an operation if its range does not fit, so the integer reference
// never overflows.
type checked struct {
	overflow bool
	// In an open program a number that leaves int64 becomes unbounded instead, and it stays
	// unbounded. The greatest and the least integer stand for infinity.
	saturate bool
}

// arithmetic returns the arithmetic of the ranges of p.
func (p *Program) arithmetic() checked { return checked{saturate: p.open} }

// unbounded reports whether x stands for infinity.
func unbounded(x int64) bool { return x == math.MaxInt64 || x == math.MinInt64 }

func (c *checked) add(x, y int64) int64 {
	sum := x + y
	switch {
	case c.saturate && unbounded(x):
		return x
	case c.saturate && unbounded(y):
		return y
	case y == 0 || (sum > x) == (y > 0):
		return sum
	}
	return c.beyond(sum, y < 0)
}

func (c *checked) mul(x, y int64) int64 {
	negative := (x < 0) != (y < 0)
	hi, lo := bits.Mul64(absolute(x), absolute(y))
	product := int64(lo)
	if negative {
		product = -product
	}
	if hi != 0 || lo >= 1<<63 || c.saturate && x != 0 && y != 0 && (unbounded(x) || unbounded(y)) {
		return c.beyond(product, negative)
	}
	return product
}

// beyond returns what stands for a number that left int64, of which v is left.
func (c *checked) beyond(v int64, negative bool) int64 {
	switch {
	case !c.saturate:
		c.overflow = true
		return v
	case negative:
		return math.MinInt64
	}
	return math.MaxInt64
}

// absolute returns |v|, which may be too large for an int64.
func absolute(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

func (c *checked) plus(r, s Range) Range { return Range{c.add(r.Lo, s.Lo), c.add(r.Hi, s.Hi)} }

func (c *checked) scale(k int64, r Range) Range {
	return point(c.mul(k, r.Lo)).join(point(c.mul(k, r.Hi)))
}

func (c *checked) times(r, s Range) Range {
	return c.scale(r.Lo, s).join(c.scale(r.Hi, s))
}

// less returns the dimension k smaller; an open one stays open.
func (d Dim) less(k int) Dim {
	if !d.Open() {
		d.size -= k
	}
	return d
}

// manyTimes returns the range of a sum with one value for each index of d. An open dimension is at
// least 1.
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
		r = c.manyTimes(l.Dim, r)
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
