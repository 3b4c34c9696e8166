package compile

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// MaskedDiffusion is the kind "masked" of the family "diffusion". It shares parameters with
// [Diffusion], but not code: it diffuses tokens, not numbers.
//
// It writes n tokens by discrete diffusion with generic weights (Austin et al. 2021; Sahoo et
// al. 2024). All tokens start masked. Each step predicts every token from the current sequence,
// and opens some of the masked tokens. The backbone is softmax attention with a residual
// connection, one hidden layer of ReLU and the likeliest token. The positions that a step opens
// are random, and so they are an input. The last step opens all the others. The tokens at the
// start are also an input, so some of them may be given.
//
// Depth: 7 a step for every n, under min-depth: attention 3, the hidden layer 1, the arg-max 2,
// and the token 1. The arg-max also reads whether the position opens.
//
// A whole sequence diffuses here, so the dimension grows with n, and the theorem about
// diffusion models does not apply. Masked diffusion is as strong as padded looped transformers
// (Svete and Sabharwal, arXiv 2510.13117).
type MaskedDiffusion struct {
	Vocabulary int    `param:"vocab" zero:"3" most:"256"`   // tokens, the mask apart; 0 means 3
	Features   int    `param:"d" zero:"2"`                  // d; 0 means 2
	Hidden     int    `param:"hidden" zero:"4" most:"1024"` // units of the hidden layer; 0 means 4
	Bits       int    `param:"bits" zero:"3"`               // of what is rounded; 0 means 3
	Steps      int    `param:"steps" zero:"1" most:"1000"`  // T; 0 means 1
	Seed       uint64 `param:"seed"`                        // of the generic weights

	unrolled
}

func (m MaskedDiffusion) defaults() MaskedDiffusion { return filled(m) }

func (m MaskedDiffusion) forEverySteps() MaskedDiffusion { m.open = true; return m }

func (m MaskedDiffusion) check(n int) error {
	return cmp.Or(checkSizes("diffusion", m, size{name: "n", v: n, most: 1 << 12}), m.attention().check(n))
}

func (m MaskedDiffusion) attention() Attention {
	return Attention{Features: m.Features, Bits: m.Bits, Seed: m.Seed}.defaults()
}

// weights returns the embedding [vocab+1][d], the hidden layer and the unembedding, all in ±7.
// The last row of the embedding is for the mask.
func (m MaskedDiffusion) weights() (embedding, up, down *program.Matrix) {
	embedding = genericMatrix(m.Vocabulary+1, m.Features, m.attention().top(), m.Seed, "embedding")
	up = genericMatrix(m.Hidden, m.Features, 7, m.Seed, "up")
	return embedding, up, genericMatrix(m.Vocabulary, m.Hidden, 7, m.Seed, "down")
}

func (m MaskedDiffusion) position(i int) []int64 {
	return genericBias(m.Features, m.attention().top(), m.Seed, fmt.Sprintf("position %d", i))
}

func (m MaskedDiffusion) time(t int) []int64 {
	return genericBias(m.Hidden, 7, m.Seed, fmt.Sprintf("time %d of %d", t, m.Steps))
}

// mixParts is the number of units in one feature of a token, in the sum of the features and of
// the attention's result.
const mixParts = 64

// hiddenUnit is the number of units of the sum, in parts, in one unit of a hidden unit.
func (m MaskedDiffusion) hiddenUnit() int64 { return int64(7*m.Features) * mixParts / 2 }

// Program returns the model for n tokens. The input "token" [n] has the tokens; the last token
// of the vocabulary is the mask. The inputs "open1" and so on [n] have one bit a position, for
// each step except the last. The output is "written" [n], a token each.
func (m MaskedDiffusion) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the model for every n.
func (m MaskedDiffusion) OpenProgram() (*program.Program, error) { return opened(m) }

func (m MaskedDiffusion) build(n program.Dim) (*program.Program, float64) {
	p := program.New(fmt.Sprintf("masked diffusion %v vocab=%d d=%d bits=%d steps=%v", n, m.Vocabulary, m.Features,
		m.Bits, m.count(m.Steps)))
	p.Symbol("p", m.Bits)
	all, words := program.NewDim("tokens", m.Vocabulary+1), program.NewDim("vocab", m.Vocabulary)
	d, wide := program.NewDim("d", m.Features), program.NewDim("hidden", m.Hidden)
	token := p.Tokens("token", program.Shape{n}, all)
	opens := m.inputs(m.Steps-1, func(t fmt.Stringer) program.Value {
		return p.Input("open"+t.String(), program.Shape{n}, 1, false)
	})
	embedding, up, down := m.weights()
	table := transposed(embedding)
	// unmask maps a token to itself and the mask to zeros, rewrite maps a token to itself, and
	// remask maps the mask to itself.
	unmask, rewrite := diagonal(m.Vocabulary, m.Vocabulary+1, one), diagonal(m.Vocabulary+1, m.Vocabulary, one)
	remask := program.NewMatrix(m.Vocabulary+1, 1, func(i, _ int) int64 { return int64(i / m.Vocabulary) })
	top := m.attention().top()
	scale := m.attention().inputScale() / 2 // a token and its position together are within 1
	written := p.Steps("step", m.count(m.Steps), true, token, func(t program.Turn, token program.Value) program.Value {
		p.Begin("embedding")
		x := addCode(p, p.Linear(token, table, nil, d.Name), top, m.position)
		p.End()
		p.Begin("attention")
		mixed, unit := m.attention().append(p, x, scale, nil)
		p.End()
		p.Begin("hidden")
		sum := p.Add(p.Affine(mixParts, x, 0), p.Affine(max(1, int64(math.RoundToEven(unit/scale*mixParts))), mixed, 0))
		time := func() []int64 {
			bias := m.time(t.Number())
			for i := range bias {
				bias[i] *= mixParts
			}
			return bias
		}
		hidden := roundTo(p, p.LinearAt(t, sum, up, poly.Int(7*mixParts), time, wide.Name), m.hiddenUnit(),
			program.Range{Hi: int64(1)<<m.Bits - 1})
		p.End()
		p.Begin("token")
		defer p.End()
		likely := p.ArgMax(p.Linear(hidden, down, nil, words.Name), nil)
		mask := p.Reshape(p.Column(token, m.Vocabulary, "mask"), program.Shape{n}, "mask")
		open := mask
		if !t.Last {
			open = p.Contract("i,i->i", mask, opens(t))
		}
		// An open token stays. A mask is 0 in each of them.
		kept := p.Add(p.Linear(token, unmask, nil, words.Name), p.Contract("i,iv->iv", open, likely))
		rest := p.Add(mask, p.Affine(-1, open, 0))
		// A sum of bits is a bit if at most one of them is 1.
		bit := program.Staircase{At: []int64{1}, Jump: []int64{1}}
		kept, rest = p.Step(kept, bit), p.Step(rest, bit)
		// The tokens [n,vocab] and the mask [n] go side by side. One of them is 1.
		kept = p.Linear(kept, rewrite, nil, all.Name)
		column := p.Reshape(rest, program.Shape{n, program.NewDim("one", 1)}, "column")
		return p.AsOneHot(p.Add(kept, p.Linear(column, remask, nil, all.Name)))
	})
	p.Output("written", written)
	return p, 1
}

// Real computes the model in real numbers. The argument has the tokens and then the bits that
// open positions. The result has tokens.
func (m MaskedDiffusion) Real(in []int64) []float64 {
	m = m.defaults()
	n := len(in) / m.Steps
	embedding, up, down := m.weights()
	a := m.attention()
	scale := a.inputScale() / 2
	token := slices.Clone(in[:n])
	for t := range m.Steps {
		x := make([][]float64, n)
		for i := range x {
			x[i] = plus(scaled(embedding.Row(int(token[i])), scale), scaled(m.position(i), scale))
		}
		mixed := a.attend(x)
		for i := range token {
			if token[i] != int64(m.Vocabulary) || t < m.Steps-1 && in[(t+1)*n+i] == 0 {
				continue
			}
			z := times(scaled(m.time(t), scale), realMatrix(up, 1, 1), plus(x[i], mixed[i]))
			for k := range z {
				z[k] = z[k] / scale * mixParts / float64(m.hiddenUnit())
			}
			logits := times(nil, realMatrix(down, 1, 1), clipped(z, 0, math.Exp2(float64(m.Bits))-1))
			token[i] = int64(slices.Index(logits, slices.Max(logits)))
		}
	}
	return scaled(token, 1)
}
