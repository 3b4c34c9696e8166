package model

import (
	"math"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// checkAttention checks the fields of an attention-classifier.
func checkAttention(c *Config) error {
	if len(c.LayerSizes) > 0 {
		return badField("layer_sizes", "has no meaning in this type of model")
	}
	if err := inside("hidden_size", c.HiddenSize, true, 1, most); err != nil {
		return err
	}
	return inside("intermediate_size", c.IntermediateSize, true, 1, most)
}

func attentionTensors(c *Config) []tensorSpec {
	d, i := c.HiddenSize, c.IntermediateSize
	return []tensorSpec{
		{name: "embed.weight", shape: []int{c.Input.Vocab, d}},
		{name: "attention.query.weight", shape: []int{d, d}},
		{name: "attention.key.weight", shape: []int{d, d}},
		{name: "attention.value.weight", shape: []int{d, d}},
		{name: "attention.output.weight", shape: []int{d, d}},
		{name: "mlp.up.weight", shape: []int{i, d}},
		{name: "mlp.up.bias", shape: []int{i}},
		{name: "mlp.down.weight", shape: []int{d, i}},
		{name: "mlp.down.bias", shape: []int{d}},
		{name: "head.weight", shape: []int{len(c.Labels), d}},
		{name: "head.bias", shape: []int{len(c.Labels)}},
	}
}

// buildAttention appends an attention-classifier. Up to the scores everything is
// exact; then come three roundings: of the exponential, of the attention's output
// and of the hidden units.
//
// Depth: 6 with absorption. Scores 1, exponential with the values 1, quotient 1,
// hidden units 1, arg-max 2.
func buildAttention(z *quantiser, p *program.Program, finish func(logits program.Value)) float64 {
	c := &z.m.Config
	n := z.length
	d := program.NewDim("d", c.HiddenSize)
	tokens := p.Tokens("token", program.Shape{n}, program.NewDim("vocab", c.Input.Vocab))

	table, es := z.weight("embed.weight")
	z.begin(p, "embedding [%s]", rounding("w", z.q.WeightBits, es))
	// The embedding of a one-hot token is a column of the transposed table.
	embed := program.NewMatrix(table.Columns, table.Rows, func(i, j int) int64 { return table.Row(j)[i] })
	e := p.Linear(tokens, embed, nil, d.Name)
	last := p.Select(p.Last(e, program.NewDim("last", 1)), 0)
	p.End()

	query, qs := z.weight("attention.query.weight")
	key, ks := z.weight("attention.key.weight")
	z.begin(p, "scores [%s, %s]", rounding("q", z.q.WeightBits, qs), rounding("k", z.q.WeightBits, ks))
	q := p.Reshape(p.Linear(last, query, nil, d.Name), program.Shape{program.NewDim("query", 1), d}, "one query")
	scores := p.Contract("if,jf->ij", q, p.Linear(e, key, nil, d.Name))
	p.End()
	alpha := float64(z.scale("attention.query.weight", qs*es)*z.scale("attention.key.weight", ks*es)) / math.Sqrt(float64(d.Size()))
	domain := scores.Bounds()
	if p.Err() == nil && z.err == nil {
		domain = scoreRange(table, query, key)
	}
	z.choices = append(z.choices, Choice{
		Tensor: "exponential", Kind: Exponential, Bits: width(domain), Scale: z.scale("scores", alpha),
		Least: domain.Lo, Greatest: domain.Hi, Levels: z.q.ExpLevels,
	})

	value, vs := z.weight("attention.value.weight")
	mixed := z.scale("attention.value.weight", vs*es)
	unit, as := z.activation(attentionName, mixed, z.signed())
	z.begin(p, "softmax [%s, exp %d, a%d u=%d]", rounding("v", z.q.WeightBits, vs), z.q.ExpLevels, z.q.ActivationBits, unit)
	a := compile.Softmax(p, scores, p.Linear(e, value, nil, d.Name), compile.SoftmaxConfig{
		Alpha: alpha, Domain: domain, Levels: z.q.ExpLevels, Unit: unit, Out: z.signed(),
	})
	a = p.Select(a, 0)
	p.End()

	k, output, rs := z.residual("residual 1", "attention.output.weight", es, as)
	z.begin(p, "residual 1 [k=%d s=%.3g]", k, rs)
	r := p.Add(p.Affine(k, last, 0), p.Linear(a, output, nil, d.Name))
	z.sized("residual 1", r.Bounds())
	p.End()

	up, us := z.weight("mlp.up.weight")
	sum := z.scale("mlp.up.weight", us*rs)
	upBias := z.bias("mlp.up.bias", sum)
	unit, hs := z.activation(hiddenName(0), sum, z.unsigned())
	z.begin(p, "%s [%s, a%d u=%d]", hiddenName(0), rounding("w", z.q.WeightBits, us), z.q.ActivationBits, unit)
	hidden := p.Step(p.Linear(r, up, upBias, "i"), program.Round(unit, z.unsigned()))
	p.End()

	k, down, rs := z.residual("residual 2", "mlp.down.weight", rs, hs)
	downBias := z.bias("mlp.down.bias", rs)
	z.begin(p, "residual 2 [k=%d s=%.3g]", k, rs)
	r = p.Add(p.Affine(k, r, 0), p.Linear(hidden, down, downBias, d.Name))
	z.sized("residual 2", r.Bounds())
	p.End()

	head, us := z.weight("head.weight")
	sum = z.scale("head.weight", us*rs)
	headBias := z.bias("head.bias", sum)
	z.begin(p, "output [%s]", rounding("w", z.q.WeightBits, us))
	finish(p.Linear(r, head, headBias, "label"))
	p.End()
	return sum
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
