package optimise_test

import (
	"context"
	"fmt"
	"log"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
)

// A half-adder of four NANDs and a NOT, as a netlist may have it, and a threshold gate
// with an AND behind it.
func ExampleOptimise() {
	b := circuit.NewBuilder()
	b.Keep() // as readers of files do
	x := b.Inputs("x", 5)
	n := b.Nand(x[0], x[1])
	b.Output("sum", b.Nand(b.Nand(x[0], n), b.Nand(x[1], n)))
	b.Output("carry", b.Not(n))
	vote := b.Threshold(
		b.Sum(circuit.Weigh(5, x[2]), circuit.Weigh(4, x[3]), circuit.Weigh(3, x[4])),
		circuit.NewInt(6),
	)
	b.Output("vote", b.And(vote, x[0]))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}

	c, report, err := optimise.Optimise(context.Background(), c, optimise.Config{})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range report.Savings {
		fmt.Printf(
			"%-11s %d gates, %2d wires, weight %2v, depth %d (%s)\n",
			s.Pass,
			s.After.Size,
			s.After.Wires,
			s.After.Weight,
			s.After.Depth,
			report.Model,
		)
	}
	fmt.Println(report.Before.Size, "gates became", c.Size())
	// Output:
	// constants   6 gates, 13 wires, weight 22, depth 3 (standard)
	// complements 6 gates, 13 wires, weight 22, depth 3 (standard)
	// rewrite     5 gates, 11 wires, weight 20, depth 2 (standard)
	// parities    4 gates,  9 wires, weight 18, depth 2 (standard)
	// thresholds  4 gates,  9 wires, weight  9, depth 2 (standard)
	// takein      3 gates,  8 wires, weight  9, depth 1 (standard)
	// 6 gates became 3
}

func ExamplePasses() {
	for _, p := range optimise.Passes() {
		fmt.Printf("%-11s %s\n", p.Name, p.Doc)
	}
	// Output:
	// dead        leave out gates and sums that no output depends on
	// constants   fold constants, repeated literals and gates of one input
	// complements write NAND, NOR and XNOR as AND, OR and XOR with a complement, where that costs no depth
	// merge       make gates and sums once that are equal, up to complement, sign, factor and constant
	// rewrite     put smaller structures in the place of parts of AND and OR of two inputs
	// flatten     put AND into AND, OR into OR and XOR into XOR where nothing else reads the inner gate
	// absorption  apply the laws of absorption to AND and OR, one level down
	// parities    recognise XOR of two literals made of AND and OR
	// thresholds  make weights and bounds of threshold gates small, and recognise AND, OR and MAJORITY
	// moduli      make weights and moduli of MOD gates small, and recognise XOR
	// takein      make a threshold gate decide the AND or OR that alone reads it
}
