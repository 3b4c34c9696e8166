package draw_test

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
)

// A figure of a majority gate, as Graphviz's language and as SVG.
func Example() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Output("majority", b.Majority(x...))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := draw.Config{Title: "Majority of three"}

	var dot, svg strings.Builder
	if err := draw.DOT(&dot, c, cfg); err != nil {
		fmt.Println(err)
	}
	if err := draw.SVG(&svg, c, cfg); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(dot.String(), `label="MAJ"`))
	fmt.Println(strings.Contains(svg.String(), "depth 1 (standard depth model), 1 gate, 3 wires"))
	// Output:
	// true
	// true
}

// A figure in TikZ of what one output depends on, with a longest path of it.
func ExampleTikZ() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	carry := b.AtLeast(2, x...)
	b.Output("carry", carry)
	b.Output("any", b.Or(x...))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if c, err = c.Cone("carry"); err != nil {
		fmt.Println(err)
		return
	}
	gate := c.Outputs()[0].Gate()
	var tex strings.Builder
	if err := draw.TikZ(&tex, c, draw.Config{Path: []circuit.Gate{c.Inputs()[0], gate}}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(tex.String(), "heavy: a longest path"))
	fmt.Println(strings.Count(tex.String(), `\node[tc threshold`), strings.Count(tex.String(), `\node[tc logic`))
	// Output:
	// true
	// 1 0
}
