package formula_test

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// The products of all pairs of n vectors, rounded, for every n.
func Example() {
	p := program.New("similarity")
	n, d := program.OpenDim("n"), program.NewDim("d", 4)
	x := p.Input("x", program.Shape{n, d}, 2, true)
	p.Literals(x, p.Symbol("p", 2))
	y := p.Reshape(x, program.Shape{n.Renamed("m"), d}, "copy")
	p.Output("z", p.Step(p.Contract("if,jf->ij", x, y), program.Round(4, program.Range{Lo: -2, Hi: 1})))

	f, err := formula.Of(p, lower.MinDepth)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("depth:", f.Depth)
	fmt.Println("gates:", f.Gates)
	for _, o := range f.Operations {
		if !o.Gates.IsZero() {
			fmt.Printf("  %v: %v, %s\n", o.Op, o.Gates, o.Why)
		}
	}
	fmt.Println("positions are alike up to:", formula.SymmetryOf(p).Kind)
	// Output:
	// depth: 2
	// gates: 1/2·n^2·d·p^2 + 3·n^2 - 1/2·n·d·p
	//   Contract: 1/2·n^2·d·p^2 - 1/2·n·d·p, a conjunction for each pair of literals that meet
	//   Step: 3·n^2, a threshold for each jump
	// positions are alike up to: permutation
}
