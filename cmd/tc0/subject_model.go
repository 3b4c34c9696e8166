package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/compile/tune"
	"github.com/tc0lab/tc0/internal/table"
)

// modelSubject is a trained model, shipped or in a folder.
type modelSubject struct {
	common
	quantised *model.Quantised
	asked     bool // for a forecast
}

func openModel(t target) (*modelSubject, error) {
	path := t.Subject
	if !slices.Contains(tc0.ModelNames(), path) && !strings.ContainsAny(path, `/\`) {
		path = "." + string(filepath.Separator) + path
	}
	m, err := model.Find(path, tc0.Models())
	if err != nil {
		return nil, err
	}
	return quantised(t, m)
}

// quantised is the subject of a model that was read.
func quantised(t target, m *model.Model) (*modelSubject, error) {
	s := &modelSubject{common: common{kind: "model", path: t.Subject}, asked: t.Estimate}
	err := s.lowerAs(t, lower.MinDepth)
	if err != nil {
		return nil, err
	}
	if s.quantised, err = m.Quantise(model.Quantisation{}); err != nil {
		return nil, &refusal{err, m}
	}
	if t.Strategy == "" && m.Config.Language() {
		s.strategy = lower.Balanced // min-depth has several times the gates
		s.strategy.Select = s.basis == basis.AC0
	}
	s.program = s.quantised.Program
	if m.Config.Regression() {
		s.unit = s.quantised.Unit()
		s.codes = fmt.Sprintf("The integer 1 of an output y stands for %.6g", s.unit)
	} else if m.Config.Language() {
		s.unit, s.unreal = s.quantised.Unit(), m.Config.Outputs
		s.codes = fmt.Sprintf("An output next is the number of a token. The integer 1 of a logit stands for %.6g", s.unit)
	}
	s.description = cmp.Or(m.Config.Description, "trained "+m.Config.ModelType)
	return s, nil
}

// refusal says why a model that was read cannot be written in integers.
type refusal struct {
	error
	model *model.Model
}

func (r *refusal) Unwrap() error { return r.error }

// warned takes a model that was opened, and notes on standard error if rounding it changes more than it should.
func (a *app) warned(t target, s *modelSubject, err error) (subject, error) {
	if err != nil {
		return nil, err
	}
	// A network that changes 5 % of all answers changes more than 2 % of 200 with a probability of 97 %.
	const answers, most, mostMoved = 200, 0.02, 0.05
	d, from := s.quantised.Model.Sample(max(20, answers/s.quantised.Model.Config.Outputs))
	if d == nil {
		return s, nil
	}
	what := ""
	if s.quantised.Model.Config.Regression() {
		mean, _, size, err := s.quantised.LogitError(d)
		if err != nil {
			return nil, err
		}
		if mean > mostMoved*size {
			what = fmt.Sprintf("moves the numbers by %.0f %% of their size on %s", 100*mean/size, plural(d.Len(), "input"))
		}
	} else {
		changed, of, err := s.quantised.Changed(d)
		if err != nil {
			return nil, err
		}
		if float64(changed) > most*float64(of) {
			what = fmt.Sprintf("changes %d of %s to %s, which is %.1f %%", changed, plural(of, "answer"),
				plural(d.Len(), "input"), 100*float64(changed)/float64(of))
		}
	}
	if what != "" {
		a.note("tc0: %s: rounding %s (%s); tc0 report names the rounding and what mends it, tc0 quantise searches",
			t.Subject, what, from)
	}
	return s, nil
}

// built notes on standard error that no input changes the answers of the circuit, and whether that comes from the
// rounding.
func (s *modelSubject) built(a *app) {
	q := s.quantised
	for _, p := range s.circuit.OutputPorts()[:q.Model.Config.Outputs] {
		if slices.ContainsFunc(p.Wires, func(l circuit.Lit) bool { return !l.IsConst() }) {
			return
		}
	}
	const inputs = 100
	d, from := q.Model.Sample(inputs)
	why := ""
	if d != nil {
		answers := func(in []int64) string {
			if q.Model.Config.Regression() {
				return fmt.Sprint(q.Model.Forward(in))
			}
			return fmt.Sprint(q.Model.Predict(in))
		}
		first := answers(d.Inputs[0])
		if slices.ContainsFunc(d.Inputs, func(in []int64) bool { return answers(in) != first }) {
			why = "; in floating point they change, so the rounding is too coarse"
		} else {
			why = fmt.Sprintf("; in floating point they are the same on %s (%s), too", plural(d.Len(), "input"), from)
		}
	}
	a.note("tc0: %s: the outputs that answer are constants: no input changes them%s", s.path, why)
}

// shapeSubject is a model of which only the sizes are known. It has formulas, and no circuit.
type shapeSubject struct {
	common
	shape   *model.Model
	lengths model.Lengths
}

// openClaimed is open for verbs that need only formulas: the folder of a model may lack the weights.
func (a *app) openClaimed(t target) (subject, error) {
	if filepath.Base(t.Subject) == "config.json" { // stands for its folder
		t.Subject = folderOf(t.Subject)
	}
	if !weightless(t.Subject) {
		return a.open(t)
	}
	return openShape(t, model.Quantisation{}, model.Limits{})
}

func openShape(t target, q model.Quantisation, within model.Limits) (*shapeSubject, error) {
	s := &shapeSubject{common: common{kind: "model", path: t.Subject}}
	if err := s.lowerAs(t, lower.Balanced); err != nil {
		return nil, err
	}
	if d := s.strategy.Digits; d != 0 && d != 1 {
		return nil, errf("strategy %v: which values have digits depends on the weights; "+
			"bounds for every set of weights are of strategies without digits", s.strategy)
	}
	var err error
	if s.shape, err = model.FindShape(folderOf(t.Subject)); err != nil {
		return nil, err
	}
	s.description = "every set of weights of the type " + s.shape.Config.ModelType
	if s.lengths, err = s.shape.Bounds(q, within); err != nil || s.lengths.OneCode() {
		return s, err
	}
	if t.Strategy == "" {
		return s, s.lowerAs(t, lower.MinDepth)
	}
	if s.strategy.Binary {
		return nil, errf("strategy %v: which values of a %s have binary codes depends on the weights; bounds for every set "+
			"of weights are of strategies without them, such as min-depth", s.strategy, s.shape.Config.ModelType)
	}
	return s, nil
}

func (s *shapeSubject) grows() bool   { return s.lengths.Grows() }
func (s *shapeSubject) known() string { return knownKind(&s.shape.Config) }

func (s *shapeSubject) member() error {
	return errf("%s: its weights are not there, so it has no circuit; tc0 prove and tc0 stat --estimate count it", s.path)
}

func (s *shapeSubject) claim() (analysis.Claim, error) {
	return claimOfLengths(s, s.lengths, s.shape, func(c *analysis.Claim) {
		c.Unbuilt, c.Fixed, c.N, c.Assuming, c.At = true, !s.grows(), []int{}, s.lengths.Assumptions(), []int64{1024}
	}), nil
}

// forecast looks at shorter inputs only where somebody asks: to build these takes a fraction of a second.
func (s *modelSubject) forecast(ctx context.Context) (*forecast.Forecast, error) {
	f, err := s.common.forecast(ctx)
	if err != nil || f == nil || f.Method != forecast.Bound || !s.asked || !s.grows() {
		return f, err
	}
	return forecast.Model(ctx, s.quantised.Model.Config.Input.Length, s.quantised.Shorter, s.strategy)
}

// grows says that the network reads sequences of several lengths.
func (s *modelSubject) grows() bool {
	_, ok := s.quantised.Lengths()
	return ok
}

func (s *modelSubject) at(ctx context.Context, n int) (*circuit.Circuit, error) {
	lengths, _ := s.quantised.Lengths()
	p, err := lengths.Program(n)
	if err != nil {
		return nil, err
	}
	return s.lower(ctx, p, nil)
}

func (s *modelSubject) claim() (analysis.Claim, error) {
	lengths, ok := s.quantised.Lengths()
	if !ok {
		return fixedClaim(s), nil
	}
	return claimOfLengths(s, lengths, s.quantised.Model, func(*analysis.Claim) {}), nil
}

// claimOfLengths is the claim about a model for every length of its input, with what more is claimed.
func claimOfLengths(
	s subject, lengths model.Lengths, m *model.Model, more func(c *analysis.Claim),
) analysis.Claim {
	c := analysis.Claim{
		Name:     s.its().path,
		Strategy: s.its().strategy,
		Trained:  true,
		Family:   lengths,
		LeastN:   lengths.Least(),
		MostN:    lengths.Most(),
		Kind:     s.known(),
	}
	if d := m.Config.Decoder; d != nil {
		c.Layers = d.Layers
		if d.Learned {
			c.Advice = fmt.Sprintf("%d·n numbers: the learned positions, up to n = %d", d.Hidden, c.MostN)
		}
	}
	more(&c)
	return c
}

// fixedClaim is the claim about a network of one size.
func fixedClaim(s subject) analysis.Claim {
	c := s.its()
	return analysis.Claim{Name: s.name(), Strategy: c.strategy, Trained: true, Fixed: true, Family: one{c.program}}
}

// one is the family of one network without n.
type one struct{ p *program.Program }

func (o one) Program(int) (*program.Program, error)  { return o.p, nil }
func (o one) OpenProgram() (*program.Program, error) { return o.p, nil }

func (s *modelSubject) known() string { return knownKind(&s.quantised.Model.Config) }

// knownKind names a type of model as facts from the literature do; "" if there are none.
func knownKind(c *model.Config) string {
	switch {
	case c.ModelType == "attention-classifier":
		return "attention"
	case c.Decoder != nil:
		return "transformer"
	case c.Selective != nil:
		return "mamba"
	case c.Recurrent != nil:
		return c.ModelType
	}
	return ""
}

// verify compares a circuit with the network in integers, on the inputs held out too.
func (s *modelSubject) verify(a *app, of subject, cfg analysis.VerifyConfig) (*verified, error) {
	v := &verified{}
	q := s.quantised
	if test := q.Model.Test; test != nil {
		inputs := func() *vector.List { return vector.Listed(test.Inputs) }
		held := analysis.VerifyConfig{Vectors: inputs()}
		if err := v.add(a, of, "held-out test inputs", s.program, held); err != nil {
			return nil, err
		}
		var err error
		if !q.Model.Config.Regression() || test.Targets != nil { // without right numbers nothing is right or wrong
			m := a.meter("counting right answers")
			v.Accuracy, err = of.its().evaluator().Accuracy(a.ctx, q, test)
			m.end()
			// A circuit that is wrong may give no label at all; the mismatch tells.
			if err != nil && v.Mismatches == 0 {
				return nil, err
			}
		}
		if v.RealError, err = analysis.MeasureRealError(a.ctx, q.Logits(), inputs()); err != nil {
			return nil, err
		}
	}
	return v, v.add(a, of, adversarial, s.program, cfg)
}

func (s *modelSubject) report(a *app, r *report) error {
	if err := r.prove(a, s); err != nil {
		return err
	}
	m := s.quantised.Model
	for _, t := range m.Weights {
		r.Parameters += len(t.Data)
	}
	r.Quantisation = s.quantised.Choices
	r.judgeCircuit()
	r.network = s.printNetwork
	if hidden := len(m.Config.LayerSizes) - 2; m.Config.Regression() && r.Depth == hidden+1 {
		r.after = fmt.Sprintf("  %d = %s, one level each, and 1 level to round the numbers.\n",
			r.Depth, plural(hidden, "hidden layer"))
	} else if hidden >= 0 && r.Depth == hidden+2 {
		r.after = fmt.Sprintf(
			"  %d = %s, one level each, and 2 levels for the largest logit: the logits are sums and need none.\n",
			r.Depth, plural(hidden, "hidden layer"))
	}
	return r.round(a, m, s.quantised)
}

// round measures what the roundings of a model do, each alone and with each knob finer, and how its scores lie. The
// model has no form in integers if q is nil.
func (r *report) round(a *app, m *model.Model, q *model.Quantised) (err error) {
	const alone, finer, bins = 200, 100, 24 // inputs, and bars of a histogram
	d, from := m.Sample(alone)
	if d == nil {
		return nil
	}
	defer a.meter("measuring the error of each rounding").end()
	r.sample = plural(d.Len(), "input") + ", " + from
	setting, err := m.Chosen(model.Quantisation{})
	if err != nil {
		return err
	}
	if q != nil {
		setting = q.Quantisation
		if r.StageErrors, err = q.StageErrors(a.ctx, d.Inputs); err != nil {
			return err
		}
	}
	r.Spreads = m.Spreads(d.Inputs, bins)
	if scores := slices.DeleteFunc(slices.Clone(r.Spreads), func(s model.Spread) bool { return !s.Scores }); q != nil ||
		len(scores) > 0 {
		r.Spreads = scores
	}
	r.Finer, err = tune.Finer(a.ctx, m, setting, d.Inputs[:min(finer, d.Len())])
	return err
}

func (s *modelSubject) printNetwork(a *app, r *report) {
	q := s.quantised
	c := &q.Model.Config
	a.Heading("The network")
	parameters := count(r.Parameters)
	switch {
	case len(c.LayerSizes) > 0:
		biases := ""
		if !slices.ContainsFunc(slices.Collect(maps.Keys(q.Model.Weights)), func(name string) bool {
			return strings.HasSuffix(name, ".bias")
		}) {
			biases = ", no biases"
		}
		a.Field("kind", "%s %s, %s%s, %s parameters", c.ModelType, sizes(c.LayerSizes), c.Activation, biases, parameters)
	case c.Recurrent != nil:
		d := c.Recurrent
		input := "one-hot tokens"
		if d.Embedding > 0 {
			input = fmt.Sprintf("embedding of %d", d.Embedding)
		}
		a.Field("kind", "%s, %s, %s, state of %d, %s parameters; unrolled: the depth grows with the number of tokens",
			c.ModelType, plural(d.Layers, "layer"), input, d.Hidden, parameters)
	case c.Decoder != nil:
		d := c.Decoder
		a.Field("kind",
			"%s, %s, hidden size %d, %s of size %d (%s of keys and values), intermediate size %d, %s, %s parameters",
			c.ModelType, plural(d.Layers, "layer"), d.Hidden, plural(d.Heads, "head"), d.HeadSize,
			plural(d.KeyHeads, "head"), d.Intermediate, d.Activation, parameters)
	case c.Selective != nil:
		d := c.Selective
		a.Field("kind", "%s, %s, hidden size %d, %d inner features with states of %d, convolution of %d, %s parameters",
			c.ModelType, plural(d.Layers, "layer"), d.Hidden, d.Inner, d.State, d.Kernel, parameters)
	default:
		a.Field("kind", "%s, hidden size %d, intermediate size %d, %s, %s parameters",
			c.ModelType, c.HiddenSize, c.IntermediateSize, c.Activation, parameters)
	}
	a.Aside(func() { s.printPorts(a) })
	a.Detail("Quantisation (weights: from their largest; activations: from %s)", q.Calibration)
	t := table.New("tensor | kind | #bits | #scale:%.4g | #integers | ")
	for _, ch := range q.Choices {
		detail := ""
		switch {
		case ch.Levels > 0:
			detail = plural(ch.Levels, "threshold")
		case ch.Kind == model.Activation && ch.Unit > 0:
			detail = fmt.Sprintf("1 = %s of the sum", plural(ch.Unit, "unit"))
		case ch.Kind == model.Residual && ch.Unit > 1:
			detail = fmt.Sprintf("incoming term × %d", ch.Unit)
		}
		t.Row(ch.Tensor, ch.Kind, ch.Bits, ch.Scale, count(ch.Least)+".."+count(ch.Greatest), detail)
	}
	a.Table(t)
	a.Printf("  The scale is the real value of the integer 1.\n")
}

// printPorts prints what the network reads and answers.
func (s *modelSubject) printPorts(a *app) {
	q := s.quantised
	c := &q.Model.Config
	switch in := c.Input; in.Kind {
	case "image":
		a.Field("input", "image of %d×%d pixels of %d bits", in.Rows, in.Columns, in.Bits)
	case "tokens":
		a.Field("input", "sequence of %d tokens out of %d", in.Length, in.Vocab)
	default:
		a.Field("input", "%d integers of %d bits", in.Length, in.Bits)
	}
	if c.Outputs > 1 && !c.Regression() {
		a.Field("answers", "the last %s answer", plural(c.Outputs, "position"))
	}
	if c.Regression() {
		a.Field("answer", "%s %s; the integer 1 is %.4g", plural(c.Outputs, "number"), strings.Join(q.Labels, " "), q.Unit())
	} else {
		a.Field("answer", "one of %s: %s", plural(len(q.Labels), "label"), strings.Join(q.Labels, " "))
	}
	if q.Model.Test != nil {
		right := ""
		if c.Regression() && q.Model.Test.Targets == nil {
			right = ", without targets, so nothing is said of right and wrong"
		}
		a.Field("held out", "%s that the training never saw%s", plural(q.Model.Test.Len(), "input"), right)
	}
}

// sizes writes the sizes of layers.
func sizes(layers []int) string { return joined(layers, "-") }
