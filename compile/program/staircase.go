package program

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"sort"

	"github.com/tc0lab/tc0/circuit"
)

// Staircase is a function from integers to integers with finitely many jumps:
//
//	f(x) = Base + Σ Jump[i] over the i with At[i] ≤ x.
//
// At is strictly increasing, and jumps are not 0. A Step takes any function of one bounded integer in
// this form. Each jump becomes one threshold gate.
type Staircase struct {
	Base int64
	At   []int64
	Jump []int64

	cut bool // jumps beyond 64 bits are left out
}

// Apply returns f(x).
func (f Staircase) Apply(x int64) int64 {
	y := f.Base
	for _, j := range f.Jump[:f.Jumps(x)] {
		y += j
	}
	return y
}

// Jumps returns the number of jumps at or before x.
func (f Staircase) Jumps(x int64) int {
	return sort.Search(len(f.At), func(i int) bool { return f.At[i] > x })
}

// jumps is Jumps for a number of any size.
func (f Staircase) jumps(x circuit.Int) int {
	v, ok := x.Int64()
	switch {
	case ok:
		return f.Jumps(v)
	case x.Sign() < 0:
		return 0
	}
	return len(f.At)
}

// table returns the value after each number of jumps, for fast repeated use.
func (f Staircase) table() []int64 {
	values := make([]int64, len(f.At)+1)
	values[0] = f.Base
	for i, j := range f.Jump {
		values[i+1] = values[i] + j
	}
	return values
}

// Range returns the least and greatest value of f on the given domain.
func (f Staircase) Range(domain Range) Range { return f.over(domain.span()) }

// over is Range for a domain of any size.
func (f Staircase) over(domain span) Range {
	return spanned(f.table()[f.jumps(domain.lo.n) : f.jumps(domain.hi.n)+1])
}

// Uniform returns the distance of the jumps if they are evenly spaced, unit and at
// least one; false otherwise.
func (f Staircase) Uniform() (step int64, ok bool) {
	if len(f.At) == 0 || !f.Unit() {
		return 0, false
	}
	step = 1
	for i := range f.At[1:] {
		distance := uint64(f.At[i+1]) - uint64(f.At[i]) // may not fit an int64
		if i == 0 {
			step = int64(distance)
		}
		if step < 0 || distance != uint64(step) {
			return 0, false
		}
	}
	return step, true
}

// Unit reports whether every jump is 1. Then the thresholds are a thermometer code of the value.
func (f Staircase) Unit() bool {
	return !slices.ContainsFunc(f.Jump, func(j int64) bool { return j != 1 })
}

// Check returns what is wrong with f; nil if nothing is.
func (f Staircase) Check() error {
	if len(f.At) != len(f.Jump) {
		return fmt.Errorf("a staircase with %d positions and %d jumps", len(f.At), len(f.Jump))
	}
	y := point(f.Base)
	for i := range f.At {
		if f.Jump[i] == 0 || i > 0 && f.At[i] <= f.At[i-1] {
			return fmt.Errorf("jump %d of a staircase is 0 or out of order", i)
		}
		if y = y.plus(point(f.Jump[i])); !y.fits() {
			return fmt.Errorf("the values of a staircase do not fit 64 bits")
		}
	}
	return nil
}

// Step returns f(x), element by element. As a thermometer code it has depth 1 and a gate for each
// jump that can happen. Digits and binary codes have fewer literals and more depth.
//
// Errors: a [*RangeError] of the program if x leaves 64 bits and f may jump there: [Round] left out
// levels that are beyond 64 bits, or f jumps at −2^63.
func (p *Program) Step(x Value, f Staircase) Value {
	if err := f.Check(); err != nil {
		p.Failf(OpStep, "%v", err)
		return x
	}
	if r := p.node(x).span(); !f.within(r) {
		p.failRange(OpStep, "its operand is in %v; the limit of a jump is 64 bits", r)
		return x
	}
	return p.push(Node{Op: OpStep, Shape: p.node(x).Shape, Steps: f}, x)
}

// within reports whether f is as meant on all of r. It may not be beyond 64 bits if jumps there were
// left out. There, lowering may also miss a jump at the least integer.
func (f Staircase) within(r span) bool {
	least := len(f.At) > 0 && f.At[0] == everything.Lo && f.jumps(r.lo.n) == 0
	return r.fits() || !f.cut && !least
}

func deriveStep(n *Node) span { return n.Steps.over(n.Arg(0).span()).span() }

func runStep(n *Node, v, x, _ []int64) {
	table := n.Steps.table()
	for i := range v {
		v[i] = table[n.Steps.Jumps(x[i])]
	}
}

func detailStep(n *Node) string {
	if n.Count != nil {
		return fmt.Sprintf("%v jumps", n.Count)
	}
	return fmt.Sprintf("%d jumps", len(n.Steps.At))
}

// jump appends a jump, or adds it to one at the same place.
func (f *Staircase) jump(at, by int64) {
	switch n := len(f.At); {
	case by == 0:
	case n > 0 && f.At[n-1] == at:
		f.Jump[n-1] += by
	default:
		f.At, f.Jump = append(f.At, at), append(f.Jump, by)
	}
}

// Tabulate returns the staircase that equals f on the domain. It is constant on either side of the
// domain. It calls f once for each integer of the domain. Use [Monotone] for wide domains.
func Tabulate(domain Range, f func(int64) int64) Staircase {
	s := Staircase{Base: f(domain.Lo)}
	last := s.Base
	for x := domain.Lo; x < domain.Hi; {
		x++
		y := f(x)
		s.jump(x, y-last)
		last = y
	}
	return s
}

// Monotone returns the staircase that equals f on the domain. The function f must be monotone.
// Bisection finds each jump, so the cost grows with the number of jumps and with the logarithm of
// the width of the domain.
func Monotone(domain Range, f func(int64) int64) Staircase {
	s := Staircase{Base: f(domain.Lo)}
	x, y, end := domain.Lo, s.Base, f(domain.Hi)
	for y != end {
		lo, hi := x, domain.Hi          // f(lo) = y, f(hi) ≠ y
		for uint64(hi)-uint64(lo) > 1 { // their distance may not fit an int64
			mid := lo + int64((uint64(hi)-uint64(lo))/2)
			if f(mid) == y {
				lo = mid
			} else {
				hi = mid
			}
		}
		next := f(hi)
		s.jump(hi, next-y)
		x, y = hi, next
	}
	return s
}

// Total returns the sum of the absolute jumps.
func (f Staircase) Total() *big.Int {
	total := new(big.Int)
	for _, j := range f.Jump {
		total.Add(total, new(big.Int).Abs(big.NewInt(j)))
	}
	return total
}

// Round returns the staircase ⌊x/unit + 1/2⌋, clipped to out: division by unit > 0,
// rounded to the nearest, halves up. Clipped at 0 from below it is a ReLU. Levels
// that no 64-bit integer reaches are left out. Then it is for 64-bit integers only.
func Round(unit int64, out Range) Staircase {
	s := Staircase{Base: out.Lo}
	for y := out.Lo; y < out.Hi; {
		y++
		// ⌊(2x + unit)/(2·unit)⌋ ≥ y from x = ⌈(2y−1)·unit/2⌉ on. The ceiling is
		// written so that all jumps are unit apart, for odd units too.
		at, ok := circuit.NewInt(y).Mul(circuit.NewInt(unit)).Sub(circuit.NewInt(unit / 2)).Int64()
		s.cut = s.cut || !ok
		switch {
		case ok:
			s.jump(at, 1)
		case y > 0: // beyond every integer, as are the levels above it
			return s
		default: // before every integer
			s.Base = y
		}
	}
	return s
}

// ExpMost bounds the values of [Exp] on the domain and on every shorter one. A shorter one has a fraction of f' ≤ f
// bits and the greatest value 2^f'·exp(−alpha·width/(2·(levels+1))), where alpha·width > (f' − guard − 1)·ln 2.
func ExpMost(alpha float64, domain Range, levels, guard int) int64 {
	bits := math.Ceil(alpha * (float64(domain.Hi) - float64(domain.Lo)) / math.Ln2)
	if !(bits+float64(guard) <= 52) || levels < 1 {
		return math.MaxInt64 // Exp refuses it
	}
	most := 0.0
	for b := 0.0; b <= bits; b++ {
		most = max(most, math.Exp2(b+float64(guard)-max(0, b-1)/(2*float64(levels+1))))
	}
	return int64(math.Ceil(most * (1 + 1e-9)))
}

// Exp returns a quantised exponential: the domain is cut into levels+1 equal
// pieces, and on each the value is 2^fraction·exp(alpha·(middle − domain.Hi)),
// rounded and at least 1. Outside the domain it is constant. Its relative error on
// the domain is at most exp(alpha·width/(2·(levels+1))) − 1, plus rounding.
//
// Errors: a [*RangeError] unless alpha is finite and at least 0, the domain is not
// empty and less than 2^53 wide, and the values fit 52 bits.
//
// Since softmax does not change when a constant is added to all scores, the scale
// does not matter to it; fraction is chosen so that rounding is below 2^−guard of
// the least value.
func Exp(alpha float64, domain Range, levels, guard int) (Staircase, error) {
	width := float64(domain.Hi) - float64(domain.Lo)
	if !(alpha >= 0) || math.IsInf(alpha, 1) || !(width >= 0 && width < 1<<53) {
		return Staircase{}, &RangeError{"exp", fmt.Sprintf("alpha %g on the domain %v: "+
			"alpha must be finite and at least 0, and the domain less than 2^53 wide", alpha, domain)}
	}
	fraction := math.Ceil(alpha*width/math.Ln2) + float64(guard)
	if fraction > 52 {
		return Staircase{}, &RangeError{"exp", fmt.Sprintf("the scores span a factor of exp(%.1f), "+
			"which needs %.0f bits and has 52", alpha*width, fraction)}
	}
	if levels < 1 {
		return Staircase{}, &RangeError{"exp", fmt.Sprintf("%d levels", levels)}
	}
	pieces := float64(levels + 1)
	value := func(piece float64) int64 {
		middle := (piece + 0.5) / pieces * width
		return max(1, int64(math.RoundToEven(math.Exp2(fraction)*math.Exp(float64(alpha*(middle-width))))))
	}
	s := Staircase{Base: value(0)}
	last := s.Base
	for i := 1; i <= levels; i++ {
		v := value(float64(i))
		s.jump(domain.Lo+int64(math.Ceil(float64(i)/pieces*width)), v-last)
		last = v
	}
	return s, nil
}

// ExpTail returns a quantised exponential of a distance x ≤ 0: about 2^fraction·exp(alpha·x) for
// alpha·x ≥ −width, and 0 before. Between there are as many pieces as levels. They are equally long in
// exp(alpha·x/3), so they are short where the weights are large. This lies between equal errors of the
// ratio and equal errors of the value; on sharp models it halves the error of equally long pieces. On
// each piece the value is that of its middle. From x = 0 on it is that of 0, since every row has such an
// element. The fraction is chosen so that exp(−width) has guard bits before the point.
//
// Errors: a [*RangeError] unless alpha and width are positive, width/alpha is less than 2^53, and the
// values fit 52 bits.
func ExpTail(alpha, width float64, levels, guard int) (Staircase, error) {
	if !(alpha > 0 && width > 0 && width/alpha < 1<<53) || math.IsInf(alpha, 1) || levels < 1 {
		return Staircase{}, &RangeError{"exp", fmt.Sprintf("alpha %g, a width of %g and %d levels: "+
			"all must be positive, and the distances less than 2^53", alpha, width, levels)}
	}
	fraction := math.Ceil(width/math.Ln2) + float64(guard)
	if fraction > 52 {
		return Staircase{}, &RangeError{"exp", fmt.Sprintf("a span of exp(%.1f) below the greatest score "+
			"needs %.0f bits and has 52; give a smaller one", width, fraction)}
	}
	const part = 3
	least := math.Exp(-width / part)
	pieces := float64(levels)
	value := func(x int64) int64 {
		d := float64(alpha * float64(x))
		switch {
		case d < -width:
			return 0
		case x >= 0:
			d = 0
		default:
			piece := math.Min(math.Floor((math.Exp(d/part)-least)/(1-least)*pieces), pieces-1)
			d = part * math.Log(least+float64((1-least)*(piece+0.5)/pieces))
		}
		return max(1, int64(math.RoundToEven(math.Exp2(fraction)*math.Exp(d))))
	}
	return Monotone(Range{Lo: -int64(math.Floor(width/alpha)) - 1}, value), nil
}
