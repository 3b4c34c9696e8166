package tune_test

import (
	"context"
	"errors"
	"math"
	"math/big"
	"os"
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
		if r.Unit != tune.Inputs || r.Uniform.Gates.Cmp(chosen.Gates) < 0 || len(chosen.Quantisation.Bits) == 0 {
			t.Errorf("%s: counted %s and chose %+v, and with bits of sorts alone %+v", name, r.Unit, chosen, r.Uniform)
		}
		checked := 0 // on the inputs that come after the first 512
		for i, in := range search.Set.Inputs[512:] {
			answers, err := chosen.Quantised.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			if search.Set.Right(512+i, m.Predict(in)) && search.Set.Right(512+i, answers) {
				checked++
			}
		}
		c := chosen.Checked
		if c == nil || c.Kept != checked || float64(c.Kept+chosen.Kept) < 0.95*float64(c.Asked+r.Right) {
			t.Errorf("%s: confirmed %+v, and %d are kept", name, c, checked)
		}
		need := 0.95 + math.Sqrt(0.95*0.05/float64(r.Right))
		for _, s := range r.Settings {
			if s.Failed == "" && s.Share() >= need && s.Gates.Cmp(chosen.Gates) < 0 {
				t.Errorf("%s: %+v keeps the target and has fewer gates than %+v", name, s, chosen)
			}
		}
		if !slices.ContainsFunc(r.Settings, func(s *tune.Setting) bool { return s.Undominated }) {
			t.Errorf("%s: every setting is dominated", name)
		}
		built, err := lower.Program(chosen.Quantised.Program, lower.MinDepth)
		if err != nil {
			t.Fatal(err)
		}
		depth, size := int64(built.Depth()), int64(built.Size())
		if big.NewInt(size).Cmp(chosen.Gates) > 0 || big.NewInt(depth).Cmp(chosen.Depth) > 0 {
			t.Errorf("%s: depth %d and %d gates, and bounds %v and %v", name, depth, size, chosen.Depth, chosen.Gates)
		}
		inputs, got, err := tune.Final(t.Context(), chosen.Quantised, final.Set, r.Unit)
		right, kept := got.Asked, got.Kept
		if err != nil || inputs != m.Test.Len()/2 || right != m.Correct(final.Set) {
			t.Errorf("%s: %d of %d right in floating point, %v", name, right, inputs, err)
		}
		both := 0
		for i, in := range final.Set.Inputs {
			answers, err := chosen.Quantised.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			if final.Set.Right(i, answers) && final.Set.Right(i, m.Predict(in)) {
				both++
			}
		}
		if kept != both {
			t.Errorf("%s: %d answers kept, and %d are", name, kept, both)
		}
	}
}

// Bits of kinds and of single roundings are left alone if that is asked for.
func TestUniformSearch(t *testing.T) {
	m := find(t, "most-frequent")
	search, _ := tune.Split(m)
	r, err := tune.Search(t.Context(), m, tune.Config{Target: 0.95, Data: search.Set, Uniform: true})
	if err != nil || r.Chosen == nil || r.Chosen != r.Uniform {
		t.Fatalf("chose %+v, %v", r, err)
	}
	for _, s := range r.Settings {
		if len(s.Quantisation.Bits) > 0 {
			t.Errorf("%v are tried", s.Quantisation.Bits)
		}
	}
}

// An interrupt leaves the best setting so far.
func TestSearchIsInterrupted(t *testing.T) {
	m := find(t, "most-frequent")
	search, _ := tune.Split(m)
	ctx, stop := context.WithCancel(t.Context())
	tried := 0
	r, err := tune.Search(ctx, m, tune.Config{Target: 0.95, Data: search.Set, Tried: func(*tune.Setting) {
		if tried++; tried == 7 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || r == nil || len(r.Settings) != 7 || r.Chosen == nil ||
		r.Chosen.Share() < 0.95 {
		t.Fatalf("%+v, %v", r, err)
	}
	if r.Chosen.Gates.Cmp(r.Settings[0].Gates) >= 0 || !slices.Contains(r.Settings, r.Chosen) {
		t.Errorf("chose %+v of %d settings", r.Chosen, tried)
	}
}

// A model of running text is wrong somewhere in each text. Its single answers count.
func TestSearchCountsAnswers(t *testing.T) {
	m := find(t, "words")
	search, final := tune.Split(m)
	r, err := tune.Search(t.Context(), m, tune.Config{Target: 0.5, Data: search.Set, Settings: 1})
	if err != nil || r.Unit != tune.Answers {
		t.Fatalf("%+v, %v", r, err)
	}
	right, kept := 0, 0
	for i, in := range search.Set.Inputs[:r.Inputs] {
		answers, err := r.Settings[0].Quantised.Predict(in)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range m.Predict(in) {
			if want == search.Set.Labels[i][k] {
				right++
				if answers[k] == want {
					kept++
				}
			}
		}
	}
	if s := r.Settings[0]; r.Right != right || s.Asked != right || s.Kept != kept {
		t.Errorf("%d of %d are kept, and %d of %d are said to be", kept, right, s.Kept, s.Asked)
	}
	final.Set.Inputs, final.Set.Labels = final.Set.Inputs[:5], final.Set.Labels[:5]
	inputs, got, err := tune.Final(t.Context(), r.Settings[0].Quantised, final.Set, r.Unit)
	if inputs != 5 || err != nil || got.Asked < 6 || got.Kept > got.Asked {
		t.Errorf("%d inputs, %+v, %v", inputs, got, err)
	}
}

// A regression is measured by R², and gets residual bits.
func TestSearchOfRegression(t *testing.T) {
	m, err := model.Load(os.DirFS("../model/testdata/cases"), "mlp-regression")
	if err != nil {
		t.Fatal(err)
	}
	search, final := tune.Split(m)
	r, err := tune.Search(t.Context(), m, tune.Config{Target: 0.999, Data: search.Set})
	if err != nil || r.Unit != tune.Numbers || r.Chosen == nil || *r.Chosen.R2 < 0.999 ||
		r.Chosen.Share() != *r.Chosen.R2 {
		t.Fatalf("%+v, %v", r, err)
	}
	_, got, err := tune.Final(t.Context(), r.Chosen.Quantised, final.Set, r.Unit)
	if err != nil {
		t.Fatal(err)
	}
	off, mean, spread, most := 0.0, 0.0, 0.0, 0.0
	for _, in := range final.Set.Inputs {
		mean += m.Forward(in)[0] / float64(final.Set.Len())
	}
	for _, in := range final.Set.Inputs {
		y, err := r.Chosen.Quantised.Predict(in)
		if err != nil {
			t.Fatal(err)
		}
		f := m.Forward(in)[0]
		e := float64(y[0])*r.Chosen.Quantised.Unit() - f
		off, spread, most = off+e*e, spread+(f-mean)*(f-mean), max(most, math.Abs(e))
	}
	if want := 1 - off/spread; math.Abs(*got.R2-want) > 1e-12 || got.MaxError != most {
		t.Errorf("R² %v and an error of at most %v, want %v and %v", *got.R2, got.MaxError, want, most)
	}
	if r.Chosen.Quantisation.ResidualBits >= 16 {
		t.Errorf("chose %+v", r.Chosen.Quantisation)
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
