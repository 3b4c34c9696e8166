package model

import (
	"strconv"

	"github.com/tc0lab/tc0/compile/program"
)

func layerName(k int) string { return "layers." + strconv.Itoa(k) }

// checkMLP checks the fields of an mlp.
func checkMLP(c *Config) error {
	for _, f := range []struct {
		name string
		v    int
	}{{"hidden_size", c.HiddenSize}, {"intermediate_size", c.IntermediateSize}, {"quantization.exp_levels", c.Quantisation.ExpLevels}} {
		if err := inside(f.name, f.v, false, 0, 0); err != nil {
			return err
		}
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
	for k := range len(c.LayerSizes) - 1 {
		in, out := c.LayerSizes[k], c.LayerSizes[k+1]
		specs = append(specs, tensorSpec{name: layerName(k) + ".weight", shape: []int{out, in}}, tensorSpec{name: layerName(k) + ".bias", shape: []int{out}})
	}
	return specs
}

// buildMLP appends an mlp: one Step on one Sum for each hidden layer.
//
// Depth: hidden layers + 2; the arg-max compares the sums of the last layer.
func buildMLP(z *quantiser, p *program.Program, finish func(logits program.Value)) float64 {
	c := &z.m.Config
	x := inputs(p, c)
	scale := z.scale("input", c.Input.Scale)
	layers := len(c.LayerSizes) - 1
	for k := range layers {
		w, ws := z.weight(layerName(k) + ".weight")
		sum := z.scale(layerName(k), scale*ws)
		bias := z.bias(layerName(k)+".bias", sum)
		if k == layers-1 {
			z.begin(p, "output [%s]", rounding("w", z.q.WeightBits, ws))
			finish(p.Linear(x, w, bias, "label"))
			p.End()
			return sum
		}
		out := z.unsigned()
		unit, s := z.activation(hiddenName(k), sum, out)
		z.begin(p, "%s [%s, a%d u=%d]", hiddenName(k), rounding("w", z.q.WeightBits, ws), z.q.ActivationBits, unit)
		x = p.Step(p.Linear(x, w, bias, "d"+strconv.Itoa(k+1)), program.Round(unit, out))
		p.End()
		scale = s
	}
	panic("model: an mlp without layers")
}

// inputs appends the input of an mlp as one row "d0".
func inputs(p *program.Program, c *Config) program.Value {
	row := program.Shape{program.NewDim("d0", c.Input.Ports())}
	if c.Input.Kind == "vector" {
		return p.Input("x", row, c.Input.Bits, false)
	}
	pixels := p.Input("pixel", program.Shape{program.NewDim("rows", c.Input.Rows), program.NewDim("columns", c.Input.Columns)}, c.Input.Bits, false)
	return p.Reshape(pixels, row, "flatten")
}
