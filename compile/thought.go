package compile

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// ChainOfThought is a [Transformer] that thinks in tokens: it reads n tokens, takes the
// likeliest next one, appends it, reads on, and so on, T tokens in all (Wei et al. 2022).
// The keys and values of the positions before are kept, so that each step is one pass of
// one position; in integers it computes what T passes over ever longer sequences do.
//
// Depth: T times that of a pass, 8·layers + 4 for every n under min-depth. This is the
// depth of the unrolled circuit, and no lower bound: T tokens simulate circuits of size T, and poly(n) tokens are P (Li, Liu,
// Zhou and Ma, arXiv 2402.12875; Merrill and Sabharwal, arXiv 2310.07923).
type ChainOfThought struct {
	Transformer     // softmax attention only
	Steps       int // T; 0 means 1
}

func (m ChainOfThought) defaults() ChainOfThought {
	m.Transformer = m.Transformer.defaults()
	if m.Steps == 0 {
		m.Steps = 1
	}
	return m
}

func (m ChainOfThought) check(n int) error {
	if err := checkSizes("cot", []size{{"steps", m.Steps, mostSteps}}); err != nil {
		return err
	}
	if m.Kind != Softmaxed {
		return fmt.Errorf("compile: cot: attention of kind %s; only softmax is known", m.Kind)
	}
	return m.Transformer.check(n)
}

// mostSteps is the greatest number of steps that a model is unrolled for.
const mostSteps = 1000

// Program returns the chain of thought for a prompt of n tokens: input "token" [n],
// outputs "thought1" to "thoughtT", each a token.
func (m ChainOfThought) Program(n int) (*program.Program, error) {
	return m.program(program.NewDim("n", n))
}

// OpenProgram returns it for every n.
func (m ChainOfThought) OpenProgram() (*program.Program, error) {
	return m.program(program.OpenDim("n"))
}

func (m ChainOfThought) program(positions program.Dim) (*program.Program, error) {
	m = m.defaults()
	if err := m.check(positions.OrOne()); err != nil {
		return nil, err
	}
	p := program.New(fmt.Sprintf("chain of thought %v steps=%d layers=%d d=%d heads=%d bits=%d vocab=%d", positions, m.Steps, m.Layers, m.Features, m.Heads, m.Bits, m.Vocabulary))
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
		return []program.Value{p.Reshape(next, program.Shape{program.NewDim("now", 1), next.Shape()[0]}, "next position")}
	})
	return p, p.Err()
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

// thoughtOf returns the model that the parameters describe.
func thoughtOf(a Args) (ChainOfThought, error) {
	t, err := transformerOf(a)
	m := ChainOfThought{Transformer: t, Steps: a.Int("steps")}
	if err == nil {
		err = atLeastOneStep("cot", m.Steps)
	}
	return m, err
}

// atLeastOneStep refuses 0 steps, which the zero value of a block takes for the default.
func atLeastOneStep(family string, steps int) error {
	if steps < 1 {
		return fmt.Errorf("%s: steps=%d must be at least 1", family, steps)
	}
	return nil
}

func thoughtFamily() Family {
	transformer := transformerFamily()
	params := []Param{{Name: "n", Doc: "tokens of the prompt"}, {Name: "steps", Doc: "tokens that are thought", Default: "1"}}
	for _, p := range transformer.Params {
		switch p.Name {
		case "n", "output":
			continue
		case "kind":
			p.Choices = []string{Softmaxed}
		}
		params = append(params, p)
	}
	return Family{
		Name: "cot", Doc: "chain of thought: a transformer that appends its token and reads on, unrolled",
		Depth: "steps·(8·layers + 4) (RMS norm)", Class: "TC0 for fixed steps", Params: params,
		Steps: "steps", Stage: "thought",
		open: func(a Args) (*program.Program, error) {
			m, err := thoughtOf(a)
			if err != nil {
				return nil, err
			}
			return m.OpenProgram()
		},
		build: func(a Args) (*Instance, error) {
			m, err := thoughtOf(a)
			if err != nil {
				return nil, err
			}
			p, err := m.Program(a.Int("n"))
			if err != nil {
				return nil, err
			}
			return &Instance{p, m.Real, 1}, nil
		},
	}
}
