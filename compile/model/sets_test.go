package model

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
)

// smallShapes are shapes of each type, whose circuits are soon built. Those of the published types come in three sizes.
var smallShapes = map[string]string{
	"gpt2 a": `{"model_type": "gpt2", "n_embd": 8, "n_head": 2, "n_layer": 1, "n_positions": 16, "vocab_size": 80}`,
	"gpt2 b": `{"model_type": "gpt2", "n_embd": 4, "n_head": 1, "n_layer": 2, "n_positions": 16, "vocab_size": 65}`,
	"gpt2 c": `{"model_type": "gpt2", "n_embd": 6, "n_head": 3, "n_layer": 1, "n_positions": 8, "vocab_size": 100}`,
	"llama a": `{"model_type": "llama", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
		"num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 80, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 64}`,
	"llama b": `{"model_type": "llama", "hidden_size": 4, "intermediate_size": 8, "num_hidden_layers": 2,
		"num_attention_heads": 1, "num_key_value_heads": 1, "vocab_size": 70, "rms_norm_eps": 1e-6, "hidden_act": "silu",
		"max_position_embeddings": 64}`,
	"llama c": `{"model_type": "llama", "hidden_size": 8, "intermediate_size": 6, "num_hidden_layers": 1,
		"num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 100, "rms_norm_eps": 1e-5, "hidden_act": "relu",
		"max_position_embeddings": 64}`,
	"mamba a": `{"model_type": "mamba", "hidden_size": 4, "num_hidden_layers": 1, "state_size": 2, "vocab_size": 70}`,
	"mamba b": `{"model_type": "mamba", "hidden_size": 3, "num_hidden_layers": 2, "state_size": 1, "vocab_size": 80,
		"use_bias": true}`,
	"mamba c": `{"model_type": "mamba", "hidden_size": 2, "num_hidden_layers": 1, "state_size": 4, "vocab_size": 66,
		"conv_kernel": 2, "use_conv_bias": false}`,
	"mamba of few tokens": `{"model_type": "mamba", "hidden_size": 2, "num_hidden_layers": 2, "state_size": 2,
		"vocab_size": 9, "tie_word_embeddings": false}`,
	"qwen2": `{"model_type": "qwen2", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
		"num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 80, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 64}`,
	"qwen3": `{"model_type": "qwen3", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1, "head_dim": 4,
		"num_attention_heads": 2, "num_key_value_heads": 2, "vocab_size": 80, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 64}`,
	"gemma": `{"model_type": "gemma", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1, "head_dim": 4,
		"num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 80, "rms_norm_eps": 1e-5,
		"hidden_act": "gelu_pytorch_tanh", "max_position_embeddings": 64}`,
	"mistral": `{"model_type": "mistral", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
		"num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 80, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 64, "sliding_window": 32}`,
	"gpt_neox": `{"model_type": "gpt_neox", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
		"num_attention_heads": 2, "vocab_size": 80, "rotary_pct": 0.5, "layer_norm_eps": 1e-5, "hidden_act": "gelu",
		"max_position_embeddings": 64}`,
	"microgpt": `{"model_type": "microgpt", "n_embd": 8, "n_head": 2, "n_layer": 1, "block_size": 16, "vocab_size": 80}`,
	"decoder": `{"model_type": "decoder", "hidden_size": 8, "num_heads": 2, "num_layers": 1, "vocab_size": 80,
		"max_positions": 32, "norm": "layer", "positions": "alibi", "activation": "relu", "tied_keys_values": true,
		"tied_queries_outputs": true, "embedding_norm": true}`,
	"rnn":       `{"model_type": "rnn", "vocab_size": 9, "hidden_size": 4, "embedding_size": 3, "num_layers": 2}`,
	"rnn, relu": `{"model_type": "rnn", "vocab_size": 9, "hidden_size": 3, "input_size": 9, "nonlinearity": "relu"}`,
	"gru":       `{"model_type": "gru", "vocab_size": 9, "hidden_size": 3, "embedding_size": 3}`,
	"lstm":      `{"model_type": "lstm", "vocab_size": 9, "hidden_size": 3, "embedding_size": 2, "num_layers": 2}`,
	"attention-classifier": `{"model_type": "attention-classifier", "name": "a", "input": {"kind": "tokens", "length": 4,
		"vocab": 6}, "hidden_size": 4, "intermediate_size": 6, "activation": "relu", "labels": ["x", "y"],
		"quantization": {}}`,
}

// weightSets are sets of weights that are hard on bounds. A gain is 1 or more where others are between −1 and 1.
func weightSets() map[string]func(gain bool, i, columns int) float64 {
	r := rand.New(rand.NewPCG(5, 7))
	return map[string]func(gain bool, i, columns int) float64{
		"random": func(gain bool, _, _ int) float64 {
			if gain {
				return 0.5 + r.Float64()
			}
			return 2*r.Float64() - 1
		},
		"large gains": func(gain bool, _, _ int) float64 {
			if gain {
				return 100 * r.NormFloat64()
			}
			return 1e-3 * r.NormFloat64()
		},
		"signs":       func(bool, int, int) float64 { return float64(r.IntN(2)*2 - 1) },
		"equal":       func(bool, int, int) float64 { return 1 },
		"negative":    func(bool, int, int) float64 { return -3 },
		"alternating": func(_ bool, i, columns int) float64 { return float64((i/columns+i%columns)%2*2 - 1) },
		"zeros":       func(bool, int, int) float64 { return 0 },
		"one-hot": func(gain bool, i, columns int) float64 {
			if gain || i%columns == i/columns%columns {
				return 1
			}
			return 0
		},
		"sparse": func(gain bool, _, _ int) float64 {
			if gain || r.IntN(6) == 0 {
				return 4 * r.NormFloat64()
			}
			return 0
		},
	}
}

// withSet returns the model of a shape with weights.
func withSet(m *Model, set func(gain bool, i, columns int) float64) *Model {
	with := *m
	with.unknown, with.Weights = false, Weights{}
	for _, name := range sortedKeys(m.Weights) {
		t := &Tensor{Shape: m.Weights[name].Shape}
		size := 1
		for _, n := range t.Shape {
			size *= n
		}
		for i := range size {
			t.Data = append(t.Data, set(len(t.Shape) == 1 && biasOf(name) != name, i, t.Shape[len(t.Shape)-1]))
		}
		with.Weights[name] = t
	}
	if c := &m.Config; !c.Language() { // no random tokens
		r := rand.New(rand.NewPCG(1, 2))
		with.Calibration = &Dataset{}
		for range 20 {
			in := make([]int64, c.Input.Ports())
			for k := range in {
				in[k] = r.Int64N(c.Input.Top() + 1)
			}
			with.Calibration.Inputs = append(with.Calibration.Inputs, in)
		}
	}
	return &with
}

// The bounds of a shape hold for sets of weights of many kinds, with softmax of either kind, for few and many bits, and
// under strategies. Those for random weights are near: the gates and the wires are at most three times as many.
func TestBoundsHoldForEverySetOfWeights(t *testing.T) {
	settings := []struct {
		q Quantisation
		s lower.Strategy
	}{
		{Quantisation{WeightBits: 5, ActivationBits: 4, ExpLevels: 6}, lower.Balanced},
		{Quantisation{WeightBits: 2, ActivationBits: 2, ResidualBits: 3, ExpLevels: 1}, lower.MinDepth},
		{Quantisation{WeightBits: 12, ActivationBits: 3, ResidualBits: 6, ExpLevels: 9, ScoreSpan: 9}, lower.Balanced},
		{Quantisation{WeightBits: 8, ActivationBits: 3, ExpLevels: 3, WeightScale: perChannel}, lower.MinDepth},
	}
	spans := map[bool]int{}
	for _, name := range sortedKeys(smallShapes) {
		file := `{"name": "small", "length": 4}`
		m := shapeOf(t, smallShapes[name], file)
		sets := weightSets()
		for k, x := range settings {
			all := strings.HasSuffix(name, " a") // the rest of them has one setting and some of the sets
			if k > 0 && !all {
				continue
			}
			if c := &m.Config; c.Selective != nil || c.Recurrent != nil {
				x.s, x.q.ScoreSpan = lower.MinDepth, 0 // see Lengths.OneCode
			}
			greatest := costsOf(t, m, x.q, x.s)
			for _, set := range sortedKeys(sets) {
				if (!all || k > 0) && !slices.Contains([]string{"random", "sparse", "zeros"}, set) {
					continue
				}
				built, err := withSet(m, sets[set]).Quantise(x.q)
				var refused *QuantiseError
				if errors.As(err, &refused) {
					continue // a network that there is no circuit of
				} else if err != nil {
					t.Fatal(err)
				}
				for _, c := range built.Choices {
					if c.Kind == Exponential && m.Config.Decoder != nil {
						spans[c.Span > 0]++
					}
				}
				near := set == "random" && k == 0 && m.Config.Decoder != nil
				what := name + ", " + set
				s := mustLower(t, built.Program, x.s).Stats()
				costs := map[string]*big.Int{
					"depth": big.NewInt(int64(s.Depth)), "gates": big.NewInt(int64(s.Size)), "wires": big.NewInt(s.Wires),
					"weight": s.Weight.Big(),
				}
				checkBounds(t, what, greatest, costs, near)
				checkBounds(t, what+", within its limits", costsWithin(t, m, x.q, built.Limits(), x.s), costs, near)
			}
		}
	}
	if spans[false] == 0 || spans[true] == 0 {
		t.Errorf("%d plain softmaxes and %d stable ones; both are wanted", spans[false], spans[true])
	}
}

// checkBounds compares bounds for 4 tokens with a circuit.
func checkBounds(t *testing.T, what string, f *formula.Costs, built map[string]*big.Int, near bool) {
	t.Helper()
	for _, cost := range []string{"depth", "gates", "wires", "weight"} {
		bound := at(t, f, cost, 4)
		if bound.Cmp(built[cost]) < 0 {
			t.Errorf("%s: %s at most %v, and %v built", what, cost, bound, built[cost])
		}
		most := new(big.Int).Mul(built[cost], big.NewInt(3))
		if near && (cost == "gates" || cost == "wires") && bound.Cmp(most) > 0 {
			t.Errorf("%s: %s at most %v, more than three times the %v built", what, cost, bound, built[cost])
		}
	}
}

// costsWithin reads the bounds of a shape for networks within limits.
func costsWithin(t *testing.T, m *Model, q Quantisation, within Limits, s lower.Strategy) *formula.Costs {
	t.Helper()
	l, err := m.Bounds(q, within)
	if err != nil {
		t.Fatal(err)
	}
	p, err := l.OpenProgram()
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Of(p, s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
