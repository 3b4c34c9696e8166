package compile

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// strategies are all that a program should be lowered with in tests.
var strategies = []Strategy{
	MinDepth, Balanced, MinSize, {}, {Binary: true}, {Digits: 2}, {Digits: 2, Absorb: true}, {Digits: 3, Binary: true, Absorb: true},
}

// lowered returns the checked circuit of p.
func lowered(t testing.TB, p *Program, s Strategy) *circuit.Circuit {
	t.Helper()
	c, err := Lower(p, s)
	if err != nil {
		t.Fatalf("%s, %v: %v", p.Name(), s, err)
	}
	if err := c.Check(); err != nil {
		t.Fatalf("%s, %v: %v", p.Name(), s, err)
	}
	return c
}

// tester is what the two kinds of test have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// compare checks the circuit against the reference on one input.
func compare(t tester, p *Program, c *circuit.Circuit, in []int64) {
	t.Helper()
	want, err := p.Reference(in)
	if err != nil {
		t.Fatalf("%s: %v", p.Name(), err)
	}
	var wires []bool
	for i, port := range c.InputPorts() {
		w := make([]bool, len(port.Wires))
		if err := port.Format.Encode(circuit.I(in[i]), w); err != nil {
			t.Fatalf("%s: %s: %v", p.Name(), port.Name, err)
		}
		wires = append(wires, w...)
	}
	out, err := c.Eval(wires)
	if err != nil {
		t.Fatalf("%s: %v", p.Name(), err)
	}
	for i, port := range c.OutputPorts() {
		got, err := port.Format.Decode(out[:len(port.Wires)])
		if err != nil {
			t.Fatalf("%s: %s on %v: %v", p.Name(), port.Name, in, err)
		}
		out = out[len(port.Wires):]
		if got.Cmp(circuit.I(want[i])) != 0 {
			t.Fatalf("%s: %s on %v is %v, and %d by the reference", p.Name(), port.Name, in, got, want[i])
		}
	}
}

// exhaust calls f for every input of p, which must have at most 2^20.
func exhaust(p *Program, f func(in []int64)) {
	ports := p.Inputs()
	in := make([]int64, len(ports))
	for i, port := range ports {
		in[i] = port.Bounds.Lo
	}
	for {
		f(in)
		i := 0
		for ; i < len(in); i++ {
			if in[i]++; in[i] <= ports[i].Bounds.Hi {
				break
			}
			in[i] = ports[i].Bounds.Lo
		}
		if i == len(in) {
			return
		}
	}
}

// sample calls f for extreme and random inputs.
func sample(p *Program, count int, f func(in []int64)) {
	rng := rand.New(rand.NewPCG(1, 2))
	ports := p.Inputs()
	in := make([]int64, len(ports))
	for trial := range count {
		for i, port := range ports {
			r := port.Bounds
			switch {
			case trial == 0:
				in[i] = r.Lo
			case trial == 1:
				in[i] = r.Hi
			case trial == 2:
				in[i] = max(r.Lo, 0)
			case trial == 3:
				in[i] = []int64{r.Lo, r.Hi}[i%2]
			case trial%4 == 0:
				in[i] = []int64{r.Lo, r.Hi}[rng.IntN(2)]
			default:
				in[i] = r.Lo + rng.Int64N(r.Hi-r.Lo+1)
			}
		}
		f(in)
	}
}

func TestFamiliesExhaustively(t *testing.T) {
	for _, spec := range []string{
		"attention:n=2,d=1,bits=2", "attention:n=1,d=2,bits=3", "attention:n=3,d=1,bits=3,out_bits=4",
		"attention:n=2,d=2,bits=2,exp_levels=3", "attention:n=4,d=1,bits=2,seed=7",
		"mlp:n=2,bits=3", "mlp:n=3,bits=2,layers=3", "mlp:n=2,bits=4,layers=1", "mlp:n=3,bits=3,hidden=4,out=1",
	} {
		for _, s := range strategies {
			p := instance(t, spec).Program
			c := lowered(t, p, s)
			p.name = fmt.Sprintf("%s, %v", spec, s)
			exhaust(p, func(in []int64) { compare(t, p, c, in) })
		}
	}
}

func TestFamiliesOnSamples(t *testing.T) {
	for _, spec := range []string{"attention:n=4", "attention:n=5,d=3,bits=4", "mlp:n=12,bits=4,layers=3"} {
		for _, s := range strategies {
			p := instance(t, spec).Program
			c := lowered(t, p, s)
			p.name = fmt.Sprintf("%s, %v", spec, s)
			sample(p, 60, func(in []int64) { compare(t, p, c, in) })
		}
	}
}

// instance returns a member of a family.
func instance(t testing.TB, text string) *Instance {
	t.Helper()
	spec, err := ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	i, err := spec.Instance()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestRandomPrograms lowers programs made of random operations, in every strategy,
// and compares them with the reference on every input.
func TestRandomPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := NewProgram("random")
		n := rapid.IntRange(1, 2).Draw(t, "n")
		x := p.Input("x", Shape{{"n", n}, {"d", 2}}, rapid.IntRange(1, 2).Draw(t, "bits"), rapid.Bool().Draw(t, "signed"))
		values := []Value{x}
		for i := range rapid.IntRange(1, 6).Draw(t, "operations") {
			v := values[rapid.IntRange(0, len(values)-1).Draw(t, "operand")]
			w := values[rapid.IntRange(0, len(values)-1).Draw(t, "operand")]
			p.Begin(fmt.Sprint("step ", i))
			values = append(values, randomOperation(t, p, v, w))
			p.End()
		}
		for i, v := range values {
			p.Output(fmt.Sprint("y", i), v)
		}
		if err := p.Err(); err != nil {
			t.Fatalf("%v", err)
		}
		for _, s := range strategies {
			c, err := Lower(p, s)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if err := c.Check(); err != nil {
				t.Fatalf("%v: %v", s, err)
			}
			exhaust(p, func(in []int64) { compare(t, p, c, in) })
		}
	})
}

// randomOperation appends an operation that keeps the shape [n, d], quantising
// first where values would grow.
func randomOperation(t *rapid.T, p *Program, v, w Value) Value {
	small := func(v Value) Value {
		if r := v.Bounds(); r.Hi-r.Lo <= 64 {
			return v
		}
		return p.Step(v, Round(max(1, (v.Bounds().Hi-v.Bounds().Lo)/6), Range{-3, 4}))
	}
	number := rapid.Int64Range(-3, 3)
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		data := rapid.SliceOfN(number, 4, 4).Draw(t, "matrix")
		bias := rapid.SliceOfN(number, 2, 2).Draw(t, "bias")
		return p.Linear(small(v), &Matrix{2, 2, data}, bias, "d")
	case 1:
		return p.Add(v, w)
	case 2:
		return p.Affine(number.Draw(t, "scale"), small(v), number.Draw(t, "offset"))
	case 3:
		p2 := rapid.SampledFrom([]Range{{0, 1}, {0, 3}, {-4, 3}, {0, 7}, {-1, 4}}).Draw(t, "levels")
		return p.Step(v, Round(rapid.Int64Range(1, 5).Draw(t, "unit"), p2))
	case 4:
		table := rapid.SliceOfN(number, 5, 5).Draw(t, "table")
		return p.Step(v, Tabulate(Range{-2, 2}, func(x int64) int64 { return table[x+2] }))
	case 5:
		v, w = small(v), small(w)
		square := p.Contract("if,jf->ij", v, p.Gather(w, Shape{{"m", w.Shape()[0].Size()}, {"d", 2}}, "copy", func(i int) int { return i }))
		return p.Contract("ij,jf->if", p.Step(square, Round(2, Range{-1, 2})), p.Gather(w, Shape{{"m", w.Shape()[0].Size()}, {"d", 2}}, "copy", func(i int) int { return i }))
	case 6:
		den := p.Step(p.Reduce(w, "d"), Round(1, Range{1, 4}))
		return p.Quotient(v, den, Range{-3, 3})
	default:
		return p.ArgMax(v, nil)
	}
}

func TestLoweringIsDeterministic(t *testing.T) {
	p := instance(t, "attention:n=3,d=2,bits=2").Program
	for _, s := range strategies {
		a, b := lowered(t, p, s), lowered(t, p, s)
		if a.Stats() != b.Stats() || a.Len() != b.Len() {
			t.Errorf("%v: two circuits of one program differ: %+v and %+v", s, a.Stats(), b.Stats())
		}
		for g := range circuit.Gate(a.Len()) {
			if a.Kind(g) != b.Kind(g) || a.StagePath(a.StageOf(g)) != b.StagePath(b.StageOf(g)) {
				t.Fatalf("%v: gate %d differs", s, g)
			}
		}
	}
}
