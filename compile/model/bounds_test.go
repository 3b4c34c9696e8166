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
	return costsWithin(t, m, q, Limits{}, s)
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
				// The usual strategy is the balanced one. Of few tokens, the first layer is tables; it is also the last
				// one here, which is made for one position only.
				near := int64(3)
				if s != lower.Balanced || name == "llama of few tokens" {
					near = 5
				}
				if b < k.built || b > near*k.built {
					t.Errorf("%s, %v: %s at most %d, and %d built", name, s, k.what, b, k.built)
				}
			}
			if w := at(t, f, "weight", n); w.Cmp(c.Weight.Big()) < 0 {
				t.Errorf("%s, %v: weight at most %v, and %v built", name, s, w, c.Weight)
			}
		}
	}
}

// Published shapes are counted from their configurations.
func TestBoundsOfPublishedShapes(t *testing.T) {
	for _, test := range []struct {
		config string
		q      Quantisation
		depth  int64
		gates  string // in n
	}{
		{
			`{"model_type": "gpt2", "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024, "vocab_size": 50257}`,
			Quantisation{},
			184, "1152·n³ + 1494720·n² + 1723630824·n + 1267085305",
		},
		{
			`{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
			"num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "rope_theta": 500000.0,
			"rms_norm_eps": 1e-05, "hidden_act": "silu", "max_position_embeddings": 8192}`,
			Quantisation{ActivationBits: 8},
			388, "8192·n³ + 29372416·n² + 10340836736·n + 8225905280",
		},
	} {
		f := costsOf(t, shapeOf(t, test.config, ""), test.q, lower.Balanced)
		if gates := f.InN(f.Gates).Pretty(); gates != test.gates || at(t, f, "depth", 1024).Int64() != test.depth {
			t.Errorf("depth %v and %s gates, want %d and %s", f.Depth, gates, test.depth, test.gates)
		}
	}
}

// A vocabulary of today is read; what has no bounds says so.
func TestShapes(t *testing.T) {
	const qwen = `{"model_type": "qwen3", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 1,
		"num_attention_heads": 2, "num_key_value_heads": 2, "vocab_size": 151936, "rms_norm_eps": 1e-5, "hidden_act": "silu",
		"max_position_embeddings": 40960}`
	m := shapeOf(t, qwen, `{"name": "large", "length": 7}`)
	if c := m.Config; len(c.Labels) != 151936 || c.Input.Length != 7 || c.Name != "large" {
		t.Errorf("%d labels, length %d, name %q", len(c.Labels), c.Input.Length, c.Name)
	}
	l, err := m.Bounds(Quantisation{ActivationBits: 4}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if q := l.Quantisation(); q.ActivationBits != 4 || q.ResidualBits != 6 {
		t.Errorf("%+v, want 4 bits and 6", q)
	}
	_, err = l.Program(3)
	wantError(t, err, `model: large: its weights are not known, so it has no circuit`)
	_, err = m.Bounds(Quantisation{ActivationBits: 99}, Limits{})
	wantError(t, err, `model "large": quantise: "activation_bits": 99 is outside 2..12`)
	_, err = mustLoad(t, familyFiles(), "llama").Bounds(Quantisation{}, Limits{})
	wantError(t, err, `model: tiny llama: has its weights; bounds for every set of weights are of a shape`)
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
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
