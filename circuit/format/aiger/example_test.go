package aiger_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// A half adder in the ASCII form.
func ExampleRead() {
	d, err := aiger.Read(strings.NewReader(`aag 5 2 0 2 3
2
4
10
6
6 2 4
8 3 5
10 7 9
i0 x
i1 y
o0 sum
o1 carry
c
half adder
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	st := d.Circuit.Stats()
	fmt.Println(d.Comments[0]+":", st.Size, "gates, depth", st.Depth)
	// Output: half adder: 3 gates, depth 2
}

// A file with a latch is refused, or the latch is cut.
func ExampleConfig() {
	const toggle = "aag 1 0 1 2 0\n2 3\n2\n3\n"
	_, err := aiger.Read(strings.NewReader(toggle))
	fmt.Println(err != nil)
	d, err := aiger.Config{Cut: true}.Read(strings.NewReader(toggle))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range append(d.Circuit.InputPorts(), d.Circuit.OutputPorts()...) {
		fmt.Println(p.Name)
	}
	// Output:
	// true
	// l0
	// o0
	// o1
	// l0_next
}

// A majority gate has to be made of ANDs first.
func ExampleWriteASCII() {
	b := circuit.NewBuilder()
	b.Output("majority", b.Majority(b.Input("x"), b.Input("y"), b.Input("z")))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(aiger.WriteASCII(os.Stdout, netlist.Of(c)))
	if c, err = basis.Express(context.Background(), c, aiger.Repertoire()); err != nil {
		fmt.Println(err)
		return
	}
	if err := aiger.WriteASCII(os.Stdout, netlist.Of(c)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// AIGER has no words for gate 4, a MAJORITY gate
	// aag 9 3 0 1 6
	// 2
	// 4
	// 6
	// 19
	// 8 2 5
	// 10 3 4
	// 12 9 11
	// 14 2 4
	// 16 6 13
	// 18 15 17
	// i0 x
	// i1 y
	// i2 z
	// o0 majority
}
