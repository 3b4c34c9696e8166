package gates_test

import (
	"fmt"
	"math/big"

	"github.com/tc0lab/tc0/gates"
)

// A gate that is 1 if 3x + 2y − 4z is at least 1.
func ExampleGate_Truth() {
	g := gates.Gate{
		Kind:    gates.Threshold,
		Weights: []*big.Int{big.NewInt(3), big.NewInt(2), big.NewInt(-4)},
		Bound:   big.NewInt(1),
	}
	fmt.Println(g.Truth([]bool{true, true, true}))
	fmt.Println(g.Truth([]bool{true, false, true}))
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleKind_Class() {
	fmt.Println(gates.And.Class(1000), gates.Xor.Class(1000), gates.Majority.Class(1000))
	fmt.Println(gates.Xor.Class(2))
	// Output:
	// AC0 ACC0 TC0
	// AC0
}

func ExampleDepthModel() {
	for _, m := range gates.DepthModels() {
		fmt.Println(m.Name, m.Cost[gates.And], m.Cost[gates.Not], m.Cost[gates.Xor])
	}
	// Output:
	// standard 1 0 1
	// not-counted 1 1 1
	// free-xor 1 0 0
	// majority-depth 0 0 0
}
