package compile

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// Transformer is a language model with generic weights. Tokens are embedded and get learned
// positions. They pass pre-norm [Layer]s, a last RMS norm and the tied unembedding. The next
// token has the largest logit at the last position; of equal logits the leftmost counts. Masks
// are causal.
//
// Depth: 9 for the first layer. Each later layer has 8, because its first norm reads a
// thermometer code. The last norm has 1 and the arg-max 2. Together this is 8·layers + 4, for
// every n. With layer norms it is 10·layers + 4.
type Transformer struct {
	Layer           // of every layer; Causal is set
	Vocabulary int  `param:"vocab" zero:"4" most:"4096" count:"1048576"` // tokens; 0 means 4
	Layers     int  `param:"layers" zero:"1" most:"1024"`                // 0 means 1
	Logits     bool `param:"output=logits"`                              // answer with logits at the last position, not a token
	Binary     bool `param:"tokens=binary"`                              // tokens come as binary numbers, not one-hot
}

func (m Transformer) defaults() Transformer {
	m.Layer = m.Layer.defaults()
	m.Causal = true
	return filled(m)
}

func (m Transformer) check(n int) error {
	if err := cmp.Or(checkSizes("transformer", m), m.Layer.check(n)); err != nil {
		return err
	}
	// The least that a layer has: queries, the projection of values, the hidden units and what reads them.
	weights := room.Product(m.Layers, m.Features, 2*(m.Features+m.Hidden))
	if m.on && m.Features > mostMade/m.Features { // of large matrices none is made
		return nil
	}
	return room.Ask(fmt.Sprintf("compile: transformer: %d weights", weights), room.Product(weights, 8))
}

// layer returns layer k. Each layer has generic weights of its own.
func (m Transformer) layer(k int) Layer {
	l := m.Layer
	l.Seed += uint64(1000 * k)
	return l
}

// embedding returns the integer embedding table. Its unit is 2^(1−Bits).
func (m Transformer) embedding() *program.Matrix {
	return m.generic(m.Vocabulary, m.Features, m.topEmbedding(), m.Seed, "embedding")
}

// position returns the code of position t in the same units.
func (m Transformer) position(t int) []int64 {
	return genericBias(m.Features, m.topEmbedding(), m.Seed, fmt.Sprintf("position %d", t))
}

// topEmbedding is the greatest absolute value in the table and in the codes.
func (m Transformer) topEmbedding() int64 { return int64(1) << (m.Bits - 2) }

// Program returns the model for n positions: input "token" [n], output "next", or
// "logit" [vocab].
func (m Transformer) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the model for every n.
func (m Transformer) OpenProgram() (*program.Program, error) { return opened(m) }

func (m Transformer) build(positions program.Dim) (*program.Program, float64) {
	p := program.New(fmt.Sprintf("transformer %v layers=%d d=%d heads=%d bits=%d vocab=%d", positions, m.Layers,
		m.Features, m.Heads, m.Bits, m.Vocabulary))
	p.Symbol("p", m.Bits)
	y, unit := m.hidden(p, m.read(p, positions), func() int { return 0 }, make([]*memory, m.Layers))
	p.Begin("unembedding")
	defer p.End()
	logits := p.Linear(y, m.embedding(), nil, "vocab")
	if m.Logits {
		p.Output("logit", logits)
		return p, unit * unitOf(m.Bits)
	}
	p.Output("next", p.ArgMax(logits, nil))
	return p, 1
}

// read appends the input, one-hot or binary.
func (m Transformer) read(p *program.Program, positions program.Dim) program.Value {
	if m.Binary {
		return p.Input("token", program.Shape{positions}, max(1, bits.Len(uint(m.Vocabulary-1))), false)
	}
	return p.Tokens("token", program.Shape{positions}, program.NewDim("vocab", m.Vocabulary))
}

// hidden appends everything except the unembedding for some positions, after the positions of
// the past. The first of them has the number first(). The result [d] is the last norm of the
// last position; one unit of it is unit.
func (m Transformer) hidden(
	p *program.Program, token program.Value, first func() int, past []*memory,
) (y program.Value, unit float64) {
	table, d := m.embedding(), program.NewDim("d", m.Features)
	p.Begin("embedding")
	var x program.Value
	if shape := token.Shape(); len(shape) == 2 {
		x = p.Linear(token, transposed(table), nil, d.Name)
	} else {
		x = p.Lookup(token, table, d.Name)
	}
	x = addCode(p, x, m.topEmbedding(), func(t int) []int64 { return m.position(first() + t) })
	p.End()
	scale := unitOf(m.Bits)
	for k := range m.Layers {
		p.Begin(fmt.Sprintf("layer %d", k+1))
		x, scale = m.layer(k).append(p, x, scale, past[k])
		p.End()
	}
	p.Begin("last norm")
	defer p.End()
	c := m.norm(3, scale)
	last := lastRow(p, x)
	return Normalise(p, last, c), c.Unit
}

// pass appends the next token [vocab] after some positions; see hidden.
func (m Transformer) pass(p *program.Program, token program.Value, first func() int, past []*memory) program.Value {
	y, _ := m.hidden(p, token, first, past)
	p.Begin("unembedding")
	defer p.End()
	return p.ArgMax(p.Linear(y, m.embedding(), nil, "vocab"), nil)
}

// Real computes the logits at the last position from the textbook formulas in
// float64, or the index of the largest.
func (m Transformer) Real(tokens []int64) []float64 {
	m = m.defaults()
	table := m.embedding()
	scale := unitOf(m.Bits)
	var x []float64
	for t, token := range tokens {
		code := m.position(t)
		for f, v := range table.Row(table.Clip(token)) {
			x = append(x, float64(v+code[f])*scale)
		}
	}
	for k := range m.Layers {
		x = m.layer(k).Real(x)
	}
	logits := times(nil, realMatrix(table, scale, 1), m.norm(3, 1).real(x[len(x)-m.Features:]))
	if m.Logits {
		return logits
	}
	return []float64{float64(slices.Index(logits, slices.Max(logits)))}
}

var transformerFamily = Family{
	Name: "transformer", Doc: "language model: embedding, causal transformer layers, arg-max of the next token",
	Depth: "8·layers + 4 (RMS norm), 10·layers + 4 (layer norm)",
	Params: append([]Param{
		length("positions"),
		number("layers", "layers", 1),
		number("vocab", "tokens", 4),
		choice("tokens", "code of the input tokens", "one-hot", []string{"one-hot", "binary"}),
		choice("output", "the next token, or the logits at the last position", "token", []string{"token", "logits"}),
	}, layerFamily.without("n", "causal")...),
	block: func(a Args) (block, error) {
		m := given[Transformer](a)
		return blockOf(m, m.Real), nil
	},
}
