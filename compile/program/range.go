package program

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// Range is an interval of integers, both ends included.
type Range struct{ Lo, Hi int64 }

// String returns, for example, "-4..3".
func (r Range) String() string { return fmt.Sprintf("%d..%d", r.Lo, r.Hi) }

// Signed returns the range of the integers of some bits, two's complement.
func Signed(bits int) Range { return Range{-1 << (bits - 1), 1<<(bits-1) - 1} }

// Contains reports whether v is in r.
func (r Range) Contains(v int64) bool { return r.Lo <= v && v <= r.Hi }

// Bounded reports whether both ends are bounds. In the range of a value, the least and the greatest
// 64-bit integer may stand for an end beyond 64 bits, and in an open program for none.
func (r Range) Bounded() bool { return !unbounded(r.Lo) && !unbounded(r.Hi) }

// clip returns the number in r that is next to v.
func (r Range) clip(v circuit.Int) int64 {
	n, ok := v.Int64()
	switch {
	case !ok && v.Sign() < 0:
		return r.Lo
	case !ok:
		return r.Hi
	}
	return min(max(n, r.Lo), r.Hi)
}

// spanned returns the least range that contains the numbers, of which there is one at least.
func spanned(numbers []int64) Range { return Range{slices.Min(numbers), slices.Max(numbers)} }

// everything is the range of all 64-bit integers.
var everything = Range{math.MinInt64, math.MaxInt64}

// RangeError says that a value of a program does not fit the range it must have.
type RangeError struct {
	Value string // the operation that makes it
	What  string
}

func (e *RangeError) Error() string { return "compile: " + e.Value + ": " + e.What }

// unbounded reports whether x stands for infinity.
func unbounded(x int64) bool { return x == math.MaxInt64 || x == math.MinInt64 }

// less returns the dimension k smaller; an open one stays open.
func (d Dim) less(k int) Dim {
	if !d.Open() {
		d.size -= k
	}
	return d
}
