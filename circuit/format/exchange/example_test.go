package exchange_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/tc0lab/tc0/circuit/format/exchange"
)

// A threshold gate of threABC becomes gates of a netlist.
func Example() {
	const file = `a, or both of the others
.model half
.input a b c
.output y
.threshold a b c y
2 1 1 2
.end
`
	from, err := exchange.Find("half.th")
	if err != nil {
		log.Fatal(err)
	}
	d, err := from.Read(strings.NewReader(file))
	if err != nil {
		log.Fatal(err)
	}
	to, err := exchange.Find("half.bench")
	if err != nil {
		log.Fatal(err)
	}
	e, changed, err := exchange.Express(context.Background(), d, to)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("depth", d.Circuit.Depth(), "becomes", e.Circuit.Depth(), changed)
	if err := to.Write(os.Stdout, e, exchange.Options{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// depth 1 becomes 3 true
	// # a, or both of the others
	// INPUT(a)
	// INPUT(b)
	// INPUT(c)
	// OUTPUT(y)
	// g_not1 = NOT(a)
	// g4 = AND(b, c)
	// g5 = AND(g_not1, g4)
	// y = OR(a, g5)
}
