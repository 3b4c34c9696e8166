package analysis_test

import (
	"math"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
)

// Of an Elman network of one unit everything is known: the derivative of a step is
// u·(1 − h²).
func TestCostOfRecurrenceOfOneUnit(t *testing.T) {
	m := compile.Recurrent{Features: 1, Seed: 3}
	cost, err := analysis.CostOfRecurrence(t.Context(), m, 1.5, 40, []int{1, 2, 6})
	if err != nil {
		t.Fatal(err)
	}
	most := 0.0
	for seed := range uint64(40) {
		net := m
		net.Seed += seed
		most = max(most, 1.5*math.Abs(net.StateWeights("state")[0][0]))
	}
	for _, c := range cost {
		if want := math.Pow(most, float64(c.Steps)); c.Lipschitz == nil || math.Abs(*c.Lipschitz-want) > 1e-9 {
			t.Errorf("T=%d: bound %v, want %v", c.Steps, *c.Lipschitz, want)
		}
		if !(c.Jacobian > 0 && c.Jacobian <= c.MaxJacobian && c.MaxJacobian <= *c.Lipschitz+1e-6) || c.Variance <= 0 {
			t.Errorf("T=%d: %+v", c.Steps, c)
		}
	}
	// One step by hand.
	net := compile.Recurrent{Features: 1, Seed: 3}
	h, _ := net.RealStep([]float64{0.25}, []float64{0.5}, []float64{0}, 2)
	base, _ := net.RealStep([]float64{0.25}, []float64{0}, []float64{0}, 2)
	if want := math.Tanh(math.Atanh(base[0]) + 2*net.StateWeights("state")[0][0]*0.5); math.Abs(h[0]-want) > 1e-12 {
		t.Errorf("step %v, want %v", h[0], want)
	}
}

// The norm of what is measured is within the bound, for every kind that has one; with a
// large gain gradients grow, and with a small one they vanish.
func TestCostOfRecurrenceIsWithinItsBound(t *testing.T) {
	for _, kind := range []compile.RecurrentKind{compile.Elman, compile.GRU, compile.LSTM} {
		for _, gain := range []float64{0, 1, 6} {
			cost, err := analysis.CostOfRecurrence(
				t.Context(),
				compile.Recurrent{Kind: kind, Features: 4},
				gain,
				10,
				[]int{1, 4, 16},
			)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cost {
				if c.Lipschitz == nil {
					t.Fatalf("%s, gain %v, T=%d: no bound", kind, gain, c.Steps)
				}
				if c.MaxJacobian > *c.Lipschitz*(1+1e-6)+1e-9 {
					t.Errorf("%s, gain %v, T=%d: norm %v beyond the bound %v",
						kind, gain, c.Steps, c.MaxJacobian, *c.Lipschitz)
				}
			}
			if kind == compile.Elman && gain == 1 && cost[2].Jacobian > 1e-3 {
				t.Errorf("16 contracting steps leave %v", cost[2].Jacobian)
			}
		}
	}
	for _, bad := range []error{
		costError(t, compile.Recurrent{}, 1, 1, 3), costError(t, compile.Recurrent{}, -1, 5, 3),
		costError(t, compile.Recurrent{}, 1, 5, 0), costError(t, compile.Recurrent{Kind: "x"}, 1, 5, 1),
	} {
		if bad == nil {
			t.Error("no error")
		}
	}
}

func costError(t *testing.T, m compile.Recurrent, gain float64, seeds, steps int) error {
	t.Helper()
	_, err := analysis.CostOfRecurrence(t.Context(), m, gain, seeds, []int{steps})
	return err
}
