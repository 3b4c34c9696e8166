package analysis

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

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
