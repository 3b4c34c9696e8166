package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// chain returns the names of the layers of a perceptron in order: each has a weight [out, in], and perhaps
// a bias [out], and takes what the one before it gives. It is nil if the tensors are something else, and an error
// if their order is not known.
func (v *conversion) chain() ([]string, error) {
	var layers []string
	for _, name := range v.Names() {
		t := v.Tensors[name]
		if layer, ok := strings.CutSuffix(name, ".weight"); ok {
			if len(t.Shape) != 2 || t.Shape[0] == 0 || t.Shape[1] == 0 {
				return nil, nil
			}
			layers = append(layers, layer)
			continue
		}
		layer, ok := strings.CutSuffix(name, ".bias")
		if w := v.Tensors[layer+".weight"]; !ok || w == nil || len(w.Shape) != 2 || len(t.Shape) != 1 ||
			t.Shape[0] != w.Shape[0] {
			return nil, nil
		}
	}
	if layers == nil {
		return nil, nil
	}
	return v.ordered(layers)
}

// linked returns the layers of a chain, those with nothing between them as one: W₂·(W₁·x + b₁) + b₂.
func (v *conversion) linked(chain []string, bare []bool) []layer {
	var layers []layer
	for i, name := range chain {
		next := layer{name, v.Tensors[name+".weight"], v.Tensors[name+".bias"]}
		if i > 0 && bare[i-1] {
			last := &layers[len(layers)-1]
			next = last.then(next)
			layers = layers[:len(layers)-1]
		}
		layers = append(layers, next)
	}
	return layers
}

// layers keeps the tensors of a perceptron under our names. If some layers have a bias, one without gets zeros.
func (v *conversion) layers(chain []layer) {
	biased := slices.ContainsFunc(chain, func(l layer) bool { return l.bias != nil })
	for k, l := range chain {
		name := fmt.Sprintf("layers.%d", k)
		v.keep(l.weight.named(name + ".weight"))
		if !biased {
			continue
		}
		if l.bias == nil {
			v.note("added: a bias of zeros for %s, which has none", l.name)
			l.bias = zeros("", l.weight.Shape[0])
		}
		v.keep(l.bias.named(name + ".bias"))
	}
}

// perceptron converts the layers of a torch.nn.Sequential, or of tinygrad.
func (v *conversion) perceptron(names []string) error {
	v.Type = "mlp"
	bare, err := v.bare(names)
	if err != nil {
		return err
	}
	chain := v.linked(names, bare)
	var missing []string
	for _, f := range []struct {
		lacks      bool
		flag, what string
	}{
		{v.Activation == "" && len(chain) > 1, "--activation", "what follows each layer, such as relu"},
		{v.InputBits == 0, "--input-bits", "how many bits an input has, such as 8 for a pixel"},
		{v.InputScale == 0, "--input-scale", "what one unit of input stands for, such as 0.00392156862745098 for 1/255"},
	} {
		if f.lacks {
			missing = append(missing, f.flag+" ("+f.what+")")
		}
	}
	if missing != nil {
		return v.lacks("is a perceptron of the layers %s; the file does not say %s; or put a config.json beside it",
			brief.Clip(strings.Join(names, ", ")), strings.Join(missing, ", "))
	}
	if v.InputOffset != 0 {
		chain[0] = chain[0].shifted(v.InputOffset)
	}
	v.layers(chain)
	sizes := []int{chain[0].weight.Shape[1]}
	for _, l := range chain {
		sizes = append(sizes, l.weight.Shape[0])
	}
	var labels []string
	for i := range sizes[len(sizes)-1] {
		labels = append(labels, fmt.Sprint(i))
	}
	activation := v.Activation
	if activation == "" {
		activation = "relu" // which one layer has no place for
	}
	v.config = map[string]any{
		"model_type": "mlp", "name": v.called(), "layer_sizes": sizes, "activation": activation, "labels": labels,
		"input":        map[string]any{"kind": "vector", "length": sizes[0], "bits": v.InputBits, "scale": v.InputScale},
		"quantization": map[string]any{},
	}
	return v.idle(useActivation, useBits, useScale, useOffset, useOrder)
}
