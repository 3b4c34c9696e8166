package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// selectiveBuilder appends one Mamba to a program.
type selectiveBuilder struct {
	z *quantiser
	p *program.Program
	c *Config
	s *Selective

	positions, inner, state program.Dim
}

// buildSelective appends a Mamba. The recurrence is unrolled to a sum over all earlier
// positions, each with the exponential of the sum of the step sizes since then:
//
//	S_t = Σ_{s≤t} exp(−exp(A)·Σ_{s<r≤t} δ_r)·round(round(δ_s·u_s)·B_s),
//
// so that the depth does not depend on the length. Rounded are the norm, the
// convolution, the gate, δ, B, C, δ·u, δ·u·B, the exponentials, what is read of the
// state, y and the residual sum.
func buildSelective(z *quantiser, p *program.Program, finish func(logits program.Value)) float64 {
	c, s := &z.m.Config, z.m.Config.Selective
	b := &selectiveBuilder{
		z: z, p: p, c: c, s: s,
		positions: z.length, inner: program.NewDim("f", s.Inner), state: program.NewDim("state", s.State),
	}
	tokens := p.Tokens("token", program.Shape{b.positions}, program.NewDim("vocab", c.Input.Vocab))
	table, scale := z.weight(mambaEmbedding)
	z.begin(p, "embedding [%s]", rounding("w", z.q.WeightBits, scale))
	x := p.Linear(tokens, program.NewMatrix(s.Hidden, c.Input.Vocab, func(i, j int) int64 { return table.Row(j)[i] }), nil, "d")
	p.End()
	unit := scale // of the table
	for l := range s.Layers {
		z.within(p, fmt.Sprintf("layer %d", l+1), func() {
			var h program.Value
			var hs float64
			if l == 0 && c.Input.Vocab <= foldedVocabulary {
				h, hs = b.foldedNorm(tokens, table, unit)
			} else {
				h, hs = b.norm(mixer(l, "norm.weight"), layerPart(l, "norm"), "norm", x, scale)
			}
			x, scale = b.mix(l, x, scale, h, hs)
		})
	}
	last := p.Last(x, program.NewDim("outputs", c.Outputs))
	h, hs := b.norm(mambaNorm, "last norm", "last norm", last, scale)
	w, ws := table, unit
	if !s.Tied {
		w, ws = z.weight(s.unembedding())
	}
	z.begin(p, "unembedding [%s]", rounding("w", z.q.WeightBits, ws))
	finish(p.Linear(h, w, nil, "label"))
	p.End()
	return z.scale(s.unembedding(), hs*ws)
}

func (b *selectiveBuilder) norm(gain, name, stage string, x program.Value, scale float64) (program.Value, float64) {
	out := b.z.signed()
	unit := b.z.real(name, out)
	b.z.begin(b.p, "%s [a%d s=%.3g]", stage, width(out), unit)
	defer b.p.End()
	return compile.Normalise(b.p, x, compile.NormConfig{
		Gain: b.z.m.Weights[gain].Data, Epsilon: b.s.Epsilon, Scale: scale, Unit: unit, Out: out,
	}), unit
}

// foldedNorm is the first norm as a table over the tokens.
func (b *selectiveBuilder) foldedNorm(tokens program.Value, table *program.Matrix, scale float64) (program.Value, float64) {
	z, p := b.z, b.p
	name, out := layerPart(0, "norm"), z.signed()
	unit := z.real(name, out)
	normed := make([][]float64, table.Rows)
	for i := range normed {
		for _, v := range table.Row(i) {
			normed[i] = append(normed[i], float64(v)*scale)
		}
		normed[i] = z.m.rms(mixer(0, "norm.weight"), normed[i], b.s.Epsilon)
		roundTo(normed[i], unit, out)
	}
	z.begin(p, "norm as a table [a%d s=%.3g]", width(out), unit)
	defer p.End()
	return p.Linear(tokens, program.NewMatrix(b.s.Hidden, table.Rows, func(i, j int) int64 {
		return z.integer(name, normed[j][i]/unit)
	}), nil, "d"), unit
}

// rounded appends the rounding of a sum, one unit of which is scale.
func (b *selectiveBuilder) rounded(l int, what string, x program.Value, scale float64) (program.Value, float64) {
	out := b.z.signed()
	unit, s := b.z.activation(layerPart(l, what), scale, out)
	return b.p.Step(x, program.Round(unit, out)), s
}

// function appends a rounded activation function of a sum.
func (b *selectiveBuilder) function(l int, what, function string, x program.Value, scale float64, out program.Range) (program.Value, float64) {
	unit := b.z.real(layerPart(l, what), out)
	return compile.Activate(b.p, x, function, scale, out, unit), unit
}

// pick returns columns from first on of the last axis of a value [n, ...].
func (b *selectiveBuilder) pick(x program.Value, first int, to program.Dim, note string) program.Value {
	return b.p.Pick(x, first, to, note)
}

// mix appends the mixer of a layer and its residual sum.
func (b *selectiveBuilder) mix(l int, x program.Value, xs float64, h program.Value, hs float64) (program.Value, float64) {
	z, p, s := b.z, b.p, b.s
	u, us, gate, gs := b.convolve(l, h, hs)

	name := mixer(l, "x_proj.weight")
	w, ws := z.weight(name)
	parts, ps := p.Linear(u, w, nil, "r+2·state"), z.scale(name, us*ws)
	z.begin(p, "delta, B and C")
	low := b.pick(parts, 0, program.NewDim("r", s.Rank), "r")
	dw, ds := z.weight(mixer(l, "dt_proj.weight"))
	ds = z.scale(mixer(l, "dt_proj.weight"), ds*ps)
	steps := p.Linear(low, dw, z.bias(mixer(l, "dt_proj.bias"), ds), b.inner.Name)
	delta, deltaUnit := b.function(l, "delta", "softplus", steps, ds, z.unsigned())
	in, bs := b.rounded(l, "B", b.pick(parts, s.Rank, b.state, "B"), ps)
	out, cs := b.rounded(l, "C", b.pick(parts, s.Rank+s.State, b.state, "C"), ps)
	p.End()

	z.begin(p, "inputs of the states")
	drive, vs := b.rounded(l, "drive", p.Contract("tf,tf->tf", delta, u), z.scale("drive", deltaUnit*us))
	enters, es := b.rounded(l, "input", p.Contract("tf,tk->tfk", drive, in), z.scale("input", vs*bs))
	p.End()

	y, ys := b.scan(l, delta, deltaUnit, enters, es, out, cs, u, us)
	name = layerPart(l, "residual")
	k, ow, sum := z.residual(name+" sum", mixer(l, "out_proj.weight"), xs, z.scale(name, ys*gs))
	z.begin(p, "gate and residual [k=%d]", k)
	defer p.End()
	total := p.Affine(k, x, 0)
	if s.Bias {
		bias := z.bias(mixer(l, "out_proj.bias"), sum)
		total = p.Add(total, p.Const(program.Shape{program.NewDim("d", s.Hidden)}, bias))
	}
	for f, v := range y {
		product := p.Contract("to,to->to", v, b.pick(gate, f, program.NewDim("one", 1), "gate"))
		column := program.NewMatrix(s.Hidden, 1, func(i, _ int) int64 { return ow.Row(i)[f] })
		total = p.Add(total, p.Linear(product, column, nil, "d"))
	}
	z.sized(name+" sum", total.Bounds())
	r := signedBits(z.q.ResidualBits)
	unit, scale := z.activation(name, sum, r)
	return p.Step(total, program.Round(unit, r)), scale
}

// convolve appends the projection, the short convolution with its function, and the
// gate.
func (b *selectiveBuilder) convolve(l int, h program.Value, hs float64) (u program.Value, us float64, gate program.Value, gs float64) {
	z, p, s := b.z, b.p, b.s
	name := mixer(l, "in_proj.weight")
	w, ws := z.weight(name)
	scale := z.scale(name, hs*ws)
	var bias []int64
	if s.Bias {
		bias = z.bias(mixer(l, "in_proj.bias"), scale)
	}
	name = mixer(l, "conv1d.weight")
	cs := z.scale(name, max(z.greatest(name), 1e-9)/z.greatestWeight())
	taps := z.round(name, cs)
	z.keep(name, taps, cs)
	r := symmetric(taps)
	z.choices = append(z.choices, Choice{Tensor: name, Kind: Weight, Bits: width(r), Scale: cs, Least: r.Lo, Greatest: r.Hi})
	z.begin(p, "convolution and gate")
	defer p.End()
	both := p.Linear(h, w, bias, "2·f")
	in := b.pick(both, 0, b.inner, "convolution")
	inner := s.Inner
	kernel := make([][]int64, inner)
	for f := range kernel {
		// The last tap is that of the position itself.
		kernel[f] = slices.Clone(taps[f*s.Kernel : (f+1)*s.Kernel])
		slices.Reverse(kernel[f])
	}
	sum := p.Convolve(in, kernel)
	sumScale := z.scale(name, scale*cs)
	if s.ConvBias {
		sum = p.Add(sum, p.Const(program.Shape{b.inner}, z.bias(mixer(l, "conv1d.bias"), sumScale)))
	}
	u, us = b.function(l, "convolution", s.Activation, sum, sumScale, z.signed())
	gate, gs = b.function(l, "gate", s.Activation, b.pick(both, inner, b.inner, "gate"), scale, z.signed())
	return u, us, gate, gs
}

// scan appends what the states are read out to: for each inner feature a value [n,1].
func (b *selectiveBuilder) scan(l int, delta program.Value, ds float64, enters program.Value, es float64, out program.Value, cs float64, u program.Value, us float64) ([]program.Value, float64) {
	z, p, s := b.z, b.p, b.s
	one := program.NewDim("one", 1)
	levels := int64(z.q.ExpLevels)
	z.choices = append(z.choices, Choice{
		Tensor: layerPart(l, "decay"), Kind: Exponential, Bits: width(program.Range{Hi: levels}), Scale: 1 / float64(levels), Greatest: levels, Levels: z.q.ExpLevels,
	})
	signed := z.signed()
	stateUnit, ss := z.activation(layerPart(l, "state"), z.scale("state", es/float64(levels)), signed)
	const parts = 64 // of a product of state and C, so that D is fine, too
	fine := z.scale("scan", ss*cs/parts)
	scanUnit, ys := z.activation(layerPart(l, "scan"), fine, signed)
	skip := make([]int64, s.Inner)
	for f, v := range z.m.Weights[mixer(l, "D")].Data {
		skip[f] = z.integer(mixer(l, "D"), v*us/fine)
	}
	z.keep(mixer(l, "D"), skip, fine/us)
	r := symmetric(skip)
	z.choices = append(z.choices, Choice{Tensor: mixer(l, "D"), Kind: Weight, Bits: width(r), Scale: fine / us, Least: r.Lo, Greatest: r.Hi})
	z.begin(p, "scan [exp %d, state u=%d, u=%d]", levels, stateUnit, scanUnit)
	defer p.End()
	window := p.Window(delta, "s")
	flat := p.Reshape(enters, program.Shape{b.positions, program.NewDim("f·state", s.Inner*s.State)}, "inputs")
	var all []program.Value
	for f := range s.Inner {
		since := p.Column(window, f, fmt.Sprintf("feature %d", f))
		total := p.Contract("to,o->to", b.pick(u, f, one, "skip"), p.Const(program.Shape{one}, []int64{skip[f]}))
		for k := range s.State {
			rate := math.Exp(z.m.Weights[mixer(l, "A_log")].Data[f*s.State+k]) * ds
			decay := p.Step(since, program.Monotone(since.Bounds(), func(w int64) int64 {
				return int64(math.Floor(float64(levels)*math.Exp(-rate*float64(w)) + 0.5))
			}))
			p.Literals(decay, poly.Int(levels))
			decay = p.CausalMask(decay, 0, 1, 0)
			column := p.Pick(flat, f*s.State+k, one, fmt.Sprintf("state %d", k))
			in := p.Reshape(column, program.Shape{b.positions.Renamed("s"), one}, "sources")
			state := p.Step(p.Contract("ts,so->to", decay, in), program.Round(stateUnit, signed))
			total = p.Add(total, p.Affine(parts, p.Contract("to,to->to", state, b.pick(out, k, one, "C")), 0))
		}
		all = append(all, p.Step(total, program.Round(scanUnit, signed)))
	}
	return all, ys
}
