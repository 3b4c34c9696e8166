package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"path"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/compile"
)

// DenoiserConfig is the config.json of a trained diffusion model.
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

// Denoiser is a trained diffusion model: a perceptron that foretells a clean vector from
// a noisy one, from bits of context and from the time t in 0..1. Its hidden layers are
// relu(W·h + b + V·e(t)), the last layer adds skip(t)·x, and e(t) = silu(E·waves(t) + c)
// with waves sin(πkt), cos(πkt). It samples on the cosine schedule; see
// [compile.UpdateOf].
//
// A folder has config.json, see [DenoiserConfig], and model.safetensors with
// layers.k.weight, layers.k.bias, layers.k.time.weight, time.weight, time.bias,
// skip.weight and skip.bias; images have test.safetensors with "inputs", of 8 bits.
type Denoiser struct {
	Config DenoiserConfig
	Test   [][]float64 // held-out vectors; nil if there are none
	weight map[string]*Tensor

	calibrate func() []float64 // greatest value of each hidden layer
}

// LoadDenoiser reads a trained diffusion model from a folder.
// Errors: a [*LoadError].
func LoadDenoiser(fsys fs.FS, dir string) (*Denoiser, error) {
	name := path.Join(dir, "config.json")
	text, err := readFile(fsys, name)
	if err != nil {
		return nil, err
	}
	d := &Denoiser{weight: map[string]*Tensor{}}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d.Config); err != nil {
		return nil, &LoadError{File: name, What: "is not the configuration of a denoiser", Err: err}
	}
	if field, what := d.Config.check(); what != "" {
		return nil, &LoadError{File: name, Name: field, What: what}
	}
	file, err := readTensors(fsys, path.Join(dir, "model.safetensors"))
	if err != nil {
		return nil, err
	}
	specs := d.Config.tensors()
	for _, s := range specs {
		t, err := file.real(s)
		if err != nil {
			return nil, err
		}
		d.weight[s.name] = t
	}
	if err := file.only(specs, nil); err != nil {
		return nil, err
	}
	if d.Config.Rows > 0 {
		if err := d.loadTest(fsys, path.Join(dir, "test.safetensors")); err != nil {
			return nil, err
		}
	}
	d.calibrate = sync.OnceValue(d.greatest)
	return d, nil
}

// IsDenoiser says whether a folder has the config.json of a diffusion model, which may
// still be refused.
func IsDenoiser(fsys fs.FS, dir string) bool {
	text, err := readFile(fsys, path.Join(dir, "config.json"))
	var c DenoiserConfig
	return err == nil && json.Unmarshal(text, &c) == nil && c.ModelType == modelType
}

// modelType is what a configuration calls a diffusion model.
const modelType = "denoiser"

// loadTest reads held-out images, of 8 bits a pixel, as vectors in −1..1.
func (d *Denoiser) loadTest(fsys fs.FS, name string) error {
	file, err := readTensors(fsys, name)
	if err != nil {
		return err
	}
	view, ok := file.tensors.Tensor("inputs")
	if !ok {
		return &LoadError{File: name, Name: "inputs", What: "is missing"}
	}
	n := d.Config.Dimension()
	if shape := view.Shape(); len(shape) != 2 || int(shape[1]) != n || len(view.Data()) != int(shape[0])*n {
		return &LoadError{File: name, Name: "inputs", What: fmt.Sprintf("has shape %v; it must be [count %d], one byte each", shape, n)}
	}
	for row := range slices.Chunk(view.Data(), n) {
		image := make([]float64, n)
		for i, v := range row {
			image[i] = float64(v)/127.5 - 1
		}
		d.Test = append(d.Test, image)
	}
	return nil
}

// Dimension is how many numbers are diffused.
func (c *DenoiserConfig) Dimension() int { return c.LayerSizes[len(c.LayerSizes)-1] }

// check returns a field and what is wrong with it.
func (c *DenoiserConfig) check() (field, what string) {
	if c.ModelType != modelType {
		return "model_type", fmt.Sprintf("is %q; a denoiser has %q", c.ModelType, modelType)
	}
	if c.Schedule != "cosine" {
		return "schedule", fmt.Sprintf("is %q; known: cosine", c.Schedule)
	}
	if len(c.LayerSizes) < 3 || len(c.LayerSizes) > 20 {
		return "layer_sizes", fmt.Sprintf("has %d sizes; 3 to 20 are possible", len(c.LayerSizes))
	}
	for _, n := range c.LayerSizes {
		if n < 1 || n > 1<<12 {
			return "layer_sizes", fmt.Sprintf("has %d, which is outside 1..%d", n, 1<<12)
		}
	}
	if first := c.LayerSizes[0]; first != c.Dimension()+c.Context {
		return "layer_sizes", fmt.Sprintf("begins with %d, and %d numbers and %d bits of context are read", first, c.Dimension(), c.Context)
	}
	if c.Rows != 0 && c.Rows*c.Columns != c.Dimension() {
		return "rows", fmt.Sprintf("%d rows of %d columns are not %d numbers", c.Rows, c.Columns, c.Dimension())
	}
	for _, f := range []struct {
		name         string
		v, low, high int
	}{
		{"context", c.Context, 0, 1 << 10},
		{"rows", c.Rows, 0, 256},
		{"columns", c.Columns, 0, 256},
		{"time_waves", c.TimeWaves, 1, 64},
		{"time_size", c.TimeSize, 1, 1024},
		{"bits", c.Bits, 2, 10},
		{"reach", c.Reach, 1, 16},
		{"noise_bits", c.NoiseBits, 2, 10},
		{"noise_reach", c.NoiseReach, 1, 16},
	} {
		if f.v < f.low || f.v > f.high {
			return f.name, fmt.Sprintf("%d is outside %d..%d", f.v, f.low, f.high)
		}
	}
	if !(c.Lead >= 0 && c.Lead <= 1) {
		return "target_lead", fmt.Sprintf("%v is outside 0..1", c.Lead)
	}
	if err := c.Quantisation.check(); err != nil {
		return "quantization", err.Error()
	}
	return "", ""
}

// tensors are the tensors of the model.
func (c *DenoiserConfig) tensors() []tensorSpec {
	specs := []tensorSpec{
		{name: "time.weight", shape: []int{c.TimeSize, 2 * c.TimeWaves}},
		{name: "time.bias", shape: []int{c.TimeSize}},
		{name: "skip.weight", shape: []int{1, c.TimeSize}},
		{name: "skip.bias", shape: []int{1}},
	}
	for k := range len(c.LayerSizes) - 1 {
		in, out, name := c.LayerSizes[k], c.LayerSizes[k+1], layerName(k)
		specs = append(specs, tensorSpec{name: name + ".weight", shape: []int{out, in}}, tensorSpec{name: name + ".bias", shape: []int{out}},
			tensorSpec{name: name + ".time.weight", shape: []int{out, c.TimeSize}})
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

// row returns row i of a matrix.
func (d *Denoiser) row(name string, i int) []float64 {
	t := d.weight[name]
	width := len(t.Data) / t.Shape[0]
	return t.Data[i*width : (i+1)*width]
}

// at returns what the time makes of each layer's biases, and the skip weight.
func (d *Denoiser) at(t float64) (bias [][]float64, skip float64) {
	c := &d.Config
	waves := make([]float64, 2*c.TimeWaves)
	for k := range c.TimeWaves {
		waves[k], waves[c.TimeWaves+k] = math.Sincos(math.Pi * float64(k+1) * t)
	}
	e := make([]float64, c.TimeSize)
	for i := range e {
		z := dot(d.row("time.weight", i), waves) + d.weight["time.bias"].Data[i]
		e[i] = z / (1 + math.Exp(-z))
	}
	for k := range len(c.LayerSizes) - 1 {
		b := slices.Clone(d.weight[layerName(k)+".bias"].Data)
		for i := range b {
			b[i] += dot(d.row(layerName(k)+".time.weight", i), e)
		}
		bias = append(bias, b)
	}
	return bias, dot(d.row("skip.weight", 0), e) + d.weight["skip.bias"].Data[0]
}

// Foretell returns the clean vector that the network expects, in float64, from the
// textbook formula. It calls observe, unless that is nil, with each hidden layer.
func (d *Denoiser) Foretell(x, context []float64, t float64, observe func(layer int, h []float64)) []float64 {
	bias, skip := d.at(t)
	h := append(slices.Clone(x), context...)
	last := len(bias) - 1
	for k, b := range bias {
		next := make([]float64, len(b))
		for i := range next {
			next[i] = dot(d.row(layerName(k)+".weight", i), h) + b[i]
			if k < last {
				next[i] = math.Max(0, next[i])
			} else {
				next[i] += float64(skip * x[i])
			}
		}
		if h = next; k < last && observe != nil {
			observe(k, h)
		}
	}
	return h
}

// Advance takes step i of T of a sampler with the network in float64; xi is the fresh noise,
// nil if there is none, and observe is as in [Denoiser.Foretell].
func (d *Denoiser) Advance(x, context []float64, i, steps int, ancestral bool, xi []float64, observe func(layer int, h []float64)) []float64 {
	u := compile.UpdateOf(i, steps, ancestral)
	f := d.Foretell(x, context, 1-float64(i)/float64(steps), observe)
	next := make([]float64, len(x))
	for k := range next {
		next[k] = float64(u.Keep*x[k]) + float64(u.Clean*f[k])
		if xi != nil {
			next[k] += float64(u.Noise * xi[k])
		}
	}
	return next
}

// greatest measures the greatest value of each hidden layer while the network samples in
// float64, from fixed seeds: the last level of its activations.
func (d *Denoiser) greatest() []float64 {
	const samples, steps = 200, 8
	most := make([]float64, len(d.Config.LayerSizes)-2)
	rng := rand.New(rand.NewPCG(1, 8))
	normal := func(int) []float64 {
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
		x := normal(0)
		for i := range steps {
			x = d.Advance(x, context, i, steps, true, normal(i), func(k int, h []float64) { most[k] = max(most[k], slices.Max(h)) })
		}
	}
	return most
}
