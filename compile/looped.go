package compile

import (
	"cmp"

	"github.com/tc0lab/tc0/compile/program"
)

// Looped applies one transformer [Layer] T times (Dehghani et al. 2019). Its norms stand after
// the residual sums, so the values stay in one range from loop to loop. Each loop reads and
// writes integers of Bits bits.
//
// Depth: 8 a loop for every n, under min-depth; see [Layer]. This is the depth of the unrolled
// circuit. It is not a lower bound. With padding, log^d n loops decide FO-uniform TC^d
// (Merrill and Sabharwal, arXiv 2505.18948).
type Looped struct {
	Layer     // PostNorm is set
	Loops int `param:"steps" zero:"1" most:"1000"` // T; 0 means 1

	unrolled
}

func (m Looped) defaults() Looped {
	m.Layer = m.Layer.defaults()
	m.PostNorm = true
	return filled(m)
}

func (m Looped) forEverySteps() Looped { m.open = true; return m }

func (m Looped) check(n int) error {
	return cmp.Or(checkSizes("looped", m), m.Layer.check(n))
}

// Program returns the model for n positions: input "x" [n,d], output "y" [n,d].
func (m Looped) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the model for every n.
func (m Looped) OpenProgram() (*program.Program, error) { return opened(m) }

func (m Looped) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, m.Features, m.Bits,
		"looped %v steps=%v d=%d heads=%d bits=%d", n, m.count(m.Loops), m.Features, m.Heads, m.Bits)
	// The last norm of a loop sets the unit, whatever the unit of its input.
	unit := m.norm(2, 1).Unit
	y := p.Steps("loop", m.count(m.Loops), false, x, func(t program.Turn, x program.Value) program.Value {
		scale := unit
		if t.First {
			scale = unitOf(m.Bits)
		}
		x, scale = m.append(p, x, scale, nil)
		if scale != unit {
			p.Failf(program.OpRootQuotient, "a loop returns the unit %v, not %v", scale, unit)
		}
		return x
	})
	p.Output("y", y)
	return p, unit
}

// Real applies [Layer.Real] T times.
func (m Looped) Real(x []float64) []float64 {
	m = m.defaults()
	for range m.Loops {
		x = m.Layer.Real(x)
	}
	return x
}

var loopedFamily = Family{
	Name: "looped", Doc: "looped transformer: one layer, applied again and again, unrolled",
	Depth: "8·steps (RMS norm)", Steps: "steps", Stage: "loop",
	Params: append([]Param{length("positions"), number("steps", "loops", 1)},
		layerFamily.without("n", "place")...),
	block: func(a Args) (block, error) {
		m := given[Looped](a)
		return inSteps(realBlock(m, m.Bits), m.forEverySteps()), nil
	},
}
