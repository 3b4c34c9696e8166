package model

import (
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func caseFiles() fs.FS { return os.DirFS("testdata/cases") }

// rawOf reads the tensors of a folder as they are.
func rawOf(t testing.TB, fsys fs.FS, folder string) raw {
	t.Helper()
	f, err := readWeightFiles(fsys, path.Join(folder, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	w := raw{}
	for _, name := range f.tensors.Names() {
		view, _ := f.tensors.Tensor(name)
		var shape []int
		for _, n := range view.Shape() {
			shape = append(shape, int(n))
		}
		if w[name], err = f.real(spec(name, shape...)); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// Folders that others wrote are read as their families read them.
func TestDecoderCases(t *testing.T) {
	one := func(w raw, heads, keyHeads int, frequencies ...float64) plain {
		p := plainRotary(w, 0, 1, swish, false, frequencies...)
		p.layers, p.heads, p.keyHeads = 1, heads, keyHeads
		return p
	}
	qwen3 := func(w raw) plain { // with norms of the queries and keys
		p := one(w, 2, 1, 1, 0.1)
		maps := p.qkv
		p.qkv = func(l int, h []float64) (q, k, v []float64) {
			q, k, v = maps(l, h)
			const at = "model.layers.0.self_attn."
			q = slices.Concat(w.rms(at+"q_norm", q[:4], 1e-6, 0), w.rms(at+"q_norm", q[4:], 1e-6, 0))
			return q, w.rms(at+"k_norm", k, 1e-6, 0), v
		}
		return p
	}
	seven := func(w raw) plain { return one(w, 2, 1, 1, 1/math.Sqrt(7)) }
	gpt2 := func(w raw) plain { // of one layer; the GELU is that of config.json
		p := plainGPT2(w)
		p.layers = 1
		return p
	}
	newGPT2 := func(w raw) plain {
		p := gpt2(w)
		if w["transformer.wte.weight"] == nil { // tied, and kept under its other name
			w["transformer.wte.weight"] = w["lm_head.weight"]
		}
		const at = "transformer.h.0.mlp."
		p.mlp = func(_ int, h []float64) []float64 {
			return w.conv1d(at+"c_proj", each(w.conv1d(at+"c_fc", h), tanhGELU))
		}
		if w["lm_head.weight"] != nil {
			p.logits = func(x []float64) []float64 { return w.of("lm_head", w.layerNorm("transformer.ln_f", x)) }
		}
		return p
	}
	adder := func(w raw) plain {
		p := qwen3(w)
		p.turn = halves(1, 1/math.Sqrt(3))
		p.logits = func(x []float64) []float64 { return w.of("model.embed_tokens", w.rms("model.norm", x, 1e-6, 0)) }
		return p
	}
	for name, papers := range map[string]func(w raw) plain{
		"attn-implementation":         newGPT2,
		"calibration-no-labels":       newGPT2,
		"fields-2019":                 newGPT2,
		"fields-2019-b":               newGPT2,
		"generation-fields":           newGPT2,
		"gpt2-new-field":              gpt2,
		"gpt2-no-bias":                gpt2,
		"gpt2-two-inert":              gpt2,
		"head-kept-embedding-dropped": newGPT2,
		"labels-1d":                   newGPT2,
		"sharded":                     newGPT2,
		"slash-token":                 newGPT2,
		"zero-token-table":            newGPT2,
		"hidden-act-null":             func(w raw) plain { return one(w, 2, 1, 1, 0.1) },
		"sharp-attention":             func(w raw) plain { return one(w, 1, 1, 1, 0.01, 0.0001) },
		"weight-scale-tc0json":        func(w raw) plain { return one(w, 2, 1, 1, 0.1) },
		"qwen3-int64-a8":              adder,
		"qwen3-int64-mix":             adder,
		"qwen3-score-span":            adder,
		"sharp-head-norm":             qwen3,
		"head-dim-null":               func(w raw) plain { return one(w, 3, 3, 1) },
		"mlp-bias-false":              qwen3,
		"rope-interleaved-false":      func(w raw) plain { return one(w, 2, 1, 1, 0.1) },
		"rope-parameters-no-theta":    seven,
		"rope-parameters-null":        seven,
		"sliding-harmless":            qwen3,
	} {
		m, w := mustLoad(t, caseFiles(), name), rawOf(t, caseFiles(), name)
		p := papers(w)
		for i := range 20 {
			in := make([]int64, m.Config.Input.Length)
			for j := range in {
				in[j] = int64((7*i + 3*j*j + i*j) % m.Config.Input.Vocab)
			}
			got, want := m.Forward(in), p.run(in, m.Config.Outputs)
			for k := range want {
				if math.Abs(got[k]-want[k]) > 1e-9 || len(got) != len(want) {
					t.Fatalf("%s: input %v: logit %d is %v, want %v", name, in, k, got[k], want[k])
				}
			}
		}
	}
}

// A tensor is there for all biases or for none.
func TestSomeBiasesAreMissing(t *testing.T) {
	for _, missing := range []string{"h.0.ln_1.bias", "h.1.mlp.c_proj.bias"} {
		files := changed(t, "gpt2", "", nil).(fstest.MapFS)
		data := files["gpt2/model.safetensors"].Data
		n := int(data[0]) | int(data[1])<<8
		header := strings.Replace(string(data[8:8+n]), missing, strings.Replace(missing, "bias", "none", 1), 1)
		files["gpt2/model.safetensors"] = &fstest.MapFile{Data: withHeader(header, data[8+n:])}
		_, err := Load(files, "gpt2")
		if err == nil || !strings.Contains(err.Error(), missing+`": is missing`) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	_, err := Load(changed(t, "gpt2", "config.json", map[string]any{"bias": false}), "gpt2")
	if err == nil || !strings.Contains(err.Error(), `bias": is not part of this type of model`) {
		t.Errorf("with bias false: %v", err)
	}
}

// The shapes of published networks have the numbers of parameters that were published with them.
func TestParametersOfPublishedDecoders(t *testing.T) {
	read := func(name string) string {
		text, err := fs.ReadFile(caseFiles(), name+"/config.json")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, test := range []struct {
		name, config string
		want         int
	}{
		{"microgpt", read("config-microgpt"), 4192},
		{"Qwen2 0.5B", read("config-qwen2"), 494_032_768},
		{"GPT-2", `{"model_type": "gpt2", "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024,
			"vocab_size": 50257}`, 124_439_808},
		{"Llama 3.1 8B", `{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "hidden_act": "silu",
			"num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
			"max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "rope_scaling": {"factor": 8.0,
			"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
			"rope_type": "llama3"}}`, 8_030_261_248},
		{"Mistral 7B", `{"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "hidden_act": "silu",
			"num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000,
			"max_position_embeddings": 32768, "rms_norm_eps": 1e-5, "sliding_window": 4096}`, 7_241_732_096},
		{"Gemma 2B", `{"model_type": "gemma", "hidden_size": 2048, "intermediate_size": 16384, "hidden_act": "gelu",
			"num_hidden_layers": 18, "num_attention_heads": 8, "num_key_value_heads": 1, "vocab_size": 256000,
			"head_dim": 256, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6}`, 2_506_172_416},
		{"Pythia 70M", `{"model_type": "gpt_neox", "hidden_size": 512, "intermediate_size": 2048, "hidden_act": "gelu",
			"num_hidden_layers": 6, "num_attention_heads": 8, "vocab_size": 50304, "rotary_pct": 0.25,
			"max_position_embeddings": 2048, "layer_norm_eps": 1e-5}`, 70_426_624},
	} {
		d := document{"config.json", []byte(test.config)}
		a, err := d.architecture()
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		c := &Config{ModelType: a.name}
		if err := a.configure(d, c); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		count := 0
		for _, s := range a.tensors(c) {
			size := 1
			for _, n := range s.shape {
				size *= n
			}
			count += size
		}
		if count != test.want {
			t.Errorf("%s has %d parameters, want %d", test.name, count, test.want)
		}
	}
}

// What is left out of the scaling of Llama 3.1 is as in the code that came with it.
func TestFrequenciesOfLlama31(t *testing.T) {
	text, err := fs.ReadFile(caseFiles(), "config-llama31-rope/config.json")
	if err != nil {
		t.Fatal(err)
	}
	c := &Config{ModelType: "llama"}
	if err := configureLlama(document{"config.json", text}, c); err != nil {
		t.Fatal(err)
	}
	got := c.Decoder.Rotary.Frequencies
	for i, f := range got {
		want := math.Pow(500000, -float64(i)/8)
		switch waves := 8192 * want / (2 * math.Pi); {
		case waves < 1:
			want /= 8
		case waves < 4:
			s := (waves - 1) / 3
			want *= (1-s)/8 + s
		}
		if math.Abs(f/want-1) > 1e-12 {
			t.Errorf("pair %d turns by %g, want %g", i, f, want)
		}
	}
	if len(got) != 8 || got[0] != 1 || got[7] > 1.3e-6 {
		t.Errorf("frequencies %v", got)
	}
}

func TestDecodersSayWhatTheyDoNotKnow(t *testing.T) {
	_, err := Load(caseFiles(), "two-thetas")
	const both = `field "rope_theta": 10000, and rope_parameters.rope_theta is 2: they differ`
	if err == nil || !strings.Contains(err.Error(), both) || strings.Contains(err.Error(), "\n") {
		t.Errorf("two thetas: %v", err)
	}
	scaled := func(p ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(p); i += 2 {
			m[p[i].(string)] = p[i+1]
		}
		return m
	}
	for _, test := range []struct {
		kind   string
		fields map[string]any
		want   string
	}{
		{"qwen2", scaled("mlp_bias", true), "a bias of the feed-forward network is not built here"},
		{"qwen2", scaled("layer_types", []string{"full_attention"}), "1 kinds for 2 layers"},
		{"qwen2", scaled("use_sliding_window", true, "max_window_layers", 0), `"sliding_window": 3 positions, and the length in tc0.json is 4`},
		{"mistral", scaled("sliding_window", 3), `"sliding_window": 3 positions, and the length in tc0.json is 4`},
		{"mistral", scaled("rope_scaling", scaled("type", "linear")), `"rope_scaling": factor is missing`},
		{"mistral", scaled("rope_scaling", scaled("factor", 2)), `rope_type is missing; known: default, linear, llama3`},
		{"mistral", scaled("rope_scaling", scaled("type", "linear", "rope_type", "llama3", "factor", 2)), `rope_type is "llama3", and type is "linear": they differ`},
		{"mistral", scaled("rope_scaling", scaled("beta", 2)), `field "rope_scaling.beta": is not known`},
		{"mistral", scaled("rope_parameters", scaled("rope_type", "linear", "factor", 2)), `"rope_scaling": differs from rope_parameters`},
		{"mistral", scaled("rope_parameters", 3), `"rope_parameters": number where an object is wanted`},
		{"llama 3.1", scaled("rope_interleaved", true), "interleaved pairs is not built here"},
		{"llama 3.1", scaled("rope_scaling", scaled("rope_type", "dynamic", "factor", 2)), `scaled rotary positions of type "dynamic" are not built here`},
		{"llama 3.1", scaled("rope_scaling", scaled("rope_type", "default", "factor", 2)), "factor 2 has no meaning with rope_type default"},
		{"llama 3.1", scaled("rope_scaling", scaled("rope_type", "llama3", "high_freq_factor", 1)), "high_freq_factor 1 is not above low_freq_factor 1"},
		{"llama 3.1", scaled("rope_parameters", scaled("partial_rotary_factor", 0.5)), "partial_rotary_factor 0.5 is not built in this type"},
		{"llama 3.1", scaled("num_attention_heads", nil), `"num_attention_heads": is missing`},
		{"gemma", scaled("hidden_activation", "relu"), "relu, and hidden_act is gelu_tanh: they differ"},
		{"gpt_neox", scaled("rotary_pct", 0.4), "0.4 of the 8 features of a head are 3; an even number up to these can turn"},
		{"gpt_neox", scaled("partial_rotary_factor", 1), `"rotary_pct": 0.5, and partial_rotary_factor is 1: they differ`},
		{"gpt_neox", scaled("rope_theta", 7), `"rotary_emb_base": 100, and rope_theta is 7: they differ`},
		{"decoder without positions", scaled("positions", "sinusoidal"), "is not known; known: [learned rotary alibi none]"},
		{"decoder without positions", scaled("norm", "batch"), `"norm": "batch": is not known; known: [layer rms none]`},
		{"decoder without positions", scaled("num_key_heads", 3), `"num_key_heads": 3 do not divide the 2 heads`},
		{"decoder with interleaved pairs", scaled("rotary_features", 5), "5 of the 6 features of a head; an even number"},
		{"microgpt", scaled("n_head", 3), "3 heads do not share 8 features evenly"},
	} {
		i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == test.kind })
		if i < 0 {
			t.Fatalf("there is no kind %s", test.kind)
		}
		files, _ := kinds[i].folder(t, 4)
		files["tiny/config.json"].Data = merged(t, files["tiny/config.json"].Data, test.fields)
		_, err := Load(files, "tiny")
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "tiny/config.json:") {
			t.Errorf("%s with %v: %v, want %s", test.kind, test.fields, err, test.want)
		}
	}
}
