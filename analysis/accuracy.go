package analysis

import (
	"context"
	"slices"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/model"
)

// Accuracy is how often three forms of one network give the right label on a set of
// data, each counted apart.
type Accuracy struct {
	Inputs    int `json:"inputs"`
	Float     int `json:"float_correct"`     // the network in float64
	Reference int `json:"reference_correct"` // the network in integers
	Circuit   int `json:"circuit_correct"`   // the circuit

	SameAsFloat      int     `json:"same_as_float"`     // circuit and float64 give the same label, right or wrong
	SameAsReference  int     `json:"same_as_reference"` // and the accuracy of the network in integers
	FloatPercent     float64 `json:"float_percent"`     // shares in percent
	ReferencePercent float64 `json:"reference_percent"`
	CircuitPercent   float64 `json:"circuit_percent"`
	Points           float64 `json:"difference_points"` // circuit less float, in percentage points

	// Of language models, of which an input is right if all its tokens are: tokens that
	// are asked for, those that are right, and exp of the mean of −ln p of the right one.
	Tokens            int     `json:"tokens,omitempty"`
	FloatTokens       int     `json:"float_tokens,omitempty"`
	CircuitTokens     int     `json:"circuit_tokens,omitempty"`
	FloatPerplexity   float64 `json:"float_perplexity,omitempty"`
	CircuitPerplexity float64 `json:"circuit_perplexity,omitempty"`

	// Error is that of a regression, which has numbers and no labels. Then nothing above is counted but the inputs.
	Error *MeanError `json:"mean_absolute_error,omitempty"`
}

// MeanError is the mean distance of three forms of one network from the right numbers.
type MeanError struct {
	Float     float64 `json:"float"`
	Reference float64 `json:"reference"`
	Circuit   float64 `json:"circuit"`
	Unit      float64 `json:"unit"` // real value of the integer 1 of an output

	// R² of each form against the right numbers; nil if these are all the same.
	FloatR2     *float64 `json:"float_r2,omitempty"`
	ReferenceR2 *float64 `json:"reference_r2,omitempty"`
	CircuitR2   *float64 `json:"circuit_r2,omitempty"`
}

// measureError measures a regression, from the outputs of the circuit.
func measureError(q *model.Quantised, d *model.Dataset, out [][]int64) (*MeanError, error) {
	e := &MeanError{Unit: q.Unit()}
	for _, form := range []struct {
		mean    *float64
		r2      **float64
		forward func(i int) ([]float64, error)
	}{
		{&e.Float, &e.FloatR2, func(i int) ([]float64, error) { return q.Model.Forward(d.Inputs[i]), nil }},
		{&e.Reference, &e.ReferenceR2, func(i int) ([]float64, error) {
			out, err := q.Program.Reference(d.Inputs[i])
			return q.Values(out), err
		}},
		{&e.Circuit, &e.CircuitR2, func(i int) ([]float64, error) { return q.Values(out[i]), nil }},
	} {
		var err error
		if *form.mean, err = d.MeanError(form.forward); err != nil {
			return nil, err
		}
		if *form.r2, err = d.R2(form.forward); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// perplexities computes the perplexities from the outputs of the circuit.
func (a *Accuracy) perplexities(q *model.Quantised, d *model.Dataset, out [][]int64) (err error) {
	a.FloatPerplexity, err = d.Perplexity(len(q.Labels), func(i int) ([]float64, error) {
		return q.Model.Forward(d.Inputs[i]), nil
	})
	if err != nil {
		return err
	}
	a.CircuitPerplexity, err = d.Perplexity(len(q.Labels), func(i int) ([]float64, error) {
		_, logits := q.Split(out[i])
		return logits, nil
	})
	return err
}

// MeasureAccuracy lets the circuit of a quantised network, that network itself and
// the network in float64 answer the inputs of a set of data. The data of a regression must have targets.
//
// It is one unit of work (package shard): nil without an error where another process does it.
func MeasureAccuracy(ctx context.Context, c *circuit.Circuit, q *model.Quantised, d *model.Dataset) (*Accuracy, error) {
	return NewEvaluator(c).Accuracy(ctx, q, d)
}

// Accuracy is [MeasureAccuracy] of the circuit of e.
func (e *Evaluator) Accuracy(ctx context.Context, q *model.Quantised, d *model.Dataset) (*Accuracy, error) {
	found, err := shard.One(ctx, "accuracy", func(ctx context.Context) (*Accuracy, error) {
		return e.accuracy(ctx, q, d)
	})
	if found == nil {
		return nil, err
	}
	return *found, nil
}

func (e *Evaluator) accuracy(ctx context.Context, q *model.Quantised, d *model.Dataset) (*Accuracy, error) {
	answers, err := e.Evaluate(ctx, d.Inputs)
	if err != nil {
		return nil, err
	}
	a := &Accuracy{Inputs: d.Len()}
	if q.Model.Config.Regression() {
		a.Error, err = measureError(q, d, answers)
		return a, err
	}
	add := func(to *int, yes bool) {
		if yes {
			*to++
		}
	}
	for i, in := range d.Inputs {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		reference, err := q.Predict(in)
		if err != nil {
			return nil, err
		}
		got, _ := q.Split(answers[i])
		float := q.Model.Predict(in)
		if q.Model.Config.Language() {
			right, asked := d.RightTokens(i, float)
			a.FloatTokens, a.Tokens = a.FloatTokens+right, a.Tokens+asked
			right, _ = d.RightTokens(i, got)
			a.CircuitTokens += right
		}
		add(&a.Float, d.Right(i, float))
		add(&a.Reference, d.Right(i, reference))
		add(&a.Circuit, d.Right(i, got))
		add(&a.SameAsFloat, slices.Equal(got, float))
		add(&a.SameAsReference, slices.Equal(got, reference))
	}
	if q.Model.Config.Language() {
		if err := a.perplexities(q, d, answers); err != nil {
			return nil, err
		}
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(max(a.Inputs, 1)) }
	a.FloatPercent, a.ReferencePercent, a.CircuitPercent = percent(a.Float), percent(a.Reference), percent(a.Circuit)
	a.Points = a.CircuitPercent - a.FloatPercent
	return a, nil
}
