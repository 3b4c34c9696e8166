package compile

import (
	"cmp"
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// Looped is one transformer [Layer], always the same, applied T times (Dehghani et al.
// 2019). Its norms stand after the residual sums, so that the values that go round stay
// in one range; each loop reads and writes integers of Bits bits.
//
// Depth: 8 a loop for every n, under min-depth; see [Layer]. This is the depth of the
// unrolled circuit, and no lower bound. With padding, log^d n loops decide FO-uniform TC^d
// (Merrill and Sabharwal, arXiv 2505.18948).
type Looped struct {
	Layer     // PostNorm is set
	Loops int // T; 0 means 1
}

func (m Looped) defaults() Looped {
	m.Layer = m.Layer.defaults()
	m.PostNorm = true
	fill(&m.Loops, 1)
	return m
}

func (m Looped) check(n int) error {
	if err := checkSizes("looped", size{"steps", m.Loops, MostSteps}); err != nil {
		return err
	}
	return m.Layer.check(n)
}

// Program returns the model for n positions: input "x" [n,d], output "y" [n,d].
func (m Looped) Program(n int) (*program.Program, error) { return maker(m.program).sized(n) }

// OpenProgram returns the model for every n.
func (m Looped) OpenProgram() (*program.Program, error) { return maker(m.program).opened() }

func (m Looped) program(n program.Dim) (*program.Program, float64, error) {
	m = m.defaults()
	if err := m.check(n.OrOne()); err != nil {
		return nil, 0, err
	}
	p := program.New(fmt.Sprintf("looped %v steps=%d d=%d heads=%d bits=%d", n, m.Loops, m.Features, m.Heads, m.Bits))
	x := featureInput(p, "x", m.Bits, true, n, program.NewDim("d", m.Features))
	scale := unitOf(m.Bits)
	y := p.Repeat("loop", m.Loops, []program.Value{x}, func(_ int, state []program.Value) []program.Value {
		var y program.Value
		y, scale = m.append(p, state[0], scale, nil)
		return []program.Value{y}
	})
	p.Output("y", y[0])
	return p, scale, p.Err()
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
	Depth: "8·steps (RMS norm)", Class: "TC0 for fixed steps", Steps: "steps", Stage: "loop",
	Params: append([]Param{{Name: "n", Doc: "positions"}, number("steps", "loops", 1)},
		layerFamily.without("n", "place")...),
	block: func(a Args) (block, error) {
		l, err := layerOf(a)
		m := Looped{Layer: l, Loops: a.Int("steps")}
		return block{m.program, inUnits(m.Real, unitOf(m.Bits))}, cmp.Or(err, a.atLeastOne("looped", "steps"))
	},
}
