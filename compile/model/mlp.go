package model

import (
	"strconv"

	"github.com/tc0lab/tc0/compile/program"
)

func layerName(k int) string { return "layers." + strconv.Itoa(k) }

// checkMLP checks the fields of an mlp.
func checkMLP(c *Config) *fieldError {
	if err := within(
		limited{"hidden_size", c.HiddenSize, 0, 0}, limited{"intermediate_size", c.IntermediateSize, 0, 0},
		limited{"quantization.exp_levels", c.Quantisation.ExpLevels, 0, 0},
	); err != nil {
		return err
	}
	if c.Quantisation.ScoreSpan != 0 {
		return badField("quantization.score_span", "has no meaning in this type of model")
	}
	sizes := c.LayerSizes
	if len(sizes) < 2 || len(sizes) > 100 {
		return badField("layer_sizes", "%d sizes; 2 to 100 are possible: inputs, hidden layers, outputs", len(sizes))
	}
	for k, s := range sizes {
		if s < 1 || s > most {
			return badField("layer_sizes", "layer %d has %d units; 1 to %d are possible", k, s, most)
		}
	}
	if ports := c.Input.Ports(); ports != sizes[0] {
		return badField("layer_sizes", "the first is %d, and the input has %d numbers", sizes[0], ports)
	}
	if last := sizes[len(sizes)-1]; last != len(c.Labels) {
		return badField("labels", "%d labels for %d outputs", len(c.Labels), last)
	}
	return nil
}

func mlpTensors(c *Config) []tensorSpec {
	var specs []tensorSpec
	for k, in := range c.LayerSizes[:len(c.LayerSizes)-1] {
		out, name := c.LayerSizes[k+1], layerName(k)
		specs = append(specs, spec(name+".weight", out, in), spec(name+".bias", out))
	}
	return specs
}

// forwardMLP computes x ← relu(W·x + b) for each layer, without the ReLU for the
// last.
func forwardMLP(m *Model, in []int64, observe observer) []float64 {
	x := inUnits(in, m.Config.Input.Scale)
	last := len(m.Config.LayerSizes) - 2
	for k := range last {
		x = m.Weights.affine(layerName(k)+".weight", x)
		relu(x)
		observe(hiddenName(k), x)
	}
	return m.Weights.affine(layerName(last)+".weight", x)
}

// buildMLP appends an mlp: one Step on one Sum for each hidden layer.
//
// Depth: hidden layers + 2; the arg-max compares the sums of the last layer.
func buildMLP(z *quantiser) scaled {
	c := &z.m.Config
	x := scaled{inputs(z.p, c), z.scale("input", c.Input.Scale)}
	last := len(c.LayerSizes) - 2
	for k := range last {
		layer := z.affine(layerName(k)+".weight", x.unit)
		l := z.activation(hiddenName(k), layer.sum, z.unsigned())
		z.begin("%s [%s, a%d u=%d]", hiddenName(k), z.label("w", layer.scale), z.q.ActivationBits, l.unit)
		x = z.round(z.linear(layer, x.Value, "d"+strconv.Itoa(k+1)).Value, l)
		z.p.End()
	}
	layer := z.affine(layerName(last)+".weight", x.unit)
	z.begin("output [%s]", z.label("w", layer.scale))
	return z.linear(layer, x.Value, "label")
}

// inputs appends the input of an mlp as one row "d0".
func inputs(p *program.Program, c *Config) program.Value {
	row := program.Shape{program.NewDim("d0", c.Input.Ports())}
	if c.Input.Kind == "vector" {
		return p.Input("x", row, c.Input.Bits, false)
	}
	image := program.Shape{program.NewDim("rows", c.Input.Rows), program.NewDim("columns", c.Input.Columns)}
	return p.Reshape(p.Input("pixel", image, c.Input.Bits, false), row, "flatten")
}
