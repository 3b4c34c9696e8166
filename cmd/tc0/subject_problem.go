package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
)

// problemSubject is a problem, with or without its n.
type problemSubject struct {
	common
	spec   problem.Spec
	effort forecast.Effort // of a forecast
}

func openProblem(t target) (*problemSubject, error) {
	if t.Strategy != "" {
		return nil, errf("--strategy=%s has no meaning for %s: a problem has one construction here", t.Strategy,
			t.Subject)
	}
	spec, err := problem.Parse(t.Subject)
	if err != nil {
		return nil, err
	}
	p := spec.Problem
	s := &problemSubject{
		common{kind: "problem", description: p.Doc, codes: p.Codes, fixed: "a problem has one construction here"},
		spec, forecast.Quick,
	}
	if t.Estimate {
		s.effort = forecast.Thorough
	}
	return s, s.setBasis(t.Basis)
}

func (s *problemSubject) name() string  { return s.spec.String() }
func (s *problemSubject) short() string { return s.spec.Short() }
func (s *problemSubject) named() string { return s.spec.Args["n"] }
func (s *problemSubject) grows() bool   { return true }
func (s *problemSubject) known() string { return s.spec.Problem.Name }
func (s *problemSubject) stem() string  { return plainFileName(s.short()) }

func (s *problemSubject) setN(n int) { s.spec = s.spec.With("n", n) }

// member asks for n.
func (s *problemSubject) member() error {
	_, err := s.spec.Reference()
	return err
}

func (s *problemSubject) forecast(ctx context.Context) (*forecast.Forecast, error) {
	if err := s.spec.Possible(); err != nil {
		return nil, err
	}
	return forecast.Problem(ctx, s.spec, s.basis, s.effort)
}

func (s *problemSubject) key() []byte {
	return s.keyOfSpec(s.spec)
}

func (s *problemSubject) keyOfSpec(spec problem.Spec) []byte {
	return fmt.Appendf(nil, "problem %s, basis %v", spec.String(), s.basis)
}

func (s *problemSubject) construct(ctx context.Context, _ func(done, all, gates int)) (*circuit.Circuit, error) {
	return s.constructSpec(ctx, s.spec)
}

func (s *problemSubject) at(ctx context.Context, n int) (*circuit.Circuit, error) {
	return s.another(ctx, s.spec.With("n", n))
}

// another builds another circuit of the problem, unless it is in the cache.
func (s *problemSubject) another(ctx context.Context, spec problem.Spec) (*circuit.Circuit, error) {
	return s.kept(s.keyOfSpec(spec), func() (*circuit.Circuit, error) { return s.constructSpec(ctx, spec) })
}

// constructSpec builds the circuit of a spec.
func (s *problemSubject) constructSpec(ctx context.Context, spec problem.Spec) (*circuit.Circuit, error) {
	c, err := spec.Circuit()
	if err != nil {
		return nil, err
	}
	return basis.Legalise(ctx, c, s.basis)
}

// possible leaves out the n that the problem has no circuit for, such as odd ones.
func (s *problemSubject) possible(ns []int) []int {
	var some []int
	for _, n := range ns {
		if n == s.spec.Args.Int("n") || s.spec.With("n", n).Possible() == nil {
			some = append(some, n)
		}
	}
	return some
}

// claim is about all n, of the family of programs that make the circuits of the problem.
func (s *problemSubject) claim() (analysis.Claim, error) {
	spec := problem.Spec{Problem: s.spec.Problem, Args: maps.Clone(s.spec.Args)}
	delete(spec.Args, "n")
	f, err := spec.Family()
	if err != nil {
		return analysis.Claim{}, errf("%w; %s measures its circuits", err, measuring(s))
	}
	c := analysis.Claim{
		Name: spec.Short(), Family: f, Strategy: lower.MinDepth, LeastN: f.Least, Each: f.Each, Members: f.Members,
	}
	if f.Ends {
		c.MostN = f.Most
	}
	ns := []int{f.Least, f.Least + 1, f.Least + 2, f.Least + 3, f.Least + 4, f.Least + 5, f.Least + 6}
	if some := (&problemSubject{spec: spec}).possible(ns); len(some) < len(ns) {
		c.N = some // an n without a circuit is left out
	}
	return c, nil
}

func (s *problemSubject) report(a *app, r *report) error {
	p := s.spec.Facts()
	r.Problem = factsOfProblem(p)
	if err := r.grow(a, s, s.spec.Args.Int("n")); err != nil {
		return err
	}
	v := r.sweep.OfProblem(p.Shape == problem.Wide)
	r.verdict = &v
	var none *problem.NoFamilyError
	if _, err := s.claim(); errors.As(err, &none) {
		return nil
	}
	return r.prove(a, s)
}

// steps says what the steps of the problem are.
func (s *problemSubject) steps(_ *app, cmd *unrollCmd, _ string) (*unrolled, error) {
	p := s.spec.Problem
	u := &unrolled{
		subject: s, Serial: true, Known: []proof.Fact{}, unit: p.Stage, family: p.Name,
		counted: p.Steps == "steps", equal: p.Steps == "n", class: "class", classText: paper.OfGates,
	}
	switch {
	case p.Steps == "":
		return nil, errf("%s has no steps: its circuits are measured by tc0 sweep", p.Name)
	case u.equal && s.named() != "":
		return nil, errf("%s names n=%s, and its n are those of --steps=%s: leave it out", s.short(), s.named(),
			cmd.Steps)
	case u.counted && s.named() == "":
		n, err := strconv.Atoi(cmp.Or(cmd.N, "8"))
		if err != nil {
			return nil, errf("--n=%s: %s needs a number", cmd.N, p.Name)
		}
		s.spec = s.spec.With("n", n)
	}
	delete(s.spec.Args, "steps")
	u.Subject = s.short()
	u.at = func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		return s.another(ctx, s.spec.With(p.Steps, steps))
	}
	u.forecast = func(ctx context.Context, steps int) (*forecast.Forecast, error) {
		return forecast.Problem(ctx, s.spec.With(p.Steps, steps), s.basis, forecast.Thorough)
	}
	u.positions = func(steps int) int {
		if u.counted {
			return s.spec.Args.Int("n")
		}
		return steps
	}
	return u, nil
}

// mostPortBits is the widest port that references in 64-bit integers can be given.
const mostPortBits = 62

// samePorts fails unless the circuit of another subject has ports for the integers of the problem: as
// many, each of the same range.
func (s *problemSubject) samePorts(a *app, of subject) error {
	d, err := a.build(s)
	if err != nil {
		return err
	}
	c := of.its().circuit
	for i, ports := range [2][2][]circuit.Port{{c.InputPorts(), d.InputPorts()}, {c.OutputPorts(), d.OutputPorts()}} {
		side := [2]string{"input", "output"}[i]
		if len(ports[0]) != len(ports[1]) {
			return errf("%s has %s and %s %s; tc0 equiv compares wires, whatever ports they are in",
				of.short(), plural(len(ports[0]), side+" port"), s.short(), count(len(ports[1])))
		}
		for k, p := range ports[0] {
			q := ports[1][k]
			lo, hi := p.Format.Range(len(p.Wires))
			least, most := q.Format.Range(len(q.Wires))
			if lo.Cmp(least) != 0 || hi.Cmp(most) != 0 {
				return errf("%s port %s of %s is %v..%v, and %s of %s is %v..%v",
					side, printable(p.Name), of.short(), lo, hi, q.Name, s.short(), least, most)
			}
		}
	}
	return nil
}

// verify compares a circuit with the reference of the problem.
func (s *problemSubject) verify(a *app, of subject, cfg analysis.VerifyConfig) (*verified, error) {
	if err := s.samePorts(a, of); err != nil {
		return nil, err
	}
	c := of.its().circuit
	for _, p := range append(c.InputPorts(), c.OutputPorts()...) {
		if len(p.Wires) > mostPortBits &&
			(p.Format.Kind == circuit.Unsigned || p.Format.Kind == circuit.TwosComplement) {
			return nil, errf(
				"%s: port %s has %d bits, and the reference computes in 64-bit integers; choose a smaller n",
				of.name(), p.Name, len(p.Wires))
		}
	}
	function, err := s.spec.Reference()
	if err != nil {
		return nil, err
	}
	v := &verified{}
	compare := func(what string, cfg analysis.VerifyConfig) error {
		m := a.meter("verifying, " + what)
		defer m.end()
		cfg.Progress, cfg.By = m.vectors, of.its().evaluator()
		found, err := analysis.VerifyFunction(a.ctx, c, function, cfg)
		return v.note(what, found, err)
	}
	if err := compare(adversarial, cfg); err != nil {
		return nil, err
	}
	if drawn := s.drawn(cfg.Seed); drawn != nil && !v.Exhaustive {
		if err := compare("inputs drawn for the problem", analysis.VerifyConfig{Vectors: drawn}); err != nil {
			return nil, err
		}
		v.Seed = &cfg.Seed
	}
	return v, nil
}

// drawn returns inputs that are interesting for the problem; nil if it has none.
func (s *problemSubject) drawn(seed uint64) *vector.List {
	rng := rand.New(rand.NewPCG(seed, 1))
	if s.spec.Sample(rng) == nil {
		return nil
	}
	var list [][]int64
	for range analysis.DefaultInputs {
		list = append(list, s.spec.Sample(rng))
	}
	return vector.Listed(list)
}

// problemFacts are what is known of a problem, in JSON.
type problemFacts struct {
	Problem string        `json:"problem"`
	Codes   string        `json:"codes,omitempty"`
	Best    string        `json:"best_known_depth,omitempty"`
	BestOf  string        `json:"best_known_depth_source,omitempty"`
	Class   string        `json:"class"`
	Source  string        `json:"source"`
	Beyond  string        `json:"beyond_tc0"`
	Serial  string        `json:"inherently_serial"`
	Shape   problem.Shape `json:"shape"`
	Why     string        `json:"why"`
	Depth   string        `json:"depth_formula"`
}

func factsOfProblem(p problem.Problem) *problemFacts {
	return &problemFacts{
		p.Name, p.Codes, p.Best, p.BestSource, p.Class, p.Source, p.Beyond, p.Serial, p.Shape, p.Why, p.Depth,
	}
}

// print prints what is known of a problem, apart from what was measured.
func (p *problemFacts) print(a *app) {
	a.Heading("The problem (cited, not measured)")
	a.Field("class", "%s (%s)", p.Class, p.Source)
	a.Aside(func() { p.printRest(a) })
}

// printRest prints what is known besides its class.
func (p *problemFacts) printRest(a *app) {
	if p.Codes != "" {
		a.Text("integers", p.Codes)
	}
	if p.Best != "" {
		a.Field("best depth", "%s, the least known of threshold circuits of polynomial size (%s)", p.Best, p.BestOf)
	} else {
		a.Field("best depth", "none is cited")
	}
	a.Field("depth here", "%s, of the circuits that are built here and not of those that are cited", p.Depth)
	a.Text("beyond TC0", p.Beyond)
	a.Field("outside NC", "%s (that is what inherently serial means: more than beyond TC0)", p.Serial)
	a.Text("shape", string(p.Shape)+": "+p.Why)
}
