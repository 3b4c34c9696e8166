package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// subjectKind tells the things a verb can be about.
type subjectKind string

const (
	isFamily  subjectKind = "family"
	isModel   subjectKind = "model"
	isFile    subjectKind = "file"
	isProblem subjectKind = "problem"
	isSampler subjectKind = "diffusion model"
)

// subject is what a verb is about.
type subject struct {
	name        string // as it is printed: of a family, with all its parameters
	description string // one line
	kind        subjectKind
	strategy    lower.Strategy
	basis       basis.Basis

	spec      compile.Spec     // family
	problem   problem.Spec     // problem
	quantised *model.Quantised // model
	sampler   *model.Sampler   // diffusion model
	plain     string           // its name without the parameters that have their defaults
	program   *program.Program // of a model, or of a member of a family
	instance  *compile.Instance
	circuit   *circuit.Circuit // of a file; else once it is built
	design    *netlist.Design  // of a file: the circuit with what else the file says
	seconds   float64          // that building took
}

// title is what a figure of the subject is called: its name, but of a family without
// the parameters that have their defaults; and its basis, unless that is TC0.
func (s *subject) title() string {
	name := s.short()
	if s.kind == isFile {
		name = filepath.Base(name)
	}
	if s.basis != basis.TC0 && s.spec.Args["basis"] == "" {
		name += fmt.Sprintf(" in basis %v", s.basis)
	}
	return name
}

// short is the name of s; of what has parameters, without those that have their defaults.
func (s *subject) short() string {
	switch s.kind {
	case isFamily:
		return s.spec.Short()
	case isProblem:
		return s.problem.Short()
	case isSampler:
		return s.plain
	}
	return s.name
}

// open finds the subject that a person named: a shipped model or a family by its
// name, else a folder or a file. A family without n is opened as such; member says
// that one n of it is wanted.
func (a *app) open(t target) (*subject, error) {
	text := t.Subject
	name, _, colon := strings.Cut(text, ":")
	_, unknownFamily := compile.FindFamily(name)
	_, unknownProblem := problem.Find(name)
	switch {
	case slices.Contains(tc0.ModelNames(), text):
		return a.openModel(t)
	case unknownFamily == nil:
		return a.openFamily(t)
	case unknownProblem == nil:
		return a.openProblem(t)
	case isDenoiser(name):
		return a.openSampler(t)
	}
	info, err := os.Stat(text)
	switch {
	case err == nil && info.IsDir():
		return a.openModel(t)
	case err == nil:
		return a.openFile(t)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case strings.ContainsAny(text, `/\`) || isCircuitFile(text):
		return nil, fmt.Errorf("%s: there is no such file or folder", text)
	}
	if colon {
		text = name
	}
	var families []string
	for _, f := range compile.Families() {
		families = append(families, f.Name)
	}
	return nil, fmt.Errorf("unknown subject %q; families: %s; problems: %s; models: %s; or the path of a model folder or of a circuit file (%s)",
		text, strings.Join(families, ", "), strings.Join(problem.Names(), ", "), strings.Join(slices.Concat(tc0.ModelNames(), tc0.DenoiserNames()), ", "), strings.Join(exchange.Extensions(true), " "))
}

// openMember is open for verbs that need one circuit.
func (a *app) openMember(t target) (*subject, error) {
	s, err := a.open(t)
	if err != nil {
		return s, err
	}
	switch s.kind {
	case isFamily:
		return s, s.choose()
	case isProblem:
		_, err = s.problem.Reference() // which asks for n
	}
	return s, err
}

// openBuilt is openMember, and builds the circuit.
func (a *app) openBuilt(t target) (*subject, *circuit.Circuit, error) {
	s, err := a.openMember(t)
	if err != nil {
		return nil, nil, err
	}
	c, err := a.build(s)
	return s, c, err
}

// reference is the program whose integers the circuit must compute.
func (s *subject) reference() *program.Program {
	if s.instance != nil {
		return s.instance.Program
	}
	return s.program
}

// choose makes the program of the member of the family that the spec names.
func (s *subject) choose() error {
	i, err := s.spec.Instance()
	if err != nil {
		return err
	}
	s.instance, s.program = i, i.Program
	if s.spec.Args["order"] == compile.TreeOrder { // the reference is the network step by step
		if s.instance, err = s.spec.Set("order", compile.SerialOrder).Instance(); err != nil {
			return err
		}
	}
	return s.spec.CheckBasis(s.basis)
}

func (a *app) openFamily(t target) (*subject, error) {
	spec, err := compile.ParseSpec(t.Subject)
	if err != nil {
		return nil, err
	}
	if t.Strategy != "" {
		if strings.Contains(t.Subject, "strategy=") {
			return nil, fmt.Errorf("the strategy is given twice, in %s and as --strategy=%s", t.Subject, t.Strategy)
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
	s := &subject{description: spec.Family.Doc, kind: isFamily, strategy: strategy, spec: spec}
	if err := s.setBasis(cmp.Or(t.Basis, spec.Args["basis"])); err != nil {
		return nil, err
	}
	if spec.Args["basis"] != "" {
		spec.Args["basis"] = s.basis.String()
	}
	s.name = spec.String()
	return s, nil
}

func (a *app) openModel(t target) (*subject, error) {
	s := &subject{kind: isModel, strategy: lower.MinDepth}
	var err error
	if t.Strategy != "" {
		if s.strategy, err = lower.ParseStrategy(t.Strategy); err != nil {
			return nil, err
		}
	}
	if err := s.setBasis(t.Basis); err != nil {
		return nil, err
	}
	path := t.Subject
	if !slices.Contains(tc0.ModelNames(), path) && !strings.ContainsAny(path, `/\`) {
		path = "." + string(filepath.Separator) + path
	}
	m, err := model.Find(path, tc0.Models())
	if err != nil {
		return nil, err
	}
	if s.quantised, err = m.Quantise(model.Quantisation{}); err != nil {
		return nil, err
	}
	if t.Strategy == "" && m.Config.Language() {
		s.strategy = lower.Balanced // min-depth has several times the gates
		s.strategy.Select = s.basis == basis.AC0
	}
	s.name, s.description, s.program = t.Subject, m.Config.Description, s.quantised.Program
	if s.description == "" {
		s.description = "trained " + m.Config.ModelType
	}
	return s, nil
}

// openFile reads a circuit from a file, in the format that its name tells.
func (a *app) openFile(t target) (*subject, error) {
	format, err := readFormat(t.Subject)
	if err != nil {
		return nil, err
	}
	if t.Strategy != "" {
		return nil, fmt.Errorf("--strategy=%s has no meaning for the circuit in the file %s, which is built already", t.Strategy, t.Subject)
	}
	s := &subject{name: t.Subject, description: "circuit in a file", kind: isFile}
	if err := s.setBasis(t.Basis); err != nil {
		return nil, err
	}
	if s.design, err = a.readDesign(t.Subject, format); err != nil {
		return nil, err
	}
	if s.design.Name != "" {
		s.description = fmt.Sprintf("circuit %s in a file", printable(s.design.Name))
	}
	s.circuit = s.design.Circuit
	if s.basis == basis.TC0 {
		return s, nil
	}
	m := a.meter(fmt.Sprintf("rewriting %s in basis %v", s.name, s.basis))
	defer m.end()
	if s.circuit, err = basis.Legalise(a.ctx, s.circuit, s.basis); err != nil {
		return nil, fmt.Errorf("%s: %w", t.Subject, err)
	}
	s.design = &netlist.Design{Circuit: s.circuit, Name: s.design.Name, Comments: s.design.Comments}
	return s, nil
}

// build makes the circuit of s, once.
func (a *app) build(s *subject) (*circuit.Circuit, error) {
	if s.circuit != nil {
		return s.circuit, nil
	}
	if s.kind == isProblem {
		return a.buildProblem(s)
	}
	m := a.meter("building " + s.name)
	defer m.end()
	start := time.Now()
	c, err := s.lower(a.ctx, s.program, func(done, all, _ int) { m.set(done, all) })
	if err != nil {
		return nil, err
	}
	s.circuit, s.seconds = c, time.Since(start).Seconds()
	return c, nil
}

// lower makes the circuit of a program by the strategy and in the basis of s.
func (s *subject) lower(ctx context.Context, p *program.Program, progress func(done, all, gates int)) (*circuit.Circuit, error) {
	c, err := lower.ProgramContext(ctx, p, s.strategy, progress)
	if err != nil {
		return nil, err
	}
	return basis.Legalise(ctx, c, s.basis)
}

// setBasis gives s the basis of a name; "" is TC0. In AC0 what is picked needs
// literals of its own: a sum over all candidates is no gate there.
func (s *subject) setBasis(name string) error {
	if name == "" {
		return nil
	}
	b, err := basis.Parse(name)
	if err != nil {
		return &gates.UnknownError{What: "basis", Name: name, Known: basis.Names()}
	}
	s.basis = b
	if b == basis.AC0 {
		s.strategy.Select = true
	}
	return nil
}

// class is the class of the basis that s was asked for, if it is to be named other
// than by the gates: two inputs a gate make NC1.
func (s *subject) class(ofGates string) string {
	if s.basis == basis.NC1 {
		return basis.NC1.String()
	}
	return ofGates
}
