package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/table"
)

type verifyCmd struct {
	target
	Inputs     int    `placeholder:"N" help:"Try so many adversarial and random inputs, even where all could be tried."`
	Exhaustive bool   `help:"Try all valid inputs, however many there are, up to 2^36."`
	Against    string `placeholder:"SUBJECT" help:"The program to compare with: needed for a circuit file, which has none of its own."`
	shardFlags
}

func (verifyCmd) Help() string {
	return `All valid inputs are tried where there are at most 2^20; else 10 000, adversarial ones first, then
random ones from --seed. A model is tried on its held-out inputs, too. The integers on all output ports must be
those of the integer reference, bit for bit.

Of a family, the distance of the integer reference from the same model in real numbers is printed, too. Of a
model, how often it answers right.

Examples:

  tc0 verify attention:n=2,d=1,bits=2
  tc0 verify attention:n=8 --inputs 100000 --seed 7
  tc0 verify head.tc0 --against attention:n=8,d=4,bits=3
`
}

// check is one comparison: what was tried, and what came out.
type check struct {
	What string `json:"what"`
	analysis.Verification
}

// verified is the JSON of all comparisons of one circuit.
type verified struct {
	analysis.Verification                       // all of them together
	Checks                []check               `json:"checks"`
	Mismatch              *vector.MismatchError `json:"mismatch,omitempty"` // the first witness
	RealError             *analysis.RealError   `json:"real_error,omitempty"`
	Accuracy              *analysis.Accuracy    `json:"accuracy,omitempty"`

	tokens bool // the outputs are one-hot
}

// adversarial are the inputs that every circuit is tried on.
const adversarial = "adversarial and random inputs"

// verifiable is a subject that says what a circuit has to compute.
type verifiable interface {
	// verify compares the circuit of another subject, or its own.
	verify(a *app, of subject, cfg analysis.VerifyConfig) (*verified, error)
}

// add compares the circuit of a subject with a program.
func (v *verified) add(a *app, of subject, what string, p *program.Program, cfg analysis.VerifyConfig) error {
	m := a.meter("verifying, " + what)
	defer m.end()
	cfg.Progress, cfg.By = m.vectors, of.its().evaluator()
	found, err := analysis.Verify(a.ctx, of.its().circuit, p, cfg)
	return v.note(what, found, err)
}

// evaluator computes the circuit, which must be built. There is one, so that its plan is made once.
func (c *common) evaluator() *analysis.Evaluator {
	if c.by == nil {
		c.by = analysis.NewEvaluator(c.circuit)
	}
	return c.by
}

// note adds one comparison.
func (v *verified) note(what string, found *analysis.Verification, err error) error {
	mismatch, err := mismatchIn(err)
	if err != nil {
		return err
	}
	v.Mismatch = cmp.Or(v.Mismatch, mismatch)
	if found.Exhaustive {
		what = "all valid inputs"
	}
	v.Seed = cmp.Or(found.Seed, v.Seed)
	v.Inputs += found.Inputs
	v.Mismatches += found.Mismatches
	v.Exhaustive = v.Exhaustive || found.Exhaustive
	v.Checks = append(v.Checks, check{what, *found})
	return nil
}

// mismatchIn returns the mismatch that an error is; it is a result, and any other an error.
func mismatchIn(err error) (*vector.MismatchError, error) {
	var mismatch *vector.MismatchError
	if errors.As(err, &mismatch) {
		return mismatch, nil
	}
	return nil, err
}

// real measures how far the integer reference is from real numbers.
func (v *verified) real(a *app, of subject, i *compile.Instance, inputs *vector.List) (err error) {
	v.RealError, err = analysis.MeasureRealError(a.ctx, i, inputs)
	v.tokens = of.its().circuit.OutputPorts()[0].Format.Kind == circuit.OneHot
	return err
}

// verification is the JSON of a circuit that was compared with its reference.
type verification struct {
	Subject    string      `json:"subject"`
	Against    string      `json:"against,omitempty"`
	Depth      int         `json:"depth"`
	DepthModel string      `json:"depth_model"`
	Size       int         `json:"size"`
	Wires      int64       `json:"wires"`
	GateClass  gates.Class `json:"gate_class"`
	Basis      string      `json:"basis"`

	Verdict  analysis.Judgement `json:"verdict"`
	Verified *verified          `json:"verified"`
}

func (cmd *verifyCmd) Run(a *app) error {
	if cmd.Inputs < 0 {
		return errf("--inputs=%d: at least 1 is needed", cmd.Inputs)
	}
	if cmd.Inputs > 0 && cmd.Exhaustive {
		return errors.New("--inputs and --exhaustive exclude each other")
	}
	s, err := a.openMember(cmd.target)
	if err != nil {
		return err
	}
	against := s
	if cmd.Against != "" {
		if against, err = a.openMember(target{Subject: cmd.Against}); err != nil {
			return err
		}
	}
	reference, ok := against.(verifiable)
	switch {
	case !ok && cmd.Against != "":
		return errf("%s: a circuit file has no program to compare with", cmd.Against)
	case !ok:
		return errf("%s: a circuit file has no program to compare with; name one with --against, such as --against "+
			"attention:n=8", s.name())
	}
	m, err := a.measure(s)
	if err != nil {
		return err
	}
	v, err := reference.verify(a, s,
		analysis.VerifyConfig{Inputs: cmd.Inputs, Exhaustive: cmd.Exhaustive, Seed: a.flags.Seed})
	if err != nil {
		return err
	}
	return a.show(verification{
		s.name(), cmd.Against, m.Depth, m.DepthModel, m.Size, m.Wires, m.GateClass, m.Basis, v.Judgement(), v,
	}, func() {
		a.title(s)
		a.Printf("%s, depth %s\n", plural(m.Size, "gate"), m.depthText())
		a.printVerified(v)
	}, v.Mismatches == 0)
}

func (a *app) printVerified(v *verified) {
	a.Heading("Circuit against integer reference (measured)")
	t := table.New("inputs tried | #inputs:, | #mismatches:,")
	for _, c := range v.Checks {
		t.Row(c.What, c.Inputs, c.Mismatches)
	}
	if t.Len() > 1 {
		a.Table(t)
	} else {
		c := v.Checks[0]
		a.Field("inputs", "%s, %s; mismatches: %s", count(c.Inputs), c.What, count(c.Mismatches))
	}
	switch {
	case v.Mismatch != nil:
		a.Text("MISMATCH", v.Mismatch.Error())
	case v.Exhaustive:
		a.Printf("  The circuit equals the integer reference on every valid input.\n")
	default:
		a.Printf("  The circuit equals the integer reference on every input tried.\n")
	}
	if acc := v.Accuracy; acc != nil && acc.Error == nil {
		a.Printf("  Right on held-out inputs: %.2f %% in floating point, %.2f %% through the circuit.\n", acc.FloatPercent,
			acc.CircuitPercent)
	}
	if v.Seed != nil {
		a.Aside(func() { a.Printf("  The seed of the random inputs is %d.\n", *v.Seed) })
	}
	if e := v.RealError; e != nil {
		a.Detail("Integer reference against real numbers (measured)")
		if v.tokens { // numbers of tokens have no distance
			a.Field("tokens", "%s of %s are those of the network in real numbers", count(e.Same), count(e.Outputs))
		} else if v.Accuracy != nil && v.Accuracy.Error == nil { // a model: what is compared are its logits
			a.Field("greatest", "absolute error of a logit %.4g", e.Max)
			a.Field("mean", "absolute error %.4g; a logit is %.4g away from 0 on average", e.Mean, e.Size)
		} else {
			a.Field("greatest", "absolute error of an output %.4g, which is %.3f of its units", e.Max, e.MaxUnit)
			a.Field("mean", "absolute error %.4g, which is %.3f units; an output is %.4g away from 0 on average",
				e.Mean, e.MeanUnit, e.Size)
			a.Field("unit", "the integer 1 of an output is %.4g in real numbers", e.Scale)
		}
		a.Text("inputs", count(e.Inputs))
	}
	if v.Accuracy != nil {
		a.Detail("Accuracy on held-out inputs (measured)")
		a.printAccuracy(v.Accuracy)
	}
}

func (a *app) printAccuracy(acc *analysis.Accuracy) {
	if e := acc.Error; e != nil {
		t := table.New("network | #mean absolute error:%.4g | #units:%.3f | #R²")
		row := func(name string, mean float64, r2 *float64) {
			share := ""
			if r2 != nil {
				share = fmt.Sprintf("%.5f", *r2)
			}
			t.Row(name, mean, mean/e.Unit, share)
		}
		row("floating point", e.Float, e.FloatR2)
		row("integers", e.Reference, e.ReferenceR2)
		row("circuit", e.Circuit, e.CircuitR2)
		a.Table(t)
		a.Printf("  The error is the distance from the right number, over %s. A unit, the integer 1 of an output,\n",
			plural(acc.Inputs, "input"))
		a.Printf("  is %.4g. R² compares with the right numbers, too.\n", e.Unit)
		return
	}
	t := table.New("network | #right | #accuracy:%.2f %% | #points:%+.2f")
	row := func(name string, right int, percent float64) {
		t.Row(name, count(right)+" of "+count(acc.Inputs), percent, percent-acc.FloatPercent)
	}
	row("floating point", acc.Float, acc.FloatPercent)
	row("integers", acc.Reference, acc.ReferencePercent)
	row("circuit", acc.Circuit, acc.CircuitPercent)
	a.Table(t)
	a.Aside(func() {
		a.Indented("Points are percentage points above the network in floating point. The circuit gives the label of the " +
			fmt.Sprintf("integer network on %s of %s inputs, that of the network in floating point on %s.",
				count(acc.SameAsReference), count(acc.Inputs), count(acc.SameAsFloat)))
	})
	if acc.Tokens > 0 {
		part := func(n int) string {
			return fmt.Sprintf("%s of %s (%.2f %%)", count(n), count(acc.Tokens), 100*float64(n)/float64(acc.Tokens))
		}
		a.Printf("  An input is right if all its tokens are.\n")
		a.Field("tokens", "right are %s in floating point, %s through the circuit", part(acc.FloatTokens),
			part(acc.CircuitTokens))
		a.Field("perplexity",
			"%.4f in floating point, %.4f through the circuit (%+.2f %%): exp of the mean of −ln p of the right token",
			acc.FloatPerplexity, acc.CircuitPerplexity, 100*(acc.CircuitPerplexity/acc.FloatPerplexity-1))
	}
}
