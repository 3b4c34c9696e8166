package compile_test

import (
	"fmt"
	"log"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// A softmax attention head of four positions becomes a circuit of depth 3.
func ExampleAttention() {
	head := compile.Attention{Features: 2, Bits: 3}
	for _, n := range []int{2, 4, 8} {
		p, err := head.Program(n)
		if err != nil {
			log.Fatal(err)
		}
		c, err := lower.Program(p, lower.MinDepth)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("n=%d: depth %d\n", n, c.Depth())
	}
	// Output:
	// n=2: depth 3
	// n=4: depth 3
	// n=8: depth 3
}

// A two-layer perceptron becomes a circuit of depth 2, one level for each layer.
func ExampleMLP() {
	p, err := compile.MLP{Sizes: []int{3, 2, 1}, Bits: 2}.Program()
	if err != nil {
		log.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		log.Fatal(err)
	}
	st := c.Stats()
	fmt.Printf("depth %d, %d gates, %d wires\n", st.Depth, st.Size, st.Wires)
	y, err := p.Reference([]int64{0, 3, 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("y =", y[0])
	// Output:
	// depth 2, 9 gates, 54 wires
	// y = 1
}

// A program is a list of operations on integer tensors; its circuit computes the
// same integers.
func ExampleProgram() {
	p := program.New("is the sum of squares above 20?")
	x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 4, true)
	squares := p.Contract("i,i->", x, x)
	p.Output("above", p.Step(squares, program.Staircase{At: []int64{21}, Jump: []int64{1}}))

	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("depth", c.Depth())
	for _, in := range [][]int64{{-4, 2}, {-4, 3}} {
		out, err := p.Reference(in)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(in, out[0])
	}
	// Output:
	// depth 2
	// [-4 2] 0
	// [-4 3] 1
}

// The levels of a Step are those of any function of one integer.
func ExampleTabulate() {
	parity := program.Tabulate(program.Range{Lo: 0, Hi: 4}, func(x int64) int64 { return x % 2 })
	fmt.Println(parity.At, parity.Jump)
	// Output:
	// [1 2 3 4] [1 -1 1 -1]
}

// Strategies trade depth against size.
func Example_lowering() {
	p, err := compile.MLP{Sizes: []int{4, 8, 4}, Bits: 5}.Program()
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range []lower.Strategy{lower.MinDepth, {Digits: 2}, lower.MinSize} {
		c, err := lower.Program(p, s)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-9v depth %2d, %d gates\n", s, c.Depth(), c.Size())
	}
	// Output:
	// min-depth depth  2, 372 gates
	// digits2   depth  4, 120 gates
	// min-size  depth 10, 60 gates
}
