package model

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/brief"
)

// checkAttention checks the fields of an attention-classifier.
func checkAttention(c *Config) *fieldError {
	switch {
	case c.Activation != "relu":
		return badField("activation", "unknown activation %s; known: relu", brief.Quote(c.Activation))
	case len(c.Labels) == 0:
		return badField("labels", "0 labels; 1 to %d are possible", most)
	case c.Task != "":
		return badField("task", "has no meaning in this type of model")
	case c.Bias != nil:
		return badField("bias", "has no meaning in this type of model")
	case c.NegativeSlope != nil:
		return badField("negative_slope", "has no meaning in this type of model")
	}
	if len(c.LayerSizes) > 0 {
		return badField("layer_sizes", "has no meaning in this type of model")
	}
	return within(
		limited{"hidden_size", c.HiddenSize, 1, most},
		limited{"intermediate_size", c.IntermediateSize, 1, most},
	)
}

func attentionTensors(c *Config) []tensorSpec {
	d, i, labels := c.HiddenSize, c.IntermediateSize, len(c.Labels)
	return []tensorSpec{
		spec("embed.weight", c.Input.Vocab, d),
		spec("attention.query.weight", d, d),
		spec("attention.key.weight", d, d),
		spec("attention.value.weight", d, d),
		spec("attention.output.weight", d, d),
		spec("mlp.up.weight", i, d),
		spec("mlp.up.bias", i),
		spec("mlp.down.weight", d, i),
		spec("mlp.down.bias", d),
		spec("head.weight", labels, d),
		spec("head.bias", labels),
	}
}

// forwardAttention computes, with e_j the embedding of token j and d the hidden
// size,
//
//	a = Σ_j softmax_j(Wq·e_n · Wk·e_j / √d) · Wv·e_j
//	r = e_n + Wo·a
//	logits = Wu·(r + W2·relu(W1·r + b1) + b2) + bu
func forwardAttention(m *Model, in []int64, observe observer) []float64 {
	d, w := m.Config.HiddenSize, m.Weights
	embed := func(token int64) []float64 { return w["embed.weight"].row(int(token)) }
	last := embed(in[len(in)-1])
	query := w.affine("attention.query.weight", last)
	scores := make([]float64, len(in))
	for j, token := range in {
		scores[j] = dot(query, w.affine("attention.key.weight", embed(token))) / math.Sqrt(float64(d))
	}
	observe(exponentialName, scores)
	a := make([]float64, d)
	for j, weight := range softmax(scores) {
		for f, v := range w.affine("attention.value.weight", embed(in[j])) {
			a[f] += float64(weight * v)
		}
	}
	observe(attentionName, a)
	r := plus(last, w.affine("attention.output.weight", a))
	hidden := w.affine("mlp.up.weight", r)
	relu(hidden)
	observe(hiddenName(0), hidden)
	r = plus(r, w.affine("mlp.down.weight", hidden))
	return w.affine("head.weight", r)
}

// buildAttention appends an attention-classifier. Up to the scores everything is
// exact; then come three roundings: of the exponential, of the attention's output
// and of the hidden units.
//
// Depth: 6 with absorption. Scores 1, exponential with the values 1, quotient 1,
// hidden units 1, arg-max 2.
func buildAttention(z *quantiser) scaled {
	p := z.p
	d := program.NewDim("d", z.m.Config.HiddenSize)
	b, e := z.embed("embed.weight")
	last := p.Select(p.Last(e.Value, program.NewDim("last", 1)), 0)
	p.End()

	query, key := z.affine("attention.query.weight", e.unit), z.affine("attention.key.weight", e.unit)
	z.begin("scores [%s, %s]",
		z.label("q", "attention.query.weight", query.scale), z.label("k", "attention.key.weight", key.scale))
	q := p.Reshape(z.linear(query, last, d.Name).Value, program.Shape{program.NewDim("query", 1), d}, "one query")
	scores := p.Contract("if,jf->ij", q, z.linear(key, e.Value, d.Name).Value)
	p.End()
	alpha := float64(query.sum*key.sum) / math.Sqrt(float64(d.Size()))
	domain, how, span := program.Range{}, "", 0.0
	if z.m.unknown {
		alpha, span = z.limits.widestScores()
	} else {
		domain = p.Domain(scores, "scores")
		if p.Err() == nil && z.err == nil {
			domain = scoreRange(b.table, query.weight, key.weight)
		}
		span = z.spanFor(exponentialName, alpha*(float64(domain.Hi)-float64(domain.Lo))/2)
	}
	if span > 0 {
		domain, how = z.tail(exponentialName, span, alpha), fmt.Sprintf(" span %g", span)
	}
	z.choose(Choice{
		Tensor: exponentialName, Kind: Exponential, Scale: z.scale("scores", alpha), Levels: z.q.ExpLevels, Span: span,
	}, domain)

	value := z.affine("attention.value.weight", e.unit)
	l := z.activation(attentionName, value.sum, z.signed(attentionName))
	z.begin("softmax [%s, exp %d%s, a%d u=%d]", z.label("v", "attention.value.weight", value.scale), z.q.ExpLevels, how,
		z.activationBits(attentionName), l.unit)
	a := p.Select(compile.Softmax(p, scores, z.linear(value, e.Value, d.Name).Value, compile.SoftmaxConfig{
		Alpha: alpha, Domain: domain, Levels: z.q.ExpLevels, Unit: l.unit, Out: l.out, Span: span,
	}), 0)
	p.End()

	k, output := z.residual("residual 1", "attention.output.weight", e.unit, l.scale)
	z.begin("residual 1 [k=%d s=%.3g]", k, output.sum)
	r := z.add("residual 1", k, last, output, a)
	p.End()

	up := z.affine("mlp.up.weight", r.unit)
	l = z.activation(hiddenName(0), up.sum, z.unsigned(hiddenName(0)))
	z.begin("%s [%s, a%d u=%d]", hiddenName(0), z.label("w", "mlp.up.weight", up.scale), z.activationBits(hiddenName(0)), l.unit)
	hidden := z.round(z.linear(up, r.Value, "i").Value, l)
	p.End()

	k, down := z.residual("residual 2", "mlp.down.weight", r.unit, hidden.unit)
	z.begin("residual 2 [k=%d s=%.3g]", k, down.sum)
	r = z.add("residual 2", k, r.Value, down, hidden.Value)
	p.End()

	head := z.affine("head.weight", r.unit)
	z.begin("output [%s]", z.label("w", "head.weight", head.scale))
	return z.linear(head, r.Value, "label")
}

// scoreRange returns the least and the greatest score of any two tokens, exactly:
// the scores are those of a table over pairs of tokens. Interval arithmetic would
// give a range many times as wide, and so a coarser exponential.
func scoreRange(embed, query, key *program.Matrix) program.Range {
	queries, keys := project(embed, query), project(embed, key)
	r := program.Range{Lo: math.MaxInt64, Hi: math.MinInt64}
	for _, q := range queries {
		for _, k := range keys {
			s := int64(0)
			for f := range q {
				s += q[f] * k[f]
			}
			r = program.Range{Lo: min(r.Lo, s), Hi: max(r.Hi, s)}
		}
	}
	return r
}

// project returns W·e for each row e of the embedding.
func project(embed, w *program.Matrix) [][]int64 {
	out := make([][]int64, embed.Rows)
	for t := range out {
		out[t] = make([]int64, w.Rows)
		for i := range w.Rows {
			for f, x := range embed.Row(t) {
				out[t][i] += w.Row(i)[f] * x
			}
		}
	}
	return out
}
