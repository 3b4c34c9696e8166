package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/internal/brief"
)

// Decoder is a decoder-only transformer by its fields. The types of decoders are instances of it:
// their config.json fills it in, and nothing else tells them apart but the names of the tensors.
type Decoder struct {
	Hidden       int     // d
	Intermediate int     // hidden units of the feed-forward network
	Layers       int     //
	Heads        int     // of the queries
	KeyHeads     int     // of the keys and values
	HeadSize     int     // e
	Positions    int     // that the network was made for
	Window       int     // positions that one attends to; no length is above it, unless it is 0
	Activation   string  // of the hidden units or of the gate, by its name in package compile
	Scale        float64 // of the embedding; 0 means 1

	Norm          NormKind
	NormGain      bool
	NormBias      bool
	UnitGain      bool // the file has gains less 1
	EmbeddingNorm bool // a norm of the embedding, with the positions in it
	LastNorm      bool // a norm before the unembedding
	HeadNorm      bool // RMS norm of each query and key, with gain

	// Positions may enter in several ways at once, or not at all.
	Learned bool              // a code of each position, added to the embedding
	Rotary  *compile.Rotation // of queries and keys; nil if there is none
	ALiBi   bool              // scores fall with the distance, see [compile.ALiBiSlopes]

	Gated            bool // feed-forward network
	Parallel         bool // the feed-forward network reads what the attention reads, not its sum
	Tied             bool // the unembedding is the embedding
	KeysAsValues     bool // one matrix for keys and values
	QueriesAsOutputs bool // the projection is the transpose of the queries' matrix

	AttentionBias  bool // of queries, keys and values
	ProjectionBias bool
	MLPBias        bool

	open bool // whether there are biases is as the file has it: all of them or none
}

// NormKind says what a norm divides by.
type NormKind string

// The kinds of norms of a [Decoder].
const (
	LayerNorm NormKind = "layer" // standard deviation, after the mean is subtracted
	RMSNorm   NormKind = "rms"   // root mean square
	NoNorm    NormKind = "none"  // there is no norm
)

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
		name := "num_key_value_heads"
		if c.ModelType == "decoder" {
			name = "num_key_heads"
		}
		return doc.place(badField(name,
			"%d do not divide the %d heads of queries", d.KeyHeads, d.Heads))
	}
	if err := within(limited{"n_inner", d.Intermediate, 1, most}); err != nil {
		return doc.place(err)
	}
	c.Decoder, c.HiddenSize, c.IntermediateSize, c.Activation = d, d.Hidden, d.Intermediate, d.Activation
	c.Input.Kind, c.positions = "tokens", d.Positions
	return nil
}

// rope is what config.json says of rotary positions, in one of several places.
type rope struct {
	names        string  // of the field of the base
	theta, again float64 // base; 0 means that it is not given
	parameters   ropeParameters
	scaling      ropeParameters
}

// ropeParameters are the fields of rope_parameters or rope_scaling; 0 means that one is not given.
type ropeParameters struct {
	kind                     string
	theta, part              float64
	factor, low, high, first float64
}

// read reads the object. null means that there is none.
func (p *ropeParameters) read(raw json.RawMessage) error {
	old := ""
	err := fields{
		"factor":                           positive(&p.factor),
		"high_freq_factor":                 positive(&p.high),
		"low_freq_factor":                  positive(&p.low),
		"original_max_position_embeddings": positive(&p.first),
		"partial_rotary_factor":            positive(&p.part),
		"rope_theta":                       positive(&p.theta),
		"rope_type":                        into(&p.kind),
		"type":                             into(&old),
	}.read(document{text: raw})
	if err == nil && p.kind != "" && old != "" && old != p.kind {
		err = fmt.Errorf("rope_type is %s, and type is %s: they differ", brief.Quote(p.kind), brief.Quote(old))
	}
	p.kind = cmp.Or(p.kind, old)
	if err == nil && p.kind == "" && p.factor != 0 {
		err = fmt.Errorf("rope_type is missing; known: default, linear, llama3")
	}
	return err
}

// turn says how the decoder turns so many features of each head. Places that disagree are refused:
// older and newer readers take different ones.
func (r *rope) turn(doc document, d *Decoder, features int, interleaved bool) error {
	base, err := agreed(doc, 10000, number{r.names, r.theta}, number{"rope_theta", r.again},
		number{"rope_parameters.rope_theta", r.parameters.theta}, number{"rope_scaling.rope_theta", r.scaling.theta})
	if err != nil {
		return err
	}
	name, p, q := "rope_scaling", r.scaling, r.parameters
	p.theta, q.theta, p.part, q.part = 0, 0, 0, 0
	switch {
	case p == ropeParameters{}:
		name, p = "rope_parameters", q
	case q != ropeParameters{} && p != q:
		return doc.place(badField(name, "differs from rope_parameters; leave one of them out"))
	}
	f := compile.Frequencies(features, base)
	switch p.kind {
	case "", "default":
		if p.factor != 0 && p.factor != 1 {
			return doc.place(badField(name, "factor %g has no meaning with rope_type default", p.factor))
		}
	case "linear":
		if p.factor == 0 {
			return doc.place(badField(name, "factor is missing"))
		}
		floats.Scale(1/p.factor, f)
	case "llama3":
		// What is left out is as in the code that came with Llama 3.1.
		l := compile.Llama3Scaling{
			Factor: cmp.Or(p.factor, 8), Low: cmp.Or(p.low, 1), High: cmp.Or(p.high, 4), Length: cmp.Or(p.first, 8192),
		}
		if l.High <= l.Low {
			return doc.place(badField(name, "high_freq_factor %g is not above low_freq_factor %g", l.High, l.Low))
		}
		f = l.Frequencies(f)
	default:
		return doc.place(badField(name, "scaled rotary positions of type %s are not built here; known: default, "+
			"linear, llama3", brief.Quote(p.kind)))
	}
	d.Rotary = &compile.Rotation{Frequencies: f, Interleaved: interleaved}
	return nil
}

// number is a number under the name of its field; 0 means that it is not given.
type number struct {
	name string
	v    float64
}

// agreed returns the number that is given, or else the default. Numbers that differ are refused.
func agreed(doc document, otherwise float64, numbers ...number) (float64, error) {
	var given number
	for _, n := range numbers {
		switch {
		case n.v == 0 || n == given:
		case given.v == 0:
			given = n
		case given.v != n.v:
			return 0, doc.place(badField(given.name, "%g, and %s is %g: they differ, and readers take one or the "+
				"other; leave one of them out", given.v, n.name, n.v))
		}
	}
	return cmp.Or(given.v, otherwise), nil
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
	firstNorm  part = "embedding norm"
	lastNorm   part = "last norm"
	head       part = "unembedding"
)

// partNames are the published names of the tensors, without .weight and .bias; K is
// the number of the layer. What follows a bar is a third of a fused tensor.
var partNames = map[string]map[part]string{
	"decoder": {
		embeddings: "embedding", codes: "positions", firstNorm: "embedding_norm", norm1: "layers.K.norm1",
		query: "layers.K.query", key: "layers.K.key", value: "layers.K.value", queryNorm: "layers.K.query_norm",
		keyNorm: "layers.K.key_norm", projection: "layers.K.projection", norm2: "layers.K.norm2",
		gate: "layers.K.gate", up: "layers.K.up", down: "layers.K.down", lastNorm: "last_norm", head: "unembedding",
	},
	"gpt2": {
		norm1: "h.K.ln_1", query: "h.K.attn.c_attn|query", key: "h.K.attn.c_attn|key", value: "h.K.attn.c_attn|value",
		projection: "h.K.attn.c_proj", norm2: "h.K.ln_2", up: "h.K.mlp.c_fc", down: "h.K.mlp.c_proj",
		qkv: "h.K.attn.c_attn", embeddings: "wte", codes: "wpe", lastNorm: "ln_f", head: "lm_head",
	},
	"gpt_neox": {
		embeddings: "gpt_neox.embed_in", norm1: "gpt_neox.layers.K.input_layernorm",
		qkv:   "gpt_neox.layers.K.attention.query_key_value",
		query: "gpt_neox.layers.K.attention.query_key_value|query",
		key:   "gpt_neox.layers.K.attention.query_key_value|key",
		value: "gpt_neox.layers.K.attention.query_key_value|value", projection: "gpt_neox.layers.K.attention.dense",
		norm2: "gpt_neox.layers.K.post_attention_layernorm", up: "gpt_neox.layers.K.mlp.dense_h_to_4h",
		down: "gpt_neox.layers.K.mlp.dense_4h_to_h", lastNorm: "gpt_neox.final_layer_norm", head: "embed_out",
	},
	"microgpt": { // in the file layer.K is layerK, and nothing has .weight
		embeddings: "wte", codes: "wpe", query: "layer.K.attn_wq", key: "layer.K.attn_wk", value: "layer.K.attn_wv",
		projection: "layer.K.attn_wo", up: "layer.K.mlp_fc1", down: "layer.K.mlp_fc2", head: "lm_head",
	},
	"gemma": llamaNames, "llama": llamaNames, "mistral": llamaNames, "qwen2": llamaNames, "qwen3": llamaNames,
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
	names := partNames[c.ModelType]
	_, fused := names[qkv]
	var specs []tensorSpec
	// add adds a matrix [out, in] or a gain [out], and perhaps a bias [out].
	add := func(p part, layer int, weight, bias bool, out int, in ...int) {
		s := spec(c.weight(p, layer), append([]int{out}, in...)...)
		s.transposed = c.ModelType == "gpt2" && in != nil && p != embeddings && p != codes && p != head
		if p == qkv {
			s.parts = []string{"query", "key", "value"}
			if c.ModelType == "gpt_neox" {
				s.group = d.HeadSize
			}
		}
		if c.ModelType == "microgpt" {
			s.stored = strings.Replace(strings.TrimSuffix(s.name, ".weight"), "layer.", "layer", 1)
		}
		if weight {
			specs = append(specs, s)
		}
		if bias {
			s.name, s.shape, s.transposed, s.optional = biasOf(s.name), []int{out}, false, d.open
			specs = append(specs, s)
		}
	}
	norm := func(p part, layer int) {
		if d.Norm != NoNorm {
			add(p, layer, d.NormGain, d.NormBias, h)
		}
	}
	add(embeddings, 0, true, false, v, h)
	if d.Learned {
		add(codes, 0, true, false, d.Positions, h)
	}
	if d.EmbeddingNorm {
		norm(firstNorm, 0)
	}
	for l := range d.Layers {
		norm(norm1, l)
		if fused {
			add(qkv, l, true, d.AttentionBias, 3*q, h)
		} else {
			add(query, l, true, d.AttentionBias, q, h)
			add(key, l, true, d.AttentionBias, k, h)
			add(value, l, !d.KeysAsValues, d.AttentionBias, k, h)
		}
		if d.HeadNorm {
			add(queryNorm, l, true, false, d.HeadSize)
			add(keyNorm, l, true, false, d.HeadSize)
		}
		add(projection, l, !d.QueriesAsOutputs, d.ProjectionBias, h, q)
		norm(norm2, l)
		if d.Gated {
			add(gate, l, true, d.MLPBias, i, h)
		}
		add(up, l, true, d.MLPBias, i, h)
		add(down, l, true, d.MLPBias, h, i)
	}
	if d.LastNorm {
		norm(lastNorm, 0)
	}
	if !d.Tied {
		add(head, 0, true, false, v, h)
	}
	return specs
}

// derive makes what the file has not: maps that are shared, and gains that are stored less 1. It
// notes which biases there are.
func (m *Model) derive() {
	c, d, w := &m.Config, m.Config.Decoder, m.Weights
	if d == nil {
		return
	}
	if d.open && w[biasOf(c.weight(down, 0))] == nil {
		d.setBiases(false)
	}
	d.open = false
	for l := range d.Layers {
		if d.KeysAsValues {
			w[c.weight(value, l)] = w[c.weight(key, l)]
		}
		if d.QueriesAsOutputs {
			w[c.weight(projection, l)] = w[c.weight(query, l)].transpose()
		}
		if d.UnitGain {
			floats.AddConst(1, w[c.weight(norm1, l)].Data)
			floats.AddConst(1, w[c.weight(norm2, l)].Data)
		}
	}
	if d.UnitGain {
		floats.AddConst(1, w[c.weight(lastNorm, 0)].Data)
	}
}

// setBiases says that all biases are there, or none.
func (d *Decoder) setBiases(there bool) {
	d.NormBias, d.AttentionBias, d.ProjectionBias, d.MLPBias = there, there, there, there
}

// check refuses lengths at which a position does not attend to all before it.
func (d *Decoder) check(doc document, length int) error {
	if d != nil && d.Window > 0 && length > d.Window {
		return doc.place(badField("sliding_window", "%d positions, and the length in %s is %d: attention to a "+
			"window is not built here, and a length up to the window needs none", d.Window, settingsName, length))
	}
	return nil
}

// windowInto reads the size of a window; null means that there is none.
func windowInto(to *int) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if string(raw) == "null" {
			*to = 0
			return nil
		}
		return tokensInto(to)(raw)
	}
}

// windowless adds the fields of a window to a type without one.
func (f fields) windowless() {
	f["layer_types"] = fullAttention
	f["max_window_layers"], f["sliding_window"] = nil, nil // count only with use_sliding_window
	f["use_sliding_window"] = only("attention to a window", "false")
}

func fullAttention(raw json.RawMessage) error {
	var kinds []string
	return checked(&kinds, func([]string) error {
		for _, k := range kinds {
			if k != "full_attention" {
				return fmt.Errorf("%s is not built here; known: full_attention", brief.Quote(k))
			}
		}
		return nil
	})(raw)
}
