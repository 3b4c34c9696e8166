package analysis

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/gates"
)

func TestSweepOfAttention(t *testing.T) {
	spec, err := compile.ParseSpec("attention:d=2,bits=2")
	if err != nil {
		t.Fatal(err)
	}
	member := func(ctx context.Context, n int) (*circuit.Circuit, error) {
		i, err := spec.With("n", n).Instance()
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, i.Program, lower.MinDepth, nil)
	}
	var order []int
	s, err := MeasureFamily(
		context.Background(),
		member,
		[]int{8, 2, 4, 16, 4},
		gates.Standard(),
		func(n int, _ []Point) { order = append(order, n) },
	)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2, 4, 8, 16}, order); diff != "" {
		t.Errorf("measured in another order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{2, 4, 8, 16}, s.CheckedN); diff != "" {
		t.Errorf("checked n (-want +got):\n%s", diff)
	}
	if s.Verdict.Verdict != Consistent || s.Class != "TC0" ||
		!strings.Contains(s.Reason, "measured only: depth 3 at each of n in {2, 4, 8, 16}") {
		t.Errorf("the verdict is %+v", s.Verdict)
	}
	if g := s.Growth["size"]; g.Exponent < 1.7 || g.Exponent > 2.1 || g.R2 < 0.99 {
		t.Errorf("size grows as %v, want about n^2", g)
	}
	if _, err := MeasureFamily(context.Background(), member, []int{2, 0}, gates.Standard(), nil); err == nil ||
		!strings.Contains(err.Error(), "n=0") {
		t.Errorf("error %v, want one about n=0", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := MeasureFamily(ctx, member, []int{2}, gates.Standard(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was stopped", err)
	}
}

// chain builds a chain of n gates, whose depth is n.
func chain(_ context.Context, n int) (*circuit.Circuit, error) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", n+1)
	y := x[0]
	for i := range n {
		if i%2 == 0 {
			y = b.And(y, x[i+1])
		} else {
			y = b.Or(y, x[i+1])
		}
	}
	b.Output("y", y)
	return b.Circuit()
}

func TestSweepSaysHowDepthChanged(t *testing.T) {
	s, err := MeasureFamily(context.Background(), chain, []int{1, 2, 3, 12}, gates.Standard(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Verdict.Verdict != Refuted || s.Class != "depth linear" ||
		!strings.Contains(s.Reason, "depth 1 at n=1, then 2 at n=2, 3 at n=3, 12 at n=12; at all of them it is n; the fan-in stays 2 at") {
		t.Errorf("the verdict is %+v", s.Verdict)
	}
	one, err := MeasureFamily(context.Background(), chain, []int{4}, gates.Standard(), nil)
	if err != nil || len(one.Growth) != 0 || !strings.Contains(one.Reason, "one n only") ||
		one.Claim != "the circuit of this family at n=4 has depth 4" {
		t.Errorf("one n: %+v, %v", one, err)
	}
}

func TestFitGrowth(t *testing.T) {
	n := []int{2, 4, 8, 16}
	var square, constant []float64
	for _, v := range n {
		square = append(square, 3*float64(v*v))
		constant = append(constant, 7)
	}
	if g, ok := FitGrowth(n, square); !ok || math.Abs(g.Exponent-2) > 1e-9 || math.Abs(g.Last-2) > 1e-9 ||
		g.R2 < 0.999999 {
		t.Errorf("3n² grows as %+v", g)
	}
	if g, ok := FitGrowth(n, constant); !ok || g.Exponent != 0 || g.R2 != 1 {
		t.Errorf("7 grows as %+v", g)
	}
	if g, ok := FitGrowth([]int{8, 2, 4}, []float64{64, 1, 8}); !ok || math.Abs(g.Last-3) > 1e-9 {
		t.Errorf("the slope at the end is %+v", g)
	}
	for _, bad := range [][]int{{}, {4}, {4, 4}, {0, 4}} {
		if _, ok := FitGrowth(bad, make([]float64, len(bad))); ok {
			t.Errorf("there is a fit through %v", bad)
		}
	}
}

func TestNSet(t *testing.T) {
	for want, n := range map[string][]int{"n in 3..6": {3, 4, 5, 6}, "n in {2, 4, 8}": {2, 4, 8}, "n in {5}": {5}, "n in {5, 6}": {5, 6}} {
		if got := NSet(n); got != want {
			t.Errorf("%v is written %q, want %q", n, got, want)
		}
	}
}

func TestJudgeCircuit(t *testing.T) {
	m := &Measures{Depth: 4, GateClass: gates.TC0}
	for _, test := range []struct {
		v    Verification
		want Judgement
		text string
	}{
		{Verification{Inputs: 100}, Consistent, "measured only: the two agree on all of the 100 inputs tried"},
		{Verification{Inputs: 16, Exhaustive: true}, Consistent, "every valid input was tried"},
		{Verification{Inputs: 100, Mismatches: 3}, Refuted, "differ on 3 of the 100"},
	} {
		v := JudgeCircuit(m, &test.v)
		if v.Verdict != test.want || !strings.Contains(v.Reason, test.text) || !strings.Contains(v.Claim, "depth 4") ||
			!strings.Contains(v.Scope, "in no class") || v.Class != "none: one circuit" {
			t.Errorf("%+v is judged %+v", test.v, v)
		}
	}
}
