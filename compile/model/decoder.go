package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Decoder are the sizes and kinds of a decoder-only transformer, as config.json of
// its family says.
type Decoder struct {
	Hidden       int     // d
	Intermediate int     // hidden units of the feed-forward network
	Layers       int     //
	Heads        int     // of the queries
	KeyHeads     int     // of the keys and values
	HeadSize     int     // e
	Positions    int     // that the network was made for
	Activation   string  // of the hidden units or of the gate, by its name in package compile
	Epsilon      float64 // of the norms
	Base         float64 // of rotary positions

	LayerNorm     bool // with bias; else RMS norms
	Learned       bool // positions: learned; else rotary
	Gated         bool // feed-forward network
	HeadNorm      bool // RMS norm of each query and key
	Tied          bool // the unembedding is the embedding
	AttentionBias bool
	MLPBias       bool
}

// activationNames are what the families call the functions of package compile.
var activationNames = map[string]string{
	"gelu": "gelu", "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "relu": "relu", "silu": "silu", "swish": "silu",
	"tanh": "tanh", "sigmoid": "sigmoid",
}

// function reads the name of an activation function.
func function(to *string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var name string
		if err := into(&name)(raw); err != nil {
			return err
		}
		known, ok := activationNames[name]
		if !ok {
			return fmt.Errorf("an unknown activation; known: %s", list(sortedKeys(activationNames)))
		}
		*to = known
		return nil
	}
}

// parseGPT2 reads the config.json of a GPT-2 (Radford et al. 2019).
func parseGPT2(text []byte, c *Config) error {
	d := &Decoder{
		Positions: 1024, Activation: "gelu_tanh", Epsilon: 1e-5, LayerNorm: true, Learned: true, Tied: true,
		AttentionBias: true, MLPBias: true, Hidden: 768, Layers: 12, Heads: 12,
	}
	c.Input.Vocab = 50257
	fields := append(inertFields(), inert("attn_pdrop", "embd_pdrop", "n_ctx", "reorder_and_upcast_attn", "resid_pdrop", "summary_activation",
		"summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj")...)
	fields = append(fields,
		field{"activation_function", function(&d.Activation), false},
		field{"layer_norm_epsilon", positive(&d.Epsilon), false},
		field{"n_embd", sizeInto(&d.Hidden), true},
		field{"n_head", sizeInto(&d.Heads), true},
		field{"n_inner", into(&d.Intermediate), false},
		field{"n_layer", sizeInto(&d.Layers), true},
		field{"n_positions", sizeInto(&d.Positions), true},
		field{"scale_attn_by_inverse_layer_idx", only("scaling by layer", "false"), false},
		field{"scale_attn_weights", only("attention without scaling", "true"), false},
		field{"add_cross_attention", only("cross attention", "false"), false},
		field{"tie_word_embeddings", into(&d.Tied), false},
		field{"vocab_size", sizeInto(&c.Input.Vocab), true},
	)
	if err := readFields(text, fields); err != nil {
		return err
	}
	if d.Intermediate == 0 {
		d.Intermediate = 4 * d.Hidden
	}
	d.KeyHeads = d.Heads
	return c.finish(text, d, "n_head")
}

// parseLlama reads the config.json of a Llama (Touvron et al. 2023).
func parseLlama(text []byte, c *Config) error {
	return parseRotary(text, c, &Decoder{Activation: "silu", Epsilon: 1e-6, Base: 10000, Gated: true, Positions: 2048})
}

// parseQwen3 reads the config.json of a Qwen3 (Yang et al. 2025): a Llama with norms
// of the queries and keys.
func parseQwen3(text []byte, c *Config) error {
	return parseRotary(text, c, &Decoder{Activation: "silu", Epsilon: 1e-6, Base: 10000, Gated: true, HeadNorm: true, HeadSize: 128, Positions: 32768})
}

func parseRotary(text []byte, c *Config, d *Decoder) error {
	fields := append(inertFields(), inert("attention_dropout", "max_window_layers")...)
	fields = append(fields,
		field{"attention_bias", into(&d.AttentionBias), false},
		field{"head_dim", sizeInto(&d.HeadSize), false},
		field{"hidden_act", function(&d.Activation), true},
		field{"hidden_size", sizeInto(&d.Hidden), true},
		field{"intermediate_size", sizeInto(&d.Intermediate), true},
		field{"layer_types", fullAttention, false},
		field{"max_position_embeddings", sizeInto(&d.Positions), true},
		field{"num_attention_heads", sizeInto(&d.Heads), true},
		field{"num_hidden_layers", sizeInto(&d.Layers), true},
		field{"num_key_value_heads", into(&d.KeyHeads), false},
		field{"rms_norm_eps", positive(&d.Epsilon), true},
		field{"rope_parameters", func(raw json.RawMessage) error { return ropeParameters(raw, d) }, false},
		field{"rope_scaling", only("scaled rotary positions", "null"), false},
		field{"rope_theta", positive(&d.Base), false},
		field{"sliding_window", into(new(int)), false}, // counts only with use_sliding_window
		field{"tie_word_embeddings", into(&d.Tied), false},
		field{"use_sliding_window", only("attention to a window", "false"), false},
		field{"vocab_size", sizeInto(&c.Input.Vocab), true},
	)
	if !d.HeadNorm { // Qwen3 has none, whatever its configuration says
		fields = append(fields, field{"mlp_bias", into(&d.MLPBias), false})
	}
	if err := readFields(text, fields); err != nil {
		return err
	}
	if d.KeyHeads == 0 {
		d.KeyHeads = d.Heads
	}
	return c.finish(text, d, "num_attention_heads")
}

func ropeParameters(raw json.RawMessage, d *Decoder) error {
	return readFields(raw, []field{
		{"rope_theta", positive(&d.Base), true},
		{"rope_type", only("scaled rotary positions", `"default"`), false},
	})
}

func fullAttention(raw json.RawMessage) error {
	var kinds []string
	if err := into(&kinds)(raw); err != nil {
		return err
	}
	for _, k := range kinds {
		if k != "full_attention" {
			return fmt.Errorf("%s is not built here; known: full_attention", quote(k))
		}
	}
	return nil
}

// finish checks the sizes against each other.
func (c *Config) finish(text []byte, d *Decoder, heads string) error {
	if d.HeadSize == 0 {
		if d.Hidden%d.Heads != 0 {
			return placed(text, badField(heads, "%d heads do not share %d features evenly", d.Heads, d.Hidden))
		}
		d.HeadSize = d.Hidden / d.Heads
	}
	if d.KeyHeads < 1 || d.Heads%d.KeyHeads != 0 {
		return placed(text, badField("num_key_value_heads", "%d do not divide the %d heads of queries", d.KeyHeads, d.Heads))
	}
	if !d.Learned && d.HeadSize%2 != 0 {
		return placed(text, badField("head_dim", "%d is odd, and rotary positions turn pairs of features", d.HeadSize))
	}
	if d.Intermediate < 1 || d.Intermediate > most {
		return placed(text, badField("n_inner", "%d is outside 1..%d", d.Intermediate, most))
	}
	c.Decoder, c.HiddenSize, c.IntermediateSize, c.Activation = d, d.Hidden, d.Intermediate, d.Activation
	c.Input.Kind = "tokens"
	return nil
}

// part is a linear map or norm of a layer, by what it is for.
type part string

const (
	norm1      part = "norm 1"
	query      part = "query"
	key        part = "key"
	value      part = "value"
	queryNorm  part = "query norm"
	keyNorm    part = "key norm"
	projection part = "projection"
	norm2      part = "norm 2"
	gate       part = "gate"
	up         part = "up"
	down       part = "down"
	embedding  part = "embedding"
	positions  part = "positions"
	lastNorm   part = "last norm"
	head       part = "unembedding"
)

// partNames are the published names of the tensors, without .weight and .bias; K is
// the number of the layer. What follows a bar is a third of a fused tensor.
var partNames = map[string]map[part]string{
	"gpt2": {
		norm1: "h.K.ln_1", query: "h.K.attn.c_attn|query", key: "h.K.attn.c_attn|key", value: "h.K.attn.c_attn|value",
		projection: "h.K.attn.c_proj", norm2: "h.K.ln_2", up: "h.K.mlp.c_fc", down: "h.K.mlp.c_proj",
		embedding: "wte", positions: "wpe", lastNorm: "ln_f", head: "lm_head",
	},
	"llama": llamaNames,
	"qwen3": llamaNames,
}

var llamaNames = map[part]string{
	norm1: "model.layers.K.input_layernorm", query: "model.layers.K.self_attn.q_proj", key: "model.layers.K.self_attn.k_proj",
	value: "model.layers.K.self_attn.v_proj", queryNorm: "model.layers.K.self_attn.q_norm", keyNorm: "model.layers.K.self_attn.k_norm",
	projection: "model.layers.K.self_attn.o_proj", norm2: "model.layers.K.post_attention_layernorm",
	gate: "model.layers.K.mlp.gate_proj", up: "model.layers.K.mlp.up_proj", down: "model.layers.K.mlp.down_proj",
	embedding: "model.embed_tokens", lastNorm: "model.norm", head: "lm_head",
}

// tensor returns the key of a weight or a bias in the weights of the model.
func (c *Config) tensor(p part, layer int, kind string) string {
	if p == head && c.Decoder.Tied {
		p = embedding
	}
	name := strings.Replace(partNames[c.ModelType][p], ".K.", fmt.Sprintf(".%d.", layer), 1)
	name, third, fused := strings.Cut(name, "|")
	name += "." + kind
	if fused {
		name += " " + third
	}
	return name
}

// decoderTensors returns the tensors of a decoder by their published names.
func decoderTensors(c *Config) []tensorSpec {
	d := c.Decoder
	v, h, i, q, k := c.Input.Vocab, d.Hidden, d.Intermediate, d.Heads*d.HeadSize, d.KeyHeads*d.HeadSize
	specs := []tensorSpec{{name: c.tensor(embedding, 0, "weight"), shape: []int{v, h}}}
	gpt2 := c.ModelType == "gpt2"
	linear := func(p part, layer, out, in int, bias bool) {
		specs = append(specs, tensorSpec{name: c.tensor(p, layer, "weight"), shape: []int{out, in}, transposed: gpt2})
		if bias {
			specs = append(specs, tensorSpec{name: c.tensor(p, layer, "bias"), shape: []int{out}})
		}
	}
	norm := func(p part, layer, size int) {
		specs = append(specs, tensorSpec{name: c.tensor(p, layer, "weight"), shape: []int{size}})
		if d.LayerNorm {
			specs = append(specs, tensorSpec{name: c.tensor(p, layer, "bias"), shape: []int{size}})
		}
	}
	if d.Learned {
		specs = append(specs, tensorSpec{name: c.tensor(positions, 0, "weight"), shape: []int{d.Positions, h}})
	}
	for l := range d.Layers {
		norm(norm1, l, h)
		if gpt2 {
			thirds := []string{"query", "key", "value"}
			base, _, _ := strings.Cut(c.tensor(query, l, "weight"), " ")
			specs = append(specs, tensorSpec{name: base, shape: []int{3 * h, h}, transposed: true, parts: thirds})
			base, _, _ = strings.Cut(c.tensor(query, l, "bias"), " ")
			specs = append(specs, tensorSpec{name: base, shape: []int{3 * h}, parts: thirds})
		} else {
			linear(query, l, q, h, d.AttentionBias)
			linear(key, l, k, h, d.AttentionBias)
			linear(value, l, k, h, d.AttentionBias)
		}
		if d.HeadNorm {
			norm(queryNorm, l, d.HeadSize)
			norm(keyNorm, l, d.HeadSize)
		}
		linear(projection, l, h, q, d.AttentionBias)
		norm(norm2, l, h)
		if d.Gated {
			linear(gate, l, i, h, d.MLPBias)
		}
		linear(up, l, i, h, d.MLPBias)
		linear(down, l, h, i, d.MLPBias)
	}
	norm(lastNorm, 0, h)
	if !d.Tied {
		specs = append(specs, tensorSpec{name: "lm_head.weight", shape: []int{v, h}})
	}
	return specs
}

// ignoredTensors are buffers that some versions of the families store: masks and
// angles, which follow from the configuration.
var ignoredTensors = []string{".attn.bias", ".attn.masked_bias", ".rotary_emb.inv_freq"}

// prefixes are what the names of a whole model have, and those of its body have not.
var prefixes = map[string]string{"gpt2": "transformer.", "llama": "model.", "qwen3": "model.", "mamba": "backbone."}

var errUntied = errors.New("differs from the embedding, although config.json ties them")

// patterns returns the names of tensors with the layer number as K.
func patterns(specs []tensorSpec) []string {
	var names []string
	for _, s := range specs {
		fields := strings.Split(s.name, ".")
		for i, f := range fields {
			if f != "" && strings.Trim(f, "0123456789") == "" {
				fields[i] = "K"
			}
		}
		if name := strings.Join(fields, "."); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
