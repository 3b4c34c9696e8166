package paper_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// The proof about a family as Markdown: its first lines.
func Example() {
	p, err := analysis.Prove(context.Background(), analysis.Claim{
		Name: "layernorm", Family: compile.Norm{Center: true}, Strategy: lower.MinDepth, N: []int{2},
	})
	if err != nil {
		log.Fatal(err)
	}
	title, rest, _ := strings.Cut(paper.Markdown(p), "\n\n")
	theorem, _, _ := strings.Cut(rest, ". By construction")
	fmt.Println(title)
	fmt.Println(theorem)
	// Output:
	// # Depth and size of `layernorm`
	// **Proved.** For every n ≥ 1 the circuit of this family has depth at most 2 and at most 98·n gates
}
