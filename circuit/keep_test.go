package circuit_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// c17 is the smallest of the ISCAS-85 benchmarks: five inputs, six NAND gates, two
// outputs, three levels.
func c17(b *circuit.Builder) {
	g1, g2, g3 := b.Input("1"), b.Input("2"), b.Input("3")
	g6, g7 := b.Input("6"), b.Input("7")
	g10 := b.Nand(g1, g3)
	g11 := b.Nand(g3, g6)
	g16 := b.Nand(g2, g11)
	g19 := b.Nand(g11, g7)
	b.Output("22", b.Nand(g10, g16))
	b.Output("23", b.Nand(g16, g19))
}

func TestC17(t *testing.T) {
	for _, keep := range []bool{false, true} {
		b := circuit.NewBuilder()
		if keep {
			b.Keep()
		}
		c17(b)
		c := built(t, b)
		for v := range 32 {
			x := [5]bool{v&1 == 1, v>>1&1 == 1, v>>2&1 == 1, v>>3&1 == 1, v>>4&1 == 1} // 1 2 3 6 7
			y10, y11 := !(x[0] && x[2]), !(x[2] && x[3])
			y16, y19 := !(x[1] && y11), !(y11 && x[4])
			out := evalBits(t, c, v)
			if out[0] != !(y10 && y16) || out[1] != !(y16 && y19) {
				t.Errorf("keep %v, inputs %05b: %v", keep, v, out)
			}
		}
		if c.Depth() != 3 || c.Size() != 6 {
			t.Errorf("keep %v: depth %d and %d gates, want 3 and 6", keep, c.Depth(), c.Size())
		}
		if got := c.Stats().Gates[gates.Nand]; keep && got != 6 {
			t.Errorf("%d NAND gates, want 6", got)
		}
		if want := []uint32{0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3}; keep {
			for g, l := range c.Levels(gates.NotCounted()).Gate {
				if l != want[g] {
					t.Errorf("gate %d is at level %d, want %d", g, l, want[g])
				}
			}
		}
	}
}

// TestKeepKeeps asserts that nothing is folded, merged or looked up.
func TestKeepKeeps(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 2)
	made := []struct {
		lit  circuit.Lit
		kind gates.Kind
		in   int
	}{
		{b.Not(x[0]), gates.Not, 1},
		{b.Not(x[0]), gates.Not, 1},
		{b.Buf(x[0]), gates.Buf, 1},
		{b.And(x[0], x[0].Not()), gates.And, 2},
		{b.And(x[0], x[0]), gates.And, 2},
		{b.And(x[0], x[0]), gates.And, 2},
		{b.And(), gates.And, 0},
		{b.Or(x[0]), gates.Or, 1},
		{b.Or(circuit.True, circuit.False), gates.Or, 2},
		{b.Nand(x...), gates.Nand, 2},
		{b.Nor(x...), gates.Nor, 2},
		{b.Xor(x[0], x[0].Not(), circuit.True), gates.Xor, 3},
		{b.Xnor(x...), gates.Xnor, 2},
		{b.AtLeast(2, x...), gates.Threshold, 2},
		{b.AtLeast(2, x...), gates.Threshold, 2},
		{b.AtLeast(-3, x...), gates.Threshold, 2},
		{b.AtLeast(1, x[0]), gates.Threshold, 1},
		{b.Majority(x[0], x[1].Not(), x[1].Not()), gates.Threshold, 2}, // x + 2¬y ≥ 2: no majority of two
		{b.Majority(x[0], x[1], circuit.True), gates.Threshold, 2},     // x + y ≥ 1: an OR
		{b.Majority(x...), gates.Majority, 2},
		{b.Mod(2, []int64{1}, x...), gates.Mod, 2},
		{b.Mod(2, []int64{1}, x...), gates.Mod, 2},
		{b.Mod(2, []int64{0, 1}, x...), gates.Mod, 2},
		{b.Mod(2, nil, x...), gates.Mod, 2},
	}
	for i, m := range made {
		if m.lit.IsComplement() || int(m.lit.Gate()) != 3+i {
			t.Errorf("gate %d is %v, want a new one", i, m.lit)
		}
	}
	b.OutputPort("y", circuit.Format{})
	c := built(t, b)
	for i, m := range made {
		g := m.lit.Gate()
		if c.Kind(g) != m.kind || c.Shapes().Of(g).FanIn != m.in {
			t.Errorf("gate %d is a %v of fan-in %d, want %v of %d", i, c.Kind(g), c.Shapes().Of(g).FanIn, m.kind, m.in)
		}
	}
	if got, want := c.Size(), len(made)-3; got != want {
		t.Errorf("size %d, want %d: NOT and BUF are free", got, want)
	}
}

// TestKeepMultipliedSum asserts that a builder that keeps gates does not forget the
// factor of a sum.
func TestKeepMultipliedSum(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 2)
	s := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1])).
		Times(circuit.NewInt(-3)).
		Plus(circuit.NewInt(7))
		// 7, 4, 1, −2
	b.Output(
		"y",
		b.Threshold(s, circuit.NewInt(1)),
		b.Threshold(s, circuit.NewInt(2)),
		b.ModSum(3, []int64{1}, s),
		b.ModSum(4, []int64{0}, s),
	)
	c := built(t, b)
	want := [4][4]bool{
		{true, true, true, false},
		{true, true, true, true},
		{true, false, true, false},
		{false, false, true, false},
	}
	for v := range 4 {
		if out := evalBits(t, c, v); [4]bool(out) != want[v] {
			t.Errorf("inputs %02b: %v, want %v", v, out, want[v])
		}
	}
}

// TestNotCountedDepth counts NOT gates and complements in a chain by hand.
func TestNotCountedDepth(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Input("x")
	n1 := b.Not(x)        // 1
	f := b.Buf(n1)        // 2
	a := b.And(x, f)      // 3
	o := b.Or(a.Not(), x) // 3 + complement 1 + 1 = 5
	b.Output("y", o.Not())
	c := built(t, b)
	for _, test := range []struct {
		model gates.DepthModel
		want  int
	}{
		{gates.Standard(), 2},
		{gates.NotCounted(), 6}, // the output reads a complement
		{gates.FreeXor(), 2},
		{gates.MajorityDepth(), 0},
	} {
		if got := c.Levels(test.model).Depth; got != test.want {
			t.Errorf("%s: depth %d, want %d", test.model.Name, got, test.want)
		}
	}
}
