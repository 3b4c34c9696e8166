package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/tune"
)

type reportCmd struct {
	target
	Out string `default:"out" placeholder:"DIR" help:"The folder of the figure (${default})."`
}

func (reportCmd) Help() string {
	return `What the subject is, its circuit, the check of the circuit against the integer reference, the depth
ledger by stage, size, growth over n (of a family), the verdict with its assumptions, and a figure.

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
	Finer        []*tune.Step               `json:"finer,omitempty"`   // each knob of the quantisation turned
	Spreads      []model.Spread             `json:"spreads,omitempty"` // of scores, or of all activations
	Refused      string                     `json:"refused,omitempty"` // why a model has no circuit
	Verified     *verified                  `json:"verified,omitempty"`
	Points       []analysis.Point           `json:"points,omitempty"`
	Growth       map[string]analysis.Growth `json:"growth,omitempty"`
	Verdict      analysis.Judgement         `json:"verdict,omitempty"`
	Claim        string                     `json:"claim,omitempty"`
	Reason       string                     `json:"reason,omitempty"`
	Class        string                     `json:"class,omitempty"`
	Scope        string                     `json:"scope,omitempty"`
	Assumptions  []string                   `json:"assumptions,omitempty"`
	CheckedN     []int                      `json:"checked_n,omitempty"`
	Parallel     *analysis.Parallel         `json:"parallel"`
	Processors   []speedPoint               `json:"processors"`        // times on some numbers of them
	Quality      *analysis.Quality          `json:"quality,omitempty"` // of a diffusion model
	Figures      []string                   `json:"figures"`

	Problem      *problemFacts `json:"problem,omitempty"`
	Settings     *settings     `json:"settings,omitempty"`      // of a model that is iterated
	Known        []proof.Fact  `json:"known"`                   // cited, not measured
	DepthFormula string        `json:"depth_formula,omitempty"` // for every n, by construction
	SizeFormula  string        `json:"size_formula,omitempty"`

	sweep   *analysis.Sweep
	proof   *analysis.Proof
	verdict *analysis.Verdict
	drawing *model.Sampler // of a diffusion model
	after   string         // printed below the ledger
	network func(*app, *report)
	notes   []string // printed at the top
	sample  string   // what the roundings of a model are measured on
}

func (cmd *reportCmd) Run(a *app) error {
	s, err := a.open(cmd.target)
	if err != nil {
		return a.reportRefused(cmd, nil, err)
	}
	r := &report{Figures: []string{}}
	if f, ok := s.(interface{ setN(n int) }); ok && s.named() == "" {
		f.setN(defaultN)
		r.notes = append(r.notes, fmt.Sprintf("No n was named: this is the member with n=%d.", defaultN))
	}
	if err := a.foresee(s); err != nil {
		return err
	}
	if err := s.member(); err != nil {
		return err
	}
	if r.measured, err = a.measure(s); err != nil {
		return a.reportRefused(cmd, s, err)
	}
	if v, ok := s.(verifiable); ok {
		if r.Verified, err = v.verify(a, s, analysis.VerifyConfig{Seed: a.flags.Seed}); err != nil {
			return err
		}
	}
	r.Parallel = analysis.ParallelOf(r.Measures)
	r.Processors = speedPoints(r.Parallel, reported(r.Parallel))
	if err := s.report(a, r); err != nil {
		return err
	}
	if v := r.verdict; v != nil {
		r.Verdict, r.Claim, r.Reason, r.Class, r.Scope = v.Verdict, v.Claim, v.Reason, v.Class, v.Scope
		r.Assumptions, r.CheckedN = v.Assumptions, v.CheckedN
	}
	r.Known = analysis.FactsOf(s.known())
	if err := r.draw(a, s, cmd.Out); err != nil {
		return err
	}
	if err := r.drawScores(a, s.stem(), cmd.Out); err != nil {
		return err
	}
	holds := (r.Verified == nil || r.Verified.Mismatches == 0) &&
		(r.verdict == nil || r.verdict.Verdict != analysis.Refuted)
	return a.show(r, func() { r.print(a, s) }, holds)
}

// reportWires bounds the circuits that a report compares formulas with.
const reportWires = 3_000_000

// prove reads the subject for every n; formulas are in basis TC0.
func (r *report) prove(a *app, s subject) error {
	if s.its().basis != basis.TC0 {
		return nil
	}
	claim, err := s.claim()
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

// judgeCircuit comes to a verdict on a network of one size.
func (r *report) judgeCircuit() {
	v := analysis.JudgeCircuit(r.Measures, &r.Verified.Verification)
	r.verdict = &v
}

// grow measures growth over n, which comes to a verdict.
func (r *report) grow(a *app, s subject, n int) (err error) {
	if r.sweep, err = a.sweep(s, s.possible(growthN(n, r.Wires))); err != nil {
		return err
	}
	r.Points, r.Growth, r.verdict = r.sweep.Points, r.sweep.Growth, &r.sweep.Verdict
	return nil
}

// draw makes the figure, twice: as SVG, and as DOT for whoever wants to change it.
func (r *report) draw(a *app, s subject, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return errf("--out=%s: the folder cannot be made: %w", dir, errors.Unwrap(err))
	}
	for _, name := range []string{".svg", ".dot"} {
		path := filepath.Join(dir, s.stem()+s.inBasis("-basis")+name)
		format, err := figureFormat(path)
		if err != nil {
			return err
		}
		cfg := draw.Config{Title: title(s), DepthModel: a.model}
		if _, _, err := a.drawFile(path, format, s.its().circuit, cfg); err != nil {
			return err
		}
		r.Figures = append(r.Figures, path)
	}
	return nil
}

func (r *report) print(a *app, s subject) {
	a.title(s)
	for _, n := range r.notes {
		a.Printf("%s\n", n)
	}
	a.Aside(func() {
		a.Printf("Every number below is measured on circuits that were built, but where it says proved.\n")
	})
	if r.verdict != nil {
		how := "measured only"
		if r.verdict.Verdict == analysis.Proved {
			how = "by construction"
		}
		a.Heading("Verdict: %s (%s)", r.verdict.Verdict, how)
		paper.Verdict(&a.Page, *r.verdict)
	}
	if r.network != nil {
		r.network(a, r)
	}
	r.printStageErrors(a)
	r.printFiner(a)
	r.printSpreads(a)
	a.printCircuit(s, r.measured)
	a.Detail("Depth ledger by stage (measured)")
	a.printLedger(r.measured)
	a.Printf("%s", r.after)
	if r.Verified != nil {
		a.printVerified(r.Verified)
	}
	if r.Quality != nil {
		a.printQuality(r.drawing, []*analysis.Quality{r.Quality})
		a.Printf("  tc0 unroll %s measures it for other numbers of steps.\n", strings.Split(s.name(), ":")[0])
	}
	if r.sweep != nil {
		if r.proof != nil { // a short page has the formulas
			a.Detail("%s", growthTitle(r.sweep))
		} else {
			a.Heading("%s", growthTitle(r.sweep))
		}
		a.printSweep(r.sweep, false)
	}
	r.printProof(a)
	a.Detail("Serial and total compute (measured)")
	a.printParallel(r.Parallel)
	if r.Parallel.Span > 0 {
		a.Field("latency", "at least %s·τ for this circuit, where a layer of gates takes τ (%s depth model)",
			count(r.Parallel.Span), a.model.Name)
		a.Printf("\n")
		a.printSpeedPoints(r.Processors)
		a.Printf(
			"  Time in units of a gate, level by level; between Brent's bounds is the time of every greedy schedule.\n")
	}
	if r.Problem != nil {
		r.Problem.print(a)
	}
	r.printSettings(a)
	if len(r.Known) > 0 {
		a.Detail("What else is known")
		a.printFacts(r.Known)
	}
	a.End()
	a.Printf("\nFigure: %s\n", strings.Join(r.Figures, ", "))
}

// printProof prints what is proved of every n.
func (r *report) printProof(a *app) {
	p := r.proof
	if p == nil {
		return
	}
	if p.Fixed {
		a.Heading("Depth and size by construction (proved)")
	} else {
		a.Heading("For %s (proved by construction)", p.Members)
	}
	a.Field("depth", "at most %s", paper.Pretty(p.DepthFormula))
	a.Field("size", "at most %s", paper.Counted(p.SizeInN, "gate"))
	a.Aside(func() { r.printDerived(a) })
}

// printDerived prints where a proof comes from.
func (r *report) printDerived(a *app) {
	p := r.proof
	if e := p.Interpolated; e != nil {
		a.Field("counted", "%s, interpolated from %d circuits and not proved", paper.Counted(e.Size, "gate"), len(e.FixedBy))
	}
	switch {
	case p.Fixed:
		a.Field("derivation", "%d operations; the network has one size, and so no n", len(p.Derivation))
	case len(p.Checked) > 0:
		a.Field("derivation", "%d operations; compared with flat circuits for %s", len(p.Derivation),
			analysis.NSet(p.CheckedN))
	default:
		a.Field("derivation", "%d operations; not compared with other circuits than the one above", len(p.Derivation))
	}
	a.Field("", "tc0 prove %s shows it", p.Subject)
}
