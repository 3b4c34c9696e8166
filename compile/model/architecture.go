package model

import (
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// architecture is one type of model: how its configuration is checked, which
// tensors it has, its float64 formula, and its program.
type architecture struct {
	name  string
	input []string // kinds of input
	check func(*Config) error
	// parse reads the config.json of a family of language models, which has no more
	// to say than what the network is; nil for the types of this package, which have
	// everything there.
	parse   func(text []byte, c *Config) error
	tensors func(*Config) []tensorSpec
	// forward computes the logits in float64. It calls observe, unless that is nil,
	// with each vector of activations that a program quantises, before it uses them,
	// so that observe may change them.
	forward func(m *Model, in []int64, observe func(name string, v []float64)) []float64
	// build appends the network to a program; the last stage ends with a call of
	// finish on the logits. It returns the real value of one unit of logit.
	build func(z *quantiser, p *program.Program, finish func(logits program.Value)) float64
}

// tensorSpec is a tensor that a type of model has.
type tensorSpec struct {
	name       string
	shape      []int
	transposed bool     // the file has the transpose
	parts      []string // the rows are those of several matrices, of equal size
}

// architectures returns all types of model, in alphabetical order.
func architectures() []architecture {
	return []architecture{
		{name: "attention-classifier", input: []string{"tokens"}, check: checkAttention, tensors: attentionTensors, forward: forwardAttention, build: buildAttention},
		{name: "gpt2", parse: parseGPT2, tensors: decoderTensors, forward: forwardDecoder, build: buildDecoder},
		{name: "llama", parse: parseLlama, tensors: decoderTensors, forward: forwardDecoder, build: buildDecoder},
		{name: "mamba", parse: parseMamba, tensors: selectiveTensors, forward: forwardSelective, build: buildSelective},
		{name: "mlp", input: []string{"image", "vector"}, check: checkMLP, tensors: mlpTensors, forward: forwardMLP, build: buildMLP},
		{name: "qwen3", parse: parseQwen3, tensors: decoderTensors, forward: forwardDecoder, build: buildDecoder},
	}
}

func findArchitecture(name string) (architecture, error) {
	var known []string
	for _, a := range architectures() {
		if a.name == name {
			return a, nil
		}
		known = append(known, a.name)
	}
	if len(name) > longest {
		name = name[:longest] + "..."
	}
	return architecture{}, &compile.UnknownError{What: "model type", Name: name, Known: known}
}
