package model

import "github.com/tc0lab/tc0/gates"

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
}

func spec(name string, shape ...int) tensorSpec { return tensorSpec{name: name, shape: shape} }

// architectures returns all types of model, in alphabetical order.
func architectures() []architecture {
	return []architecture{
		{"attention-classifier", own(checkAttention, "tokens"), "", attentionTensors, forwardAttention, buildAttention},
		{"gpt2", configureGPT2, "transformer.", decoderTensors, forwardDecoder, buildDecoder},
		{"llama", configureLlama, "model.", decoderTensors, forwardDecoder, buildDecoder},
		{"mamba", configureMamba, "backbone.", mambaTensors, forwardMamba, buildMamba},
		{"mlp", own(checkMLP, "image", "vector"), "", mlpTensors, forwardMLP, buildMLP},
		{"qwen3", configureQwen3, "model.", decoderTensors, forwardDecoder, buildDecoder},
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
	return gates.Find("model type", clip(name), architectures(), func(a architecture) string { return a.name })
}
