package problem_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/gates"
)

// provable are the problems that have a program, with what is derived of it for every n.
var provable = []struct {
	spec, depth, gates, wires string
}{
	{"and", "1", "1", "n"},
	{"or", "1", "1", "n"},
	{"majority", "1", "1", "n"},
	{"parity", "2", "⌊n/2⌋ + 1", "n·⌊n/2⌋ + n + ⌊n/2⌋"},
	{"comparison", "1", "1", "2·n"},
	{"addition", "2", "2·n", "2·n^2 + 4·n"},
	{"iterated-addition", "2", "5·n + 1", "11·n^2 + 8·n - 3"},
	{"iterated-addition:bits=1", "2", "2·n + 1", "2·n^2 + 2·n"},
	{"iterated-addition:bits=7", "2", "8·n + 1", "29·n^2 + 14·n - 6"},
	{"dyck1", "2", "n + 1", "n^2 + n + 1"},
}

func familyOf(t *testing.T, text string) (problem.Spec, problem.Family) {
	t.Helper()
	s, err := problem.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Family()
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

// lowered returns the circuit of the program for n.
func lowered(t *testing.T, f problem.Family, n int) *circuit.Circuit {
	t.Helper()
	p, err := f.Program(n)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFamilyCosts reads the programs for every n.
func TestFamilyCosts(t *testing.T) {
	for _, want := range provable {
		_, f := familyOf(t, want.spec)
		open, err := f.OpenProgram()
		if err != nil {
			t.Fatalf("%s: %v", want.spec, err)
		}
		costs, err := formula.Of(open, lower.MinDepth)
		if err != nil {
			t.Fatalf("%s: %v", want.spec, err)
		}
		for what, of := range map[string][2]string{
			"depth": {costs.Depth.String(), want.depth},
			"gates": {costs.InN(costs.Gates).String(), want.gates},
			"wires": {costs.InN(costs.Wires).String(), want.wires},
		} {
			if of[0] != of[1] {
				t.Errorf("%s: %s %s, want %s", want.spec, what, of[0], of[1])
			}
		}
	}
}

// TestFamilyIsTheProblem compares the circuits of the programs with those of the problems: their depth and
// size, and their outputs on all inputs or on many with the reference.
func TestFamilyIsTheProblem(t *testing.T) {
	for _, p := range provable {
		s, f := familyOf(t, p.spec)
		for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 16, 33, 58} {
			if s.With("n", n).Possible() != nil {
				continue
			}
			name := fmt.Sprintf("%s, n=%d", p.spec, n)
			have, want := lowered(t, f, n), built(t, s.With("n", n).String())
			if have.Depth() != want.Depth() || have.Stats().Size != want.Stats().Size {
				t.Errorf("%s: depth %d and %d gates, and the problem has %d and %d", name,
					have.Depth(), have.Stats().Size, want.Depth(), want.Stats().Size)
			}
			if h, w := have.Stats().Wires, want.Stats().Wires; h != w {
				t.Errorf("%s: %d wires, and the problem has %d", name, h, w)
			}
			answersAlike(t, name, s.With("n", n), have, want)
		}
	}
}

// mostDrawn is the width of inputs that are all tried, and the logarithm of how many wider ones are.
const mostDrawn = 12

// answersAlike compares a circuit with the reference of a problem, wire by wire in the order of the wires
// of the problem's own circuit. What it has more of is 0.
func answersAlike(t *testing.T, name string, s problem.Spec, have, want *circuit.Circuit) {
	t.Helper()
	reference, err := s.Reference()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 5))
	width := 0
	for _, p := range want.InputPorts() {
		width += len(p.Wires)
	}
	inputs := 1 << min(width, mostDrawn)
	for k := range inputs {
		in := make([]bool, width)
		for i := range in {
			in[i] = k>>i&1 == 1
			if width > mostDrawn {
				in[i] = rng.IntN(2) == 1
			}
		}
		if drawn := s.Sample(rng); drawn != nil && width > mostDrawn && k%2 == 0 {
			in = encoded(t, want.InputPorts(), drawn)
		}
		got, err := have.Eval(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		answer := encoded(t, want.OutputPorts(), reference(decoded(t, want.InputPorts(), in)))
		more := got[len(answer):]
		if !slices.Equal(got[:len(answer)], answer) || slices.Contains(more, true) {
			t.Fatalf("%s: %v on %v, want %v", name, got, in, answer)
		}
	}
}

func encoded(t *testing.T, ports []circuit.Port, numbers []int64) (wires []bool) {
	t.Helper()
	for i, p := range ports {
		w := make([]bool, len(p.Wires))
		if err := p.Format.Encode(circuit.NewInt(numbers[i]), w); err != nil {
			t.Fatal(err)
		}
		wires = append(wires, w...)
	}
	return wires
}

func decoded(t *testing.T, ports []circuit.Port, wires []bool) (numbers []int64) {
	t.Helper()
	for _, p := range ports {
		v, err := p.Format.Decode(wires[:len(p.Wires)])
		if err != nil {
			t.Fatal(err)
		}
		numbers, wires = append(numbers, v.Big().Int64()), wires[len(p.Wires):]
	}
	return numbers
}

// TestFamilyBoundsProblem puts the circuits of the problems beside the formulas of the programs, also at n
// that the programs do not reach.
func TestFamilyBoundsProblem(t *testing.T) {
	for _, p := range provable {
		s, f := familyOf(t, p.spec)
		open, err := f.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		costs, err := formula.Of(open, lower.MinDepth)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{2, 3, 4, 5, 9, 64, 100, 255, 256} {
			if s.With("n", n).Possible() != nil {
				continue
			}
			c := analysis.Measure(built(t, s.With("n", n).String()), gates.Standard())
			counted := []*big.Int{
				big.NewInt(int64(c.Depth)), big.NewInt(int64(c.Size)), big.NewInt(int64(c.Wires)), c.Weight.Big(),
			}
			for i, formula := range []poly.Poly{costs.Depth, costs.Gates, costs.Wires, costs.Weight} {
				bound, ok := costs.At(formula, big.NewInt(int64(n)))
				if !ok || bound.Cmp(counted[i]) < 0 {
					t.Errorf("%s, n=%d: number %d is %v, and %v by the formula", p.spec, n, i, counted[i], bound)
				}
			}
		}
	}
}

// TestNoFamily asks for programs that there are not.
func TestNoFamily(t *testing.T) {
	for spec, want := range map[string]string{
		"sorting":                   "sorting: its circuits are not made by a program that can be read for every n",
		"parity:kind=gate":          "parity: with kind=gate it is one MOD gate, which no program makes",
		"iterated-addition:bits=62": "iterated-addition: the sums of its program do not fit 64 bits at any n",
	} {
		s, err := problem.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Family()
		var none *problem.NoFamilyError
		if !errors.As(err, &none) || err.Error() != want {
			t.Errorf("%s: %v, want %s", spec, err, want)
		}
	}
	if s, err := problem.Parse("iterated-addition:bits=99"); err != nil {
		t.Error(err)
	} else if _, err := s.Family(); err == nil || err.Error() != "iterated-addition: bits=99 is outside 1..62" {
		t.Errorf("bits=99: %v", err)
	}
}

// TestFamilyLimits builds the greatest member where 64 bits end, and no greater one.
func TestFamilyLimits(t *testing.T) {
	for _, test := range []struct {
		spec        string
		least, most int
		beyond      string
	}{
		{"and", 2, 1 << 20, "and: n=1048577 is outside 2..1048576"},
		{"comparison", 1, 62, "comparison: n=63 is beyond 62: the sums of its program would not fit 64 bits"},
		{"addition", 1, 61, "addition: n=62 is beyond 61: the sums of its program would not fit 64 bits"},
		{"iterated-addition", 2, 1024, "iterated-addition: n=1025 is outside 2..1024"},
		{
			"iterated-addition:bits=58", 2, 15,
			"iterated-addition: n=16 is beyond 15: the sums of its program would not fit 64 bits",
		},
		{"dyck1", 2, 1 << 13, "dyck1: n=8193 is outside 2..8192"},
	} {
		s, f := familyOf(t, test.spec)
		if f.Least != test.least || f.Most != test.most {
			t.Errorf("%s: n in %d..%d, want %d..%d", test.spec, f.Least, f.Most, test.least, test.most)
		}
		if _, err := f.Program(test.most + 1); err == nil || err.Error() != test.beyond {
			t.Errorf("%s: %v, want %s", test.spec, err, test.beyond)
		}
		if _, err := f.Program(test.least - 1); err == nil {
			t.Errorf("%s has a member for n=%d", test.spec, test.least-1)
		}
		if test.most < 100 {
			have, want := lowered(t, f, test.most), built(t, s.With("n", test.most).String())
			if have.Stats().Size != want.Stats().Size {
				t.Errorf("%s: %d gates at the greatest n, want %d", test.spec, have.Stats().Size, want.Stats().Size)
			}
		}
	}
	_, f := familyOf(t, "dyck1")
	if _, err := f.Program(7); err == nil || err.Error() != "dyck1: n=7 is odd, and no word of odd length is balanced" {
		t.Errorf("dyck1, n=7: %v", err)
	}
}
