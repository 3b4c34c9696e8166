package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Transformer is a language model with generic weights: tokens are embedded, get
// learned positions, pass pre-norm [Layer]s, a last RMS norm and the tied
// unembedding, and the largest logit at the last position is the next token, the
// leftmost of equals. Masks are causal.
//
// Depth: 9 for the first layer, 8 for each later one, whose first norm reads a
// thermometer code; then 1 for the last norm and 2 for the arg-max: 8·layers + 4, for
// every n. With layer norms it is 10·layers + 4.
type Transformer struct {
	Layer           // of every layer; Causal is set
	Vocabulary int  // tokens; 0 means 4
	Layers     int  // 0 means 1
	Logits     bool // answer with the logits at the last position, not with the token
	Binary     bool // tokens come as binary numbers, not one-hot
}

func (m Transformer) defaults() Transformer {
	m.Layer = m.Layer.defaults()
	m.Causal = true
	if m.Vocabulary == 0 {
		m.Vocabulary = 4
	}
	if m.Layers == 0 {
		m.Layers = 1
	}
	return m
}

func (m Transformer) check(n int) error {
	for _, p := range []struct {
		name    string
		v, most int
	}{{"vocab", m.Vocabulary, 1 << 12}, {"layers", m.Layers, 1 << 10}} {
		if p.v < 1 || p.v > p.most {
			return fmt.Errorf("compile: transformer: %s=%d is outside 1..%d", p.name, p.v, p.most)
		}
	}
	return m.Layer.check(n)
}

// layer returns layer k, whose generic weights are its own.
func (m Transformer) layer(k int) Layer {
	l := m.Layer
	l.Seed += uint64(1000 * k)
	return l
}

// embedding returns the integer embedding table, one unit of which is 2^(1−Bits).
func (m Transformer) embedding() *program.Matrix {
	return genericMatrix(m.Vocabulary, m.Features, m.topEmbedding(), m.Seed, "embedding")
}

// position returns the code of position t in the same units.
func (m Transformer) position(t int) []int64 {
	return genericBias(m.Features, m.topEmbedding(), m.Seed, fmt.Sprintf("position %d", t))
}

// topEmbedding is the greatest absolute value in the table and in the codes.
func (m Transformer) topEmbedding() int64 { return int64(1) << (m.Bits - 2) }

// Program returns the model for n positions: input "token" [n], output "next", or
// "logit" [vocab].
func (m Transformer) Program(n int) (*program.Program, error) {
	p, _, err := m.program(program.NewDim("n", n))
	return p, err
}

// OpenProgram returns the model for every n.
func (m Transformer) OpenProgram() (*program.Program, error) {
	p, _, err := m.program(program.OpenDim("n"))
	return p, err
}

func (m Transformer) program(positions program.Dim) (*program.Program, float64, error) {
	m = m.defaults()
	if err := m.check(positions.OrOne()); err != nil {
		return nil, 0, err
	}
	p := program.New(fmt.Sprintf("transformer %v layers=%d d=%d heads=%d bits=%d vocab=%d", positions, m.Layers, m.Features, m.Heads, m.Bits, m.Vocabulary))
	p.Symbol("p", m.Bits)
	y, unit := m.hidden(p, m.read(p, positions), func() int { return 0 }, make([]*memory, m.Layers))
	p.Begin("unembedding")
	defer p.End()
	logits := p.Linear(y, m.embedding(), nil, "vocab")
	if m.Logits {
		p.Output("logit", logits)
		return p, unit * math.Exp2(float64(1-m.Bits)), p.Err()
	}
	p.Output("next", p.ArgMax(logits, nil))
	return p, 1, p.Err()
}

// read appends the input, one-hot or binary.
func (m Transformer) read(p *program.Program, positions program.Dim) program.Value {
	if m.Binary {
		return p.Input("token", program.Shape{positions}, max(1, bitsFor(m.Vocabulary)), false)
	}
	return p.Tokens("token", program.Shape{positions}, program.NewDim("vocab", m.Vocabulary))
}

// hidden appends all but the unembedding for some positions, of which the first has
// the given number, after those of the past. The result [d] is the last norm of the last
// of them, one unit of which is unit.
func (m Transformer) hidden(p *program.Program, token program.Value, first func() int, past []*memory) (y program.Value, unit float64) {
	table, d := m.embedding(), program.NewDim("d", m.Features)
	p.Begin("embedding")
	var x program.Value
	if shape := token.Shape(); len(shape) == 2 {
		transposed := program.NewMatrix(m.Features, m.Vocabulary, func(i, j int) int64 { return table.Row(j)[i] })
		x = p.Linear(token, transposed, nil, d.Name)
	} else {
		x = p.Lookup(token, table, d.Name)
	}
	x = p.Add(x, p.ConstFunc(program.Shape{token.Shape()[0], d}, program.Range{Lo: -m.topEmbedding(), Hi: m.topEmbedding()}, func(i int) int64 {
		return m.position(first() + i/m.Features)[i%m.Features]
	}))
	p.End()
	scale := math.Exp2(float64(1 - m.Bits))
	for k := range m.Layers {
		p.Begin(fmt.Sprintf("layer %d", k+1))
		x, scale = m.layer(k).appendAfter(p, x, scale, past[k])
		p.End()
	}
	p.Begin("last norm")
	defer p.End()
	c := m.norm(3, scale)
	last := p.Select(p.Last(x, program.NewDim("last", 1)), 0)
	return Normalise(p, last, c), c.Unit
}

// pass appends the next token [vocab] after some positions; see hidden.
func (m Transformer) pass(p *program.Program, token program.Value, first func() int, past []*memory) program.Value {
	y, _ := m.hidden(p, token, first, past)
	p.Begin("unembedding")
	defer p.End()
	return p.ArgMax(p.Linear(y, m.embedding(), nil, "vocab"), nil)
}

// bitsFor returns the number of bits of the numbers 0 to count−1.
func bitsFor(count int) int {
	k := 0
	for 1<<k < count {
		k++
	}
	return k
}

// Real computes the logits at the last position from the textbook formulas in
// float64, or the index of the largest.
func (m Transformer) Real(tokens []int64) []float64 {
	m = m.defaults()
	n := len(tokens)
	table := m.embedding()
	scale := math.Exp2(float64(1 - m.Bits))
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
	c := m.norm(3, 1)
	y := realNorm(x[(n-1)*m.Features:], c.Center, c.Gain, c.Bias, c.Epsilon)
	logits := make([]float64, m.Vocabulary)
	for i := range logits {
		for f, v := range y {
			logits[i] += float64(float64(table.Row(i)[f]) * scale * v)
		}
	}
	if m.Logits {
		return logits
	}
	return []float64{float64(slices.Index(logits, slices.Max(logits)))}
}

// transformerOf returns the model that the parameters describe.
func transformerOf(a Args) (Transformer, error) {
	l, err := layerOf(a)
	return Transformer{Layer: l, Vocabulary: a.Int("vocab"), Layers: a.Int("layers"), Logits: a["output"] == "logits", Binary: a["tokens"] == "binary"}, err
}

func transformerFamily() Family {
	layer := layerFamilies()[0]
	params := []Param{
		{Name: "n", Doc: "positions"},
		{Name: "layers", Doc: "layers", Default: "1"},
		{Name: "vocab", Doc: "tokens", Default: "4"},
		{Name: "tokens", Doc: "code of the input tokens", Default: "one-hot", Choices: []string{"one-hot", "binary"}},
		{Name: "output", Doc: "the next token, or the logits at the last position", Default: "token", Choices: []string{"token", "logits"}},
	}
	for _, p := range layer.Params {
		if p.Name != "n" && p.Name != "causal" {
			params = append(params, p)
		}
	}
	return Family{
		Name: "transformer", Doc: "language model: embedding, causal transformer layers, arg-max of the next token",
		Depth: "8·layers + 4 (RMS norm), 10·layers + 4 (layer norm)", Class: "TC0", Params: params,
		open: func(a Args) (*program.Program, error) {
			m, err := transformerOf(a)
			if err != nil {
				return nil, err
			}
			return m.OpenProgram()
		},
		build: func(a Args) (*Instance, error) {
			m, err := transformerOf(a)
			if err != nil {
				return nil, err
			}
			p, unit, err := m.program(program.NewDim("n", a.Int("n")))
			if err != nil {
				return nil, err
			}
			return &Instance{p, m.Real, unit}, nil
		},
	}
}
