package compile

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// Spec is a family with parameters, as written "attention:n=8,d=4".
type Spec struct {
	Family Family
	Args   Args // as given, defaults filled in; n may be missing
}

// ParseSpec reads a family with parameters. Parameters that are not given have their defaults.
// Without n the spec names the family itself.
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

// With returns s with one parameter changed, as for a sweep over n.
func (s Spec) With(name string, value int) Spec { return s.Set(name, strconv.Itoa(value)) }

// Set is With for any value.
func (s Spec) Set(name, value string) Spec {
	s.Args = maps.Clone(s.Args)
	s.Args[name] = value
	return s
}

// Steps returns the parameter that counts the steps of the model, and the name of the stages of
// its steps. Both are "" for a model with one pass.
func (s Spec) Steps() (parameter, stage string) {
	if s.Args["kind"] == string(Convolution) || s.Args["order"] == TreeOrder {
		return "", ""
	}
	return s.Family.Steps, s.Family.Stage
}

// HasN reports whether the spec names one member of the family, with its n.
func (s Spec) HasN() bool { return s.Args["n"] != "" }

// String writes the spec with all its parameters, in the family's order.
func (s Spec) String() string { return WriteArgs(s.Family.Name, s.Family.Params, s.Args, true) }

// Short writes the spec without the parameters that have their defaults. It reads back as the
// same spec.
func (s Spec) Short() string { return WriteArgs(s.Family.Name, s.Family.Params, s.Args, false) }

// Strategy returns the strategy of the spec.
func (s Spec) Strategy() (lower.Strategy, error) { return lower.ParseStrategy(s.Args["strategy"]) }

// Instance builds the member of the family that s names.
func (s Spec) Instance() (*Instance, error) {
	if !s.HasN() {
		return nil, fmt.Errorf("%s: parameter n is missing: it names the family, and this needs one member, "+
			"such as %s:n=8", s.Family.Name, s.Family.Name)
	}
	b, err := s.block()
	if err != nil {
		return nil, err
	}
	p, scale, err := b.program(program.MemberDim("n", s.Args.Int("n")))
	if err != nil {
		return nil, err
	}
	return &Instance{p, b.real, scale}, nil
}

// Program returns the program of the member for n.
func (s Spec) Program(n int) (*program.Program, error) {
	i, err := s.With("n", n).Instance()
	if err != nil {
		return nil, err
	}
	return i.Program, nil
}

// OpenProgram returns the program of the family that s names, with n left open: one list of
// operations for every n.
// Errors: a [*program.OpenSizeError] if the operations depend on n, not only the sizes of the
// tensors.
func (s Spec) OpenProgram() (*program.Program, error) {
	return program.BuildOpen(func() (*program.Program, error) {
		b, err := s.block()
		if err != nil {
			return nil, err
		}
		p, _, err := b.program(program.OpenDim("n"))
		return p, err
	})
}

// OpenSteps is [Spec.OpenProgram] with the number of steps left open, too: one list of operations for every
// n and T, see [program.Program.Steps].
func (s Spec) OpenSteps() (*program.Program, error) {
	return program.BuildOpen(func() (*program.Program, error) {
		b, err := s.block()
		if err != nil {
			return nil, err
		}
		if b.steps == nil {
			return nil, fmt.Errorf("%s: the number of steps cannot be left open", s.Family.Name)
		}
		p, _, err := b.steps(program.OpenDim("n"))
		return p, err
	})
}

// Member returns an error if the family has no member for n, such as one that is too large to be built and only
// counted.
func (s Spec) Member(n int) error {
	b, err := s.block()
	if err != nil {
		return err
	}
	if b.check == nil {
		return nil
	}
	return b.check(n)
}

// block returns the block that the parameters describe.
func (s Spec) block() (block, error) {
	if err := s.check(); err != nil {
		return block{}, err
	}
	return s.Family.block(s.Args)
}

// check returns an error if a parameter cannot have its value. With and other programs may set
// any value.
func (s Spec) check() error {
	for _, p := range s.Family.Params {
		if v, ok := s.Args[p.Name]; ok {
			if err := p.Check(v); err != nil {
				return fmt.Errorf("%s: %w", s.Family.Name, err)
			}
		}
	}
	return nil
}

// Numbers says what it takes to make the weights, biases and thresholds of a family for an n.
// What is said of uniformity depends on it: an induction over the operations says nothing of the numbers.
type Numbers string

// What numbers take.
const (
	// SameNumbers do not depend on n.
	SameNumbers Numbers = "same"
	// HashedPositions are hashes of the number of a position, digit by digit. Thresholds are made for the
	// ranges over all positions.
	HashedPositions Numbers = "positions"
	// RowSums are hashed weights, and units and biases that are made of sums of n of them.
	RowSums Numbers = "sums"
	// Sines are sines and cosines of angles that grow with the position.
	Sines Numbers = "sines"
	// TableNumbers are learned for each position, as far as their table goes.
	TableNumbers Numbers = "table"
)

// Numbers says what the numbers of the family take that s names.
func (s Spec) Numbers() Numbers {
	switch s.Family.Name {
	case "mlp", "glu", "denoiser":
		return RowSums
	case "diffusion":
		if s.Args["kind"] != string(Masked) {
			return RowSums // over the condition
		}
		return HashedPositions
	case "transformer", "cot":
		return HashedPositions
	}
	switch PositionKind(s.Args["positions"]) {
	case LearnedPositions:
		return HashedPositions
	case SinusoidalPositions, RotaryPositions:
		return Sines
	}
	return SameNumbers
}
