package model

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/brief"
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
	if err := c.checkTask(); err != nil {
		return err
	}
	return c.checkActivation()
}

// checkActivation checks the function of the hidden layers. A leaky ReLU gets its slope into its name.
func (c *Config) checkActivation() *fieldError {
	leaky := c.Activation == "leaky_relu"
	switch slope := c.NegativeSlope; {
	case slope != nil && !leaky:
		return badField("negative_slope", "has no meaning for activation %s, only for leaky_relu", brief.Quote(c.Activation))
	case slope != nil && !(*slope >= 0 && *slope <= 1):
		return badField("negative_slope", "%v is outside 0..1", *slope)
	case slope != nil:
		c.Activation = compile.LeakyReLU(*slope)
	case !slices.Contains(compile.ActivationNames(), c.Activation):
		return badField("activation", "unknown activation %s; known: %s", brief.Quote(c.Activation),
			list(compile.ActivationNames()))
	}
	return nil
}

// mlpTensors lists the layers by their order in the file: the tensors may be layers.0 and layers.1, or 0 and 2 of a
// torch.nn.Sequential, or l1 and l2. Unless config.json says whether there are biases, all layers have one or none has.
func mlpTensors(c *Config) []tensorSpec {
	var specs []tensorSpec
	for k, in := range c.LayerSizes[:len(c.LayerSizes)-1] {
		add := func(part string, shape ...int) *tensorSpec {
			s := spec(layerName(k)+part, shape...)
			s.called = func(names []string) string { return numbered(names, k, part, s.name) }
			specs = append(specs, s)
			return &specs[len(specs)-1]
		}
		out := c.LayerSizes[k+1]
		add(".weight", out, in)
		if c.Bias != nil && !*c.Bias {
			continue
		}
		if bias := add(".bias", out); c.Bias == nil {
			bias.missing = func(names []string) bool {
				return !slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(name, ".bias") })
			}
		}
	}
	return specs
}

// numberedWeight is the name of the weight of a numbered layer: the stem, the number and, for a layer in a module of
// its own, the rest.
var numberedWeight = regexp.MustCompile(`^(.*?)([0-9]+)(\.[^0-9]+)?\.weight$`)

// numbered returns the name of a part of layer k, counted from 0 in the order of the numbers in the names of the
// weights. It returns the name otherwise unless all weights have names that differ in one number alone.
func numbered(names []string, k int, part, otherwise string) string {
	layers, stem := map[int]string{}, ""
	for _, name := range names {
		if !strings.HasSuffix(name, ".weight") {
			continue
		}
		found := numberedWeight.FindStringSubmatch(name)
		if found == nil {
			return otherwise
		}
		n, err := strconv.Atoi(found[2])
		all := found[1] + "#" + found[3]
		if err != nil || stem != "" && all != stem || layers[n] != "" {
			return otherwise
		}
		stem = all
		layers[n] = strings.TrimSuffix(name, ".weight")
	}
	numbers := slices.Sorted(maps.Keys(layers))
	if k >= len(numbers) {
		return otherwise
	}
	return layers[numbers[k]] + part
}

// forwardMLP computes x ← f(W·x + b) for each layer, without the activation f for the
// last.
func forwardMLP(m *Model, in []int64, observe observer) []float64 {
	x := inUnits(in, m.Config.Input.Scale)
	last := len(m.Config.LayerSizes) - 2
	f := m.Config.function()
	for k := range last {
		x = apply(f, m.Weights.affine(layerName(k)+".weight", x))
		observeSides(observe, hiddenName(k), x)
	}
	y := m.Weights.affine(layerName(last)+".weight", x)
	if m.Config.Regression() {
		observeSides(observe, outputName, y)
	}
	return y
}

// observeSides observes activations of either sign: as they are, and then what is above and what is below 0.
func observeSides(observe observer, name string, x []float64) {
	observe(name, x)
	side := func(of string, sign float64) {
		observe(name+of, apply(func(v float64) float64 { return max(sign*v, 0) }, x))
	}
	side(above, 1)
	side(below, -1)
}

// The sides of activations, behind their names.
const (
	above = " above 0"
	below = " below 0"
)

// sides chooses the levels of activations of either sign: as many as some bits have, shared between the sides as the
// calibrated percentiles of both sides are. So a function that hardly falls below 0 spends few levels there.
func (z *quantiser) sides(name, function string, bits int) (unit float64, out program.Range) {
	if z.m.unknown {
		return 1, unknownSides(function, 1<<bits-1)
	}
	high, low, steps := z.peaks[name+above], z.peaks[name+below], float64(int64(1)<<bits-1)
	if high+low > 0 {
		out.Lo = -int64(math.Ceil(steps * low / (high + low)))
	}
	out.Lo = max(out.Lo, 1-int64(steps)) // 0 and at least one level above it
	out.Hi = int64(steps) + out.Lo
	unit = z.scale(name, cmp.Or(max(high/float64(out.Hi), low/float64(max(-out.Lo, 1))), 1))
	z.choose(Choice{Tensor: name, Kind: Activation, Scale: unit, Peak: max(high, low)}, out)
	return unit, out
}

// unknownSides returns the range with the most jumps of a function among those that sides may choose: a function that
// turns has two for each level below 0.
func unknownSides(function string, steps int64) program.Range {
	jumps, err := compile.ActivationJumps(function, program.Range{Lo: -1, Hi: 1})
	if err == nil && jumps > 2 {
		return program.Range{Lo: 1 - steps, Hi: 1}
	}
	return program.Range{Hi: steps}
}

// buildMLP appends an mlp: one Step on one Sum for each hidden layer.
//
// Depth: hidden layers + 2; the arg-max compares the sums of the last layer. A regression rounds
// its numbers, and has depth hidden layers + 1.
func buildMLP(z *quantiser) scaled {
	c := &z.m.Config
	x := scaled{inputs(z.p, c), z.scale("input", c.Input.Scale)}
	last := len(c.LayerSizes) - 2
	for k := range last {
		weight, name, dim := layerName(k)+".weight", hiddenName(k), "d"+strconv.Itoa(k+1)
		layer, bits := z.affine(weight, x.unit), z.activationBits(name)
		if c.Activation == "relu" {
			l := z.activation(name, layer.sum, z.unsigned(name))
			z.begin("%s [%s, a%d u=%d]", name, z.label("w", weight, layer.scale), bits, l.unit)
			x = z.round(z.linear(layer, x.Value, dim).Value, l)
		} else {
			unit, out := z.sides(name, c.Activation, bits)
			z.begin("%s [%s, a%d s=%.3g]", name, z.label("w", weight, layer.scale), bits, unit)
			sum := z.linear(layer, x.Value, dim)
			x = scaled{z.activate(sum.Value, c.Activation, sum.unit, out, unit), unit}
		}
		z.p.End()
	}
	weight := layerName(last) + ".weight"
	layer := z.affine(weight, x.unit)
	if c.Regression() {
		bits := z.residualBits(outputName)
		unit, out := z.sides(outputName, "identity", bits)
		z.begin("output [%s, a%d s=%.3g]", z.label("w", weight, layer.scale), bits, unit)
		sum := z.linear(layer, x.Value, "y")
		return scaled{z.activate(sum.Value, "identity", sum.unit, out, unit), unit}
	}
	z.begin("output [%s]", z.label("w", weight, layer.scale))
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
