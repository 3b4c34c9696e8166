package model

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0"
)

func mustLoadDenoiser(t testing.TB, name string) *Denoiser {
	t.Helper()
	d, err := LoadDenoiser(tc0.Denoisers(), name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// denoiserFiles returns the folder of a shipped diffusion model, named tiny.
func denoiserFiles(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	entries, err := fs.ReadDir(tc0.Denoisers(), name)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := fs.ReadFile(tc0.Denoisers(), name+"/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files["tiny/"+e.Name()] = &fstest.MapFile{Data: data}
	}
	return files
}

// tinyDenoiser returns the files of a diffusion model of one number, with two bits of
// context and two hidden units.
func tinyDenoiser() (config, weights []byte) {
	config = []byte(
		`{"model_type": "denoiser", "name": "tiny", "description": "", "context": 2, "layer_sizes": [3, 2, 1], "time_waves": 1, "time_size": 1,
"schedule": "cosine", "bits": 3, "reach": 2, "noise_bits": 3, "noise_reach": 2, "quantization": {"weight_bits": 4, "activation_bits": 2}}`,
	)
	weights = store(map[string]stored{
		"layers.0.weight": reals(
			[]int{2, 3},
			1,
			-1,
			0.5,
			2,
			0,
			1,
		), "layers.0.bias": reals([]int{2}, 0, 0.5), "layers.0.time.weight": reals([]int{2, 1}, 1, -1),
		"layers.1.weight": reals(
			[]int{1, 2},
			1,
			-1,
		), "layers.1.bias": reals([]int{1}, 0.25), "layers.1.time.weight": reals([]int{1, 1}, 0.5),
		"time.weight": reals(
			[]int{1, 2},
			1,
			0.5,
		), "time.bias": reals([]int{1}, 0.1), "skip.weight": reals([]int{1, 1}, 0.5), "skip.bias": reals([]int{1}, 0.25),
	})
	return config, weights
}

// What the tiny network foretells, computed by hand.
func TestForetellByHand(t *testing.T) {
	config, weights := tinyDenoiser()
	d, err := LoadDenoiser(
		fstest.MapFS{"tiny/config.json": {Data: config}, "tiny/model.safetensors": {Data: weights}},
		"tiny",
	)
	if err != nil {
		t.Fatal(err)
	}
	// At t = 1/2 the waves are 1 and 0, so that e = silu(1.1).
	e := 1.1 / (1 + math.Exp(-float64(float32(0.1))-1))
	e = (1 + float64(float32(0.1))) / 1.1 * e
	h0 := math.Max(0, 1.5-1+0.5*0+e)
	h1 := math.Max(0, 2*1.5+0*1+1*0+0.5-e)
	want := h0 - h1 + 0.25 + 0.5*e + (0.5*e+0.25)*1.5
	if got := d.Foretell([]float64{1.5}, []float64{1, 0}, 0.5, nil)[0]; math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
	if n := d.Parameters(); n != 6+2+2+2+1+1+2+1+1+1 {
		t.Errorf("%d parameters", n)
	}
}

// What PyTorch made of eight vectors, in 32 bits.
func TestForetellAsPyTorch(t *testing.T) {
	d := mustLoadDenoiser(t, "digit-denoiser")
	file, err := readTensors(tc0.Denoisers(), "digit-denoiser/foretold.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	tensor := func(name string, shape ...int) []float64 {
		x, err := file.real(tensorSpec{name: name, shape: shape})
		if err != nil {
			t.Fatal(err)
		}
		return x.Data
	}
	x, times, want := tensor("x", 8, 64), tensor("t", 8), tensor("foretold", 8, 64)
	far := 0.0
	for i, at := range times {
		for k, v := range d.Foretell(x[64*i:64*i+64], nil, at, nil) {
			far = math.Max(far, math.Abs(v-want[64*i+k]))
		}
	}
	if far > 1e-5 {
		t.Errorf("a pixel is %g away from PyTorch's", far)
	}
}

// A sampler that leaves steps out begins with a held-out image and little noise, and gives
// about that image.
func TestSamplerDenoises(t *testing.T) {
	s := Sampler{Denoiser: mustLoadDenoiser(t, "digit-denoiser"), Steps: 8, Ancestral: true, Skip: 6}
	p, err := s.Program()
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * 64; len(p.Inputs()) != want {
		t.Fatalf("%d inputs, want %d: the image and the noise of one step", len(p.Inputs()), want)
	}
	rng := rand.New(rand.NewPCG(5, 5))
	noisy, clean, real := 0.0, 0.0, 0.0
	for _, image := range s.Test[:20] {
		in := s.DrawFrom(image, rng)
		out, err := p.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		float := s.Real(in)
		for k, v := range image {
			noisy += math.Abs(float64(in[k])*s.Unit() - v)
			clean += math.Abs(float64(out[k])*s.Unit() - v)
			real += math.Abs(float[k] - v)
		}
	}
	if clean > 0.6*noisy || real > 0.6*noisy {
		t.Errorf("errors: %.1f before, %.1f in integers and %.1f in floating point after denoising", noisy, clean, real)
	}
	if start := s.Start(); start != 0.25 {
		t.Errorf("begins at %v", start)
	}
}

// The noise is drawn as it is meant: normal, its deviation one, the start and each step
// rounded to their units.
func TestDraw(t *testing.T) {
	s := Sampler{Denoiser: mustLoadDenoiser(t, "digit-denoiser"), Steps: 3, Ancestral: true}
	rng := rand.New(rand.NewPCG(1, 1))
	var squares [2]float64
	const draws = 200
	for range draws {
		in := s.Draw(rng)
		if len(in) != 3*64 || len(in) != s.drawn() {
			t.Fatalf("%d numbers", len(in))
		}
		for k, v := range in {
			if k < 64 {
				squares[0] += math.Pow(float64(v)*s.Unit(), 2) / (64 * draws)
			} else {
				squares[1] += math.Pow(float64(v)*s.NoiseUnit(), 2) / (128 * draws)
			}
		}
	}
	for _, v := range squares {
		if v < 0.95 || v > 1.05 {
			t.Errorf("variances %v, want 1", squares)
		}
	}
	s.Ancestral = false
	if in := s.Draw(rng); len(in) != 64 || len(in) != s.drawn() {
		t.Errorf("%d numbers without fresh noise", len(in))
	}
}

func TestSamplerRefuses(t *testing.T) {
	d := mustLoadDenoiser(t, "parity-denoiser")
	for _, s := range []Sampler{
		{Denoiser: d},
		{Denoiser: d, Steps: -2},
		{Denoiser: d, Steps: 1001},
		{Denoiser: d, Steps: 3, Skip: 3},
		{Denoiser: d, Steps: 3, Skip: -1},
	} {
		if _, err := s.Program(); err == nil {
			t.Errorf("%d steps, %d left out: no error", s.Steps, s.Skip)
		}
	}
	s := Sampler{Denoiser: d, Steps: 2}
	if _, err := s.Amplified(make([][]int64, 2)); err == nil {
		t.Error("a vote of two: no error")
	}
	if _, err := s.Amplified([][]int64{{1, 2, 3}}); err == nil {
		t.Error("a draw of three numbers: no error")
	}
	s.Denoiser = mustLoadDenoiser(t, "digit-denoiser")
	if _, err := s.Amplified([][]int64{{1}}); err == nil {
		t.Error("a vote about no question: no error")
	}
	// Weights that no integer holds.
	huge := *d
	huge.weight = map[string]*Tensor{}
	for name, w := range d.weight {
		data := slices.Clone(w.Data)
		for i := range data {
			data[i] *= 1e300
		}
		huge.weight[name] = &Tensor{Shape: w.Shape, Data: data}
	}
	huge.calibrate = huge.greatest
	var e *QuantiseError
	if _, err := (Sampler{Denoiser: &huge, Steps: 2}).Program(); !errors.As(err, &e) {
		t.Errorf("huge weights: %v", err)
	}
}

// The configuration of a diffusion model is read as strictly as that of other models, and
// what is wrong with it has a place.
func TestDenoiserConfigErrorsHaveAPlace(t *testing.T) {
	config, weights := tinyDenoiser()
	edit := func(from, to string) string { return strings.Replace(string(config), from, to, 1) }
	for _, test := range []struct{ config, want string }{
		{string(config) + "\n}", `tiny/config.json:3:1: something follows the end of the object`},
		{string(config) + " {}", `something follows the end of the object`},
		{edit(`"reach": 2`, `"reach": 99`), `tiny/config.json:2:34: field "reach": 99 is outside 1..16`},
		{edit(`"context"`, `"kontext"`), `tiny/config.json:1:63: field "kontext": is not known`},
		{edit(`"bits": 3`, `"bits": "3"`), `tiny/config.json:2:33: field "bits": string where int is wanted`},
		{edit(`"weight_bits": 4`, `"weight_bits": 99`), `tiny/config.json:2:98: field "quantization.weight_bits": 99 is outside 2..16`},
		{edit(`"weight_bits": 4`, `"weight_bits": 0`), `field "quantization.weight_bits": 0 is out of range; leave the field out for its default`},
		{"{", `tiny/config.json:1:2: ends in the middle of the object`},
	} {
		_, err := LoadDenoiser(
			fstest.MapFS{"tiny/config.json": {Data: []byte(test.config)}, "tiny/model.safetensors": {Data: weights}},
			"tiny",
		)
		expect(t, test.want, err, test.want)
	}
}

func TestLoadDenoiserRefuses(t *testing.T) {
	for _, test := range []struct {
		field string
		value any
		want  string
	}{
		{"model_type", "mlp", `field "model_type": is "mlp"; a denoiser has "denoiser"`},
		{"schedule", "linear", `field "schedule": is "linear"; known: cosine`},
		{"layer_sizes", []int{7, 1}, `field "layer_sizes": has 2 sizes; 3 to 20 are possible`},
		{"layer_sizes", []int{7, 24, 2}, `field "layer_sizes": begins with 7, and 2 numbers and 6 bits of context are read`},
		{"layer_sizes", []int{7, 25, 1}, "shape"},
		{"rows", 3, `field "rows": 3 rows of 0 columns are not 1 numbers`},
		{"bits", 40, `field "bits": 40 is outside 2..10`},
		{"time_waves", 0, `field "time_waves": 0 is outside 1..64`},
		{"colour", "red", "colour"},
	} {
		files := denoiserFiles(t, "parity-denoiser")
		var config map[string]any
		if err := json.Unmarshal(files["tiny/config.json"].Data, &config); err != nil {
			t.Fatal(err)
		}
		config[test.field] = test.value
		data, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		files["tiny/config.json"] = &fstest.MapFile{Data: data}
		var e *LoadError
		if _, err := LoadDenoiser(files, "tiny"); !errors.As(err, &e) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s = %v: %v, want %s", test.field, test.value, err, test.want)
		}
	}
	files := denoiserFiles(t, "digit-denoiser")
	delete(files, "tiny/test.safetensors")
	if _, err := LoadDenoiser(files, "tiny"); err == nil {
		t.Error("no held-out images: no error")
	}
	if !IsDenoiser(tc0.Denoisers(), "digit-denoiser") || IsDenoiser(tc0.Models(), "digits") ||
		IsDenoiser(tc0.Models(), "nobody") {
		t.Error("IsDenoiser")
	}
}
