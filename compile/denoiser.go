package compile

import (
	"fmt"
	"math"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Denoiser is the sampler of a diffusion model (Ho, Jain and Abbeel 2020; Song et
// al. 2021) with generic weights. Step t of T takes x to a·x + b·f(x) + σ·ξ, rounded
// and clipped to Bits bits, where f is a multilayer perceptron with one hidden layer
// of ReLU and ξ the noise, which is an input: a circuit draws no random numbers. The
// coefficients are a = 9/8, b = −1/2 and σ = (T − t + 1)/(4·T), and the time step
// reaches f as the bias of its hidden layer. The real inputs are x·2^−(Bits−1) and
// ξ·2^−(NoiseBits−1), both in [−1, 1).
//
// Depth: 2 a step, for every n from 2 on: one for the hidden layer, and one for the
// sum, in which x and the noise are literals that wait. Of a single number the hidden
// layer costs no depth after the first step, since every bound on a thermometer code
// is one of its literals: 1 and 1 a step.
type Denoiser struct {
	Hidden    int    // units of the hidden layer; 0 means twice the size of x
	Bits      int    // bits of x, two's complement, and of a hidden unit, unsigned; 0 means 3
	NoiseBits int    // bits of the noise, two's complement; 0 means 2
	Steps     int    // T; 0 means 1
	Seed      uint64 // of the generic weights
}

func (d Denoiser) defaults(n int) Denoiser {
	if d.Hidden == 0 {
		d.Hidden = 2 * n
	}
	if d.Bits == 0 {
		d.Bits = 3
	}
	if d.NoiseBits == 0 {
		d.NoiseBits = 2
	}
	if d.Steps == 0 {
		d.Steps = 1
	}
	return d
}

func (d Denoiser) check(n int) error {
	for _, p := range []struct {
		name    string
		v, most int
	}{
		{"n", n, 1 << 14},
		{"hidden", d.Hidden, 1 << 14},
		{"bits", d.Bits, 12},
		{"noise_bits", d.NoiseBits, 12},
		{"steps", d.Steps, 1000},
	} {
		if p.v < 1 || p.v > p.most {
			return fmt.Errorf("compile: denoiser: %s=%d is outside 1..%d", p.name, p.v, p.most)
		}
	}
	return nil
}

// The coefficients a and b of every step, as numerators over denoiserParts.
const (
	denoiserParts    = 8
	denoiserKeep     = 9
	denoiserBackbone = -4
)

// layer returns the weights of a layer of f and how many units of its sum make one
// unit of its output, so that a real pre-activation of the hidden layer and half of
// one of the output are at most about 1.
func (d Denoiser) layer(out, in int, tag string) (w *program.Matrix, unit int64) {
	w = genericMatrix(out, in, int64(1)<<d.Bits-1, d.Seed, tag)
	return w, max(1, greatestRow(w))
}

// greatestRow returns the greatest sum of absolute values of a row.
func greatestRow(w *program.Matrix) int64 {
	greatest := int64(0)
	for i := range w.Rows {
		total := int64(0)
		for _, x := range w.Row(i) {
			total += max(x, -x)
		}
		greatest = max(greatest, total)
	}
	return greatest
}

func (d Denoiser) biases(n, t int) (hidden, out []int64) {
	top := int64(1)<<d.Bits - 1
	return genericBias(d.Hidden, top, d.Seed, fmt.Sprintf("time %d", t)), genericBias(n, top, d.Seed, "bias")
}

// Scale returns the real value of one unit of x.
func (d Denoiser) Scale() float64 { return math.Exp2(1 - float64(d.defaults(1).Bits)) }

// NoiseScale returns the real value of one unit of the noise.
func (d Denoiser) NoiseScale() float64 { return math.Exp2(1 - float64(d.defaults(1).NoiseBits)) }

// Program returns the sampler for n numbers: inputs "x" [n] and "noise" [n], or
// "noise1" and so on if there are more steps than one, output "y" [n].
func (d Denoiser) Program(n int) (*program.Program, error) {
	d = d.defaults(n)
	if err := d.check(n); err != nil {
		return nil, err
	}
	return d.program(program.NewDim("n", n), program.NewDim("hidden", d.Hidden))
}

// OpenProgram returns the sampler for every n.
func (d Denoiser) OpenProgram() (*program.Program, error) {
	hidden := program.OpenDim("hidden").Times(2)
	if d.Hidden > 0 {
		hidden = program.NewDim("hidden", d.Hidden)
	}
	d = d.defaults(1)
	if err := d.check(1); err != nil {
		return nil, err
	}
	return d.program(program.OpenDim("n"), hidden)
}

func (d Denoiser) program(n, wide program.Dim) (*program.Program, error) {
	p := program.New(fmt.Sprintf("denoiser %v %v bits=%d noise_bits=%d steps=%d", n, wide, d.Bits, d.NoiseBits, d.Steps))
	shape := program.Shape{n}
	x := featureInput(p, "x", shape, d.Bits, true)
	noise := make([]program.Value, d.Steps)
	for t := range noise {
		name := "noise"
		if d.Steps > 1 {
			name = fmt.Sprintf("noise%d", t+1)
		}
		noise[t] = p.Input(name, shape, d.NoiseBits, true)
	}
	first := sync.OnceValues(func() (*program.Matrix, int64) { return d.layer(wide.Size(), n.Size(), "weight 1") })
	second := sync.OnceValues(func() (*program.Matrix, int64) { return d.layer(n.Size(), wide.Size(), "weight 2") })
	unit1 := func() int64 { _, unit := first(); return unit }
	unit2 := func() int64 { _, unit := second(); return unit }
	weight := poly.Int(1<<d.Bits - 1)
	// unit2 is at most a row of weights.
	most := func(k int64) poly.Poly { return sizeOf(p, wide).Times(weight).Times(poly.Int(k)) }
	steps, fine := int64(d.Steps), int64(1)<<d.NoiseBits
	state := p.Repeat("step", d.Steps, []program.Value{x}, func(t int, state []program.Value) []program.Value {
		x := state[0]
		p.Begin("backbone")
		// One unit of a hidden unit is half of one of x, so half of unit1 makes one.
		doubled := p.Affine(2, p.LinearFunc(x, wide, weight, func() (*program.Matrix, []int64) {
			w, _ := first()
			bias, _ := d.biases(n.Size(), t)
			return w, bias
		}), 0)
		hidden := p.StepFunc(doubled, program.Range{Lo: 0, Hi: 1<<d.Bits - 1}, levels(), func() program.Staircase { return program.Round(unit1(), program.Range{Lo: 0, Hi: 1<<d.Bits - 1}) })
		f := p.LinearFunc(hidden, n, weight, func() (*program.Matrix, []int64) {
			w, _ := second()
			_, bias := d.biases(n.Size(), t)
			return w, bias
		})
		p.End()
		p.Begin("update")
		// All three over one denominator: parts·unit2·steps·2^noise_bits a unit of x.
		sum := p.AffineFunc(x, most(denoiserKeep*steps*fine), func() int64 { return denoiserKeep * unit2() * steps * fine })
		sum = p.Add(sum, p.Affine(denoiserBackbone*steps*fine, f, 0))
		noisy := func() int64 { return denoiserParts / 4 * unit2() * (steps - int64(t)) << d.Bits }
		sum = p.Add(sum, p.AffineFunc(noise[t], most(denoiserParts/4*(steps-int64(t))<<d.Bits), noisy))
		out := program.Range{Lo: -1 << (d.Bits - 1), Hi: 1<<(d.Bits-1) - 1}
		y := p.StepFunc(sum, out, levels(), func() program.Staircase { return program.Round(denoiserParts*unit2()*steps*fine, out) })
		p.End()
		return []program.Value{y}
	})
	p.Output("y", state[0])
	return p, p.Err()
}

// Real computes the sampler from the textbook formula in float64, with no rounding
// but with the ranges of the hidden units and of x: h = min(max(W₁·x + b₁, 0), 1 −
// 2^−Bits), then a·x + b·(W₂·h + b₂) + σ·ξ, clipped to [−1, 1 − 2^−(Bits−1)]. The
// argument is x and then the noise of each step.
func (d Denoiser) Real(in []float64) []float64 {
	n := len(in) / (1 + max(1, d.Steps))
	d = d.defaults(n)
	w1, unit1 := d.layer(d.Hidden, n, "weight 1")
	w2, unit2 := d.layer(n, d.Hidden, "weight 2")
	x := in[:n]
	for t := range d.Steps {
		bias1, bias2 := d.biases(n, t)
		noise := in[(t+1)*n:][:n]
		sigma := float64(d.Steps-t) / float64(4*d.Steps)
		hidden := make([]float64, d.Hidden)
		for k := range hidden {
			z := float64(bias1[k]) * d.Scale() / float64(unit1)
			for i, v := range x {
				z += float64(float64(w1.Row(k)[i]) / float64(unit1) * v)
			}
			hidden[k] = math.Min(math.Max(z, 0), 1-math.Exp2(-float64(d.Bits)))
		}
		next := make([]float64, n)
		for i := range next {
			f := float64(bias2[i]) * d.Scale() / float64(unit2)
			for k, h := range hidden {
				f += float64(2 * float64(w2.Row(i)[k]) / float64(unit2) * h)
			}
			y := float64(1.125*x[i]) - float64(0.5*f) + float64(sigma*noise[i])
			next[i] = math.Min(math.Max(y, -1), 1-d.Scale())
		}
		x = next
	}
	return x
}

// denoiserFamilies returns the families of samplers of diffusion models.
func denoiserFamilies() []Family {
	return []Family{
		{
			Name: "denoiser", Doc: "sampling steps of a diffusion model with an MLP, its noise an input", Depth: "2 a step", Class: "TC0",
			Steps: "steps", Stage: "step",
			Params: append([]Param{
				{Name: "n", Doc: "numbers that are denoised"},
				{Name: "bits", Doc: "bits of a number and of a hidden unit", Default: "3"},
				{Name: "hidden", Doc: "units of the hidden layer; 0: twice the numbers", Default: "0"},
				{Name: "noise_bits", Doc: "bits of the noise", Default: "2"},
				{Name: "steps", Doc: "sampling steps", Default: "1"},
			}, common...),
			build: buildDenoiser,
			open: func(a Args) (*program.Program, error) {
				d, err := denoiserOf(a)
				if err != nil {
					return nil, err
				}
				return d.OpenProgram()
			},
		},
	}
}

func denoiserOf(a Args) (Denoiser, error) {
	if a.Int("bits") == 0 || a.Int("noise_bits") == 0 || a.Int("steps") == 0 {
		return Denoiser{}, fmt.Errorf("denoiser: bits=%d, noise_bits=%d and steps=%d must be at least 1", a.Int("bits"), a.Int("noise_bits"), a.Int("steps"))
	}
	return Denoiser{Hidden: a.Int("hidden"), Bits: a.Int("bits"), NoiseBits: a.Int("noise_bits"), Steps: a.Int("steps"), Seed: uint64(a.Int("seed"))}, nil
}

func buildDenoiser(a Args) (*Instance, error) {
	n := a.Int("n")
	d, err := denoiserOf(a)
	if err != nil {
		return nil, err
	}
	p, err := d.Program(n)
	if err != nil {
		return nil, err
	}
	scale, noise := d.Scale(), d.NoiseScale()
	return &Instance{p, func(in []int64) []float64 {
		return d.Real(append(scaled(in[:n], scale), scaled(in[n:], noise)...))
	}, scale}, nil
}
