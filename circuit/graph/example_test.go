package graph_test

import (
	"fmt"
	"log"

	"gonum.org/v1/gonum/graph/topo"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

// Gonum's algorithms run on a circuit as it is.
func ExampleOf() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Output("y", b.Xor(b.And(x[0], x[1]), x[2]))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	v := graph.Of(c, gates.Standard())
	fmt.Println(topo.PathExistsIn(v, v.Node(1), v.Node(5)), v.Node(1), v.Node(5))
	// Output:
	// true x[0] g5 XOR
}

// What makes a circuit deep, and what no path avoids.
func ExampleView_Critical() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	first := b.And(x[0], x[1])
	b.Output("y", b.And(b.Or(first, x[2]), b.Xor(first, x[2])))
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	v := graph.Of(c, gates.Standard())
	part := v.Critical()
	fmt.Println("depth", part.Depth, "on", part.Paths(), "paths")
	for _, e := range part.Edges {
		fmt.Println(e.From(), "to", e.To())
	}
	fmt.Println("every path passes", v.Bottlenecks().To())
	// Output:
	// depth 3 on 4 paths
	// x[0] to g4 AND
	// x[1] to g4 AND
	// g4 AND to g5 OR
	// g4 AND to g6 XOR
	// g5 OR to g7 AND
	// g6 XOR to g7 AND
	// every path passes [7]
}
