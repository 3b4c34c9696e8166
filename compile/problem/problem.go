package problem

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/gates"
)

// Problem is a family of circuits that decide or compute something, one for each setting
// of its parameters.
type Problem struct {
	Name   string
	Doc    string // one line
	Params []compile.Param
	Codes  string // what the integers on the ports mean, where their names do not say it
	Depth  string // of the circuits here, from the least n on that is allowed
	Size   string // gates of the circuits here, roughly
	Best   string // the best known depth, from the literature; "" if none is cited
	Class  string // of the problem
	Source string // of the class, and of the construction
	// Beyond says whether the problem is outside TC0, and under which hypothesis; Serial
	// whether it is outside NC, which is more: no polynomially many gates side by side help.
	Beyond, Serial string
	Shape          Shape
	Why            string // why it is wide or deep
	// Steps is the parameter that counts serial steps, n or steps, and Stage what the stages
	// of its circuits are called that are these steps, with their numbers; "" if there are none.
	Steps, Stage string

	limits    map[string][2]int          // of the parameters that are whole numbers
	valid     func(a compile.Args) error // more that parameters must meet; nil if nothing
	build     func(b *circuit.Builder, a compile.Args) error
	reference func(a compile.Args) func(in []int64) []int64
	sample    func(a compile.Args, rng *rand.Rand) []int64 // nil if any input is as good
}

// Shape says where the gates of a circuit are: many side by side, or many in a row.
type Shape string

// The shapes.
const (
	Wide    Shape = "wide"    // constant depth
	Between Shape = "between" // logarithmic depth
	Deep    Shape = "deep"    // as unrolled here: depth that grows with the number of steps
)

// All returns all problems, in alphabetical order.
func All() []Problem {
	all := slices.Concat(symmetricProblems(), arithmeticProblems(), []Problem{division(), sorting()}, dyckProblems(),
		[]Problem{wordProblem(), formulaValue(), reachability(), circuitValue(), elementary(), billiard()}, particleProblems(), []Problem{straightLine(), gridWorld(), sudoku()})
	slices.SortFunc(all, func(a, b Problem) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Names returns the names of all problems.
func Names() []string {
	var names []string
	for _, p := range All() {
		names = append(names, p.Name)
	}
	return names
}

// Find returns the problem of the given name.
func Find(name string) (Problem, error) {
	for _, p := range All() {
		if p.Name == name {
			return p, nil
		}
	}
	return Problem{}, &gates.UnknownError{What: "problem", Name: name, Known: Names()}
}

// Spec is a problem with parameters, as written "addition:n=8".
type Spec struct {
	Problem Problem
	Args    compile.Args // as given, defaults filled in; n may be missing
}

// Parse reads a problem with parameters.
func Parse(text string) (Spec, error) {
	name, rest, _ := strings.Cut(text, ":")
	p, err := Find(name)
	if err != nil {
		return Spec{}, err
	}
	args, err := compile.ParseArgs(name, p.Params, rest)
	return Spec{p, args}, err
}

// With returns s with one parameter changed.
func (s Spec) With(name string, value int) Spec {
	args := maps.Clone(s.Args)
	args[name] = fmt.Sprint(value)
	return Spec{s.Problem, args}
}

// HasN reports whether the spec names one member of the family, with its n.
func (s Spec) HasN() bool { return s.Args["n"] != "" }

// String writes the spec with all its parameters.
func (s Spec) String() string {
	return compile.WriteArgs(s.Problem.Name, s.Problem.Params, s.Args, true)
}

// Short writes the spec without the parameters that have their defaults.
func (s Spec) Short() string {
	return compile.WriteArgs(s.Problem.Name, s.Problem.Params, s.Args, false)
}

// check compares the parameters with their limits.
func (s Spec) check() error {
	for _, p := range s.Problem.Params {
		v, ok := s.Args[p.Name]
		if !ok {
			return fmt.Errorf("%s: parameter %s is missing: it names the family, and this needs one member, such as %s:%s=8", s.Problem.Name, p.Name, s.Problem.Name, p.Name)
		}
		if err := p.Check(v); err != nil {
			return fmt.Errorf("%s: %w", s.Problem.Name, err)
		}
		limit, ok := s.Problem.limits[p.Name]
		if n := s.Args.Int(p.Name); ok && (n < limit[0] || n > limit[1]) {
			return fmt.Errorf("%s: %s=%s is outside %d..%d", s.Problem.Name, p.Name, v, limit[0], limit[1])
		}
	}
	if s.Problem.valid != nil {
		if err := s.Problem.valid(s.Args); err != nil {
			return fmt.Errorf("%s: %w", s.Problem.Name, err)
		}
	}
	return nil
}

// Possible returns an error if there is no member of the family with these parameters, as
// far as that shows without building it.
func (s Spec) Possible() error { return s.check() }

// Circuit builds the circuit.
func (s Spec) Circuit() (*circuit.Circuit, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	b := circuit.NewBuilder()
	if err := s.Problem.build(b, s.Args); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Problem.Name, err)
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return c.Prune(), nil
}

// Reference returns the function that the circuit computes, in plain Go and written apart
// from it: from the integers on the input ports to those on the output ports.
func (s Spec) Reference() (func(in []int64) []int64, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return s.Problem.reference(s.Args), nil
}

// Sample returns inputs that are interesting, such as words that may be balanced; nil if
// the problem has no better ones than random integers on its ports.
func (s Spec) Sample(rng *rand.Rand) []int64 {
	if s.Problem.sample == nil || s.check() != nil {
		return nil
	}
	return s.Problem.sample(s.Args, rng)
}

// size is the parameter n.
func size(doc string) compile.Param { return compile.Param{Name: "n", Doc: doc} }

// number is a parameter with a default.
func number(name, doc string, value int) compile.Param {
	return compile.Param{Name: name, Doc: doc, Default: fmt.Sprint(value)}
}

func truth(v bool) int64 {
	if v {
		return 1
	}
	return 0
}
