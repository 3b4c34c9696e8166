package diagram_test

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/diagram"
	"github.com/tc0lab/tc0/compile/lower"
)

// A block diagram of attention for every n.
func ExampleDOT() {
	p, err := compile.Attention{Features: 4, Bits: 3}.OpenProgram()
	if err != nil {
		fmt.Println(err)
		return
	}
	var text strings.Builder
	if err := diagram.DOT(&text, p, diagram.Config{Strategy: lower.MinDepth}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(text.String(), "depth at most 3 (standard depth model)"))
	fmt.Println(strings.Contains(text.String(), "<b>Quotient</b>"))
	// Output:
	// true
	// true
}
