package vector_test

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit/vector"
)

// All input vectors of two integers, and how many there are.
func ExampleAll() {
	bounds := []vector.Range{{Lo: 0, Hi: 1}, {Lo: -1, Hi: 1}}
	fmt.Println(vector.Count(bounds))
	fmt.Println(vector.All(bounds).Tile(0))
	// Output:
	// 6
	// [[0 -1] [1 -1] [0 0] [1 0] [0 1] [1 1]]
}
