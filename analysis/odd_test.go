package analysis_test

import (
	"fmt"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// oddProgram is a family of small programs that is hard to read for every n, and the n to compare at.
type oddProgram struct {
	name       string
	family     compile.FamilyFunc
	ns         []int
	strategies []lower.Strategy // nil for the least depth alone
	may        outcome
}

func oddPrograms() []oddProgram {
	return []oddProgram{
		{"argmax then causal", causalDemand(false), []int{3, 6, 10, 20}, nil, refused},
		{"maxstep then causal", causalDemand(true), []int{3, 6, 10, 20}, nil, refused},
		{"or for and", oddFamily(orForAnd), []int{2, 3, 10}, nil, refused},
		{"marks times level 2", oddFamily(marksTimesDeeper), []int{2, 3, 10}, nil, refused},
		{"late level", oddFamily(lateLevel), []int{2, 10, 49, 50, 51, 100}, nil, refused},
		{"factor n, declared 1", factorN("c", 5, 15), []int{2, 5, 6, 7, 8, 10, 20, 60}, nil, refuted},
		{"factor n", factorN("n", 1, 60), []int{2, 5, 8, 9, 10, 20, 60}, nil, refused},
		{"mixed levels", oddFamily(mixedLevels), []int{2, 6, 10, 30}, nil, refused},
		{"one-hot constant", oddFamily(oneHotConstant), []int{2, 6, 10, 30}, nil, refused},
		{"deep beside scan", oddFamily(deepBesideScan), []int{1, 2, 3, 4, 8, 16}, nil, refused},
		{"fixed dimension named n", oddFamily(fixedNamedN), []int{2, 3, 6, 7, 8}, nil, refused},
		{"fixed dimension named p", oddFamily(fixedNamedP), []int{2, 3, 6, 7, 8}, nil, refused},
		{"peek by String", oddFamily(peek), []int{2, 9, 10, 100}, nil, refuted},
		{"complement", oddFamily(complement), []int{2, 5, 10, 50}, nil, refused},
		{
			"jumps that are not 1", oddFamily(steepSteps),
			[]int{2, 5, 6, 10, 20},
			[]lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize},
			refused,
		},
		{"wide inputs", oddFamily(wideInputs), []int{2, 7, 8, 9, 100}, nil, refused},
		{"declared 5, is n³", oddFamily(declaredTooSmall), []int{2, 5, 6, 10}, nil, refuted},
		{"pooled count", oddFamily(pooledCount), []int{2, 5, 8, 9, 24, 40, 100, 200}, nil, refused},
		{"rows counted", oddFamily(rowsCounted), []int{2, 5, 8, 9, 10, 20, 60}, nil, refused},
	}
}

// oddFamily is the family whose operations the function appends.
func oddFamily(build func(p *program.Program, n program.Dim)) compile.FamilyFunc {
	return func(n program.Dim) (*program.Program, error) {
		p := program.New("odd")
		build(p, n)
		return p, p.Err()
	}
}

func rounded(unit, lo, hi int64) program.Staircase {
	return program.Round(unit, program.Range{Lo: lo, Hi: hi})
}

// level is the function [x ≥ t].
func level(t int64) program.Staircase { return program.Staircase{At: []int64{t}, Jump: []int64{1}} }

// copied is a value along other positions.
func copied(p *program.Program, v program.Value, n, d program.Dim) program.Value {
	return p.Reshape(v, program.Shape{n.Renamed("m"), d}, "copy")
}

// delay is a recurrence with k states that shift: the first is computed from the last.
func delay(k int, zero bool) compile.FamilyFunc {
	return oddFamily(func(p *program.Program, n program.Dim) {
		d := program.NewDim("d", 1)
		x := p.Input("x", program.Shape{n, d}, 2, false)
		var states []program.Value
		for i := range k {
			if zero {
				states = append(states, p.Const(program.Shape{d}, []int64{0}))
			} else {
				states = append(states, p.Input(fmt.Sprintf("h%d", i), program.Shape{d}, 2, false))
			}
		}
		out := p.Scan("step", x, states, func(x program.Value, s []program.Value) []program.Value {
			h := p.Step(p.Add(p.Affine(3, x, 0), p.Affine(-2, s[k-1], 0)), rounded(2, 0, 3))
			return append([]program.Value{h}, s[:k-1]...)
		})
		p.Output("h", out[0])
	})
}

// causalDemand is a maximum without a mask, of which only the elements under a mask are asked for.
func causalDemand(step bool) compile.FamilyFunc {
	return oddFamily(func(p *program.Program, n program.Dim) {
		d := program.NewDim("d", 1)
		x := p.Input("x", program.Shape{n, d}, 2, true)
		y := copied(p, x, n, d)
		s := p.Step(p.Contract("if,jf->ij", x, y), rounded(1, -2, 2))
		var a program.Value
		if step {
			a = p.MaxStep(s, program.Staircase{Base: 1, At: []int64{-2, 0}, Jump: []int64{1, 1}}, nil)
		} else {
			a = p.ArgMax(s, nil)
		}
		p.Output("y", p.Contract("ij,jf->if", p.CausalMask(a, 0, 1, 0), y))
	})
}

// orForAnd has an AND that is stored as the complement of an OR.
func orForAnd(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 5)}, 1, false)
	one := program.NewDim("one", 1)
	a, b := p.Pick(x, 0, one, "a"), p.Pick(x, 1, one, "b")
	p.Output("nand", p.Step(p.Affine(-1, p.Add(a, b), 0), level(-1)))
	and := p.Contract("io,io->io", a, b)
	last := &program.Matrix{Rows: 1, Columns: 5, Data: []int64{0, 0, 1, 1, 1}}
	p.Output("y", p.Contract("io,io->io", and, p.Step(p.Linear(x, last, nil, "one"), level(2))))
}

// marksTimesDeeper multiplies the marks of a maximum by values that are as deep. The last mark is
// a conjunction of complements.
func marksTimesDeeper(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 3)}, 2, false)
	w := program.NewMatrix(3, 3, func(i, j int) int64 { return int64(1 + i + 2*j) })
	h := p.Step(p.Linear(x, w, nil, "d"), rounded(3, 0, 7))
	k := p.Step(p.Linear(h, w, nil, "d"), rounded(9, 0, 7))
	p.Output("y", p.Contract("if,if->if", p.ArgMax(x, nil), k))
}

// lateLevel has a level that is first reached at a large n.
func lateLevel(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 1)}, 1, false)
	p.Output("y", p.Step(p.Reduce(x, "n"), program.Staircase{At: []int64{2, 50}, Jump: []int64{1, 1}}))
}

// factorN multiplies by n, which makes levels equal at some n. The declared bound is a symbol.
func factorN(bound string, unit, hi int64) compile.FamilyFunc {
	return oddFamily(func(p *program.Program, n program.Dim) {
		x := p.Input("x", program.Shape{n, program.NewDim("d", 1)}, 3, false)
		most := poly.Symbol(bound)
		if bound != "n" {
			most = p.Symbol(bound, 1)
		}
		k := p.AffineFunc(x, most, func() int64 { return int64(n.Size()) })
		p.Output("y", p.Step(k, rounded(unit, 0, hi)))
	})
}

// mixedLevels has one tensor with elements on two levels.
func mixedLevels(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 4)
	x := p.Input("x", program.Shape{n, d}, 1, false)
	wide := p.Step(p.Reduce(x, "n"), program.Staircase{At: []int64{1, 2}, Jump: []int64{1, 1}})
	deep := p.Linear(wide, program.NewMatrix(4, 4, func(i, j int) int64 {
		if i < 2 { // these features read nothing
			return 0
		}
		return int64(1 + (i+j)%3)
	}), nil, "d")
	s := p.Step(p.Add(x, deep), level(1))
	other := p.Reshape(copied(p, s, n, d), program.Shape{n.Renamed("m"), program.NewDim("g", 4)}, "g")
	p.Output("y", p.Contract("if,jg->ij", s, other))
}

// oneHotConstant has a sum of one-hot rows with a constant outside its range.
func oneHotConstant(p *program.Program, n program.Dim) {
	x := p.Tokens("x", program.Shape{n}, program.NewDim("v", 3))
	z := p.Input("z", program.Shape{n, program.NewDim("one", 1)}, 3, false)
	w := &program.Matrix{Rows: 1, Columns: 3, Data: []int64{-1000, -1000, -1001}}
	a := p.Linear(x, w, []int64{1000}, "one")
	p.Output("y", p.Step(p.Reduce(p.Contract("io,io->io", a, z), "n"), level(-3)))
}

// deepBesideScan has an output beside a recurrence that is deeper for small n.
func deepBesideScan(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 1)
	x, first := p.Input("x", program.Shape{n, d}, 2, false), p.Input("h", program.Shape{d}, 2, false)
	z := first
	for i := range 12 {
		z = p.Step(p.Add(p.Affine(3, z, 0), p.Affine(-2, first, int64(i%2))), rounded(2, 0, 3))
	}
	p.Output("deep", z)
	out := p.Scan("step", x, []program.Value{first}, func(x program.Value, s []program.Value) []program.Value {
		return []program.Value{p.Step(p.Add(p.Affine(3, x, 0), p.Affine(-2, s[0], 0)), rounded(2, 0, 3))}
	})
	p.Output("h", out[0])
}

func fixedNamedN(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n.Renamed("seq"), program.NewDim("n", 7)}, 2, false)
	p.Output("y", p.Step(x, rounded(1, 0, 2)))
}

// fixedNamedP has a dimension with the name of a symbol of another value.
func fixedNamedP(p *program.Program, n program.Dim) {
	d := program.NewDim("p", 2)
	x := p.Input("x", program.Shape{n, d}, 5, false)
	p.Literals(x, p.Symbol("p", 5))
	p.Output("y", p.Contract("ip,jp->ij", x, copied(p, x, n, d)))
}

// peek sees whether n is open by how it is written.
func peek(p *program.Program, n program.Dim) {
	v := p.Input("x", program.Shape{n, program.NewDim("d", 2)}, 2, false)
	w := program.NewMatrix(2, 2, func(i, j int) int64 { return int64(i + j + 1) })
	for range len(n.String()) * 2 {
		v = p.Step(p.Linear(v, w, nil, "d"), rounded(2, 0, 3))
	}
	p.Output("y", v)
}

// complement has a threshold on negative weights alone, which is the complement of a gate.
func complement(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 3)}, 1, false)
	z, w := p.Input("z", program.Shape{n}, 1, false), p.Input("w", program.Shape{n}, 1, false)
	negative := &program.Matrix{Rows: 1, Columns: 3, Data: []int64{-1, -2, -3}}
	a := p.Column(p.Step(p.Linear(x, negative, nil, "one"), level(-3)), 0, "a")
	y := p.Contract("i,i->i", p.Contract("i,i->i", a, z), w)
	p.Output("y", p.Step(p.Reduce(y, "n"), level(1)))
}

// steepSteps has a function of n with jumps that are not 1.
func steepSteps(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 1)
	x := p.Input("x", program.Shape{n, d}, 4, false)
	v := p.StepFunc(x, program.Range{Lo: 0, Hi: 20}, poly.Int(7), func() program.Staircase {
		if n.Size() < 6 {
			return program.Staircase{At: []int64{2, 4, 6}, Jump: []int64{1, 1, 1}}
		}
		return program.Staircase{At: []int64{1, 3, 5, 7, 9, 11, 13}, Jump: []int64{3, 1, 3, 1, 3, 1, 3}}
	})
	p.Output("y", p.Step(p.Contract("if,jf->ij", v, copied(p, v, n, d)), level(5)))
}

// wideInputs has a sum that leaves 64 bits from some n on.
func wideInputs(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 1)}, 60, false)
	p.Output("y", p.Step(p.Reduce(x, "n"), level(7)))
}

// declaredTooSmall declares a bound that is false from n = 2 on.
func declaredTooSmall(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 1)}, 2, false)
	k := p.AffineFunc(x, poly.Int(5), func() int64 { return int64(n.Size()) * int64(n.Size()) * int64(n.Size()) })
	p.Output("y", p.Step(p.Reduce(k, "n"), level(7)))
}

// pooledCount has levels of a sum that are reached one after another as n grows.
func pooledCount(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("d", 1)}, 1, false)
	p.Output("y", p.Step(p.Reduce(x, "n"), rounded(16, 0, 7)))
}

// rowsCounted counts equal positions, as attention does.
func rowsCounted(p *program.Program, n program.Dim) {
	d := program.NewDim("d", 1)
	x := p.Input("x", program.Shape{n, d}, 2, true)
	w := p.Step(p.Contract("if,jf->ij", x, copied(p, x, n, d)),
		program.Staircase{At: []int64{1, 3}, Jump: []int64{1, 1}})
	p.Output("y", p.Step(p.Reduce(w, "m"), rounded(20, 0, 3)))
}
