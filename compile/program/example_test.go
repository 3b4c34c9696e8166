package program_test

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// A neuron with two inputs: the weighted sum 2·x0 − x1 + 1, halved, rounded and clipped.
func Example() {
	p := program.New("neuron")
	x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 3, true)
	p.Begin("layer")
	sum := p.Linear(x, &program.Matrix{Rows: 1, Columns: 2, Data: []int64{2, -1}}, []int64{1}, "out")
	y := p.Step(sum, program.Round(2, program.Range{Lo: 0, Hi: 3}))
	p.End()
	p.Output("y", y)
	fmt.Print(p)

	out, err := p.Reference([]int64{3, -2})
	fmt.Println(out, err)
	_, err = p.Reference([]int64{4, 0})
	fmt.Println(err)
	fmt.Println(p.Check())
	// Output:
	// program neuron
	//   %0 [d=2] in -4..3 = Input("x", 3 bits two's complement)
	//   %1 [out=1] in -10..11 = Linear(%0, 1×2 matrix, bias)  # layer
	//   %2 [out=1] in 0..3 = Step(%1, 3 jumps)  # layer
	//   output y = %2
	// [3] <nil>
	// compile: input x[0]: 4 is outside -4..3
	// <nil>
}

// Copies of one body stand in stages of their own, and the program knows that they are copies.
func ExampleProgram_Repeat() {
	p := program.New("doubling")
	x := p.Input("x", nil, 2, false)
	y := p.Repeat("step", 2, []program.Value{x}, func(_ int, state []program.Value) []program.Value {
		return []program.Value{p.Add(state[0], state[0])}
	})
	p.Output("y", y[0])
	fmt.Print(p)
	fmt.Printf("%+v\n", p.Repeats()[0])
	// Output:
	// program doubling
	//   %0 [] in 0..3 = Input("x", 2 bits unsigned)
	//   %1 [] in 0..6 = Add(%0, %0)  # step 1
	//   %2 [] in 0..12 = Add(%1, %1)  # step 2
	//   output y = %2
	// {Name:step Count:2 First:1 End:3 Last:0 Open:false Scan:false Symbol: Before:0 Period:0 States:[[0] [1] [2]]}
}
