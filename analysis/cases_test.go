package analysis_test

import (
	"context"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/internal/random"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// These families once had a proof that their own circuits broke. Each is proved with a true bound
// now, or refused with the reason.

// How a family without a proof may come out.
type outcome int

const (
	proved  outcome = iota // it has to have a proof
	refused                // Prove may say that it cannot read the program
	refuted                // the family says what is false of its members, and a circuit may show that
)

// keepsTo proves a family as a user would, and compares what the proof prints with circuits at
// other n. It returns the proof, or nil if there is none.
func keepsTo(
	t *testing.T, name, kind string, f analysis.Family, s lower.Strategy, may outcome, ns ...int,
) *analysis.Proof {
	t.Helper()
	p, err := analysis.Prove(
		context.Background(), analysis.Claim{Name: name, Family: f, Strategy: s, Kind: kind, Layers: 1},
	)
	switch {
	case err != nil && (may == proved || err.Error() == ""):
		t.Errorf("%s, %v: refused: %v", name, s, err)
		return nil
	case err != nil:
		t.Logf("%s, %v: refused: %v", name, s, err)
		return nil
	case p.Verdict.Verdict == analysis.Refuted:
		if may != refuted {
			t.Errorf("%s, %v: refuted: %s", name, s, p.Verdict.Reason)
		}
		return nil
	}
	for _, n := range ns {
		found, err := random.Compare(p, f, s, n, 0)
		if err != nil {
			t.Fatalf("%s, %v, n=%d: %v", name, s, n, err)
		}
		for _, broken := range found.Broken {
			t.Errorf("%s, %v, %s, class %s: %s", name, s, p.Verdict.Verdict, p.Class, broken)
		}
	}
	return p
}

// TestShippedFamiliesKeepToTheirProofs has shipped families with ordinary parameters. None may be
// refused.
func TestShippedFamiliesKeepToTheirProofs(t *testing.T) {
	for _, test := range []struct {
		spec string
		ns   []int
	}{
		{"glu:activation=gelu,strategy=balanced", []int{2, 9, 33}},
		{"mamba:d=3,state=1,bits=1,exp_levels=2,seed=30", []int{3, 12, 23}},
		{"mamba:d=4,state=2,bits=1,exp_levels=1,strategy=binary,seed=37", []int{3, 9, 14}},
		// A decay of one level may be a constant.
		{"mamba:d=2,memory=all,exp_levels=1,bits=1,state=1", []int{2, 7, 30, 60}},
		{"mamba:memory=all,exp_levels=1,d=1", []int{1, 2, 3, 9}},
		{"mamba:d=1,state=3,exp_levels=1,kind=block,bits=3", []int{1, 3, 9, 20}},
		{"mamba:d=1,memory=all,exp_levels=1,bits=2,kind=block,strategy=min-size", []int{1, 3, 9}},
		{"attention:exp_levels=1,bits=1,kind=stable,d=2,causal=1", []int{1, 3, 9}},
		{"s4:d=1,state=1,bits=2,strategy=min-size,seed=9", []int{3, 20, 39, 60}},
		{"mlp:hidden=3,bits=2,seed=37", []int{2, 5, 6, 7, 20}},
		{"denoiser:hidden=1,noise_bits=2,steps=2,seed=10", []int{2, 6, 7, 8, 20}},
		{
			"attention:d=4,bits=2,kind=stable,kv_heads=1,exp_levels=2,out_bits=3,strategy=min-size,seed=18",
			[]int{3, 4, 5, 6, 12},
		},
		{"s4:d=1,state=3,bits=3,strategy=min-size,seed=13", []int{3, 4, 5, 6, 20, 40}},
		{"s4:d=1,state=3,bits=2,strategy=min-size,seed=4820", []int{3, 20, 90}},
		{"glu:hidden=1,activation=gelu,strategy=balanced,seed=453", []int{2, 9}},
		{"glu:hidden=1,activation=sigmoid,strategy=min-size,seed=445", []int{2, 103}},
		{"ssm:kind=recurrence,d=3,state=3,bits=2,state_bits=3,strategy=balanced,seed=8958", []int{1, 2, 20}},
	} {
		t.Run(test.spec, func(t *testing.T) {
			s, err := compile.ParseSpec(test.spec)
			if err != nil {
				t.Fatal(err)
			}
			strategy, err := s.Strategy()
			if err != nil {
				t.Fatal(err)
			}
			keepsTo(t, test.spec, s.Family.Name, s, strategy, proved, test.ns...)
		})
	}
}

// TestProgramsKeepToTheirProofs has small programs, each made for one way to be wrong.
func TestProgramsKeepToTheirProofs(t *testing.T) {
	for _, test := range oddPrograms() {
		t.Run(test.name, func(t *testing.T) {
			strategies := test.strategies
			if strategies == nil {
				strategies = []lower.Strategy{lower.MinDepth}
			}
			for _, s := range strategies {
				keepsTo(t, test.name, "", test.family, s, test.may, test.ns...)
			}
		})
	}
}

// TestDelayedStatesAreDeep asserts that a recurrence whose state comes back after k steps has the
// depth n/k, so that no constant depth is proved.
func TestDelayedStatesAreDeep(t *testing.T) {
	for _, k := range []int{2, 3, 4, 5, 8, 12} {
		for _, zero := range []bool{false, true} {
			p := keepsTo(t, "delay", "", delay(k, zero), lower.MinDepth, refused, 2, 3, 8, 16, 64)
			if p != nil && (p.Class == "AC0" || p.Class == "TC0" || p.DepthFormula.Degree("n") == 0) {
				t.Errorf("delay of %d, zeros %t: class %s, depth %v", k, zero, p.Class, p.DepthFormula)
			}
		}
	}
}
