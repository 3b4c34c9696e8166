package analysis_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// attention returns the program of a small head for n positions.
func attention(n int) *program.Program {
	p, err := compile.Attention{Features: 2, Bits: 2}.Program(n)
	if err != nil {
		log.Fatal(err)
	}
	return p
}

func lowered(p *program.Program) *circuit.Circuit {
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// The ledger says which stage of a circuit its depth, gates and wires come from.
func ExampleMeasure() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 7)
	b.Begin("count")
	majority := b.Majority(x...)
	odd := b.Mod(2, []int64{1}, x...)
	b.End()
	b.Begin("decide")
	b.Output("y", b.And(majority, odd))
	b.End()
	c, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	m := analysis.Measure(c, gates.Standard())
	fmt.Printf("depth %d, %d gates, %d wires, basis %s\n", m.Depth, m.Size, m.Wires, m.GateClass)
	for _, s := range m.Ledger {
		fmt.Printf("%-6s levels %d to %d, %d gates, %d wires\n", s.Stage, s.From, s.To, s.Size, s.Wires)
	}
	// Output:
	// depth 2, 3 gates, 16 wires, basis TC0
	// count  levels 1 to 1, 2 gates, 14 wires
	// decide levels 2 to 2, 1 gates, 2 wires
}

// A circuit is compared with the integer reference of its program on every input,
// or on many where there are too many.
func ExampleVerify() {
	p := attention(2)
	v, err := analysis.Verify(context.Background(), lowered(p), p, analysis.VerifyConfig{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Inputs, "inputs,", v.Mismatches, "mismatches, all tried:", v.Exhaustive)
	// Output: 256 inputs, 0 mismatches, all tried: true
}

// A circuit that is wrong comes back with a witness.
func ExampleMismatchError() {
	program := func(threshold int64) *program.Program {
		p := program.New("is the sum large?")
		x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 2, false)
		p.Output("y", p.Step(p.Reduce(x, "d"), program.Staircase{At: []int64{threshold}, Jump: []int64{1}}))
		return p
	}
	_, err := analysis.Verify(context.Background(), lowered(program(4)), program(5), analysis.VerifyConfig{})
	var m *vector.MismatchError
	if errors.As(err, &m) {
		fmt.Println(m.Mismatches, "of", m.Of)
		fmt.Println(m.Inputs, m.Want, m.Got)
	}
	// Output:
	// 3 of 16
	// [x[0]=3 x[1]=1] [y=0] [y=1]
}

// A family measured over n: at best the numbers are consistent with a claim.
func ExampleMeasureFamily() {
	member := func(_ context.Context, n int) (*circuit.Circuit, error) { return lowered(attention(n)), nil }
	s, err := analysis.MeasureFamily(context.Background(), member, []int{2, 4, 8}, gates.Standard(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Verdict.Verdict)
	fmt.Println(s.Reason)
	// Output:
	// consistent
	// measured only: depth 3 at each of n in {2, 4, 8}
}

// One longest path, from an input to an output.
func ExampleCriticalPath() {
	for _, step := range analysis.CriticalPath(lowered(attention(2)), gates.Standard()) {
		fmt.Printf("%d %q\n", step.Level, step.Stage)
	}
	// Output:
	// 0 ""
	// 1 "scores"
	// 2 "exp"
	// 3 "quotient"
}

// No step of a diffusion model is deeper than the single step.
func ExampleUnroll() {
	member := func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		p, err := compile.Diffusion{Steps: steps}.Program(5)
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, p, lower.MinDepth, nil)
	}
	runs, err := analysis.Unroll(context.Background(), member, "step", []int{1, 2, 16}, gates.Standard(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range runs {
		fmt.Printf("T = %d: the deepest step has depth %d, the whole %d\n", r.Count, r.Deepest, r.Depth)
	}
	// Output:
	// T = 1: the deepest step has depth 2, the whole 2
	// T = 2: the deepest step has depth 2, the whole 4
	// T = 16: the deepest step has depth 2, the whole 32
}
