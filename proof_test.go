package tc0

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/internal/longtest"
)

// TestLongProofs compares the formulas of trained language models with the circuits of up to four
// lengths each: the depth is just that of the formula, and the size is within. (The learned
// positions of the smallest one end at 6, so that it has three lengths.)
func TestLongProofs(t *testing.T) {
	longtest.Need(t)
	for _, test := range []struct {
		name     string
		strategy lower.Strategy
		depth    string
		ns       []int
	}{
		{"most-frequent", lower.MinDepth, "6", []int{2, 3, 4, 7}},
		{"adder", lower.Balanced, "11", []int{4, 5, 6, 7}},
		{"long-adder", lower.Balanced, "12", []int{11, 12, 13, 14}},
		{"words", lower.Balanced, "22", []int{12, 15}},
		{"flip-flop", lower.Balanced, "15", []int{16, 17, 18, 19}},
		{filepath.Join("testdata", "families", "gpt2"), lower.Balanced, "28", []int{4, 5, 6}},
		{filepath.Join("testdata", "families", "llama"), lower.Balanced, "22", []int{4, 5, 6, 7}},
		{filepath.Join("testdata", "families", "qwen3"), lower.Balanced, "24", []int{4, 5, 6, 7}},
		{filepath.Join("testdata", "families", "mamba"), lower.Balanced, "28", []int{4, 5, 6, 7}},
	} {
		t.Run(filepath.Base(test.name), func(t *testing.T) {
			t.Parallel()
			m, err := model.Find(test.name, Models())
			if err != nil {
				t.Fatal(err)
			}
			q, err := m.Quantise(model.Quantisation{})
			if err != nil {
				t.Fatal(err)
			}
			l, ok := q.Lengths()
			if !ok {
				t.Fatal("the model reads no sequence")
			}
			p, err := analysis.Prove(context.Background(), analysis.Claim{
				Name: test.name, Family: l, Strategy: test.strategy, Trained: true,
				LeastN: l.Least(), MostN: l.Most(), N: test.ns,
			})
			if err != nil {
				t.Fatal(err)
			}
			if p.Verdict.Verdict != analysis.Proved || p.DepthFormula.String() != test.depth ||
				len(p.Checked) != len(test.ns) {
				t.Errorf(
					"%s, depth %v on %v; want proved, depth %s",
					p.Verdict.Verdict,
					p.DepthFormula,
					p.Checked,
					test.depth,
				)
			}
			for _, k := range p.Checked {
				if fmt.Sprint(k.Depth) != test.depth {
					t.Errorf("n=%d: depth %d, want %s", k.N, k.Depth, test.depth)
				}
			}
		})
	}
}
