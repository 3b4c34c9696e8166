package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// Family is a family of programs, one for each setting of its parameters.
type Family struct {
	Name   string
	Doc    string // one line
	Depth  string // depth under the min-depth strategy, as lists print it
	Class  string // class of the family's circuits, as lists print it
	Params []Param
	// Steps is the parameter that counts the steps of a model that is iterated, one after
	// another, and Stage is what the stages of the steps are called: "step 1" and so on.
	// Both are "" of a model with one pass.
	Steps, Stage string

	build func(Args) (*Instance, error)
	open  func(Args) (*program.Program, error) // n is left open, whatever the arguments say
}

// Param is a parameter of a family.
type Param struct {
	Name    string
	Doc     string
	Default string   // "" if it must be given
	Choices []string // nil if any integer will do
}

// Args are the values of a family's parameters, by name.
type Args map[string]string

// Instance is one member of a family: a program and what its author meant by it.
type Instance struct {
	Program *program.Program
	// Real computes the outputs in real numbers, apart from the program, for the
	// integers on the input ports: one number for each output port.
	Real func(in []int64) []float64
	// Scale is the real value of one unit on an output port.
	Scale float64
}

// common are the parameters that every family has.
var common = []Param{
	{Name: "strategy", Doc: "how values are encoded: min-depth, balanced, min-size, or parts joined by +", Default: "min-depth"},
	{Name: "basis", Doc: "gates of the circuit: thresholds (TC0), AND and OR (AC0), majorities (MAJ), fan-in 2 (NC1)", Default: "TC0", Choices: basis.Names()},
	{Name: "seed", Doc: "seed of the generic weights", Default: "1"},
}

// Families returns all families, in alphabetical order.
func Families() []Family {
	all := slices.Concat(attentionFamilies(), denoiserFamilies(), layerFamilies(), mlpFamilies(), normFamilies(), recurrentFamilies(), stateSpaceFamilies(), []Family{diffusionFamily(), loopedFamily(), ssmFamily(), thoughtFamily(), transformerFamily()})
	slices.SortFunc(all, func(a, b Family) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// UnknownError says that a name is not one of those known.
type UnknownError struct {
	What  string // what was looked for, such as "family"
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown %s %q; known: %s", e.What, e.Name, strings.Join(e.Known, ", "))
}

// FindFamily returns the family of the given name.
func FindFamily(name string) (Family, error) {
	var known []string
	for _, f := range Families() {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Family{}, &UnknownError{"family", name, known}
}

// Spec is a family with parameters, as written "attention:n=8,d=4".
type Spec struct {
	Family Family
	Args   Args // as given, defaults filled in; n may be missing
}

// ParseSpec reads a family with parameters. Parameters that are not given have
// their defaults; n may be left out, which names the family itself.
func ParseSpec(text string) (Spec, error) {
	name, rest, _ := strings.Cut(text, ":")
	f, err := FindFamily(name)
	if err != nil {
		return Spec{}, err
	}
	args, err := ParseArgs(name, f.Params, rest)
	if err != nil {
		return Spec{}, err
	}
	return Spec{Family: f, Args: args}, nil
}

// ParseArgs reads parameters as written "n=8,d=4" after the name of what has them, and
// fills in the defaults.
func ParseArgs(name string, params []Param, text string) (Args, error) {
	args := Args{}
	var known []string
	for _, p := range params {
		known = append(known, p.Name)
		if p.Default != "" {
			args[p.Name] = p.Default
		}
	}
	if text == "" {
		return args, nil
	}
	given := map[string]bool{}
	for _, part := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("%s: %q is not of the form name=value", name, part)
		}
		i := slices.Index(known, key)
		if i < 0 {
			return nil, &UnknownError{"parameter of " + name, key, known}
		}
		if given[key] {
			return nil, fmt.Errorf("%s: parameter %q is given twice", name, key)
		}
		given[key] = true
		if err := params[i].Check(value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		args[key] = value
	}
	return args, nil
}

// WriteArgs writes a name with parameters, in their order: all, or those that have not
// their defaults. [ParseArgs] reads them back.
func WriteArgs(name string, params []Param, args Args, all bool) string {
	var parts []string
	for _, p := range params {
		if v, ok := args[p.Name]; ok && (all || v != p.Default) {
			parts = append(parts, p.Name+"="+v)
		}
	}
	if len(parts) == 0 && !all {
		return name
	}
	return name + ":" + strings.Join(parts, ",")
}

// Check returns an error if the parameter cannot have the value.
func (p Param) Check(value string) error {
	switch {
	case p.Name == "strategy":
		_, err := lower.ParseStrategy(value)
		return err
	case p.Choices != nil:
		if !slices.Contains(p.Choices, value) {
			return &UnknownError{p.Name, value, p.Choices}
		}
		return nil
	}
	if v, err := strconv.ParseInt(value, 10, 64); err != nil || v < 0 || strconv.FormatInt(v, 10) != value {
		return fmt.Errorf("%s=%q is not a whole number of at least 0", p.Name, value)
	}
	return nil
}

// With returns s with one parameter changed, as for a sweep over n.
func (s Spec) With(name string, value int) Spec { return s.Set(name, strconv.Itoa(value)) }

// Set is With for any value.
func (s Spec) Set(name, value string) Spec {
	args := Args{}
	for k, v := range s.Args {
		args[k] = v
	}
	args[name] = value
	s.Args = args
	return s
}

// Steps returns the parameter that counts the steps of the model and what the stages of
// its steps are called; both are "" of a model with one pass.
func (s Spec) Steps() (parameter, stage string) {
	if s.Args["kind"] == Convolution || s.Args["order"] == TreeOrder {
		return "", ""
	}
	return s.Family.Steps, s.Family.Stage
}

// HasN reports whether the spec names one member of the family, with its n.
func (s Spec) HasN() bool { return s.Args["n"] != "" }

// String writes the spec with all its parameters, in the family's order.
func (s Spec) String() string { return WriteArgs(s.Family.Name, s.Family.Params, s.Args, true) }

// Short writes the spec without the parameters that have their defaults; it reads
// back as the same spec.
func (s Spec) Short() string { return WriteArgs(s.Family.Name, s.Family.Params, s.Args, false) }

// Strategy returns the strategy of the spec.
func (s Spec) Strategy() (lower.Strategy, error) { return lower.ParseStrategy(s.Args["strategy"]) }

// Instance builds the member of the family that s names.
func (s Spec) Instance() (*Instance, error) {
	if !s.HasN() {
		return nil, fmt.Errorf("%s: parameter n is missing: it names the family, and this needs one member, such as %s:n=8", s.Family.Name, s.Family.Name)
	}
	for _, p := range s.Family.Params { // With and other programs may have set anything
		if v, ok := s.Args[p.Name]; ok {
			if err := p.Check(v); err != nil {
				return nil, fmt.Errorf("%s: %w", s.Family.Name, err)
			}
		}
	}
	return s.Family.build(s.Args)
}

// OpenProgram returns the program of the family that s names with n left open: one list of
// operations for every n.
// Errors: an [*OpenSizeError] if what the program does depends on n in another way than
// through its tensors.
func (s Spec) OpenProgram() (p *program.Program, err error) {
	if s.Family.open == nil {
		return nil, fmt.Errorf("%s: the family is not known for every n", s.Family.Name)
	}
	return program.BuildOpen(func() (*program.Program, error) { return s.Family.open(s.Args) })
}

// Int returns a parameter that is a whole number; ParseSpec has checked it.
func (a Args) Int(name string) int {
	v, _ := strconv.Atoi(a[name])
	return v
}

// scaled returns in·scale.
func scaled(in []int64, scale float64) []float64 {
	x := make([]float64, len(in))
	for i, v := range in {
		x[i] = float64(v) * scale
	}
	return x
}

// FamilyFunc is a family of programs given by one function of the dimension n. It gets a
// size to make a member, and an open one to make the program for every n.
type FamilyFunc func(n program.Dim) (*program.Program, error)

// Program returns the member for n.
func (f FamilyFunc) Program(n int) (*program.Program, error) { return f(program.NewDim("n", n)) }

// OpenProgram returns the program for every n.
// Errors: an [*OpenSizeError] if the function asks for the size.
func (f FamilyFunc) OpenProgram() (*program.Program, error) {
	return program.BuildOpen(func() (*program.Program, error) { return f(program.OpenDim("n")) })
}

// Program returns the program of the member for n.
func (s Spec) Program(n int) (*program.Program, error) {
	i, err := s.With("n", n).Instance()
	if err != nil {
		return nil, err
	}
	return i.Program, nil
}
