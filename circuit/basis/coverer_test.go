package basis_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func TestCoverDepth(t *testing.T) {
	weighted := func(n int) *circuit.Circuit {
		b := circuit.NewBuilder()
		a := b.Linear()
		for i, x := range b.Inputs("x", n) {
			a.AddLit(circuit.NewInt(int64(i*i%7-2)), x)
		}
		b.Output("y", b.Threshold(a.Sum(), circuit.NewInt(4)))
		return formattest.Built(t, b)
	}
	for _, test := range []struct {
		name        string
		c           *circuit.Circuit
		depth, size int
	}{
		{"threshold of 12", weighted(12), 2, 9},
		{"comparison of 6 bits", compareCircuit(t, 6), 2, 64},
		{"comparison of 40 bits", compareCircuit(t, 40), 4, 748},
		{"comparison of 200 bits", compareCircuit(t, 200), 4, 4021},
		{"majority of 12", majorityCircuit(t, 12), 2, 793},
		{"majority of 40", majorityCircuit(t, 40), 6, 908},
		{"sum of 40", weighted(40), 4, 815},
		{"sum of 100", weighted(100), 8, 1990},
		{"parity of 50", parityCircuit(t, 50), 4, 457},
		{"steps of a step", stepsCircuit(t), 2, 7},
	} {
		got := legalised(t, test.c, basis.AC0)
		if got.Depth() != test.depth || got.Size() != test.size {
			t.Errorf(
				"%s: depth %d and size %d, want %d and %d",
				test.name,
				got.Depth(),
				got.Size(),
				test.depth,
				test.size,
			)
		}
		formattest.SameFunction(t, test.c, got)
	}
}

func parityCircuit(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Output("odd", b.Xor(b.Inputs("x", n)...))
	return formattest.Built(t, b)
}

// stepsCircuit has a sum over 60 gates that all depend on the same eight inputs, so
// that a cut has to be looked for below it.
func stepsCircuit(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 8)
	a, s := b.Linear(), b.Linear()
	for i, l := range x {
		s.AddLit(circuit.Pow2(i), l)
	}
	value := s.Sum()
	for i := range 60 {
		a.AddLit(circuit.NewInt(int64(i%5-1)), b.Threshold(value, circuit.NewInt(int64(4*i+3))))
	}
	b.Output("y", b.Threshold(a.Sum(), circuit.NewInt(20)))
	return formattest.Built(t, b)
}

func TestCoverRefusals(t *testing.T) {
	for _, test := range []struct {
		c    *circuit.Circuit
		want string
	}{
		{majorityCircuit(t, 5000), "basis AC0: gate 5001: the sum of this MAJORITY gate reads 5000 literals, more than the limit of 4096" +
			"; this is a limit of the construction, which other circuits of AND and OR gates need not have" +
			" (for parity and majority there is none of constant depth and polynomial size for every n)"},
		{parityCircuit(t, 4097), "basis AC0: gate 4098: the sum of this XOR gate reads 4097 literals, more than the limit of 4096; this "},
	} {
		_, err := basis.Legalise(context.Background(), test.c, basis.AC0)
		var e *basis.Error
		if !errors.As(err, &e) || e.Basis != basis.AC0 || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

// TestCoverSums has several gates on two sums of many literals that share some.
func TestCoverSums(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 30)
	count, difference := b.Count(x...), b.Linear()
	for i := range 10 {
		difference.AddLit(circuit.NewInt(1), b.And(x[i], x[i+10]))
		difference.AddLit(circuit.NewInt(-3), b.Or(x[i], x[i+20]))
	}
	s := difference.Sum()
	for i := range 30 {
		b.OutputPort("at least "+string(rune('A'+i)), circuit.Format{}, b.Threshold(count, circuit.NewInt(int64(i+1))))
	}
	b.Output(
		"difference",
		b.Threshold(s, circuit.NewInt(-20)),
		b.Threshold(s, circuit.NewInt(-12)),
		b.ModSum(5, []int64{2, 3}, s),
	)
	c := formattest.Built(t, b)
	got := legalised(t, c, basis.AC0)
	formattest.SameFunction(t, c, got)
	if got.Depth() > 6 {
		t.Errorf("depth %d, want at most 6", got.Depth())
	}
}
