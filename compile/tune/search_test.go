package tune_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/tune"
)

func find(t *testing.T, name string) *model.Model {
	t.Helper()
	m, err := model.Find(name, tc0.Models())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The chosen setting keeps the target and has the fewest gates of those that do. Its bounds are no less than what its
// circuit has, and what it keeps is what the network in integers answers.
func TestSearchChoosesTheFewestGatesThatKeepTheTarget(t *testing.T) {
	for _, name := range []string{"most-frequent", "digits"} {
		m := find(t, name)
		search, final := tune.Split(m)
		r, err := tune.Search(t.Context(), m, tune.Config{Target: 0.95, Data: search.Set, Strategy: lower.MinDepth})
		if err != nil {
			t.Fatal(err)
		}
		first, chosen := r.Settings[0], r.Chosen
		if chosen == nil || chosen.Share() < 0.95 || chosen.Gates.Cmp(first.Gates) >= 0 {
			t.Fatalf("%s: chose %+v, and began with %+v", name, chosen, first)
		}
		for _, s := range r.Settings {
			if s.Failed == "" && s.Share() >= 0.95 && s.Gates.Cmp(chosen.Gates) < 0 {
				t.Errorf("%s: %+v keeps the target and has fewer gates than %+v", name, s, chosen)
			}
		}
		if !slices.ContainsFunc(r.Settings, func(s *tune.Setting) bool { return s.Undominated }) {
			t.Errorf("%s: every setting is dominated", name)
		}
		c, err := lower.Program(chosen.Quantised.Program, lower.MinDepth)
		if err != nil {
			t.Fatal(err)
		}
		if big.NewInt(int64(c.Size())).Cmp(chosen.Gates) > 0 || big.NewInt(int64(c.Depth())).Cmp(chosen.Depth) > 0 {
			t.Errorf("%s: depth %d and %d gates, and bounds %v and %v", name, c.Depth(), c.Size(), chosen.Depth, chosen.Gates)
		}
		inputs, got, err := tune.Final(t.Context(), chosen.Quantised, final.Set, r.Unit)
		right, kept := got.Asked, got.Kept
		if err != nil || inputs != m.Test.Len() || right != m.Correct(m.Test) {
			t.Errorf("%s: %d of %d right in floating point, %v", name, right, inputs, err)
		}
		both := 0
		for i, in := range m.Test.Inputs {
			answers, err := chosen.Quantised.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			if m.Test.Right(i, answers) && m.Test.Right(i, m.Predict(in)) {
				both++
			}
		}
		if kept != both {
			t.Errorf("%s: %d answers kept, and %d are", name, kept, both)
		}
	}
}

// Where no setting keeps the target, there is a best one.
func TestSearchGivesUp(t *testing.T) {
	m := find(t, "digits")
	search, _ := tune.Split(m)
	r, err := tune.Search(t.Context(), m, tune.Config{Target: 1, Data: search.Set, Settings: 1})
	if err != nil || r.Chosen != nil || r.Best() != r.Settings[0] {
		t.Errorf("%+v, %v", r, err)
	}
	for _, target := range []float64{0, -1, 1.5} {
		if _, err := tune.Search(t.Context(), m, tune.Config{Target: target, Data: search.Set}); err == nil {
			t.Errorf("a target of %v is searched for", target)
		}
	}
}

// The two parts of the data have no input in common, and a model without data has random inputs.
func TestSplit(t *testing.T) {
	m := find(t, "adder")
	m.Calibration, m.Test = nil, &model.Dataset{
		Inputs: [][]int64{{0}, {1}, {2}, {3}, {4}}, Labels: [][]int{{5}, {6}, {7}, {8}, {9}},
	}
	search, final := tune.Split(m)
	if search.Set.Len() != 3 || final.Set.Len() != 2 || final.Set.Inputs[1][0] != 3 || final.Set.Labels[1][0] != 8 {
		t.Errorf("%+v and %+v", search.Set, final.Set)
	}
	m.Test = nil
	search, final = tune.Split(m)
	if search.Set.Len() != 400 || slices.Equal(search.Set.Inputs[0], final.Set.Inputs[0]) {
		t.Errorf("%d random inputs, the first %v and %v", search.Set.Len(), search.Set.Inputs[0], final.Set.Inputs[0])
	}
}
