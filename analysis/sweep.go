package analysis

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/tc0lab/tc0/analysis/shard"
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
// If a member cannot be built, or ctx is done, it returns the measurements so far, with the error. In a
// process that does one shard of the n (package shard), the measurements are of these.
func MeasureFamily(
	ctx context.Context, member Member, ns []int, model gates.DepthModel, progress func(n int, soFar []Point),
) (*Sweep, error) {
	s := &Sweep{
		DepthModel: model.Name, Growth: map[string]Growth{}, Patterns: map[string]Pattern{}, Fits: map[string][]Fit{},
	}
	ns = slices.Compact(slices.Sorted(slices.Values(ns)))
	var soFar []Point
	points, err := shard.Each(ctx, "members", len(ns), func(ctx context.Context, i int) (pointRecord, error) {
		if progress != nil {
			progress(ns[i], slices.Clone(soFar))
		}
		if err := ctx.Err(); err != nil { // the progress function may have stopped it
			return pointRecord{}, err
		}
		start := time.Now()
		c, err := member(ctx, ns[i])
		if err != nil {
			return pointRecord{}, fmt.Errorf("n=%d: %w", ns[i], err)
		}
		seconds := time.Since(start).Seconds()
		soFar = append(soFar, Point{ns[i], Measure(c, model), seconds})
		return recordOf(soFar[len(soFar)-1]), nil
	})
	var measured []int
	for i, r := range points {
		if r != nil {
			s.Points, measured = append(s.Points, r.point()), append(measured, ns[i])
		} else {
			s.Missing = append(s.Missing, ns[i])
		}
	}
	s.judge(measured)
	return s, err
}

// pointRecord is a point with what its JSON leaves out.
type pointRecord struct {
	Point
	Heaviest circuit.Int         `json:"heaviest"`
	FanIns   map[gates.Class]int `json:"fan_ins"`
}

func recordOf(p Point) pointRecord { return pointRecord{p, p.Heaviest, p.FanIns} }

func (r pointRecord) point() Point {
	r.Point.Heaviest, r.Point.FanIns = r.Heaviest, r.FanIns
	return r.Point
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
