package compile

import (
	"fmt"
	"math"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// The kinds of sampler.
const (
	DDPM   = "ddpm"   // ancestral sampling, fresh noise at every step (Ho, Jain and Abbeel 2020)
	DDIM   = "ddim"   // the deterministic sampler: noise only at the start (Song, Meng and Ermon 2021)
	Masked = "masked" // discrete: masked tokens are opened step by step (Austin et al. 2021)
)

// Diffusion is a conditional diffusion model with generic weights that solves a problem
// as theory has it: it reads n numbers c, and what it diffuses, x, has Dimension
// numbers, however large n is. Its backbone f, a multilayer perceptron with one hidden
// layer of ReLU, foretells the clean x from the noisy one, from c and from the time,
// which reaches it as the bias of the hidden layer. The schedule is the cosine one, at
// time t ∈ [0,1] signal α = cos(πt/2) and noise σ = sin(πt/2) (Nichol and Dhariwal
// 2021). A step goes from time t to s = t − 1/T,
//
//	x' = α_s·f + √(σ_s² − τ²)·(x − α_t·f)/σ_t + τ·ξ,
//
// with τ = (σ_s/σ_t)·√(1 − α_t²/α_s²) for DDPM and τ = 0 for DDIM. All of these are
// constants of the step, folded into weights that are multiples of 2^−8. The noise, x
// at time 1 and each ξ, is an input: a circuit draws no random numbers. Real inputs are
// c·2^−(Bits−1) in [−1, 1), x·2^−(Bits−2) and ξ·2^−(NoiseBits−2) in [−2, 2).
//
// Depth: 2 a step, for every n: one for the hidden layer and one for the update, in
// which x and the noise are literals that wait. (A single number takes 1 after the
// first step if no context is read.)
type Diffusion struct {
	Kind      string // DDPM or DDIM; "" means DDPM
	Dimension int    // numbers that are diffused; 0 means 2
	Hidden    int    // units of the hidden layer; 0 means 4
	Bits      int    // bits of c and x, two's complement, and of a hidden unit, unsigned; 0 means 4
	NoiseBits int    // bits of ξ, two's complement; 0 means 3
	Steps     int    // T; 0 means 1
	Seed      uint64 // of the generic weights
}

func (m Diffusion) defaults() Diffusion {
	if m.Kind == "" {
		m.Kind = DDPM
	}
	if m.Dimension == 0 {
		m.Dimension = 2
	}
	if m.Hidden == 0 {
		m.Hidden = 4
	}
	if m.Bits == 0 {
		m.Bits = 4
	}
	if m.NoiseBits == 0 {
		m.NoiseBits = 3
	}
	if m.Steps == 0 {
		m.Steps = 1
	}
	return m
}

func (m Diffusion) check(n int) error {
	if m.Kind != DDPM && m.Kind != DDIM {
		return &UnknownError{"kind of sampler", m.Kind, []string{DDPM, DDIM}}
	}
	return checkSizes("diffusion", []size{
		{"n", n, 1 << 14},
		{"d", m.Dimension, 1 << 10},
		{"hidden", m.Hidden, 1 << 12},
		{"bits", m.Bits, 10},
		{"noise_bits", m.NoiseBits, 10},
		{"steps", m.Steps, mostSteps},
	})
}

// Update are the coefficients of one step of a sampler on the cosine schedule:
// x' = Keep·x + Clean·f + Noise·ξ.
type Update struct{ Keep, Clean, Noise float64 }

// UpdateOf returns the coefficients of step i of T, 0 the first; fresh noise if the
// sampler is ancestral (DDPM), none if not (DDIM).
func UpdateOf(i, steps int, ancestral bool) Update {
	at := func(t float64) (signal, noise float64) { return math.Sincos((1 - t) * math.Pi / 2) }
	if i == steps-1 { // at time 0 there is no noise left
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

// updateParts is the precision of the coefficients of an update.
const updateParts = 1 << 8

// fixed returns a coefficient in parts.
func fixed(v float64) int64 { return int64(math.RoundToEven(v * updateParts)) }

func (m Diffusion) contextScale() float64 { return math.Exp2(float64(1 - m.Bits)) }

// Scale returns the real value of one unit of x.
func (m Diffusion) Scale() float64 { return math.Exp2(float64(2 - m.defaults().Bits)) }

// NoiseScale returns the real value of one unit of ξ.
func (m Diffusion) NoiseScale() float64 { return math.Exp2(float64(2 - m.defaults().NoiseBits)) }

func (m Diffusion) top() int64 { return int64(1)<<m.Bits - 1 }

// first returns the weights of the hidden layer for c and for x, and how many units of
// their sum make 1: a quarter of the most, since the sum of generic terms is far below it.
func (m Diffusion) first(n int) (context, state *program.Matrix, unit int64) {
	context = genericMatrix(m.Hidden, n, m.top(), m.Seed, "context")
	state = genericMatrix(m.Hidden, m.Dimension, m.top(), m.Seed, "state")
	for i := range m.Hidden {
		total := int64(0)
		for _, w := range context.Row(i) {
			total += max(w, -w)
		}
		for _, w := range state.Row(i) { // a unit of x is two of c
			total += 2 * max(w, -w)
		}
		unit = max(unit, total)
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

// Program returns the sampler for n numbers: inputs "c" [n], "x" [d] and, for DDPM with
// T > 1, the noise of all steps but the last, "noise1" and so on [d]; output "y" [d].
func (m Diffusion) Program(n int) (*program.Program, error) { return m.program(program.NewDim("n", n)) }

// OpenProgram returns the sampler for every n.
func (m Diffusion) OpenProgram() (*program.Program, error) { return m.program(program.OpenDim("n")) }

func (m Diffusion) program(n program.Dim) (*program.Program, error) {
	m = m.defaults()
	if err := m.check(n.OrOne()); err != nil {
		return nil, err
	}
	p := program.New(fmt.Sprintf("diffusion %s %v d=%d hidden=%d bits=%d steps=%d", m.Kind, n, m.Dimension, m.Hidden, m.Bits, m.Steps))
	d, wide := program.NewDim("d", m.Dimension), program.NewDim("hidden", m.Hidden)
	c := featureInput(p, "c", program.Shape{n}, m.Bits, true)
	x := featureInput(p, "x", program.Shape{d}, m.Bits, true)
	noise := make([]program.Value, m.Steps)
	for t := range m.Steps - 1 {
		if m.Kind == DDPM {
			noise[t] = p.Input(fmt.Sprintf("noise%d", t+1), program.Shape{d}, m.NoiseBits, true)
		}
	}
	type weights struct {
		context, state *program.Matrix
		unit           int64
	}
	first := sync.OnceValue(func() weights {
		context, state, unit := m.first(n.Size())
		return weights{context, state, unit}
	})
	state := genericMatrix(m.Hidden, m.Dimension, m.top(), m.Seed, "state")
	out, unit := m.second()
	most := poly.Int(m.top())
	// What the context adds to the hidden layer is the same sum at every step.
	p.Begin("context")
	read := p.LinearFunc(c, wide, most, func() (*program.Matrix, []int64) { return first().context, nil })
	p.End()
	y := p.Repeat("step", m.Steps, []program.Value{x}, func(t int, now []program.Value) []program.Value {
		x := now[0]
		u := UpdateOf(t, m.Steps, m.Kind == DDPM)
		p.Begin("backbone")
		z := p.Add(read, p.Affine(2, p.Linear(x, state, m.bias(t), wide.Name), 0))
		levels := program.Range{Lo: 0, Hi: m.top()}
		// A unit of a hidden unit is half of one of c.
		hidden := p.StepFunc(p.Affine(2, z, 0), levels, levelsOf(p, levels), func() program.Staircase { return program.Round(first().unit, levels) })
		f := p.Linear(hidden, out, nil, d.Name)
		p.End()
		p.Begin("update")
		defer p.End()
		// In units of x over 4·parts·unit, of which f has 1/4 in Scale.
		sum := p.Add(p.Affine(4*unit*fixed(u.Keep), x, 0), p.Affine(fixed(u.Clean), f, 0))
		if noise[t] != (program.Value{}) {
			k := fixed(u.Noise * m.NoiseScale() / m.Scale())
			sum = p.Add(sum, p.Affine(4*unit*k, noise[t], 0))
		}
		within := program.Range{Lo: -1 << (m.Bits - 1), Hi: 1<<(m.Bits-1) - 1}
		y := p.Step(sum, program.Round(4*unit*updateParts, within))
		p.Literals(y, levelsOf(p, within))
		return []program.Value{y}
	})
	p.Output("y", y[0])
	return p, p.Err()
}

// Real computes the sampler from the textbook formula in float64, with the ranges of
// hidden units and of x: the argument is c, x and the noise of each step, in real units.
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
		hidden := make([]float64, m.Hidden)
		for k, b := range m.bias(t) {
			z := 2 * float64(b) * m.contextScale() / float64(unit1)
			for i, v := range c {
				z += float64(float64(context.Row(k)[i]) / float64(unit1) * v)
			}
			for i, v := range x {
				z += float64(float64(state.Row(k)[i]) / float64(unit1) * v)
			}
			hidden[k] = math.Min(math.Max(z, 0), 1-math.Exp2(float64(-m.Bits)))
		}
		next := make([]float64, m.Dimension)
		for i := range next {
			f := 0.0
			for k, h := range hidden {
				f += float64(float64(out.Row(i)[k]) / float64(unit2) * h)
			}
			next[i] = float64(u.Keep*x[i]) + float64(u.Clean*f)
			if m.Kind == DDPM && t < m.Steps-1 {
				next[i] += float64(u.Noise * noise[t*m.Dimension+i])
			}
			next[i] = math.Min(math.Max(next[i], -2), 2-m.Scale())
		}
		x = next
	}
	return x
}

// diffusionOf returns the sampler that the parameters describe.
func diffusionOf(a Args) (Diffusion, error) {
	for _, name := range []string{"d", "bits", "hidden", "noise_bits"} {
		if a.Int(name) == 0 {
			return Diffusion{}, fmt.Errorf("diffusion: %s=0 must be at least 1", name)
		}
	}
	return Diffusion{
		Kind: a["kind"], Dimension: a.Int("d"), Hidden: a.Int("hidden"), Bits: a.Int("bits"), NoiseBits: a.Int("noise_bits"),
		Steps: a.Int("steps"), Seed: uint64(a.Int("seed")),
	}, atLeastOneStep("diffusion", a.Int("steps"))
}

// diffusionFamily is the family of all kinds of samplers.
func diffusionFamily() Family {
	return Family{
		Name: "diffusion", Doc: "diffusion model: a denoiser with a condition of n numbers, unrolled",
		Depth: "2·steps (ddpm, ddim), 7·steps (masked)", Class: "TC0 for fixed steps",
		Steps: "steps", Stage: "step",
		Params: append([]Param{
			{Name: "n", Doc: "numbers that are read; masked: tokens that are written"},
			{Name: "steps", Doc: "sampling steps", Default: "1"},
			{Name: "kind", Doc: "sampler: with fresh noise, without, or of masked tokens", Default: DDPM, Choices: []string{DDPM, DDIM, Masked}},
			{Name: "d", Doc: "numbers that are diffused; masked: features", Default: "2"},
			{Name: "bits", Doc: "bits of a number and of a hidden unit", Default: "4"},
			{Name: "hidden", Doc: "units of the hidden layer", Default: "4"},
			{Name: "noise_bits", Doc: "bits of the noise of a step", Default: "3"},
			{Name: "vocab", Doc: "masked: tokens, the mask apart", Default: "3"},
		}, common...),
		open: func(a Args) (*program.Program, error) {
			m, err := diffusionOf(a)
			if err != nil {
				return nil, err
			}
			if m.Kind == Masked {
				return maskedOf(m, a).OpenProgram()
			}
			return m.OpenProgram()
		},
		build: func(a Args) (*Instance, error) {
			m, err := diffusionOf(a)
			if err != nil {
				return nil, err
			}
			n := a.Int("n")
			if m.Kind == Masked {
				masked := maskedOf(m, a)
				p, err := masked.Program(n)
				if err != nil {
					return nil, err
				}
				return &Instance{p, masked.Real, 1}, nil
			}
			p, err := m.Program(n)
			if err != nil {
				return nil, err
			}
			d := m.Dimension
			return &Instance{p, func(in []int64) []float64 {
				x := append(scaled(in[:n], m.contextScale()), scaled(in[n:n+d], m.Scale())...)
				return m.Real(append(x, scaled(in[n+d:], m.NoiseScale())...))
			}, m.Scale()}, nil
		},
	}
}
