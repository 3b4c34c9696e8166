package formula_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// choice is a random operation, drawn before the size is known, so that the program for
// every n and its members are made of the same ones.
type choice struct {
	kind, x, y       int
	a, b, c          int64
	data             []int64
	causal, unsigned bool
}

// randomFamily returns a family of programs of random operations.
func randomFamily(bits int, signed bool, choices []choice) compile.FamilyFunc {
	return func(n program.Dim) (*program.Program, error) {
		p := program.New("random")
		d := program.NewDim("d", 2)
		x := p.Input("x", program.Shape{n, d}, bits, signed)
		values := []program.Value{x}
		for _, c := range choices {
			values = append(values, c.apply(p, n, values[c.x%len(values)], values[c.y%len(values)]))
		}
		for i, v := range values[1:] {
			p.Output(string(rune('a'+i)), v)
		}
		return p, p.Err()
	}
}

// apply appends the operation to values of shape [n,d], rounding first where they would
// grow.
func (c choice) apply(p *program.Program, n program.Dim, v, w program.Value) program.Value {
	small := func(v program.Value) program.Value {
		if c.unsigned {
			return v
		}
		return p.Step(v, program.Round(3, program.Range{Lo: -2, Hi: 2}))
	}
	positive := func(v program.Value) program.Value { return p.Step(v, program.Round(2, program.Range{Lo: 1, Hi: 3})) }
	m := n.Renamed("m")
	copied := func(v program.Value) program.Value {
		return p.Reshape(v, program.Shape{m, program.NewDim("d", 2)}, "copy")
	}
	switch c.kind {
	case 0:
		return p.Linear(v, &program.Matrix{Rows: 2, Columns: 2, Data: c.data[:4]}, c.data[4:6], "d")
	case 1:
		return p.Add(v, w)
	case 2:
		return p.Affine(c.a, v, c.b)
	case 3:
		return p.Step(v, program.Round(1+c.c, program.Range{Lo: -c.c, Hi: 3}))
	case 4:
		return p.Step(v, program.Tabulate(program.Range{Lo: -2, Hi: 3}, func(x int64) int64 { return c.data[x+2] }))
	case 5:
		scores := p.Contract("if,jf->ij", small(v), copied(small(w)))
		weights := p.Step(scores, program.Round(2, program.Range{Lo: 0, Hi: 2}))
		if c.causal {
			weights = p.CausalMask(weights, 0, 1, 0)
		}
		return p.Contract("ij,jf->if", weights, copied(w))
	case 6:
		return p.Quotient(v, positive(w), program.Range{Lo: -2, Hi: 2})
	case 7:
		return p.ArgMax(v, nil)
	case 8:
		return p.Contract("if,if->if", small(v), small(w))
	case 9:
		total := p.Reduce(small(v), "n") // over all positions
		return p.Add(
			v,
			p.Linear(
				p.Step(total, program.Round(2, program.Range{Lo: -1, Hi: 2})),
				&program.Matrix{Rows: 2, Columns: 2, Data: c.data[:4]},
				nil,
				"d",
			),
		)
	case 10:
		return p.Convolve(v, [][]int64{c.data[:2], c.data[2:5]})
	case 11:
		window := p.Window(positive(v), "s")
		decay := p.CausalMask(
			p.Step(window, program.Staircase{Base: 2, At: []int64{2, 4}, Jump: []int64{-1, -1}}),
			0,
			1,
			0,
		)
		return p.Contract(
			"tsf,sf->tf",
			decay,
			p.Reshape(w, program.Shape{n.Renamed("s"), program.NewDim("d", 2)}, "sources"),
		)
	case 12:
		s := small(v)
		return p.RootQuotient(
			s,
			p.Affine(1, p.Contract("if,if->i", s, s), 1),
			2,
			[]int64{0, 1},
			program.Range{Lo: -2, Hi: 2},
		)
	case 13:
		scores := p.Contract("if,jf->ij", small(v), copied(small(w)))
		f := program.Staircase{Base: 1, At: []int64{-2, 0}, Jump: []int64{1, 1}}
		if !c.causal {
			return p.Contract("ij,jf->if", p.MaxStep(scores, f, nil), copied(w))
		}
		weights := p.CausalMaxStep(scores, f, 0, 1)
		p.WidenWeight(weights, weights.Bounds().Hi)
		return p.Contract("ij,jf->if", weights, copied(w))
	case 14:
		scores := p.Contract("if,jf->ij", small(v), copied(small(w)))
		return p.Contract("ij,jf->if", p.ArgMax(scores, nil), copied(w))
	case 15:
		return p.Gather(
			v,
			program.Shape{n, program.NewDim("d", 2)},
			"mixed",
			func(i int) int { return 2*(i/2) + 1 - i%2 },
		)
	case 16: // the product of two columns
		product := p.Contract("i,i->i", p.Column(small(v), 0, "first"), p.Column(small(w), int(c.c%2), "one"))
		return p.Broadcast(product, program.NewDim("d", 2))
	case 17:
		one := program.NewDim("one", 1)
		product := p.Contract("io,io->i", p.Pick(small(v), int(c.c%2), one, "one"), p.Pick(small(v), 1, one, "second"))
		return p.Add(v, p.Broadcast(product, program.NewDim("d", 2)))
	case 18:
		return p.Add(p.Add(v, p.Select(w, 0)), p.Select(p.Last(w, program.NewDim("last", 1)), 0))
	case 19:
		flat := p.Reshape(
			p.Reshape(v, program.Shape{n, program.NewDim("h", 2), program.NewDim("e", 1)}, "heads"),
			program.Shape{n, program.NewDim("d", 2)},
			"side by side",
		)
		return p.Contract("if,if->if", small(flat), small(w))
	case 20: // both orders of a product with a rearranged value
		mixed := p.Gather(
			small(v),
			program.Shape{n, program.NewDim("d", 2)},
			"mixed",
			func(i int) int { return 2*(i/2) + 1 - i%2 },
		)
		return p.Add(p.Contract("if,if->if", mixed, small(v)), p.Contract("if,if->if", small(v), small(w)))
	default:
		return p.Add(
			v,
			p.ConstFunc(
				program.Shape{n, program.NewDim("d", 2)},
				program.Range{Lo: -3, Hi: 3},
				func(i int) int64 { return int64(i%7) - 3 },
			),
		)
	}
}

// TestFormulasBoundRandomFamilies reads random families for every n, and compares the
// formulas with circuits of several n in several strategies: nothing exceeds them.
func TestFormulasBoundRandomFamilies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var choices []choice
		for range rapid.IntRange(1, 4).Draw(t, "operations") {
			number := rapid.Int64Range(-2, 2)
			choices = append(choices, choice{
				kind: rapid.IntRange(0, 21).
					Draw(t, "kind"),
				x: rapid.IntRange(0, 8).Draw(t, "x"), y: rapid.IntRange(0, 8).Draw(t, "y"),
				a: number.Draw(t, "a"), b: number.Draw(t, "b"), c: rapid.Int64Range(0, 3).Draw(t, "c"),
				data: rapid.SliceOfN(number, 6, 6).Draw(t, "data"), causal: rapid.Bool().Draw(t, "causal"),
			})
		}
		f := randomFamily(rapid.IntRange(1, 2).Draw(t, "bits"), rapid.Bool().Draw(t, "signed"), choices)
		open, err := f.OpenProgram()
		if err != nil {
			t.Fatalf("%v", err)
		}
		for _, s := range []lower.Strategy{
			lower.MinDepth, lower.Balanced, lower.MinSize, {}, {Digits: 2, Absorb: true},
		} {
			formulas, err := formula.Of(open, s)
			if err != nil {
				t.Fatalf("%v: %v", s, err)
			}
			for n := int(formulas.From); n <= int(formulas.From)+2; n++ {
				p, err := f.Program(n)
				if err != nil {
					t.Fatalf("n=%d: %v", n, err)
				}
				c, err := lower.Program(p, s)
				if err != nil {
					t.Fatalf("%v", err)
				}
				st := c.Stats()
				for _, m := range []struct {
					name    string
					formula interface {
						AtN(*big.Int) (*big.Int, bool)
					}
					counted circuit.Int
				}{
					{"depth", formulas.Depth, circuit.NewInt(int64(st.Depth))},
					{"gates", formulas.InN(formulas.Gates), circuit.NewInt(int64(st.Size))},
					{"wires", formulas.InN(formulas.Wires), circuit.NewInt(st.Wires)},
					{"weight", formulas.Weight, st.Weight},
					{"greatest weight", formulas.MostWeight, st.MaxWeight},
				} {
					v, ok := m.formula.AtN(big.NewInt(int64(n)))
					if !ok || circuit.BigInt(v).Cmp(m.counted) < 0 {
						t.Fatalf(
							"%v, n=%d: %s %v by formula %v, and %v in the circuit of\n%v",
							s,
							n,
							m.name,
							v,
							m.formula,
							m.counted,
							p,
						)
					}
				}
			}
		}
	})
}
