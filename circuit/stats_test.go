package circuit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

func statsDiff(want, got circuit.Stats) string {
	return cmp.Diff(want, got, cmp.Comparer(func(x, y circuit.Int) bool { return x.Cmp(y) == 0 }))
}

// TestStatsByHand counts a circuit with one gate of each shape.
func TestStatsByHand(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	and := b.And(
		x[0],
		x[1],
		x[2],
	) // 3 wires
	xor := b.Xor(
		and,
		x[3],
	) // 2
	maj := b.Majority(
		x...) // 5
	s := b.Sum(
		circuit.Weigh(4, x[0]),
		circuit.Weigh(-3, xor),
	) // not a gate
	ge := b.Threshold(
		b.Sum(circuit.Weigh(1, x[1]), circuit.Term{Weight: circuit.NewInt(2), Of: s}),
		circuit.NewInt(3),
	) // x₁ + 8x₀ − 6xor: 3 wires, weight 15
	same := b.Threshold(
		b.Sum(circuit.Weigh(1, x[1]), circuit.Term{Weight: circuit.NewInt(2), Of: s}),
		circuit.NewInt(2),
	) // the same again
	mod := b.Mod(
		3,
		[]int64{1},
		x[0],
		x[1],
		maj,
	) // 3 wires
	b.Output("y", ge, same, mod.Not())
	c := built(t, b)
	want := circuit.Stats{
		Depth:     3, // and, xor, ge
		Size:      6,
		Wires:     3 + 2 + 5 + 3 + 3 + 3,
		Weight:    circuit.NewInt(3 + 2 + 5 + 15 + 15 + 3),
		MaxWeight: circuit.NewInt(8),
		MaxFanIn:  5,
		Inputs:    5,
		Outputs:   3,
		Class:     gates.TC0,
		Sums:      4,             // maj's, s, ge's and mod's
		Terms:     5 + 2 + 2 + 3, // ge's reads x₁ and s
	}
	want.Gates[gates.Input] = 5
	want.Gates[gates.And], want.Gates[gates.Xor], want.Gates[gates.Mod] = 1, 1, 1
	want.Gates[gates.Majority], want.Gates[gates.Threshold] = 1, 2
	if diff := statsDiff(want, c.Stats()); diff != "" {
		t.Errorf("stats differ (-want +got):\n%s", diff)
	}
}

// TestStatsClass asserts that the kinds of gate tell the class.
func TestStatsClass(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		want gates.Class
	}{
		{"no gate", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return x[0] }, gates.AC0},
		{"and", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, gates.AC0},
		{
			"threshold that is an or", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(1, x...) },
			gates.AC0,
		},
		{"xor of two", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[0], x[1]) }, gates.AC0},
		{"xor of three", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }, gates.ACC0},
		{
			"mod", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Mod(3, []int64{1}, x...) },
			gates.ACC0,
		},
		{"majority", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) }, gates.TC0},
	} {
		b := circuit.NewBuilder()
		b.Output("y", test.make(b, b.Inputs("x", 3)))
		if got := built(t, b).Stats().Class; got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestStatsHuge counts weights beyond any machine word, and inputs whose weights
// cancel.
func TestStatsHuge(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	s := b.Sum(circuit.Term{Weight: circuit.Pow2(100), Of: x[0].Value()}, circuit.Weigh(1, x[1]))
	b.Output(
		"y",
		b.Threshold(
			b.Sum(circuit.Term{Weight: circuit.NewInt(2), Of: s}, circuit.Weigh(-2, x[1]), circuit.Weigh(3, x[2])),
			circuit.NewInt(2),
		),
	)
	got := built(t, b).Stats()
	if got.Wires != 2 || got.MaxFanIn != 2 || got.MaxWeight.Cmp(circuit.Pow2(101)) != 0 ||
		got.Weight.Cmp(circuit.Pow2(101).Add(circuit.NewInt(3))) != 0 {
		t.Errorf("2^101·x + 3z has %d wires, weight %v, the greatest %v", got.Wires, got.Weight, got.MaxWeight)
	}
}

func TestStatsEmpty(t *testing.T) {
	got := built(t, circuit.NewBuilder()).Stats()
	if diff := statsDiff(circuit.Stats{}, got); diff != "" {
		t.Errorf("an empty circuit (-want +got):\n%s", diff)
	}
}

// TestShapesOfSources asserts that sources have no shape.
func TestShapesOfSources(t *testing.T) {
	b := circuit.NewBuilder()
	b.Input("x")
	shapes := built(t, b).Shapes()
	for g := range circuit.Gate(2) {
		if s := shapes.Of(g); s.FanIn != 0 || !s.Weight.IsZero() || !s.MaxWeight.IsZero() {
			t.Errorf("gate %d has the shape %+v", g, s)
		}
	}
}
