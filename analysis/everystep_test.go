package analysis_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// What is proved for every T and n holds of flat circuits: no step is deeper than the theorem says of the deepest,
// and the whole no deeper than the line in T. Under min-depth both are met.
func TestEveryStepOnFlatCircuits(t *testing.T) {
	for _, test := range []struct {
		spec string
		n    []int
		most int // of T
	}{
		{"diffusion", []int{1, 2, 5}, 8},
		{"diffusion:kind=ddim,d=1,bits=3", []int{1, 4}, 8},
		{"diffusion:kind=masked,bits=2,vocab=2", []int{1, 2, 3}, 8},
		{"denoiser:bits=2", []int{1, 2, 5}, 8},
		{"cot:d=1", []int{1, 2, 3}, 8},
		{"cot:d=1,heads=1,layers=2,vocab=2", []int{2}, 6},
		{"cot:d=2,norm=layer,vocab=2", []int{2}, 5},
		{"looped:d=1,bits=3,hidden=1", []int{1, 2}, 8},
		{"looped:d=2,bits=2,norm=layer", []int{2}, 3},
		{"looped:d=2,bits=3,kind=unique-hard", []int{2}, 3},
		{"looped:d=2,bits=3,kind=stable", []int{2}, 2},
	} {
		for _, strategy := range []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize} {
			t.Run(fmt.Sprintf("%s/%s", test.spec, strategy), func(t *testing.T) {
				t.Parallel()
				spec, err := compile.ParseSpec(test.spec)
				if err != nil {
					t.Fatal(err)
				}
				p, err := spec.OpenSteps()
				if err != nil {
					t.Fatal(err)
				}
				_, stage := spec.Steps()
				f, err := formula.StepsOf(p, strategy, stepIn(stage))
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range test.n {
					for steps := 1; steps <= test.most; steps++ {
						everyStepOn(t, spec.With("n", n).With("steps", steps), stage, strategy, f, steps)
					}
				}
			})
		}
	}
}

// everyStepOn compares one flat circuit with the formulas, and these with those of its own T.
func everyStepOn(t *testing.T, spec compile.Spec, stage string, strategy lower.Strategy, f *formula.Steps, steps int) {
	t.Helper()
	most, ok := f.Depth.At(map[string]*big.Int{"T": big.NewInt(int64(steps))})
	if !ok {
		t.Fatalf("%s: the depth is %s", spec.Short(), f.Depth)
	}
	i, err := spec.Instance()
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(i.Program, strategy)
	if err != nil {
		t.Fatal(err)
	}
	r := analysis.MeasureSteps(c, stage, gates.Standard())
	if int64(r.Depth) > most.Int64() || r.Deepest > f.Deepest {
		t.Errorf("%s: depth %d and %d a step; proved are %s and %d", spec.Short(), r.Depth, r.Deepest, f.Depth, f.Deepest)
	}
	open, err := spec.OpenProgram()
	if err != nil {
		t.Fatal(err)
	}
	one, err := formula.StepsOf(open, strategy, stepIn(stage))
	if err != nil {
		t.Fatal(err)
	}
	depth, _ := one.Depth.At(nil)
	if depth.Cmp(most) > 0 || one.Deepest > f.Deepest || r.Deepest > one.Deepest || int64(r.Depth) > depth.Int64() {
		t.Errorf("%s: with its own T %s and %d, for every T %s and %d, on the circuit %d and %d", spec.Short(), one.Depth,
			one.Deepest, f.Depth, f.Deepest, r.Depth, r.Deepest)
	}
	if f.Least > steps {
		return
	}
	if strategy.String() == lower.MinDepth.String() && depth.Cmp(most) != 0 {
		t.Errorf("%s: depth %s, for every T %s", spec.Short(), one.Depth, f.Depth)
	}
}

// stepIn returns the function that says which step an operation belongs to.
func stepIn(stage string) func(n *program.Node) int {
	return func(n *program.Node) (k int) {
		for _, s := range n.Stage {
			if rest, ok := strings.CutPrefix(s, stage+" "); ok {
				fmt.Sscan(rest, &k)
			}
		}
		return k
	}
}
