package circuit_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// Two imports of one circuit, with the inputs in the same places, are the same gates; with
// other inputs they are the function of those.
func TestImport(t *testing.T) {
	inner := circuit.NewBuilder()
	inner.Keep()
	x := inner.Inputs("x", 3)
	inner.Begin("block")
	n := inner.Nand(x[0], inner.Not(x[1]))
	s := inner.Sum(circuit.Weigh(2, n), circuit.Weigh(-3, x[2]))
	g := inner.Threshold(s, circuit.NewInt(0))
	inner.End()
	inner.Output("y", g, inner.Xnor(n, g), inner.Mod(3, []int64{1}, x...))
	c := built(t, inner)

	b := circuit.NewBuilder()
	a := b.Inputs("a", 3)
	first, err := b.Import(c, a)
	if err != nil {
		t.Fatal(err)
	}
	size := b.Len()
	second, err := b.Import(c, a)
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() != size {
		t.Errorf("%d gates were made twice", b.Len()-size)
	}
	turned, err := b.Import(c, []circuit.Lit{a[2], a[0].Not(), circuit.True})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range c.Outputs() {
		of := func(lits []circuit.Lit) circuit.Lit { return lits[l.Gate()].NotIf(l.IsComplement()) }
		if of(first) != of(second) {
			t.Errorf("output %d is %v and %v", i, of(first), of(second))
		}
		b.Output("first "+string(rune('0'+i)), of(first))
		b.Output("turned "+string(rune('0'+i)), of(turned))
	}
	d := built(t, b)
	if got := d.StagePath(1); got != "block" || d.StageCount() != 2 {
		t.Errorf("stage 1 of %d is %q", d.StageCount(), got)
	}
	for in := range 8 {
		bits := []bool{in&1 != 0, in&2 != 0, in&4 != 0}
		got, want, other := eval(t, d, bits), eval(t, c, bits), eval(t, c, []bool{bits[2], !bits[0], true})
		for i := range want {
			if got[2*i] != want[i] || got[2*i+1] != other[i] {
				t.Errorf("%v: output %d is %v and %v, want %v and %v", bits, i, got[2*i], got[2*i+1], want[i], other[i])
			}
		}
	}
	if _, err := b.Import(c, a[:2]); err == nil {
		t.Error("two literals were taken for three inputs")
	}
}

func eval(t rapid.TB, c *circuit.Circuit, in []bool) []bool {
	t.Helper()
	out, err := c.Eval(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
