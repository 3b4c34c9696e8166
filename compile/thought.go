package compile

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// ChainOfThought is a [Transformer] that thinks in tokens, the family "cot". It reads n tokens,
// takes the likeliest next one, appends it, and reads on, until it has T tokens (Wei et al.
// 2022). It keeps the keys and values of earlier positions, so that each step is one pass of
// one position. In integers this gives the same as T passes over longer and longer sequences.
//
// Do not confuse it with a chain of literals, which package circuit knows.
//
// Depth: T times the depth of a pass, which is 8·layers + 4 for every n under min-depth. This
// is the depth of the unrolled circuit. It is not a lower bound: T tokens simulate circuits of
// size T, and poly(n) tokens are P (Li, Liu, Zhou and Ma, arXiv 2402.12875; Merrill and
// Sabharwal, arXiv 2310.07923).
type ChainOfThought struct {
	Transformer     // softmax attention only
	Steps       int `param:"steps" zero:"1" most:"1000"` // T; 0 means 1

	unrolled
}

func (m ChainOfThought) defaults() ChainOfThought {
	m.Transformer = m.Transformer.defaults()
	return filled(m)
}

func (m ChainOfThought) forEverySteps() ChainOfThought { m.open = true; return m }

func (m ChainOfThought) check(n int) error {
	if err := checkSizes("cot", m); err != nil {
		return err
	}
	if m.Kind != Softmaxed {
		return fmt.Errorf("compile: cot: attention of kind %s; only softmax is known", m.Kind)
	}
	return m.Transformer.check(n)
}

// Program returns the chain of thought for a prompt of n tokens: input "token" [n],
// outputs "thought1" to "thoughtT", each a token.
func (m ChainOfThought) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns it for every n.
func (m ChainOfThought) OpenProgram() (*program.Program, error) { return opened(m) }

func (m ChainOfThought) build(positions program.Dim) (*program.Program, float64) {
	p := program.New(fmt.Sprintf("chain of thought %v steps=%v layers=%d d=%d heads=%d bits=%d vocab=%d", positions,
		m.count(m.Steps), m.Layers, m.Features, m.Heads, m.Bits, m.Vocabulary))
	p.Symbol("p", m.Bits)
	past := make([]*memory, m.Layers)
	for k := range past {
		past[k] = &memory{}
	}
	token := m.read(p, positions)
	steps := m.Steps
	if m.open {
		steps = thoughtsBefore
	}
	token = p.Iterate("thought", steps, token, func(t int, token program.Value) program.Value {
		first := func() int { return 0 }
		if t > 0 {
			first = func() int { return positions.Size() + t - 1 }
		}
		next := m.pass(p, token, first, past)
		p.Output(fmt.Sprintf("thought%d", t+1), next)
		return nextPosition(p, next)
	})
	if m.open {
		p.Output("thoughtT", m.goOn(p, token, past))
	}
	return p, 1
}

func nextPosition(p *program.Program, next program.Value) program.Value {
	return p.Reshape(next, program.Shape{program.NewDim("now", 1), next.Shape()[0]}, "next position")
}

// thoughtsBefore is the number of tokens before those that are alike: one that is written from the prompt, and two
// whose keys and values the next one reads.
const thoughtsBefore = 3

// goOn appends the tokens after the first ones, as many as there are. Each reads the keys and values of the prompt, of
// the two tokens before it, and of those before them, for which the older one of the two stands.
func (m ChainOfThought) goOn(p *program.Program, token program.Value, past []*memory) program.Value {
	state := []program.Value{token}
	for _, s := range past {
		state = append(state, s.keys[1], s.values[1], s.keys[2], s.values[2])
	}
	return p.Unending("thought", thoughtsBefore, state, func(state []program.Value) []program.Value {
		seen := make([]*memory, len(past))
		for k, s := range past {
			of := state[1+4*k:]
			seen[k] = &memory{open: true}
			seen[k].add(s.keys[0], s.values[0])
			seen[k].add(of[0], of[1])
			seen[k].add(of[2], of[3])
		}
		// The code of a position is made for a known n only.
		at := func() int { return program.OpenCount().Number() }
		next := []program.Value{nextPosition(p, m.pass(p, state[0], at, seen))}
		for _, s := range seen {
			next = append(next, s.keys[2], s.values[2], s.keys[3], s.values[3])
		}
		return next
	})[0]
}

// Real thinks in real numbers. It makes T passes of [Transformer.Real], each over all earlier
// tokens.
func (m ChainOfThought) Real(tokens []int64) []float64 {
	m = m.defaults()
	m.Logits = false
	var out []float64
	for range m.Steps {
		next := m.Transformer.Real(tokens)[0]
		out = append(out, next)
		tokens = append(tokens[:len(tokens):len(tokens)], int64(math.Round(next)))
	}
	return out
}

var chainOfThoughtFamily = Family{
	Name: "cot", Doc: "chain of thought: a transformer that appends its token and reads on, unrolled",
	Depth: "steps·(8·layers + 4) (RMS norm)", Steps: "steps", Stage: "thought",
	Params: append([]Param{length("tokens of the prompt"), number("steps", "tokens that are thought", 1)},
		thinking()...),
	block: func(a Args) (block, error) {
		m := given[ChainOfThought](a)
		return inSteps(blockOf(m, m.Real), m.forEverySteps()), nil
	},
}

// thinking returns the parameters that a chain of thought shares with a transformer. Only one
// kind of attention can add up its sections.
func thinking() []Param {
	params := transformerFamily.without("n", "output")
	for i := range params {
		if params[i].Name == "kind" {
			params[i].Choices = texts([]AttentionKind{Softmaxed})
		}
	}
	return params
}
