package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/compile/program"
)

// openProblem opens a problem, with or without its n.
func (a *app) openProblem(t target) (*subject, error) {
	if t.Strategy != "" {
		return nil, fmt.Errorf("--strategy=%s has no meaning for %s: a problem has one construction here", t.Strategy, t.Subject)
	}
	spec, err := problem.Parse(t.Subject)
	if err != nil {
		return nil, err
	}
	s := &subject{name: spec.String(), description: spec.Problem.Doc, kind: isProblem, problem: spec}
	return s, s.setBasis(t.Basis)
}

// problemMember builds one circuit of a problem.
func (a *app) problemMember(s *subject, spec problem.Spec) (*circuit.Circuit, error) {
	c, err := spec.Circuit()
	if err != nil {
		return nil, err
	}
	return basis.Legalise(a.ctx, c, s.basis)
}

// buildProblem makes the circuit of the member that s names.
func (a *app) buildProblem(s *subject) (*circuit.Circuit, error) {
	m := a.meter("building " + s.name)
	defer m.end()
	start := time.Now()
	c, err := a.problemMember(s, s.problem)
	if err != nil {
		return nil, err
	}
	s.circuit, s.seconds = c, time.Since(start).Seconds()
	return c, nil
}

// mostPortBits is the widest port that references in 64-bit integers can be given.
const mostPortBits = 62

// samePorts fails unless the circuit of s has ports for the integers of a problem: as many,
// each of the same range.
func (a *app) samePorts(s, problem *subject) error {
	c, err := a.build(s)
	if err != nil {
		return err
	}
	d, err := a.build(problem)
	if err != nil {
		return err
	}
	for i, ports := range [2][2][]circuit.Port{{c.InputPorts(), d.InputPorts()}, {c.OutputPorts(), d.OutputPorts()}} {
		side := [2]string{"input", "output"}[i]
		if len(ports[0]) != len(ports[1]) {
			return fmt.Errorf("%s has %s and %s %s; tc0 equiv compares wires, whatever ports they are in", s.short(), plural(len(ports[0]), side+" port"), problem.short(), count(len(ports[1])))
		}
		for k, p := range ports[0] {
			q := ports[1][k]
			lo, hi := p.Format.Range(len(p.Wires))
			least, most := q.Format.Range(len(q.Wires))
			if lo.Cmp(least) != 0 || hi.Cmp(most) != 0 {
				return fmt.Errorf("%s port %s of %s is %v..%v, and %s of %s is %v..%v", side, printable(p.Name), s.short(), lo, hi, q.Name, problem.short(), least, most)
			}
		}
	}
	return nil
}

// verifyProblem compares the circuit of a problem with its reference.
func (a *app) verifyProblem(s *subject, cfg analysis.VerifyConfig) (*verified, error) {
	for _, p := range append(s.circuit.InputPorts(), s.circuit.OutputPorts()...) {
		if len(p.Wires) > mostPortBits && (p.Format.Kind == circuit.Unsigned || p.Format.Kind == circuit.TwosComplement) {
			return nil, fmt.Errorf("%s: port %s has %d bits, and the reference computes in 64-bit integers; choose a smaller n", s.name, p.Name, len(p.Wires))
		}
	}
	function, err := s.problem.Reference()
	if err != nil {
		return nil, err
	}
	v := &verified{}
	cfg.Seed = a.flags.Seed
	compare := func(what string, cfg analysis.VerifyConfig) error {
		m := a.meter("verifying, " + what)
		defer m.end()
		cfg.Progress = m.set
		found, err := analysis.VerifyFunction(a.ctx, s.circuit, function, cfg)
		return v.note(what, found, err)
	}
	if err := compare("adversarial and random inputs", cfg); err != nil {
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
func (s *subject) drawn(seed uint64) *analysis.Vectors {
	rng := rand.New(rand.NewPCG(seed, 1))
	if s.problem.Sample(rng) == nil {
		return nil
	}
	var list [][]int64
	for range analysis.DefaultInputs {
		list = append(list, s.problem.Sample(rng))
	}
	var ports []program.Port
	for _, p := range s.circuit.InputPorts() {
		lo, hi := p.Format.Range(len(p.Wires))
		l, _ := lo.Int64()
		h, _ := hi.Int64()
		ports = append(ports, program.Port{Name: p.Name, Bounds: program.Range{Lo: l, Hi: h}})
	}
	return analysis.ListedVectors(ports, list)
}

// note adds one comparison.
func (v *verified) note(what string, found *analysis.Verification, err error) error {
	var mismatch *analysis.MismatchError
	if err != nil && !errors.As(err, &mismatch) {
		return err
	}
	if v.Mismatch == nil {
		v.Mismatch = mismatch
	}
	if found.Exhaustive {
		what = "all valid inputs"
	}
	if found.Seed != nil {
		v.Seed = found.Seed
	}
	v.Inputs += found.Inputs
	v.Mismatches += found.Mismatches
	v.Exhaustive = v.Exhaustive || found.Exhaustive
	v.Checks = append(v.Checks, check{what, *found})
	return nil
}

// problemFacts are what is known of a problem, in JSON.
type problemFacts struct {
	Problem string        `json:"problem"`
	Codes   string        `json:"codes,omitempty"`
	Best    string        `json:"best_known_depth,omitempty"`
	Class   string        `json:"class"`
	Source  string        `json:"source"`
	Beyond  string        `json:"beyond_tc0"`
	Serial  string        `json:"inherently_serial"`
	Shape   problem.Shape `json:"shape"`
	Why     string        `json:"why"`
	Depth   string        `json:"depth_formula"`
}

func factsOfProblem(p problem.Problem) *problemFacts {
	return &problemFacts{p.Name, p.Codes, p.Best, p.Class, p.Source, p.Beyond, p.Serial, p.Shape, p.Why, p.Depth}
}

// printProblem prints what is known of a problem, apart from what was measured.
func (a *app) printProblem(p problem.Problem) {
	a.heading("The problem (cited, not measured)")
	if p.Codes != "" {
		a.field("integers", "%s", p.Codes)
	}
	a.field("class", "%s (%s)", p.Class, p.Source)
	if p.Best != "" {
		a.field("best depth", "%s, the least known of threshold circuits of polynomial size; the circuits here have depth %s", p.Best, p.Depth)
	} else {
		a.field("best depth", "none is cited; the circuits here have depth %s", p.Depth)
	}
	a.field("beyond TC0", "%s", p.Beyond)
	a.field("outside NC", "%s (that is what inherently serial means: more than beyond TC0)", p.Serial)
	a.field(string(p.Shape), "%s", p.Why)
}

// listedProblem is the JSON of one line.
type listedProblem struct {
	Name       string            `json:"name"`
	Doc        string            `json:"description"`
	Parameters []listedParameter `json:"parameters"`
	problemFacts
}

func listProblems() []listedProblem {
	var all []listedProblem
	for _, p := range problem.All() {
		l := listedProblem{Name: p.Name, Doc: p.Doc, problemFacts: *factsOfProblem(p)}
		for _, q := range p.Params {
			l.Parameters = append(l.Parameters, listedParameter{q.Name, q.Doc, q.Default, q.Choices})
		}
		all = append(all, l)
	}
	return all
}

// printProblems prints the problems there are.
func (a *app) printProblems(all []listedProblem) {
	a.printf("\nProblems: NAME:parameter=value,... (the class is that of the problem, cited)\n\n")
	var rows [][]string
	for _, p := range all {
		var params []string
		for _, q := range p.Parameters {
			text := q.Name
			if q.Default != "" {
				text += "=" + q.Default
			}
			params = append(params, text)
		}
		rows = append(rows, []string{p.Name, p.Doc, strings.Join(params, " "), p.Depth, string(p.Shape), p.problemFacts.Class})
	}
	a.table(cols("problem", "what", "parameters", "depth here", "shape", "class"), rows, nil)
}

// possible leaves out the n that a problem has no member for, such as odd ones.
func (s *subject) possible(ns []int) []int {
	if s.kind != isProblem {
		return ns
	}
	var some []int
	for _, n := range ns {
		if spec := s.problem.With("n", n); n == s.problem.Args.Int("n") || spec.Possible() == nil {
			some = append(some, n)
		}
	}
	return some
}
