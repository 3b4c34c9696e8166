package model

import (
	"encoding/json"
	"io/fs"
	"math"
	"math/rand/v2"
	"path"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/compile"
)

// DenoiserConfig is the config.json of a [Denoiser].
type DenoiserConfig struct {
	ModelType   string `json:"model_type"` // "denoiser"
	Name        string `json:"name"`
	Description string `json:"description"`
	Rows        int    `json:"rows,omitempty"`    // of an image that is drawn; 0 if it is none
	Columns     int    `json:"columns,omitempty"` // of it
	Context     int    `json:"context,omitempty"` // bits that are read: the question
	LayerSizes  []int  `json:"layer_sizes"`       // what is diffused and the context; hidden layers; what is diffused
	TimeWaves   int    `json:"time_waves"`        // pairs of sine and cosine of the time
	TimeSize    int    `json:"time_size"`         // units that mix them
	Schedule    string `json:"schedule"`          // "cosine"
	Problem     string `json:"problem,omitempty"` // what a model with a context answers, such as "parity:n=6"
	// Lead is by how much the right answer is likelier than the wrong one in the
	// distribution that the model was trained on; 0 if that is not known.
	Lead       float64 `json:"target_lead,omitempty"`
	Bits       int     `json:"bits"`  // of a number that is diffused, two's complement
	Reach      int     `json:"reach"` // and its greatest absolute value
	NoiseBits  int     `json:"noise_bits"`
	NoiseReach int     `json:"noise_reach"`

	Quantisation Quantisation       `json:"quantization"`
	Frechet      map[string]float64 `json:"frechet_float,omitempty"` // what the training measured
}

// Denoiser is the network of a trained diffusion model, read from a folder. It is a perceptron. It
// predicts a clean vector from a noisy vector, from bits of context and from the time t in 0..1.
// Its hidden layers are relu(W·h + b + V·e(t)). Its last layer adds skip(t)·x. Here e(t) =
// silu(E·waves(t) + c), and the waves are sin(πkt) and cos(πkt). It samples on the cosine schedule;
// see [compile.UpdateOf]. A [Sampler] is this network with a number of steps, as a program in
// integers. (Package compile has families of diffusion models with generic weights, which have no
// folder: [compile.Denoiser], [compile.Diffusion] and [compile.MaskedDiffusion].)
//
// A folder has config.json, see [DenoiserConfig], and model.safetensors with layers.k.weight,
// layers.k.bias, layers.k.time.weight, time.weight, time.bias, skip.weight and skip.bias. For
// images it also has test.safetensors with "inputs", of 8 bits.
type Denoiser struct {
	Config DenoiserConfig
	Test   [][]float64 // held-out vectors; nil if there are none
	weight Weights

	calibrate func() []float64 // greatest value of each hidden layer
}

// LoadDenoiser reads a trained diffusion model from a folder.
// Errors: a [*LoadError].
func LoadDenoiser(fsys fs.FS, dir string) (*Denoiser, error) {
	doc, err := readDocument(fsys, path.Join(dir, "config.json"))
	if err != nil {
		return nil, err
	}
	d := &Denoiser{}
	c := &d.Config
	if err := doc.decode(c, c.check); err != nil {
		return nil, err
	}
	if d.weight, err = readWeights(fsys, path.Join(dir, "model.safetensors"), c.tensors(), ""); err != nil {
		return nil, err
	}
	if c.Rows > 0 {
		if d.Test, err = c.loadTest(fsys, path.Join(dir, "test.safetensors")); err != nil {
			return nil, err
		}
	}
	d.calibrate = sync.OnceValue(d.greatest)
	return d, nil
}

// IsDenoiser says whether a folder has the config.json of a diffusion model, which may
// still be refused.
func IsDenoiser(fsys fs.FS, dir string) bool {
	text, err := readText(fsys, path.Join(dir, "config.json"))
	var c DenoiserConfig
	return err == nil && json.Unmarshal(text, &c) == nil && c.ModelType == modelType
}

// modelType is what a configuration calls a diffusion model.
const modelType = "denoiser"

// loadTest reads held-out images, of 8 bits a pixel, as vectors in −1..1.
func (c *DenoiserConfig) loadTest(fsys fs.FS, name string) ([][]float64, error) {
	f, err := readTensors(fsys, name)
	if err != nil {
		return nil, err
	}
	rows, err := f.table("inputs", c.Dimension(), math.MaxUint8)
	var images [][]float64
	for _, row := range rows {
		image := make([]float64, len(row))
		for i, v := range row {
			image[i] = float64(v)/127.5 - 1
		}
		images = append(images, image)
	}
	return images, err
}

// Dimension is how many numbers are diffused.
func (c *DenoiserConfig) Dimension() int { return c.LayerSizes[len(c.LayerSizes)-1] }

// check compares the fields with each other and with their ranges.
func (c *DenoiserConfig) check() *fieldError {
	switch {
	case c.ModelType != modelType:
		return badField("model_type", "is %q; a denoiser has %q", c.ModelType, modelType)
	case c.Schedule != "cosine":
		return badField("schedule", "is %q; known: cosine", c.Schedule)
	case len(c.LayerSizes) < 3 || len(c.LayerSizes) > 20:
		return badField("layer_sizes", "has %d sizes; 3 to 20 are possible", len(c.LayerSizes))
	}
	for _, n := range c.LayerSizes {
		if n < 1 || n > 1<<12 {
			return badField("layer_sizes", "has %d, which is outside 1..%d", n, 1<<12)
		}
	}
	d := c.Dimension()
	if first := c.LayerSizes[0]; first != d+c.Context {
		return badField("layer_sizes",
			"begins with %d, and %d numbers and %d bits of context are read", first, d, c.Context)
	}
	if c.Rows != 0 && c.Rows*c.Columns != d {
		return badField("rows", "%d rows of %d columns are not %d numbers", c.Rows, c.Columns, d)
	}
	if err := within(
		limited{"context", c.Context, 0, 1 << 10},
		limited{"rows", c.Rows, 0, 256},
		limited{"columns", c.Columns, 0, 256},
		limited{"time_waves", c.TimeWaves, 1, 64},
		limited{"time_size", c.TimeSize, 1, 1024},
		limited{"bits", c.Bits, 2, 10},
		limited{"reach", c.Reach, 1, 16},
		limited{"noise_bits", c.NoiseBits, 2, 10},
		limited{"noise_reach", c.NoiseReach, 1, 16},
	); err != nil {
		return err
	}
	if !(c.Lead >= 0 && c.Lead <= 1) {
		return badField("target_lead", "%v is outside 0..1", c.Lead)
	}
	if c.Quantisation.Bits != nil {
		return badField("quantization.bits", "has no meaning in a denoiser")
	}
	if c.Quantisation.Equalise {
		return badField("quantization.equalize", "has no meaning in a denoiser")
	}
	return c.Quantisation.checkField()
}

// tensors are the tensors of the model.
func (c *DenoiserConfig) tensors() []tensorSpec {
	specs := []tensorSpec{
		spec("time.weight", c.TimeSize, 2*c.TimeWaves), spec("time.bias", c.TimeSize),
		spec("skip.weight", 1, c.TimeSize), spec("skip.bias", 1),
	}
	for k, in := range c.LayerSizes[:len(c.LayerSizes)-1] {
		out, name := c.LayerSizes[k+1], layerName(k)
		specs = append(specs,
			spec(name+".weight", out, in), spec(name+".bias", out), spec(name+".time.weight", out, c.TimeSize))
	}
	return specs
}

// Parameters counts the weights and biases.
func (d *Denoiser) Parameters() int {
	n := 0
	for _, t := range d.weight {
		n += len(t.Data)
	}
	return n
}

// at returns the biases of each layer at a time, and the skip weight.
func (d *Denoiser) at(t float64) (bias [][]float64, skip float64) {
	c := &d.Config
	waves := make([]float64, 2*c.TimeWaves)
	for k := range c.TimeWaves {
		waves[k], waves[c.TimeWaves+k] = math.Sincos(math.Pi * float64(k+1) * t)
	}
	e := apply(func(z float64) float64 { return z / (1 + math.Exp(-z)) }, d.weight.affine("time.weight", waves))
	for k := range len(c.LayerSizes) - 1 {
		b := d.weight[layerName(k)+".time.weight"].times(e)
		bias = append(bias, plus(b, d.weight[layerName(k)+".bias"].Data))
	}
	return bias, d.weight.affine("skip.weight", e)[0]
}

// Foretell predicts the clean vector in float64, from the textbook formula. It calls observe,
// unless that is nil, with each hidden layer.
func (d *Denoiser) Foretell(x, context []float64, t float64, observe func(layer int, h []float64)) []float64 {
	bias, skip := d.at(t)
	h := slices.Concat(x, context)
	last := len(bias) - 1
	for k, b := range bias {
		h = plus(d.weight[layerName(k)+".weight"].times(h), b)
		if k == last {
			break
		}
		if relu(h); observe != nil {
			observe(k, h)
		}
	}
	for i := range h {
		h[i] += float64(skip * x[i])
	}
	return h
}

// Advance takes step i of T of a sampler with the network in float64. The fresh noise is xi; nil
// means no noise. The function observe is as in [Denoiser.Foretell].
func (d *Denoiser) Advance(
	x, context []float64, i, steps int, ancestral bool, xi []float64, observe func(layer int, h []float64),
) []float64 {
	u := compile.UpdateOf(i, steps, ancestral)
	return u.Apply(x, d.Foretell(x, context, 1-float64(i)/float64(steps), observe), xi)
}

// greatest measures the greatest value of each hidden layer while the network samples in
// float64, from fixed seeds: the last level of its activations.
func (d *Denoiser) greatest() []float64 {
	const samples, steps = 200, 8
	most := make([]float64, len(d.Config.LayerSizes)-2)
	observe := func(k int, h []float64) { most[k] = max(most[k], slices.Max(h)) }
	rng := rand.New(rand.NewPCG(1, 8))
	normal := func() []float64 {
		x := make([]float64, d.Config.Dimension())
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		return x
	}
	for range samples {
		context := make([]float64, d.Config.Context)
		for i := range context {
			context[i] = float64(rng.IntN(2))
		}
		x := normal()
		for i := range steps {
			x = d.Advance(x, context, i, steps, true, normal(), observe)
		}
	}
	return most
}
