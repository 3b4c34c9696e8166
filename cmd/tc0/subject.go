package main

import (
	"bytes"
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
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
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

// subject is what a verb is about: a family, a problem, a trained model, a diffusion model
// or a circuit in a file.
type subject interface {
	its() *common
	name() string  // with all parameters
	short() string // without the parameters that have their defaults
	stem() string  // begins the names of files of figures

	// member gets ready to build the one circuit that the subject names.
	member() error
	// forecast says what that circuit will be like, without building it; nil if nobody knows.
	forecast(ctx context.Context) (*forecast.Forecast, error)
	// key says what the circuit is made of, for the cache: equal bytes mean equal circuits. It is nil if nothing does.
	key() []byte
	// construct builds that circuit, in the basis of the subject.
	construct(ctx context.Context, progress func(done, all, gates int)) (*circuit.Circuit, error)
	// anyStrategy leaves the strategy out of the name of a subject, which must not have been
	// given with one.
	anyStrategy(given string) error
	// claim is what is to be proved of it, for every n if it has an n.
	claim() (analysis.Claim, error)
	// blocks is the program for a block diagram, with n open if none is named; nil for none.
	blocks() (*program.Program, error)
	// report adds to a report what only this kind of subject has.
	report(a *app, r *report) error

	inBasis(word string) string // word and its basis, if that is not TC0 and not in its name
	known() string              // the kind of model that facts are cited of
	named() string              // the n in its name
	grows() bool                // it has a circuit for each n
	possible(ns []int) []int    // of these n those that it has a circuit for
	at(ctx context.Context, n int) (*circuit.Circuit, error)
}

// common is what all subjects have. Its methods are those of a subject that has nothing of
// the kind.
type common struct {
	kind        string  // as in "a family"
	path        string  // of a file, or of the folder of a model
	caption     string  // its short name in a figure; "" if it is no other there
	description string  // one line
	fixed       string  // why no strategy lowers it; "" if one does
	codes       string  // what the integers on the ports mean
	unit        float64 // real value of the integer 1 of an output that stands for a real number; else 0
	unreal      int     // how many outputs before them stand for none
	strategy    lower.Strategy
	basis       basis.Basis
	program     *program.Program    // that the circuit is lowered from
	design      *netlist.Design     // the circuit with what else its file says; nil without a file
	circuit     *circuit.Circuit    // once it is built
	foreseen    *forecast.Forecast  // nil if nobody looked, or nobody knows
	by          *analysis.Evaluator // of that circuit, once there is one
	seconds     float64             // that building took
	app         *app                // whose cache other circuits of it are in; nil: none
}

func (c *common) its() *common                      { return c }
func (c *common) name() string                      { return c.path }
func (c *common) short() string                     { return c.path }
func (c *common) member() error                     { return nil }
func (c *common) blocks() (*program.Program, error) { return c.program, nil }
func (c *common) report(*app, *report) error        { return nil }
func (c *common) anyStrategy(string) error          { return nil }
func (c *common) known() string                     { return "" }
func (c *common) named() string                     { return "" }
func (c *common) grows() bool                       { return false }
func (c *common) possible(ns []int) []int           { return ns }
func (c *common) at(context.Context, int) (*circuit.Circuit, error) {
	return c.circuit, nil
}

// forecast is that of the one program there is.
func (c *common) forecast(context.Context) (*forecast.Forecast, error) {
	switch {
	case c.circuit != nil:
		return &forecast.Forecast{Counts: forecast.Count(c.circuit, nil), Method: forecast.Counted}, nil
	case c.program == nil || c.basis != basis.TC0:
		return nil, nil
	}
	return forecast.Program(c.program, c.strategy, 1)
}

// key is that of the program, and of how it is lowered.
func (c *common) key() []byte { return c.keyOf(c.program) }

// keyOf is the key of the circuit of another program.
func (c *common) keyOf(p *program.Program) []byte {
	if p == nil {
		return nil
	}
	var key bytes.Buffer
	fmt.Fprintf(&key, "program, strategy %v, basis %v\n", c.strategy, c.basis)
	if err := p.WriteKey(&key); err != nil {
		return nil
	}
	return key.Bytes()
}

func (c *common) construct(ctx context.Context, progress func(done, all, gates int)) (*circuit.Circuit, error) {
	return c.lowerAnew(ctx, c.program, progress)
}

func (c *common) inBasis(word string) string {
	if c.basis == basis.TC0 {
		return ""
	}
	return word + c.basis.String()
}

// stem is the name of a file without folder and extension.
func (c *common) stem() string {
	base := filepath.Base(filepath.Clean(c.path))
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// lowerAs sets the strategy and the basis that a person asked for, or else the usual ones.
func (c *common) lowerAs(t target, usual lower.Strategy) (err error) {
	c.strategy = usual
	if t.Strategy != "" {
		if c.strategy, err = lower.ParseStrategy(t.Strategy); err != nil {
			return err
		}
	}
	return c.setBasis(t.Basis)
}

// lowerAnew is lower without the cache.
func (c *common) lowerAnew(
	ctx context.Context,
	p *program.Program,
	progress func(done, all, gates int),
) (*circuit.Circuit, error) {
	lowered, err := lower.ProgramContext(ctx, p, c.strategy, progress)
	if err != nil {
		return nil, err
	}
	return basis.Legalise(ctx, lowered, c.basis)
}

// setBasis gives c the basis of a name; "" is TC0. In AC0 what is picked needs literals of
// its own: a sum over all candidates is no gate there.
func (c *common) setBasis(name string) error {
	if name == "" {
		return nil
	}
	b, err := basis.Parse(name)
	if err != nil {
		return unknown("basis", name, basis.Names())
	}
	c.basis = b
	c.strategy.Select = c.strategy.Select || b == basis.AC0
	return nil
}

// class is the class of the basis that c was asked for, if it is to be named other than by
// the gates: two inputs a gate make NC1.
func (c *common) class(ofGates gates.Class) gates.Class {
	if c.basis == basis.NC1 {
		return gates.NC1
	}
	return ofGates
}

// title is what a figure of s is called: its short name, and its basis unless that is TC0.
func title(s subject) string {
	return cmp.Or(s.its().caption, s.short()) + s.inBasis(" in basis ")
}

// open finds the subject that a person named, and tells the job at work what it is made of.
func (a *app) open(t target) (subject, error) {
	s, err := a.find(t)
	if err != nil {
		return nil, err
	}
	s.its().app = a
	return s, a.about(s)
}

// find finds the subject that a person named. A text with a separator of folders, or with
// the extension of a circuit file, is a path. Else names come first: those of shipped
// models, of families, of problems and of shipped diffusion models. A family without n is
// opened as such.
func (a *app) find(t target) (subject, error) {
	a.estimating = a.estimating || t.Estimate
	text := t.Subject
	name, _, _ := strings.Cut(text, ":")
	isPath := strings.ContainsAny(text, `/\`) || isCircuitFile(text)
	_, noFamily := compile.FindFamily(name)
	_, noProblem := problem.Find(name)
	what := "" // it is, if a name of ours is meant
	switch {
	case isPath:
	case slices.Contains(tc0.ModelNames(), text):
		what = "shipped model"
	case noFamily == nil:
		what = "family"
	case noProblem == nil:
		what = "problem"
	case slices.Contains(tc0.DenoiserNames(), name):
		what = "shipped diffusion model"
	}
	info, err := os.Stat(text)
	if what != "" && err == nil {
		a.note("tc0: %s is the %s of that name; .%c%s is what stands in this folder", text, what, filepath.Separator,
			text)
	}
	isDir := err == nil && info.IsDir()
	weights := what == "" && !isCircuitFile(text) && hasCheckpoint(text)
	if what != "" || isDir || weights || isDiffusion(name) {
		if err := t.only(text); err != nil {
			return nil, err
		}
	}
	switch {
	case what == "family":
		return openFamily(t)
	case what == "problem":
		return openProblem(t)
	case what == "shipped model":
		s, err := openModel(t)
		return a.warned(t, s, err)
	case isDiffusion(name):
		return openDiffusion(t)
	case weights:
		s, err := a.openCheckpointed(t)
		return a.warned(t, s, err)
	case isDir && weightless(text):
		return nil, noWeights(t)
	case isDir:
		s, err := openModel(t)
		if lacksSettings(err) {
			s, err = a.openCheckpointed(t)
		}
		return a.warned(t, s, err)
	case err == nil:
		return a.openFile(t)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case isPath:
		return nil, errf("%s: there is no such file or folder", text)
	case slices.Contains(tc0.ModelNames(), name):
		return nil, errf("%s: the model %s has no parameters", text, name)
	}
	return nil, errf(
		"unknown subject %q;%s families: %s; problems: %s; models: %s; or the path of a model folder, of a file of weights "+
			"or of a circuit file (%s)", name, gates.Meant(name, subjectNames()),
		commas(familyNames()), commas(problem.Names()), commas(modelNames()), strings.Join(exchange.Extensions(true), " "))
}

// weightless reports whether a folder has a config.json and no weights.
func weightless(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "config.json"))
	return err == nil && !hasWeights(folder) && !hasCheckpoint(folder)
}

// noWeights is the error for a weightless folder where weights are needed: what is wrong with its config.json, or what
// works without them.
func noWeights(t target) error {
	s, err := openShape(target{Subject: t.Subject}, model.Quantisation{}, model.Limits{})
	if err != nil {
		return err
	}
	return s.member()
}

// hasWeights reports whether a file of a folder may hold weights, in this format or another one. Two names are of data.
func hasWeights(folder string) bool {
	files, _ := os.ReadDir(folder)
	return slices.ContainsFunc(files, func(f os.DirEntry) bool {
		return f.Name() != "calibration.safetensors" && f.Name() != "test.safetensors" &&
			slices.Contains([]string{".safetensors", ".bin", ".pt", ".pth", ".npz", ".npy"}, filepath.Ext(f.Name()))
	})
}

// openMember is open for verbs that need one circuit.
func (a *app) openMember(t target) (subject, error) {
	s, err := a.open(t)
	if err != nil {
		return nil, err
	}
	if err := a.foresee(s); err != nil {
		return nil, err
	}
	return s, s.member()
}

// openBuilt is openMember, and builds the circuit.
func (a *app) openBuilt(t target) (subject, *circuit.Circuit, error) {
	s, err := a.openMember(t)
	if err != nil {
		return nil, nil, err
	}
	c, err := a.build(s)
	return s, c, err
}

// openMeasured is openBuilt, and counts the circuit.
func (a *app) openMeasured(t target) (subject, *measured, error) {
	s, err := a.openMember(t)
	if err != nil {
		return nil, nil, err
	}
	m, err := a.measure(s)
	return s, m, err
}

// build makes the circuit of s, once.
func (a *app) build(s subject) (*circuit.Circuit, error) {
	c := s.its()
	if c.circuit != nil {
		return c.circuit, nil
	}
	if err := a.foresee(s); err != nil {
		return nil, err
	}
	cached := a.cached(s)
	if built := cached.get(); built != nil {
		return a.keepBuilt(s, built, cached.seconds), nil
	}
	if err := a.warn(s); err != nil {
		return nil, err
	}
	m := a.meter("building " + s.name())
	defer m.end()
	start := time.Now()
	built, err := s.construct(a.ctx, func(done, all, gates int) {
		if f := c.foreseen; f != nil && f.Method != forecast.Bound {
			m.work("gates", gates, int(f.Gates), float64(gates)/max(f.Gates, 1))
		} else {
			m.work("gates", gates, 0, float64(done)/float64(max(all, 1)))
		}
	})
	if err != nil {
		return nil, err
	}
	m.end()
	cached.put(built)
	return a.keepBuilt(s, built, a.took(start)), nil
}

// keepBuilt keeps the circuit of s, which took some seconds to get.
func (a *app) keepBuilt(s subject, built *circuit.Circuit, seconds float64) *circuit.Circuit {
	c := s.its()
	c.circuit, c.by, c.seconds = built, nil, seconds
	if told, ok := s.(interface{ built(a *app) }); ok {
		told.built(a)
	}
	return built
}

// measured is the JSON of a circuit that was measured.
type measured struct {
	Subject     string `json:"subject"`
	Kind        string `json:"kind"`
	Description string `json:"description"`
	Strategy    string `json:"strategy,omitempty"`
	Basis       string `json:"basis"`
	*analysis.Measures
	BuildSeconds float64 `json:"build_seconds,omitempty"` // none of a file, and none without times
}

// measure builds the circuit of s and measures it.
func (a *app) measure(s subject) (*measured, error) {
	c, err := a.build(s)
	if err != nil {
		return nil, err
	}
	return a.measureAs(s, c), nil
}

// measureAs measures a circuit that was made from that of s.
func (a *app) measureAs(s subject, c *circuit.Circuit) *measured {
	of := s.its()
	m := &measured{
		Subject: s.name(), Kind: of.kind, Description: of.description, Basis: of.basis.String(),
		Measures: analysis.Measure(c, a.model), BuildSeconds: of.seconds,
	}
	m.GateClass = of.class(m.GateClass)
	if of.fixed == "" {
		m.Strategy = of.strategy.String()
	}
	return m
}

// depthText writes the depth, never without what counts as depth.
func (m *measured) depthText() string { return m.depthAs(m.Depth) }

// depthAs writes another depth in the depth model of m.
func (m *measured) depthAs(depth int) string {
	return fmt.Sprintf("%d (%s model: %s)", depth, m.DepthModel, m.DepthNote)
}

// title prints what the subject is.
func (a *app) title(s subject) {
	name := s.short()
	if a.flags.Full {
		name = s.name()
	}
	a.Printf("%s\n%s\n", name, s.its().description)
	a.printBasis(s)
}

// bases says what gates the bases have.
var bases = map[basis.Basis]string{
	basis.AC0: "AND and OR gates",
	basis.MAJ: "unweighted MAJORITY gates",
	basis.NC1: "AND, OR and XOR gates of two inputs",
}

// printBasis prints the basis unless it is TC0.
func (a *app) printBasis(s subject) {
	if b := s.its().basis; b != basis.TC0 {
		a.Printf("basis %v: %s\n", b, bases[b])
	}
}
