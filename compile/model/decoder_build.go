package model

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// foldedVocabulary is the greatest vocabulary for which the first layer's norm,
// queries, keys and values are tables over the tokens: what depends on one token and
// its position needs no gates. A score is then a table over pairs of tokens, an AND
// for each, which is why the vocabulary must be small. Tests set it to 0.
var foldedVocabulary = 64

// decoderBuilder appends one decoder to a program.
type decoderBuilder struct {
	z *quantiser
	p *program.Program
	c *Config
	d *Decoder

	positions, hidden, heads, keyHeads, size program.Dim

	tokens program.Value // one-hot, [n,vocab]
	table  *program.Matrix
	code   []int64 // learned positions in units of the table, [n,d]; nil if there are none
	unit   float64 // of the table
}

// signedBits is the range of b bits that is the same on either side of 0.
func signedBits(b int) program.Range {
	top := int64(1)<<(b-1) - 1
	return program.Range{Lo: -top, Hi: top}
}

// buildDecoder appends a decoder-only transformer. Rounded are the norms, queries,
// keys (after the rotary turn) and values, the exponential, the attention's output,
// both residual sums, and the hidden units or the gate and what it multiplies.
//
// Depth: constant for every length; tc0 stat measures it.
func buildDecoder(z *quantiser, p *program.Program, finish func(logits program.Value)) float64 {
	c, d := &z.m.Config, z.m.Config.Decoder
	b := &decoderBuilder{
		z: z, p: p, c: c, d: d,
		positions: z.length, hidden: program.NewDim("d", d.Hidden),
		heads: program.NewDim("heads", d.Heads), keyHeads: program.NewDim("kv_heads", d.KeyHeads),
		size: program.NewDim("e", d.HeadSize),
	}
	x, scale := b.embed()
	for l := range d.Layers {
		z.within(p, fmt.Sprintf("layer %d", l+1), func() { x, scale = b.layer(l, x, scale) })
	}
	last := p.Last(x, program.NewDim("outputs", c.Outputs))
	h, hs := b.norm(lastNorm, 0, "last norm", last, scale, signedBits(z.q.ActivationBits))
	name := c.tensor(head, 0, "weight")
	w, ws := b.table, b.unit
	if !d.Tied {
		w, ws = z.weight(name)
	}
	z.begin(p, "unembedding [%s]", rounding("w", z.q.WeightBits, ws))
	finish(p.Linear(h, w, nil, "label"))
	p.End()
	return z.scale(name, hs*ws)
}

func (b *decoderBuilder) embed() (program.Value, float64) {
	z, p, c := b.z, b.p, b.c
	b.tokens = p.Tokens("token", program.Shape{b.positions}, program.NewDim("vocab", c.Input.Vocab))
	name := c.tensor(embedding, 0, "weight")
	b.table, b.unit = z.weight(name)
	z.begin(p, "embedding [%s]", rounding("w", z.q.WeightBits, b.unit))
	defer p.End()
	x := p.Linear(b.tokens, b.transposed(), nil, b.hidden.Name)
	if b.d.Learned {
		name := c.tensor(positions, 0, "weight")
		// All rows of the table are rounded, so that no choice depends on the length.
		for _, v := range z.m.Weights[name].Data {
			b.code = append(b.code, z.integer(name, v/b.unit))
		}
		z.keep(name, b.code, b.unit)
		r := symmetric(b.code)
		z.choices = append(z.choices, Choice{Tensor: name, Kind: Weight, Bits: width(r), Scale: b.unit, Least: r.Lo, Greatest: r.Hi, Stage: "embedding"})
		x = p.Add(x, p.ConstFunc(program.Shape{b.positions, b.hidden}, r, func(i int) int64 { return b.code[i] }))
	}
	return x, b.unit
}

func (b *decoderBuilder) transposed() *program.Matrix {
	return program.NewMatrix(b.table.Columns, b.table.Rows, func(i, j int) int64 { return b.table.Row(j)[i] })
}

// folded reports whether layer l reads tables over the tokens.
func (b *decoderBuilder) folded(l int) bool { return l == 0 && b.c.Input.Vocab <= foldedVocabulary }

// layer appends layer l on x [n,d], one unit of which is scale.
func (b *decoderBuilder) layer(l int, x program.Value, scale float64) (program.Value, float64) {
	z, p, d := b.z, b.p, b.d
	var q, k, v program.Value
	var qs, ks, vs float64
	if b.folded(l) {
		q, k, v, qs, ks, vs = b.foldedHeads()
	} else {
		h, hs := b.norm(norm1, l, "norm 1", x, scale, z.signed())
		z.begin(p, "queries, keys and values")
		q, qs = b.head(query, queryNorm, l, h, hs, b.heads)
		k, ks = b.head(key, keyNorm, l, h, hs, b.keyHeads)
		v, vs = b.head(value, "", l, h, hs, b.keyHeads)
		p.End()
	}
	a, as := b.attend(l, q, k, v, qs, ks, vs)
	a = p.Reshape(a, program.Shape{b.positions, program.NewDim("heads·e", d.Heads*d.HeadSize)}, "heads side by side")
	x, scale = b.residual(l, "residual 1", projection, x, scale, a, as)
	h, hs := b.norm(norm2, l, "norm 2", x, scale, z.signed())
	hidden, ms := b.units(l, h, hs)
	return b.residual(l, "residual 2", down, x, scale, hidden, ms)
}

// norm appends a norm along the last axis. Its unit comes from the calibration.
func (b *decoderBuilder) norm(part part, l int, name string, x program.Value, scale float64, out program.Range) (program.Value, float64) {
	z, p := b.z, b.p
	full := name
	if part != lastNorm {
		full = layerPart(l, name)
	}
	unit := z.real(full, out)
	z.begin(p, "%s [a%d s=%.3g]", name, width(out), unit)
	defer p.End()
	return compile.Normalise(p, x, b.normConfig(part, l, scale, unit, out)), unit
}

func (b *decoderBuilder) normConfig(part part, l int, scale, unit float64, out program.Range) compile.NormConfig {
	c := compile.NormConfig{Center: b.d.LayerNorm, Epsilon: b.d.Epsilon, Scale: scale, Unit: unit, Out: out}
	c.Gain = b.z.m.Weights[b.c.tensor(part, l, "weight")].Data
	if b.d.LayerNorm {
		c.Bias = b.z.m.Weights[b.c.tensor(part, l, "bias")].Data
	}
	return c
}

// real chooses the unit of an activation as a real number, so that the calibrated
// percentile is the last level.
func (z *quantiser) real(name string, out program.Range) float64 {
	peak := z.peaks[name]
	unit := peak / float64(out.Hi)
	if unit == 0 {
		unit = 1
	}
	unit = z.scale(name, unit)
	z.choices = append(z.choices, Choice{Tensor: name, Kind: Activation, Bits: width(out), Scale: unit, Least: out.Lo, Greatest: out.Hi, Peak: peak})
	return unit
}

// biased returns W and b of a part; the bias counts in units of the sum.
func (b *decoderBuilder) biased(part part, l int, x float64) (w *program.Matrix, bias []int64, sum float64) {
	w, ws := b.z.weight(b.c.tensor(part, l, "weight"))
	sum = b.z.scale(b.c.tensor(part, l, "weight"), ws*x)
	if name := b.z.m.bias(part, l); name != "" {
		bias = b.z.bias(name, sum)
	}
	return w, bias, sum
}

// rotaryBits is how finely sines and cosines are rounded.
const rotaryBits = 10

// head appends queries, keys or values: a linear map, the norm of each head if there
// is one, the rotary turn of queries and keys, and a rounding where no norm did it.
func (b *decoderBuilder) head(part, norm part, l int, h program.Value, hs float64, heads program.Dim) (program.Value, float64) {
	z, p, d := b.z, b.p, b.d
	w, bias, scale := b.biased(part, l, hs)
	flat := p.Linear(h, w, bias, heads.Name+"·e")
	x := p.Reshape(flat, program.Shape{b.positions, heads, b.size}, "heads")
	name, out := layerPart(l, string(part)), z.signed()
	rounded := false
	if part != value && d.HeadNorm {
		unit := z.real(name, out)
		x, scale, rounded = compile.Normalise(p, x, b.normConfig(norm, l, scale, unit, out)), unit, true
	}
	if part != value && !d.Learned {
		x, scale = compile.Rotary(p, x, d.Base, rotaryBits), math.Ldexp(scale, -rotaryBits)
	}
	if rounded {
		return x, scale
	}
	unit, scale := z.activation(name, scale, out)
	return p.Step(x, program.Round(unit, out)), scale
}

// attend appends the softmax attention of a layer.
func (b *decoderBuilder) attend(l int, q, k, v program.Value, qs, ks, vs float64) (program.Value, float64) {
	z, p := b.z, b.p
	name := layerPart(l, "scores")
	alpha := z.scale(name, float64(qs*ks)/math.Sqrt(float64(b.d.HeadSize)))
	// Scores beyond those of the calibration count as its greatest.
	limit := max(1, z.integer(name, z.peaks[name]/alpha))
	domain := program.Range{Lo: -limit, Hi: limit}
	z.choices = append(z.choices, Choice{
		Tensor: name, Kind: Exponential, Bits: width(domain), Scale: alpha, Least: domain.Lo, Greatest: domain.Hi, Levels: z.q.ExpLevels, Peak: z.peaks[name],
	})
	// The values count in finer units, so that one unit of output is a whole number of
	// them.
	const parts = 64
	out := z.signed()
	sources := func(x program.Value) program.Value {
		return p.Reshape(x, program.Shape{b.positions.Renamed("sources"), b.keyHeads, b.size}, "sources")
	}
	unit, as := z.activation(layerPart(l, "attention"), vs/parts, out)
	z.begin(p, "attention [exp %d, a%d u=%d/%d]", z.q.ExpLevels, z.q.ActivationBits, unit, parts)
	defer p.End()
	return compile.Attend(p, q, sources(k), sources(p.Affine(parts, v, 0)), compile.AttendConfig{
		Causal: true, Alpha: alpha, Domain: domain, Levels: z.q.ExpLevels, Unit: unit, Out: out,
	}), as
}

// residual appends x + W·y + b, rounded to the bits of a residual.
func (b *decoderBuilder) residual(l int, what string, part part, x program.Value, xs float64, y program.Value, ys float64) (program.Value, float64) {
	z, p := b.z, b.p
	name := layerPart(l, what)
	k, w, sum := z.residual(name+" sum", b.c.tensor(part, l, "weight"), xs, ys)
	var bias []int64
	if n := z.m.bias(part, l); n != "" {
		bias = z.bias(n, sum)
	}
	out := signedBits(z.q.ResidualBits)
	unit, scale := z.activation(name, sum, out)
	z.begin(p, "%s [k=%d, a%d u=%d]", what, k, z.q.ResidualBits, unit)
	defer p.End()
	total := p.Add(p.Affine(k, x, 0), p.Linear(y, w, bias, b.hidden.Name))
	z.sized(name+" sum", total.Bounds())
	return p.Step(total, program.Round(unit, out)), scale
}

// units appends the hidden units of the feed-forward network.
func (b *decoderBuilder) units(l int, h program.Value, hs float64) (program.Value, float64) {
	z, p, d := b.z, b.p, b.d
	out := z.signed()
	if !d.Gated {
		w, bias, sum := b.biased(up, l, hs)
		unit := z.real(layerPart(l, "hidden"), out)
		z.begin(p, "hidden [a%d s=%.3g]", z.q.ActivationBits, unit)
		defer p.End()
		return compile.Activate(p, p.Linear(h, w, bias, "i"), d.Activation, sum, out, unit), unit
	}
	gw, gateBias, gateSum := b.biased(gate, l, hs)
	gateUnit := z.real(layerPart(l, "gate"), out)
	w, bias, sum := b.biased(up, l, hs)
	unit, us := z.activation(layerPart(l, "up"), sum, out)
	z.begin(p, "gated units [a%d s=%.3g, u=%d]", z.q.ActivationBits, gateUnit, unit)
	defer p.End()
	g := compile.Activate(p, p.Linear(h, gw, gateBias, "i"), d.Activation, gateSum, out, gateUnit)
	u := p.Step(p.Linear(h, w, bias, "i"), program.Round(unit, out))
	return p.Contract("ti,ti->ti", g, u), z.scale(layerPart(l, "up"), gateUnit*us)
}
