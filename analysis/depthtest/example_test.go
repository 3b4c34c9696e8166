package depthtest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/analysis/depthtest"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// printer stands for the t of a test, and prints what fails.
type printer struct{ testing.TB }

func (printer) Helper()                           {}
func (printer) Context() context.Context          { return context.Background() }
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// A circuit that is deeper than it should be: the failure shows why.
func ExampleAtMost() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("vote")
	y := b.Majority(x...)
	b.End()
	b.Begin("veto")
	b.Output("y", b.And(y, x[0]))
	b.End()
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	depthtest.AtMost(printer{}, c, 1)
	// Output:
	// the depth is 2, want at most 1
	// the longest path:
	//   (no stage)
	//     level 0: INPUT 1 (x[0])
	//   vote
	//     level 1: MAJORITY 4
	//   veto
	//     level 2: AND 5 (y)
}

// Measured at three n: softmax attention has one depth there, and a recurrent network has not.
func ExampleConstant() {
	var t printer // in a test, its t
	fmt.Println(depthtest.Constant(t, depthtest.Members(compile.Attention{}, lower.MinDepth), 2, 3, 4))
	fmt.Println(depthtest.Grows(t, depthtest.Members(compile.Recurrent{}, lower.MinDepth), 2, 3, 4))
	// Output:
	// true
	// true
}

// For every n, by formula.
func ExampleProved() {
	var t printer
	fmt.Println(depthtest.Proved(t, compile.Attention{}, 3))
	fmt.Println(depthtest.PolynomialSize(t, compile.Attention{}, 2))
	// Output:
	// true
	// true
}
