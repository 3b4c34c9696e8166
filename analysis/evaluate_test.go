package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// TestEvaluatorMakesOnePlan gives an evaluator few vectors and many in turn: what it computes is the definition, one
// vector at a time needs no plan, and the plan is made once.
func TestEvaluatorMakesOnePlan(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 20)
	b.Output("most", b.Majority(x...))
	b.Output("odd", b.Xor(x[0], b.And(x[1], x[2])))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	e, r := NewEvaluator(c), rand.New(rand.NewPCG(1, 2))
	var plan *eval.Plan
	for _, count := range []int{1, 100, 4, 20, 3, 200, 1, 5, 600} {
		in := eval.NewVectors(len(x), count)
		for lane := range count {
			for wire := range x {
				in.Set(wire, lane, r.IntN(2) == 0)
			}
		}
		out, err := e.Bits(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for lane := range count {
			want, err := c.Eval(in.Lane(lane))
			if err != nil {
				t.Fatal(err)
			}
			for i, bit := range want {
				if out.Bit(i, lane) != bit {
					t.Fatalf("output %d of vector %d of %d is %v, want %v", i, lane, count, !bit, bit)
				}
			}
		}
		if plan != nil && e.plan != plan {
			t.Errorf("another plan is made for %d vectors", count)
		}
		plan = e.plan
		if count == 3 && plan != nil {
			t.Error("there is a plan after 128 vectors")
		}
	}
	if e.plan == nil || e.singles != 129 {
		t.Errorf("%d vectors were computed one by one", e.singles)
	}
}
