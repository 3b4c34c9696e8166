package lower_test

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// The product of two vectors, rounded: the presets trade depth against size.
func Example() {
	p := program.New("product")
	d := program.Shape{program.NewDim("d", 2)}
	x, y := p.Input("x", d, 3, true), p.Input("y", d, 3, true)
	p.Output("z", p.Step(p.Contract("i,i->", x, y), program.Round(3, program.Range{Lo: -4, Hi: 3})))

	for _, s := range []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize} {
		c, err := lower.Program(p, s)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: depth %d, size %d\n", s, c.Depth(), c.Stats().Size)
	}
	// Output:
	// min-depth: depth 2, size 25
	// balanced: depth 2, size 25
	// min-size: depth 4, size 21
}
