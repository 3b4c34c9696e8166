package checkpoint

import (
	"cmp"
	"fmt"
	"strings"
)

// gptPrefix returns what stands before the names of a GPT-2, and whether there is one.
func (v *conversion) gptPrefix() (string, bool) {
	for _, prefix := range []string{"transformer.", ""} {
		if t := v.Tensors[prefix+"wte.weight"]; t != nil && len(t.Shape) == 2 {
			return prefix, true
		}
	}
	return "", false
}

// linear reports whether the matrices of a GPT-2 are [out, in]. That of queries, keys and values is never square.
func (v *conversion) linear(prefix string) bool {
	t, d := v.Tensors[prefix+"h.0.attn.c_attn.weight"], v.Tensors[prefix+"wte.weight"].Shape[1]
	return t != nil && len(t.Shape) == 2 && t.Shape[0] == 3*d && t.Shape[1] == d
}

// blocks counts the blocks of a transformer.
func (v *conversion) blocks(pattern string) int {
	n := 0
	for v.Tensors[fmt.Sprintf(pattern, n)] != nil {
		n++
	}
	return n
}

// convertGPT converts a nanoGPT: a GPT-2 whose matrices may be Linear, with or without biases.
func convertGPT(v *conversion) error {
	prefix, _ := v.gptPrefix()
	v.Type = "gpt2"
	table, err := v.take(prefix+"wte.weight", -1, -1)
	if err != nil {
		return err
	}
	vocabulary, d := table.Shape[0], table.Shape[1]
	positions, err := v.take(prefix+"wpe.weight", -1, d)
	if err != nil {
		return err
	}
	layers := v.blocks(prefix + "h.%d.attn.c_attn.weight")
	if layers == 0 {
		return v.fail(prefix+"h.0.attn.c_attn.weight", "is missing, as nanoGPT has it; there are %s", v.found())
	}
	heads, err := v.heads("n_head")
	if err != nil {
		return err
	}
	if err := cmp.Or(v.agree("n_layer", layers), v.agree("n_embd", d),
		v.agree("block_size", positions.Shape[0])); err != nil {
		return err
	}
	linear := v.linear(prefix)
	up, err := v.take(prefix+"h.0.mlp.c_fc.weight", -1, -1)
	if err != nil {
		return err
	}
	hidden := up.Shape[1]
	activation := "gelu_new"
	if linear {
		hidden, activation = up.Shape[0], "gelu"
	}
	if v.Activation != "" {
		activation = v.Activation
	}
	v.note("taken: the activation %s and layer_norm_epsilon 1e-05, as %s", activation,
		map[bool]string{true: "nanoGPT has them", false: "GPT-2 has them"}[linear])
	tied, err := v.tied("lm_head.weight", table)
	if err != nil {
		return err
	}
	v.gptTensors(prefix, linear)
	if !tied {
		v.keep(v.Tensors["lm_head.weight"])
	}
	v.gptBiases(prefix, layers, d, hidden)
	v.config = map[string]any{
		"model_type": "gpt2", "vocab_size": vocabulary, "n_positions": positions.Shape[0], "n_embd": d,
		"n_layer": layers, "n_head": heads, "n_inner": hidden, "activation_function": activation,
		"layer_norm_epsilon": 1e-5, "tie_word_embeddings": tied,
	}
	return v.settings(positions.Shape[0], v.lettered(vocabulary), useHeads, useActivation)
}

// tied reports whether an unembedding is the embedding, or is not there.
func (v *conversion) tied(name string, embedding *Tensor) (bool, error) {
	head := v.Tensors[name]
	if head == nil {
		return true, nil
	}
	if _, err := v.take(name, embedding.Shape...); err != nil {
		return false, err
	}
	return head.equal(embedding)
}

// gptTensors keeps the tensors of a GPT-2 but its unembedding, and turns matrices that are Linear.
func (v *conversion) gptTensors(prefix string, linear bool) {
	for _, name := range v.Names() {
		t := v.Tensors[name]
		base := strings.TrimPrefix(name, prefix)
		name := "transformer." + base
		switch {
		case base == "lm_head.weight", strings.HasSuffix(base, ".attn.bias"), strings.HasSuffix(base, ".attn.masked_bias"):
		case linear && strings.HasPrefix(base, "h.") && len(t.Shape) == 2:
			v.keep(t.transposed(name))
		default:
			v.keep(t.named(name))
		}
	}
}

// gptBiases adds zeros where a GPT-2 has biases and the network has none.
func (v *conversion) gptBiases(prefix string, layers, d, hidden int) {
	added := 0
	add := func(name string, n int) {
		if v.Tensors[prefix+name] == nil {
			v.keep(zeros("transformer."+name, n))
			added++
		}
	}
	for l := range layers {
		h := fmt.Sprintf("h.%d.", l)
		add(h+"ln_1.bias", d)
		add(h+"attn.c_attn.bias", 3*d)
		add(h+"attn.c_proj.bias", d)
		add(h+"ln_2.bias", d)
		add(h+"mlp.c_fc.bias", hidden)
		add(h+"mlp.c_proj.bias", d)
	}
	add("ln_f.bias", d)
	if added > 0 {
		v.note("added: %d biases of zeros, which the network has not and GPT-2 has", added)
	}
}

// convertLlama converts a network of llama2.c, or one that Meta published: rotary positions turn
// neighbouring features.
func convertLlama(v *conversion) error {
	v.Type = "llama"
	table, err := v.take("tok_embeddings.weight", -1, -1)
	if err != nil {
		return err
	}
	d := table.Shape[1]
	layers := v.blocks("layers.%d.attention.wq.weight")
	if layers == 0 {
		return v.fail("layers.0.attention.wq.weight", "is missing, as llama2.c has it; there are %s", v.found())
	}
	heads, err := v.heads("n_heads")
	if err != nil {
		return err
	}
	if err := cmp.Or(v.agree("n_layers", layers), v.agree("dim", d)); err != nil {
		return err
	}
	if d%(2*heads) != 0 {
		return v.fail("", "%d heads do not share %d features evenly, in pairs", heads, d)
	}
	keys, err := v.take("layers.0.attention.wk.weight", -1, d)
	if err != nil {
		return err
	}
	e := d / heads
	kv := keys.Shape[0] / e
	if kv == 0 || keys.Shape[0]%e != 0 || heads%kv != 0 {
		return v.fail(keys.Name, "has %d rows, which are no heads of %d", keys.Shape[0], e)
	}
	gate, err := v.take("layers.0.feed_forward.w1.weight", -1, d)
	if err != nil {
		return err
	}
	hidden := gate.Shape[0]
	if err := v.llamaTensors(table, layers, heads, kv, hidden); err != nil {
		return err
	}
	tied, err := v.tied("output.weight", table)
	if err != nil {
		return err
	}
	if !tied {
		v.keep(v.Tensors["output.weight"].named("lm_head.weight"))
	}
	for _, name := range []string{"freqs_cos", "freqs_sin", "rope.freqs"} { // which follow from the sizes
		v.used[name] = true
	}
	positions, err := v.integer("max_seq_len", useLength, 0)
	if err != nil {
		return err
	}
	if positions = cmp.Or(positions, v.Length); positions == 0 {
		return v.lacks("does not say for how many positions it was made; --length says it")
	}
	v.config = map[string]any{
		"model_type": "llama", "hidden_act": "silu", "hidden_size": d, "intermediate_size": hidden,
		"max_position_embeddings": positions, "num_attention_heads": heads, "num_hidden_layers": layers,
		"num_key_value_heads": kv, "rms_norm_eps": v.real("norm_eps", 1e-5), "rope_theta": v.real("rope_theta", 10000),
		"tie_word_embeddings": tied, "vocab_size": table.Shape[0],
	}
	if err := v.rest(); err != nil {
		return err
	}
	return v.settings(positions, nil, useHeads)
}

// llamaTensors keeps the tensors of the layers, under the names of Hugging Face.
func (v *conversion) llamaTensors(table *Tensor, layers, heads, kv, hidden int) error {
	d := table.Shape[1]
	e := d / heads
	v.keep(table.named("model.embed_tokens.weight"))
	for l := range layers {
		for _, m := range []struct {
			theirs, ours string
			turned       int // heads whose rows change their order
			shape        []int
		}{
			{"attention_norm", "input_layernorm", 0, []int{d}},
			{"attention.wq", "self_attn.q_proj", heads, []int{d, d}},
			{"attention.wk", "self_attn.k_proj", kv, []int{kv * e, d}},
			{"attention.wv", "self_attn.v_proj", 0, []int{kv * e, d}},
			{"attention.wo", "self_attn.o_proj", 0, []int{d, d}},
			{"ffn_norm", "post_attention_layernorm", 0, []int{d}},
			{"feed_forward.w1", "mlp.gate_proj", 0, []int{hidden, d}},
			{"feed_forward.w2", "mlp.down_proj", 0, []int{d, hidden}},
			{"feed_forward.w3", "mlp.up_proj", 0, []int{hidden, d}},
		} {
			t, err := v.take(fmt.Sprintf("layers.%d.%s.weight", l, m.theirs), m.shape...)
			if err != nil {
				return err
			}
			name := fmt.Sprintf("model.layers.%d.%s.weight", l, m.ours)
			if m.turned > 0 {
				v.keep(t.halves(name, m.turned))
			} else {
				v.keep(t.named(name))
			}
		}
	}
	norm, err := v.take("norm.weight", d)
	if err == nil {
		v.keep(norm.named("model.norm.weight"))
	}
	return err
}
