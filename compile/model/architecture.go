package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/brief"
)

// architecture is one type of model, in files of its own. It has four functions: to read its
// configuration, to list its tensors, to compute its float64 formula, and to build its program. To
// add a type, write these functions in a file that is named after it. Name them in architectures.
// Say in the package comment what its folder holds.
type architecture struct {
	name string
	// configure reads config.json.
	configure func(d document, c *Config) error
	// prefix begins the names of tensors of a whole language model; names of its body lack it. It
	// is "" for the types of this package.
	prefix  string
	tensors func(*Config) []tensorSpec
	// forward computes the logits in float64. It calls observe with each vector of activations
	// that a program quantises. It does so before it uses them, so observe may change them.
	forward func(m *Model, in []int64, observe observer) []float64
	// build appends the network to a program up to the logits. The stage of the logits stays open.
	build func(z *quantiser) (logits scaled)
}

// observer is called with each vector of activations, by name.
type observer func(name string, v []float64)

// tensorSpec is a tensor that a type of model has.
type tensorSpec struct {
	name       string
	shape      []int
	transposed bool     // the file has the transpose
	parts      []string // the tensor holds the rows of several matrices of equal size
	group      int      // rows of one part that stand together, then those of the next; 0 means all
	optional   bool     // all such tensors of a file are there, or none
	stored     string   // name in the file; "" means the name, with or without the prefix
	// missing says whether a file with these names may lack it; nil if none may.
	missing func(names []string) bool
	// called finds its name among the names in the file, where networks of this type have no one
	// name for it. It returns the name above if it finds none.
	called func(names []string) string
}

func spec(name string, shape ...int) tensorSpec { return tensorSpec{name: name, shape: shape} }

// architectures returns all types of model, in alphabetical order.
func architectures() []architecture {
	return []architecture{
		{"attention-classifier", own(checkAttention, "tokens"), "", attentionTensors, forwardAttention, buildAttention},
		{"decoder", configureDecoder, "", decoderTensors, forwardDecoder, buildDecoder},
		{"gemma", configureGemma, "model.", decoderTensors, forwardDecoder, buildDecoder},
		{"gpt2", configureGPT2, "transformer.", decoderTensors, forwardDecoder, buildDecoder},
		{"gpt_neox", configureNeoX, "gpt_neox.", decoderTensors, forwardDecoder, buildDecoder},
		{"gru", configureRecurrent, "", recurrentTensors, forwardRecurrent, buildRecurrent},
		{"llama", configureLlama, "model.", decoderTensors, forwardDecoder, buildDecoder},
		{"lstm", configureRecurrent, "", recurrentTensors, forwardRecurrent, buildRecurrent},
		{"mamba", configureMamba, "backbone.", mambaTensors, forwardMamba, buildMamba},
		{"microgpt", configureMicroGPT, "", decoderTensors, forwardDecoder, buildDecoder},
		{"mistral", configureMistral, "model.", decoderTensors, forwardDecoder, buildDecoder},
		{"mlp", own(checkMLP, "image", "vector"), "", mlpTensors, forwardMLP, buildMLP},
		{"qwen2", configureQwen2, "model.", decoderTensors, forwardDecoder, buildDecoder},
		{"qwen3", configureQwen3, "model.", decoderTensors, forwardDecoder, buildDecoder},
		{"rnn", configureRecurrent, "", recurrentTensors, forwardRecurrent, buildRecurrent},
	}
}

// own reads the config.json of a type of this package. It has all settings of the model.
func own(check func(*Config) *fieldError, inputs ...string) func(document, *Config) error {
	return func(d document, c *Config) error {
		return d.decode(c, func() *fieldError {
			if err := c.check(inputs); err != nil {
				return err
			}
			return check(c)
		})
	}
}

// knownTypes lists the types of model.
func knownTypes() string {
	var names []string
	for _, a := range architectures() {
		names = append(names, a.name)
	}
	return list(names)
}

func findArchitecture(name string) (architecture, error) {
	return gates.Find("model type", brief.Clip(name), architectures(), func(a architecture) string { return a.name })
}

// activationNames maps the names of functions in the families to their names in package compile,
// where those differ.
var activationNames = map[string]string{
	"gelu_fast": "gelu_tanh", "gelu_new": "gelu_tanh", "gelu_python": "gelu", "gelu_pytorch_tanh": "gelu_tanh",
	"linear": "identity", "swish": "silu",
}

// function reads the name of an activation function.
func function(to *string) func(json.RawMessage) error {
	name := ""
	return checked(&name, func(name string) error {
		own := compile.ActivationNames()
		known := cmp.Or(activationNames[name], name)
		if !slices.Contains(own, known) {
			names := slices.Sorted(slices.Values(slices.Concat(own, sortedKeys(activationNames))))
			return fmt.Errorf("an unknown activation; known: %s", list(names))
		}
		*to = known
		return nil
	})
}

// configureGPT2 reads the config.json of a GPT-2 (Radford et al. 2019). Without the field bias,
// which nanoGPT has, there are biases if the file has them.
func configureGPT2(doc document, c *Config) error {
	c.epsilon = 1e-5
	d := &Decoder{
		Activation: "gelu_tanh", Norm: LayerNorm, NormGain: true, LastNorm: true, Learned: true, Tied: true, open: true,
	}
	d.setBiases(true)
	err := fields{
		"activation_function": function(&d.Activation),
		"bias": func(raw json.RawMessage) error {
			d.open = string(raw) == "null"
			biases := true
			err := into(&biases)(raw)
			d.setBiases(biases)
			return err
		},
		"layer_norm_epsilon":              positive(&c.epsilon),
		"n_embd":                          sizeInto(&d.Hidden),
		"n_head":                          sizeInto(&d.Heads),
		"n_inner":                         into(&d.Intermediate),
		"n_layer":                         layersInto(&d.Layers),
		"n_positions":                     tokensInto(&d.Positions),
		"scale_attn_by_inverse_layer_idx": only("scaling by layer", "false"),
		"scale_attn_weights":              only("attention without scaling", "true"),
		"add_cross_attention":             only("cross attention", "false"),
		"tie_word_embeddings":             into(&d.Tied),
		"vocab_size":                      tokensInto(&c.Input.Vocab),
	}.with("n_ctx").read(doc, "n_embd", "n_head", "n_layer", "n_positions", "vocab_size")
	if err != nil {
		return err
	}
	d.Intermediate = cmp.Or(d.Intermediate, 4*d.Hidden)
	return c.finish(doc, d, "n_head")
}

// configureMicroGPT reads the sizes of Karpathy's microgpt (2026): one ReLU decoder whose RMS norms have
// no gains. The first norm follows the embedding, and there is none before the unembedding.
func configureMicroGPT(doc document, c *Config) error {
	c.epsilon = 1e-5
	d := &Decoder{Activation: "relu", Norm: RMSNorm, EmbeddingNorm: true, Learned: true}
	err := fields{
		"activation": function(&d.Activation),
		"block_size": tokensInto(&d.Positions),
		"n_embd":     sizeInto(&d.Hidden),
		"n_head":     sizeInto(&d.Heads),
		"n_layer":    layersInto(&d.Layers),
		"vocab_size": tokensInto(&c.Input.Vocab),
	}.with("head_dim").read(doc, "block_size", "n_embd", "n_head", "n_layer", "vocab_size")
	if err != nil {
		return err
	}
	d.Intermediate = 4 * d.Hidden
	return c.finish(doc, d, "n_head")
}

// configureDecoder reads the config.json of a decoder by its plain fields; the package comment has them.
func configureDecoder(doc document, c *Config) error {
	c.epsilon = 1e-5
	d := &Decoder{NormGain: true, LastNorm: true}
	positions, turned, interleaved := "", 0, false
	r := &rope{names: "rotary_base"}
	err := fields{
		"activation":           function(&d.Activation),
		"attention_bias":       into(&d.AttentionBias),
		"embedding_norm":       into(&d.EmbeddingNorm),
		"embedding_scale":      positive(&d.Scale),
		"gated":                into(&d.Gated),
		"head_norm":            into(&d.HeadNorm),
		"head_size":            sizeInto(&d.HeadSize),
		"hidden_size":          sizeInto(&d.Hidden),
		"intermediate_size":    sizeInto(&d.Intermediate),
		"last_norm":            into(&d.LastNorm),
		"max_positions":        tokensInto(&d.Positions),
		"mlp_bias":             into(&d.MLPBias),
		"norm":                 among(&d.Norm, LayerNorm, RMSNorm, NoNorm),
		"norm_bias":            into(&d.NormBias),
		"norm_epsilon":         positive(&c.epsilon),
		"norm_gain":            into(&d.NormGain),
		"num_heads":            sizeInto(&d.Heads),
		"num_key_heads":        sizeInto(&d.KeyHeads),
		"num_layers":           layersInto(&d.Layers),
		"parallel":             into(&d.Parallel),
		"positions":            among(&positions, "learned", "rotary", "alibi", "none"),
		"projection_bias":      into(&d.ProjectionBias),
		"rotary_base":          positive(&r.theta),
		"rotary_features":      sizeInto(&turned),
		"rotary_interleaved":   into(&interleaved),
		"rotary_scaling":       r.scaling.read,
		"tied_embedding":       into(&d.Tied),
		"tied_keys_values":     into(&d.KeysAsValues),
		"tied_queries_outputs": into(&d.QueriesAsOutputs),
		"vocab_size":           tokensInto(&c.Input.Vocab),
	}.with().read(doc, "activation", "hidden_size", "max_positions", "norm", "num_heads", "num_layers", "positions",
		"vocab_size")
	if err != nil {
		return err
	}
	d.Intermediate = cmp.Or(d.Intermediate, 4*d.Hidden)
	if err := c.finish(doc, d, "num_heads"); err != nil {
		return err
	}
	d.Learned, d.ALiBi = positions == "learned", positions == "alibi"
	if positions != "rotary" {
		return nil
	}
	turned = cmp.Or(turned, d.HeadSize)
	if turned > d.HeadSize || turned%2 != 0 {
		return doc.place(badField("rotary_features", "%d of the %d features of a head; an even number up to "+
			"these can turn", turned, d.HeadSize))
	}
	return r.turn(doc, d, turned, interleaved)
}

// configureNeoX reads the config.json of a GPT-NeoX (Black et al. 2022), such as Pythia.
func configureNeoX(doc document, c *Config) error {
	c.epsilon = 1e-5
	d := &Decoder{Activation: "gelu", Norm: LayerNorm, NormGain: true, LastNorm: true, Parallel: true}
	d.setBiases(true)
	attention, part, factor := true, 0.0, 0.0
	r := &rope{names: "rotary_emb_base"}
	err := fields{
		"attention_bias":          into(&attention),
		"hidden_act":              function(&d.Activation),
		"hidden_size":             sizeInto(&d.Hidden),
		"intermediate_size":       sizeInto(&d.Intermediate),
		"layer_norm_eps":          positive(&c.epsilon),
		"max_position_embeddings": tokensInto(&d.Positions),
		"num_attention_heads":     sizeInto(&d.Heads),
		"num_hidden_layers":       layersInto(&d.Layers),
		"partial_rotary_factor":   positive(&factor),
		"rope_parameters":         r.parameters.read,
		"rope_scaling":            r.scaling.read,
		"rope_theta":              positive(&r.again),
		"rotary_emb_base":         positive(&r.theta),
		"rotary_pct":              positive(&part),
		"tie_word_embeddings":     into(&d.Tied),
		"use_parallel_residual":   into(&d.Parallel),
		"vocab_size":              tokensInto(&c.Input.Vocab),
	}.with().read(doc, "hidden_size",
		"intermediate_size", "max_position_embeddings", "num_attention_heads", "num_hidden_layers", "vocab_size")
	if err != nil {
		return err
	}
	d.AttentionBias, d.ProjectionBias = attention, attention
	if err := c.finish(doc, d, "num_attention_heads"); err != nil {
		return err
	}
	part, err = agreed(doc, 0.25, number{"rotary_pct", part}, number{"partial_rotary_factor", factor},
		number{"rope_parameters.partial_rotary_factor", r.parameters.part},
		number{"rope_scaling.partial_rotary_factor", r.scaling.part})
	if err != nil {
		return err
	}
	turned := int(part * float64(d.HeadSize))
	if part > 1 || turned%2 != 0 || turned == 0 {
		return doc.place(badField("rotary_pct", "%g of the %d features of a head are %d; an even number up to these "+
			"can turn", part, d.HeadSize, turned))
	}
	return r.turn(doc, d, turned, false)
}

// configureLlama reads the config.json of a Llama (Touvron et al. 2023).
func configureLlama(doc document, c *Config) error {
	return configureRotary(doc, c, &Decoder{}, func(d *Decoder, f fields) {
		f["attention_bias"] = d.biasInto()
		f["mlp_bias"] = into(&d.MLPBias)
		f["rope_interleaved"] = only("interleaved pairs", "false")
		f.windowless()
	})
}

// configureMistral reads the config.json of a Mistral (Jiang et al. 2023): a Llama without biases that
// attends to a window.
func configureMistral(doc document, c *Config) error {
	return configureRotary(doc, c, &Decoder{KeyHeads: 8, Window: 4096}, func(d *Decoder, f fields) {
		f["attention_bias"] = only("a bias of the attention", "false")
		f["max_window_layers"], f["use_sliding_window"] = nil, nil // this type has one window, in all layers
		f["sliding_window"] = windowInto(&d.Window)
	})
}

// configureGemma reads the config.json of a Gemma (Gemma Team 2024): gains are stored less 1, and the
// embedding is scaled.
func configureGemma(doc document, c *Config) error {
	activation := ""
	d := &Decoder{KeyHeads: 16, HeadSize: 256, Activation: "gelu_tanh", UnitGain: true, Tied: true}
	err := configureRotary(doc, c, d, func(d *Decoder, f fields) {
		f["attention_bias"] = d.biasInto()
		f["hidden_activation"] = function(&activation)
		f.windowless()
	})
	if err != nil {
		return err
	}
	// The published networks say gelu, and were trained with its approximation.
	if d.Activation == "gelu" {
		d.Activation = "gelu_tanh"
	}
	if activation != "" && activation != d.Activation {
		return doc.place(badField("hidden_activation", "%s, and hidden_act is %s: they differ", activation, d.Activation))
	}
	d.Scale, c.Activation = math.Sqrt(float64(d.Hidden)), d.Activation
	return nil
}

// configureQwen2 reads the config.json of a Qwen2 (Yang et al. 2024): a Llama with biases of
// queries, keys and values.
func configureQwen2(doc document, c *Config) error {
	return configureQwen(doc, c, &Decoder{KeyHeads: 32, AttentionBias: true}, func(_ *Decoder, f fields) {
		f["attention_bias"] = nil // this type has biases anyway, and their tensors must be there
	})
}

// configureQwen3 reads the config.json of a Qwen3 (Yang et al. 2025): a Llama with norms
// of the queries and keys.
func configureQwen3(doc document, c *Config) error {
	return configureQwen(doc, c, &Decoder{KeyHeads: 32, HeadNorm: true, HeadSize: 128}, func(d *Decoder, f fields) {
		f["attention_bias"] = d.biasInto()
	})
}

// configureQwen reads the window of a Qwen, too. Only the layers from max_window_layers on attend to it, or
// those that layer_types names.
func configureQwen(doc document, c *Config, d *Decoder, more func(*Decoder, fields)) error {
	use, size, from, kinds := false, 4096, 28, []string(nil)
	err := configureRotary(doc, c, d, func(d *Decoder, f fields) {
		more(d, f)
		f["layer_types"] = into(&kinds)
		f["max_window_layers"] = into(&from)
		f["mlp_bias"] = only("a bias of the feed-forward network", "false")
		f["sliding_window"] = windowInto(&size)
		f["use_sliding_window"] = into(&use)
	})
	if err != nil {
		return err
	}
	window := use && d.Layers > from
	if kinds != nil {
		window = false
		if len(kinds) != d.Layers {
			return doc.place(badField("layer_types", "%d kinds for %d layers", len(kinds), d.Layers))
		}
	}
	for _, k := range kinds {
		switch {
		case k == "sliding_attention" && use:
			window = true
		case k != "full_attention":
			return doc.place(badField("layer_types", "%s is not built here; known: full_attention", brief.Quote(k)))
		}
	}
	if window {
		d.Window = size
	}
	return nil
}

// configureRotary reads the config.json of a decoder with RMS norms, rotary positions and a gated
// feed-forward network. The function more adds the fields of one family. What d has already are the defaults
// of the family.
func configureRotary(doc document, c *Config, d *Decoder, more func(*Decoder, fields)) error {
	d.Gated, d.Norm, d.NormGain, d.LastNorm, d.Activation = true, RMSNorm, true, true, cmp.Or(d.Activation, "silu")
	r := &rope{names: "rope_theta"}
	keyHeads := func(raw json.RawMessage) error {
		d.KeyHeads = 0 // null means as many as of the queries
		return into(&d.KeyHeads)(raw)
	}
	f := fields{
		"head_dim":                sizeInto(&d.HeadSize),
		"hidden_act":              function(&d.Activation),
		"hidden_size":             sizeInto(&d.Hidden),
		"intermediate_size":       sizeInto(&d.Intermediate),
		"max_position_embeddings": tokensInto(&d.Positions),
		"num_attention_heads":     sizeInto(&d.Heads),
		"num_hidden_layers":       layersInto(&d.Layers),
		"num_key_value_heads":     keyHeads,
		"rms_norm_eps":            positive(&c.epsilon),
		"rope_parameters":         r.parameters.read,
		"rope_scaling":            r.scaling.read,
		"rope_theta":              positive(&r.theta),
		"tie_word_embeddings":     into(&d.Tied),
		"vocab_size":              tokensInto(&c.Input.Vocab),
	}
	more(d, f)
	err := f.with().read(doc, "hidden_size", "intermediate_size", "max_position_embeddings", "num_attention_heads",
		"num_hidden_layers", "rms_norm_eps", "vocab_size")
	if err != nil {
		return err
	}
	if err := c.finish(doc, d, "num_attention_heads"); err != nil {
		return err
	}
	for name, p := range map[string]ropeParameters{"rope_parameters": r.parameters, "rope_scaling": r.scaling} {
		if p.part != 0 && p.part != 1 {
			return doc.place(badField(name, "partial_rotary_factor %g is not built in this type; known: 1", p.part))
		}
	}
	if d.HeadSize%2 != 0 {
		return doc.place(badField("head_dim", "%d is odd, and rotary positions turn pairs of features", d.HeadSize))
	}
	return r.turn(doc, d, d.HeadSize, false)
}

// biasInto reads whether all maps of the attention have biases.
func (d *Decoder) biasInto() func(raw json.RawMessage) error {
	return func(raw json.RawMessage) error {
		err := into(&d.AttentionBias)(raw)
		d.ProjectionBias = d.AttentionBias
		return err
	}
}
