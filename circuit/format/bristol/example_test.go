package bristol_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// A full adder, and its depth where XOR is free.
func ExampleRead() {
	d, err := bristol.Read(strings.NewReader(`5 8
3 1 1 1
1 2

2 1 0 1 3 XOR
2 1 3 2 6 XOR
2 1 3 2 4 AND
2 1 0 1 5 AND
2 1 4 5 7 XOR
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Circuit.Size(), "gates, depth", d.Circuit.Depth())
	model := gates.FreeXor()
	fmt.Println("depth", d.Circuit.Levels(model).Depth, "under", model.Name)
	// Output:
	// 5 gates, depth 3
	// depth 1 under free-xor
}

// A majority gate of three bits is a carry.
func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, 3)
	b.Output("majority", b.Majority(x...))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if c, err = basis.Express(context.Background(), c, bristol.Repertoire()); err != nil {
		fmt.Println(err)
		return
	}
	if err := bristol.Write(os.Stdout, netlist.Of(c)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 7 10
	// 1 3
	// 1 1
	//
	// 2 1 0 1 3 XOR
	// 2 1 0 1 4 AND
	// 1 1 4 5 INV
	// 2 1 2 3 6 AND
	// 1 1 6 7 INV
	// 2 1 5 7 8 AND
	// 1 1 8 9 INV
}
