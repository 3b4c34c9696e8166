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
