package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// MaskedDiffusion writes n tokens by discrete diffusion with generic weights (Austin et
// al. 2021; Sahoo et al. 2024): all start masked, and each step foretells every token
// from the sequence as it stands and opens some of the masked ones. The backbone is
// softmax attention with a residual connection, one hidden layer of ReLU and the
// likeliest token. Which positions a step opens is random, and so an input; the last
// step opens what is left. The tokens at the start are an input, too, so that some of
// them may be given.
//
// Depth: 7 a step for every n, under min-depth: attention 3, the hidden layer 1, the
// arg-max 2, which takes in whether the position opens, and the token 1.
//
// What diffuses here is a whole sequence, so its dimension grows with n, and the theorem
// about diffusion models is not about it: masked diffusion is as strong as padded looped
// transformers (Svete and Sabharwal, arXiv 2510.13117).
type MaskedDiffusion struct {
	Vocabulary int    // tokens, the mask apart; 0 means 3
	Features   int    // d; 0 means 2
	Hidden     int    // units of the hidden layer; 0 means 4
	Bits       int    // of what is rounded; 0 means 3
	Steps      int    // T; 0 means 1
	Seed       uint64 // of the generic weights
}

func (m MaskedDiffusion) defaults() MaskedDiffusion {
	for _, f := range []struct {
		v *int
		d int
	}{{&m.Vocabulary, 3}, {&m.Features, 2}, {&m.Hidden, 4}, {&m.Bits, 3}, {&m.Steps, 1}} {
		if *f.v == 0 {
			*f.v = f.d
		}
	}
	return m
}

func (m MaskedDiffusion) check(n int) error {
	if err := checkSizes("diffusion", []size{
		{"n", n, 1 << 12}, {"vocab", m.Vocabulary, 1 << 8}, {"hidden", m.Hidden, 1 << 10}, {"steps", m.Steps, mostSteps},
	}); err != nil {
		return err
	}
	return m.attention().check(n)
}

func (m MaskedDiffusion) attention() Attention {
	return Attention{Features: m.Features, Bits: m.Bits, Seed: m.Seed}.defaults()
}

// weights returns the embedding [vocab+1][d], the last row of the mask, the hidden layer
// and the unembedding, all in ±7.
func (m MaskedDiffusion) weights() (embedding, up, down *program.Matrix) {
	embedding = genericMatrix(m.Vocabulary+1, m.Features, m.attention().top(), m.Seed, "embedding")
	return embedding, genericMatrix(m.Hidden, m.Features, 7, m.Seed, "up"), genericMatrix(m.Vocabulary, m.Hidden, 7, m.Seed, "down")
}

func (m MaskedDiffusion) position(i int) []int64 {
	return genericBias(m.Features, m.attention().top(), m.Seed, fmt.Sprintf("position %d", i))
}

func (m MaskedDiffusion) time(t int) []int64 {
	return genericBias(m.Hidden, 7, m.Seed, fmt.Sprintf("time %d of %d", t, m.Steps))
}

// mixParts is how finely the sum of a token's features and of what it attends to counts.
const mixParts = 64

// hiddenUnit is how many units of the sum make one of a hidden unit, in parts.
func (m MaskedDiffusion) hiddenUnit() int64 { return int64(7*m.Features) * mixParts / 2 }

// Program returns the model for n tokens: inputs "token" [n], the last of which is the
// mask, and "open1" and so on [n], one bit a position, of all steps but the last;
// output "token out" [n].
func (m MaskedDiffusion) Program(n int) (*program.Program, error) {
	return m.program(program.NewDim("n", n))
}

// OpenProgram returns the model for every n.
func (m MaskedDiffusion) OpenProgram() (*program.Program, error) {
	return m.program(program.OpenDim("n"))
}

func (m MaskedDiffusion) program(n program.Dim) (*program.Program, error) {
	m = m.defaults()
	if err := m.check(n.OrOne()); err != nil {
		return nil, err
	}
	p := program.New(fmt.Sprintf("masked diffusion %v vocab=%d d=%d bits=%d steps=%d", n, m.Vocabulary, m.Features, m.Bits, m.Steps))
	p.Symbol("p", m.Bits)
	all, words, d, wide := program.NewDim("tokens", m.Vocabulary+1), program.NewDim("vocab", m.Vocabulary), program.NewDim("d", m.Features), program.NewDim("hidden", m.Hidden)
	token := p.Tokens("token", program.Shape{n}, all)
	opens := make([]program.Value, m.Steps)
	for t := range m.Steps - 1 {
		opens[t] = p.Input(fmt.Sprintf("open%d", t+1), program.Shape{n}, 1, false)
	}
	embedding, up, down := m.weights()
	table := program.NewMatrix(m.Features, m.Vocabulary+1, func(i, j int) int64 { return embedding.Row(j)[i] })
	top := m.attention().top()
	scale := m.attention().inputScale() / 2 // a token and its position together are within 1
	state := p.Repeat("step", m.Steps, []program.Value{token}, func(t int, state []program.Value) []program.Value {
		token := state[0]
		p.Begin("embedding")
		x := p.Add(p.Linear(token, table, nil, d.Name), p.ConstFunc(program.Shape{n, d}, program.Range{Lo: -top, Hi: top}, func(i int) int64 {
			return m.position(i / m.Features)[i%m.Features]
		}))
		p.End()
		p.Begin("attention")
		mixed, unit := m.attention().appendAt(p, x, scale)
		p.End()
		p.Begin("hidden")
		sum := p.Add(p.Affine(mixParts, x, 0), p.Affine(max(1, int64(math.RoundToEven(unit/scale*mixParts))), mixed, 0))
		bias := m.time(t)
		for i := range bias {
			bias[i] *= mixParts
		}
		levels := program.Range{Lo: 0, Hi: int64(1)<<m.Bits - 1}
		hidden := p.Step(p.Linear(sum, up, bias, wide.Name), program.Round(m.hiddenUnit(), levels))
		p.Literals(hidden, levelsOf(p, levels))
		p.End()
		p.Begin("token")
		defer p.End()
		likely := p.ArgMax(p.Linear(hidden, down, nil, words.Name), nil)
		mask := p.Reshape(p.Column(token, m.Vocabulary, "mask"), program.Shape{n}, "mask")
		open := mask
		if opens[t] != (program.Value{}) {
			open = p.Contract("i,i->i", mask, opens[t])
		}
		// A token that was there stays; a mask is 0 in all of them.
		kept := p.Add(p.Linear(token, unmask(m.Vocabulary), nil, "vocab"), p.Contract("i,iv->iv", open, likely))
		rest := p.Add(mask, p.Affine(-1, open, 0))
		// A sum of bits, at most one of which is 1, is a bit.
		bit := program.Staircase{At: []int64{1}, Jump: []int64{1}}
		kept, rest = p.Step(kept, bit), p.Step(rest, bit)
		return []program.Value{joined(p, n, kept, rest, all)}
	})
	p.Output("written", state[0])
	return p, p.Err()
}

// unmask maps tokens to tokens and the mask to none.
func unmask(vocabulary int) *program.Matrix {
	return program.NewMatrix(vocabulary, vocabulary+1, func(i, j int) int64 {
		if i == j {
			return 1
		}
		return 0
	})
}

// joined puts the tokens [n,vocab] and the mask [n], of which one is 1, side by side.
func joined(p *program.Program, n program.Dim, tokens, mask program.Value, all program.Dim) program.Value {
	v := all.Size() - 1
	wide := program.NewMatrix(v+1, v, func(i, j int) int64 {
		if i == j {
			return 1
		}
		return 0
	})
	last := program.NewMatrix(v+1, 1, func(i, _ int) int64 { return int64(i / v) })
	return p.AsOneHot(p.Add(p.Linear(tokens, wide, nil, all.Name), p.Linear(p.Reshape(mask, program.Shape{n, program.NewDim("one", 1)}, "column"), last, nil, all.Name)))
}

// Real computes the model in real numbers: the argument and the result are tokens, and
// the bits that open positions.
func (m MaskedDiffusion) Real(in []int64) []float64 {
	m = m.defaults()
	n := len(in) / m.Steps
	embedding, up, down := m.weights()
	a := m.attention()
	query, key, value := a.weights()
	real := func(w *program.Matrix) func([]float64) []float64 {
		return func(x []float64) []float64 {
			y := make([]float64, w.Rows)
			for i := range y {
				for j, v := range x {
					y[i] += float64(float64(w.Row(i)[j]) * a.weightScale() * v)
				}
			}
			return y
		}
	}
	scale := a.inputScale() / 2
	token := slices.Clone(in[:n])
	for t := range m.Steps {
		x := make([][]float64, n)
		for i := range x {
			for f, e := range embedding.Row(int(token[i])) {
				x[i] = append(x[i], float64(e+m.position(i)[f])*scale)
			}
		}
		mixed := a.attend(x, real(query), real(key), real(value))
		for i := range token {
			if token[i] != int64(m.Vocabulary) || t < m.Steps-1 && in[(t+1)*n+i] == 0 {
				continue
			}
			logits := make([]float64, m.Vocabulary)
			for k, b := range m.time(t) {
				z := float64(b) * scale
				for f, w := range up.Row(k) {
					z += float64(float64(w) * (x[i][f] + mixed[i][f]))
				}
				h := math.Max(0, z) / scale * mixParts / float64(m.hiddenUnit())
				h = math.Min(h, math.Exp2(float64(m.Bits))-1)
				for v := range logits {
					logits[v] += float64(float64(down.Row(v)[k]) * h)
				}
			}
			token[i] = int64(slices.Index(logits, slices.Max(logits)))
		}
	}
	out := make([]float64, n)
	for i, v := range token {
		out[i] = float64(v)
	}
	return out
}

// maskedOf returns the model that the parameters describe.
func maskedOf(m Diffusion, a Args) MaskedDiffusion {
	return MaskedDiffusion{Vocabulary: a.Int("vocab"), Features: m.Dimension, Hidden: m.Hidden, Bits: m.Bits, Steps: m.Steps, Seed: m.Seed}
}
