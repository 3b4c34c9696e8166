package model

import (
	"fmt"
	"maps"
	"math"
	"math/bits"
	"reflect"
	"sync"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/precision"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/brief"
)

// Quantisation says how finely a network is written in integers. If a field is 0, the value from
// config.json holds. If that is missing, too, the default holds.
type Quantisation struct {
	WeightBits     int `json:"weight_bits,omitempty"`     // of a weight, signed; default 8
	ActivationBits int `json:"activation_bits,omitempty"` // of an activation; default 6
	// ResidualBits are the bits of the residual sums of a language model, of the state of a recurrent
	// network, and of the numbers of a regression, signed. The default is activation bits + 2.
	ResidualBits int `json:"residual_bits,omitempty"`
	ExpLevels    int `json:"exp_levels,omitempty"` // attention: thresholds of the exponential; default 24
	// ScoreSpan is how far below the greatest score of its row a score has a weight. If it is given,
	// every attention takes the greatest score off first. If it is 0, only those do whose scores span
	// much, see the package comment, and the calibration chooses the span.
	ScoreSpan float64 `json:"score_span,omitempty"`
	// WeightScale is "tensor" for one scale for each tensor, the default, or "channel" for one
	// for each row.
	WeightScale string `json:"weight_scale,omitempty"`
	// Equalise scales channels so that all of a vector have about as many levels: the rows of a matrix, or the gains
	// of a norm, up, and the columns of the next matrix down. Logits in floating point stay the same.
	Equalise bool `json:"equalize,omitempty"`
	// Bits are those of single roundings, or of all of a kind, by name; see the package comment.
	Bits precision.Bits `json:"bits,omitempty"`
	// Percentile of the calibrated activations is their last level; default 99.9.
	Percentile float64 `json:"percentile,omitempty"`
}

// defaults are the values of fields that are not given.
var defaults = Quantisation{WeightBits: 8, ActivationBits: 6, ExpLevels: 24, WeightScale: perTensor, Percentile: 99.9}

// merge fills the fields that are 0 from d.
func (q Quantisation) merge(d Quantisation) Quantisation {
	for f, v := range reflect.ValueOf(&q).Elem().Fields() {
		if v.IsZero() {
			v.Set(reflect.ValueOf(d).FieldByIndex(f.Index))
		}
	}
	return q
}

// check compares the fields that are not 0 with their ranges.
func (q Quantisation) check() *fieldError {
	for _, f := range []limited{
		{"weight_bits", q.WeightBits, 2, 16},
		{"activation_bits", q.ActivationBits, 2, 12},
		{"residual_bits", q.ResidualBits, 2, 16},
		{"exp_levels", q.ExpLevels, 1, 4096},
	} {
		if err := within(f); err != nil && f.v != 0 {
			return err
		}
	}
	if q.ScoreSpan != 0 && !(q.ScoreSpan >= 1 && q.ScoreSpan <= mostSpan) {
		return badField("score_span", "%v is outside 1..%d", q.ScoreSpan, mostSpan)
	}
	if q.WeightScale != "" && q.WeightScale != perTensor && q.WeightScale != perChannel {
		return badField("weight_scale", "%s is not known; known: %s, %s", brief.Quote(q.WeightScale), perTensor, perChannel)
	}
	if name := q.Bits.Outside(); name != "" {
		return badField("bits."+brief.Clip(name), "%d is outside %d..%d", q.Bits[name], precision.Least, precision.Most)
	}
	if q.Percentile != 0 && !(q.Percentile >= 50 && q.Percentile <= 100) {
		return badField("percentile", "%v is outside 50..100", q.Percentile)
	}
	return nil
}

// spanless refuses a span of scores for a model without scores.
func (c *Config) spanless(q Quantisation) *fieldError {
	if q.ScoreSpan == 0 || c.Decoder != nil || c.ModelType == "attention-classifier" {
		return nil
	}
	return badField("score_span", "has no meaning in a model of type %s, which has no attention", c.ModelType)
}

// checkField is check for the field "quantization" of a file.
func (q Quantisation) checkField() *fieldError {
	err := q.check()
	if err != nil {
		err.name = "quantization." + err.name
	}
	return err
}

// The weight scales.
const (
	perTensor  = "tensor"
	perChannel = "channel"
)

// Kind says what a [Choice] was made for.
type Kind string

// The kinds of choice.
const (
	Weight      Kind = "weight"
	Bias        Kind = "bias"
	Activation  Kind = "activation"
	Residual    Kind = "residual"
	Exponential Kind = "exponential"
)

// Choice says how one tensor of the network is written in integers.
type Choice struct {
	Tensor   string  `json:"tensor"` // a tensor of the file, or what an activation is called
	Kind     Kind    `json:"kind"`
	Bits     int     `json:"bits"`     // that its integers need, the sign included
	Scale    float64 `json:"scale"`    // real value of the integer 1
	Least    int64   `json:"least"`    // of the integers
	Greatest int64   `json:"greatest"` // of the integers
	// Unit of an activation is the number of units of the sum in one unit of its own. Unit of a
	// residual is the factor of the term that comes in.
	Unit   int64   `json:"unit,omitempty"`
	Peak   float64 `json:"peak,omitempty"`   // activation: the calibrated percentile
	Levels int     `json:"levels,omitempty"` // exponential: its thresholds
	// Span of an exponential is not 0 if the greatest score of a row is taken off first (stable softmax). Then the
	// integers are distances to it, and those beyond the span have no weight. Plain softmax has 0.
	Span  float64 `json:"span,omitempty"`
	Stage string  `json:"stage"` // of the circuit
}

// Quantised is a network in integers.
type Quantised struct {
	Model        *Model
	Quantisation Quantisation // with no field 0 that counts
	Choices      []Choice     // in the order of the formula
	Labels       []string
	Calibration  string // what the ranges of activations were measured on
	// Program answers with the output "label", one-hot. A regression answers with the numbers "y", in
	// units of [Quantised.Unit]. For a language model it answers with the
	// output "next" at each position that answers, and then with the output "logit", which costs
	// no gates.
	Program *program.Program

	bits    *precision.Chooser
	weights Weights            // as they were rounded, in real units
	peaks   map[string]float64 // of the calibration
	unit    float64            // real value of one unit of logit
	limits  Limits             // of numbers, for a model whose weights are not known
	logits  func() *program.Program
}

// Quantise writes the network in integers, as the package comment says. It needs calibration data.
//
// Errors: [*QuantiseError]. Behind it may be a [*compile.RangeError], if a number
// does not fit where 64 bits are a limit.
func (m *Model) Quantise(q Quantisation) (*Quantised, error) {
	q, err := m.chosen(q)
	if err != nil {
		return nil, err
	}
	if n, pairs := m.Config.Input.Length, m.pairs(); pairs > mostPairs {
		what := fmt.Sprintf("%d positions make %d pairs of positions and heads or inner features; "+
			"at most %d are possible", n, pairs, mostPairs)
		return nil, &QuantiseError{Model: m.Config.Name, Name: "length", What: what}
	}
	data, from, err := m.calibration()
	if err != nil {
		return nil, err
	}
	if q.Equalise {
		if !m.Equalises() {
			return nil, &QuantiseError{Model: m.Config.Name, Name: "equalize", What: "has no meaning in this type of model"}
		}
		m = m.equalised(data)
	}
	peaks, err := m.calibrate(data, q.Percentile)
	if err != nil {
		return nil, err
	}
	quantised := &Quantised{Model: m, Quantisation: q, Labels: m.Config.Labels, Calibration: from, peaks: peaks}
	z := quantised.build(program.NewDim("n", m.Config.Input.Length), m.Config.Name, m.answer)
	if z.err == nil && z.p.Err() != nil {
		z.err = &QuantiseError{Model: m.Config.Name, What: "does not fit", Err: z.p.Err()}
	}
	if z.err != nil {
		return nil, z.err
	}
	quantised.Choices, quantised.Program, quantised.weights, quantised.unit = z.choices, z.p, z.rounded, z.unit
	quantised.bits = z.bits
	quantised.logits = sync.OnceValue(func() *program.Program {
		output := func(p *program.Program, logits program.Value) { p.Output("logit", logits) }
		return quantised.build(z.length, m.Config.Name+" logits", output).p
	})
	return quantised, nil
}

// Chosen returns a quantisation with no field 0 that counts, as [Model.Quantise] takes it: what is left out comes from
// the files of the model, or is a default. The error is a [*QuantiseError].
func (m *Model) Chosen(q Quantisation) (Quantisation, error) { return m.chosen(q) }

// chosen checks what is asked for, and fills in what is left out.
func (m *Model) chosen(q Quantisation) (Quantisation, error) {
	if err := q.check(); err != nil {
		return q, &QuantiseError{Model: m.Config.Name, Name: err.name, What: err.what}
	}
	q = q.merge(m.Config.Quantisation).merge(defaults)
	if err := m.Config.spanless(q); err != nil {
		return q, &QuantiseError{Model: m.Config.Name, Name: err.name, What: err.what}
	}
	if (m.Config.Language() || m.Config.Regression()) && q.ResidualBits == 0 {
		q.ResidualBits = q.ActivationBits + 2
	}
	return q, nil
}

// build makes the program of the network for inputs of the given length. The function finish makes
// the outputs from the logits.
func (q *Quantised) build(
	length program.Dim, title string, finish func(p *program.Program, logits program.Value),
) *quantiser {
	z := &quantiser{
		m: q.Model, q: q.Quantisation, peaks: q.peaks, length: length, p: program.New(title), rounded: Weights{},
		limits: q.limits, bits: precision.New(q.Quantisation.Bits),
	}
	if q.Model.unknown {
		z.p.LeaveNumbers()
	}
	logits := q.Model.architecture.build(z)
	finish(z.p, logits.Value)
	z.p.End()
	z.named()
	z.unit = logits.unit
	return z
}

// answer makes the outputs of Program.
func (m *Model) answer(p *program.Program, logits program.Value) {
	if m.Config.Regression() {
		p.Output("y", logits)
		return
	}
	if !m.Config.Language() {
		p.Output("label", p.ArgMax(logits, nil))
		return
	}
	p.Output("next", p.ArgMax(logits, nil))
	p.Output("logit", logits)
}

// Logits returns the same network up to its logits, one output port each. It also has the float64
// network and the real value of one unit of logit. It is built at the first call.
func (q *Quantised) Logits() *compile.Instance {
	return &compile.Instance{Program: q.logits(), Real: q.Model.Forward, Scale: q.unit}
}

// forward computes the logits of the network in integers, in real units.
func (q *Quantised) forward(in []int64) ([]float64, error) {
	out, err := q.logits().Reference(in)
	return inUnits(out, q.unit), err
}

// inUnits returns integers in real units.
func inUnits(v []int64, unit float64) []float64 {
	x := make([]float64, len(v))
	for i := range v {
		x[i] = float64(v[i]) * unit
	}
	return x
}

// mostPairs is the greatest number of elements of a tensor over pairs of positions.
const mostPairs = 1 << 26

// pairs returns the elements of the largest tensor over pairs of positions.
func (m *Model) pairs() int {
	n := m.Config.Input.Length
	switch {
	case m.Config.Decoder != nil:
		return n * n * m.Config.Decoder.Heads
	case m.Config.Selective != nil:
		return n * n * m.Config.Selective.Inner
	}
	return 0
}

// Bits returns how many bits each rounding has that can be given bits by name, and the most of each kind. With
// matrices are those of weights, else those of activations and residuals.
func (q *Quantised) Bits(matrices bool) (names, kinds precision.Bits) {
	of := func(all precision.Bits, weight func(string) bool) precision.Bits {
		some := maps.Clone(all)
		maps.DeleteFunc(some, func(name string, _ int) bool { return weight(name) != matrices })
		return some
	}
	names, kinds = q.bits.Chosen()
	return of(names, func(name string) bool { return q.Model.Weights[name] != nil }),
		of(kinds, func(kind string) bool { return kind == "weights" || kind == "embedding" || kind == "head" })
}

// Unit returns the real value of the integer 1 of a logit, or of a number of a regression.
func (q *Quantised) Unit() float64 { return q.unit }

// Values returns the numbers of a regression in real units, from the outputs of Program.
func (q *Quantised) Values(out []int64) []float64 { return inUnits(out, q.unit) }

// Predict returns for each output the index of the label that the network in integers
// answers. For a regression it returns the numbers, in units of [Quantised.Unit].
func (q *Quantised) Predict(in []int64) ([]int, error) {
	out, err := q.Program.Reference(in)
	if err != nil {
		return nil, err
	}
	answers, _ := q.Split(out)
	return answers, nil
}

// Split takes the outputs of Program apart. It returns the index of the label for each output. For
// a language model it also returns the logits in real units. For a regression it returns the numbers in units of
// [Quantised.Unit].
func (q *Quantised) Split(out []int64) (answers []int, logits []float64) {
	n := q.Model.Config.Outputs
	for _, v := range out[:n] {
		answers = append(answers, int(v))
	}
	return answers, inUnits(out[n:], q.unit)
}

// Correct counts the inputs of d that the network in integers answers rightly. The error is [ErrNoLabels] or that of
// the network.
func (q *Quantised) Correct(d *Dataset) (int, error) { return d.correct(q.Predict) }

// LogitError returns, over the inputs of d, the mean and the greatest distance
// between the logits of the network in integers and of that in float64, and the
// mean distance of a logit in float64 from 0 to compare them with.
func (q *Quantised) LogitError(d *Dataset) (mean, greatest, size float64, err error) {
	count := 0.0
	for _, in := range d.Inputs {
		got, err := q.forward(in)
		if err != nil {
			return 0, 0, 0, err
		}
		for i, want := range q.Model.Forward(in) {
			e := math.Abs(got[i] - want)
			mean += e
			size += math.Abs(want)
			greatest = max(greatest, e)
			count++
		}
	}
	count = max(count, 1)
	return mean / count, greatest, size / count, nil
}

// width returns how many bits the integers of a range need, with the sign if there
// are negative ones.
func width(r program.Range) int {
	if r.Lo < 0 {
		return 1 + max(bits.Len64(uint64(-(r.Lo+1))), bits.Len64(uint64(max(r.Hi, 0))))
	}
	return bits.Len64(uint64(r.Hi))
}
