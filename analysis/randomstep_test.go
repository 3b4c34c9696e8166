package analysis_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// randomSteps makes a program in steps with a random body: sums, codes and products of the state, of what is
// deep or shallow outside of the steps, and of an input of the step.
func randomSteps(seed uint64, n program.Dim, count program.Count) (*program.Program, error) {
	rng := rand.New(rand.NewPCG(seed, 7))
	p := program.New(fmt.Sprint("random ", seed))
	shape := program.Shape{n}
	x, c := p.Input("x", shape, 2, false), p.Input("c", shape, 2, false)
	deep := c
	for range rng.IntN(4) {
		deep = p.Step(p.Affine(3, deep, 1), program.Staircase{At: []int64{2, 5, 6}, Jump: []int64{1, -1, 2}})
	}
	apart, ops := rng.IntN(2) == 0, 2+rng.IntN(5)
	draws := make([]int, 8*ops)
	for k := range draws {
		draws[k] = rng.IntN(1 << 20)
	}
	y := p.Steps("step", count, apart, x, func(t program.Turn, x program.Value) program.Value {
		pool, at := []program.Value{x, deep, c}, 0
		next := func(most int) int { at++; return draws[at-1] % most }
		if !t.Last {
			pool = append(pool, p.AffineAt(t, x, poly.Int(9), func() int64 { return int64(t.Number() % 9) }))
		}
		for range ops {
			a, b := pool[len(pool)-1-next(len(pool))%4], pool[next(len(pool))]
			v := a
			switch next(5) {
			case 0:
				v = p.Add(a, b)
			case 1:
				v = p.Step(a, program.Round(int64(1+next(3)), program.Range{Lo: 0, Hi: 3}))
			case 2:
				v = p.Step(p.Add(a, b), program.Staircase{At: []int64{1, 3, 4}, Jump: []int64{1, -1, 1}})
			case 3:
				v = p.Contract("i,i->i", a, b)
			case 4:
				v = p.Contract("i,j->i", p.Step(a, program.Round(2, program.Range{Lo: 0, Hi: 2})), b)
			}
			pool = append(pool, v)
		}
		return p.Step(pool[len(pool)-1], program.Round(2, program.Range{Lo: 0, Hi: 3}))
	})
	p.Output("y", y)
	return p, p.Err()
}

// What is proved of random bodies for every T and n holds of flat circuits. What is refused is counted.
func TestEveryStepOfRandomBodies(t *testing.T) {
	strategies := []lower.Strategy{
		lower.MinDepth, lower.Balanced, lower.MinSize,
		{},
		{Absorb: true, Binary: true},
		{Digits: 2, Absorb: true},
		{Digits: -1, Binary: true},
	}
	refused, met := 0, 0
	for seed := range uint64(300) {
		strategy := strategies[seed%uint64(len(strategies))]
		p, err := program.BuildOpen(func() (*program.Program, error) {
			return randomSteps(seed, program.OpenDim("n"), program.OpenCount())
		})
		if err != nil {
			t.Fatal(err)
		}
		f, err := formula.StepsOf(p, strategy, stepIn("step"))
		if err != nil {
			refused++
			continue
		}
		for _, n := range []int{1, 2, 3} {
			for steps := 1; steps <= 6; steps++ {
				one, err := randomSteps(seed, program.NewDim("n", n), program.CountOf(steps))
				if err != nil {
					t.Fatal(err)
				}
				c, err := lower.Program(one, strategy)
				if err != nil {
					t.Fatal(err)
				}
				r := analysis.MeasureSteps(c, "step", gates.Standard())
				most, _ := f.Depth.At(map[string]*big.Int{"T": big.NewInt(int64(steps))})
				if int64(r.Depth) > most.Int64() || r.Deepest > f.Deepest {
					t.Fatalf("%d, %s, n = %d, T = %d: depth %d and %d a step; proved are %s and %d", seed, strategy, n, steps, r.Depth,
						r.Deepest, f.Depth, f.Deepest)
				}
				if steps == 6 && n == 3 && int64(r.Depth) == most.Int64() && r.Deepest == f.Deepest {
					met++
				}
			}
		}
	}
	if refused > 100 || met < 50 {
		t.Errorf("%d of 300 bodies refused; of %d all bounds are met", refused, met)
	}
	t.Logf("%d of 300 bodies refused; of %d all bounds are met", refused, met)
}
