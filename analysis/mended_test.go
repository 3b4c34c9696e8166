package analysis_test

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/internal/random"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// This file has programs whose proofs were false, or gave no answer, and have been mended. No circuit is built while
// proving, so that the formulas stand alone.

// rotatingCodes has twelve states that turn round. Two codes of the same literals meet, and at the ninth copy one that
// is arranged in another way.
func rotatingCodes(p *program.Program, n program.Dim) {
	two, count := program.NewDim("d", 2), 12
	x := p.Input("x", program.Shape{n, two}, 2, false)
	h := p.Step(p.Input("h", program.Shape{two}, 3, false), rounded(2, 0, 3))
	a, b := p.Mask(h, []bool{true, true}, 0), p.Mask(h, []bool{true, true}, 0)
	var states []program.Value
	for k := range count {
		of := a
		if k == 9 {
			of = b
		}
		states = append(states, p.Affine(1, of, 0))
	}
	states = append(states, p.Input("acc", program.Shape{two}, 2, false))
	out := p.Scan("s", x, states, func(x program.Value, s []program.Value) []program.Value {
		next := make([]program.Value, count)
		for k := range next {
			next[k] = p.Affine(1, s[(k+1)%count], 0)
		}
		return append(next, p.Step(p.Add(x, p.Contract("a,a->a", s[0], s[1])), rounded(3, 0, 3)))
	})
	p.Output("y", out[count])
}

// maskedMaximum divides by what a causal maximum leaves. What its mask leaves out is 0.
func maskedMaximum(p *program.Program, n program.Dim) {
	m := n.Renamed("m")
	w := p.CausalMaxStep(p.Input("x", program.Shape{n, m}, 1, false),
		program.Staircase{Base: 100, At: []int64{0}, Jump: []int64{1}}, 0, 1)
	sum := p.Add(w, p.Input("z", program.Shape{n, m}, 6, false))
	p.Output("q", p.Quotient(sum, p.Affine(0, p.Input("o", program.Shape{n}, 1, false), 1), program.Range{Hi: 100}))
}

// turnedMarks has two states that change places, of which one is one-hot.
func turnedMarks(p *program.Program, n program.Dim) {
	m, two := n.Renamed("m"), program.NewDim("d", 2)
	x, z := p.Input("x", program.Shape{n, m}, 2, false), p.Input("z", program.Shape{m, two}, 2, false)
	h, g := p.Input("h", program.Shape{n, m}, 2, false), p.Input("k", program.Shape{n, m}, 2, false)
	out := p.Scan("s", x, []program.Value{h, g}, func(_ program.Value, s []program.Value) []program.Value {
		return []program.Value{s[1], p.ArgMax(s[0], nil)}
	})
	p.Output("y", p.Step(p.Contract("nm,md->nd", out[0], z), rounded(1, 0, 3)))
}

// lateConstant has a state that is a constant after two copies. What comes after the scan multiplies it.
func lateConstant(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 1)
	x := p.Input("x", program.Shape{n, d}, 2, false)
	h := p.Step(p.Reduce(x, n.Name), rounded(1, 0, 3))
	out := p.Scan("s", x, []program.Value{h, h}, func(_ program.Value, s []program.Value) []program.Value {
		return []program.Value{s[1], p.Const(program.Shape{d}, []int64{0})}
	})
	p.Output("y", p.Step(p.Contract("nd,d->nd", p.Step(x, rounded(1, 0, 3)), out[0]), rounded(2, 0, 3)))
}

// constantDigits multiplies by a code whose gates are all constants.
func constantDigits(p *program.Program, n program.Dim) {
	one := program.NewDim("d", 1)
	x := p.Input("x", program.Shape{n, one}, 2, false)
	y := p.Step(p.Linear(x, &program.Matrix{Rows: 1, Columns: 1, Data: []int64{0}}, []int64{5}, "d"), rounded(1, 0, 3))
	p.Output("y", p.Contract("ab,ab->ab", p.Contract("ab,ab->ab", y, x), x))
}

// TestMendedProofsHold compares each of these with circuits, under several strategies.
func TestMendedProofsHold(t *testing.T) {
	programs := map[string]func(p *program.Program, n program.Dim){
		"rotating codes": rotatingCodes, "masked maximum": maskedMaximum, "turned marks": turnedMarks,
		"late constant": lateConstant, "constant digits": constantDigits,
	}
	for name, build := range programs {
		for _, strategy := range []string{"min-depth", "thermometer", "balanced", "digits2+binary+absorb+select"} {
			s, err := lower.ParseStrategy(strategy)
			if err != nil {
				t.Fatal(err)
			}
			f := oddFamily(build)
			p, err := analysis.Prove(t.Context(), analysis.Claim{Name: name, Family: f, Strategy: s, N: []int{}})
			if err != nil {
				t.Errorf("%s, %s: %v", name, strategy, err)
				continue
			}
			for _, n := range []int{1, 2, 3, 8, 9, 10, 13} {
				found, err := random.Compare(p, f, s, n, 0)
				if err != nil || len(found.Broken) > 0 {
					t.Errorf("%s, %s, n=%d: %v, %v", name, strategy, n, found, err)
				}
			}
		}
	}
}

// TestFalseDeclarationsAreRefused has programs that declare what is not so.
func TestFalseDeclarationsAreRefused(t *testing.T) {
	two := program.NewDim("d", 2)
	for want, build := range map[string]func(p *program.Program, n program.Dim){
		"symbol p is 1 here and 3 elsewhere": func(p *program.Program, n program.Dim) {
			x := p.Input("x", program.Shape{n, two}, 3, false)
			p.Literals(x, p.Symbol("p", 3))
			p.Symbol("p", 1)
			p.Output("y", p.Step(x, level(3)))
		},
		"a symbol \"2^q\" = 4": func(p *program.Program, n program.Dim) {
			x := p.Input("x", program.Shape{n}, 4, false)
			p.Literals(x, p.Symbol("2^q", 4))
			p.Output("y", p.Step(x, level(3)))
		},
		"a mask of axes 0 and 0": func(p *program.Program, n program.Dim) {
			p.Output("y", p.CausalMask(p.Input("x", program.Shape{n}, 2, false), 0, 0, 0))
		},
		"a mask of axes 1 and 2": func(p *program.Program, n program.Dim) {
			p.Output("y", p.CausalArgMax(p.Input("x", program.Shape{n, n.Renamed("m")}, 2, false), 1, 2))
		},
		"weights that may be below 0": func(p *program.Program, n program.Dim) {
			f := program.Staircase{Base: -5, At: []int64{1}, Jump: []int64{3}}
			w := p.Step(p.Input("x", program.Shape{n}, 4, false), f)
			p.WidenWeight(w, 5)
			p.Output("y", w)
		},
		"element -1 of dimension n": func(p *program.Program, n program.Dim) {
			p.Output("y", p.Select(p.Input("x", program.Shape{n}, 2, false), -1))
		},
		"n elements of d7=7": func(p *program.Program, n program.Dim) {
			x := p.Input("x", program.Shape{n, program.NewDim("d7", 7)}, 2, false)
			p.Output("y", p.Pick(x, 0, n.Renamed("n"), "first"))
		},
		"its range depends on n": func(p *program.Program, n program.Dim) {
			x := p.Reduce(p.Input("x", program.Shape{n, two}, 2, false), "n")
			p.Output("y", p.Step(x, rounded(1, 0, min(2, x.Bounds().Hi))))
		},
		"may fall as n grows": func(p *program.Program, n program.Dim) {
			x := p.Input("x", program.Shape{n}, 1, false)
			most := poly.Int(9).Minus(poly.Symbol("n"))
			p.Output("y", p.Step(p.AffineFunc(x, most, func() int64 { return 3 }), level(3)))
		},
		"kinds of products": func(p *program.Program, n program.Dim) {
			x, h := p.Input("x", program.Shape{n, two}, 1, false), p.Input("h", program.Shape{two}, 1, false)
			out := p.Scan("step", x, []program.Value{h}, func(x program.Value, s []program.Value) []program.Value {
				return []program.Value{p.Elementwise(p.Add(s[0], x), p.Add(s[0], x))}
			})
			p.Output("y", p.Step(out[0], level(3)))
		},
	} {
		f := oddFamily(build)
		claim := analysis.Claim{Name: want, Family: f, Strategy: lower.MinDepth, N: []int{}}
		_, err := analysis.Prove(t.Context(), claim)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
