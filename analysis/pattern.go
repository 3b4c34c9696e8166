package analysis

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/tc0lab/tc0/compile/poly"
)

// Pattern is a formula that numbers measured at some n meet exactly. It describes only those n: two
// families with the same numbers there can differ at greater n.
type Pattern struct {
	Kind    string `json:"kind"` // constant, polynomial, residue, logarithmic, exponential
	Formula string `json:"formula"`
	Degree  int    `json:"degree"` // of a polynomial in n, or in L

	// Poly is the polynomial in n; nil for other kinds.
	Poly *poly.Poly `json:"-"`
}

// The kinds of patterns that others ask for.
const (
	constantPattern    = "constant"
	polynomialPattern  = "polynomial"
	residuePattern     = "residue" // a polynomial in n for each residue of n
	logarithmicPattern = "logarithmic"
	exponentialPattern = "exponential"
)

// spare is how many more numbers a pattern must meet than it has parameters.
const spare = 2

// mostDegree is the greatest degree of a polynomial that is looked for.
const mostDegree = 8

// FindPattern looks for a formula that the numbers y at n meet exactly, in this order: a constant; a
// polynomial in n; a polynomial of degree 1 or 2 in ⌈log₂ n⌉, ⌊log₂ n⌋ or ⌈log₂(n − 1)⌉; a polynomial
// for each residue of n modulo 2, 3 or 4; (a·n + c)·b^n + d with a whole b. The n must rise, but need
// not be even steps. A formula must meet two numbers more than it has parameters. A residue
// must have as many of its own.
func FindPattern(n []int, y []*big.Int) (Pattern, bool) {
	if len(n) != len(y) || len(n) < spare+1 || !slices.IsSorted(n) || len(slices.Compact(slices.Clone(n))) < len(n) {
		return Pattern{}, false
	}
	if p, ok := polynomialThrough(n, y, "n"); ok {
		kind := polynomialPattern
		if p.Degree("n") == 0 {
			kind = constantPattern
		}
		return Pattern{kind, floored(p), p.Degree("n"), &p}, true
	}
	for _, find := range []func([]int, []*big.Int) (Pattern, bool){logarithmic, byResidue, exponential} {
		if p, ok := find(n, y); ok {
			return p, true
		}
	}
	return Pattern{}, false
}

// polynomialThrough returns the polynomial of least degree through the points, if they are enough.
func polynomialThrough(x []int, y []*big.Int, symbol string) (poly.Poly, bool) {
	// Divided differences (Newton): steps[k] is that of the first k + 1 points.
	var steps, last []poly.Poly
	for count := 1; count+spare <= len(y) && count <= mostDegree+1; count++ {
		now := []poly.Poly{poly.Big(y[count-1])}
		for k, before := range last {
			now = append(now, now[k].Minus(before).Over(int64(x[count-1]-x[count-2-k])))
		}
		last, steps = now, append(steps, now[count-1])
		p := steps[count-1]
		for k := count - 2; k >= 0; k-- {
			p = p.Times(poly.Symbol(symbol).Minus(poly.Int(int64(x[k])))).Plus(steps[k])
		}
		holds := true
		for i := 0; holds && i < len(y); i++ {
			at, ok := p.At(map[string]*big.Int{symbol: big.NewInt(int64(x[i]))})
			holds = ok && at.Cmp(y[i]) == 0
		}
		if holds {
			return p, true
		}
	}
	return poly.Poly{}, false
}

// floored writes a polynomial. It writes a line that is a fraction at some n, such as n/2 + 1, with
// ⌊n/2⌋. The two are equal wherever the line is whole.
func floored(p poly.Poly) string {
	if p.Degree("n") == 1 {
		for q := int64(2); q <= 16; q++ {
			k := p.Times(poly.Int(q))
			b, whole := k.AtN(big.NewInt(0))
			if a, ok := k.AtN(big.NewInt(1)); ok && whole {
				if _, ok := p.Minus(p.Substitute(map[string]poly.Poly{"n": poly.Int(0)})).AtN(big.NewInt(1)); ok {
					break // a whole slope needs no ⌊ ⌋
				}
				return floorOf(a.Sub(a, b), b, big.NewInt(q))
			}
		}
	}
	return p.Pretty()
}

// floorOf writes ⌊(a·n + b)/q⌋.
func floorOf(a, b, q *big.Int) string {
	whole, rest := new(big.Int).DivMod(b, q, new(big.Int))
	line := func(c *big.Int) string {
		return poly.Big(a).Times(poly.Symbol("n")).Plus(poly.Big(c)).Pretty()
	}
	text := fmt.Sprintf("⌊(%s)/%v⌋", line(rest), q)
	switch {
	case rest.Sign() == 0:
		text = fmt.Sprintf("⌊%s/%v⌋", line(rest), q)
	case rest.Cmp(new(big.Int).Sub(q, big.NewInt(1))) == 0:
		text = fmt.Sprintf("⌈%s/%v⌉", line(new(big.Int)), q)
	}
	return plusNumber(text, new(big.Rat).SetInt(whole))
}

// plusNumber writes a sum with a number.
func plusNumber(text string, d *big.Rat) string {
	switch d.Sign() {
	case 1:
		return text + " + " + d.RatString()
	case -1:
		return text + " − " + new(big.Rat).Neg(d).RatString()
	}
	return text
}

// byResidue looks for a polynomial for each residue of n. If the polynomials are parallel lines, one
// line that is rounded down may do for all.
func byResidue(n []int, y []*big.Int) (Pattern, bool) {
	for m := 2; m <= 4; m++ {
		x, values := make([][]int, m), make([][]*big.Int, m)
		for i, v := range n {
			x[v%m], values[v%m] = append(x[v%m], v), append(values[v%m], y[i])
		}
		p := Pattern{Kind: residuePattern}
		var parts []string
		for r := range m {
			f, ok := polynomialThrough(x[r], values[r], "n")
			if !ok {
				break
			}
			p.Degree = max(p.Degree, f.Degree("n"))
			parts = append(parts, fmt.Sprintf("%s for n ≡ %d (mod %d)", f.Pretty(), r, m))
		}
		if len(parts) < m {
			continue
		}
		if p.Formula = roundedLine(n, y, m); p.Formula == "" {
			p.Formula = strings.Join(parts, ", ")
		}
		return p, true
	}
	return Pattern{}, false
}

// roundedLine writes the numbers as ⌊(a·n + b)/q⌋, with a/q the slope over steps of m; "" if they
// are something else.
func roundedLine(n []int, y []*big.Int, m int) string {
	next := slices.IndexFunc(n, func(v int) bool { return v > n[0] && (v-n[0])%m == 0 })
	slope := big.NewRat(1, int64(n[next]-n[0]))
	slope.Mul(slope, new(big.Rat).SetInt(new(big.Int).Sub(y[next], y[0])))
	a, q := slope.Num(), slope.Denom()
	if slope.Sign() <= 0 || !q.IsInt64() || q.Int64() > 16 {
		return ""
	}
	for rest := range q.Int64() {
		// The first number fixes b, up to the rest that rounding drops.
		b := new(big.Int).Mul(y[0], q)
		b.Sub(b, new(big.Int).Mul(a, big.NewInt(int64(n[0])))).Add(b, big.NewInt(rest))
		holds := true
		for i, v := range n {
			at := new(big.Int).Mul(a, big.NewInt(int64(v)))
			holds = holds && at.Div(at.Add(at, b), q).Cmp(y[i]) == 0
		}
		if holds {
			return floorOf(a, b, q)
		}
	}
	return ""
}

// logarithmic looks for a polynomial in a rounded logarithm: one number for each of its values.
func logarithmic(n []int, y []*big.Int) (Pattern, bool) {
	for _, law := range []struct {
		name  string
		shift int // the name is ⌈log₂(n + shift)⌉ + more
		more  int
	}{{"⌈log₂ n⌉", 0, 0}, {"⌊log₂ n⌋", 1, -1}, {"⌈log₂(n − 1)⌉", -1, 0}} {
		var logs []int
		var values []*big.Int
		holds := n[0]+law.shift > 0
		for i := 0; holds && i < len(n); i++ {
			l := bits.Len(uint(n[i]+law.shift-1)) + law.more
			if k := len(logs); k == 0 || logs[k-1] != l {
				logs, values = append(logs, l), append(values, y[i])
			} else {
				holds = values[k-1].Cmp(y[i]) == 0
			}
		}
		if !holds || len(logs) < 2+spare {
			continue
		}
		if p, ok := polynomialThrough(logs, values, "L"); ok && p.Degree("L") <= 2 {
			return Pattern{logarithmicPattern, p.Pretty() + " with L = " + law.name, p.Degree("L"), nil}, true
		}
	}
	return Pattern{}, false
}

// mostBase is the greatest base of an exponential that is looked for.
const mostBase = 16

// exponential looks for c·b^n + d, or (a·n + c)·b^n + d, with a whole b ≥ 2 and a, c ≥ 0.
func exponential(n []int, y []*big.Int) (Pattern, bool) {
	k := len(n) - 1
	if k+1 < 2+spare || y[k].BitLen()+64 < n[k] { // the second saves powers that are too great
		return Pattern{}, false
	}
	for _, parameters := range []int{2, 3} {
		for b := int64(2); b <= mostBase && len(n) >= parameters+spare; b++ {
			if p, ok := exponentialOf(n, y, b, parameters == 3); ok {
				return p, true
			}
		}
	}
	return Pattern{}, false
}

// exponentialOf is exponential for one base, with the term of a or without.
func exponentialOf(n []int, y []*big.Int, b int64, line bool) (Pattern, bool) {
	// With m = n − n₀ and t = b^m it is y − y₀ = a·m·t + c·(t − 1), linear in a and c.
	row := func(i int) (mt, t1, dy *big.Rat) {
		m := big.NewInt(int64(n[i] - n[0]))
		t := new(big.Int).Exp(big.NewInt(b), m, nil)
		return new(big.Rat).SetInt(m.Mul(m, t)), new(big.Rat).SetInt(new(big.Int).Sub(t, big.NewInt(1))),
			new(big.Rat).SetInt(new(big.Int).Sub(y[i], y[0]))
	}
	times := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
	minus := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
	mt, t1, dy := row(1)
	a, c := new(big.Rat), new(big.Rat).Quo(dy, t1)
	if line {
		mt2, t2, dy2 := row(2)
		det := minus(times(mt, t2), times(mt2, t1)) // never 0: m·t/(t − 1) rises
		a.Quo(minus(times(dy, t2), times(dy2, t1)), det)
		c.Quo(minus(times(mt, dy2), times(mt2, dy)), det)
	}
	for i := 1; i < len(n); i++ {
		mt, t1, dy := row(i)
		if minus(dy, times(a, mt)).Cmp(times(c, t1)) != 0 {
			return Pattern{}, false
		}
	}
	d := minus(new(big.Rat).SetInt(y[0]), c)
	// From powers of n − n₀ to powers of n.
	first := new(big.Rat).SetInt64(int64(n[0]))
	c.Sub(c, times(a, first))
	unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(b), big.NewInt(int64(n[0])), nil))
	a.Mul(a, unit)
	c.Mul(c, unit)
	if a.Sign() < 0 || a.Sign() == 0 && c.Sign() <= 0 {
		return Pattern{}, false
	}
	text := powerTerm("", c, b)
	if a.Sign() > 0 {
		factor := "n·"
		if c.Sign() != 0 {
			factor = "(" + plusNumber("n", c.Quo(c, a)) + ")·"
		}
		text = powerTerm(factor, a, b)
	}
	return Pattern{exponentialPattern, plusNumber(text, d), 0, nil}, true
}

// powerTerm writes c·factor·b^n, with no fraction in c that the exponent can have.
func powerTerm(factor string, c *big.Rat, b int64) string {
	base := new(big.Rat).SetInt64(b)
	one := big.NewRat(1, 1)
	shift := 0
	for r := new(big.Rat).Set(c); r.Cmp(one) >= 0 && r.IsInt(); r.Quo(r, base) {
		if r.Cmp(one) == 0 { // a power of b
			c = r
			break
		}
		shift++
	}
	if c.Cmp(one) != 0 {
		shift = 0
		for gcd := new(big.Int); gcd.GCD(nil, nil, c.Denom(), big.NewInt(b)).Cmp(big.NewInt(1)) > 0; shift-- {
			c = new(big.Rat).Mul(c, base)
		}
	}
	power := fmt.Sprintf("%d^n", b)
	switch {
	case shift > 0:
		power = fmt.Sprintf("%d^(n + %d)", b, shift)
	case shift < 0:
		power = fmt.Sprintf("%d^(n − %d)", b, -shift)
	}
	if c.Cmp(one) == 0 {
		return factor + power
	}
	return c.RatString() + "·" + factor + power
}

// Fit is a curve of least squares through measurements. It is a description and never a
// verdict.
type Fit struct {
	Curve    string  `json:"curve"`    // "constant", "log n", "(log n)^2", "n^k", "b^n"
	Formula  string  `json:"formula"`  // with its numbers
	Residual float64 `json:"residual"` // root mean square of the relative errors
}

// Fits fits the usual curves to measurements, the best first: a constant; a + b·log₂ n;
// a + b·(log₂ n)²; c·n^k; c·b^n. The last two are straight lines in logarithms. There is no n^k where
// no power fits; see [Growth]. It needs three different n, and every n and y at least 1.
func Fits(n []int, y []float64) []Fit {
	if len(n) != len(y) || len(n) < 3 || slices.Min(n) < 1 || slices.Min(n) == slices.Max(n) || slices.Min(y) < 1 {
		return nil
	}
	var x, logN, square, logY []float64
	for i := range n {
		l := math.Log2(float64(n[i]))
		x, logN = append(x, float64(n[i])), append(logN, l)
		square, logY = append(square, l*l), append(logY, math.Log2(y[i]))
	}
	mean := stat.Mean(y, nil)
	fits := []Fit{residual("constant", fmt.Sprintf("%.4g", mean), y, func(int) float64 { return mean })}
	same := func(v float64) float64 { return v }
	growth, _ := FitGrowth(n, y)
	for _, c := range []struct {
		curve, format string
		x, y          []float64
		value, slope  func(float64) float64 // of the line, as the formula has it
	}{
		{"log n", "%.4g + %.4g·log₂ n", logN, y, same, same},
		{"(log n)^2", "%.4g + %.4g·(log₂ n)²", square, y, same, same},
		{"n^k", "%.4g·n^%.3f", logN, logY, math.Exp2, same},
		{"b^n", "%.4g·%.4g^n", x, logY, math.Exp2, math.Exp2},
	} {
		if c.curve == "n^k" && growth.Rises {
			continue
		}
		a, b := stat.LinearRegression(c.x, c.y, nil, false)
		formula := fmt.Sprintf(c.format, c.value(a), c.slope(b))
		at := func(i int) float64 { return c.value(a + float64(b*c.x[i])) }
		fits = append(fits, residual(c.curve, formula, y, at))
	}
	slices.SortStableFunc(fits, func(a, b Fit) int { return cmp.Compare(a.Residual, b.Residual) })
	return fits
}

// residual returns a curve with how far it is from y.
func residual(curve, formula string, y []float64, at func(i int) float64) Fit {
	total := 0.0
	for i, v := range y {
		d := (at(i) - v) / v
		total += float64(d * d)
	}
	return Fit{curve, formula, math.Sqrt(total / float64(len(y)))}
}

// Growth is a power of n fitted to measurements: the straight line of least squares through log y
// over log n. It describes only the n that were measured.
//
// No power is fitted to what grows faster than any power that fits. That is so if c·b^n fits better
// than c·n^k, or if the slope between neighbours rises all the way, by half or more.
type Growth struct {
	Exponent float64 `json:"exponent"`        // slope of log y over log n; 0 if no power is fitted
	R2       float64 `json:"r2"`              // share of the variance of log y that the line explains
	First    float64 `json:"first"`           // slope between the two least n
	Last     float64 `json:"last"`            // slope between the two greatest n, where lower powers weigh least
	Rises    bool    `json:"rises,omitempty"` // no power is fitted
}

// FitGrowth fits y ~ n^Exponent. It needs two different n, and every n and y must be at least 1.
// Otherwise there is no fit.
func FitGrowth(n []int, y []float64) (Growth, bool) {
	if len(n) != len(y) || len(n) < 2 || slices.Min(n) == slices.Max(n) || slices.Min(n) < 1 || slices.Min(y) < 1 {
		return Growth{}, false
	}
	order := make([]int, len(n)) // by n; one of each
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return n[i] - n[j] })
	order = slices.CompactFunc(order, func(i, j int) bool { return n[i] == n[j] })
	var x, logN, logY, slopes []float64
	for k, i := range order {
		x, logN, logY = append(x, float64(n[i])), append(logN, math.Log(float64(n[i]))), append(logY, math.Log(y[i]))
		if k > 0 {
			slopes = append(slopes, (logY[k]-logY[k-1])/(logN[k]-logN[k-1]))
		}
	}
	first, last := slopes[0], slopes[len(slopes)-1]
	if rises(slopes) || len(x) > 2 && last > first && explained(x, logY) > explained(logN, logY) {
		return Growth{First: first, Last: last, Rises: true}, true
	}
	_, slope := stat.LinearRegression(logN, logY, nil, false)
	return Growth{Exponent: slope, R2: explained(logN, logY), First: first, Last: last}, true
}

// rises reports whether each slope is greater than the one before, and the last by half or more than
// the first.
func rises(slopes []float64) bool {
	for i := 1; i < len(slopes); i++ {
		if slopes[i] <= slopes[i-1] {
			return false
		}
	}
	return len(slopes) > 2 && slopes[len(slopes)-1] >= slopes[0]+0.5
}

// explained returns the share of the variance of y that a straight line over x explains.
func explained(x, y []float64) float64 {
	if stat.Variance(y, nil) == 0 {
		return 1
	}
	return math.Pow(stat.Correlation(x, y, nil), 2)
}

// String returns, for example, "n^1.98 (n^2.00 between the two greatest n)".
func (g Growth) String() string {
	if g.Rises {
		return fmt.Sprintf("faster than any power that fits: n^%.2f between the two least n, n^%.2f between the two greatest",
			g.First, g.Last)
	}
	return fmt.Sprintf("n^%.2f (n^%.2f between the two greatest n)", g.Exponent, g.Last)
}
