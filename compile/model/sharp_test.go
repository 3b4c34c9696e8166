package model

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// Scores of trained networks span much. Such models are taken, their circuits are their integers, and
// they answer as the network in floating point does.
func TestSharpModels(t *testing.T) {
	for _, test := range []struct {
		name  string
		span  float64 // that is chosen
		least float64 // share of the answers that stay
		q     Quantisation
		lower int // inputs that the circuit is compared on
	}{
		{"qwen3-int64-a8", 9, 0.95, Quantisation{}, 0},
		{"qwen3-int64-mix", 9, 0.90, Quantisation{}, 0},
		{"qwen3-score-span", 8, 0.85, Quantisation{}, 0},
		{"qwen3-score-span", 8, 0.97, Quantisation{WeightBits: 12, ActivationBits: 10}, 0},
		{"sharp-attention", 8, 1, Quantisation{}, 4},
		{"sharp-head-norm", 8, 0.93, Quantisation{}, 4},
		{"alog-1000", 0, 1, Quantisation{}, 4},
	} {
		m := mustLoad(t, os.DirFS("testdata/cases"), test.name)
		q := mustQuantise(t, m, test.q)
		if test.span != 0 {
			if c := find(t, q, "layer 1/scores"); c.Span != test.span || c.Greatest != 0 || c.Peak <= 8 {
				t.Errorf("%s: %+v, want a span of %g", test.name, c, test.span)
			}
		}
		random, kept, all := rand.New(rand.NewPCG(3, 4)), 0, 0
		var inputs [][]int64
		for range 20 {
			in := make([]int64, m.Config.Input.Ports())
			for i := range in {
				in[i] = random.Int64N(m.Config.Input.Top() + 1)
			}
			inputs = append(inputs, in)
			got, err := q.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			logits, labels := m.Forward(in), len(q.Labels)
			for i, label := range got {
				if all++; floats.MaxIdx(logits[i*labels:(i+1)*labels]) == label {
					kept++
				}
			}
		}
		t.Logf("%s: %d of %d answers kept", test.name, kept, all)
		if float64(kept) < test.least*float64(all) {
			t.Errorf("%s: %d of %d answers kept, want %g", test.name, kept, all, test.least)
		}
		if test.lower > 0 {
			c := mustLower(t, q.Program, lower.Balanced)
			for _, in := range inputs[:test.lower] {
				same(t, q.Program, c, in)
			}
		}
	}
}

// An attention-classifier with sharp scores is no wall either, and a span can be asked for.
func TestSharpClassifier(t *testing.T) {
	base := tinyAttention()
	base.weights["attention.query.weight"] = reals([]int{2, 2}, 100, 0, 0, 100)
	m := mustLoad(t, base.fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{})
	if c := find(t, q, "exponential"); c.Span < 8 || c.Span > 12 || !strings.Contains(c.Stage, "span") {
		t.Errorf("%+v, want a span of 8 to 12", c)
	}
	c := mustLower(t, q.Program, lower.MinDepth)
	everyInput(m, func(in []int64) { same(t, q.Program, c, in) })
	plain := mustQuantise(t, mustLoad(t, tinyAttention().fs(t), "tiny"), Quantisation{})
	if c := find(t, plain, "exponential"); c.Span != 0 {
		t.Errorf("%+v, want plain softmax where scores span little", c)
	}
	asked := mustQuantise(t, mustLoad(t, tinyAttention().fs(t), "tiny"), Quantisation{ScoreSpan: 5})
	if c := find(t, asked, "exponential"); c.Span != 5 {
		t.Errorf("%+v, want the span of 5 that was asked for", c)
	}
}

func TestSpanOfCalibration(t *testing.T) {
	many := func(n int, below float64) []float64 {
		row := make([]float64, n)
		for i := range row {
			row[i] = -below
		}
		row[0] = 0
		return row
	}
	for _, test := range []struct {
		rows [][]float64
		want float64
	}{
		{[][]float64{{3, 1}}, 8},
		{[][]float64{many(3, 8.5)}, 8},               // 2·e^−8.5 is 0.0004
		{[][]float64{many(30, 8.5)}, 9},              // 29·e^−8.5 is 0.006
		{[][]float64{many(30, 8.5), many(50, 9)}, 9}, // 49 elements at 9 are within a span of 9
		{[][]float64{many(1000, 12.5)}, 12},
	} {
		l := new(leftOut)
		for _, row := range test.rows {
			l.see(row)
		}
		if got := l.span(); got != test.want {
			t.Errorf("%d rows of %d: span %g, want %g", len(test.rows), len(test.rows[0]), got, test.want)
		}
	}
}

// A rate beyond every number forgets at once, and no step forgets nothing.
func TestDecay(t *testing.T) {
	for _, test := range [][3]float64{{math.Inf(1), 0, 1}, {math.Inf(1), 1, 0}, {1, 2, math.Exp(-2)}, {0, 5, 1}} {
		if got := decay(test[0], test[1]); got != test[2] {
			t.Errorf("decay(%g, %g) = %g, want %g", test[0], test[1], got, test[2])
		}
	}
}

// The scores that a rounding gives have the weights of the staircase.
func TestRoundedScores(t *testing.T) {
	c := Choice{Kind: Exponential, Scale: 0.01, Span: 8, Levels: 2000, Least: -800}
	row := []float64{5, 4, -2, -20}
	c.rounding()(row)
	for i, want := range []float64{0, -1, -7, math.Inf(-1)} {
		if d := row[i] - want; d != 0 && !(math.Abs(d) < 0.02) && !math.IsInf(row[i], -1) {
			t.Errorf("score %d is %g, want about %g", i, row[i], want)
		}
	}
	if !math.IsInf(row[3], -1) || math.IsInf(row[2], -1) {
		t.Errorf("%v: beyond the span, and only there, is no weight", row)
	}
	f, err := program.ExpTail(1, 8, 4, 6)
	if err != nil || f.Apply(-9) != 0 || f.Apply(-8) < 1 || f.Apply(0) != 1<<18 || len(f.At) > 6 {
		t.Errorf("%+v, %v", f, err)
	}
}

// Where queries and keys are tables, they are rounded finely, whatever the bits of activations are:
// scores of large gains would not bear it otherwise, and a table has no gates.
func TestHeadsOfATableAreFine(t *testing.T) {
	m := mustLoad(t, tc0.Models(), "long-adder")
	q := mustQuantise(t, m, Quantisation{ActivationBits: 5})
	for _, name := range []string{"layer 1/query", "layer 1/key"} {
		if c := find(t, q, name); c.Bits != 5+rotaryBits {
			t.Errorf("%s has %d bits, want %d", name, c.Bits, 5+rotaryBits)
		}
	}
	errors, err := q.StageErrors(t.Context(), m.Test.Inputs[:20])
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range errors {
		switch e.Tensor {
		case "layer 1/query", "layer 1/key":
			seen++
			if e.Relative > 1e-3 || e.Changed != 0 {
				t.Errorf("%+v", e)
			}
		case "layer 1/norm 2": // has the bits of activations
			seen++
			if e.Relative < 0.01 {
				t.Errorf("%+v", e)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d roundings are measured, want 3", seen)
	}
}
