package check_test

import (
	"context"
	"fmt"
	"log"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
)

// A proof is checked, and then one number of it is changed.
func ExampleProof() {
	family := compile.Norm{Center: true}
	p, err := analysis.Prove(context.Background(), analysis.Claim{
		Name: "layernorm", Family: family, Strategy: lower.MinDepth, N: []int{2},
	})
	if err != nil {
		log.Fatal(err)
	}
	member := func(ctx context.Context, n int) (*circuit.Circuit, error) {
		q, err := family.Program(n)
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, q, lower.MinDepth, nil)
	}
	open, err := family.OpenProgram()
	if err != nil {
		log.Fatal(err)
	}
	report, err := check.Proof(context.Background(), p, open, member, 3)
	fmt.Println(report.Rows, report.Circuits, err)
	p.DepthFormula = p.DepthFormula.Plus(poly.Int(1))
	_, err = check.Proof(context.Background(), p, open, member)
	fmt.Println(err)
	// Output:
	// 7 [1 2 3] <nil>
	// check: digest: the contents are not those that were sealed
}
