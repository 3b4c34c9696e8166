package depthtest_test

import (
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/depthtest"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// TestClaims holds the project's own claims about its blocks: their depth for every n, the
// degree of their size, and that they are constant where they were measured.
func TestClaims(t *testing.T) {
	for _, claim := range []struct {
		name     string
		family   analysis.Family
		strategy lower.Strategy
		depth    int
		degree   int
		measured []int
	}{
		{"softmax attention", compile.Attention{}, lower.MinDepth, 3, 2, []int{2, 3, 8}},
		{"softmax attention of 2 heads, causal", compile.Attention{Heads: 2, Causal: true}, lower.MinDepth, 3, 2, []int{2, 3, 8}},
		{"softmax attention without absorption", compile.Attention{}, lower.Strategy{}, 4, 2, []int{2, 3, 8}},
		{"stable softmax attention", compile.Attention{Kind: compile.Stable}, lower.MinDepth, 4, 3, []int{3, 4, 8}},
		{"average-hard attention", compile.Attention{Kind: compile.AverageHard}, lower.MinDepth, 4, 3, []int{3, 4, 8}},
		{"unique-hard attention", compile.Attention{Kind: compile.UniqueHard}, lower.MinDepth, 3, 3, []int{3, 4, 8}},
		{"gated linear unit", compile.GLU{}, lower.MinDepth, 2, 2, []int{2, 4, 8}},
		{"layer norm", compile.Norm{Center: true}, lower.MinDepth, 2, 1, []int{1, 2, 8}},
		{"RMS norm", compile.Norm{}, lower.MinDepth, 2, 1, []int{1, 2, 8}},
		{"S4", compile.S4{Seed: 1}, lower.MinDepth, 1, 1, []int{1, 2, 40}},
		{"selective state space", compile.Mamba{}, lower.MinDepth, 3, 2, []int{2, 4, 8}},
		{"Mamba block", compile.Mamba{Block: true, Features: 1, Bits: 3, Seed: 1}, lower.MinDepth, 5, 2, []int{8, 10}},
		{"S4 with all its memory", compile.S4{Seed: 1, Memory: compile.MemoryAll}, lower.MinDepth, 1, 1, []int{1, 2, 40}},
		{"selective state space with all its memory", compile.Mamba{Memory: compile.MemoryAll}, lower.MinDepth, 3, 2, []int{2, 4, 8}},
		{
			"Mamba block with all its memory",
			compile.Mamba{Block: true, Features: 1, Bits: 3, Seed: 1, Memory: compile.MemoryAll},
			lower.MinDepth, 5, 2,
			[]int{8, 10},
		},
		{"a step of a denoiser", compile.Denoiser{}, lower.MinDepth, 2, 1, []int{2, 4, 8}},
		{"transformer layer, pre-norm", compile.Layer{Features: 2}, lower.MinDepth, 9, 2, []int{2, 4}},
		{"transformer layer, balanced", compile.Layer{Features: 2}, lower.Balanced, 10, 2, []int{2, 4}},
		{"transformer layer with layer norms", compile.Layer{Features: 2, LayerNorm: true}, lower.MinDepth, 10, 2, []int{2, 4}},
		{"transformer layer, post-norm", compile.Layer{Features: 2, PostNorm: true}, lower.MinDepth, 8, 2, []int{2, 4}},
		{"language model of 2 layers", compile.Transformer{Layer: compile.Layer{Features: 2}, Layers: 2}, lower.MinDepth, 20, 2, nil},
	} {
		t.Run(claim.name, func(t *testing.T) {
			depthtest.ProvedWith(t, claim.family, claim.strategy, claim.depth)
			if claim.strategy == lower.MinDepth {
				depthtest.PolynomialSize(t, claim.family, claim.degree)
			}
			if claim.measured != nil {
				depthtest.Constant(t, depthtest.Members(claim.family, claim.strategy), claim.measured...)
			}
		})
	}
}

// TestMLPIsOneLevelALayer proves one level a layer for networks whose width is n.
func TestMLPIsOneLevelALayer(t *testing.T) {
	for layers := 1; layers <= 4; layers++ {
		s, err := compile.ParseSpec("mlp")
		if err != nil {
			t.Fatal(err)
		}
		s = s.With("layers", layers)
		depthtest.Proved(t, s, layers)
		depthtest.PolynomialSize(t, s, 1)
	}
}

// TestHeadIsAsReviewed keeps the ledger of one attention head in a golden file.
func TestHeadIsAsReviewed(t *testing.T) {
	depthtest.Golden(t, lowered(t, compile.Attention{}, 4), "testdata/attention-n4.golden")
}

func lowered(t testing.TB, f analysis.Family, n int) *circuit.Circuit {
	t.Helper()
	c, err := depthtest.Members(f, lower.MinDepth)(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
