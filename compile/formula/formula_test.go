package formula_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// formulaSpecs are families whose formulas tests compare with circuits.
var formulaSpecs = []string{
	"attention", "attention:d=2,heads=2,kv_heads=1", "attention:d=4,heads=2,bits=2,positions=rotary", "attention:d=2,positions=learned", "attention:d=2,positions=sinusoidal,causal=1",
	"attention:d=2,kind=stable", "attention:d=2,kind=average-hard", "attention:d=2,kind=unique-hard", "attention:d=2,causal=1", "attention:d=2,kind=stable,causal=1", "attention:d=2,kind=unique-hard,causal=1,heads=2",
	"denoiser", "denoiser:steps=3", "glu", "glu:hidden=3,activation=relu", "gru", "gru:d=1", "lstm", "rnn", "rnn:bits=2",
	"layer:d=2,bits=2", "layer:d=2,norm=layer", "layer:d=2,place=post", "layer:d=2,kind=unique-hard,causal=1", "layer:d=2,kind=stable,activation=silu",
	"layernorm", "rmsnorm", "rmsnorm:bits=2,d=3", "mamba", "mamba:kind=block", "mamba:kind=block,bits=3,state=1", "mlp", "mlp:layers=3,hidden=4", "mlp:activation=silu", "s4", "s4:d=1,bits=2",
	"transformer:d=2,bits=2", "transformer:d=2,layers=2,tokens=binary", "transformer:d=2,output=logits,norm=layer",
}

// formulasOf reads a family for every n.
func formulasOf(t testing.TB, spec string, s lower.Strategy) *formula.Costs {
	t.Helper()
	parsed, err := compile.ParseSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsed.OpenProgram()
	if err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	if err := p.Check(); err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	f, err := formula.Of(p, s)
	if err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	return f
}

// valuesAt evaluates formulas at n.
func valuesAt(t testing.TB, f *formula.Costs, n int) (depth, gates, wires, weight, most *big.Int) {
	t.Helper()
	var out [5]*big.Int
	for i, p := range []interface {
		At(map[string]*big.Int) (*big.Int, bool)
	}{f.Depth, f.InN(f.Gates), f.InN(f.Wires), f.Weight, f.MostWeight} {
		v, ok := p.At(map[string]*big.Int{"n": big.NewInt(int64(n))})
		if !ok {
			t.Fatalf("%v has no value at n=%d", p, n)
		}
		out[i] = v
	}
	return out[0], out[1], out[2], out[3], out[4]
}

// TestFormulasBoundCircuits compares the formulas of every family, under every kind of
// strategy, with flat circuits: none of them is too small.
func TestFormulasBoundCircuits(t *testing.T) {
	for _, spec := range formulaSpecs {
		family, err := compile.ParseSpec(spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range append([]lower.Strategy{{Absorb: true, Select: true}}, lowertest.Strategies...) {
			f := formulasOf(t, spec, s)
			for n := int(f.From); n <= int(f.From)+2; n++ {
				c, err := lower.Program(member(t, family, n), s)
				if err != nil {
					t.Fatal(err)
				}
				st := c.Stats()
				depth, gates, wires, weight, most := valuesAt(t, f, n)
				for _, m := range []struct {
					name    string
					formula *big.Int
					counted circuit.Int
				}{
					{"depth", depth, circuit.NewInt(int64(st.Depth))},
					{"gates", gates, circuit.NewInt(int64(st.Size))},
					{"wires", wires, circuit.NewInt(st.Wires)},
					{"weight", weight, st.Weight},
					{"greatest weight", most, st.MaxWeight},
				} {
					if circuit.BigInt(m.formula).Cmp(m.counted) < 0 {
						t.Errorf(
							"%s, %v, n=%d: %s %v by formula and %v in the circuit",
							spec,
							s,
							n,
							m.name,
							m.formula,
							m.counted,
						)
					}
				}
			}
		}
	}
}

// TestFormulaDepths asserts the depth formulas, and that circuits have that depth.
func TestFormulaDepths(t *testing.T) {
	for _, test := range []struct {
		spec  string
		depth string
	}{
		{"attention", "3"},
		{"attention:kind=stable", "4"},
		{"attention:kind=average-hard", "4"},
		{"attention:kind=unique-hard", "3"},
		{"attention:causal=1", "3"},
		{"attention:strategy=thermometer", "4"},
		{"attention:heads=2,positions=rotary", "3"},
		{"attention:positions=learned", "3"},
		{"mlp", "2"},
		{"mlp:layers=5", "5"},
		{"glu", "2"},
		{"layernorm", "2"},
		{"rmsnorm", "2"},
		{"s4", "1"},
		{"mamba", "3"},
		{"denoiser", "2"},
		{"denoiser:steps=4", "8"},
		{"rnn", "n"},
		{"gru", "3·n"},
		{"lstm", "4·n"},
		{"layer", "9"},
		{"layer:norm=layer", "10"},
		{"layer:strategy=balanced", "10"},
		{"layer:kind=stable", "10"},
		{"layer:place=post", "8"},
		{"layer:kind=unique-hard", "9"},
		{"transformer", "12"},
		{"transformer:layers=2", "20"},
		{"transformer:layers=2,norm=layer", "24"},
	} {
		s, err := compile.ParseSpec(test.spec)
		if err != nil {
			t.Fatal(err)
		}
		strategy, _ := s.Strategy()
		f := formulasOf(t, test.spec, strategy)
		if f.Depth.String() != test.depth || f.Constant != (f.Depth.Degree("n") == 0) {
			t.Errorf("%s: depth %v, want %s", test.spec, f.Depth, test.depth)
		}
		if test.spec[0] == 't' {
			continue // large; the models' tests have them
		}
		for n := max(2, int(f.From)); n < 6; n++ {
			c := lowertest.Circuit(t, member(t, s, n), strategy)
			if want, _, _, _, _ := valuesAt(t, f, n); int64(c.Depth()) != want.Int64() {
				t.Errorf("%s, n=%d: depth %d, and %v by formula", test.spec, n, c.Depth(), want)
			}
		}
	}
}

// member returns the program of the member of a family for n.
func member(t testing.TB, s compile.Spec, n int) *program.Program {
	t.Helper()
	p, err := s.Program(n)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestOpenProgramsAreTheirMembers compares the operations of each open program with those
// of its members: they are the same ones, but for sizes and numbers.
func TestOpenProgramsAreTheirMembers(t *testing.T) {
	for _, spec := range formulaSpecs {
		s, err := compile.ParseSpec(spec)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		if !p.Open() {
			t.Errorf("%s: no dimension is open", spec)
		}
		if len(p.Repeats()) > 0 && p.Repeats()[0].Open {
			continue // as many copies as the reading needs
		}
		for _, n := range []int{2, 3, 5} {
			q := member(t, s, n)
			if len(p.Nodes()) != len(q.Nodes()) {
				t.Fatalf("%s: %d operations for every n and %d for n=%d", spec, len(p.Nodes()), len(q.Nodes()), n)
			}
			for id := range p.Nodes() {
				a, b := &p.Nodes()[id], &q.Nodes()[id]
				if a.Op != b.Op || a.Path() != b.Path() || fmt.Sprint(a.Args) != fmt.Sprint(b.Args) ||
					a.OneHot != b.OneHot ||
					len(a.Shape) != len(b.Shape) {
					t.Fatalf("%s: operation %d is %s for every n and %s for n=%d", spec, id, a.String(), b.String(), n)
				}
				for k, d := range a.Shape {
					want := d.Factor() * n
					if !d.Open() {
						want = d.Size()
					}
					if b.Shape[k].Size() != want {
						t.Errorf(
							"%s: operation %d has shape %v for every n and %v for n=%d",
							spec,
							id,
							a.Shape,
							b.Shape,
							n,
						)
					}
				}
				if b.Bounds.Lo < a.Bounds.Lo || b.Bounds.Hi > a.Bounds.Hi {
					t.Errorf(
						"%s: operation %d is in %v for every n and in %v for n=%d",
						spec,
						id,
						a.Bounds,
						b.Bounds,
						n,
					)
				}
			}
		}
	}
}

// TestSizesMayNotBeRead builds a program that does something else from n = 17 on. No
// reading of it for every n exists, however it asks for n.
func TestSizesMayNotBeRead(t *testing.T) {
	build := func(n program.Dim) (*program.Program, error) {
		p := program.New("deeper later")
		x := p.Input("x", program.Shape{n}, 2, true)
		y := p.Step(x, program.Round(2, program.Range{Lo: -1, Hi: 1}))
		if n.Size() > 16 {
			y = p.Step(p.Reduce(y, "n"), program.Round(2, program.Range{Lo: -1, Hi: 1}))
		}
		p.Output("y", y)
		return p, p.Err()
	}
	_, err := program.BuildOpen(func() (*program.Program, error) { return build(program.OpenDim("n")) })
	var size *program.OpenSizeError
	if !errors.As(err, &size) || size.Dim != "n" {
		t.Errorf("error %v, want an OpenSizeError about n", err)
	}
	for _, ask := range []func(p *program.Program, v program.Value){
		func(p *program.Program, v program.Value) { v.Shape().Len() },
		func(p *program.Program, v program.Value) { p.Inputs() },
		func(p *program.Program, v program.Value) { v.Shape()[0].Size() },
	} {
		_, err := program.BuildOpen(func() (*program.Program, error) {
			p := program.New("curious")
			ask(p, p.Input("x", program.Shape{program.OpenDim("n")}, 2, true))
			return p, p.Err()
		})
		if !errors.As(err, &size) {
			t.Errorf("error %v, want an OpenSizeError", err)
		}
	}
}
