package lowertest

import (
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// Strategies are all that a program should be lowered with in tests.
var Strategies = []lower.Strategy{
	lower.MinDepth, lower.Balanced, lower.MinSize,
	{},
	{Binary: true},
	{Digits: 2},
	{Digits: 2, Absorb: true},
	{Digits: 3, Binary: true, Absorb: true},
}

// Circuit returns the circuit of p; both are checked.
func Circuit(t testing.TB, p *program.Program, s lower.Strategy) *circuit.Circuit {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, s)
	if err != nil {
		t.Fatalf("%s, %v: %v", p.Name(), s, err)
	}
	if err := c.Check(); err != nil {
		t.Fatalf("%s, %v: %v", p.Name(), s, err)
	}
	return c
}

// tester is what the two kinds of test have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Compare checks the circuit against the reference on one input.
func Compare(t tester, p *program.Program, c *circuit.Circuit, in []int64) {
	t.Helper()
	want, err := p.Reference(in)
	if err != nil {
		t.Fatalf("%s: %v", p.Name(), err)
	}
	var wires []bool
	for i, port := range c.InputPorts() {
		w := make([]bool, len(port.Wires))
		if err := port.Format.Encode(circuit.NewInt(in[i]), w); err != nil {
			t.Fatalf("%s: %s: %v", p.Name(), port.Name, err)
		}
		wires = append(wires, w...)
	}
	out, err := c.Eval(wires)
	if err != nil {
		t.Fatalf("%s: %v", p.Name(), err)
	}
	for i, port := range c.OutputPorts() {
		got, err := port.Format.Decode(out[:len(port.Wires)])
		if err != nil {
			t.Fatalf("%s: %s on %v: %v", p.Name(), port.Name, in, err)
		}
		out = out[len(port.Wires):]
		if got.Cmp(circuit.NewInt(want[i])) != 0 {
			t.Fatalf("%s: %s on %v is %v, and %d by the reference", p.Name(), port.Name, in, got, want[i])
		}
	}
}

// Exhaust calls f for every input of p, which must have at most 2^20.
func Exhaust(p *program.Program, f func(in []int64)) {
	ports := p.Inputs()
	in := make([]int64, len(ports))
	for i, port := range ports {
		in[i] = port.Bounds.Lo
	}
	for {
		f(in)
		i := 0
		for ; i < len(in); i++ {
			if in[i]++; in[i] <= ports[i].Bounds.Hi {
				break
			}
			in[i] = ports[i].Bounds.Lo
		}
		if i == len(in) {
			return
		}
	}
}

// Sample calls f for extreme and random inputs.
func Sample(p *program.Program, count int, f func(in []int64)) {
	rng := rand.New(rand.NewPCG(1, 2))
	ports := p.Inputs()
	in := make([]int64, len(ports))
	for trial := range count {
		for i, port := range ports {
			r := port.Bounds
			switch {
			case trial == 0:
				in[i] = r.Lo
			case trial == 1:
				in[i] = r.Hi
			case trial == 2:
				in[i] = max(r.Lo, 0)
			case trial == 3:
				in[i] = []int64{r.Lo, r.Hi}[i%2]
			case trial%4 == 0:
				in[i] = []int64{r.Lo, r.Hi}[rng.IntN(2)]
			default:
				in[i] = r.Lo + rng.Int64N(r.Hi-r.Lo+1)
			}
		}
		f(in)
	}
}
