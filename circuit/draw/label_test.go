package draw

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

func TestNumber(t *testing.T) {
	p40 := circuit.Pow2(40)
	for _, test := range []struct {
		x    circuit.Int
		want string // without ≈ all of it
	}{
		{circuit.NewInt(0), "0"},
		{circuit.NewInt(-3), "−3"},
		{circuit.NewInt(123456789), "123,456,789"},
		{p40, "2⁴⁰"},
		{p40.Neg(), "−2⁴⁰"},
		{p40.Add(circuit.NewInt(5)), "2⁴⁰ + 5"},
		{p40.Sub(circuit.NewInt(1)), "2⁴⁰ − 1"},
		{circuit.NewInt(1).Sub(p40), "−(2⁴⁰ − 1)"},
		{circuit.Pow2(100), "2¹⁰⁰"},
		{circuit.NewInt(31000000217), "≈ 3.10·10¹⁰"},
		{circuit.NewInt(-31000000217), "≈ −3.10·10¹⁰"},
	} {
		if got, exact := number(test.x); got != test.want || exact == strings.HasPrefix(got, "≈") {
			t.Errorf("number(%v) = %q, exact: %v, want %q", test.x, got, exact, test.want)
		}
	}
}

func TestGateLabel(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	sum := b.Count(x...)
	tests := []struct {
		lit  circuit.Lit
		own  bool
		want string
		role role
	}{
		{b.Threshold(sum, circuit.NewInt(3)), true, "MAJ", roleThreshold},
		{b.Threshold(sum, circuit.NewInt(3)), false, "≥ 3", roleThreshold},
		{b.Threshold(sum, circuit.NewInt(2)), true, "Σ ≥ 2", roleThreshold},
		{b.Majority(x[0], x[1].Not(), x[2]), true, "MAJ", roleThreshold},
		{b.ModSum(4, []int64{1, 3}, sum), true, "∈ {1,3}\nmod 4", roleParity},
		{b.ModSum(4, []int64{2}, sum), true, "≡ 2\nmod 4", roleParity},
		{b.And(x...), false, "∧", roleLogic},
		{b.Xor(x...), false, "⊕", roleParity},
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		label, role, bounds := gateLabel(c, test.lit.Gate(), test.own)
		label += new(table).values(bounds)
		if label != test.want || role != test.role {
			t.Errorf("gate %v: %q in role %d, want %q in role %d", test.lit, label, role, test.want, test.role)
		}
	}
}
