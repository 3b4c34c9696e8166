package tune

import (
	"context"
	"math"
	"runtime"
	"sync"

	"github.com/tc0lab/tc0/compile/model"
)

// Measure is what a network in integers keeps.
type Measure struct {
	// Kept counts what the network in integers answers as it should, of what the network in floating point does, in
	// the unit of the search. Asked is how many these are. For a regression both are the number of inputs.
	Kept  int `json:"kept"`
	Asked int `json:"asked"`
	// R2 of a regression is 1 − Σ(y−f)²/Σ(f−f̄)², over all inputs and outputs: f are the numbers in floating point, f̄
	// the mean of each output, and y the numbers of the network in integers. MaxError is the greatest |y−f|.
	R2       *float64 `json:"r2,omitempty"`
	MaxError float64  `json:"max_error,omitempty"`
}

// Share returns the part that is kept, at most 1: R² of a regression, else that of the answers, from 0 on.
func (m Measure) Share() float64 {
	if m.R2 != nil {
		return *m.R2
	}
	return float64(m.Kept) / float64(max(m.Asked, 1))
}

// measure asks the network in integers, on all cores.
func (a asked) measure(ctx context.Context, q *model.Quantised) (m Measure, err error) {
	answers := make([][]int, len(a.questions))
	var lock sync.Mutex
	var next int
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(len(answers), 1)) {
		all.Go(func() {
			for {
				lock.Lock()
				i := next
				next++
				stop := err != nil || ctx.Err() != nil
				lock.Unlock()
				if stop || i >= len(answers) {
					return
				}
				given, wrong := q.Predict(a.questions[i].input)
				lock.Lock()
				answers[i] = given
				if wrong != nil && err == nil {
					err = wrong
				}
				lock.Unlock()
			}
		})
	}
	all.Wait()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Measure{Asked: a.count}, err
	}
	if a.unit == Numbers {
		return a.distance(answers, q.Unit()), nil
	}
	m.Asked = a.count
	for i, given := range answers {
		right, of := a.questions[i].right(given)
		if a.unit == Inputs {
			right, of = right/max(of, 1), 1
		}
		m.Kept += right
	}
	return m, nil
}

// distance compares the numbers of a regression, which are given in a unit.
func (a asked) distance(given [][]int, unit float64) Measure {
	count := float64(len(given))
	mean := make([]float64, len(a.questions[0].numbers))
	for _, q := range a.questions {
		for k, f := range q.numbers {
			mean[k] += f / count
		}
	}
	m := Measure{Kept: len(given), Asked: len(given)}
	off, spread := 0.0, 0.0
	for i, q := range a.questions {
		for k, f := range q.numbers {
			e := float64(given[i][k])*unit - f
			off += e * e
			spread += (f - mean[k]) * (f - mean[k])
			m.MaxError = max(m.MaxError, math.Abs(e))
		}
	}
	r2 := 1.0
	if off > 0 {
		r2 = 1 - off/max(spread, 1e-300) // of constants nothing is explained
		r2 = max(r2, -1e9)
	}
	m.R2 = &r2
	return m
}

// Final measures a setting on other inputs than those of the search, in the unit of the search. It returns how many
// inputs there are; [Measure.Asked] is what the network in floating point answers rightly.
func Final(ctx context.Context, q *model.Quantised, d *model.Dataset, unit Unit) (inputs int, m Measure, err error) {
	a := ask(q.Model, d, 0, d.Len(), unit)
	m, err = a.measure(ctx, q)
	return a.inputs, m, err
}
