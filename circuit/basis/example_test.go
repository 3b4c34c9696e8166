package basis_test

import (
	"context"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

func Example() {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{Kind: circuit.Unsigned}, 4)
	s := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(4, x[2]), circuit.Weigh(8, x[3]))
	b.Output("at least 6", b.Threshold(s, circuit.NewInt(6)))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range basis.Names() {
		to, err := basis.Parse(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		d, err := basis.Legalise(context.Background(), c, to)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: depth %d, %d gates, %d wires\n", to, d.Depth(), d.Size(), d.Stats().Wires)
	}
	fmt.Println(basis.Conforms(c, basis.AC0))
	// Output:
	// TC0: depth 1, 1 gates, 4 wires
	// AC0: depth 2, 2 gates, 4 wires
	// MAJ: depth 1, 1 gates, 15 wires
	// NC1: depth 3, 3 gates, 6 wires
	// basis AC0: gate 5: a THRESHOLD gate is not in the basis, which has AND and OR gates
}
