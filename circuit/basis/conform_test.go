package basis_test

import (
	"errors"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// TestConforms asserts for each kind of gate which bases it belongs to.
func TestConforms(t *testing.T) {
	for _, test := range []struct {
		kind gates.Kind
		make func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		in   []basis.Basis // besides TC0
	}{
		{gates.Buf, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Buf(x[0]) }, others},
		{gates.Not, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Not(x[0]) }, others},
		{gates.And, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, others[:1]},
		{gates.Or, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x...) }, others[:1]},
		{gates.Nand, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nand(x...) }, others[:1]},
		{gates.Nor, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nor(x...) }, others[:1]},
		{
			gates.And, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[:2]...) },
			[]basis.Basis{basis.AC0, basis.NC1},
		},
		{
			gates.Nor, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nor(x[:2]...) },
			[]basis.Basis{basis.AC0, basis.NC1},
		},
		{gates.Xor, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }, nil},
		{gates.Xnor, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xnor(x...) }, nil},
		{
			gates.Xor, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[1:]...) },
			[]basis.Basis{basis.NC1},
		},
		{
			gates.Xnor, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xnor(x[1:]...) },
			[]basis.Basis{basis.NC1},
		},
		{gates.Mod, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Mod(3, []int64{1}, x...) }, nil},
		{
			gates.Majority, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) },
			[]basis.Basis{basis.MAJ},
		},
		{gates.Threshold, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(1, x...) }, nil},
	} {
		b := circuit.NewBuilder()
		b.Keep()
		x := b.Inputs("x", 3)
		b.Begin("outer")
		b.Begin("inner")
		y := test.make(b, x)
		b.End()
		b.End()
		b.Output("y", y)
		c := formattest.Built(t, b)
		if c.Kind(y.Gate()) != test.kind {
			t.Fatalf("the gate is a %v, want %v", c.Kind(y.Gate()), test.kind)
		}
		if err := basis.Conforms(c, basis.TC0); err != nil {
			t.Errorf("%v: %v", test.kind, err)
		}
		for _, to := range others {
			want := false
			for _, in := range test.in {
				want = want || in == to
			}
			err := basis.Conforms(c, to)
			if want != (err == nil) {
				t.Errorf("%v in %v: %v", test.kind, to, err)
			}
			var e *basis.Error
			if err != nil && (!errors.As(err, &e) || e.Basis != to || e.Gate != y.Gate() || e.Stage != "outer/inner") {
				t.Errorf("%v in %v: the error is %+v", test.kind, to, e)
			}
		}
	}
}

func TestConformsNamesTheFirst(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("adder")
	and := b.And(x...)
	b.Output("y", b.Xor(and, x[0]), b.Xor(and, x[1]))
	b.End()
	c := formattest.Built(t, b)
	for to, want := range map[basis.Basis]string{
		basis.AC0: `basis AC0: gate 5 in stage "adder": a XOR gate is not in the basis, which has AND and OR gates`,
		basis.MAJ: `basis MAJ: gate 4 in stage "adder": an AND gate is not in the basis, which has unweighted MAJORITY gates`,
		basis.NC1: `basis NC1: gate 4 in stage "adder": an AND gate of fan-in 3 is not in the basis, which has AND, OR and XOR gates of two literals`,
	} {
		if err := basis.Conforms(c, to); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if err := basis.Conforms(c, basis.Basis(7)); err == nil {
		t.Error("Basis(7) is accepted")
	}
}
