package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/problem"
)

type reportCmd struct {
	target
	Out string `default:"out" placeholder:"DIR" help:"The folder of the figure (${default})."`
}

func (reportCmd) Help() string {
	return `What the subject is, its circuit, the check of the circuit against the integer reference, the depth ledger by stage, size, growth over n (of a family), the verdict with its assumptions, and a figure.

A family without n is reported with n=8.

Examples:

  tc0 report digits
  tc0 report attention:n=8,d=4,bits=3
  tc0 report most-frequent --strategy min-size --json
`
}

// defaultN is the member of a family that is reported if none is named.
const defaultN = 8

// report is the JSON of the whole page.
type report struct {
	*measured
	Parameters   int                        `json:"parameters,omitempty"` // of a model
	Quantisation []model.Choice             `json:"quantisation,omitempty"`
	StageErrors  []model.StageError         `json:"stage_errors,omitempty"`
	Verified     *verified                  `json:"verified,omitempty"`
	Points       []analysis.Point           `json:"points,omitempty"`
	Growth       map[string]analysis.Growth `json:"growth,omitempty"`
	Verdict      analysis.Judgement         `json:"verdict,omitempty"`
	Claim        string                     `json:"claim,omitempty"`
	Reason       string                     `json:"reason,omitempty"`
	Scope        string                     `json:"scope,omitempty"`
	Assumptions  []string                   `json:"assumptions,omitempty"`
	CheckedN     []int                      `json:"checked_n,omitempty"`
	Parallel     *analysis.Parallel         `json:"parallel"`
	Processors   []speedPoint               `json:"processors"`        // times on some numbers of them
	Quality      *analysis.Quality          `json:"quality,omitempty"` // of a diffusion model
	Figures      []string                   `json:"figures"`

	Problem      *problemFacts   `json:"problem,omitempty"`
	Settings     *settings       `json:"settings,omitempty"`      // of a model that is iterated
	Known        []analysis.Fact `json:"known"`                   // cited, not measured
	DepthFormula string          `json:"depth_formula,omitempty"` // for every n, by construction
	SizeFormula  string          `json:"size_formula,omitempty"`

	sweep   *analysis.Sweep
	proof   *analysis.Proof
	verdict *analysis.Verdict
	notes   []string // printed at the top
}

func (cmd *reportCmd) Run(a *app) error {
	s, err := a.open(cmd.target)
	if err != nil {
		return err
	}
	r := &report{}
	if s.kind == isFamily {
		if !s.spec.HasN() {
			s.spec = s.spec.With("n", defaultN)
			s.name = s.spec.String()
			r.notes = append(r.notes, fmt.Sprintf("No n was named: this is the member with n=%d.", defaultN))
		}
		if err := s.choose(); err != nil {
			return err
		}
	}
	if s.kind == isProblem {
		if !s.problem.HasN() {
			s.problem = s.problem.With("n", defaultN)
			s.name = s.problem.String()
			r.notes = append(r.notes, fmt.Sprintf("No n was named: this is the member with n=%d.", defaultN))
		}
		r.Problem = factsOfProblem(s.problem.Problem)
	}
	if r.measured, err = a.measure(s); err != nil {
		return err
	}
	if s.program != nil || s.kind == isProblem {
		if r.Verified, err = a.verify(s, analysis.VerifyConfig{}); err != nil {
			return err
		}
	}
	r.Parallel = analysis.ParallelOf(r.Measures)
	r.Processors = speedPoints(r.Parallel, reported(r.Parallel))
	if err := r.judge(a, s); err != nil {
		return err
	}
	if err := r.iterate(a, s); err != nil {
		return err
	}
	r.Known = analysis.FactsOf(s.knownKind())
	if err := r.draw(a, s, cmd.Out); err != nil {
		return err
	}
	if a.flags.JSON {
		err = a.emit(r)
	} else {
		r.print(a, s)
	}
	if r.Verified != nil {
		err = errors.Join(err, r.Verified.result())
	}
	if r.verdict != nil {
		err = errors.Join(err, judged(*r.verdict))
	}
	return err
}

// reportWires bounds the circuits that a report compares formulas with.
const reportWires = 3_000_000

// prove reads the subject for every n, if there are formulas for it.
func (r *report) prove(a *app, s *subject) error {
	if s.kind == isFile || s.kind == isProblem || s.basis != basis.TC0 || s.spec.Args["order"] == compile.TreeOrder {
		return nil
	}
	whole := *s
	if s.kind == isFamily { // without its n
		args := maps.Clone(s.spec.Args)
		delete(args, "n")
		whole.spec.Args = args
	}
	claim, err := whole.claim()
	if err != nil {
		return err
	}
	claim.Wires = reportWires
	if r.proof, err = analysis.Prove(a.ctx, claim); err != nil {
		return err
	}
	r.DepthFormula, r.SizeFormula = r.proof.DepthFormula.String(), r.proof.SizeInN.String()
	return nil
}

// judge measures growth and comes to a verdict.
func (r *report) judge(a *app, s *subject) error {
	if err := r.prove(a, s); err != nil {
		return err
	}
	switch s.kind {
	case isFamily, isProblem:
		n := s.spec.Args.Int("n")
		if s.kind == isProblem {
			n = s.problem.Args.Int("n")
		}
		var err error
		if r.sweep, err = a.sweep(s, s.possible(growthN(n, s.seconds))); err != nil {
			return err
		}
		r.Points, r.Growth, r.verdict = r.sweep.Points, r.sweep.Growth, &r.sweep.Verdict
		if s.kind == isProblem {
			v := r.sweep.OfProblem(s.problem.Problem.Shape == problem.Wide)
			r.verdict = &v
		}
		if s.spec.Args["order"] == compile.TreeOrder {
			v := r.sweep.Growing()
			r.verdict = &v
		}
		if r.proof != nil {
			r.verdict = &r.proof.Verdict
		}
	case isModel, isSampler:
		var err error
		if s.kind == isSampler {
			r.Parameters = s.sampler.Parameters()
			r.Quality, err = a.quality(s.circuit, *s.sampler, s.draws())
		} else {
			for _, t := range s.quantised.Model.Weights {
				r.Parameters += len(t.Data)
			}
			r.Quantisation = s.quantised.Choices
			err = r.stageErrors(a, s)
		}
		if err != nil {
			return err
		}
		v := analysis.JudgeCircuit(r.Measures, &analysis.Verification{
			Inputs: r.Verified.Inputs, Mismatches: r.Verified.Mismatches, Exhaustive: r.Verified.Exhaustive,
		})
		r.verdict = &v
	default:
		return nil
	}
	v := r.verdict
	r.Verdict, r.Claim, r.Reason, r.Scope, r.Assumptions, r.CheckedN = v.Verdict, v.Claim, v.Reason, v.Scope, v.Assumptions, v.CheckedN
	return nil
}

// stageErrors measures what each rounding does alone, on some held-out inputs.
func (r *report) stageErrors(a *app, s *subject) error {
	const most = 200
	d := s.quantised.Model.Test
	if d == nil {
		d = s.quantised.Model.Calibration
	}
	if d == nil {
		return nil
	}
	m := a.meter("measuring the error of each rounding")
	defer m.end()
	var err error
	r.StageErrors, err = s.quantised.StageErrors(a.ctx, d.Inputs[:min(most, d.Len())])
	return err
}

// printStageErrors prints the table of the roundings, each alone.
func (r *report) printStageErrors(a *app) {
	if len(r.StageErrors) == 0 {
		return
	}
	a.heading("What each rounding does alone to the network in floating point (measured)")
	var rows [][]string
	for _, e := range r.StageErrors {
		rows = append(rows, []string{e.Tensor, string(e.Kind), fmt.Sprintf("%.3g", e.RMS), fmt.Sprintf("%.2f %%", 100*e.Relative), fmt.Sprintf("%s of %s", count(e.Changed), count(e.Answers))})
	}
	a.table(cols("rounded", "kind", "#error of a logit", "#of its size", "#answers changed"), rows, nil)
	a.printf("  Errors and sizes are root mean squares over all logits.\n")
}

// growthN chooses the n of a small sweep: doublings that should take a few seconds,
// if building one member takes about n² and the reported one took the given time.
func growthN(n int, seconds float64) []int {
	const most, budget = 32, 5.0
	list := []int{n}
	for k := 2; k <= most; k *= 2 {
		if ratio := float64(k) / float64(n); k <= n || seconds*ratio*ratio <= budget {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// draw makes the figure, twice: as SVG, and as DOT for whoever wants to change it.
func (r *report) draw(a *app, s *subject, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("--out=%s: the folder cannot be made: %w", dir, errors.Unwrap(err))
	}
	for _, name := range []string{"svg", "dot"} {
		path := filepath.Join(dir, fileName(s)+"."+name)
		format, err := figureFormat(path)
		if err != nil {
			return err
		}
		if _, err := a.drawFile(path, format, s, draw.Config{Title: s.title(), DepthModel: a.model}); err != nil {
			return err
		}
		r.Figures = append(r.Figures, path)
	}
	return nil
}

// fileName makes a name for the figures of s: of a family, n and what is not as by
// default. A basis other than TC0 is always in it.
func fileName(s *subject) string {
	name := plainFileName(s)
	if s.basis != basis.TC0 && s.spec.Args["basis"] == "" {
		name += "-basis" + s.basis.String()
	}
	return name
}

func plainFileName(s *subject) string {
	if s.kind == isProblem || s.kind == isSampler {
		return strings.NewReplacer(":", "-", ",", "-", "=", "").Replace(filepath.Base(s.short()))
	}
	if s.kind != isFamily {
		base := filepath.Base(filepath.Clean(s.name))
		return strings.TrimSuffix(base, filepath.Ext(base))
	}
	name := s.spec.Family.Name
	for _, p := range s.spec.Family.Params {
		if v := s.spec.Args[p.Name]; v != p.Default {
			name += "-" + p.Name + v
		}
	}
	return name
}

func (r *report) print(a *app, s *subject) {
	a.title(s)
	for _, n := range r.notes {
		a.printf("%s\n", n)
	}
	a.printf("Every number below is measured on circuits that were built, but where it says proved.\n")
	if s.kind == isModel {
		a.heading("The network")
		r.printNetwork(a, s)
	}
	if s.kind == isSampler {
		a.heading("The network")
		c := &s.sampler.Config
		a.field("kind", "denoiser, a perceptron %s that reads the time, too, %s parameters", sizes(c.LayerSizes), count(r.Parameters))
		a.field("draws", "%s of %d bits, in %s of the cosine schedule (%s)", plural(c.Dimension(), "number"), c.Bits, plural(s.sampler.Steps, "step"), s.sampler.Kind())
		if c.Context > 0 {
			a.field("reads", "%s: a question of %s", plural(c.Context, "bit"), c.Problem)
		}
	}
	r.printStageErrors(a)
	a.heading("Circuit (measured)")
	a.printMeasures(s, r.measured)
	a.heading("Depth ledger by stage (measured)")
	a.printLedger(r.Measures)
	if s.kind == isModel && len(s.quantised.Model.Config.LayerSizes) > 0 {
		hidden := len(s.quantised.Model.Config.LayerSizes) - 2
		if r.Depth == hidden+2 {
			a.printf("  %d = %s, one level each, and 2 levels for the largest logit: the logits are sums and need none.\n", r.Depth, plural(hidden, "hidden layer"))
		}
	}
	if r.Verified != nil {
		a.heading("Circuit against integer reference (measured)")
		a.printVerified(r.Verified)
	}
	if r.Quality != nil {
		a.printQuality(s.sampler, []*analysis.Quality{r.Quality})
		a.printf("  tc0 unroll %s measures it for other numbers of steps.\n", strings.Split(s.name, ":")[0])
	}
	if r.sweep != nil {
		a.heading("Growth over n (measured, %s)", analysis.NSet(r.sweep.CheckedN))
		a.printSweep(r.sweep)
	}
	r.printProof(a)
	a.heading("Serial and total compute (measured)")
	a.printParallel(r.Parallel)
	if r.Parallel.Span > 0 {
		a.field("latency", "at least %s·τ for this circuit, where a layer of gates takes τ (%s depth model)", count(r.Parallel.Span), a.model.Name)
		a.printf("\n")
		a.printSpeedPoints(r.Processors)
		a.printf("  Time in units of a gate, level by level; between Brent's bounds is the time of every greedy schedule.\n")
	}
	if r.verdict != nil {
		how := "measured only"
		if r.verdict.Verdict == analysis.Proved {
			how = "by construction"
		}
		a.heading("Verdict: %s (%s)", r.verdict.Verdict, how)
		a.printVerdict(*r.verdict)
	}
	if s.kind == isProblem {
		a.printProblem(s.problem.Problem)
	}
	r.printSettings(a, s)
	if len(r.Known) > 0 {
		a.heading("What is known of such models")
		a.printFacts(r.Known)
	}
	a.heading("Figure")
	for _, f := range r.Figures {
		a.printf("  %s\n", f)
	}
}

// printProof prints what is proved of every n.
func (r *report) printProof(a *app) {
	p := r.proof
	if p == nil {
		return
	}
	if p.Fixed {
		a.heading("Depth and size by construction (proved)")
	} else {
		a.heading("For every n (proved by construction)")
	}
	a.field("depth", "at most %s", pretty(p.DepthFormula))
	a.field("size", "at most %s gates", pretty(p.SizeInN))
	if e := p.Exact; e != nil {
		a.field("", "exactly %s from n = %d on, by symmetry", pretty(e.Size), e.From)
	}
	switch {
	case p.Fixed:
		a.field("derivation", "%d operations; the network has one size, and so no n", len(p.Derivation))
	case len(p.Checked) > 0:
		a.field("derivation", "%d operations; compared with flat circuits for %s", len(p.Derivation), analysis.NSet(p.CheckedN))
	default:
		a.field("derivation", "%d operations; not compared with other circuits than the one above", len(p.Derivation))
	}
	a.field("", "tc0 prove %s shows it", p.Subject)
}
