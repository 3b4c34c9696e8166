package problem

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/gates"
)

// Problem is a family of circuits that decide or compute something. It has one circuit for each setting of its
// parameters.
type Problem struct {
	Name   string
	Doc    string // one line
	Params []compile.Param
	Codes  string // what the integers on the ports mean, where their names do not say it
	Depth  string // of the circuits here, from the least n on that is allowed
	Size   string // gates of the circuits here, roughly
	Best   string // the best known depth, from the literature; "" if none is cited
	// BestSource is the source of Best. The circuits of that depth are often not those that show the class.
	BestSource string
	Class      string // of the problem
	Source     string // of the class, and of the construction
	// Beyond says whether the problem is outside TC0, and under which hypothesis. Serial says whether it is
	// outside NC. That is a stronger claim: even polynomially many gates side by side do not help.
	Beyond, Serial string
	Shape          Shape
	Why            string // why it is wide or deep
	// Steps is the parameter that counts serial steps, n or steps. Stage is the name of the stages that are
	// these steps; a number follows it. Both are "" for a problem without serial steps.
	Steps, Stage string

	params    []param                    // Params, with their limits
	valid     func(a compile.Args) error // more that parameters must meet; nil if nothing
	build     func(b *circuit.Builder, a compile.Args)
	reference func(a compile.Args, in []int64) []int64
	sample    func(a compile.Args, rng *rand.Rand) []int64 // nil if any input is as good
	// facts rewrites the texts above for some parameters, of which n may be missing; nil if they hold for all.
	facts  func(a compile.Args, p *Problem)
	family family // the circuits as programs; its zero value is none
}

// Shape says where the gates of a circuit are: many side by side, or many in a row.
type Shape string

// The shapes.
const (
	Wide    Shape = "wide"    // constant depth
	Between Shape = "between" // logarithmic depth
	Deep    Shape = "deep"    // as unrolled here: depth that grows with the number of steps
	// Shortcut is deep as unrolled here, too, although the problem is in NC: other circuits are shallow.
	Shortcut Shape = "looks deep, is parallel"
)

// all returns the problems of the table in alphabetical order, built once.
var all = sync.OnceValue(func() []Problem {
	all := table()
	for i := range all {
		for _, p := range all[i].params {
			all[i].Params = append(all[i].Params, p.Param)
		}
	}
	slices.SortFunc(all, func(a, b Problem) int { return strings.Compare(a.Name, b.Name) })
	return all
})

// All returns all problems, in alphabetical order.
func All() []Problem { return slices.Clone(all()) }

// Names returns the names of all problems.
func Names() []string {
	var names []string
	for _, p := range all() {
		names = append(names, p.Name)
	}
	return names
}

// Find returns the problem of the given name.
func Find(name string) (Problem, error) {
	return gates.Find("problem", name, all(), func(p Problem) string { return p.Name })
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

// Facts returns the problem with what is known of it for the parameters of s. Rules of automata
// have classes of their own, and to sort bits takes less depth than to sort numbers.
func (s Spec) Facts() Problem {
	p := s.Problem
	if p.facts != nil {
		p.facts(s.Args, &p)
	}
	return p
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

// Possible returns an error if the family cannot have a member with these parameters. It does not
// build the member.
func (s Spec) Possible() error {
	p := s.Problem
	for _, param := range p.params {
		name := param.Name
		v, ok := s.Args[name]
		if !ok {
			return fmt.Errorf("%s: parameter %s is missing: it names the family, and this needs one member, "+
				"such as %s:%s=8", p.Name, name, p.Name, name)
		}
		if err := param.Check(v); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if param.Choices != nil {
			continue
		}
		if n := s.Args.Int(name); n < param.least || n > param.most {
			return fmt.Errorf("%s: %s=%s is outside %d..%d", p.Name, name, v, param.least, param.most)
		}
	}
	if p.valid != nil {
		if err := p.valid(s.Args); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// Circuit builds the circuit.
func (s Spec) Circuit() (*circuit.Circuit, error) {
	if err := s.Possible(); err != nil {
		return nil, err
	}
	b := circuit.NewBuilder()
	s.Problem.build(b, s.Args)
	c, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return c.Prune(), nil
}

// Reference returns the function that the circuit computes, from the integers on the input ports to
// the integers on the output ports. It is plain Go, and does not use the circuit.
func (s Spec) Reference() (func(in []int64) []int64, error) {
	if err := s.Possible(); err != nil {
		return nil, err
	}
	return func(in []int64) []int64 { return s.Problem.reference(s.Args, in) }, nil
}

// Sample returns interesting inputs, such as words that may be balanced. It returns nil if random
// integers on the ports are as good.
func (s Spec) Sample(rng *rand.Rand) []int64 {
	if s.Problem.sample == nil || s.Possible() != nil {
		return nil
	}
	return s.Problem.sample(s.Args, rng)
}
