package model

import (
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// foldedHeads returns the queries, keys and values of the first layer as tables over
// the token and the position, with the same roundings as the other layers have: they
// are linear in the one-hot tokens and have no gates.
func (b *decoderBuilder) foldedHeads() (q, k, v program.Value, qs, ks, vs float64) {
	z, p, d := b.z, b.p, b.d
	out := z.signed()
	normUnit := z.real(layerPart(0, "norm 1"), out)
	z.begin(p, "norm, queries, keys and values as tables")
	defer p.End()
	table := func(part, norm part, heads program.Dim) (program.Value, float64) {
		w, bias, sum := b.biased(part, 0, normUnit)
		name := layerPart(0, string(part))
		unit := z.real(name, out)
		fine := 1.0 // parts of a unit that are kept: of a turn after the rounding
		turnLast := part != value && d.HeadNorm && !d.Learned
		if turnLast {
			fine = math.Exp2(rotaryBits)
		}
		width := heads.Size() * d.HeadSize
		// row returns the numbers of one position and token.
		row := func(t, token int) []int64 {
			h := b.foldedNorm(t, token, normUnit, out)
			data := make([]int64, width)
			for g := range heads.Size() {
				x := make([]float64, d.HeadSize)
				for f := range x {
					o := g*d.HeadSize + f
					total := int64(0)
					for j, weight := range w.Row(o) {
						total += weight * h[j]
					}
					if bias != nil {
						total += bias[o]
					}
					x[f] = float64(total) * sum
				}
				if part != value && d.HeadNorm {
					x = z.m.norm(norm, 0, x)
					roundTo(x, unit, out)
				}
				if part != value && !d.Learned {
					x = rotate(x, t, d.Base)
				}
				for f, y := range x {
					if !turnLast {
						y = math.Min(math.Max(math.Floor(y/unit+0.5), float64(out.Lo)), float64(out.Hi))
					} else {
						y = math.RoundToEven(y / unit * fine)
					}
					data[g*d.HeadSize+f] = z.integer(name, y)
				}
			}
			return data
		}
		// A turn makes a pair of numbers up to √2 times as large.
		bounds := out
		if turnLast {
			most := int64(math.Ceil(float64(out.Hi)*math.Sqrt2*fine)) + 1
			bounds = program.Range{Lo: -most, Hi: most}
		}
		var now []int64 // the elements come in order
		shape := program.Shape{b.positions, program.NewDim("vocab", b.c.Input.Vocab), program.NewDim(heads.Name+"·e", width)}
		constant := p.ConstFunc(shape, bounds, func(i int) int64 {
			if i%width == 0 {
				now = row(i/width/b.c.Input.Vocab, i/width%b.c.Input.Vocab)
			}
			return now[i%width]
		})
		flat := p.Contract("tv,tvf->tf", b.tokens, constant)
		return p.Reshape(flat, program.Shape{b.positions, heads, b.size}, "heads"), unit / fine
	}
	q, qs = table(query, queryNorm, b.heads)
	k, ks = table(key, keyNorm, b.keyHeads)
	v, vs = table(value, "", b.keyHeads)
	return q, k, v, qs, ks, vs
}

// foldedNorm returns the first norm of a token at a position in units of the norm, [d].
func (b *decoderBuilder) foldedNorm(t, token int, unit float64, out program.Range) []int64 {
	x := make([]float64, b.d.Hidden)
	for f := range x {
		v := b.table.Row(token)[f]
		if b.code != nil {
			v += b.code[t*b.d.Hidden+f]
		}
		x[f] = float64(v) * b.unit
	}
	x = b.z.m.norm(norm1, 0, x)
	roundTo(x, unit, out)
	row := make([]int64, len(x))
	for f := range x {
		row[f] = b.z.integer("norm 1", x[f]/unit)
	}
	return row
}

// roundTo rounds to whole units, halves up, and clips.
func roundTo(x []float64, unit float64, out program.Range) {
	for i, v := range x {
		x[i] = math.Min(math.Max(math.Floor(v/unit+0.5), float64(out.Lo)), float64(out.Hi)) * unit
	}
}
