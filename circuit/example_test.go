package circuit_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/tc0lab/tc0/circuit"
)

// A circuit by hand: the majority and the parity of seven bits.
func ExampleBuilder() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 7)
	b.Output("majority", b.Majority(x...))
	b.Output("odd", b.Mod(2, []int64{1}, x...))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("depth", c.Depth(), "size", c.Size())
	out, err := c.Eval([]bool{true, false, true, true, false, false, true})
	fmt.Println(out, err)
	// Output:
	// depth 1 size 2
	// [true false] <nil>
}

// Sums cost nothing: a linear layer and its residual connection are one sum, and
// the step function of it is one gate.
func ExampleBuilder_Sum() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	hidden := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]))
	residual := b.Sum(
		circuit.Term{Weight: circuit.NewInt(4), Of: hidden},
		circuit.Weigh(5, x[2]),
		circuit.Weigh(1, x[0]),
	).Plus(circuit.NewInt(-10))
	b.Output("positive", b.Threshold(residual, circuit.NewInt(1)))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	s, t := c.Bound(c.Outputs()[0].Gate())
	from, weights := c.Flatten(s)
	fmt.Println("one gate of depth", c.Depth(), "reads", from, "with weights", weights, "and bound", t)
	// Output:
	// one gate of depth 1 reads [1 2 3] with weights [13 -8 5] and bound 11
}

// Thresholds on one sum share it; bounds are exact integers of any size.
func ExampleBuilder_Threshold() {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, 4)
	a := b.Linear()
	for i, l := range x {
		a.AddLit(circuit.Pow2(100+i), l)
	}
	s := a.Sum() // 2^100 times the number x
	var level []circuit.Lit
	for t := range int64(3) {
		level = append(level, b.Threshold(s, circuit.NewInt(4*(t+1)).Mul(circuit.Pow2(100))))
	}
	b.OutputPort("x/4", circuit.Format{Kind: circuit.Thermometer}, level...)
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("gates", c.Size(), "sums", c.Stats().Sums)
	out, err := c.Eval([]bool{true, false, false, true}) // 9
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.OutputPorts()[0].Format.Decode(out))
	// Output:
	// gates 3 sums 1
	// 2 <nil>
}

// A MAJORITY of literals, some complemented. The same gate is never made twice.
func ExampleBuilder_Majority() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	m := b.Majority(x[0], x[1].Not(), x[2])
	same := b.Majority(x[2].Not(), x[0].Not(), x[1]).Not()
	fmt.Println(m == same, b.Len())
	// Output:
	// true 5
}

// Stages tell which part of a model made a gate.
func ExampleBuilder_Begin() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	b.Begin("layer 1")
	b.Begin("attention")
	y := b.And(x[0], x[1])
	b.End()
	b.Begin("mlp")
	z := b.Majority(y, x[2], x[3])
	b.End()
	b.End()
	b.Output("z", z)
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	for g := circuit.Gate(5); int(g) < c.Len(); g++ {
		fmt.Println(c.Kind(g), c.StagePath(c.StageOf(g)))
	}
	// Output:
	// AND layer 1/attention
	// MAJORITY layer 1/mlp
}

// A circuit as a file in the native format, and back.
func ExampleRead() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Output("y", b.Majority(x...))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := c.Write(&file); err != nil {
		log.Fatal(err)
	}
	back, err := circuit.Read(&file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.Size(), back.OutputPorts()[0].Name)

	_, err = circuit.Read(bytes.NewReader([]byte("aag 0 0 0 0 0")))
	fmt.Println(err)
	// Output:
	// 1 y
	// circuit: header, at byte 8: not a file in the native format of tc0
}
