package model

import (
	"math/big"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
)

// shapeOf returns the model of a folder with these files, of which only the shape is known.
func shapeOf(t *testing.T, config, settings string) *Model {
	t.Helper()
	files := fstest.MapFS{"config.json": {Data: []byte(config)}}
	if settings != "" {
		files["tc0.json"] = &fstest.MapFile{Data: []byte(settings)}
	}
	m, err := LoadShape(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// costsOf reads the bounds of a shape.
func costsOf(t *testing.T, m *Model, q Quantisation, s lower.Strategy) *formula.Costs {
	t.Helper()
	l, err := m.Bounds(q)
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

// drawn returns the model of a shape with random weights: gains around 1, others around 0.
func drawn(m *Model, seed uint64) *Model {
	r := rand.New(rand.NewPCG(seed, 1))
	with := *m
	with.unknown, with.Weights = false, Weights{}
	for _, name := range sortedKeys(m.Weights) {
		t := &Tensor{Shape: m.Weights[name].Shape}
		size := 1
		for _, n := range t.Shape {
			size *= n
		}
		for range size {
			v := 0.5 * r.NormFloat64()
			if len(t.Shape) == 1 && biasOf(name) != name {
				v = 1 + v/2
			}
			t.Data = append(t.Data, v)
		}
		with.Weights[name] = t
	}
	return &with
}

// scaledDown are shapes whose circuits are soon built.
var scaledDown = map[string]string{
	"gpt2": `{"model_type": "gpt2", "n_embd": 8, "n_head": 2, "n_layer": 2, "n_positions": 16, "vocab_size": 80}`,
	"llama": `{"model_type": "llama", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2,
		"num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 80, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 64}`,
	"qwen3": `{"model_type": "qwen3", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "head_dim": 4,
		"num_attention_heads": 2, "num_key_value_heads": 2, "vocab_size": 80, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 64}`,
	"llama of few tokens": `{"model_type": "llama", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
		"num_attention_heads": 2, "num_key_value_heads": 2, "vocab_size": 11, "rms_norm_eps": 1e-5, "hidden_act": "relu",
		"max_position_embeddings": 64, "tie_word_embeddings": true}`,
}

// The bounds for every set of weights hold for circuits of random weights, and are near them.
func TestBoundsHoldForRandomWeights(t *testing.T) {
	const n = 4
	q := Quantisation{WeightBits: 5, ActivationBits: 4, ExpLevels: 6}
	for _, name := range sortedKeys(scaledDown) {
		for _, s := range []lower.Strategy{lower.MinDepth, lower.Balanced} {
			m := shapeOf(t, scaledDown[name], `{"name": "small", "length": 4}`)
			f := costsOf(t, m, q, s)
			c := mustLower(t, mustQuantise(t, drawn(m, 3), q).Program, s).Stats()
			for _, k := range []struct {
				what  string
				bound *big.Int
				built int64
			}{
				{"depth", at(t, f, "depth", n), int64(c.Depth)},
				{"gates", at(t, f, "gates", n), int64(c.Size)},
				{"wires", at(t, f, "wires", n), int64(c.Wires)},
			} {
				b := k.bound.Int64()
				t.Logf("%s, %v: %s at most %d, %d built, ratio %.2f", name, s, k.what, b, k.built, float64(b)/float64(k.built))
				// Of few tokens, the first layer is tables, and the last one is made for one position only.
				if b < k.built || b > 3*k.built && name != "llama of few tokens" {
					t.Errorf("%s, %v: %s at most %d, and %d built", name, s, k.what, b, k.built)
				}
			}
			if w := at(t, f, "weight", n); w.Cmp(c.Weight.Big()) < 0 {
				t.Errorf("%s, %v: weight at most %v, and %v built", name, s, w, c.Weight)
			}
		}
	}
}

// at evaluates a bound.
func at(t *testing.T, f *formula.Costs, what string, n int64) *big.Int {
	t.Helper()
	of := map[string]*big.Int{}
	of["depth"], _ = f.At(f.Depth, big.NewInt(n))
	of["gates"], _ = f.At(f.Gates, big.NewInt(n))
	of["wires"], _ = f.At(f.Wires, big.NewInt(n))
	of["weight"], _ = f.At(f.Weight, big.NewInt(n))
	if of[what] == nil {
		t.Fatalf("%s has no value at n = %d", what, n)
	}
	return of[what]
}
