package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// Decoder has the sizes and kinds of a decoder-only transformer, as config.json of its family says.
type Decoder struct {
	Hidden       int     // d
	Intermediate int     // hidden units of the feed-forward network
	Layers       int     //
	Heads        int     // of the queries
	KeyHeads     int     // of the keys and values
	HeadSize     int     // e
	Positions    int     // that the network was made for
	Activation   string  // of the hidden units or of the gate, by its name in package compile
	Base         float64 // of rotary positions

	LayerNorm     bool // with bias; else RMS norms
	Learned       bool // positions: learned; else rotary
	Gated         bool // feed-forward network
	HeadNorm      bool // RMS norm of each query and key
	Tied          bool // the unembedding is the embedding
	AttentionBias bool
	MLPBias       bool
}

// activationNames maps the names of functions in the families to their names in package compile.
var activationNames = map[string]string{
	"gelu": "gelu", "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "relu": "relu",
	"silu": "silu", "swish": "silu", "tanh": "tanh", "sigmoid": "sigmoid",
}

// function reads the name of an activation function.
func function(to *string) func(json.RawMessage) error {
	return checked(to, func(name string) error {
		known, ok := activationNames[name]
		if !ok {
			return fmt.Errorf("an unknown activation; known: %s", list(sortedKeys(activationNames)))
		}
		*to = known
		return nil
	})
}

// configureGPT2 reads the config.json of a GPT-2 (Radford et al. 2019).
func configureGPT2(doc document, c *Config) error {
	c.epsilon = 1e-5
	d := &Decoder{
		Activation: "gelu_tanh",
		LayerNorm:  true, Learned: true, Tied: true, AttentionBias: true, MLPBias: true,
	}
	err := fields{
		"activation_function":             function(&d.Activation),
		"layer_norm_epsilon":              positive(&c.epsilon),
		"n_embd":                          sizeInto(&d.Hidden),
		"n_head":                          sizeInto(&d.Heads),
		"n_inner":                         into(&d.Intermediate),
		"n_layer":                         sizeInto(&d.Layers),
		"n_positions":                     sizeInto(&d.Positions),
		"scale_attn_by_inverse_layer_idx": only("scaling by layer", "false"),
		"scale_attn_weights":              only("attention without scaling", "true"),
		"add_cross_attention":             only("cross attention", "false"),
		"tie_word_embeddings":             into(&d.Tied),
		"vocab_size":                      sizeInto(&c.Input.Vocab),
	}.with(
		"attn_pdrop", "embd_pdrop", "n_ctx", "reorder_and_upcast_attn", "resid_pdrop", "summary_activation",
		"summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj",
	).read(doc, "n_embd", "n_head", "n_layer", "n_positions", "vocab_size")
	if err != nil {
		return err
	}
	d.Intermediate = cmp.Or(d.Intermediate, 4*d.Hidden)
	return c.finish(doc, d, "n_head")
}

// configureLlama reads the config.json of a Llama (Touvron et al. 2023).
func configureLlama(doc document, c *Config) error {
	return configureRotary(doc, c, &Decoder{})
}

// configureQwen3 reads the config.json of a Qwen3 (Yang et al. 2025): a Llama with norms
// of the queries and keys.
func configureQwen3(doc document, c *Config) error {
	return configureRotary(doc, c, &Decoder{HeadNorm: true, HeadSize: 128})
}

func configureRotary(doc document, c *Config, d *Decoder) error {
	d.Base, d.Gated, d.Activation = 10000, true, "silu"
	f := fields{
		"attention_bias":          into(&d.AttentionBias),
		"head_dim":                sizeInto(&d.HeadSize),
		"hidden_act":              function(&d.Activation),
		"hidden_size":             sizeInto(&d.Hidden),
		"intermediate_size":       sizeInto(&d.Intermediate),
		"layer_types":             fullAttention,
		"max_position_embeddings": sizeInto(&d.Positions),
		"num_attention_heads":     sizeInto(&d.Heads),
		"num_hidden_layers":       sizeInto(&d.Layers),
		"num_key_value_heads":     into(&d.KeyHeads),
		"rms_norm_eps":            positive(&c.epsilon),
		"rope_parameters": func(raw json.RawMessage) error {
			return fields{
				"rope_theta": positive(&d.Base),
				"rope_type":  only("scaled rotary positions", `"default"`),
			}.read(document{text: raw})
		},
		"rope_scaling":        only("scaled rotary positions", "null"),
		"rope_theta":          positive(&d.Base),
		"sliding_window":      into(new(int)), // counts only with use_sliding_window
		"tie_word_embeddings": into(&d.Tied),
		"use_sliding_window":  only("attention to a window", "false"),
		"vocab_size":          sizeInto(&c.Input.Vocab),
	}
	if !d.HeadNorm { // Qwen3 has none, whatever its configuration says
		f["mlp_bias"] = into(&d.MLPBias)
	}
	err := f.with("attention_dropout", "max_window_layers").read(doc,
		"hidden_size", "intermediate_size", "max_position_embeddings", "num_attention_heads",
		"num_hidden_layers", "rms_norm_eps", "vocab_size")
	if err != nil {
		return err
	}
	return c.finish(doc, d, "num_attention_heads")
}

func fullAttention(raw json.RawMessage) error {
	var kinds []string
	return checked(&kinds, func([]string) error {
		for _, k := range kinds {
			if k != "full_attention" {
				return fmt.Errorf("%s is not built here; known: full_attention", quote(k))
			}
		}
		return nil
	})(raw)
}

// finish fills in what is left out and checks the sizes against each other.
func (c *Config) finish(doc document, d *Decoder, heads string) error {
	d.KeyHeads = cmp.Or(d.KeyHeads, d.Heads)
	if d.HeadSize == 0 {
		if d.Hidden%d.Heads != 0 {
			return doc.place(badField(heads, "%d heads do not share %d features evenly", d.Heads, d.Hidden))
		}
		d.HeadSize = d.Hidden / d.Heads
	}
	if d.KeyHeads < 1 || d.Heads%d.KeyHeads != 0 {
		return doc.place(badField("num_key_value_heads",
			"%d do not divide the %d heads of queries", d.KeyHeads, d.Heads))
	}
	if !d.Learned && d.HeadSize%2 != 0 {
		return doc.place(badField("head_dim", "%d is odd, and rotary positions turn pairs of features", d.HeadSize))
	}
	if err := within(limited{"n_inner", d.Intermediate, 1, most}); err != nil {
		return doc.place(err)
	}
	c.Decoder, c.HiddenSize, c.IntermediateSize, c.Activation = d, d.Hidden, d.Intermediate, d.Activation
	c.Input.Kind, c.positions = "tokens", d.Positions
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
	qkv        part = "queries, keys and values" // fused
	embeddings part = "embedding"
	codes      part = "positions"
	lastNorm   part = "last norm"
	head       part = "unembedding"
)

// partNames are the published names of the tensors, without .weight and .bias; K is
// the number of the layer. What follows a bar is a third of a fused tensor.
var partNames = map[string]map[part]string{
	"gpt2": {
		norm1: "h.K.ln_1", query: "h.K.attn.c_attn|query", key: "h.K.attn.c_attn|key", value: "h.K.attn.c_attn|value",
		projection: "h.K.attn.c_proj", norm2: "h.K.ln_2", up: "h.K.mlp.c_fc", down: "h.K.mlp.c_proj",
		qkv: "h.K.attn.c_attn", embeddings: "wte", codes: "wpe", lastNorm: "ln_f", head: "lm_head",
	},
	"llama": llamaNames,
	"qwen3": llamaNames,
}

var llamaNames = map[part]string{
	norm1: "model.layers.K.input_layernorm",
	query: "model.layers.K.self_attn.q_proj", key: "model.layers.K.self_attn.k_proj",
	value:     "model.layers.K.self_attn.v_proj",
	queryNorm: "model.layers.K.self_attn.q_norm", keyNorm: "model.layers.K.self_attn.k_norm",
	projection: "model.layers.K.self_attn.o_proj", norm2: "model.layers.K.post_attention_layernorm",
	gate: "model.layers.K.mlp.gate_proj", up: "model.layers.K.mlp.up_proj", down: "model.layers.K.mlp.down_proj",
	embeddings: "model.embed_tokens", lastNorm: "model.norm", head: "lm_head",
}

// weight returns the key of a weight in the weights of the model.
func (c *Config) weight(p part, layer int) string {
	if p == head && c.Decoder.Tied {
		p = embeddings
	}
	name := strings.Replace(partNames[c.ModelType][p], ".K.", fmt.Sprintf(".%d.", layer), 1)
	if name, third, fused := strings.Cut(name, "|"); fused {
		return name + ".weight " + third
	}
	return name + ".weight"
}

// decoderTensors returns the tensors of a decoder by their published names.
func decoderTensors(c *Config) []tensorSpec {
	d := c.Decoder
	v, h, i, q, k := c.Input.Vocab, d.Hidden, d.Intermediate, d.Heads*d.HeadSize, d.KeyHeads*d.HeadSize
	gpt2 := c.ModelType == "gpt2"
	specs := []tensorSpec{spec(c.weight(embeddings, 0), v, h)}
	// add adds a matrix [out, in] or a gain [out], and perhaps a bias [out].
	add := func(p part, layer int, bias bool, out int, in ...int) {
		s := spec(c.weight(p, layer), append([]int{out}, in...)...)
		s.transposed = gpt2 && in != nil
		if p == qkv {
			s.parts = []string{"query", "key", "value"}
		}
		specs = append(specs, s)
		if bias {
			s.name, s.shape, s.transposed = biasOf(s.name), []int{out}, false
			specs = append(specs, s)
		}
	}
	if d.Learned {
		specs = append(specs, spec(c.weight(codes, 0), d.Positions, h))
	}
	for l := range d.Layers {
		add(norm1, l, d.LayerNorm, h)
		if gpt2 {
			add(qkv, l, true, 3*h, h)
		} else {
			add(query, l, d.AttentionBias, q, h)
			add(key, l, d.AttentionBias, k, h)
			add(value, l, d.AttentionBias, k, h)
		}
		if d.HeadNorm {
			add(queryNorm, l, false, d.HeadSize)
			add(keyNorm, l, false, d.HeadSize)
		}
		add(projection, l, d.AttentionBias, h, q)
		add(norm2, l, d.LayerNorm, h)
		if d.Gated {
			add(gate, l, d.MLPBias, i, h)
		}
		add(up, l, d.MLPBias, i, h)
		add(down, l, d.MLPBias, h, i)
	}
	add(lastNorm, 0, d.LayerNorm, h)
	if !d.Tied {
		specs = append(specs, spec(c.weight(head, 0), v, h))
	}
	return specs
}
