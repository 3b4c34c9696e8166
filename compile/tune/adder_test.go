package tune_test

import (
	"math/rand/v2"
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

// freshSums draws sums that no data set of the model has but by chance of one in 10²⁰.
func freshSums(count int) *model.Dataset {
	r := rand.New(rand.NewPCG(19, 1))
	d := &model.Dataset{}
	for range count {
		a, b := r.IntN(1e10), r.IntN(1e10)
		sum := append(digits(a+b), int64((a+b)/1e10))
		d.Inputs = append(d.Inputs, slices.Concat(digits(a), []int64{10}, digits(b), []int64{11}, sum[:10]))
		var labels []int
		for _, digit := range sum {
			labels = append(labels, int(digit))
		}
		d.Labels = append(d.Labels, labels)
	}
	return d
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
	search, _ := tune.Split(m)
	r, err := tune.Search(t.Context(), m, tune.Config{Target: 0.99, Data: search.Set, Strategy: lower.Balanced})
	if err != nil || r.Chosen == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	fresh := freshSums(1000)
	inputs, got, err := tune.Final(t.Context(), r.Chosen.Quantised, fresh, r.Unit)
	if err != nil || inputs != 1000 || got.Asked < 999 || got.Kept < 990 {
		t.Errorf("%d sums, %+v, %v", inputs, got, err)
	}
	c, err := lower.Program(r.Chosen.Quantised.Program, lower.Balanced)
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.MeasureAccuracy(t.Context(), c, r.Chosen.Quantised, fresh)
	if err != nil || a.SameAsReference != 1000 || a.Circuit < 990 {
		t.Errorf("%+v, %v", a, err)
	}
}
