package model

import (
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// foldedVocabulary is the greatest vocabulary for which the norm, queries, keys and values of the
// first layer are tables over the tokens. A value that depends on one token and its position needs
// no gates. A score is then a table over pairs of tokens, with an AND for each pair. That is why
// the vocabulary must be small.
const foldedVocabulary = 64

// embedding is the start of a network on tokens.
type embedding struct {
	*quantiser
	tokens program.Value   // one-hot, [n,vocab]
	table  *program.Matrix // [vocab,d]
	unit   float64         // of the table
	start  float64         // of the embedding: that of the table, times the scale of the embedding
}

// embed appends tokens and their embedding, [n,d]. If the table is zero, its scale is that of the tensors
// beside it, which are added in its unit. The stage of the embedding stays open.
func (z *quantiser) embed(name string, beside ...string) (embedding, scaled) {
	vocabulary := program.NewDim("vocab", z.m.Config.Input.Vocab)
	b := embedding{quantiser: z, tokens: z.p.Tokens("token", program.Shape{z.length}, vocabulary)}
	zero := 0.0 // scale of a table of zeros
	for _, other := range beside {
		zero = max(zero, z.greatest(other)/z.most(name))
	}
	b.table, b.unit = z.weight(name, zero)
	b.start = b.unit
	if d := z.m.Config.Decoder; d != nil && d.Scale != 0 {
		b.start = z.scale(name, b.unit*d.Scale)
	}
	z.begin("embedding [%s]", z.label("w", name, b.unit))
	if z.m.unknown {
		columns := affine{weight: &program.Matrix{Rows: b.table.Columns, Columns: b.table.Rows}, sum: b.unit}
		x := z.linear(columns, b.tokens, "d")
		x.unit = b.start
		return b, x
	}
	// The embedding of a one-hot token is a column of the transposed table.
	columns := program.NewMatrix(b.table.Columns, b.table.Rows, func(i, j int) int64 { return b.table.Row(j)[i] })
	return b, scaled{z.p.Linear(b.tokens, columns, nil, "d"), b.start}
}

// folded reports whether layer l reads tables over the tokens.
func (b embedding) folded(l int) bool { return l == 0 && b.table.Rows <= b.m.tables }

// row returns the embedding of a token and the code of its position, if there is one, in units of
// start, [d].
func (b embedding) row(token int, code []int64) []int64 {
	row := slices.Clone(b.table.Row(token))
	if code != nil {
		for f := range row {
			row[f] += code[f]
		}
	}
	return row
}

// unembed appends the logits of h: by a matrix of the given name, which may be the embedding.
func (b embedding) unembed(name string, h scaled) scaled {
	w, s := b.table, b.unit
	if _, tied := b.rounded[name]; !tied {
		w, s = b.weight(name, 0)
	}
	b.begin("unembedding [%s]", b.label("w", name, s))
	return b.linear(affine{weight: w, sum: b.scale(name, h.unit*s)}, h.Value, "label")
}

// norm appends a norm along the last axis, under its names in the choices and in the stage.
// Its unit comes from the calibration. No norm rounds nothing.
func (b embedding) norm(n norm, name, stage string, x scaled) scaled {
	if n.kind == NoNorm {
		return x
	}
	out := b.signed(name)
	unit := b.real(name, out)
	b.begin("%s [a%d s=%.3g]", stage, b.activationBits(name), unit)
	defer b.p.End()
	return b.normed(n, x, unit, out)
}

// normed appends a norm along the last axis, rounded to a unit.
func (z *quantiser) normed(n norm, x scaled, unit float64, out program.Range) scaled {
	return scaled{compile.Normalise(z.p, x.Value, compile.NormConfig{
		Center: n.kind == LayerNorm, Gain: n.gain, Bias: n.bias, Epsilon: n.epsilon,
		Scale: x.unit, Unit: unit, Out: out, Greatest: z.greatestNorm(),
	}), unit}
}

// tableRow returns the norm of a row of a table in units of the norm, with the same rounding
// that normed appends.
func (z *quantiser) tableRow(x []float64, n norm, name string, l levels) []int64 {
	var row []int64
	for _, v := range n.of(x) {
		row = append(row, z.integer(name, level(v, l.scale, l.out)))
	}
	return row
}

// level returns x in whole units, halves up, clipped.
func level(x, unit float64, out program.Range) float64 {
	return math.Min(math.Max(math.Floor(x/unit+0.5), float64(out.Lo)), float64(out.Hi))
}

// roundTo rounds to whole units and clips.
func roundTo(x []float64, unit float64, out program.Range) {
	for i, v := range x {
		x[i] = level(v, unit, out) * unit
	}
}

// tokens returns the rows of tokens in a table, in float64, which may be changed.
func (m *Model) tokens(table string, in []int64) [][]float64 {
	x := make([][]float64, len(in))
	for t, token := range in {
		x[t] = slices.Clone(m.Weights[table].row(int(token)))
	}
	return x
}

// unembed computes the logits of the positions that answer, in float64.
func (m *Model) unembed(x [][]float64, last norm, table string, observe observer) []float64 {
	var logits []float64
	for _, row := range x[len(x)-m.Config.Outputs:] {
		h := last.of(row)
		if last.kind != NoNorm {
			observe("last norm", h)
		}
		logits = append(logits, m.Weights.affine(table, h)...)
	}
	return logits
}

// function returns the activation function of a language model.
func (c *Config) function() func(float64) float64 {
	f, err := compile.ActivationFunc(c.Activation)
	if err != nil {
		panic("model: " + err.Error()) // the configuration was checked
	}
	return f
}
