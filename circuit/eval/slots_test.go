package eval_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile/lower"
)

// Of attention over n positions some n values live at one time, not n², and what it computes is as naively.
func TestAttentionHoldsLinearlyManyValues(t *testing.T) {
	var slots []int
	for _, n := range []int{32, 64, 128} {
		c, err := lower.Program(programOf(t, fmt.Sprintf("attention:d=2,bits=2,n=%d", n)), lower.Balanced)
		if err != nil {
			t.Fatal(err)
		}
		plan := eval.Compile(c, eval.Config{})
		slots = append(slots, plan.Stats().Slots)
		agreesNaively(t, c, plan)
	}
	if slots[1] > 2500 || 10*slots[1] > 23*slots[0] || 10*slots[2] > 23*slots[1] {
		t.Errorf("%d values live for 32, 64 and 128 positions, want at most 2500 for 64, and 2.3 times for twice as many", slots)
	}
}

// agreesNaively compares a few vectors.
func agreesNaively(t *testing.T, c *circuit.Circuit, plan *eval.Plan) {
	t.Helper()
	in := eval.NewVectors(plan.Inputs(), 5)
	for i := range plan.Inputs() {
		for lane := range in.Lanes() {
			in.Set(i, lane, (i*i+i*lane)%(5+2*lane) < 3)
		}
	}
	out, err := plan.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for lane := range in.Lanes() {
		want, err := c.Eval(in.Lane(lane))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out.Lane(lane), want) {
			t.Errorf("lane %d of a circuit of %d gates differs from the naive evaluator's", lane, c.Size())
		}
	}
}
