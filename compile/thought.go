package compile

import (
	"cmp"
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// ChainOfThought, the family "cot", is a [Transformer] that thinks in tokens: it reads n
// tokens, takes the likeliest next one, appends it, reads on, and so on, T tokens in all
// (Wei et al. 2022).
// The keys and values of the positions before are kept, so that each step is one pass of
// one position; in integers it computes what T passes over ever longer sequences do.
//
// A chain of literals, which package circuit knows, is another thing.
//
// Depth: T times that of a pass, 8·layers + 4 for every n under min-depth. This is the
// depth of the unrolled circuit, and no lower bound: T tokens simulate circuits of size T,
// and poly(n) tokens are P (Li, Liu, Zhou and Ma, arXiv 2402.12875; Merrill and Sabharwal,
// arXiv 2310.07923).
type ChainOfThought struct {
	Transformer     // softmax attention only
	Steps       int // T; 0 means 1
}

func (m ChainOfThought) defaults() ChainOfThought {
	m.Transformer = m.Transformer.defaults()
	fill(&m.Steps, 1)
	return m
}

func (m ChainOfThought) check(n int) error {
	if err := checkSizes("cot", size{"steps", m.Steps, MostSteps}); err != nil {
		return err
	}
	if m.Kind != Softmaxed {
		return fmt.Errorf("compile: cot: attention of kind %s; only softmax is known", m.Kind)
	}
	return m.Transformer.check(n)
}

// Program returns the chain of thought for a prompt of n tokens: input "token" [n],
// outputs "thought1" to "thoughtT", each a token.
func (m ChainOfThought) Program(n int) (*program.Program, error) { return maker(m.program).sized(n) }

// OpenProgram returns it for every n.
func (m ChainOfThought) OpenProgram() (*program.Program, error) { return maker(m.program).opened() }

func (m ChainOfThought) program(positions program.Dim) (*program.Program, float64, error) {
	m = m.defaults()
	if err := m.check(positions.OrOne()); err != nil {
		return nil, 0, err
	}
	p := program.New(fmt.Sprintf("chain of thought %v steps=%d layers=%d d=%d heads=%d bits=%d vocab=%d", positions,
		m.Steps, m.Layers, m.Features, m.Heads, m.Bits, m.Vocabulary))
	p.Symbol("p", m.Bits)
	past := make([]*memory, m.Layers)
	for k := range past {
		past[k] = &memory{}
	}
	token := m.read(p, positions)
	p.Repeat("thought", m.Steps, []program.Value{token}, func(t int, state []program.Value) []program.Value {
		first := func() int { return 0 }
		if t > 0 {
			first = func() int { return positions.Size() + t - 1 }
		}
		next := m.pass(p, state[0], first, past)
		p.Output(fmt.Sprintf("thought%d", t+1), next)
		return []program.Value{p.Reshape(next, program.Shape{program.NewDim("now", 1), next.Shape()[0]},
			"next position")}
	})
	return p, 1, p.Err()
}

// Real thinks in real numbers: T passes of [Transformer.Real], each over all tokens
// before.
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
	Depth: "steps·(8·layers + 4) (RMS norm)", Class: "TC0 for fixed steps", Steps: "steps", Stage: "thought",
	Params: append([]Param{{Name: "n", Doc: "tokens of the prompt"}, number("steps", "tokens that are thought", 1)},
		thinking()...),
	block: func(a Args) (block, error) {
		t, err := transformerOf(a)
		m := ChainOfThought{Transformer: t, Steps: a.Int("steps")}
		return block{m.program, m.Real}, cmp.Or(err, a.atLeastOne("cot", "steps"))
	},
}

// thinking returns the parameters of a transformer that a chain of thought has, too: only
// one kind of attention can add up its sections.
func thinking() []Param {
	params := transformerFamily.without("n", "output")
	for i := range params {
		if params[i].Name == "kind" {
			params[i].Choices = texts([]AttentionKind{Softmaxed})
		}
	}
	return params
}
