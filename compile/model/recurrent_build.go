package model

import (
	"cmp"
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// recurrentBuilder appends one recurrent network to a program.
type recurrentBuilder struct {
	*quantiser
	r      *Recurrent
	hidden program.Dim
	full   int64         // levels of a gate: the integer of 1
	state  program.Range // of states
}

// buildRecurrent appends a recurrent network, unrolled: one copy of the cells for each token. Rounded are the gates,
// the candidates and the states. Gates have activation bits, and all else has residual bits.
//
// Depth: it grows with the number of tokens, as in [github.com/tc0lab/tc0/compile.Recurrent]. A cell has 1 level for an
// rnn, 4 for a gru, whose product of a matrix and the state is rounded before a gate multiplies it, and 4 for an lstm.
// A layer adds its levels to the first step alone, since the cells of a layer need not wait for those above them.
func buildRecurrent(z *quantiser) scaled {
	p, r, states := z.p, z.m.Config.Recurrent, z.bits.Of("states", z.q.ResidualBits)
	b := &recurrentBuilder{
		quantiser: z, r: r, hidden: program.NewDim("h", r.Hidden), state: signedBits(states),
	}
	gates := 0 // bits; an rnn has none
	if r.Kind != "rnn" {
		gates = z.bits.Of("gates", z.q.ActivationBits)
		b.full = 1 << gates
	}
	if r.Kind == "rnn" && r.Activation == "relu" {
		b.state = program.Range{Hi: 1<<states - 1}
	}
	x, table := b.input()
	unit := x.unit
	var cells []*builtCell
	for l := range r.Layers {
		cells = append(cells, b.cell(l, unit))
		unit = cells[l].h
	}
	z.begin("%s [w%d, gates a%d, states a%d]", r.Kind, z.q.WeightBits, cmp.Or(gates, z.q.ActivationBits), states)
	history := b.unroll(x.Value, cells)
	p.End()

	outputs := program.NewDim("outputs", len(history))
	var last program.Value
	for k, h := range history {
		if placed := b.placed(outputs, k, h); k == 0 {
			last = placed
		} else {
			last = p.Add(last, placed)
		}
	}
	if r.Tied {
		z.begin("unembedding [%s]", z.label("w", recurrentEmbedding, table.unit))
		tied := affine{weight: table.table, sum: z.scale(recurrentHead, unit*table.unit)}
		return z.linear(tied, last, "label")
	}
	head := z.affine(recurrentHead, unit)
	z.begin("output [%s]", z.label("w", recurrentHead, head.scale))
	return z.linear(head, last, "label")
}

// input appends the tokens and what the first layer reads of them, [n, size].
func (b *recurrentBuilder) input() (scaled, embedding) {
	if b.r.Embedding > 0 {
		table, x := b.embed(recurrentEmbedding)
		b.p.End()
		return x, table
	}
	vocabulary := program.NewDim("vocab", b.m.Config.Input.Vocab)
	return scaled{b.p.Tokens("token", program.Shape{b.length}, vocabulary), 1}, embedding{}
}

// placed returns a state as row k of a matrix of zeros, [outputs, h].
func (b *recurrentBuilder) placed(outputs program.Dim, k int, h program.Value) program.Value {
	if outputs.Size() == 1 {
		return b.p.Reshape(h, program.Shape{outputs, b.hidden}, "position")
	}
	code := make([]int64, outputs.Size())
	code[k] = 1
	return b.p.Contract("o,h->oh", b.p.Const(program.Shape{outputs}, code), h)
}

// unroll appends the cells for all tokens. It returns the last states of the last layer, as many as positions answer,
// the oldest first.
func (b *recurrentBuilder) unroll(x program.Value, cells []*builtCell) []program.Value {
	each := 1 // states of a layer
	if b.r.Kind == "lstm" {
		each = 2
	}
	var zeros []program.Value
	for range each*len(cells) + b.m.Config.Outputs - 1 {
		zeros = append(zeros, b.p.Const(program.Shape{b.hidden}, make([]int64, b.hidden.Size())))
	}
	top := each * (len(cells) - 1)
	// After the states of all layers come the former states of the last layer, the newest first.
	state := b.p.Scan("step", x, zeros, func(x program.Value, state []program.Value) []program.Value {
		var next []program.Value
		for l, c := range cells {
			b.p.Begin(fmt.Sprintf("layer %d", l+1))
			next = append(next, c.step(x, state[each*l:each*(l+1)])...)
			b.p.End()
			x = next[each*l]
		}
		if former := state[each*len(cells):]; len(former) > 0 {
			next = append(append(next, state[top]), former[:len(former)-1]...)
		}
		return next
	})
	history := []program.Value{state[top]}
	for _, h := range state[each*len(cells):] {
		history = append([]program.Value{h}, history...)
	}
	return history
}

// builtCell is a layer in integers.
type builtCell struct {
	*recurrentBuilder
	sums  map[string]cellSum // of its parts
	h     float64            // real value of one unit of the state h
	c     float64            // lstm: and of the cell state
	terms [2]int64           // factors that take two terms of a sum to one unit; see common
	back  affine             // gru: what the candidate reads of the state
	reset float64            // gru: real value of one unit of that, rounded
}

// cellSum is W·x + U·h + b in integers: kw·(W·x) + ku·(U·h) + b.
type cellSum struct {
	w, u   *program.Matrix
	kw, ku int64
	bias   []int64
	unit   float64
}

// common takes terms in two units to one unit, a whole part of the coarser one that is near the fine one. It returns
// the factor of the coarse term and that unit, which the fine term is rounded to.
func common(coarse, fine float64) (k int64, unit float64) {
	k = factor(coarse / fine)
	return k, coarse / float64(k)
}

// wide is common with a unit that is not below the fine one. So a range of levels does not get narrower.
func wide(coarse, fine float64) (k int64, unit float64) {
	k = factor(math.Floor(coarse / fine))
	return k, coarse / float64(k)
}

// sum rounds the two matrices and the two biases of a part to one unit, for x and h in their units. One matrix has its
// own scale, and the other nearly has.
func (b *recurrentBuilder) sum(l int, part string, x, h float64) cellSum {
	w, u := cellTensor(l, "ih", part), cellTensor(l, "hh", part)
	// A matrix of zeros takes the unit of the other one.
	a, c := b.natural(w)*x, b.natural(u)*h
	a = cmp.Or(a, c, 1)
	c = cmp.Or(c, a)
	s := cellSum{kw: 1, ku: 1}
	switch {
	case b.m.unknown:
		s.kw, s.ku, s.unit = b.limits.Factor, b.limits.Factor, 1
	case a >= c:
		s.kw, s.unit = common(a, c)
	default:
		s.ku, s.unit = common(c, a)
	}
	s.unit = b.scale(w, s.unit)
	s.w = b.weightAt(w, b.scale(w, s.unit*float64(s.kw)/x))
	s.u = b.weightAt(u, b.scale(u, s.unit*float64(s.ku)/h))
	s.bias = b.bias(w, s.unit)
	for i, v := range b.bias(u, s.unit) {
		s.bias[i] += v
	}
	return s
}

// cell rounds the tensors of a layer, whose input has the given unit, and chooses the units of its activations.
func (b *recurrentBuilder) cell(l int, x float64) *builtCell {
	c := &builtCell{recurrentBuilder: b, sums: map[string]cellSum{}}
	peak := func(what string) float64 { return b.peaks[layerPart(l, what)] }
	choose := func(what string, unit float64, out program.Range) {
		b.choose(Choice{Tensor: layerPart(l, what), Kind: Activation, Scale: unit, Peak: peak(what)}, out)
	}
	levelled := func(peak float64) float64 { return cmp.Or(peak/float64(b.state.Hi), 1) }
	// What a gate multiplies to make the state has the unit of the state.
	inner := map[string]string{"rnn": "state", "gru": "candidate", "lstm": "squashed cell"}[b.r.Kind]
	c.h = b.scale("state", levelled(max(peak("state"), peak(inner))))
	choose("state", c.h, b.state)
	if inner != "state" {
		choose(inner, c.h, b.state)
	}
	for _, part := range cellParts[b.r.Kind] {
		if b.r.Kind == "gru" && part == "candidate" {
			continue
		}
		c.sums[part] = b.sum(l, part, x, c.h)
		if part != "state" && part != "candidate" {
			choose(part, 1/float64(b.full), program.Range{Hi: b.full})
		}
	}
	switch b.r.Kind {
	case "gru":
		in := b.affine(cellTensor(l, "ih", "candidate"), x)
		c.back = b.affine(cellTensor(l, "hh", "candidate"), c.h)
		// The product of a gate and of what comes back has the unit reset/full.
		const back = "candidate of the state"
		c.reset = levelled(peak(back))
		s := cellSum{w: in.weight, bias: in.bias, kw: 1, ku: 1, unit: in.sum}
		if fine := c.reset / float64(b.full); fine >= in.sum {
			s.ku = factor(math.Ceil(fine / in.sum))
			c.reset = float64(s.ku) * in.sum * float64(b.full)
		} else {
			s.kw, s.unit = wide(in.sum, fine)
			c.reset = s.unit * float64(b.full)
		}
		if b.m.unknown {
			s.kw, s.ku = b.limits.Factor, b.limits.Factor
		}
		c.sums["candidate"] = s
		choose(back, c.reset, b.state)
	case "lstm":
		candidate, state := levelled(peak("candidate")), levelled(peak("cell"))
		c.terms = [2]int64{1, 1}
		if state >= candidate {
			c.terms[0], candidate = common(state, candidate)
		} else {
			c.terms[1], state = wide(candidate, state)
		}
		if b.m.unknown {
			c.terms = [2]int64{b.limits.Factor, b.limits.Factor}
		}
		c.c = b.scale("cell", state)
		choose("candidate", candidate, b.candidateRange(candidate))
		choose("cell", c.c, b.state)
	}
	return c
}

// candidateRange is the range of the candidate of an lstm in a unit: the tanh needs no more.
func (b *recurrentBuilder) candidateRange(unit float64) program.Range {
	top := b.state.Hi * 2
	if !b.m.unknown {
		top = max(1, min(top, int64(math.Ceil(1/unit))))
	}
	return program.Range{Lo: -top, Hi: top}
}

// total appends the sum of a part.
func (c *builtCell) total(part string, x, h program.Value) scaled {
	s := c.sums[part]
	in := c.p.Affine(s.kw, c.linear(affine{weight: s.w}, x, c.hidden.Name).Value, 0)
	sum := c.p.Add(in, c.p.Affine(s.ku, c.linear(affine{weight: s.u}, h, c.hidden.Name).Value, 0))
	if s.bias != nil {
		sum = c.p.Add(sum, c.constants(c.hidden, s.bias))
	}
	return scaled{sum, s.unit}
}

// step appends one cell. The state is h, and for an lstm also the cell state.
func (c *builtCell) step(x program.Value, state []program.Value) []program.Value {
	p, h := c.p, state[0]
	gate := func(part string) program.Value {
		p.Begin(part)
		defer p.End()
		sum := c.total(part, x, h)
		return c.activate(sum.Value, "sigmoid", sum.unit, program.Range{Hi: c.full}, 1/float64(c.full))
	}
	rounded := func(v program.Value, units int64) program.Value {
		return c.round(v, levels{unit: units, out: c.state}).Value
	}
	switch c.r.Kind {
	case "gru":
		r, z := gate("reset"), gate("update")
		p.Begin("candidate")
		n := c.candidate(x, h, r)
		p.End()
		p.Begin("state")
		defer p.End()
		stays := p.Elementwise(z, h)
		return []program.Value{rounded(p.Add(p.Elementwise(p.Affine(-1, z, c.full), n), stays), c.full)}
	case "lstm":
		i, f, o := gate("input"), gate("forget"), gate("output")
		p.Begin("candidate")
		sum := c.total("candidate", x, h)
		unit := c.c * float64(c.terms[1]) / float64(c.terms[0])
		g := c.activate(sum.Value, "tanh", sum.unit, c.candidateRange(unit), unit)
		p.End()
		p.Begin("cell")
		stays := p.Affine(c.terms[0], p.Elementwise(f, state[1]), 0)
		enters := p.Affine(c.terms[1], p.Elementwise(i, g), 0)
		cell := rounded(p.Add(stays, enters), c.full*c.terms[0])
		p.End()
		p.Begin("state")
		defer p.End()
		squashed := c.activate(cell, "tanh", c.c, c.state, c.h)
		return []program.Value{rounded(p.Elementwise(o, squashed), c.full), cell}
	}
	sum := c.total("state", x, h)
	return []program.Value{c.activate(sum.Value, c.r.Activation, sum.unit, c.state, c.h)}
}

// candidate appends tanh(W·x + b + r⊙(U·h + c)) of a gru. What comes back from the state is rounded first.
func (c *builtCell) candidate(x, h, r program.Value) program.Value {
	p, s := c.p, c.sums["candidate"]
	back := c.linear(c.back, h, c.hidden.Name)
	read := c.activate(back.Value, "identity", back.unit, c.state, c.reset)
	in := p.Affine(s.kw, c.linear(affine{weight: s.w, bias: s.bias}, x, c.hidden.Name).Value, 0)
	sum := p.Add(in, p.Affine(s.ku, p.Elementwise(r, read), 0))
	return c.activate(sum, "tanh", s.unit, c.state, c.h)
}
