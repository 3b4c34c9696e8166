package model

import (
	"context"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile/program"
)

// StageError is what one rounding does to the network in float64 if it is the only
// one.
type StageError struct {
	Tensor   string  `json:"tensor"` // as in the [Choice] of the rounding
	Kind     Kind    `json:"kind"`
	RMS      float64 `json:"rms"`      // root mean square of the change of a logit
	Relative float64 `json:"relative"` // that over the root mean square of a logit
	Changed  int     `json:"changed"`  // answers that become others
	Answers  int     `json:"answers"`  // of so many
}

// StageErrors measures, for each rounding of the network, how far it alone moves the logits of the
// network in float64. It leaves out roundings that cannot be measured alone: roundings of values
// that a recurrence carries on, and residual scales, which do not round. The last entry, "all
// together", is the network in integers.
func (q *Quantised) StageErrors(ctx context.Context, inputs [][]int64) ([]StageError, error) {
	plain := make([][]float64, len(inputs))
	for i, in := range inputs {
		plain[i] = q.Model.Forward(in)
	}
	var all []StageError
	for _, c := range q.Choices {
		m := *q.Model
		observe := func(string, []float64) {}
		used := true
		switch c.Kind {
		case Weight, Bias:
			rounded := q.weights[c.Tensor]
			if rounded == nil {
				continue
			}
			m.Weights = maps.Clone(m.Weights)
			m.Weights[c.Tensor] = rounded
		case Activation, Exponential:
			round := c.rounding()
			used = false
			observe = func(name string, v []float64) {
				if name == c.Tensor {
					used = true
					round(v)
				}
			}
		default:
			continue
		}
		e := StageError{Tensor: c.Tensor, Kind: c.Kind}
		err := e.compare(ctx, q, plain, func(i int) ([]float64, error) {
			return m.architecture.forward(&m, inputs[i], observe), nil
		})
		if err != nil {
			return nil, err
		}
		if used {
			all = append(all, e)
		}
	}
	e, err := q.together(ctx, inputs, plain)
	return append(all, e), err
}

// Together measures how far all roundings together move the network, over some inputs: the last entry of
// [Quantised.StageErrors] alone.
func (q *Quantised) Together(ctx context.Context, inputs [][]int64) (StageError, error) {
	plain := make([][]float64, len(inputs))
	for i, in := range inputs {
		plain[i] = q.Model.Forward(in)
	}
	return q.together(ctx, inputs, plain)
}

func (q *Quantised) together(ctx context.Context, inputs [][]int64, plain [][]float64) (StageError, error) {
	e := StageError{Tensor: "all together"}
	err := e.compare(ctx, q, plain, func(i int) ([]float64, error) { return q.forward(inputs[i]) })
	return e, err
}

// Changed counts the answers that the network in integers gives otherwise than that in float64, of those that the data
// ask for. Without labels they ask for all. A regression has none.
func (q *Quantised) Changed(d *Dataset) (changed, answers int, err error) {
	for i, in := range d.Inputs {
		got, err := q.Predict(in)
		if err != nil {
			return changed, answers, err
		}
		for k, want := range q.Model.Predict(in) {
			if d.Labels != nil && d.Labels[i][k] < 0 {
				continue
			}
			answers++
			if got[k] != want {
				changed++
			}
		}
	}
	return changed, answers, nil
}

// Spread is how the values of one vector of activations are distributed over some inputs.
type Spread struct {
	Name   string    `json:"name"`
	Scores bool      `json:"scores"` // of an attention, before its exponential
	Least  float64   `json:"least"`
	Median float64   `json:"median"`
	Most   float64   `json:"most"`
	Shares []float64 `json:"shares"` // parts of all values, in bins of equal width from Least to Most
}

// Spreads measures, over some inputs of the network in float64, all activations that a quantisation rounds, in
// alphabetical order. It works for a model that cannot be quantised, too.
func (m *Model) Spreads(inputs [][]int64, bins int) []Spread {
	values := map[string][]float64{}
	for _, in := range inputs {
		m.architecture.forward(m, in, func(name string, v []float64) { values[name] = append(values[name], v...) })
	}
	var all []Spread
	for _, name := range sortedKeys(values) {
		v := values[name]
		slices.Sort(v)
		s := Spread{Name: name, Scores: isScores(name), Least: v[0], Median: v[len(v)/2], Most: v[len(v)-1]}
		if width := (s.Most - s.Least) / float64(bins); width > 0 && !math.IsInf(width, 0) {
			s.Shares = make([]float64, bins)
			for _, x := range v {
				s.Shares[min(int((x-s.Least)/width), bins-1)] += 1 / float64(len(v))
			}
		}
		all = append(all, s)
	}
	return all
}

func (e *StageError) compare(
	ctx context.Context, q *Quantised, plain [][]float64, forward func(i int) ([]float64, error),
) error {
	change, size, count := 0.0, 0.0, 0
	for i, want := range plain {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		got, err := forward(i)
		if err != nil {
			return err
		}
		for k, w := range want {
			change += float64((got[k] - w) * (got[k] - w))
			size += float64(w * w)
			count++
		}
		labels := len(q.Labels)
		for k := 0; k < len(want) && !q.Model.Config.Regression(); k += labels {
			e.Answers++
			if floats.MaxIdx(got[k:k+labels]) != floats.MaxIdx(want[k:k+labels]) {
				e.Changed++
			}
		}
	}
	e.RMS = math.Sqrt(change / float64(max(count, 1)))
	if size > 0 {
		e.Relative = math.Sqrt(change / size)
	}
	return nil
}

// rounding returns the rounding of an activation, or of the scores of an exponential,
// in float64.
func (c Choice) rounding() func(v []float64) {
	out := program.Range{Lo: c.Least, Hi: c.Greatest}
	if c.Kind == Activation {
		return func(v []float64) { roundTo(v, c.Scale, out) }
	}
	if c.Span > 0 {
		return c.rounded
	}
	lo, hi := float64(out.Lo)*c.Scale, float64(out.Hi)*c.Scale
	piece := (hi - lo) / float64(c.Levels+1)
	return func(v []float64) {
		for i, x := range v {
			k := math.Floor((math.Min(math.Max(x, lo), hi) - lo) / piece)
			v[i] = lo + float64((math.Min(k, float64(c.Levels))+0.5)*piece)
		}
	}
}
