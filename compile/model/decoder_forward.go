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
// with attention to the position itself and those before it (Vaswani et al. 2017;
// Radford et al. 2019; Touvron et al. 2023).
func forwardDecoder(m *Model, in []int64, observe observer) []float64 {
	c, d := &m.Config, m.Config.Decoder
	f := c.function()
	x := m.tokens(c.weight(embeddings, 0), in)
	if d.Learned {
		for t := range x {
			floats.Add(x[t], m.Weights[c.weight(codes, 0)].row(t))
		}
	}
	for l := range d.Layers {
		h := make([][]float64, len(x))
		for t := range x {
			h[t] = m.norm(norm1, l, x[t])
			observe(layerPart(l, "norm 1"), h[t])
		}
		for t, a := range m.attend(l, h, observe) {
			floats.Add(x[t], m.linear(projection, l, a))
			observe(layerPart(l, "residual 1"), x[t])
		}
		for t := range x {
			h := m.norm(norm2, l, x[t])
			observe(layerPart(l, "norm 2"), h)
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
	return m.unembed(x, c.weight(lastNorm, 0), c.weight(head, 0), observe)
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
				rows[i] = m.norm(norm, l, rows[i])
				observe(layerPart(l, string(p)), rows[i])
			}
			if !d.Learned {
				rows[i] = compile.Rotate(rows[i], t, d.Base)
			}
		}
		return rows
	}
	var keys, values, out [][]float64
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
				scores[s] = dot(q, keys[s*d.KeyHeads+g]) / math.Sqrt(float64(e))
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

// norm computes the norm of a part of a layer: of all features, or of one head.
func (m *Model) norm(p part, layer int, x []float64) []float64 {
	return m.Weights.norm(m.Config.weight(p, layer), x, m.Config.epsilon)
}
