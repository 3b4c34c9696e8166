package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// greetingMerges are those of a byte-level vocabulary with a few words.
var greetingMerges = []string{
	"h e", "l o", "he l", "Ġ w", "o r", "Ġw or", "l d", "Ã ©",
}

// byteCharacters are the 256 characters that stand for bytes in byte-level BPE, by their numbers in GPT-2: those
// that are printed first.
func byteCharacters() []string {
	var list, rest []string
	for i := range 256 {
		if i >= '!' && i <= '~' || i >= 0xA1 && i != 0xAD {
			list = append(list, string(rune(i)))
		} else {
			rest = append(rest, string(rune(256+len(rest))))
		}
	}
	return append(list, rest...)
}

// greeting returns the files of a Llama of one layer that has learnt which token follows which:
// "hel", "lo", " wor", "ld", "é", and the end. Any other token is followed by itself.
func greeting() (map[string][]byte, error) {
	tokens := byteCharacters()
	for _, m := range greetingMerges {
		tokens = append(tokens, strings.ReplaceAll(m, " ", ""))
	}
	tokens = append(tokens, "<|end|>")
	vocab := map[string]int{}
	for i, s := range tokens {
		vocab[s] = i
	}
	const d = 16
	zero := func(n int) []float32 { return make([]float32, n) }
	ones, unit := zero(d), zero(d*d)
	for i := range d {
		ones[i], unit[i*d+i] = 1, 1.0/64
	}
	embed, head := zero(len(tokens)*d), zero(len(tokens)*d)
	next := map[int]int{}
	for chain := []string{"hel", "lo", "Ġwor", "ld", "Ã©", "<|end|>"}; len(chain) > 1; chain = chain[1:] {
		next[vocab[chain[0]]] = vocab[chain[1]]
	}
	for i := range tokens {
		to, ok := next[i]
		if !ok {
			to = i
		}
		for k, v := range codeWord(i) {
			embed[i*d+k] = v
			head[to*d+k] += v
		}
	}
	const layer = "model.layers.0."
	weights := map[string][]float32{
		"model.embed_tokens.weight": embed, "model.norm.weight": ones, "lm_head.weight": head,
		layer + "input_layernorm.weight": ones, layer + "post_attention_layernorm.weight": ones,
	}
	for _, name := range []string{
		"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
	} {
		weights[layer+name+".weight"] = unit
	}
	files := map[string][]byte{"model.safetensors": safetensors(weights, d)}
	for name, v := range map[string]any{
		"config.json": map[string]any{
			"model_type": "llama", "vocab_size": len(tokens), "hidden_size": d, "intermediate_size": d, "num_hidden_layers": 1,
			"num_attention_heads": 2, "hidden_act": "silu", "rms_norm_eps": 1e-6, "max_position_embeddings": 64,
			"tie_word_embeddings": false,
		},
		"tc0.json": map[string]any{
			"name": "greeting", "length": 5, "outputs": 5, "end": "<|end|>",
			"quantization": map[string]any{"weight_bits": 4, "activation_bits": 4},
		},
		"tokenizer.json": map[string]any{
			"version":       "1.0",
			"added_tokens":  []any{map[string]any{"id": vocab["<|end|>"], "content": "<|end|>", "special": true}},
			"pre_tokenizer": map[string]any{"type": "ByteLevel", "add_prefix_space": false},
			"decoder":       map[string]any{"type": "ByteLevel"},
			"model":         map[string]any{"type": "BPE", "vocab": vocab, "merges": greetingMerges},
		},
	} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		files[name] = text
	}
	return files, nil
}

// codeWord returns a word of the Reed-Muller code of order 2 and length 16, as signs: two differ in 4 places or more.
func codeWord(i int) []float32 {
	word := make([]float32, 16)
	for x := range word {
		bit, m := i&1, 1
		for a := range 4 {
			bit ^= i >> m & (x >> a & 1)
			m++
			for b := range a {
				bit ^= i >> m & (x >> a & 1) & (x >> b & 1)
				m++
			}
		}
		word[x] = float32(1 - 2*(bit&1))
	}
	return word
}

// safetensors writes tensors of rows of d numbers; those of one row are vectors.
func safetensors(tensors map[string][]float32, d int) []byte {
	type entry struct {
		Type    string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	header := map[string]entry{}
	var data []byte
	for name, v := range tensors {
		from := len(data)
		for _, x := range v {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
		shape := []int{len(v) / d, d}
		if len(v) == d {
			shape = []int{d}
		}
		header[name] = entry{"F32", shape, [2]int{from, len(data)}}
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(fmt.Sprint("a header of integers and names: ", err))
	}
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...), data...)
}
