package tune_test

import (
	"testing"

	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/tune"
)

// Each knob that counts is turned alone, and what it does is what the network in integers does.
func TestFinerTurnsEachKnob(t *testing.T) {
	m := find(t, "digits")
	q, err := m.Chosen(model.Quantisation{WeightBits: 2})
	if err != nil {
		t.Fatal(err)
	}
	inputs := m.Test.Inputs[:50]
	steps, err := tune.Finer(t.Context(), m, q, inputs)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]*tune.Step{}
	for _, s := range steps {
		by[s.Knob] = s
	}
	if len(by) != len(steps) || by["exp_levels"] != nil || by["score_span"] != nil || by["residual_bits"] != nil {
		t.Errorf("knobs %v of a perceptron", by)
	}
	none, finer := by[""], by["weight_bits"]
	if none == nil || finer == nil || finer.From != 2 || finer.To != 3 || !finer.Better(none) || none.Better(finer) {
		t.Fatalf("%+v and %+v", none, finer)
	}
	q.WeightBits = 3
	quantised, err := m.Quantise(q)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := quantised.Together(t.Context(), inputs); err != nil || finer.Error != want {
		t.Errorf("%+v, want %+v (%v)", finer.Error, want, err)
	}
	q.ActivationBits = 12 // the finest that there is
	steps, err = tune.Finer(t.Context(), m, q, inputs[:1])
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		if s.Knob == "activation_bits" && (s.Failed == "" || s.Better(steps[0])) {
			t.Errorf("%+v", s)
		}
	}
}
