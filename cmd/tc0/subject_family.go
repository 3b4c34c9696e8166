package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// familySubject is a family of networks, with or without its n.
type familySubject struct {
	common
	spec     compile.Spec
	instance *compile.Instance // that the circuit has to compute
}

func openFamily(t target) (*familySubject, error) {
	spec, err := compile.ParseSpec(t.Subject)
	if err != nil {
		return nil, err
	}
	if t.Strategy != "" {
		if strings.Contains(t.Subject, "strategy=") {
			return nil, errf("the strategy is given twice, in %s and as --strategy=%s", t.Subject, t.Strategy)
		}
		if _, err := lower.ParseStrategy(t.Strategy); err != nil {
			return nil, err
		}
		spec.Args["strategy"] = t.Strategy
	}
	strategy, err := spec.Strategy()
	if err != nil {
		return nil, err
	}
	s := &familySubject{common: common{kind: "family", description: spec.Family.Doc, strategy: strategy}, spec: spec}
	if err := s.setBasis(cmp.Or(t.Basis, spec.Args["basis"])); err != nil {
		return nil, err
	}
	if spec.Args["basis"] != "" {
		spec.Args["basis"] = s.basis.String()
	}
	return s, nil
}

func (s *familySubject) name() string  { return s.spec.String() }
func (s *familySubject) short() string { return s.spec.Short() }
func (s *familySubject) named() string { return s.spec.Args["n"] }
func (s *familySubject) grows() bool   { return true }

func (s *familySubject) setN(n int) { s.spec = s.spec.With("n", n) }

func (s *familySubject) anyStrategy(given string) error {
	if strings.Contains(given, "strategy=") {
		return errf("%s names a strategy, and a frontier is over strategies: leave it out, or name those to try with "+
			"--strategies", given)
	}
	delete(s.spec.Args, "strategy")
	return nil
}

// tree says that the steps of the network are combined as a tree.
func (s *familySubject) tree() bool { return s.spec.Args["order"] == compile.TreeOrder }

// stem names n and what is not as by default.
func (s *familySubject) stem() string {
	name := s.spec.Family.Name
	for _, p := range s.spec.Family.Params {
		if v := s.spec.Args[p.Name]; v != p.Default {
			name += "-" + p.Name + v
		}
	}
	return name
}

func (s *familySubject) inBasis(word string) string {
	if s.spec.Args["basis"] != "" {
		return "" // the name has it
	}
	return s.common.inBasis(word)
}

// member makes the program of the member of the family that the spec names, unless its circuit would be too large.
func (s *familySubject) member() error {
	if err := s.afford(nil); err != nil {
		return err
	}
	if err := s.make(); err != nil {
		return err
	}
	return s.afford(s.program)
}

// make makes the program, whatever its circuit is like.
func (s *familySubject) make() (err error) {
	if s.instance, err = s.spec.Instance(); err != nil {
		return err
	}
	s.program = s.instance.Program
	if s.tree() { // the reference is the network step by step
		if s.instance, err = s.spec.Set("order", compile.SerialOrder).Instance(); err != nil {
			return err
		}
	}
	return s.spec.CheckBasis(s.basis)
}

func (s *familySubject) at(ctx context.Context, n int) (*circuit.Circuit, error) {
	return s.lowerSpec(ctx, s.spec.With("n", n))
}

// lowerSpec builds the circuit of another spec.
func (s *familySubject) lowerSpec(ctx context.Context, spec compile.Spec) (*circuit.Circuit, error) {
	if err := spec.CheckBasis(s.basis); err != nil {
		return nil, err
	}
	if _, err := s.affordable(ctx, spec, nil); err != nil {
		return nil, err
	}
	i, err := spec.Instance()
	if err != nil {
		return nil, err
	}
	if _, err := s.affordable(ctx, spec, i.Program); err != nil {
		return nil, err
	}
	return s.lower(ctx, i.Program, nil)
}

// A family with many positions is looked at before its program is made, and another one if the program has many
// elements.
const (
	manyPositions = 64
	manyElements  = 1 << 12
)

// What surely takes less needs no forecast: a share of the memory, and seconds.
const (
	shareUnasked   = 0.5
	secondsUnasked = 30
)

// afford keeps the forecast of the member, if it was looked at.
func (s *familySubject) afford(p *program.Program) error {
	f, err := s.affordable(context.Background(), s.spec, p)
	if f != nil {
		s.foreseen = f
	}
	return err
}

// affordable returns an error if the circuit of a spec would take more memory than there is. So what is too large is
// refused before it is made. The program is nil while there is none.
func (c *common) affordable(ctx context.Context, spec compile.Spec, p *program.Program) (*forecast.Forecast, error) {
	if !spec.HasN() || spec.CheckBasis(c.basis) != nil || spec.Member(spec.Args.Int("n")) != nil {
		return nil, nil // making the program says why
	}
	if early := spec.Args.Int("n") >= manyPositions; early != (p == nil) || !early && p.Elements() < manyElements {
		return nil, nil
	}
	f, err := forecast.Spec(ctx, spec, c.strategy, c.basis,
		forecast.Limits{Bytes: shareUnasked * float64(room.Bound().Bytes), Seconds: secondsUnasked})
	if err != nil || f == nil {
		return nil, err
	}
	return f, f.Refusal(spec.Short())
}

func (s *familySubject) forecast(ctx context.Context) (*forecast.Forecast, error) {
	if !s.spec.HasN() {
		return nil, s.member() // which asks for it
	}
	return forecast.Spec(ctx, s.spec, s.strategy, s.basis, forecast.Limits{})
}

func (s *familySubject) blocks() (*program.Program, error) {
	if s.named() == "" {
		return s.spec.OpenProgram()
	}
	err := s.make()
	return s.program, err
}

// claim is about all n, also if the spec names one.
func (s *familySubject) claim() (analysis.Claim, error) {
	spec := s.spec.Set("n", "")
	delete(spec.Args, "n")
	c := analysis.Claim{Name: spec.Short(), Strategy: s.strategy, Family: spec, Kind: s.known(), Layers: 1}
	if l := spec.Args.Int("layers"); l > 0 && c.Kind == "transformer" {
		c.Layers = l
	}
	if spec.Member(1) != nil { // too large to build
		c.N, c.Unbuilt = []int{}, true
	}
	return c, nil
}

func (s *familySubject) known() string {
	switch k := s.spec.Args["kind"]; k {
	case string(compile.Masked), string(compile.DDIM), string(compile.Recurrence), string(compile.UniqueHard):
		return k
	}
	return s.spec.Family.Name
}

// verify compares a circuit with the member of the family.
func (s *familySubject) verify(a *app, of subject, cfg analysis.VerifyConfig) (*verified, error) {
	v := &verified{}
	if err := v.add(a, of, adversarial, s.instance.Program, cfg); err != nil {
		return nil, err
	}
	ports := s.program.Inputs()
	if vector.Count(analysis.Ranges(ports)) <= analysis.DefaultInputs {
		return v, v.real(a, of, s.instance, vector.All(analysis.Ranges(ports)))
	}
	v.Seed = &cfg.Seed
	return v, v.real(a, of, s.instance, vector.Sample(analysis.Ranges(ports), analysis.DefaultInputs, cfg.Seed))
}

func (s *familySubject) report(a *app, r *report) error {
	if !s.tree() {
		if err := r.prove(a, s); err != nil {
			return err
		}
	}
	if err := r.grow(a, s, s.spec.Args.Int("n")); err != nil {
		return err
	}
	if s.tree() {
		v := r.sweep.Growing()
		r.verdict = &v
	}
	if r.proof != nil {
		r.verdict = &r.proof.Verdict
	}
	return r.iterate(a, s)
}

// steps says what the steps of the family are.
func (s *familySubject) steps(a *app, cmd *unrollCmd, name string) (*unrolled, error) {
	parameter, _ := s.spec.Steps()
	u := &unrolled{subject: s, Serial: parameter != "", equal: parameter != "steps" || cmd.N == equalSteps}
	u.unrollFamily(s)
	switch {
	case u.counted && u.equal && s.named() != "":
		return nil, errf("%s names n, and with --n=%s n is the number of steps: leave one of them out", name,
			equalSteps)
	case u.counted && cmd.N != "" && s.named() != "":
		return nil, errf("%s names n, and so does --n=%s: leave one of them out", name, cmd.N)
	case u.counted:
		if !u.equal && s.named() == "" {
			s.spec.Args["n"] = cmp.Or(cmd.N, "4")
		}
		delete(s.spec.Args, "steps")
	case s.named() != "":
		return nil, errf("%s names n=%s, and its n are those of --steps=%s: leave it out", name, s.named(), cmd.Steps)
	case cmd.N != "" && cmd.N != equalSteps:
		a.note("tc0: --n=%s is not for %s, whose n are those of --steps=%s", cmd.N, name, cmd.Steps)
	}
	u.Subject = s.name()
	return u, nil
}

// unrollFamily says how to build the family for a number of steps.
func (u *unrolled) unrollFamily(s *familySubject) {
	parameter, stage := s.spec.Steps()
	u.family, u.unit, u.counted = s.spec.Family.Name, stage, parameter == "steps"
	with := func(steps int) compile.Spec {
		spec := s.spec.With(cmp.Or(parameter, "n"), steps)
		if u.equal {
			spec = spec.With("n", steps)
		}
		return spec
	}
	u.at = func(ctx context.Context, steps int) (*circuit.Circuit, error) { return s.lowerSpec(ctx, with(steps)) }
	u.forecast = func(ctx context.Context, steps int) (*forecast.Forecast, error) {
		return forecast.Spec(ctx, with(steps), s.strategy, s.basis, forecast.Limits{})
	}
	u.withN = func(ctx context.Context, steps, n int) (*circuit.Circuit, error) {
		return s.lowerSpec(ctx, s.spec.With("steps", steps).With("n", n))
	}
	u.positions = func(steps int) int { return with(steps).Args.Int("n") }
	u.everyN = func(steps int) (*program.Program, error) { return s.spec.With("steps", steps).OpenProgram() }
	u.everyT = s.spec.With("steps", 1).OpenSteps
	u.class = "class"
	u.classText = "%s with T constant, of this family of circuits"
}
