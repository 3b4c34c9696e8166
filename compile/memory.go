package compile

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// memory are the keys and values of the positions that a causal attention has seen, one
// pair for each section of the sequence: the cache of a decoder. A section is what was
// read at once: the prompt, then one token after the other.
type memory struct{ keys, values []program.Value }

func (m *memory) len() int {
	if m == nil {
		return 0
	}
	return len(m.keys)
}

func (m *memory) add(k, v program.Value) {
	if m != nil {
		m.keys, m.values = append(m.keys, k), append(m.values, v)
	}
}

// attendAll is softmax [Attend] of one position to all sections of the past, of which
// the last is its own. Numerators and denominators of sections add up, so that it is as
// deep as one section; and it computes what Attend does of all positions in one tensor,
// since the exponential of a score is the same in all.
//
// Shapes: q [1,heads,e], keys and values [m,g,e] each; result [1,heads,e].
func attendAll(p *program.Program, q program.Value, past *memory, c AttendConfig) program.Value {
	if c.Kind != "" && c.Kind != Softmaxed {
		p.Failf(program.OpContract, "attention of kind %s over several sections: it has to know them all at once", c.Kind)
		return q
	}
	c.Causal = false
	var num, den program.Value
	for i, k := range past.keys {
		p.Begin(fmt.Sprintf("section %d", i+1))
		p.Begin("scores")
		scores := p.Contract("ihe,jhe->hij", q, p.Grouped(k, q.Shape()[1], "keys"))
		p.End()
		weights := weigh(p, scores, c)
		if c.Weights != nil {
			p.Literals(p.Unmasked(weights), *c.Weights)
		}
		p.Begin("mix")
		over := p.Contract("hij,jhe->ihe", weights, p.Grouped(past.values[i], q.Shape()[1], "values"))
		p.End()
		sum := p.Reduce(weights, scores.Shape()[2].Name)
		if i > 0 {
			over, sum = p.Add(num, over), p.Add(den, sum)
		}
		num, den = over, sum
		p.End()
	}
	return mean(p, num, den, c)
}
