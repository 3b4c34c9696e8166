package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
)

type unrollCmd struct {
	Subject  []string `arg:"" optional:"" help:"Models: diffusion, cot, looped, rnn, gru, lstm, ssm:kind=recurrence, one with a single pass (transformer, ssm, ...), digit-denoiser, or a problem with steps (rule110, sudoku, cvp, ...). Unless given: ${unrolled}, with T = n."`
	Steps    string   `default:"1..8" placeholder:"LIST" help:"The numbers of steps T: numbers and ranges, as in tc0 sweep --n. Unless given: ${default}."`
	N        string   `name:"n" placeholder:"N" help:"Positions that the models read: a number, or steps for T = n. Unless given: that of the subject, or 4."`
	Samples  int      `default:"1000" placeholder:"N" help:"Of a trained diffusion model: draws whose quality is measured (${default}); 0 for none."`
	Strategy string   `placeholder:"NAME" help:"How values are encoded: min-depth, balanced, min-size, or parts joined by +."`
	CSV      string   `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
	Plot     string   `placeholder:"FILE" help:"Write a plot of depth and size over T, as wide as a column of a paper: .svg, .png or .pdf."`
	basisFlag
}

// unrolledByDefault are the models whose depths the argument about serial computation
// compares.
var unrolledByDefault = []string{"transformer", "ssm", "diffusion", "cot", "rnn"}

// equalSteps is the --n for which n is the number of steps.
const equalSteps = "steps"

func (unrollCmd) Help() string {
	return `Each model is unrolled for each number of steps T, and its circuit is built flat and measured: the depth of each step, which is that of the longest path within it, and the depth of the whole. Depths are compared with what the formulas say for every n.

A model with a single pass has no steps; T is then its n. In a recurrent network the steps are the positions.

A trained diffusion model, such as digit-denoiser, is run, too: its circuit draws with each number of steps, is compared with the network in integers, and the quality of what it draws is measured and plotted beside the depth. For images that is the squared Fréchet distance between the held-out images and those drawn, each set described by its mean and covariance.

With no model at all the figure is the one of the argument about serial computation: depth against n of one pass of a transformer, of a state-space model, of one step of a diffusion model and of all its steps, of a chain of thought and of a recurrent network, with T = n.

Examples:

  tc0 unroll diffusion --steps 1..32
  tc0 unroll diffusion:kind=masked cot looped --n 4 --steps 1,2,4,8
  tc0 unroll --steps 1..16 --plot argument.svg
  tc0 unroll digit-denoiser --steps 1..64*2 --plot quality.svg
`
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
	Known    []analysis.Fact        `json:"known"`
	Quality  []*analysis.Quality    `json:"quality,omitempty"` // of a trained diffusion model
	Beside   []*unrolled            `json:"beside,omitempty"`

	s       *subject
	unit    string // stage of a step
	equal   bool   // T = n
	counted bool   // the number of steps is a parameter, apart from n
	family  string
	samples int
	against string // what the steps are compared with
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
	if cmd.Samples < 0 || cmd.Samples == 1 {
		return fmt.Errorf("--samples=%d: 2 or more are measured, or 0 for none", cmd.Samples)
	}
	if cmd.N != "" && cmd.N != equalSteps {
		if n, err := strconv.Atoi(cmd.N); err != nil || n < 1 {
			return fmt.Errorf("--n=%s is neither a whole number of at least 1 nor %q", cmd.N, equalSteps)
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
	var stopped error
	for i, u := range all {
		if stopped = a.unroll(u, counts); stopped != nil {
			if len(u.Runs) == 0 {
				all = all[:i]
			} else {
				all = all[:i+1]
			}
			break
		}
	}
	if len(all) == 0 {
		return stopped
	}
	if stopped != nil {
		a.partial, cmd.CSV, cmd.Plot = true, "", ""
	}
	if cmd.CSV != "" {
		if _, err := a.writeFile(cmd.CSV, func(w io.Writer) error { return writeStepsCSV(w, all) }); err != nil {
			return err
		}
	}
	if cmd.Plot != "" {
		if _, err := a.writeFile(cmd.Plot, func(w io.Writer) error { return writeStepsPlot(w, format, all, a.model.Name) }); err != nil {
			return err
		}
	}
	if a.flags.JSON {
		all[0].Beside = all[1:]
		err = a.emit(all[0])
	} else {
		for i, u := range all {
			if i > 0 {
				a.printf("\n")
			}
			a.printUnrolled(u)
		}
		if len(all) > 1 {
			a.printBeside(all)
		}
		for _, file := range []string{cmd.CSV, cmd.Plot} {
			if file != "" {
				a.printf("\nwritten: %s\n", file)
			}
		}
	}
	var refuted error
	for _, u := range all {
		for _, q := range u.Quality {
			if q.Mismatches > 0 {
				refuted = cmp.Or(refuted, errFalse)
			}
		}
		if u.Flat != nil {
			refuted = cmp.Or(refuted, judged(*u.Flat))
		}
	}
	if stopped != nil {
		return stopped
	}
	return errors.Join(err, refuted)
}

// parseSteps reads --steps.
func parseSteps(list string) ([]int, error) {
	counts, err := parseN(list)
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), "--n=", "--steps="))
	}
	const most = 1000
	if last := counts[len(counts)-1]; last > most {
		return nil, fmt.Errorf("--steps=%s: %d is more than %d", list, last, most)
	}
	return counts, nil
}

// open finds one of the models and what its steps are.
func (cmd *unrollCmd) open(a *app, name string) (*unrolled, error) {
	s, err := a.open(target{Subject: name, Strategy: cmd.Strategy, basisFlag: cmd.basisFlag})
	if err != nil {
		return nil, err
	}
	if strings.Contains(name, "steps=") {
		return nil, fmt.Errorf("%s says how many steps, and so does --steps=%s: leave one of them out", name, cmd.Steps)
	}
	switch s.kind {
	case isFamily, isSampler:
	case isProblem:
		return cmd.openProblem(s)
	default:
		return nil, fmt.Errorf("%s is a %s: what is unrolled is a family, a problem with steps or a trained diffusion model", s.name, s.kind)
	}
	if s.kind == isSampler {
		if cmd.N != "" {
			return nil, fmt.Errorf("--n=%s: %s has one size, and no n", cmd.N, name)
		}
		s.name = s.short()
		return &unrolled{
			Subject: s.name, Serial: true, Known: analysis.FactsOf(s.knownKind()),
			s: s, unit: "step", counted: true, family: "denoiser", samples: cmd.Samples,
		}, nil
	}
	u := &unrolled{s: s, family: s.spec.Family.Name}
	parameter, stage := s.spec.Steps()
	u.unit, u.Serial, u.counted = stage, parameter != "", parameter == "steps"
	switch {
	case u.counted:
		switch {
		case cmd.N == equalSteps:
			u.equal = true
			if s.spec.HasN() {
				return nil, fmt.Errorf("%s names n, and with --n=%s n is the number of steps: leave one of them out", name, equalSteps)
			}
		case cmd.N != "" && s.spec.HasN():
			return nil, fmt.Errorf("%s names n, and so does --n=%s: leave one of them out", name, cmd.N)
		case !s.spec.HasN():
			s.spec.Args["n"] = cmp.Or(cmd.N, "4")
		}
		delete(s.spec.Args, "steps")
	default:
		if s.spec.HasN() {
			return nil, fmt.Errorf("%s names n=%s, and its n are those of --steps=%s: leave it out", name, s.spec.Args["n"], cmd.Steps)
		}
		if cmd.N != "" && cmd.N != equalSteps {
			a.note("tc0: --n=%s is not for %s, whose n are those of --steps=%s", cmd.N, name, cmd.Steps)
		}
		u.equal = true
	}
	u.Subject = s.spec.String()
	u.Known = analysis.FactsOf(s.knownKind())
	return u, nil
}

// openProblem is open for a problem.
func (cmd *unrollCmd) openProblem(s *subject) (*unrolled, error) {
	p := s.problem.Problem
	u := &unrolled{s: s, unit: p.Stage, Serial: true, counted: p.Steps == "steps", equal: p.Steps == "n", family: p.Name, Known: []analysis.Fact{}}
	switch {
	case p.Steps == "":
		return nil, fmt.Errorf("%s has no steps: its circuits are measured by tc0 sweep", p.Name)
	case u.equal && s.problem.HasN():
		return nil, fmt.Errorf("%s names n=%s, and its n are those of --steps=%s: leave it out", s.short(), s.problem.Args["n"], cmd.Steps)
	case u.counted && !s.problem.HasN():
		n, err := strconv.Atoi(cmp.Or(cmd.N, "8"))
		if err != nil {
			return nil, fmt.Errorf("--n=%s: %s needs a number", cmd.N, p.Name)
		}
		s.problem = s.problem.With("n", n)
	}
	delete(s.problem.Args, "steps")
	u.Subject = s.short()
	return u, nil
}

// with returns the spec for T steps.
func (u *unrolled) with(steps int) compile.Spec {
	parameter, _ := u.s.spec.Steps()
	if parameter == "" {
		return u.s.spec.With("n", steps)
	}
	spec := u.s.spec.With(parameter, steps)
	if u.equal {
		spec = spec.With("n", steps)
	}
	return spec
}

// program returns the model with T steps.
func (u *unrolled) program(steps int) (*compile.Program, error) {
	if u.s.kind == isSampler {
		s := *u.s.sampler
		s.Steps = steps
		return s.Program()
	}
	spec := u.with(steps)
	if err := spec.CheckBasis(u.s.basis); err != nil {
		return nil, err
	}
	i, err := spec.Instance()
	if err != nil {
		return nil, err
	}
	return i.Program, nil
}

// open returns the model with T steps and n left open, if it has an n.
func (u *unrolled) openProgram(steps int) (*compile.Program, error) {
	if u.s.kind == isSampler {
		return u.program(steps)
	}
	return u.s.spec.With("steps", steps).OpenProgram()
}

// unroll measures one model. The runs that were measured stay when it is stopped.
func (a *app) unroll(u *unrolled, counts []int) error {
	m := a.meter("unrolling " + u.s.short())
	defer m.end()
	member := func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		if u.s.kind == isProblem {
			return a.problemMember(u.s, u.s.problem.With(u.s.problem.Problem.Steps, steps))
		}
		p, err := u.program(steps)
		if err != nil {
			return nil, err
		}
		return u.s.lower(ctx, p, nil)
	}
	// A last step need not write its state in the code that a strategy has for values that
	// are read on; with other strategies than min-depth it may have less depth than others.
	u.against, u.Single = analysis.SingleStep, 0
	first := 1
	if u.counted && u.s.kind != isProblem && u.s.strategy.String() != compile.MinDepth.String() {
		u.against, first = "a step that another one follows", 2
	}
	single, err := analysis.Unroll(a.ctx, member, u.unit, []int{first}, a.model, nil)
	if err != nil {
		return err
	}
	u.Single = single[0].Deepest
	done := 0
	drawing := func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		c, err := member(ctx, steps)
		if err != nil || u.samples == 0 {
			return c, err
		}
		u.s.circuit = c
		s := *u.s.sampler
		s.Steps = steps
		q, err := a.quality(u.s, s, u.samples)
		if err != nil {
			return nil, err
		}
		u.Quality = append(u.Quality, q)
		return c, nil
	}
	runs, err := analysis.Unroll(a.ctx, drawing, u.unit, counts, a.model, func(int) {
		m.set(done, len(counts))
		done++
	})
	for i := range runs {
		runs[i].Class = u.s.class(runs[i].Class)
		switch {
		case u.s.kind == isProblem && u.counted:
			runs[i].N = u.s.problem.Args.Int("n")
		case u.s.kind == isProblem:
			runs[i].N = runs[i].Count
		case u.s.kind == isFamily:
			runs[i].N, _ = strconv.Atoi(u.with(runs[i].Count).Args["n"])
		}
	}
	u.Runs = runs
	if len(runs) == 0 {
		return err
	}
	if p, ok := analysis.TotalPattern(runs); ok && len(runs) > 2 {
		u.Pattern = strings.ReplaceAll(p.Formula, "n", "T")
	}
	if err == nil && u.counted {
		if u.s.kind != isProblem && u.s.basis == basis.TC0 && a.model.Name == "standard" {
			if f, e := analysis.ReadSteps(u.openProgram, u.unit, counts, u.s.strategy); e == nil {
				u.Formulas = f
			}
		}
		v := analysis.JudgeFlat(u.against, u.Single, runs, u.Formulas)
		u.Flat = &v
	}
	if u.equal && u.s.kind != isProblem && len(runs) > 1 {
		v := analysis.JudgeGrowing(runs)
		u.Total = &v
	}
	return err
}

// writeStepsCSV writes one row for each model, number of steps and step.
func writeStepsCSV(w io.Writer, all []*unrolled) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"subject", "steps", "n", "step", "step_depth", "step_size", "total_depth", "size", "wires", "work", "span"})
	for _, u := range all {
		for _, r := range u.Runs {
			for _, s := range r.Steps {
				row := []string{u.Subject}
				for _, v := range []int{r.Count, r.N, s.Step, s.Depth, s.Size, r.Depth, r.Size, int(r.Wires), r.Work, r.Span} {
					row = append(row, strconv.Itoa(v))
				}
				_ = c.Write(row)
			}
		}
	}
	c.Flush()
	return c.Error()
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
	return strings.Join(parts, ", ")
}
