package analysis

import (
	"context"

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

	SameAsFloat      int     `json:"same_as_float"`     // the circuit gives the label of the network in float64, right or wrong
	SameAsReference  int     `json:"same_as_reference"` // and that of the network in integers
	FloatPercent     float64 `json:"float_percent"`     // shares in percent
	ReferencePercent float64 `json:"reference_percent"`
	CircuitPercent   float64 `json:"circuit_percent"`
	Points           float64 `json:"difference_points"` // circuit less float, in percentage points
}

// MeasureAccuracy lets the circuit of a quantised network, that network itself and
// the network in float64 answer the inputs of a set of data.
func MeasureAccuracy(ctx context.Context, c *circuit.Circuit, q *model.Quantised, d *model.Dataset) (*Accuracy, error) {
	answers, err := Evaluate(ctx, c, d.Inputs)
	if err != nil {
		return nil, err
	}
	a := &Accuracy{Inputs: d.Len()}
	for i, in := range d.Inputs {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		reference, err := q.Predict(in)
		if err != nil {
			return nil, err
		}
		float, right := q.Model.Predict(in), d.Labels[i]
		got := int(answers[i][0])
		for _, count := range []struct {
			of  *int
			yes bool
		}{
			{&a.Float, float == right},
			{&a.Reference, reference == right},
			{&a.Circuit, got == right},
			{&a.SameAsFloat, got == float},
			{&a.SameAsReference, got == reference},
		} {
			if count.yes {
				*count.of++
			}
		}
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(max(a.Inputs, 1)) }
	a.FloatPercent, a.ReferencePercent, a.CircuitPercent = percent(a.Float), percent(a.Reference), percent(a.Circuit)
	a.Points = a.CircuitPercent - a.FloatPercent
	return a, nil
}
