package eval_test

import (
	"context"
	"fmt"
	"log"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// A majority of three on all eight inputs, in one pass.
func ExampleCompile() {
	b := circuit.NewBuilder()
	b.Output("majority", b.Majority(b.Inputs("x", 3)...))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	in := eval.NewVectors(3, 8)
	for lane := range 8 {
		in.SetLane(lane, []bool{lane&1 != 0, lane&2 != 0, lane&4 != 0})
	}
	out, err := eval.Compile(c, eval.Config{}).Run(context.Background(), in)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%08b\n", out.Row(0)[0]) // lane 7 first
	// Output: 11101000
}
