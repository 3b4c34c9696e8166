package graphml_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/graphml"
)

// A majority gate as a graph, without the declarations at the top.
func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Output("majority", b.Majority(x...))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	var text strings.Builder
	if err := graphml.Write(&text, c, graphml.Config{Flatten: true}); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(text.String()) {
		if strings.HasPrefix(line, "<edge") {
			fmt.Fprint(os.Stdout, line)
		}
	}
	// Output:
	// <edge source="g1" target="g4"><data key="weight">1</data><data key="complement">false</data></edge>
	// <edge source="g2" target="g4"><data key="weight">1</data><data key="complement">false</data></edge>
	// <edge source="g3" target="g4"><data key="weight">1</data><data key="complement">false</data></edge>
	// <edge source="g4" target="o0_0"><data key="complement">false</data></edge>
}
