package model

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// rotaryConfig is a llama-like config.json, with fields of one family.
func rotaryConfig(kind string, more map[string]any) map[string]any {
	c := map[string]any{
		"model_type": kind, "vocab_size": 5, "hidden_size": 8, "intermediate_size": 10, "num_hidden_layers": 2,
		"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "hidden_act": "silu", "rms_norm_eps": 1e-6,
		"rope_theta": 100.0, "max_position_embeddings": 64,
	}
	for k, v := range more {
		c[k] = v
	}
	return c
}

// plainRotary is the llama-like network.
func plainRotary(w raw, plus, scale float64, act func(float64) float64, tied bool, frequencies ...float64) plain {
	at := func(l int, name string) string { return fmt.Sprintf("model.layers.%d.%s", l, name) }
	norm := func(name string) func(l int, x []float64) []float64 {
		return func(l int, x []float64) []float64 { return w.rms(at(l, name), x, 1e-6, plus) }
	}
	head := "lm_head"
	if tied {
		head = "model.embed_tokens"
	}
	return plain{
		layers: 2, heads: 4, keyHeads: 2,
		embed: func(_, token int) []float64 {
			return each(w.at("model.embed_tokens.weight", token), func(v float64) float64 { return v * scale })
		},
		norm1: norm("input_layernorm"), norm2: norm("post_attention_layernorm"), turn: halves(frequencies...),
		qkv: func(l int, h []float64) (q, k, v []float64) {
			return w.of(at(l, "self_attn.q_proj"), h), w.of(at(l, "self_attn.k_proj"), h), w.of(at(l, "self_attn.v_proj"), h)
		},
		out: func(l int, h []float64) []float64 { return w.of(at(l, "self_attn.o_proj"), h) },
		mlp: func(l int, h []float64) []float64 {
			return w.of(at(l, "mlp.down_proj"), times(each(w.of(at(l, "mlp.gate_proj"), h), act), w.of(at(l, "mlp.up_proj"), h)))
		},
		logits: func(x []float64) []float64 { return w.of(head, w.rms("model.norm", x, 1e-6, plus)) },
	}
}

// kind is a type of decoder with a small config.json and its paper.
type kind struct {
	name    string
	config  map[string]any
	tensors []string // some that the file must have
	plain   func(w raw) plain
}

var kinds = []kind{
	{"qwen2", rotaryConfig("qwen2", map[string]any{"sliding_window": 3, "use_sliding_window": false}), []string{
		"model.layers.1.self_attn.k_proj.bias", "lm_head.weight",
	}, func(w raw) plain { return plainRotary(w, 0, 1, swish, false, 1, 0.1) }},
	{"mistral", rotaryConfig("mistral", map[string]any{
		"sliding_window": 4, "rope_scaling": map[string]any{"type": "linear", "factor": 4},
	}), nil, func(w raw) plain { return plainRotary(w, 0, 1, swish, false, 0.25, 0.025) }},
	{"gemma", rotaryConfig("gemma", map[string]any{"hidden_act": "gelu", "hidden_activation": nil}), nil, func(w raw) plain {
		return plainRotary(w, 1, math.Sqrt(8), tanhGELU, true, 1, 0.1)
	}},
	{"llama 3.1", rotaryConfig("llama", map[string]any{"head_dim": 8, "rope_scaling": map[string]any{
		"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64,
	}}), nil, func(w raw) plain {
		// Waves of 2π, 19.9, 62.8 and 198.7 positions: 10.2, 3.22, 1.02 and 0.32 of them fit 64.
		r := math.Sqrt(10)
		between := func(f float64) float64 {
			s := (64*f/(2*math.Pi) - 1) / 3
			return (1-s)*f/8 + s*f
		}
		return plainRotary(w, 0, 1, swish, false, 1, between(1/r), between(0.1), 0.1/r/8)
	}},
	{"gpt_neox", neoxConfig(true), []string{"gpt_neox.layers.0.attention.query_key_value.bias", "embed_out.weight"}, plainNeoX},
	{"gpt_neox in sequence", neoxConfig(false), nil, func(w raw) plain {
		p := plainNeoX(w)
		p.parallel = false
		return p
	}},
	{"gpt2 without biases", map[string]any{
		"model_type": "gpt2", "bias": false, "n_embd": 8, "n_head": 2, "n_layer": 2, "n_positions": 6, "vocab_size": 5,
		"activation_function": "gelu",
	}, []string{"transformer.h.0.ln_1.weight"}, plainGPT2},
	{"microgpt", map[string]any{
		"model_type": "microgpt", "n_embd": 8, "n_head": 4, "n_layer": 1, "block_size": 4, "vocab_size": 5,
	}, []string{"wte", "layer0.mlp_fc2", "lm_head"}, plainMicroGPT},
	{"decoder with ALiBi", map[string]any{
		"model_type": "decoder", "norm": "none", "positions": "alibi", "num_layers": 2, "num_heads": 3, "head_size": 4,
		"hidden_size": 8, "max_positions": 9, "vocab_size": 5, "activation": "tanh", "projection_bias": true, "mlp_bias": true,
		"tied_keys_values": true, "tied_queries_outputs": true, "intermediate_size": 6, "tied_embedding": true,
	}, []string{"layers.1.projection.bias"}, func(w raw) plain {
		p := plainOwn(w, math.Tanh)
		p.heads, p.keyHeads = 3, 3
		p.norm1 = func(_ int, x []float64) []float64 { return x }
		p.norm2 = p.norm1
		p.logits = func(x []float64) []float64 { return w.of("embedding", x) }
		// 2^−4 and 2^−8 for two heads, and for the third the first slope of four.
		p.bias = func(head, distance int) float64 {
			return -[]float64{0.0625, 0.00390625, 0.25}[head] * float64(distance)
		}
		p.qkv = func(l int, h []float64) (q, k, v []float64) {
			k = w.of(fmt.Sprintf("layers.%d.key", l), h)
			return w.of(fmt.Sprintf("layers.%d.query", l), h), k, k
		}
		p.out = func(l int, h []float64) []float64 {
			query, y := w[fmt.Sprintf("layers.%d.query.weight", l)], slices.Clone(w[fmt.Sprintf("layers.%d.projection.bias", l)].Data)
			for i, v := range h {
				for j := range y {
					y[j] += query.Data[i*len(y)+j] * v
				}
			}
			return y
		}
		return p
	}},
	{"decoder with interleaved pairs", map[string]any{
		"model_type": "decoder", "norm": "rms", "norm_gain": false, "positions": "rotary", "rotary_base": 16,
		"rotary_features": 4, "rotary_interleaved": true, "num_layers": 2, "num_heads": 2, "head_size": 6,
		"hidden_size": 8, "max_positions": 9, "vocab_size": 5, "activation": "sigmoid", "embedding_norm": true,
		"intermediate_size": 6,
	}, nil, func(w raw) plain {
		p := plainOwn(w, func(v float64) float64 { return 1 / (1 + math.Exp(-v)) })
		p.heads, p.keyHeads = 2, 2
		embed := p.embed
		p.embed = func(t, token int) []float64 { return w.rms("", embed(t, token), 1e-5, 0) }
		p.norm1 = func(_ int, x []float64) []float64 { return w.rms("", x, 1e-5, 0) }
		p.norm2 = p.norm1
		p.turn = func(x []float64, t int) []float64 {
			y := slices.Clone(x)
			for i, f := range []float64{1, 0.25} {
				z := complex(x[2*i], x[2*i+1]) * cmplx.Exp(complex(0, float64(t)*f))
				y[2*i], y[2*i+1] = real(z), imag(z)
			}
			return y
		}
		p.logits = func(x []float64) []float64 { return w.of("unembedding", w.rms("", x, 1e-5, 0)) }
		return p
	}},
	{"decoder without positions", map[string]any{
		"model_type": "decoder", "norm": "layer", "positions": "none", "num_layers": 1, "num_heads": 2, "hidden_size": 8,
		"max_positions": 9, "vocab_size": 5, "activation": "softplus", "intermediate_size": 6, "norm_bias": true,
		"attention_bias": true, "embedding_scale": 2,
	}, nil, func(w raw) plain {
		p := plainOwn(w, func(v float64) float64 { return math.Log(1 + math.Exp(v)) })
		p.layers = 1
		p.embed = func(_, token int) []float64 {
			return each(w.at("embedding.weight", token), func(v float64) float64 { return 2 * v })
		}
		p.norm1 = func(_ int, x []float64) []float64 { return w.layerNorm("layers.0.norm1", x) }
		p.norm2 = func(_ int, x []float64) []float64 { return w.layerNorm("layers.0.norm2", x) }
		p.logits = func(x []float64) []float64 { return w.of("unembedding", w.layerNorm("last_norm", x)) }
		return p
	}},
}

func neoxConfig(parallel bool) map[string]any {
	return map[string]any{
		"model_type": "gpt_neox", "vocab_size": 5, "hidden_size": 16, "intermediate_size": 12, "num_hidden_layers": 2,
		"num_attention_heads": 2, "max_position_embeddings": 32, "rotary_pct": 0.5, "rotary_emb_base": 100,
		"use_parallel_residual": parallel,
	}
}

func plainNeoX(w raw) plain {
	at := func(l int, name string) string { return fmt.Sprintf("gpt_neox.layers.%d.%s", l, name) }
	return plain{
		layers: 2, heads: 2, keyHeads: 2, parallel: true,
		embed: func(_, token int) []float64 { return w.at("gpt_neox.embed_in.weight", token) },
		norm1: func(l int, x []float64) []float64 { return w.layerNorm(at(l, "input_layernorm"), x) },
		norm2: func(l int, x []float64) []float64 { return w.layerNorm(at(l, "post_attention_layernorm"), x) },
		qkv: func(l int, h []float64) (q, k, v []float64) {
			all := w.of(at(l, "attention.query_key_value"), h) // of each head: q, k, v
			q, k = slices.Concat(all[0:8], all[24:32]), slices.Concat(all[8:16], all[32:40])
			return q, k, slices.Concat(all[16:24], all[40:48])
		},
		turn: halves(1, 0.1),
		out:  func(l int, h []float64) []float64 { return w.of(at(l, "attention.dense"), h) },
		mlp: func(l int, h []float64) []float64 {
			return w.of(at(l, "mlp.dense_4h_to_h"), each(w.of(at(l, "mlp.dense_h_to_4h"), h), erfGELU))
		},
		logits: func(x []float64) []float64 { return w.of("embed_out", w.layerNorm("gpt_neox.final_layer_norm", x)) },
	}
}

func plainGPT2(w raw) plain {
	at := func(l int, name string) string { return fmt.Sprintf("transformer.h.%d.%s", l, name) }
	return plain{
		layers: 2, heads: 2, keyHeads: 2,
		embed: func(t, token int) []float64 {
			return added(w.at("transformer.wte.weight", token), w.at("transformer.wpe.weight", t))
		},
		norm1: func(l int, x []float64) []float64 { return w.layerNorm(at(l, "ln_1"), x) },
		norm2: func(l int, x []float64) []float64 { return w.layerNorm(at(l, "ln_2"), x) },
		qkv: func(l int, h []float64) (q, k, v []float64) {
			all, d := w.conv1d(at(l, "attn.c_attn"), h), len(h)
			return all[:d], all[d : 2*d], all[2*d:]
		},
		out: func(l int, h []float64) []float64 { return w.conv1d(at(l, "attn.c_proj"), h) },
		mlp: func(l int, h []float64) []float64 {
			return w.conv1d(at(l, "mlp.c_proj"), each(w.conv1d(at(l, "mlp.c_fc"), h), erfGELU))
		},
		logits: func(x []float64) []float64 { return w.of("transformer.wte", w.layerNorm("transformer.ln_f", x)) },
	}
}

func plainMicroGPT(w raw) plain {
	norm := func(_ int, x []float64) []float64 { return w.rms("", x, 1e-5, 0) }
	return plain{
		layers: 1, heads: 4, keyHeads: 4, norm1: norm, norm2: norm,
		embed: func(t, token int) []float64 { return norm(0, added(w.at("wte", token), w.at("wpe", t))) },
		qkv: func(_ int, h []float64) (q, k, v []float64) {
			return w.of("layer0.attn_wq", h), w.of("layer0.attn_wk", h), w.of("layer0.attn_wv", h)
		},
		out: func(_ int, h []float64) []float64 { return w.of("layer0.attn_wo", h) },
		mlp: func(_ int, h []float64) []float64 {
			return w.of("layer0.mlp_fc2", each(w.of("layer0.mlp_fc1", h), func(v float64) float64 { return max(v, 0) }))
		},
		logits: func(x []float64) []float64 { return w.of("lm_head", x) },
	}
}

// plainOwn has the maps of the type decoder, without norms and positions.
func plainOwn(w raw, act func(float64) float64) plain {
	at := func(l int, name string) string { return fmt.Sprintf("layers.%d.%s", l, name) }
	return plain{
		layers: 2, heads: 2, keyHeads: 2,
		embed: func(_, token int) []float64 { return w.at("embedding.weight", token) },
		qkv: func(l int, h []float64) (q, k, v []float64) {
			return w.of(at(l, "query"), h), w.of(at(l, "key"), h), w.of(at(l, "value"), h)
		},
		out: func(l int, h []float64) []float64 { return w.of(at(l, "projection"), h) },
		mlp: func(l int, h []float64) []float64 { return w.of(at(l, "down"), each(w.of(at(l, "up"), h), act)) },
	}
}
