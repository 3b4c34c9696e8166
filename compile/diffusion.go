package compile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// SamplerKind is a kind of sampler of a diffusion model.
type SamplerKind string

// The kinds of sampler.
const (
	DDPM   SamplerKind = "ddpm"   // ancestral sampling, fresh noise at every step (Ho, Jain and Abbeel 2020)
	DDIM   SamplerKind = "ddim"   // the deterministic sampler: noise only at the start (Song, Meng and Ermon 2021)
	Masked SamplerKind = "masked" // discrete: masked tokens are opened step by step (Austin et al. 2021)
)

// Diffusion is the sampler DDPM or DDIM of the family "diffusion". The third kind of the family
// is [MaskedDiffusion]. A sampler without a condition is [Denoiser].
//
// It is a conditional diffusion model with generic weights that solves a problem, as in the
// theory. It reads n numbers c. It diffuses x, which has Dimension numbers for every n. Its
// backbone f is a multilayer perceptron with one hidden layer of ReLU. It predicts the clean x
// from the noisy x, from c and from the time; the time is the bias of the hidden layer. The
// schedule is the cosine schedule: at time t ∈ [0,1] the signal is α = cos(πt/2) and the noise
// is σ = sin(πt/2) (Nichol and Dhariwal 2021). A step goes from time t to s = t − 1/T,
//
//	x' = α_s·f + √(σ_s² − τ²)·(x − α_t·f)/σ_t + τ·ξ,
//
// with τ = (σ_s/σ_t)·√(1 − α_t²/α_s²) for DDPM and τ = 0 for DDIM. All of these are constants
// of the step. They are folded into weights that are multiples of 2^−8. The noise, which is x
// at time 1 and each ξ, is an input, because a circuit cannot draw random numbers. The real
// inputs are c·2^−(Bits−1) in [−1, 1), and x·2^−(Bits−2) and ξ·2^−(NoiseBits−2) in [−2, 2).
//
// Depth: 2 a step, for every n. One level is the hidden layer. The other is the update, where
// x and the noise are literals that wait. (Without context, a single number takes 1 level a
// step after the first.)
//
// The numbers c, x and ξ are in two's complement. Hidden units are unsigned.
type Diffusion struct {
	Kind      SamplerKind `param:"kind" zero:"ddpm"`              // DDPM or DDIM; "" means DDPM
	Dimension int         `param:"d" zero:"2" most:"1024"`        // numbers that are diffused; 0 means 2
	Hidden    int         `param:"hidden" zero:"4" most:"4096"`   // units of the hidden layer; 0 means 4
	Bits      int         `param:"bits" zero:"4" most:"10"`       // of c, x and a hidden unit; 0 means 4
	NoiseBits int         `param:"noise_bits" zero:"3" most:"10"` // of ξ; 0 means 3
	Steps     int         `param:"steps" zero:"1" most:"1000"`    // T; 0 means 1
	Seed      uint64      `param:"seed"`                          // of the generic weights

	unrolled
}

func (m Diffusion) defaults() Diffusion { return filled(m) }

func (m Diffusion) forEverySteps() Diffusion { m.open = true; return m }

func (m Diffusion) check(n int) error {
	return cmp.Or(
		oneOf("kind of sampler", m.Kind, []SamplerKind{DDPM, DDIM}),
		checkSizes("diffusion", m, size{name: "n", v: n, most: 1 << 14}),
	)
}

// Update is the coefficients of one step of a sampler on the cosine schedule:
// x' = Keep·x + Clean·f + Noise·ξ.
type Update struct{ Keep, Clean, Noise float64 }

// UpdateOf returns the coefficients of step i of T; the first step is 0. An ancestral sampler
// (DDPM) adds fresh noise. The other kind (DDIM) does not.
func UpdateOf(i, steps int, ancestral bool) Update {
	at := func(t float64) (signal, noise float64) { return math.Sincos((1 - t) * math.Pi / 2) }
	if i == steps-1 { // no noise remains at time 0
		return Update{0, 1, 0}
	}
	a, s := at(1 - float64(i)/float64(steps))
	b, r := at(1 - float64(i+1)/float64(steps))
	tau := 0.0
	if ancestral {
		tau = r / s * math.Sqrt(math.Max(0, 1-a/b*(a/b)))
	}
	keep := math.Sqrt(math.Max(0, r*r-tau*tau)) / s
	return Update{keep, b - float64(keep*a), tau}
}

// Apply returns the numbers x after the step. The network predicts the clean numbers f. The
// noise is ξ; nil means no noise.
func (u Update) Apply(x, f, xi []float64) []float64 {
	next := make([]float64, len(x))
	for i := range next {
		next[i] = float64(u.Keep*x[i]) + float64(u.Clean*f[i])
		if xi != nil {
			next[i] += float64(u.Noise * xi[i])
		}
	}
	return next
}

// updateParts is the precision of the coefficients of an update.
const updateParts = 1 << 8

// fixed returns a coefficient in parts.
func fixed(v float64) int64 { return int64(math.RoundToEven(v * updateParts)) }

// Scale returns the real value of one unit of x.
func (m Diffusion) Scale() float64 { return 2 * unitOf(m.defaults().Bits) }

// NoiseScale returns the real value of one unit of ξ.
func (m Diffusion) NoiseScale() float64 { return 2 * unitOf(m.defaults().NoiseBits) }

func (m Diffusion) top() int64 { return int64(1)<<m.Bits - 1 }

// first returns the weights of the hidden layer for c and for x, and how many units of their
// sum make 1. That is a quarter of the greatest possible sum, because a sum of generic terms
// is far below the greatest.
func (m Diffusion) first(n int) (context, state *program.Matrix, unit int64) {
	context = genericMatrix(m.Hidden, n, m.top(), m.Seed, "context")
	state = genericMatrix(m.Hidden, m.Dimension, m.top(), m.Seed, "state")
	for i := range m.Hidden {
		unit = max(unit, absolute(context.Row(i))+2*absolute(state.Row(i))) // a unit of x is two of c
	}
	return context, state, (unit + 3) / 4
}

func (m Diffusion) second() (w *program.Matrix, unit int64) {
	w = genericMatrix(m.Dimension, m.Hidden, m.top(), m.Seed, "out")
	return w, max(1, greatestRow(w))
}

func (m Diffusion) bias(t int) []int64 {
	return genericBias(m.Hidden, m.top(), m.Seed, fmt.Sprintf("time %d of %d", t, m.Steps))
}

// Program returns the sampler for n numbers. The inputs are "c" [n] and "x" [d]. For DDPM with
// T > 1, "noise1" and so on [d] are the noise of each step except the last. The output is
// "y" [d].
func (m Diffusion) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the sampler for every n.
func (m Diffusion) OpenProgram() (*program.Program, error) { return opened(m) }

func (m Diffusion) build(n program.Dim) (*program.Program, float64) {
	p := program.New(fmt.Sprintf("diffusion %s %v d=%d hidden=%d bits=%d steps=%v", m.Kind, n, m.Dimension, m.Hidden,
		m.Bits, m.count(m.Steps)))
	d, wide := program.NewDim("d", m.Dimension), program.NewDim("hidden", m.Hidden)
	c := featureInput(p, "c", m.Bits, true, n)
	x := featureInput(p, "x", m.Bits, true, d)
	fresh := 0
	if m.Kind == DDPM {
		fresh = m.Steps - 1
	}
	noise := m.inputs(fresh, func(t fmt.Stringer) program.Value {
		return p.Input("noise"+t.String(), program.Shape{d}, m.NoiseBits, true)
	})
	first := sync.OnceValues(func() (context *program.Matrix, unit int64) {
		context, _, unit = m.first(n.Size())
		return context, unit
	})
	state := genericMatrix(m.Hidden, m.Dimension, m.top(), m.Seed, "state")
	out, unit := m.second()
	most := poly.Int(m.top())
	// A unit is a quarter of a row of weights.
	widest := sizeOf(n).Plus(poly.Int(2 * int64(m.Dimension))).Times(most)
	// The context adds the same sum to the hidden layer at every step.
	p.Begin("context")
	read := p.LinearFunc(c, wide, most, func() (*program.Matrix, []int64) { w, _ := first(); return w, nil })
	p.End()
	y := p.Steps("step", m.count(m.Steps), true, x, func(t program.Turn, x program.Value) program.Value {
		update := func() Update { return UpdateOf(t.Number(), m.Steps, m.Kind == DDPM) }
		p.Begin("backbone")
		bias := func() []int64 { return m.bias(t.Number()) }
		z := p.Add(read, p.Affine(2, p.LinearAt(t, x, state, most, bias, wide.Name), 0))
		levels := program.Range{Hi: m.top()}
		// A unit of a hidden unit is half of one of c.
		hidden := p.RoundFunc(p.Affine(2, z, 0), levels, levelsOf(p, levels), widest, func() int64 {
			_, unit := first()
			return unit
		})
		f := p.Linear(hidden, out, nil, d.Name)
		p.End()
		p.Begin("update")
		defer p.End()
		// The sum counts in parts: 4·parts·unit of them make one unit of x.
		// No coefficient is more than 1.
		parts := poly.Int(updateParts)
		sum := p.Add(
			p.AffineAt(t, x, poly.Int(4*unit).Times(parts), func() int64 { return 4 * unit * fixed(update().Keep) }),
			p.AffineAt(t, f, parts, func() int64 { return fixed(update().Clean) }),
		)
		if m.Kind == DDPM && !t.Last {
			ratio := m.NoiseScale() / m.Scale()
			k := func() int64 { return 4 * unit * fixed(update().Noise*ratio) }
			sum = p.Add(sum, p.AffineAt(t, noise(t), poly.Int(4*unit*fixed(ratio)), k))
		}
		return roundTo(p, sum, 4*unit*updateParts, program.Signed(m.Bits))
	})
	p.Output("y", y)
	return p, m.Scale()
}

// Real computes the sampler from the textbook formula in float64, with the ranges of hidden
// units and of x. The argument is c, x and the noise of each step, in real units.
func (m Diffusion) Real(in []float64) []float64 {
	m = m.defaults()
	used := m.Dimension
	if m.Kind == DDPM {
		used *= m.Steps
	}
	n := len(in) - used
	context, state, unit1 := m.first(n)
	out, unit2 := m.second()
	c, x, noise := in[:n], in[n:n+m.Dimension], in[n+m.Dimension:]
	for t := range m.Steps {
		u := UpdateOf(t, m.Steps, m.Kind == DDPM)
		hidden := times(over(m.bias(t), 2*unitOf(m.Bits), float64(unit1)), realMatrix(context, 1, float64(unit1)), c)
		hidden = clipped(times(hidden, realMatrix(state, 1, float64(unit1)), x), 0, 1-unitOf(m.Bits)/2)
		next := times(nil, realMatrix(out, 1, float64(unit2)), hidden)
		var xi []float64
		if m.Kind == DDPM && t < m.Steps-1 {
			xi = noise[t*m.Dimension:]
		}
		x = clipped(u.Apply(x, next, xi), -2, 2-m.Scale())
	}
	return x
}

// diffusionFamily is the family of all kinds of samplers.
var diffusionFamily = Family{
	Name: "diffusion", Doc: "diffusion model: a denoiser with a condition of n numbers, unrolled",
	Depth: "2·steps (ddpm, ddim), 7·steps (masked)", Steps: "steps", Stage: "step",
	Params: []Param{
		length("numbers that are read; masked: tokens that are written"),
		number("steps", "sampling steps", 1),
		choice("kind", "sampler: with fresh noise, without, or of masked tokens", DDPM,
			[]SamplerKind{DDPM, DDIM, Masked}),
		number("d", "numbers that are diffused; masked: features", 2),
		number("bits", "bits of a number and of a hidden unit", 4),
		number("hidden", "units of the hidden layer", 4),
		number("noise_bits", "bits of the noise of a step", 3),
		number("vocab", "masked: tokens, the mask apart", 3),
	},
	block: func(a Args) (block, error) {
		m := given[Diffusion](a)
		if m.Kind == Masked {
			m := given[MaskedDiffusion](a)
			return inSteps(blockOf(m, m.Real), m.forEverySteps()), nil
		}
		n, d := a.Int("n"), m.Dimension
		return inSteps(blockOf(m, func(in []int64) []float64 {
			x := slices.Concat(scaled(in[:n], unitOf(m.Bits)), scaled(in[n:n+d], m.Scale()),
				scaled(in[n+d:], m.NoiseScale()))
			return m.Real(x)
		}), m.forEverySteps()), nil
	},
}
