package compile

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Denoiser is a sampler without a condition. It denoises the n numbers themselves, so their
// count grows with n. A [Diffusion] denoises a few numbers and reads n others. A
// [MaskedDiffusion] writes n tokens. Trained diffusion models are in package model.
//
// It is the sampler of a diffusion model (Ho, Jain and Abbeel 2020; Song et al. 2021) with
// generic weights. Step t of T takes x to a·x + b·f(x) + σ·ξ, rounded and clipped to Bits
// bits. Here f is a multilayer perceptron with one hidden layer of ReLU, and ξ is the noise.
// The noise is an input, because a circuit cannot draw random numbers. The coefficients are
// a = 9/8, b = −1/2 and σ = (T − t + 1)/(4·T). The time step reaches f as the bias of its
// hidden layer. The real inputs are x·2^−(Bits−1) and ξ·2^−(NoiseBits−1), both in [−1, 1).
//
// Depth: 2 a step, for every n from 2 on. One level is the hidden layer. The other is the sum,
// where x and the noise are literals that wait. For n = 1 the depth is 1 + T: after the first
// step the hidden layer costs nothing, because each bound on a thermometer code is one of its
// literals.
//
// The numbers x and the noise are in two's complement. Hidden units are unsigned.
type Denoiser struct {
	Hidden    int    `param:"hidden" most:"16384"`           // units of the hidden layer; 0 means twice the size of x
	Bits      int    `param:"bits" zero:"3" most:"12"`       // of x and of a hidden unit; 0 means 3
	NoiseBits int    `param:"noise_bits" zero:"2" most:"12"` // of the noise; 0 means 2
	Steps     int    `param:"steps" zero:"1" most:"1000"`    // T; 0 means 1
	Seed      uint64 `param:"seed"`                          // of the generic weights

	unrolled
}

func (d Denoiser) defaults() Denoiser { return filled(d) }

func (d Denoiser) forEverySteps() Denoiser { d.open = true; return d }

func (d Denoiser) check(n int) error {
	fill(&d.Hidden, 2*n)
	return checkSizes("denoiser", d, size{name: "n", v: n, most: 1 << 14})
}

// The coefficients a and b of every step, as numerators over denoiserParts.
const (
	denoiserParts    = 8
	denoiserKeep     = 9
	denoiserBackbone = -4
)

// layer returns the weights of a layer of f, and how many units of its sum make one unit of
// its output. With this unit a real pre-activation is at most about 1 in the hidden layer, and
// at most about 2 in the output.
func (d Denoiser) layer(out, in int, tag string) (w *program.Matrix, unit int64) {
	w = genericMatrix(out, in, int64(1)<<d.Bits-1, d.Seed, tag)
	return w, max(1, greatestRow(w))
}

func (d Denoiser) biases(n, t int) (hidden, out []int64) {
	top := int64(1)<<d.Bits - 1
	return genericBias(cmp.Or(d.Hidden, 2*n), top, d.Seed, fmt.Sprintf("time %d", t)),
		genericBias(n, top, d.Seed, "bias")
}

// Scale returns the real value of one unit of x.
func (d Denoiser) Scale() float64 { return unitOf(d.defaults().Bits) }

// NoiseScale returns the real value of one unit of the noise.
func (d Denoiser) NoiseScale() float64 { return unitOf(d.defaults().NoiseBits) }

// Program returns the sampler for n numbers. The inputs are "x" [n] and "noise" [n], or
// "noise1" and so on if there are several steps. The output is "y" [n].
func (d Denoiser) Program(n int) (*program.Program, error) { return sized(d, n) }

// OpenProgram returns the sampler for every n.
func (d Denoiser) OpenProgram() (*program.Program, error) { return opened(d) }

func (d Denoiser) build(n program.Dim) (*program.Program, float64) {
	wide := n.Renamed("hidden").Times(2)
	if d.Hidden > 0 {
		wide = program.NewDim("hidden", d.Hidden)
	}
	p := program.New(fmt.Sprintf("denoiser %v %v bits=%d noise_bits=%d steps=%v", n, wide, d.Bits, d.NoiseBits,
		d.count(d.Steps)))
	x := featureInput(p, "x", d.Bits, true, n)
	noise := d.inputs(d.Steps, func(t fmt.Stringer) program.Value {
		name := "noise"
		if d.open || d.Steps > 1 {
			name += t.String()
		}
		return p.Input(name, program.Shape{n}, d.NoiseBits, true)
	})
	first := sync.OnceValues(func() (*program.Matrix, int64) { return d.layer(wide.Size(), n.Size(), "weight 1") })
	second := sync.OnceValues(func() (*program.Matrix, int64) { return d.layer(n.Size(), wide.Size(), "weight 2") })
	unit1 := func() int64 { _, unit := first(); return unit }
	unit2 := func() int64 { _, unit := second(); return unit }
	weight := poly.Int(1<<d.Bits - 1)
	// unit2 is at most a row of weights.
	most := func(k int64) poly.Poly { return sizeOf(wide).Times(weight).Times(poly.Int(k)) }
	count, fine := d.count(d.Steps), int64(1)<<d.NoiseBits
	steps := func() int64 { return int64(count.Number()) }
	symbol := d.symbol(d.Steps)
	y := p.Steps("step", count, false, x, func(t program.Turn, x program.Value) program.Value {
		p.Begin("backbone")
		// One unit of a hidden unit is half of one of x, so half of unit1 makes one.
		doubled := p.Affine(2, p.LinearFunc(x, wide, weight, func() (*program.Matrix, []int64) {
			w, _ := first()
			bias, _ := d.biases(n.Size(), t.Number())
			return w, bias
		}), 0)
		top := program.Range{Hi: 1<<d.Bits - 1}
		hidden := p.RoundFunc(doubled, top, levels(), sizeOf(n).Times(weight), unit1)
		f := p.LinearFunc(hidden, n, weight, func() (*program.Matrix, []int64) {
			w, _ := second()
			_, bias := d.biases(n.Size(), t.Number())
			return w, bias
		})
		p.End()
		p.Begin("update")
		// All three over one denominator: parts·unit2·steps·2^noise_bits a unit of x.
		sum := p.AffineFunc(x, most(denoiserKeep*fine).Times(symbol),
			func() int64 { return denoiserKeep * unit2() * steps() * fine })
		sum = p.Add(sum, p.AffineAt(t, f, symbol.Times(poly.Int(-denoiserBackbone*fine)),
			func() int64 { return denoiserBackbone * steps() * fine }))
		left := symbol // the steps that are left are no more than all
		if !count.Open() {
			left = poly.Int(steps() - int64(t.Number()))
		}
		noisy := func() int64 { return denoiserParts / 4 * unit2() * (steps() - int64(t.Number())) << d.Bits }
		sum = p.Add(sum, p.AffineFunc(noise(t), most(denoiserParts/4<<d.Bits).Times(left), noisy))
		out := program.Signed(d.Bits)
		y := p.RoundFunc(sum, out, levels(), most(denoiserParts*fine).Times(symbol),
			func() int64 { return denoiserParts * unit2() * steps() * fine })
		p.End()
		return y
	})
	p.Output("y", y)
	return p, d.Scale()
}

// Real computes the sampler from the textbook formula in float64. It does not round, but it
// keeps the ranges of the hidden units and of x: h = min(max(W₁·x + b₁, 0), 1 − 2^−Bits), then
// a·x + b·(W₂·h + b₂) + σ·ξ, clipped to [−1, 1 − 2^−(Bits−1)]. The argument is x, followed by
// the noise of each step.
func (d Denoiser) Real(in []float64) []float64 {
	n := len(in) / (1 + max(1, d.Steps))
	d = d.defaults()
	fill(&d.Hidden, 2*n)
	w1, unit1 := d.layer(d.Hidden, n, "weight 1")
	w2, unit2 := d.layer(n, d.Hidden, "weight 2")
	first, second := realMatrix(w1, 1, float64(unit1)), realMatrix(w2, 2, float64(unit2))
	x := in[:n]
	for t := range d.Steps {
		bias1, bias2 := d.biases(n, t)
		noise := in[(t+1)*n:][:n]
		sigma := float64(d.Steps-t) / float64(4*d.Steps)
		hidden := times(over(bias1, d.Scale(), float64(unit1)), first, x)
		next := times(over(bias2, d.Scale(), float64(unit2)), second, clipped(hidden, 0, 1-d.Scale()/2))
		for i, f := range next {
			next[i] = float64(1.125*x[i]) - float64(0.5*f) + float64(sigma*noise[i])
		}
		clipped(next, -1, 1-d.Scale())
		x = next
	}
	return x
}

var denoiserFamily = Family{
	Name: "denoiser", Doc: "sampling steps of a diffusion model with an MLP, its noise an input", Depth: "2 a step",
	Steps: "steps", Stage: "step",
	Params: []Param{
		length("numbers that are denoised"),
		number("bits", "bits of a number and of a hidden unit", 3),
		number("hidden", "units of the hidden layer; 0: twice the numbers", 0),
		number("noise_bits", "bits of the noise", 2),
		number("steps", "sampling steps", 1),
	},
	block: func(a Args) (block, error) {
		d, n := given[Denoiser](a), a.Int("n")
		return inSteps(blockOf(d, func(in []int64) []float64 {
			return d.Real(append(scaled(in[:n], d.Scale()), scaled(in[n:], d.NoiseScale())...))
		}), d.forEverySteps()), nil
	},
}
