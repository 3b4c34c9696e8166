package poly_test

import (
	"fmt"
	"math/big"

	"github.com/tc0lab/tc0/compile/poly"
)

// The number of pairs of n positions, at n = 5.
func Example() {
	n := poly.Symbol("n")
	pairs := n.Times(n.Minus(poly.Int(1))).Over(2)
	v, _ := pairs.AtN(big.NewInt(5))
	fmt.Println(pairs, "is", v, "and has degree", pairs.Degree("n"))
	// Output: 1/2·n^2 - 1/2·n is 10 and has degree 2
}
