package exchange_test

import (
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// solver asks a solver about a file, and returns the values of the input wires if there is a
// model.
type solver func(t testing.TB, file string, inputs int) (model []bool, sat bool)

// question is the file of a format that asks for inputs of c that make literals 1.
type question func(c *circuit.Circuit, assert []circuit.Lit) string

// find asserts that a solver finds inputs that make three literals of random circuits 1 just
// where there are some. The circuit and the way to ask go by the seed.
func (s solver) find(t *testing.T, seeds uint64, cfg func(seed uint64) random.Config, ask func(seed uint64) question) {
	t.Helper()
	answers := map[bool]int{}
	for seed := range seeds {
		c := formattest.Random(t, cfg(seed))
		assert := []circuit.Lit{c.Outputs()[0], c.Outputs()[1].Not(), c.Outputs()[2]}
		want := satisfiable(t, c, assert)
		model, sat := s(t, ask(seed)(c, assert), len(c.Inputs()))
		if sat != want || sat && !allOne(t, c, assert, model) {
			t.Errorf("seed %d: satisfiable %v by %v, want %v", seed, sat, model, want)
		}
		answers[sat]++
	}
	if answers[true] == 0 || answers[false] == 0 {
		t.Errorf("answers %v: the circuits are no test", answers)
	}
}

// tell asserts that a solver finds no input where all outputs of one circuit are 1, and one
// of another: these are 1 where functions differ, equal ones and others.
func (s solver) tell(t *testing.T, ask question, equal, other *circuit.Circuit) {
	t.Helper()
	if model, sat := s(t, ask(equal, equal.Outputs()), len(equal.Inputs())); sat {
		t.Errorf("%d inputs: equal functions differ for %v", len(equal.Inputs()), model)
	}
	model, sat := s(t, ask(other, other.Outputs()), len(other.Inputs()))
	if !sat || !allOne(t, other, other.Outputs(), model) {
		t.Errorf("%d inputs: no difference of others: %v by %v", len(other.Inputs()), sat, model)
	}
}

// allOne reports whether all the literals are 1 for the input.
func allOne(t testing.TB, c *circuit.Circuit, lits []circuit.Lit, in []bool) bool {
	t.Helper()
	value := must(c.EvalAll(in))(t)
	return !slices.ContainsFunc(lits, func(l circuit.Lit) bool { return value[l.Gate()] == l.IsComplement() })
}

// satisfiable reports whether all the literals are 1 for some input. It goes through all.
func satisfiable(t testing.TB, c *circuit.Circuit, lits []circuit.Lit) bool {
	t.Helper()
	n := len(c.Inputs())
	for v := range 1 << n {
		if allOne(t, c, lits, formattest.Bits(v, n)) {
			return true
		}
	}
	return false
}

// TestRefuseAssert asserts that a literal that the circuit does not have is refused.
func TestRefuseAssert(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	b.Output("y", b.Or(x...))
	d := netlist.Of(formattest.Built(t, b))
	for _, f := range exchange.Formats() {
		const none = 1000
		err := f.Write(io.Discard, d, exchange.Options{Assert: []circuit.Lit{none}})
		var e *pb.AssertError
		if f.Question && (!errors.As(err, &e) || e.Lit != none || e.Gates != d.Circuit.Len()) {
			t.Errorf("%s: an assertion of a literal that is not there: %v", f.Name, err)
		}
	}
}

// follows asserts that a model of the variables satisfies a file just where it has the values
// of the gates for its inputs, and the asserted literals are 1.
func follows(t *testing.T, c *circuit.Circuit, cfg pb.Config, variables int, satisfied func(model []bool) bool) {
	t.Helper()
	e, err := pb.New(c, cfg)
	if err != nil || e.Variables() != variables {
		t.Fatalf("%d variables, want %d, %v", variables, e.Variables(), err)
	}
	inputs := len(c.Inputs())
	for v := range 1 << inputs {
		model := make([]bool, variables)
		copy(model, formattest.Bits(v, inputs))
		for g, x := range must(c.EvalAll(model[:inputs]))(t) {
			if l := e.Lit(circuit.Gate(g).Lit()); l != 0 {
				model[max(l, -l)-1] = x == (l > 0)
			}
		}
		if got, want := satisfied(model), allOne(t, c, cfg.Assert, model[:inputs]); got != want {
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
