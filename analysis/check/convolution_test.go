package check_test

import (
	"testing"

	"github.com/tc0lab/tc0/compile/program"
)

// convolutions have literals of a few positions in an element, which are others in other elements.
var convolutions = []struct {
	name, wires string // of the last step
	after       func(p *program.Program, once, x program.Value) program.Value
}{
	{"alone", "18·n·d", func(_ *program.Program, once, _ program.Value) program.Value { return once }},
	{"again", "", func(p *program.Program, once, _ program.Value) program.Value { return p.Convolve(once, taps) }},
	{"summed", "", func(p *program.Program, once, _ program.Value) program.Value { return p.Reduce(once, "n") }},
	{"turned", "", func(p *program.Program, once, _ program.Value) program.Value {
		shape := once.Shape()
		return p.Add(once, p.Gather(once, shape, "turned", func(i int) int {
			n := shape[0].Size()
			return (n-1-i/2)*2 + i%2
		}))
	}},
	{"multiplied", "", func(p *program.Program, once, x program.Value) program.Value {
		return p.Contract("tf,tf->f", p.Step(once, program.Round(3, program.Range{Lo: 0, Hi: 3})), once)
	}},
}

var taps = [][]int64{{1, 2, 1}, {2, 1, 3}}

// TestConvolutions builds the circuits of convolutions at an n beyond the taps.
func TestConvolutions(t *testing.T) {
	for _, test := range convolutions {
		for _, strategy := range []string{"min-depth", "thermometer"} {
			p := holds(t, test.name, strategy, func(n program.Dim) (*program.Program, error) {
				p := program.New(test.name)
				x := p.Input("x", program.Shape{n, program.NewDim("d", 2)}, 2, false)
				y := test.after(p, p.Convolve(x, taps), x)
				p.Output("y", p.Step(y, program.Round(3, program.Range{Lo: 0, Hi: 3})))
				return p, p.Err()
			})
			if got := p.Derivation[len(p.Derivation)-1].Wires.String(); test.wires != "" && got != test.wires {
				t.Errorf("%s: %s wires, want %s", test.name, got, test.wires)
			}
		}
	}
}
