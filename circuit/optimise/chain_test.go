package optimise_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

// Long chains take no recursion, and no time beyond their wires: one that is put together
// step by step would have 5·10^8 of them here.
func TestChains(t *testing.T) {
	const n = 30_000
	for _, test := range []struct {
		name          string
		make          func(b *circuit.Builder, y, x circuit.Lit) circuit.Lit
		before, after shape
	}{
		{
			"AND", func(b *circuit.Builder, y, x circuit.Lit) circuit.Lit { return b.And(y, x) },
			shape{n, n, 2 * n},
			shape{1, 1, n + 1},
		},
		{
			"NAND and NOT", func(b *circuit.Builder, y, x circuit.Lit) circuit.Lit { return b.Not(b.Nand(y, x)) },
			shape{n, n, 2 * n},
			shape{1, 1, n + 1},
		},
		{
			"XOR", func(b *circuit.Builder, y, x circuit.Lit) circuit.Lit { return b.Xor(y, x) },
			shape{n, n, 2 * n},
			shape{1, 1, n + 1},
		},
		{
			"NOT", func(b *circuit.Builder, y, x circuit.Lit) circuit.Lit { return b.Not(y) },
			shape{0, 0, 0},
			shape{0, 0, 0},
		},
		{"AND and OR", func(b *circuit.Builder, y, x circuit.Lit) circuit.Lit {
			if x.Gate()%2 == 0 {
				return b.And(y, x)
			}
			return b.Or(y, x)
		}, shape{n, n, 2 * n}, shape{n, n, 2 * n}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := keeper()
			x := b.InputPort("x", circuit.Format{}, n+1)
			y := x[0]
			for _, l := range x[1:] {
				y = test.make(b, y, l)
			}
			b.Output("y", y)
			_, r := optimised(t, built(t, b), optimise.Config{Class: gates.ACC0})
			for i, n := range []optimise.Count{r.Before, r.After} {
				if have, want := (shape{n.Depth, n.Size, int(n.Wires)}),
					[]shape{test.before, test.after}[i]; have != want {
					t.Errorf("%d: %+v, want %+v", i, have, want)
				}
			}
		})
	}
}

// A threshold gate at the end of a chain of ANDs and ORs takes them in one by one, each
// with about the weight of all those before. It stops when the weights are numbers of 58
// bits.
func TestTakeInStops(t *testing.T) {
	b := keeper()
	x := b.Inputs("x", 203)
	y := b.Majority(x[:3]...)
	for i, l := range x[3:] {
		if i%2 == 0 {
			y = b.And(y, l)
		} else {
			y = b.Or(y, l)
		}
	}
	b.Output("y", y)
	got, r := optimised(t, built(t, b), optimise.Config{})
	st := got.Stats()
	if st.MaxWeight.BitLen() > 58 || st.MaxWeight.BitLen() < 50 || 200 <= r.After.Depth ||
		st.Gates[gates.Threshold] != 1 {
		t.Errorf(
			"weights of %d bits, depth %d, %d threshold gates",
			st.MaxWeight.BitLen(),
			r.After.Depth,
			st.Gates[gates.Threshold],
		)
	}
	if r.After.Size+st.MaxFanIn != 1+203-1+1 { // what is taken in is a gate less and an input more
		t.Errorf("%d gates and fan-in %d", r.After.Size, st.MaxFanIn)
	}
}

// Gates on one wide sum share it after its common factor is out, and sums of sums are
// divided, too.
func TestSharedSums(t *testing.T) {
	const n = 100
	b := keeper()
	x := b.Inputs("x", n)
	a := b.Linear()
	for i, l := range x {
		a.AddLit(circuit.NewInt(int64(6*(i%5+1))), l)
	}
	s := a.Sum()
	a.Add(circuit.NewInt(4), s)
	a.AddLit(circuit.NewInt(-8), x[7])
	nested := a.Sum()
	for i := range 10 {
		b.Output("y"+string(rune('0'+i)), b.Threshold(s, circuit.NewInt(int64(300+60*i))))
		b.Output("z"+string(rune('0'+i)), b.Threshold(nested, circuit.NewInt(int64(1500+12*i))))
	}
	got, r := optimised(t, built(t, b), optimise.Config{Passes: []string{"thresholds"}})
	before, _ := r.Before.Weight.Int64()
	// 10 gates of weight 6·300 and 10 of weight 4·(6·300) + 8, less twice 8 where x[7]
	// has both signs; then of 300 and 6·300 − 2.
	if want := int64(10*1800 + 10*(7200-8)); before != want {
		t.Errorf("weight %d before, want %d", before, want)
	}
	if after, _ := r.After.Weight.Int64(); after != 10*300+10*(1800-2) {
		t.Errorf("weight %d after", after)
	}
	if got.SumCount() > 4 {
		t.Errorf("%d sums for two", got.SumCount()-1)
	}
}

// A threshold gate on no gate at all takes a literal in, and its sum then reads that literal only.
func TestTakeInOnNothing(t *testing.T) {
	c := mustCircuit(t, 1, func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
		return []circuit.Lit{b.And(b.Threshold(circuit.Sum{}, circuit.NewInt(0)), x[0])}
	})
	got, _ := optimised(t, c, optimise.Config{Passes: []string{"takein"}})
	if got.SumCount() != 2 || len(got.Refs(1)) != 1 || got.Refs(1)[0].IsSum() {
		t.Errorf("%d sums; the second reads %v", got.SumCount(), got.Refs(1))
	}
}
