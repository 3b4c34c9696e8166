package forecast

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// Method says where a forecast comes from.
type Method string

// From the surest on.
const (
	Counted Method = "counted"    // the circuit was built and counted
	Exact   Method = "polynomial" // a polynomial through smaller members, which one more confirmed
	Power   Method = "power"      // the growth of smaller members goes on
	Scaled  Method = "scaled"     // as the bound, of which so much is left as with smaller parameters
	Bound   Method = "bound"      // formulas that hold for all weights: the circuit has at most so much
)

// Forecast is what a circuit will be like.
type Forecast struct {
	Counts
	Method  Method
	Members []int // the n of the smaller members that were built

	like string                 // the spec with smaller parameters
	at   func(n float64) Counts // nil if there is no n
}

// Note says where the forecast comes from.
func (f *Forecast) Note() string {
	switch f.Method {
	case Counted:
		return "counted, on the circuit"
	case Exact:
		return fmt.Sprintf("by the polynomial through those of n = %s", ns(f.Members))
	case Power:
		return fmt.Sprintf("as those of n = %s grow", ns(f.Members))
	case Scaled:
		return "by the formulas, of which so much is left as in " + f.like
	}
	return "at most, by formulas for all weights; equal gates are merged, and may make it several times less"
}

func ns(members []int) string {
	text := fmt.Sprint(members[0])
	for _, n := range members[1:] {
		text += fmt.Sprintf(", %d", n)
	}
	return text
}

// margin is how far off the memory of a forecast may be.
func (f *Forecast) margin() float64 {
	switch f.Method {
	case Counted, Exact:
		return 2
	case Power, Scaled:
		return 4
	}
	return math.Inf(1)
}

// Refusal returns an error if the build would surely take more memory than there is. What says what is built.
func (f *Forecast) Refusal(what string) error {
	bound := room.Bound()
	if f.Least() <= float64(bound.Bytes) {
		return nil
	}
	need := int64(math.MaxInt64)
	if f.Bytes() < math.MaxInt64 {
		need = int64(f.Bytes())
	}
	hint := ""
	if n := f.Most(float64(bound.Bytes)); n > 0 {
		hint = fmt.Sprintf("; n <= %d would fit", n)
	}
	return &room.Error{What: fmt.Sprintf("%s, with about %.3g gates", what, f.Gates), Need: need, Bound: bound, Hint: hint}
}

// Least is the memory that the build takes at the least, in bytes: what is beyond it would surely not fit. It is 0 of a
// [Bound].
func (f *Forecast) Least() float64 { return f.Bytes() / f.margin() }

// Most is the greatest n for which so many bytes are enough by the forecast; 0 if there is none.
func (f *Forecast) Most(bytes float64) int {
	fits := func(n int) bool { return f.at(float64(n)).Bytes() <= bytes }
	if f.at == nil || !fits(1) {
		return 0
	}
	low, high := 1, 2
	for high < math.MaxInt/2 && fits(high) {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := low + (high-low)/2; fits(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// Member builds the circuit of a family for n. The program is nil if the circuit comes from none.
type Member func(ctx context.Context, n int) (*circuit.Circuit, *program.Program, error)

// Effort is what one member may take that is built for a forecast: as much as so many gates.
type Effort float64

// Quick is for a look before a build, and Thorough for somebody who asks, or before a build of minutes.
const (
	Quick    Effort = 20_000
	Thorough Effort = 400_000
)

// What the first members may have by their formulas.
const (
	mostGates = 200_000
	mostWires = 20_000_000
	most      = 64 // n in a row that have no member
)

// Family forecasts the member of a family for n. Smaller members are those from the least on; possible says which there
// are. The bound is that of any n, if there is one. The forecast is nil if there is none and members are large already.
func Family(
	ctx context.Context, least, n int, possible func(n int) bool, make Member, bound func(n int) (Counts, bool),
	effort Effort,
) (*Forecast, error) {
	m := &members{bound: bound, effort: effort}
	add := func(n int) error {
		c, p, err := make(ctx, n)
		if err == nil {
			m.n, m.counts = append(m.n, n), append(m.counts, Count(c, p))
		}
		return err
	}
	step := func(from int) int { // to the next that there is, not far
		for k := range most {
			if possible(from + k) {
				return from + k
			}
		}
		return n
	}
	for next := step(least); next < n && m.cheap(next) && !m.sure(); {
		if err := add(next); err != nil {
			return unless(errMuch, err)
		}
		if next < 8 {
			next = step(next + max(1, next/4*2))
		} else {
			next = step(2 * next)
		}
	}
	switch {
	case m.sure():
	case m.cheap(n):
		if err := add(n); err != nil {
			return unless(errMuch, err)
		}
		return &Forecast{Counts: m.counts[len(m.counts)-1], Method: Counted}, nil
	case len(m.n) < few:
		b, ok := bound(n)
		if !ok {
			return nil, nil
		}
		return &Forecast{Counts: b, Method: Bound}, nil
	}
	return m.grown(n), nil
}

// errMuch is the error of a [Member] that would take long to build.
var errMuch = errors.New("forecast: a member takes too much")

func unless(known, err error) (*Forecast, error) {
	if errors.Is(err, known) {
		return nil, nil
	}
	return nil, err
}

// members are those that were built and counted.
type members struct {
	n      []int
	counts []Counts
	bound  func(n int) (Counts, bool)
	effort Effort
}

// enough members tell a polynomial, and fewer than few no growth.
const (
	enough = 5
	few    = 3
)

// sure reports whether polynomials go through the members.
func (m *members) sure() bool { return len(m.n) >= enough && m.grown(m.n[len(m.n)-1]).Method == Exact }

// cheap reports whether the member for n takes little, by its formulas or as the others grow.
func (m *members) cheap(n int) bool {
	if len(m.n) < 2 {
		b, ok := m.bound(n)
		return !ok || b.Gates <= mostGates && b.Wires <= mostWires
	}
	var c Counts
	for i, v := range c.list() {
		*v = m.power(i)(float64(n))
	}
	return c.work() <= float64(m.effort)
}

// grown is the forecast for n as the members grow. No bound is left.
func (m *members) grown(n int) *Forecast {
	f := &Forecast{Method: Exact, Members: m.n}
	curves := [6]func(n float64) float64{}
	for i := range curves {
		var ok bool
		if curves[i], ok = polynomial(m.n, m.column(i)); !ok {
			curves[i], f.Method = m.power(i), Power
		}
	}
	f.at = func(n float64) (c Counts) {
		for i, v := range c.list() {
			*v = curves[i](n)
		}
		if b, ok := m.bound(int(min(n, math.MaxInt32))); ok && n <= math.MaxInt32 && c.Gates > b.Gates {
			c.Terms *= b.Gates / c.Gates
			c.Gates, c.Wires = b.Gates, min(c.Wires, b.Wires)
		}
		return c
	}
	f.Counts = f.at(float64(n))
	return f
}

// column has count i of all members.
func (m *members) column(i int) []float64 {
	values := make([]float64, len(m.counts))
	for k := range m.counts {
		values[k] = *m.counts[k].list()[i]
	}
	return values
}

// power goes on with count i from the last member as a power of n, which is that from half its n on. What is merged in
// small members is merged less in greater ones, or the other way round, and not without end. So the exponents of gates,
// wires and terms move towards that of the bound, by shares that met the families best. None falls.
func (m *members) power(i int) func(n float64) float64 {
	last := len(m.n) - 1
	half := last - 1
	for half > 0 && 2*m.n[half] > m.n[last] {
		half--
	}
	ratio := math.Log(float64(m.n[last]) / float64(m.n[half]))
	exponentOf := func(before, now Counts, i int) float64 {
		return math.Log(*now.list()[i] / *before.list()[i]) / ratio
	}
	now := *m.counts[last].list()[i]
	exponent := exponentOf(m.counts[half], m.counts[last], i)
	before, ok := m.bound(m.n[half])
	if b, _ := m.bound(m.n[last]); ok && i <= termsAt {
		if ahead := exponentOf(m.counts[half], m.counts[last], 0) - exponentOf(before, b, 0); ahead > 0 {
			exponent -= ahead * 2 / 3
		} else {
			exponent -= ahead / 4
		}
	}
	if !(exponent > 0) || math.IsInf(exponent, 1) {
		exponent = 0
	}
	return func(n float64) float64 { return now * math.Pow(n/float64(m.n[last]), exponent) }
}

// polynomial returns the polynomial of the least degree through the points, or through all but the first ones, if one
// point more than it needs lies on it, and at least four in all. Its divided differences are exact.
func polynomial(x []int, y []float64) (at func(n float64) float64, ok bool) {
	for ; len(x) >= 4; x, y = x[1:], y[1:] {
		if at, ok := through(x, y); ok {
			return at, true
		}
	}
	return nil, false
}

func through(x []int, y []float64) (at func(n float64) float64, ok bool) {
	column := make([]*big.Rat, len(y))
	for i, v := range y {
		column[i] = new(big.Rat).SetFloat64(v)
	}
	var coefficients []float64
	for k := range y {
		if !slices.ContainsFunc(column, func(v *big.Rat) bool { return v.Sign() != 0 }) {
			return func(n float64) (sum float64) {
				for i := len(coefficients) - 1; i >= 0; i-- {
					sum = sum*(n-float64(x[i])) + coefficients[i]
				}
				return sum
			}, true
		}
		c, _ := column[0].Float64()
		coefficients = append(coefficients, c)
		for i := range len(column) - 1 {
			d := new(big.Rat).Sub(column[i+1], column[i])
			column[i] = d.Quo(d, new(big.Rat).SetInt64(int64(x[i+k+1]-x[i])))
		}
		column = column[:len(column)-1]
	}
	return nil, false
}

// Program forecasts the circuit of a program of one size, or one with n open at n.
func Program(p *program.Program, s lower.Strategy, n int) (*Forecast, error) {
	costs, err := formula.Of(p, s)
	if err != nil {
		return nil, err
	}
	c, ok := boundOf(costs, n)
	if !ok {
		return nil, fmt.Errorf("compile: the formulas of %s have no value at n = %d", p.Name(), n)
	}
	c.of(p)
	c.Terms = max(c.Terms, c.Numbers)
	return &Forecast{Counts: c, Method: Bound}, nil
}

// termsOfAGate is about how many terms a gate brings along in the circuits of trained models.
const termsOfAGate = 4

// boundOf evaluates formulas.
func boundOf(costs *formula.Costs, n int) (c Counts, ok bool) {
	at := big.NewInt(int64(n))
	gates, ok := costs.At(costs.Gates, at)
	wires, also := costs.At(costs.Wires, at)
	if !ok || !also {
		return c, false
	}
	c.Gates, _ = new(big.Float).SetInt(gates).Float64()
	c.Wires, _ = new(big.Float).SetInt(wires).Float64()
	c.Terms = termsOfAGate * c.Gates
	return c, true
}
