package basis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// TestMajorityIsUnweighted asserts that no gate but MAJORITY and BUF is left, that
// all weights are 1 or −1, and that depth and size do not change. The sums are flat:
// where terms of nested sums cancel, a gate may turn out to be a wire.
func TestMajorityIsUnweighted(t *testing.T) {
	for seed := range uint64(30) {
		c := randomCircuit(t, generator{choose: seeded(seed), wide: 7, logic: true, flat: true}, 10, 30, false).Prune()
		got := legalised(t, c, basis.MAJ)
		for g := range circuit.Gate(got.Len()) {
			kind := got.Kind(g)
			if kind.IsSource() || kind == gates.Buf {
				continue
			}
			if kind != gates.Majority {
				t.Fatalf("gate %d is a %v", g, kind)
			}
			s, _ := got.Bound(g)
			for i, r := range got.Refs(s) {
				if w := got.Weight(s, i).Abs(); r.IsSum() || w.Cmp(circuit.NewInt(1)) != 0 {
					t.Fatalf("gate %d reads %v with weight %v", g, r, got.Weight(s, i))
				}
			}
		}
		if got.Depth() != c.Depth() || got.Size() != c.Size() {
			t.Errorf(
				"seed %d: depth %d and size %d, before %d and %d",
				seed,
				got.Depth(),
				got.Size(),
				c.Depth(),
				c.Size(),
			)
		}
	}
}

func TestMajorityWires(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	for i, f := range []func() circuit.Lit{
		func() circuit.Lit { return b.And(x...) },          // 4 and 2 zeros: 4 of 6 is more than half
		func() circuit.Lit { return b.Or(x...) },           // 4 and 3 ones
		func() circuit.Lit { return b.Majority(x[1:]...) }, // itself
		func() circuit.Lit { // 3x + 2y − z ≥ 2, that is 3x + 2y + ¬z ≥ 3 of weight 6, and one 1: 4 of 7
			s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(-1, x[2]))
			return b.Threshold(s, circuit.NewInt(2))
		},
	} {
		b.Output(fmt.Sprint(i), f())
	}
	c := formattest.Built(t, b)
	got := legalised(t, c, basis.MAJ)
	formattest.SameFunction(t, c, got)
	shapes := got.Shapes()
	for i, want := range []int{6, 7, 3, 7} {
		if n := shapes.Of(got.Outputs()[i].Gate()).FanIn; n != want {
			t.Errorf("gate %d has %d wires, want %d", i, n, want)
		}
	}
}

// TestMajoritySymmetric asserts the two levels of a XOR and of a MOD gate.
func TestMajoritySymmetric(t *testing.T) {
	for _, test := range []struct {
		n, size int
		make    func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
	}{
		// Falls at 2 4 6 8.
		{9, 5, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }},
		// Falls at 2 5 8.
		{9, 4, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Mod(3, []int64{1}, x...) }},
		// A fall at 5.
		{6, 2, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Mod(8, []int64{2, 3, 4}, x...) }},
	} {
		b := circuit.NewBuilder()
		b.Output("y", test.make(b, b.Inputs("x", test.n)))
		c := formattest.Built(t, b)
		got := legalised(t, c, basis.MAJ)
		formattest.SameFunction(t, c, got)
		if got.Depth() != 2 || got.Size() != test.size {
			t.Errorf("depth %d and size %d, want 2 and %d", got.Depth(), got.Size(), test.size)
		}
	}
}

func TestMajorityRefusesLargeWeights(t *testing.T) {
	b := circuit.NewBuilder()
	b.Begin("compare")
	x := b.Inputs("x", 60)
	a := b.Linear()
	for i := range x {
		a.AddLit(circuit.Pow2(i), x[i])
	}
	b.Output("y", b.Threshold(a.Sum(), circuit.Pow2(59).Sub(circuit.NewInt(12345))))
	b.End()
	_, err := basis.Legalise(context.Background(), formattest.Built(t, b), basis.MAJ)
	var e *basis.Error
	if !errors.As(err, &e) || e.Gate != 61 || e.Stage != "compare" {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"weights add up to ", "limit of 67108864", "fewer bits"} {
		if !strings.Contains(e.What, want) {
			t.Errorf("%q does not say %q", e.What, want)
		}
	}
}
