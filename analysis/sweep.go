package analysis

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Member builds the circuit of a family for one n.
type Member func(ctx context.Context, n int) (*circuit.Circuit, error)

// Point is a member of a family, measured.
type Point struct {
	N int `json:"n"`
	*Measures
	Seconds float64 `json:"seconds,omitempty"` // to build the circuit
}

// Sweep is a family measured over n.
type Sweep struct {
	DepthModel string            `json:"depth_model"`
	Points     []Point           `json:"points"`
	Growth     map[string]Growth `json:"growth"` // of size, wires and weight; empty if there is no fit
	// Patterns are formulas that depth, size, wires and weight meet exactly at all of the
	// n, and Fits the usual curves, the best first. Neither is a verdict.
	Patterns map[string]Pattern `json:"patterns"`
	Fits     map[string][]Fit   `json:"fits"`
	// Missing are the n that were to be measured and were not, if the sweep was stopped.
	Missing []int `json:"missing,omitempty"`
	Verdict
}

// MeasureFamily builds the members of a family for the given n, one after another in
// increasing order, and measures them. The progress function, unless it is nil, is
// called before each, with the points measured so far.
//
// If a member cannot be built, or ctx is done, it returns the measurements so far, with the error.
func MeasureFamily(
	ctx context.Context, member Member, ns []int, model gates.DepthModel, progress func(n int, soFar []Point),
) (*Sweep, error) {
	s := &Sweep{
		DepthModel: model.Name, Growth: map[string]Growth{}, Patterns: map[string]Pattern{}, Fits: map[string][]Fit{},
	}
	ns = slices.Compact(slices.Sorted(slices.Values(ns)))
	stop := func(i int, err error) (*Sweep, error) {
		s.Missing = ns[i:]
		s.judge(ns[:i])
		return s, err
	}
	for i, n := range ns {
		if progress != nil {
			progress(n, slices.Clone(s.Points))
		}
		if err := ctx.Err(); err != nil {
			return stop(i, err)
		}
		start := time.Now()
		c, err := member(ctx, n)
		if err != nil {
			return stop(i, fmt.Errorf("n=%d: %w", n, err))
		}
		seconds := time.Since(start).Seconds()
		s.Points = append(s.Points, Point{n, Measure(c, model), seconds})
	}
	s.judge(ns)
	return s, nil
}

// judge fits curves and writes the verdict.
func (s *Sweep) judge(ns []int) {
	for _, q := range []Quantity{depth, Size, Wires, Weight, MaxWeight} {
		name := string(q)
		exact, y := make([]*big.Int, len(s.Points)), make([]float64, len(s.Points))
		for i, p := range s.Points {
			exact[i] = q.of(p.counts(p.N))
			y[i], _ = new(big.Float).SetInt(exact[i]).Float64()
		}
		if p, ok := FindPattern(ns, exact); ok {
			s.Patterns[name] = p
		}
		if fits := Fits(ns, y); fits != nil {
			s.Fits[name] = fits
		}
		if q == depth || q == MaxWeight {
			continue
		}
		if g, ok := FitGrowth(ns, y); ok {
			s.Growth[name] = g
		}
	}
	s.Verdict = judgeDepth(s.Points)
	class, _ := classOfPoints(s.Points)
	s.judgeSize(&s.Verdict, class)
}
