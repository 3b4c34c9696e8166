package analysis_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// unrolled returns a spec's model as a function of its number of steps, flat and open.
func unrolled(t *testing.T, text string) (analysis.Member, func(int) (*program.Program, error), string) {
	t.Helper()
	spec, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	parameter, stage := spec.Steps()
	if parameter == "" {
		t.Fatalf("%s has no steps", text)
	}
	member := func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		i, err := spec.With(parameter, steps).Instance()
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, i.Program, lower.MinDepth, nil)
	}
	return member, func(steps int) (*program.Program, error) { return spec.With(parameter, steps).OpenProgram() }, stage
}

// openSteps returns a spec's model for every number of steps.
func openSteps(t *testing.T, text string) func() (*program.Program, error) {
	t.Helper()
	spec, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	return spec.OpenSteps
}

// The claim that this project was made for: however many steps a diffusion model is
// unrolled for, none is deeper than the single step, and the whole is T times as deep; by
// formula for every n, and on the flat circuits. Of a masked one, too.
func TestNoStepIsDeeperThanTheSingleStep(t *testing.T) {
	for _, test := range []struct {
		spec   string
		single int
	}{
		{"diffusion:n=3", 2},
		{"diffusion:n=5,kind=ddim,d=3,bits=3", 2},
		{"diffusion:n=3,kind=masked,bits=3", 7},
		{"denoiser:n=3", 2},
		{"looped:n=2", 8},
		{"cot:n=2", 12},
	} {
		t.Run(test.spec, func(t *testing.T) {
			t.Parallel()
			member, open, stage := unrolled(t, test.spec)
			counts := upTo(1, 32)
			if test.spec[0] == 'c' || test.spec[0] == 'l' {
				counts = []int{1, 2, 3, 5}
			}
			runs, err := analysis.Unroll(t.Context(), member, stage, counts, gates.Standard(), nil)
			if err != nil {
				t.Fatal(err)
			}
			formulas, err := analysis.ReadSteps(open, openSteps(t, test.spec), stage, counts, lower.MinDepth)
			if err != nil {
				t.Fatal(err)
			}
			single := runs[0].Depth
			if single != test.single || formulas.Single != single || formulas.Deepest != single {
				t.Errorf("single step: %d measured, %d by formula, all steps %d; want %d",
					single, formulas.Single, formulas.Deepest, test.single)
			}
			if want := fmt.Sprintf("%d·T", single); !formulas.EveryT || formulas.Total.String() != want {
				t.Errorf("every T %v, total %v, want %s; %s", formulas.EveryT, formulas.Total, want, formulas.Why)
			}
			for i, r := range runs {
				if r.Count != counts[i] || len(r.Steps) != counts[i] {
					t.Fatalf("T=%d: %d steps", counts[i], len(r.Steps))
				}
				if r.Depth != formulas.Depths[i] {
					t.Errorf("T=%d: depth %d, by formula %d", r.Count, r.Depth, formulas.Depths[i])
				}
				if r.Depth != single*r.Count {
					t.Errorf("T=%d: depth %d, want %d·%d", r.Count, r.Depth, r.Count, single)
				}
				for _, s := range r.Steps {
					if s.Depth != single || s.Rise != single {
						t.Errorf("T=%d: step %d has depth %d and ends %d levels above the one before; want %d",
							r.Count, s.Step, s.Depth, s.Rise, single)
					}
				}
			}
			if v := analysis.JudgeFlat(analysis.SingleStep, single, runs, formulas); v.Verdict != analysis.Proved {
				t.Errorf("%s: %s", v.Verdict, v.Reason)
			}
		})
	}
}

// Recurrent networks, for which the total depth is the point.
func TestStepsOfRecurrentNetworks(t *testing.T) {
	for _, test := range []struct {
		spec        string
		step, extra int
	}{{"rnn", 1, 0}, {"gru", 3, 0}, {"lstm:d=2", 4, 0}, {"ssm:kind=recurrence,d=1", 1, 1}} {
		member, _, stage := unrolled(t, test.spec)
		runs, err := analysis.Unroll(t.Context(), member, stage, []int{2, 3, 9}, gates.Standard(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			if r.Deepest != test.step || r.Depth != test.step*r.Count+test.extra || r.Outside != test.extra {
				t.Errorf("%s, T=%d: steps of %d, whole %d, outside %d",
					test.spec, r.Count, r.Deepest, r.Depth, r.Outside)
			}
		}
	}
}

func TestUnrollRefusesNoSteps(t *testing.T) {
	member, _, stage := unrolled(t, "rnn")
	for _, count := range []int{0, -3} {
		if _, err := analysis.Unroll(t.Context(), member, stage, []int{count}, gates.Standard(), nil); err == nil {
			t.Errorf("%d steps were unrolled", count)
		}
	}
}

func TestJudgeFlatRefutes(t *testing.T) {
	v := analysis.JudgeFlat(analysis.SingleStep, 2, []analysis.Run{{Count: 1, Deepest: 2}, {Count: 5, Deepest: 3}}, nil)
	if v.Verdict != analysis.Refuted || v.Reason != "measured: with T = 5 a step has depth 3" {
		t.Errorf("%s: %s", v.Verdict, v.Reason)
	}
}

// The least T from which on log³T/T is at most the bound, found by walking.
func TestStepsFor(t *testing.T) {
	for _, test := range []struct {
		d     int
		tv, c float64
	}{
		{1, 0.1, 1},
		{3, 0.5, 1},
		{1, 1, 0.1},
		{2, 0.2, 2},
		{1, 1, 0.744},
		{1, 1, 0.7438},
		{1, 1, 0.7441},
		{1, 1, 0.745},
	} {
		got, err := analysis.StepsFor(test.d, test.tv, test.c)
		if err != nil {
			t.Fatal(err)
		}
		want := 1
		for T := 1; T < 300_000; T++ {
			l := math.Log(float64(T))
			if test.c*float64(test.d)*l*l*l/float64(T) > test.tv {
				want = T + 1
			}
		}
		if got != want {
			t.Errorf("d=%d, tv=%v, c=%v: %d, want %d", test.d, test.tv, test.c, got, want)
		}
	}
	if T, err := analysis.StepsFor(1, 0.1, 1); err != nil || T < 6500 || T > 7500 {
		t.Errorf("%d, %v; want about 7000", T, err)
	}
	for _, bad := range []error{
		second(analysis.StepsFor(0, 0.1, 1)), second(analysis.StepsFor(1, 0, 1)),
		second(analysis.StepsFor(1, math.NaN(), 1)), second(analysis.StepsFor(1, 1e-15, 1)),
	} {
		if bad == nil {
			t.Error("no error")
		}
	}
}

func second(_ int, err error) error { return err }

func TestSeedsFor(t *testing.T) {
	// 2/0.25·5·ln 2 = 27.7, and the next odd number.
	if k, err := analysis.SeedsFor(4, 2, 0.5); err != nil || k != 29 {
		t.Errorf("%d, %v; want 29", k, err)
	}
	for _, gap := range []float64{0, -1, 2, math.NaN(), 1e-9} {
		if _, err := analysis.SeedsFor(4, 2, gap); err == nil {
			t.Errorf("gap %v: no error", gap)
		}
	}
	if h := fmt.Sprint(analysis.Hypotheses()); len(analysis.Hypotheses()) != 6 || len(h) < 100 {
		t.Errorf("hypotheses %s", h)
	}
}
