package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/table"
)

type unrollCmd struct {
	Subject  []string `arg:"" optional:"" help:"Models: diffusion, cot, looped, rnn, gru, lstm, ssm:kind=recurrence, one with a single pass (transformer, ssm, ...), digit-denoiser, or a problem with steps (rule110, sudoku, cvp, ...). Unless given: ${unrolled}, with T = n."`
	Steps    string   `default:"1..8" placeholder:"LIST" help:"The numbers of steps T: numbers and ranges, as in tc0 sweep --n. Unless given: ${default}."`
	N        string   `name:"n" placeholder:"N" help:"Positions that the models read: a number, or steps for T = n. Unless given: that of the subject, or 4."`
	Samples  *int     `placeholder:"N" help:"Of a trained diffusion model: draws whose quality is measured; 0 for none. Unless given: 1000, or 100 for each question."`
	Strategy string   `placeholder:"NAME" help:"How values are encoded: min-depth, balanced, min-size, or parts joined by +."`
	CSV      string   `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
	Plot     string   `placeholder:"FILE" help:"Write a plot of depth and size over T, as wide as a column of a paper: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
	basisFlag
	estimateFlag
}

// unrolledByDefault are the models whose depths the argument about serial computation
// compares.
var unrolledByDefault = []string{"transformer", "ssm", "diffusion", "cot", "rnn"}

// equalSteps is the --n for which n is the number of steps.
const equalSteps = "steps"

func (unrollCmd) Help() string {
	return `Each model is unrolled for each number of steps T, and its circuit is built flat and measured: the
depth of each step, which is that of the longest path within it, and the depth of the whole. Depths are compared
with what the formulas say for every n, and for every T where the model is read with T as a symbol.

A model with a single pass has no steps; T is then its n. In a recurrent network the steps are the positions.

A trained diffusion model, such as digit-denoiser, is run, too: its circuit draws with each number of steps, is
compared with the network in integers, and the quality of what it draws is measured and plotted beside the
depth. For images that is the squared Fréchet distance between the held-out images and those drawn, each set
described by its mean and covariance.

With no model at all the figure is the one of the argument about serial computation: depth against n of one pass
of a transformer, of a state-space model, of one step of a diffusion model and of all its steps, of a chain of
thought and of a recurrent network, with T = n.

Examples:

  tc0 unroll diffusion --steps 1..32
  tc0 unroll diffusion:kind=masked cot looped --n 4 --steps 1,2,4,8
  tc0 unroll --steps 1..16 --plot argument.svg
  tc0 unroll digit-denoiser --steps 1..64*2 --plot quality.svg
`
}

// Run unrolls the models and prints what was measured.
func (cmd *unrollCmd) Run(a *app) error {
	counts, err := parseSteps(cmd.Steps)
	if err != nil {
		return err
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	if len(cmd.Subject) == 0 {
		cmd.Subject, cmd.N = unrolledByDefault, cmp.Or(cmd.N, equalSteps)
	}
	if n := cmd.Samples; n != nil && (*n < 0 || *n == 1) {
		return errf("--samples=%d: 2 or more are measured, or 0 for none", *n)
	}
	if cmd.N != "" && cmd.N != equalSteps {
		if n, err := strconv.Atoi(cmd.N); err != nil || n < 1 {
			return errf("--n=%s is neither a whole number of at least 1 nor %q", cmd.N, equalSteps)
		}
	}
	var all []*unrolled
	for _, name := range cmd.Subject {
		u, err := cmd.open(a, name)
		if err != nil {
			return err
		}
		all = append(all, u)
	}
	if cmd.Estimate {
		return a.foreseeSteps(all, counts)
	}
	var stopped error
	for i, u := range all {
		if stopped = a.unroll(u, counts); stopped != nil {
			all = all[:i+btoi(len(u.Runs) > 0)]
			break
		}
	}
	if len(all) == 0 {
		return stopped
	}
	if stopped != nil {
		a.partial, cmd.CSV, cmd.Plot = true, "", ""
	}
	a.save(cmd.CSV, func(w io.Writer) error { return writeStepsCSV(w, all) })
	a.save(cmd.Plot, func(w io.Writer) error { return writeStepsPlot(w, format, all, a.model.Name) })
	all[0].Beside = all[1:]
	holds := !slices.ContainsFunc(all, func(u *unrolled) bool {
		return u.Flat != nil && u.Flat.Verdict == analysis.Refuted ||
			slices.ContainsFunc(u.Quality, func(q *analysis.Quality) bool { return q.Mismatches > 0 })
	})
	err = a.show(all[0], func() {
		if len(all) > 1 {
			a.printBeside(all)
			a.Aside(func() {
				for _, u := range all {
					a.Printf("\n")
					a.printUnrolled(u)
				}
			})
		} else {
			a.printUnrolled(all[0])
		}
		a.printSaved(cmd.CSV)
		a.printSaved(cmd.Plot)
	}, holds)
	return cmp.Or(stopped, err)
}

// parseSteps reads --steps.
func parseSteps(list string) ([]int, error) {
	counts, err := parseN("steps", list)
	if err != nil {
		return nil, err
	}
	if last := counts[len(counts)-1]; last > compile.MostSteps {
		return nil, errf("--steps=%s: %d is more than %d", list, last, compile.MostSteps)
	}
	return counts, nil
}

// unrolled is one model over numbers of steps.
type unrolled struct {
	Subject  string                 `json:"subject"`
	Serial   bool                   `json:"serial"`      // it has steps
	Single   int                    `json:"single_step"` // depth of the single step
	Runs     []analysis.Run         `json:"runs"`
	Pattern  string                 `json:"total_formula,omitempty"` // of the total depth, at all T
	Formulas *analysis.StepFormulas `json:"formulas,omitempty"`      // for every n
	Flat     *analysis.Verdict      `json:"flat,omitempty"`
	Total    *analysis.Verdict      `json:"total,omitempty"` // with T = n
	Known    []proof.Fact           `json:"known"`
	Quality  []*analysis.Quality    `json:"quality,omitempty"` // of a trained diffusion model
	Beside   []*unrolled            `json:"beside,omitempty"`

	subject subject
	unit    string // stage of a step
	equal   bool   // T = n
	counted bool   // the number of steps is a parameter, apart from n
	family  string
	drawing *model.Sampler // of a trained diffusion model
	samples int            // that it draws to measure their quality
	against string         // what the steps are compared with

	// at builds the circuit with T steps, everyN its program for every n, and everyT that for every T as well;
	// these are nil of a problem. positions is the n with T steps; nil if the model has none.
	at        analysis.Member
	everyN    func(steps int) (*program.Program, error)
	everyT    func() (*program.Program, error)
	withN     func(ctx context.Context, steps, n int) (*circuit.Circuit, error) // of a family, with another n
	positions func(steps int) int
	forecast  func(ctx context.Context, steps int) (*forecast.Forecast, error) // of the circuit with T steps

	class, classText string // how the class is printed
}

// stepped is a subject that has steps, or a single pass.
type stepped interface {
	subject
	// steps says what the steps are of the subject that goes by the name.
	steps(a *app, cmd *unrollCmd, name string) (*unrolled, error)
}

// open finds one of the models and what its steps are.
func (cmd *unrollCmd) open(a *app, name string) (*unrolled, error) {
	s, err := a.open(target{Subject: name, Strategy: cmd.Strategy, basisFlag: cmd.basisFlag})
	if err != nil {
		return nil, err
	}
	if strings.Contains(name, "steps=") {
		return nil, errf("%s says how many steps, and so does --steps=%s: leave one of them out", name, cmd.Steps)
	}
	model, ok := s.(stepped)
	if !ok {
		return nil, errf("%s is a %s: what is unrolled is a family, a problem with steps or a trained diffusion model",
			s.name(), s.its().kind)
	}
	u, err := model.steps(a, cmd, name)
	if err == nil && u.Known == nil {
		u.Known = analysis.FactsOf(s.known())
	}
	return u, err
}

// unroll measures one model. The runs that were measured stay when it is stopped.
func (a *app) unroll(u *unrolled, counts []int) error {
	m := a.meter("unrolling " + u.subject.short())
	defer m.end()
	of := u.subject.its()
	// A last step need not write its state in the code that a strategy has for values that
	// are read on; with other strategies than min-depth it may have less depth than others.
	u.against = analysis.SingleStep
	first := 1
	if u.counted && u.everyN != nil && of.strategy.String() != lower.MinDepth.String() {
		u.against, first = "a step that another one follows", 2
	}
	one := u.at
	if u.counted && u.equal { // at small n a step may be less deep, so it is compared at the greatest
		one = func(ctx context.Context, steps int) (*circuit.Circuit, error) {
			return u.withN(ctx, steps, slices.Max(counts))
		}
	}
	single, err := analysis.Unroll(a.ctx, one, u.unit, []int{first}, a.model, nil)
	if err != nil {
		return err
	}
	u.Single = single[0].Deepest
	done := 0
	drawing := func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		c, err := u.at(ctx, steps)
		if err != nil || u.samples == 0 {
			return c, err
		}
		s := *u.drawing
		s.Steps = steps
		q, err := a.quality(c, s, u.samples)
		if err != nil {
			return nil, err
		}
		u.Quality = append(u.Quality, q)
		return c, nil
	}
	u.Runs, err = analysis.Unroll(a.ctx, drawing, u.unit, counts, a.model, func(int) {
		m.set(done, len(counts))
		done++
	})
	for i := range u.Runs {
		r := &u.Runs[i]
		r.GateClass = of.class(r.GateClass)
		if u.positions != nil {
			r.N = u.positions(r.Count)
		}
	}
	if len(u.Runs) == 0 {
		return err
	}
	if p, ok := analysis.TotalPattern(u.Runs); ok && len(u.Runs) > 2 {
		u.Pattern = strings.ReplaceAll(p.Formula, "n", "T")
	}
	if err == nil && u.counted {
		if u.everyN != nil && of.basis == basis.TC0 && a.model.Name == "standard" {
			if f, e := analysis.ReadSteps(u.everyN, u.everyT, u.unit, counts, of.strategy); e == nil {
				u.Formulas = f
			}
		}
		v := analysis.JudgeFlat(u.against, u.Single, u.Runs, u.Formulas)
		u.Flat = &v
	}
	if u.equal && u.everyN != nil && len(u.Runs) > 1 {
		v := analysis.JudgeGrowing(u.Runs)
		u.Total = &v
	}
	return err
}

// writeStepsCSV writes one row for each model, number of steps and step.
func writeStepsCSV(w io.Writer, all []*unrolled) error {
	t := table.New("subject | steps | n | step | step_depth | step_size | total_depth | size | wires | work | span")
	for _, u := range all {
		for _, r := range u.Runs {
			for _, s := range r.Steps {
				t.Row(u.Subject, r.Count, r.N, s.Step, s.Depth, s.Size, r.Depth, r.Size, r.Wires, r.Work, r.Span)
			}
		}
	}
	return t.CSV(w)
}

// stepDepths writes the depths of the steps of a run, those that are alike together.
func stepDepths(r analysis.Run) string {
	var parts []string
	for i := 0; i < len(r.Steps); {
		j := i
		for j < len(r.Steps) && r.Steps[j].Depth == r.Steps[i].Depth {
			j++
		}
		text := fmt.Sprint(r.Steps[i].Depth)
		if j-i > 1 {
			text = fmt.Sprintf("%d × %s", j-i, text)
		}
		parts, i = append(parts, text), j
	}
	if len(parts) > 4 {
		parts = slices.Concat(parts[:3], []string{"…"})
	}
	return commas(parts)
}
