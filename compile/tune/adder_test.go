package tune_test

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/tune"
	"github.com/tc0lab/tc0/internal/longtest"
)

// The long adder is small, its scores are large, and it adds as it should in floating point.
func TestTheLongAdderIsSharp(t *testing.T) {
	m := find(t, "long-adder")
	count := 0
	for _, w := range m.Weights {
		count += len(w.Data)
	}
	if count > 1000 || m.Config.Decoder == nil || !m.Config.Decoder.HeadNorm {
		t.Errorf("%d parameters, %+v", count, m.Config.Decoder)
	}
	for _, name := range []string{"q", "k"} {
		gain := m.Weights["model.layers.0.self_attn."+name+"_norm.weight"]
		if gain == nil || slices.Min(gain.Data) < 6 {
			t.Errorf("the gains of %s are %v, want 6 and more", name, gain)
		}
	}
	if right := m.Correct(m.Test); right < 999 || m.Test.Len() != 1000 {
		t.Errorf("%d of %d sums are right in floating point", right, m.Test.Len())
	}
	for i, in := range m.Calibration.Inputs {
		for j := range m.Test.Inputs {
			if slices.Equal(in[:22], m.Test.Inputs[j][:22]) {
				t.Errorf("sum %d of the calibration is held-out sum %d", i, j)
			}
		}
	}
	// Carries go through all places.
	for _, sum := range []struct{ a, b, right []int64 }{
		{digits(9999999999), digits(1), append(digits(0), 1)},
		{digits(9999999999), digits(9999999999), append(digits(9999999998), 1)},
		{digits(5555555555), digits(4444444445), append(digits(0), 1)},
		{digits(0), digits(0), append(digits(0), 0)},
	} {
		in := slices.Concat(sum.a, []int64{10}, sum.b, []int64{11}, sum.right[:10])
		for k, digit := range m.Predict(in) {
			if int64(digit) != sum.right[k] {
				t.Errorf("%v + %v: digit %d is %d, want %d", sum.a, sum.b, k, digit, sum.right[k])
			}
		}
	}
}

// digits returns the ten digits of a number, the last one first.
func digits(x int) []int64 {
	var list []int64
	for range 10 {
		list = append(list, int64(x%10))
		x /= 10
	}
	return list
}

// The search alone finds how finely the long adder is rounded: nothing is known but the network. The circuit answers as
// the network in integers.
func TestLongSearchOfTheLongAdder(t *testing.T) {
	longtest.Need(t)
	m := find(t, "long-adder")
	m.Config.Quantisation = model.Quantisation{}
	search, final := tune.Split(m)
	r, err := tune.Search(t.Context(), m, tune.Config{Target: 0.99, Data: search.Set, Strategy: lower.Balanced})
	if err != nil || r.Chosen == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	inputs, right, kept, err := tune.Final(t.Context(), r.Chosen.Quantised, final.Set)
	if err != nil || inputs != 1000 || right < 999 || kept < 990 {
		t.Errorf("of %d sums %d are right in floating point and %d in integers (%v)", inputs, right, kept, err)
	}
	c, err := lower.Program(r.Chosen.Quantised.Program, lower.Balanced)
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.MeasureAccuracy(t.Context(), c, r.Chosen.Quantised, final.Set)
	if err != nil || a.SameAsReference != 1000 || a.Circuit < 990 {
		t.Errorf("%+v, %v", a, err)
	}
}
