package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

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
		samples := s.draws()
		if cmd.Samples != nil {
			samples = *cmd.Samples
		}
		return &unrolled{
			Subject: s.name, Serial: true, Known: analysis.FactsOf(s.knownKind()),
			s: s, unit: "step", counted: true, family: "denoiser", samples: samples,
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
func (u *unrolled) program(steps int) (*program.Program, error) {
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

// openProgram returns the model with T steps and n left open, if it has an n.
func (u *unrolled) openProgram(steps int) (*program.Program, error) {
	if u.s.kind == isSampler {
		return u.program(steps)
	}
	return u.s.spec.With("steps", steps).OpenProgram()
}
