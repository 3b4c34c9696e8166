package model

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// decoderBuilder appends one decoder to a program.
type decoderBuilder struct {
	embedding
	c *Config
	d *Decoder

	heads, keyHeads, size program.Dim

	code  []int64 // learned positions in units of the embedding, [n,d]; nil if there are none
	first levels  // of the norm of the embedding, if there is one
}

// buildDecoder appends a decoder-only transformer. Rounded are the norms, queries,
// keys (after the rotary turn) and values, the exponential, the attention's output,
// both residual sums, and the hidden units or the gate and what it multiplies.
//
// Depth: constant for every length; tc0 stat measures it.
func buildDecoder(z *quantiser) scaled {
	c, d, p := &z.m.Config, z.m.Config.Decoder, z.p
	b := &decoderBuilder{
		c: c, d: d, heads: program.NewDim("heads", d.Heads), keyHeads: program.NewDim("kv_heads", d.KeyHeads),
		size: program.NewDim("e", d.HeadSize),
	}
	var x scaled
	b.embedding, x = z.embed(c.weight(embeddings, 0), c.weight(codes, 0))
	if d.Learned {
		// All rows of the table are rounded, so choices do not depend on the length.
		b.code = z.tensor(Weight, c.weight(codes, 0), b.start)
		last := &z.choices[len(z.choices)-1]
		last.Stage = "embedding"
		shape := program.Shape{z.length, program.NewDim("d", d.Hidden)}
		r := program.Range{Lo: last.Least, Hi: last.Greatest}
		x.Value = p.Add(x.Value, p.ConstFunc(shape, r, func(i int) int64 { return b.code[i] }))
	}
	p.End()
	x = b.embeddingNorm(x)
	for l := range d.Layers {
		z.within(fmt.Sprintf("layer %d", l+1), func() { x = b.layer(l, x) })
	}
	x.Value = p.Last(x.Value, program.NewDim("outputs", c.Outputs))
	return b.unembed(c.weight(head, 0), b.norm(z.m.normAt(lastNorm, 0), "last norm", "last norm", x))
}

// embeddingNorm appends the norm of the embedding, if there is one, to the bits of a residual. It is a table
// over the tokens if the vocabulary is small.
func (b *decoderBuilder) embeddingNorm(x scaled) scaled {
	n, name := b.m.normAt(firstNorm, 0), string(firstNorm)
	if n.kind == NoNorm {
		return x
	}
	bits := b.residualBits(name)
	b.first.out = signedBits(bits)
	b.first.scale = b.real(name, b.first.out)
	b.begin("%s [a%d s=%.3g]", name, bits, b.first.scale)
	defer b.p.End()
	if !b.folded(0) {
		return b.normed(n, x, b.first.scale, b.first.out)
	}
	return scaled{b.tabled("d", b.d.Hidden, b.first.out, b.streamRow), b.first.scale}
}

// tabled appends a table over the token and the position, [n,all]. It is linear in the one-hot tokens.
func (b *decoderBuilder) tabled(
	name string, all int, bounds program.Range, row func(t, token int) []int64,
) program.Value {
	var now []int64 // the elements come in order
	vocabulary := program.NewDim("vocab", b.table.Rows)
	shape := program.Shape{b.length, vocabulary, program.NewDim(name, all)}
	constant := b.p.ConstFunc(shape, bounds, func(i int) int64 {
		if i%all == 0 {
			now = row(i/all/b.table.Rows, i/all%b.table.Rows)
		}
		return now[i%all]
	})
	return b.p.Contract("tv,tvf->tf", b.tokens, constant)
}

// layer appends layer l on x [n,d].
func (b *decoderBuilder) layer(l int, x scaled) scaled {
	var q, k, v scaled
	if b.folded(l) {
		q, k, v = b.foldedHeads()
	} else {
		h := b.norm(b.m.normAt(norm1, l), layerPart(l, "norm 1"), "norm 1", x)
		b.begin("queries, keys and values")
		q = b.head(query, queryNorm, l, h, b.heads)
		k = b.head(key, keyNorm, l, h, b.keyHeads)
		v = b.head(value, "", l, h, b.keyHeads)
		b.p.End()
	}
	a := b.attend(l, q, k, v)
	before := x
	x = b.join(l, "residual 1", projection, x, a)
	if !b.d.Parallel {
		before = x
	}
	h := b.norm(b.m.normAt(norm2, l), layerPart(l, "norm 2"), "norm 2", before)
	return b.join(l, "residual 2", down, x, b.units(l, h))
}

// head appends queries, keys or values. They are a linear map, then the norm of each head if there
// is one, then the rotary turn of queries and keys. If a norm did not round them, a rounding
// follows.
func (b *decoderBuilder) head(part, norm part, l int, h scaled, heads program.Dim) scaled {
	flat := b.affine(b.c.weight(part, l), h.unit)
	x := b.linear(flat, h.Value, heads.Name+"·e")
	x.Value = b.p.Reshape(x.Value, program.Shape{b.length, heads, b.size}, "heads")
	name := layerPart(l, string(part))
	out := b.signed(name)
	rounded := part != value && b.d.HeadNorm
	if rounded {
		x = b.normed(b.m.normAt(norm, l), x, b.real(name, out), out)
	}
	if part != value && b.d.Rotary != nil {
		x = scaled{compile.Rotary(b.p, x.Value, *b.d.Rotary, rotaryBits), math.Ldexp(x.unit, -rotaryBits)}
	}
	if rounded {
		return x
	}
	return b.round(x.Value, b.activation(name, x.unit, out))
}

// rotaryBits is the precision of sines and cosines. It is finer here than in the attention family
// of package compile. In that family, queries and keys go into the scores right after the turn, so
// each bit makes all weights of the scores larger. Here they are rounded after the turn to
// activation bits, up to 12, and the turn should not add to that error. (Only norms of heads come
// before the turn, as in Qwen3.)
const rotaryBits = 10

// attend appends the softmax attention of a layer, its heads side by side.
func (b *decoderBuilder) attend(l int, q, k, v scaled) scaled {
	p, name := b.p, layerPart(l, "scores")
	alpha := b.scale(name, float64(q.unit*k.unit)/math.Sqrt(float64(b.d.HeadSize)))
	// A score beyond the scores of the calibration counts as the greatest of them.
	limit := max(1, b.integer(name, b.peaks[name]/alpha))
	span := b.spanFor(name, b.peaks[name])
	if b.m.unknown {
		alpha, span = b.limits.widestScores()
	}
	domain, how, c := program.Range{Lo: -limit, Hi: limit}, "", compile.AttendConfig{}
	if span > 0 {
		domain, how = b.tail(name, span, alpha), fmt.Sprintf(" span %g", span)
		c = compile.AttendConfig{Kind: compile.Stable, Span: span, Cut: true}
	}
	b.choose(Choice{
		Tensor: name, Kind: Exponential, Scale: alpha, Levels: b.q.ExpLevels, Peak: b.peaks[name], Span: span,
	}, domain)
	// The values count in finer units: one unit of output is a whole number of them.
	const parts = 64
	sources := func(x program.Value) program.Value {
		return p.Reshape(x, program.Shape{b.length.Renamed("sources"), b.keyHeads, b.size}, "sources")
	}
	name = layerPart(l, "attention")
	o := b.activation(name, v.unit/parts, b.signed(name))
	b.begin("attention [exp %d%s, a%d u=%d/%d]", b.q.ExpLevels, how, b.activationBits(name), o.unit, parts)
	c.Causal, c.Alpha, c.Domain, c.Levels, c.Unit, c.Out = true, alpha, domain, b.q.ExpLevels, o.unit, o.out
	if b.d.ALiBi {
		// Farther away no score of the calibration counts.
		c.BiasLeast = -2*limit - 1
		if span > 0 {
			c.BiasLeast += domain.Lo
		}
		slopes := b.d.slopes()
		c.Bias = func(head, i, j int) int64 {
			return int64(math.RoundToEven(math.Max(slopes[head]*float64(min(j-i, 0))/alpha, float64(c.BiasLeast))))
		}
	}
	a := compile.Attend(p, q.Value, sources(k.Value), sources(p.Affine(parts, v.Value, 0)), c)
	p.End()
	flat := program.Shape{b.length, program.NewDim("heads·e", b.d.Heads*b.d.HeadSize)}
	return scaled{p.Reshape(a, flat, "heads side by side"), o.scale}
}

// join appends x + W·y + b, rounded to the bits of a residual.
func (b *decoderBuilder) join(l int, what string, part part, x, y scaled) scaled {
	name := layerPart(l, what)
	x = b.coarse(name+" before", b.c.weight(part, l), x, y.unit)
	k, w := b.residual(name+" sum", b.c.weight(part, l), x.unit, y.unit)
	bits := b.residualBits(name)
	r := b.activation(name, w.sum, signedBits(bits))
	b.begin("%s [k=%d, a%d u=%d]", what, k, bits, r.unit)
	defer b.p.End()
	return b.round(b.add(name+" sum", k, x.Value, w, y.Value).Value, r)
}

// units appends the hidden units of the feed-forward network.
func (b *decoderBuilder) units(l int, h scaled) scaled {
	p, f := b.p, b.d.Activation
	if !b.d.Gated {
		w := b.affine(b.c.weight(up, l), h.unit)
		name := layerPart(l, "hidden")
		out := b.signed(name)
		unit := b.real(name, out)
		b.begin("hidden [a%d s=%.3g]", b.activationBits(name), unit)
		defer p.End()
		return scaled{b.activate(b.linear(w, h.Value, "i").Value, f, w.sum, out, unit), unit}
	}
	g := b.affine(b.c.weight(gate, l), h.unit)
	name, other := layerPart(l, "gate"), layerPart(l, "up")
	out := b.signed(name)
	unit := b.real(name, out)
	w := b.affine(b.c.weight(up, l), h.unit)
	r := b.activation(other, w.sum, b.signed(other))
	b.begin("gated units [a%d s=%.3g, u=%d]", b.activationBits(name), unit, r.unit)
	defer p.End()
	gates := b.activate(b.linear(g, h.Value, "i").Value, f, g.sum, out, unit)
	p.VariesIfUnit(gates) // one code for all weights
	u := b.round(b.linear(w, h.Value, "i").Value, r)
	return scaled{p.Contract("ti,ti->ti", gates, u.Value), b.scale(other, unit*u.unit)}
}

// foldedHeads returns the queries, keys and values of the first layer as tables over the token and
// the position. They have the roundings of the other layers, but for queries and keys with norms,
// which are finer by the bits of a turn. They are linear in the one-hot tokens and need no gates.
func (b *decoderBuilder) foldedHeads() (q, k, v scaled) {
	norm := levels{scale: b.streamUnit()}
	if b.d.Norm != NoNorm {
		name := layerPart(0, "norm 1")
		norm = levels{scale: b.real(name, b.signed(name)), out: b.signed(name)}
	}
	b.begin("norm, queries, keys and values as tables")
	defer b.p.End()
	q = b.foldedHead(query, queryNorm, b.heads, norm)
	k = b.foldedHead(key, keyNorm, b.keyHeads, norm)
	v = b.foldedHead(value, "", b.keyHeads, norm)
	return q, k, v
}

// foldedHead returns one of them.
func (b *decoderBuilder) foldedHead(part, norm part, heads program.Dim, normed levels) scaled {
	p, d := b.p, b.d
	w := b.affine(b.c.weight(part, 0), normed.scale)
	name := layerPart(0, string(part))
	out := b.signed(name)
	turnLast := part != value && d.HeadNorm && d.Rotary != nil
	if turnLast {
		// A table costs no more for finer numbers, and scores of large gains need them.
		out = signedBits(b.activationBits(name) + rotaryBits)
	}
	unit, bounds := b.real(name, out), out
	if turnLast {
		// A turn makes a pair of numbers up to √2 times as large.
		most := int64(math.Ceil(float64(out.Hi)*math.Sqrt2)) + 1
		bounds = program.Range{Lo: -most, Hi: most}
	}
	all := heads.Size() * d.HeadSize
	// row returns the numbers of one position and token.
	row := func(t, token int) []int64 {
		h := b.foldedNorm(t, token, normed)
		data := make([]int64, 0, all)
		for len(data) < all {
			x := make([]float64, d.HeadSize)
			for f := range x {
				o := len(data) + f
				total := int64(0)
				for j, weight := range w.weight.Row(o) {
					total += weight * h[j]
				}
				if w.bias != nil {
					total += w.bias[o]
				}
				x[f] = float64(total) * w.sum
			}
			if part != value && d.HeadNorm {
				x = b.m.normAt(norm, 0).of(x)
				roundTo(x, unit, out)
			}
			if part != value && d.Rotary != nil {
				x = compile.Rotate(x, t, *d.Rotary)
			}
			for _, y := range x {
				if turnLast {
					y = math.RoundToEven(y / unit)
				} else {
					y = level(y, unit, out)
				}
				data = append(data, b.integer(name, y))
			}
		}
		return data
	}
	flat := b.tabled(heads.Name+"·e", all, bounds, row)
	return scaled{p.Reshape(flat, program.Shape{b.length, heads, b.size}, "heads"), unit}
}

// foldedNorm returns the first norm of a token at a position in units of the norm, [d].
func (b *decoderBuilder) foldedNorm(t, token int, normed levels) []int64 {
	x, n := b.streamRow(t, token), b.m.normAt(norm1, 0)
	if n.kind == NoNorm {
		return x
	}
	return b.tableRow(inUnits(x, b.streamUnit()), n, "norm 1", normed)
}

// streamRow returns what the first layer reads of a token at a position, in units of streamUnit, [d].
func (b *decoderBuilder) streamRow(t, token int) []int64 {
	var code []int64
	if b.code != nil {
		code = b.code[t*b.d.Hidden:]
	}
	x, n := b.row(token, code), b.m.normAt(firstNorm, 0)
	if n.kind == NoNorm {
		return x
	}
	return b.tableRow(inUnits(x, b.start), n, string(firstNorm), b.first)
}

// streamUnit returns the unit of what the first layer reads.
func (b *decoderBuilder) streamUnit() float64 {
	if b.first.scale != 0 {
		return b.first.scale
	}
	return b.start
}
