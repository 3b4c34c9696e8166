package model

import (
	"math"
	"slices"

	"github.com/tc0lab/tc0/internal/brief"
)

// The tasks of a perceptron.
const (
	classification = "classification" // the answer is the label of the largest output
	regression     = "regression"     // the answers are the outputs, as numbers
)

// outputName is the name of the numbers of a regression.
const outputName = "output"

// checkTask checks what the outputs are. A network without labels, or with a single output, answers with numbers:
// the largest of one output says nothing.
func (c *Config) checkTask() *fieldError {
	outputs := c.LayerSizes[len(c.LayerSizes)-1]
	switch {
	case c.Task == "" && (len(c.Labels) == 0 || outputs == 1):
		c.Task = regression
	case c.Task == "":
		c.Task = classification
	}
	switch {
	case c.Task != classification && c.Task != regression:
		return badField("task", "unknown task %s; known: %s, %s", brief.Quote(c.Task), classification, regression)
	case c.Task == classification && outputs == 1:
		return badField("task", "a single output has no largest; %s answers with its number", brief.Quote(regression))
	case c.Task == classification && len(c.Labels) == 0:
		return badField("labels", "0 labels for %d outputs; %s needs them", outputs, brief.Quote(classification))
	case len(c.Labels) > 0 && len(c.Labels) != outputs:
		return badField("labels", "%d labels for %d outputs", len(c.Labels), outputs)
	}
	if c.Task == regression {
		c.Outputs = outputs
	}
	return nil
}

// readTargets reads the right numbers of a regression: "targets" [count, outputs], which a file of calibration data
// may lack. A file made for labels, in which each is 0, has none; other labels are refused.
func (d *Dataset) readTargets(f *tensorFile, c *Config) error {
	targets, labels := spec("targets", len(d.Inputs), c.Outputs), spec("labels", len(d.Inputs))
	if len(d.Inputs) == 0 {
		return f.fail("inputs", "is empty")
	}
	if _, ok := f.tensors.Tensor(labels.name); ok {
		found, err := f.whole(labels, math.MaxInt64, false)
		if err != nil || slices.Max(found) > 0 {
			return f.fail(labels.name, "is of a classification; a regression has the right numbers in %q %v, "+
				"of type F64, F32, F16 or BF16", targets.name, targets.shape)
		}
	}
	if view, ok := f.tensors.Tensor(targets.name); ok {
		if c.Outputs == 1 && len(view.Shape()) == 1 {
			targets.shape = targets.shape[:1]
		}
		t, err := f.real(targets)
		if err != nil {
			return err
		}
		for i := range d.Inputs {
			d.Targets = append(d.Targets, t.Data[i*c.Outputs:(i+1)*c.Outputs])
		}
	}
	return f.only([]tensorSpec{spec("inputs"), labels, targets}, nothing)
}

// R2 returns 1 − Σ(f−y)²/Σ(y−ȳ)² over all inputs and outputs: y are the targets of d, ȳ the mean of each output, and f
// the numbers that forward gives for input i. It returns nil if the targets of each output are all the same. The data
// must have targets.
func (d *Dataset) R2(forward func(i int) ([]float64, error)) (*float64, error) {
	means := make([]float64, len(d.Targets[0]))
	for _, want := range d.Targets {
		for k, y := range want {
			means[k] += y / float64(len(d.Targets))
		}
	}
	off, spread := 0.0, 0.0
	for i, want := range d.Targets {
		got, err := forward(i)
		if err != nil {
			return nil, err
		}
		for k, y := range want {
			off += float64((got[k] - y) * (got[k] - y))
			spread += float64((y - means[k]) * (y - means[k]))
		}
	}
	r2 := 1 - off/spread
	if math.IsNaN(r2) || math.IsInf(r2, 0) {
		return nil, nil
	}
	return &r2, nil
}

// MeanError returns the mean distance between the targets of d and the numbers that forward gives for input i. The
// data must have targets.
func (d *Dataset) MeanError(forward func(i int) ([]float64, error)) (float64, error) {
	total, count := 0.0, 0
	for i, want := range d.Targets {
		got, err := forward(i)
		if err != nil {
			return 0, err
		}
		for k, y := range want {
			total += math.Abs(got[k] - y)
			count++
		}
	}
	return total / float64(max(count, 1)), nil
}
