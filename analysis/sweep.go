package analysis

import (
	"context"
	"fmt"
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
	Seconds float64 `json:"seconds"` // to build the circuit
}

// Sweep is a family measured over n.
type Sweep struct {
	DepthModel string            `json:"depth_model"`
	Points     []Point           `json:"points"`
	Growth     map[string]Growth `json:"growth"` // of size, wires and weight; empty where there is no fit
	Verdict
}

// MeasureFamily builds the members of a family for the given n, one after another in
// increasing order, and measures them. The progress function, unless it is nil, is
// called before each.
func MeasureFamily(ctx context.Context, member Member, ns []int, model gates.DepthModel, progress func(n int)) (*Sweep, error) {
	s := &Sweep{DepthModel: model.Name, Growth: map[string]Growth{}}
	ns = slices.Clone(ns)
	slices.Sort(ns)
	ns = slices.Compact(ns)
	for _, n := range ns {
		if progress != nil {
			progress(n)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		start := time.Now()
		c, err := member(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("n=%d: %w", n, err)
		}
		seconds := time.Since(start).Seconds()
		s.Points = append(s.Points, Point{n, Measure(c, model), seconds})
	}
	for name, of := range map[string]func(Point) float64{
		"size":   func(p Point) float64 { return float64(p.Size) },
		"wires":  func(p Point) float64 { return float64(p.Wires) },
		"weight": func(p Point) float64 { f, _ := p.Weight.Big().Float64(); return f },
	} {
		y := make([]float64, len(s.Points))
		for i, p := range s.Points {
			y[i] = of(p)
		}
		if g, ok := FitGrowth(ns, y); ok {
			s.Growth[name] = g
		}
	}
	s.Verdict = judgeDepth(s.Points)
	return s, nil
}
