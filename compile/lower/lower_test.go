package lower_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// TestRandomPrograms lowers programs made of random operations, in every strategy,
// and compares them with the reference on every input.
func TestRandomPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := program.New("random")
		n := rapid.IntRange(1, 2).Draw(t, "n")
		x := p.Input(
			"x",
			program.Shape{program.NewDim("n", n), program.NewDim("d", 2)},
			rapid.IntRange(1, 2).Draw(t, "bits"),
			rapid.Bool().Draw(t, "signed"),
		)
		values := []program.Value{x}
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
		if err := p.Check(); err != nil {
			t.Fatalf("%v", err)
		}
		for _, s := range lowertest.Strategies {
			c, err := lower.Program(p, s)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if err := c.Check(); err != nil {
				t.Fatalf("%v: %v", s, err)
			}
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	})
}

// randomOperation appends an operation that keeps the shape [n, d], quantising
// first where values would grow.
func randomOperation(t *rapid.T, p *program.Program, v, w program.Value) program.Value {
	small := func(v program.Value) program.Value {
		if r := v.Bounds(); r.Hi-r.Lo <= 64 {
			return v
		}
		return p.Step(v, program.Round(max(1, (v.Bounds().Hi-v.Bounds().Lo)/6), program.Range{Lo: -3, Hi: 4}))
	}
	number := rapid.Int64Range(-3, 3)
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		data := rapid.SliceOfN(number, 4, 4).Draw(t, "matrix")
		bias := rapid.SliceOfN(number, 2, 2).Draw(t, "bias")
		return p.Linear(small(v), &program.Matrix{Rows: 2, Columns: 2, Data: data}, bias, "d")
	case 1:
		return p.Add(v, w)
	case 2:
		return p.Affine(number.Draw(t, "scale"), small(v), number.Draw(t, "offset"))
	case 3:
		p2 := rapid.SampledFrom([]program.Range{
			{Lo: 0, Hi: 1},
			{Lo: 0, Hi: 3},
			{Lo: -4, Hi: 3},
			{Lo: 0, Hi: 7},
			{Lo: -1, Hi: 4},
		}).
			Draw(t, "levels")
		return p.Step(v, program.Round(rapid.Int64Range(1, 5).Draw(t, "unit"), p2))
	case 4:
		table := rapid.SliceOfN(number, 5, 5).Draw(t, "table")
		return p.Step(v, program.Tabulate(program.Range{Lo: -2, Hi: 2}, func(x int64) int64 { return table[x+2] }))
	case 5:
		v, w = small(v), small(w)
		square := p.Contract(
			"if,jf->ij",
			v,
			p.Gather(
				w,
				program.Shape{program.NewDim("m", w.Shape()[0].Size()), program.NewDim("d", 2)},
				"copy",
				func(i int) int { return i },
			),
		)
		return p.Contract(
			"ij,jf->if",
			p.Step(square, program.Round(2, program.Range{Lo: -1, Hi: 2})),
			p.Gather(
				w,
				program.Shape{program.NewDim("m", w.Shape()[0].Size()), program.NewDim("d", 2)},
				"copy",
				func(i int) int { return i },
			),
		)
	case 6:
		den := p.Step(p.Reduce(w, "d"), program.Round(1, program.Range{Lo: 1, Hi: 4}))
		return p.Quotient(v, den, program.Range{Lo: -3, Hi: 3})
	default:
		return p.ArgMax(v, nil)
	}
}

func TestLoweringIsDeterministic(t *testing.T) {
	p, err := compile.Attention{Features: 2, Bits: 2}.Program(3)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range lowertest.Strategies {
		a, b := lowertest.Circuit(t, p, s), lowertest.Circuit(t, p, s)
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
	p := program.New("bad")
	x := p.Input("x", program.Shape{program.NewDim("n", 2)}, 2, true)
	p.Output("y", p.Reduce(x, "nobody"))
	if c, err := lower.Program(p, lower.MinDepth); err == nil {
		t.Errorf("a program without the axis it adds up was lowered to %v", c.Stats())
	}
}
