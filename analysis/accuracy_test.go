package analysis

import (
	"context"
	"strings"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/gates"
)

// The shipped networks: the circuit gives the label of the network in integers on
// every held-out input, and is within a percentage point of the network in float64.
func TestShippedNetworks(t *testing.T) {
	for name, depth := range map[string]int{"digits": 4, "most-frequent": 6} {
		m, err := model.Find(name, tc0.Models())
		if err != nil {
			t.Fatal(err)
		}
		q, err := m.Quantise(model.Quantisation{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := lower.Program(q.Program, lower.MinDepth)
		if err != nil {
			t.Fatal(err)
		}
		if got := Measure(c, gates.Standard()).Depth; got != depth {
			t.Errorf("%s: depth %d, want %d", name, got, depth)
		}
		v, err := Verify(context.Background(), c, q.Program, VerifyConfig{Vectors: vector.Listed(m.Test.Inputs)})
		if err != nil || v.Inputs < 1000 || v.Mismatches != 0 || v.Exhaustive || v.Seed != nil {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
		a, err := MeasureAccuracy(context.Background(), c, q, m.Test)
		if err != nil {
			t.Fatal(err)
		}
		if a.Inputs < 1000 || a.SameAsReference != a.Inputs || a.Circuit != a.Reference || a.Points < -1 ||
			a.Points > 1 {
			t.Errorf("%s: %+v", name, a)
		}
		if want := m.Correct(m.Test); a.Float != want {
			t.Errorf("%s: the network in float64 is right %d times, want %d", name, a.Float, want)
		}
	}
}

func TestEvaluateNamesWhatDoesNotFit(t *testing.T) {
	c, i := build(t, "mlp:n=2,hidden=2,out=1,bits=2")
	for want, in := range map[string][]int64{
		"vector 1: 1 integers for 2 ports":       {3},
		"vector 1: port x[1]: 4 is outside 0..3": {0, 4},
	} {
		if _, err := Evaluate(context.Background(), c, [][]int64{{0, 0}, in}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q", in, err, want)
		}
	}
	got, err := Evaluate(context.Background(), c, [][]int64{{0, 0}, {3, 1}, {2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	for k, in := range [][]int64{{0, 0}, {3, 1}, {2, 3}} {
		want, err := i.Program.Reference(in)
		if err != nil || got[k][0] != want[0] {
			t.Errorf("%v: %v, want %v (%v)", in, got[k], want, err)
		}
	}
}
