package analysis_test

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/internal/random"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// turnedArrangements has twelve states that turn round. The products of some of them with an input are there before the
// scan, and those of others are not.
func turnedArrangements(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 12)
	input := func(name string, s program.Shape) program.Value { return p.Input(name, s, 2, false) }
	x, h, z := input("x", program.Shape{n, d}), input("h", program.Shape{d}), input("z", program.Shape{d})
	var states []program.Value
	for k := range 12 {
		a := p.Gather(h, program.Shape{d}, fmt.Sprint("turn", k), func(i int) int { return (i + k) % 12 })
		if k < 6 {
			p.Output(fmt.Sprint("o", k), p.Step(p.Elementwise(a, z), level(3)))
		}
		states = append(states, p.Affine(1, a, 0))
	}
	states = append(states, input("acc", program.Shape{d}))
	out := p.Scan("s", x, states, func(x program.Value, s []program.Value) []program.Value {
		next := make([]program.Value, 12)
		for k := range next {
			next[k] = p.Affine(1, s[(k+1)%12], 0)
		}
		return append(next, p.Step(p.Add(p.Add(x, s[12]), p.Elementwise(s[0], z)), rounded(3, 0, 3)))
	})
	p.Output("y", out[12])
}

// turnedCodes has twelve states that turn round, of which one is a thermometer the other way.
func turnedCodes(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 2)
	x, h := p.Input("x", program.Shape{n, d}, 2, false), p.Input("h", program.Shape{d}, 4, false)
	six := []int64{1, 1, 1, 1, 1, 1}
	a := p.Step(h, program.Staircase{Base: -3, At: []int64{2, 4, 6, 8, 10, 12}, Jump: six})
	var states []program.Value
	for k := range 12 {
		of := a
		if k == 9 {
			of = p.Affine(-1, a, 0)
		}
		states = append(states, p.Transpose(of, 0))
	}
	states = append(states, p.Input("acc", program.Shape{d}, 2, false))
	out := p.Scan("s", x, states, func(x program.Value, s []program.Value) []program.Value {
		next := make([]program.Value, 12)
		for k := range next {
			next[k] = p.Transpose(s[(k+1)%12], 0)
		}
		return append(next, p.Step(p.Add(x, s[12]), rounded(3, 0, 3)))
	})
	p.Output("z", out[0])
	p.Output("y", out[12])
}

// hiddenRange has a queue of states. A Reduce of one of them looks into the masked maximum that it is, which is narrow
// in the first copy only.
func hiddenRange(p *program.Program, n program.Dim) {
	e, g := program.NewDim("e", 5), program.NewDim("g", 20)
	x, z := p.Input("x", program.Shape{n, e}, 2, false), p.Input("z", program.Shape{g}, 6, false)
	var states []program.Value
	for k := range 8 {
		states = append(states, p.Affine(1, p.Input(fmt.Sprint("h", k), program.Shape{e}, 1, false), 40))
	}
	states = append(states, p.Input("b", program.Shape{e}, 1, false), p.Input("acc", program.Shape{}, 3, false))
	f := program.Staircase{At: []int64{-2, 0}, Jump: []int64{3, 2}}
	out := p.Scan("s", x, states, func(x program.Value, s []program.Value) []program.Value {
		den := p.Affine(1, p.Reduce(s[0], "e"), 1)
		q := p.Reduce(p.Quotient(z, den, program.Range{Hi: 100}), "g")
		a := p.MaxStep(s[8], f, []bool{true, true, true, true, false})
		b := p.Step(p.Add(p.Affine(4, x, 0), s[8]), rounded(1, 0, 3))
		sum := p.Add(p.Add(s[9], q), p.Affine(20, p.Reduce(x, "e"), 0))
		return append(append([]program.Value{}, s[1:8]...), a, b, p.Step(sum, rounded(1, 0, 1)))
	})
	p.Output("y", out[9])
}

// TestMendedScansHold compares the proofs of these with circuits, codes among it.
func TestMendedScansHold(t *testing.T) {
	for name, test := range map[string]struct {
		build func(p *program.Program, n program.Dim)
		ns    []int
	}{
		"arrangements": {turnedArrangements, []int{3, 8, 12}},
		"codes":        {turnedCodes, []int{3, 8, 9, 10, 12}},
		"hidden range": {hiddenRange, []int{3, 9, 10, 12, 20}},
	} {
		for _, s := range []lower.Strategy{lower.MinDepth, {}, {Binary: true, Absorb: true, Select: true}} {
			f := oddFamily(test.build)
			p, err := analysis.Prove(t.Context(), analysis.Claim{Name: name, Family: f, Strategy: s, N: []int{}})
			if err != nil {
				t.Errorf("%s, %v: %v", name, s, err)
				continue
			}
			for _, n := range test.ns {
				found, err := random.Compare(p, f, s, n, 0)
				if err != nil || len(found.Broken) > 0 {
					t.Errorf("%s, %v, n=%d: %v, %v", name, s, n, found, err)
				}
			}
		}
	}
}
