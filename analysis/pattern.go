package analysis

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/tc0lab/tc0/compile/poly"
)

// Pattern is a formula that numbers measured at some n meet exactly. It describes only those n: two
// families with the same numbers there can differ at greater n.
type Pattern struct {
	Kind    string `json:"kind"` // constant, polynomial, logarithmic, exponential
	Formula string `json:"formula"`
	Degree  int    `json:"degree"` // of a polynomial in n, or in ⌈log₂ n⌉
}

// spare is how many more numbers a pattern must meet than it has parameters.
const spare = 2

// mostDegree is the greatest degree of a polynomial that is looked for.
const mostDegree = 8

// FindPattern looks for a formula that the numbers y at n meet exactly: a constant; a
// polynomial in n, by finite differences, if the n follow one another evenly; a polynomial
// in ⌈log₂ n⌉ of degree 1 or 2; or c·b^n for consecutive n. It must meet two numbers more
// than it has parameters.
func FindPattern(n []int, y []*big.Int) (Pattern, bool) {
	if len(n) != len(y) || len(n) < spare+1 {
		return Pattern{}, false
	}
	if !slices.ContainsFunc(y, func(v *big.Int) bool { return v.Cmp(y[0]) != 0 }) {
		return Pattern{"constant", y[0].String(), 0}, true
	}
	if p, ok := polynomialThrough(n, y, "n"); ok {
		return Pattern{"polynomial", p.Pretty(), p.Degree("n")}, true
	}
	if p, ok := logarithmic(n, y); ok {
		return p, true
	}
	return exponential(n, y)
}

// polynomialThrough returns the polynomial of least degree through the points if they are
// evenly spaced and enough.
func polynomialThrough(n []int, y []*big.Int, symbol string) (poly.Poly, bool) {
	step := n[1] - n[0]
	for i := range n {
		if step < 1 || n[i] != n[0]+i*step {
			return poly.Poly{}, false
		}
	}
	for count := 1; count+spare <= len(y) && count <= mostDegree+1; count++ {
		// In units of step from the first n on: n = first + step·k.
		p := poly.Interpolate(0, y[:count])
		holds := true
		for k, v := range y {
			at, ok := p.AtN(big.NewInt(int64(k)))
			holds = holds && ok && at.Cmp(v) == 0
		}
		if holds {
			k := poly.Symbol(symbol).Minus(poly.Int(int64(n[0]))).Over(int64(step))
			return p.Substitute(map[string]poly.Poly{"n": k}), true
		}
	}
	return poly.Poly{}, false
}

// logarithmic looks for a polynomial in ⌈log₂ n⌉: one number for each of its values, which
// must follow one another.
func logarithmic(n []int, y []*big.Int) (Pattern, bool) {
	var logs []int
	var values []*big.Int
	for i, v := range n {
		l := bits.Len(uint(v - 1))
		if k := len(logs); k == 0 || logs[k-1] != l {
			logs, values = append(logs, l), append(values, y[i])
		} else if values[k-1].Cmp(y[i]) != 0 {
			return Pattern{}, false
		}
	}
	if len(logs) < 2+spare {
		return Pattern{}, false
	}
	p, ok := polynomialThrough(logs, values, "L")
	if !ok || p.Degree("L") > 2 {
		return Pattern{}, false
	}
	return Pattern{"logarithmic", p.Pretty() + " with L = ⌈log₂ n⌉", p.Degree("L")}, true
}

// exponential looks for c·b^n with whole b ≥ 2, or c·b^n + d by the differences.
func exponential(n []int, y []*big.Int) (Pattern, bool) {
	if len(n) < 2+spare {
		return Pattern{}, false
	}
	differences := make([]*big.Int, len(y)-1)
	for i := range differences {
		if n[i+1] != n[i]+1 {
			return Pattern{}, false
		}
		differences[i] = new(big.Int).Sub(y[i+1], y[i])
	}
	if differences[0].Sign() <= 0 {
		return Pattern{}, false
	}
	base := new(big.Int).Quo(differences[1], differences[0])
	for i := 1; i < len(differences); i++ {
		if base.Cmp(big.NewInt(2)) < 0 || new(big.Int).Mul(differences[i-1], base).Cmp(differences[i]) != 0 {
			return Pattern{}, false
		}
	}
	return Pattern{"exponential", fmt.Sprintf("c·%v^n + d", base), 0}, true
}

// Fit is a curve of least squares through measurements. It is a description and never a
// verdict.
type Fit struct {
	Curve    string  `json:"curve"`    // "constant", "log n", "(log n)^2", "n^k", "b^n"
	Formula  string  `json:"formula"`  // with its numbers
	Residual float64 `json:"residual"` // root mean square of the relative errors
}

// Fits fits the usual curves to measurements, the best first: a constant; a + b·log₂ n;
// a + b·(log₂ n)²; c·n^k; c·b^n. The last two are straight lines in logarithms. It needs
// three different n, and every n and y at least 1.
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
type Growth struct {
	Exponent float64 `json:"exponent"` // slope of log y over log n
	Last     float64 `json:"last"`     // slope between the two greatest n, where lower powers weigh least
	R2       float64 `json:"r2"`       // share of the variance of log y that the line explains
}

// FitGrowth fits y ~ n^Exponent. It needs two different n, and every n and y must be at least 1.
// Otherwise there is no fit.
func FitGrowth(n []int, y []float64) (Growth, bool) {
	if len(n) != len(y) || len(n) < 2 || slices.Min(n) == slices.Max(n) || slices.Min(n) < 1 || slices.Min(y) < 1 {
		return Growth{}, false
	}
	logN, logY := make([]float64, len(n)), make([]float64, len(n))
	for i := range n {
		logN[i], logY[i] = math.Log(float64(n[i])), math.Log(y[i])
	}
	_, slope := stat.LinearRegression(logN, logY, nil, false)
	g := Growth{Exponent: slope, R2: 1}
	if stat.Variance(logY, nil) > 0 {
		g.R2 = math.Pow(stat.Correlation(logN, logY, nil), 2)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(n)))
	top, next := slices.Index(n, distinct[len(distinct)-1]), slices.Index(n, distinct[len(distinct)-2])
	g.Last = (logY[top] - logY[next]) / (logN[top] - logN[next])
	return g, true
}

// String returns, for example, "n^1.98 (n^2.00 at the end)".
func (g Growth) String() string {
	return fmt.Sprintf("n^%.2f (n^%.2f between the two greatest n)", g.Exponent, g.Last)
}
