package formattest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// Solver asks a solver about a file, and returns the values of the input wires if there is a
// model.
type Solver func(t testing.TB, file string, inputs int) (model []bool, sat bool)

// Question is the file of a format that asks for inputs of c that make literals 1.
type Question func(c *circuit.Circuit, assert []circuit.Lit) string

// Find asserts that a solver finds inputs that make three literals of random circuits 1 just
// where there are some. The circuit and the way to ask go by the seed.
func (s Solver) Find(t *testing.T, seeds uint64, cfg func(seed uint64) random.Config, ask func(seed uint64) Question) {
	t.Helper()
	answers := map[bool]int{}
	for seed := range seeds {
		c := Random(t, cfg(seed))
		assert := []circuit.Lit{c.Outputs()[0], c.Outputs()[1].Not(), c.Outputs()[2]}
		want := Satisfiable(t, c, assert)
		model, sat := s(t, ask(seed)(c, assert), len(c.Inputs()))
		if sat != want || sat && !AllOne(t, c, assert, model) {
			t.Errorf("seed %d: satisfiable %v by %v, want %v", seed, sat, model, want)
		}
		answers[sat]++
	}
	if answers[true] == 0 || answers[false] == 0 {
		t.Errorf("answers %v: the circuits are no test", answers)
	}
}

// Tell asserts that a solver finds no input where all outputs of one circuit are 1, and one
// of another: these are 1 where functions differ, equal ones and others.
func (s Solver) Tell(t *testing.T, ask Question, equal, other *circuit.Circuit) {
	t.Helper()
	if model, sat := s(t, ask(equal, equal.Outputs()), len(equal.Inputs())); sat {
		t.Errorf("%d inputs: equal functions differ for %v", len(equal.Inputs()), model)
	}
	model, sat := s(t, ask(other, other.Outputs()), len(other.Inputs()))
	if !sat || !AllOne(t, other, other.Outputs(), model) {
		t.Errorf("%d inputs: no difference of others: %v by %v", len(other.Inputs()), sat, model)
	}
}

// Follows asserts that a model of the variables satisfies a file just where it has the values
// of the gates for its inputs, and the asserted literals are 1.
func Follows(t *testing.T, c *circuit.Circuit, cfg pb.Config, variables int, satisfied func(model []bool) bool) {
	t.Helper()
	e, err := pb.New(c, cfg)
	if err != nil || e.Variables() != variables {
		t.Fatalf("%d variables, want %d, %v", variables, e.Variables(), err)
	}
	inputs := len(c.Inputs())
	for v := range 1 << inputs {
		model := make([]bool, variables)
		copy(model, Bits(v, inputs))
		for g, x := range must(c.EvalAll(model[:inputs]))(t) {
			if l := e.Lit(circuit.Gate(g).Lit()); l != 0 {
				model[max(l, -l)-1] = x == (l > 0)
			}
		}
		if got, want := satisfied(model), AllOne(t, c, cfg.Assert, model[:inputs]); got != want {
			t.Fatalf("input %b: satisfied %v, want %v", v, got, want)
		}
		for g := inputs; g < variables; g++ {
			if model[g] = !model[g]; satisfied(model) {
				t.Fatalf("input %b: satisfied with variable %d wrong", v, g+1)
			}
			model[g] = !model[g]
		}
	}
}

// RefuseAssert asserts that a literal that is none of the circuit is refused.
func RefuseAssert(t *testing.T, d *netlist.Design, write func(assert []circuit.Lit) error) {
	t.Helper()
	const none = 1000
	var e *pb.AssertError
	if err := write([]circuit.Lit{none}); !errors.As(err, &e) || e.Lit != none || e.Gates != d.Circuit.Len() {
		t.Errorf("an assertion of a literal that is not there: %v", err)
	}
}

// RefuseGate asserts that a format has no words for a gate, which is then not written in part.
func RefuseGate(
	t *testing.T, write func(io.Writer, *netlist.Design) error, want string,
	gate func(b *circuit.Builder, x []circuit.Lit) circuit.Lit,
) {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Output("y", b.And(gate(b, x), x[0]))
	var unfit *netlist.UnfitError
	var file bytes.Buffer
	err := write(&file, netlist.Of(Built(t, b)))
	if !errors.As(err, &unfit) || unfit.Gate != 6 || err.Error() != want || file.Len() > 0 {
		t.Errorf("error %v after %d bytes, want %s", err, file.Len(), want)
	}
}
