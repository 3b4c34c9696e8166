package compile

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

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
	p, err := Attention{Features: 2, Bits: 2}.Program(3)
	if err != nil {
		t.Fatal(err)
	}
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

func TestBrokenProgramsAreRefused(t *testing.T) {
	p := NewProgram("bad")
	x := p.Input("x", Shape{{"n", 2}}, 2, true)
	p.Output("y", p.Reduce(x, "nobody"))
	if c, err := Lower(p, MinDepth); err == nil {
		t.Errorf("a program without the axis it adds up was lowered to %v", c.Stats())
	}
}
