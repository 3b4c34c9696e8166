package pb_test

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/pb"
)

func ExampleEncode() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := b.Threshold(b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(1, x[2])), circuit.NewInt(1))
	b.Output("y", y)
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := pb.Encode(c, []circuit.Lit{y}, func(k pb.Constraint) error {
		fmt.Println(k.Weights, k.Lits, "≥", k.Bound)
		return nil
	})
	fmt.Println(e.Variables(), e.Lit(y), err)
	// Output:
	// [3 3 2 1] [-4 1 -2 3] ≥ 3
	// [4 3 2 1] [4 -1 2 -3] ≥ 4
	// [] [4] ≥ 1
	// 4 4 <nil>
}
