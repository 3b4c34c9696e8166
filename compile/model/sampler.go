package model

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// Sampler is a trained [Denoiser] with a number of steps, as a program in integers. The weights are
// rounded as in other models. The diffused numbers are rounded to Bits bits after every step. The
// constants of each step are folded into weights.
type Sampler struct {
	*Denoiser
	Steps     int  // T, at least 1
	Ancestral bool // fresh noise at each step (DDPM); else none (DDIM)
	// Skip is the number of first steps that are left out. It is 0 for a sample of pure noise.
	// Otherwise x is a vector with some noise, at the time 1 − Skip/T.
	Skip int
	// Trace makes the numbers after each step but the last outputs of the program, too: "x1" [d] and so on. It adds no
	// gates: the next step reads them.
	Trace bool
}

// Unit returns the real value of one unit of the diffused numbers.
func (s Sampler) Unit() float64 { return math.Ldexp(float64(s.Config.Reach), 1-s.Config.Bits) }

// NoiseUnit returns the real value of one unit of the noise of a step.
func (s Sampler) NoiseUnit() float64 {
	return math.Ldexp(float64(s.Config.NoiseReach), 1-s.Config.NoiseBits)
}

// Kind is the kind of sampler, [compile.DDPM] or [compile.DDIM].
func (s Sampler) Kind() compile.SamplerKind {
	if s.Ancestral {
		return compile.DDPM
	}
	return compile.DDIM
}

// Start is the time at which the sampler begins: 1 is noise alone.
func (s Sampler) Start() float64 { return 1 - float64(s.Skip)/float64(s.Steps) }

// fresh is the number of steps that add noise. An ancestral sampler adds noise in all steps except the last.
func (s Sampler) fresh() int {
	if !s.Ancestral {
		return 0
	}
	return s.Steps - s.Skip - 1
}

// drawn is the number of numbers in a draw.
func (s Sampler) drawn() int { return s.Config.Dimension() * (1 + s.fresh()) }

// Draw draws the noise of one sample, normal and rounded: x at the start, and the noise of all
// steps except the last.
func (s Sampler) Draw(rng *rand.Rand) []int64 {
	return s.DrawFrom(make([]float64, s.Config.Dimension()), rng)
}

// DrawFrom is [Sampler.Draw] for a clean vector. It adds the noise of the time at which the sampler begins.
func (s Sampler) DrawFrom(clean []float64, rng *rand.Rand) []int64 {
	var out []int64
	add := func(v, unit float64, bits int) {
		r := program.Signed(bits)
		out = append(out, int64(min(max(math.RoundToEven(v/unit), float64(r.Lo)), float64(r.Hi))))
	}
	noise, signal := math.Sincos(s.Start() * math.Pi / 2)
	for _, v := range clean {
		add(float64(signal*v)+float64(noise*rng.NormFloat64()), s.Unit(), s.Config.Bits)
	}
	for len(out) < s.drawn() {
		add(rng.NormFloat64(), s.NoiseUnit(), s.Config.NoiseBits)
	}
	return out
}

// Program returns the sampler. The inputs are "c" [context] if there is a context, "x" [d], and
// "noise1" and so on [d] if there is fresh noise. The output is "y" [d], after those of Trace.
//
// Depth: the number of hidden layers, and 1 for the update, at each step.
func (s Sampler) Program() (*program.Program, error) {
	p := program.New(fmt.Sprintf("%s, %d steps", s.Config.Name, s.Steps))
	if err := s.check(); err != nil {
		return nil, err
	}
	b := s.begin(p)
	d := program.Shape{program.NewDim("d", s.Config.Dimension())}
	x := p.Input("x", d, s.Config.Bits, true)
	var noise []program.Value
	for i := range s.fresh() {
		noise = append(noise, p.Input(fmt.Sprintf("noise%d", i+1), d, s.Config.NoiseBits, true))
	}
	p.Output("y", b.run(x, noise))
	return b.done()
}

// Amplified returns one copy of the sampler for each draw, with its noise wired in, and a vote. The
// input is "c" [context]. The output "answer" says whether most of the draws end with a first
// number of at least 0. The draws are as [Sampler.Draw] makes them. Their number must be odd.
//
// Depth: T·D + 1, with D the depth of a step: the votes are literals.
// Source: Liu, arXiv 2507.12469.
func (s Sampler) Amplified(draws [][]int64) (*program.Program, error) {
	switch {
	case s.Config.Context == 0:
		return nil, fmt.Errorf("model: %s: it reads no context, and so answers nothing", s.Config.Name)
	case len(draws)%2 == 0:
		return nil, fmt.Errorf("model: %s: %d draws; an odd number makes no ties", s.Config.Name, len(draws))
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	p := program.New(fmt.Sprintf("%s, %d steps, vote of %d draws", s.Config.Name, s.Steps, len(draws)))
	b := s.begin(p)
	n := s.Config.Dimension()
	d := program.Shape{program.NewDim("d", n)}
	var votes program.Value
	for r, draw := range draws {
		if want := s.drawn(); len(draw) != want {
			return nil, fmt.Errorf("model: %s: draw %d has %d numbers, and %d are needed",
				s.Config.Name, r+1, len(draw), want)
		}
		p.Begin(fmt.Sprintf("draw %d", r+1))
		x := p.Const(d, draw[:n])
		var noise []program.Value
		for rest := draw[n:]; len(rest) > 0; rest = rest[n:] {
			noise = append(noise, p.Const(d, rest[:n]))
		}
		// [y ≥ 0] of a thermometer code is one of its literals.
		vote := p.Step(p.Select(b.run(x, noise), 0), atLeast(0))
		p.End()
		if r == 0 {
			votes = vote
		} else {
			votes = p.Add(votes, vote)
		}
	}
	p.Begin("vote")
	defer p.End()
	p.Output("answer", p.Step(votes, atLeast(len(draws)/2+1)))
	return b.done()
}

// atLeast is [x ≥ t] as a function of x.
func atLeast(t int) program.Staircase {
	return program.Staircase{At: []int64{int64(t)}, Jump: []int64{1}}
}

func (s Sampler) check() error {
	if s.Steps < 1 || s.Steps > compile.MostSteps {
		return fmt.Errorf("model: %s: %d steps; 1 to %d are possible", s.Config.Name, s.Steps, compile.MostSteps)
	}
	if s.Skip < 0 || s.Skip >= s.Steps {
		return fmt.Errorf("model: %s: %d of %d steps left out; at least one must stay", s.Config.Name, s.Skip, s.Steps)
	}
	return nil
}

// samplerBuilder appends samplers to one program.
type samplerBuilder struct {
	s       Sampler
	p       *program.Program
	context program.Value
	layers  []samplerLayer
	err     error // the first number that is too large
}

// samplerLayer is one layer of the network in integers.
type samplerLayer struct {
	weight *program.Matrix // of the first the part that reads x
	reads  *program.Matrix // the part of the first that reads the context; nil if there is none
	sum    float64         // real value of a unit of the sum
	levels levels          // of a hidden unit
}

// mostRounded bounds what is rounded to an integer; products with it fit 64 bits or are
// refused by the program.
const mostRounded = 1 << 50

// round returns v as an integer. What a network with absurd weights makes is refused.
func (b *samplerBuilder) round(v float64, what string) int64 {
	if !(math.Abs(v) <= mostRounded) {
		if b.err == nil {
			reason := fmt.Sprintf("%.3g units are more than an integer should hold", v)
			b.err = &QuantiseError{Model: b.s.Config.Name, Name: what, What: reason}
		}
		return 0
	}
	return int64(math.RoundToEven(v))
}

// done returns the program, or why there is none.
func (b *samplerBuilder) done() (*program.Program, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.p, b.p.Err()
}

// begin rounds the weights.
func (s Sampler) begin(p *program.Program) *samplerBuilder {
	c := &s.Config
	q := c.Quantisation.merge(defaults)
	out := program.Range{Lo: 0, Hi: int64(1)<<q.ActivationBits - 1}
	b := &samplerBuilder{s: s, p: p}
	if c.Context > 0 {
		b.context = p.Input("c", program.Shape{program.NewDim("context", c.Context)}, 1, false)
	}
	in, n := s.Unit(), c.Dimension()
	for k := range len(c.LayerSizes) - 1 {
		name := layerName(k) + ".weight"
		t := s.weight[name]
		step := cmp.Or(floats.Norm(t.Data, math.Inf(1))/float64(signedBits(q.WeightBits).Hi), 1)
		rounded := func(from, to int, unit float64) *program.Matrix {
			return program.NewMatrix(t.Shape[0], to-from, func(i, j int) int64 {
				return b.round(t.row(i)[from+j]/unit, name)
			})
		}
		l := samplerLayer{sum: step * in}
		read := t.Shape[1]
		if k == 0 && c.Context > 0 {
			read = n // the bits of the context count as 1, not as units of x: their weights are like biases
			l.reads = rounded(n, n+c.Context, l.sum)
		}
		l.weight = rounded(0, read, step)
		if k < len(c.LayerSizes)-2 {
			unit := max(1, b.round(s.calibrate()[k]/float64(out.Hi)/l.sum, hiddenName(k)))
			l.levels = levels{unit, float64(unit) * l.sum, out}
			in = l.levels.scale
		}
		b.layers = append(b.layers, l)
	}
	return b
}

// run appends all steps, with noise in the first of them.
func (b *samplerBuilder) run(x program.Value, noise []program.Value) program.Value {
	s := b.s
	return b.p.Iterate("step", s.Steps-s.Skip, x, func(i int, x program.Value) program.Value {
		next := b.step(s.Skip+i, x, noise[min(i, len(noise)):min(i+1, len(noise))]...)
		if s.Trace && i < s.Steps-s.Skip-1 {
			b.p.Output(fmt.Sprintf("x%d", i+1), next)
		}
		return next
	})
}

// step appends one step, with noise if there is any.
func (b *samplerBuilder) step(i int, x program.Value, noise ...program.Value) program.Value {
	s, p := b.s, b.p
	bias, skip := s.at(1 - float64(i)/float64(s.Steps))
	last := len(bias) - 1
	p.Begin("backbone")
	h := x
	for k, real := range bias {
		l := &b.layers[k]
		rounded := make([]int64, len(real))
		for j, v := range real {
			rounded[j] = b.round(v/l.sum, layerName(k)+".bias")
		}
		name := fmt.Sprintf("hidden%d", k+1)
		if k == last {
			name = "d"
		}
		h = p.Linear(h, l.weight, rounded, name)
		if l.reads != nil {
			h = p.Add(h, p.Linear(b.context, l.reads, nil, name))
		}
		if k < last {
			h = p.Step(h, program.Round(l.levels.unit, l.levels.out))
		}
	}
	p.End()
	p.Begin("update")
	defer p.End()
	u := compile.UpdateOf(i, s.Steps, s.Ancestral)
	// The parts of a unit are so fine that the coefficient of the network is known to 1/256.
	unit, sum := s.Unit(), b.layers[last].sum
	parts := 1024.0
	for u.Clean*sum*parts/unit < 256 && parts < 1<<30 {
		parts *= 2
	}
	coefficient := func(v float64) int64 { return b.round(v*parts/unit, "update") }
	next := p.Add(
		p.Affine(coefficient((u.Keep+float64(u.Clean*skip))*unit), x, 0),
		p.Affine(coefficient(u.Clean*sum), h, 0),
	)
	for _, xi := range noise {
		next = p.Add(next, p.Affine(coefficient(u.Noise*s.NoiseUnit()), xi, 0))
	}
	return p.Step(next, program.Round(int64(parts), program.Signed(s.Config.Bits)))
}

// Real computes the sampler with the network in float64 and no rounding, from the
// integers on the ports: the context, x and the noise.
func (s Sampler) Real(in []int64) []float64 {
	c, d := s.Config.Context, s.Config.Dimension()
	context, x, noise := inUnits(in[:c], 1), inUnits(in[c:c+d], s.Unit()), in[c+d:]
	for i := s.Skip; i < s.Steps; i++ {
		var xi []float64
		if s.Ancestral && i < s.Steps-1 {
			xi, noise = inUnits(noise[:d], s.NoiseUnit()), noise[d:]
		}
		x = s.Advance(x, context, i, s.Steps, s.Ancestral, xi, nil)
	}
	return x
}
