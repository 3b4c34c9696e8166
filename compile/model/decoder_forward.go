package model

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile"
)

// layerPart is what an activation of a layer is called; layers are named from 1 on.
func layerPart(layer int, what string) string { return fmt.Sprintf("layer %d/%s", layer+1, what) }

// forwardDecoder computes a decoder-only transformer, position by position:
//
//	x = E_token (+ P_t)
//	x ← x + O·attend(norm(x)), x ← x + W₂·f(W₁·norm(x)) or W₂·(f(Wg·h) ⊙ W₁·h)
//	logits = U·norm(x)
//
// or, if the parts are parallel, x ← x + O·attend(norm₁(x)) + W₂·f(W₁·norm₂(x)),
// with attention to the position itself and those before it (Vaswani et al. 2017;
// Radford et al. 2019; Touvron et al. 2023).
func forwardDecoder(m *Model, in []int64, observe observer) []float64 {
	c, d := &m.Config, m.Config.Decoder
	f := c.function()
	x := m.embed(in, observe)
	for l := range d.Layers {
		h := m.norms(norm1, l, x, observe)
		attended := m.attend(l, h, observe)
		if d.Parallel {
			h = m.norms(norm2, l, x, observe)
		}
		for t, a := range attended {
			floats.Add(x[t], m.linear(projection, l, a))
			observe(layerPart(l, "residual 1"), x[t])
		}
		if !d.Parallel {
			h = m.norms(norm2, l, x, observe)
		}
		for t, h := range h {
			hidden := m.linear(up, l, h)
			if d.Gated {
				observe(layerPart(l, "up"), hidden)
				g := apply(f, m.linear(gate, l, h))
				observe(layerPart(l, "gate"), g)
				floats.Mul(hidden, g)
			} else {
				hidden = apply(f, hidden)
				observe(layerPart(l, "hidden"), hidden)
			}
			floats.Add(x[t], m.linear(down, l, hidden))
			observe(layerPart(l, "residual 2"), x[t])
		}
	}
	return m.unembed(x, m.normAt(lastNorm, 0), c.weight(head, 0), observe)
}

// embed returns the embeddings of tokens, with the positions and the norm that they may have.
func (m *Model) embed(in []int64, observe observer) [][]float64 {
	c, d := &m.Config, m.Config.Decoder
	x := m.tokens(c.weight(embeddings, 0), in)
	for t := range x {
		if d.Scale != 0 {
			floats.Scale(d.Scale, x[t])
		}
		if d.Learned {
			floats.Add(x[t], m.Weights[c.weight(codes, 0)].row(t))
		}
		if n := m.normAt(firstNorm, 0); n.kind != NoNorm {
			x[t] = n.of(x[t])
			observe(string(firstNorm), x[t])
		}
	}
	return x
}

// norms computes the norms of a part of a layer at all positions.
func (m *Model) norms(p part, l int, x [][]float64, observe observer) [][]float64 {
	h, n := make([][]float64, len(x)), m.normAt(p, l)
	for t := range x {
		h[t] = n.of(x[t])
		if n.kind != NoNorm {
			observe(layerPart(l, string(p)), h[t])
		}
	}
	return h
}

// attend computes the heads of one layer side by side: [n][heads·e].
func (m *Model) attend(l int, h [][]float64, observe observer) [][]float64 {
	d := m.Config.Decoder
	e := d.HeadSize
	heads := func(p, norm part, t int) [][]float64 {
		rows := slices.Collect(slices.Chunk(m.linear(p, l, h[t]), e))
		if p == value {
			return rows
		}
		for i := range rows {
			if d.HeadNorm {
				rows[i] = m.normAt(norm, l).of(rows[i])
				observe(layerPart(l, string(p)), rows[i])
			}
			if d.Rotary != nil {
				rows[i] = compile.Rotate(rows[i], t, *d.Rotary)
			}
		}
		return rows
	}
	var keys, values, out [][]float64
	slopes := d.slopes()
	for t := range h {
		qs, ks, vs := heads(query, queryNorm, t), heads(key, keyNorm, t), heads(value, "", t)
		for g := range ks {
			if !d.HeadNorm {
				observe(layerPart(l, string(key)), ks[g])
			}
			observe(layerPart(l, string(value)), vs[g])
			keys, values = append(keys, ks[g]), append(values, vs[g])
		}
		var row []float64
		for i, q := range qs {
			if !d.HeadNorm {
				observe(layerPart(l, string(query)), q)
			}
			g := i / (d.Heads / d.KeyHeads)
			scores := make([]float64, t+1)
			for s := range scores {
				scores[s] = dot(q, keys[s*d.KeyHeads+g])/math.Sqrt(float64(e)) - float64(slopes[i]*float64(t-s))
			}
			observe(layerPart(l, "scores"), scores)
			a := make([]float64, e)
			for s, w := range softmax(scores) {
				for f, v := range values[s*d.KeyHeads+g] {
					a[f] += float64(w * v)
				}
			}
			observe(layerPart(l, "attention"), a)
			row = append(row, a...)
		}
		out = append(out, row)
	}
	return out
}

// linear computes the linear map of a part of a layer, with its bias if it has one.
func (m *Model) linear(p part, layer int, x []float64) []float64 {
	return m.Weights.affine(m.Config.weight(p, layer), x)
}

// normAt returns the norm of a part of a layer: of all features, or of one head.
func (m *Model) normAt(p part, layer int) norm {
	n, d := m.normOf(m.Config.weight(p, layer)), m.Config.Decoder
	switch {
	case p == queryNorm || p == keyNorm:
		n.kind = RMSNorm
	case p == firstNorm && !d.EmbeddingNorm, p == lastNorm && !d.LastNorm:
		n.kind = NoNorm
	}
	return n
}

// slopes returns how fast the scores of each head fall with the distance.
func (d *Decoder) slopes() []float64 {
	if d.ALiBi {
		return compile.ALiBiSlopes(d.Heads)
	}
	return make([]float64, d.Heads)
}
