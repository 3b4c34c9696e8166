package model

import (
	"github.com/tc0lab/tc0/compile"
)

// architecture is one type of model: how its configuration is checked, which
// tensors it has, its float64 formula, and its program.
type architecture struct {
	name    string
	input   []string // kinds of input
	check   func(*Config) error
	tensors func(*Config) []tensorSpec
	// forward computes the logits in float64. It calls observe, unless that is nil,
	// with each vector of activations that a program quantises.
	forward func(m *Model, in []int64, observe func(name string, v []float64)) []float64
	// build appends the network to a program; the last stage ends with a call of
	// finish on the logits. It returns the real value of one unit of logit.
	build func(z *quantiser, p *compile.Program, finish func(logits compile.Value)) float64
}

// tensorSpec is a tensor that a type of model has.
type tensorSpec struct {
	name  string
	shape []int
}

// architectures returns all types of model, in alphabetical order.
func architectures() []architecture {
	return []architecture{
		{"attention-classifier", []string{"tokens"}, checkAttention, attentionTensors, forwardAttention, buildAttention},
		{"mlp", []string{"image", "vector"}, checkMLP, mlpTensors, forwardMLP, buildMLP},
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
