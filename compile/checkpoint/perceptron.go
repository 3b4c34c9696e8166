package checkpoint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// chain returns the names of the layers of a perceptron in order: each has a weight [out, in], and perhaps
// a bias [out], and takes what the one before it gives. It is nil if the tensors are something else.
func (v *conversion) chain() []string {
	var layers []string
	for _, name := range v.Names() {
		t := v.Tensors[name]
		if layer, ok := strings.CutSuffix(name, ".weight"); ok {
			if len(t.Shape) != 2 || t.Shape[0] == 0 || t.Shape[1] == 0 {
				return nil
			}
			layers = append(layers, layer)
			continue
		}
		layer, ok := strings.CutSuffix(name, ".bias")
		if w := v.Tensors[layer+".weight"]; !ok || w == nil || len(w.Shape) != 2 || len(t.Shape) != 1 ||
			t.Shape[0] != w.Shape[0] {
			return nil
		}
	}
	if v.fits(layers) && !v.byNumber(layers) {
		v.note("taken: the layers in the order %s, which the file does not say", clip(strings.Join(layers, ", ")))
	}
	if v.fits(layers) {
		return layers
	}
	return v.byWidth(layers)
}

// fits reports whether each layer takes what the one before it gives.
func (v *conversion) fits(layers []string) bool {
	for i := 1; i < len(layers); i++ {
		if v.Tensors[layers[i]+".weight"].Shape[1] != v.Tensors[layers[i-1]+".weight"].Shape[0] {
			return false
		}
	}
	return layers != nil
}

// byNumber reports whether the names of layers say their order: by numbers, or because no other one fits.
func (v *conversion) byNumber(layers []string) bool {
	word := func(name string) string { return strings.TrimFunc(name, unicode.IsDigit) }
	same := func(name string) bool { return word(name) == word(layers[0]) && word(name) != name }
	return len(layers) == 1 || !slices.ContainsFunc(layers, func(name string) bool { return !same(name) }) ||
		slices.Equal(v.byWidth(layers), layers)
}

// byWidth orders layers where only one order fits: no two of them take equally many numbers. Else it is nil.
func (v *conversion) byWidth(layers []string) []string {
	takes, given := map[int]string{}, map[int]bool{}
	for _, name := range layers {
		shape := v.Tensors[name+".weight"].Shape
		if takes[shape[1]] != "" || given[shape[0]] {
			return nil
		}
		takes[shape[1]], given[shape[0]] = name, true
	}
	var ordered []string
	for width, name := range takes {
		if !given[width] {
			for ; name != ""; name = takes[v.Tensors[name+".weight"].Shape[0]] {
				ordered = append(ordered, name)
			}
			break
		}
	}
	if len(ordered) != len(layers) {
		return nil
	}
	return ordered
}

// layers keeps the tensors of a perceptron under our names. If some layers have a bias, one without gets zeros.
func (v *conversion) layers(chain []string) {
	biased := slices.ContainsFunc(chain, func(layer string) bool { return v.Tensors[layer+".bias"] != nil })
	for k, layer := range chain {
		w, b := v.Tensors[layer+".weight"], v.Tensors[layer+".bias"]
		name := fmt.Sprintf("layers.%d", k)
		v.keep(w.named(name + ".weight"))
		if !biased {
			continue
		}
		if b == nil {
			v.note("added: a bias of zeros for %s, which has none", layer)
			b = zeros("", w.Shape[0])
		}
		v.keep(b.named(name + ".bias"))
	}
}

// perceptron converts the layers of a torch.nn.Sequential, or of tinygrad.
func (v *conversion) perceptron(chain []string) error {
	v.Type = "mlp"
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
		return v.fail("", "is a perceptron of the layers %s; the file does not say %s; or put a config.json beside it",
			clip(strings.Join(chain, ", ")), strings.Join(missing, ", "))
	}
	v.layers(chain)
	sizes := []int{v.Tensors[chain[0]+".weight"].Shape[1]}
	for _, layer := range chain {
		sizes = append(sizes, v.Tensors[layer+".weight"].Shape[0])
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
	return v.idle(useActivation, useBits, useScale)
}
