package bristol_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// The circuits of other people go through a file and compute the same, with as many ANDs,
// as many levels of them, and an INV for each gate whose complement is read.
func TestConformance(t *testing.T) {
	for _, name := range []string{"adder", "ctrl", "dec", "int2float", "voter"} {
		d, err := aiger.Read(bytes.NewReader(formattest.Known(t, "epfl/"+name+".aig")))
		if err != nil {
			t.Fatal(err)
		}
		c := d.Circuit
		complemented := map[circuit.Lit]bool{}
		mark := func(lits []circuit.Lit) {
			for _, l := range lits {
				if l.IsComplement() && !l.IsConst() {
					complemented[l] = true
				}
			}
		}
		for g := range circuit.Gate(c.Len()) {
			mark(c.Fanin(g))
		}
		mark(c.Outputs())

		text := written(t, c)
		back := read(t, text).Circuit
		same(t, c, back)
		x, y := c.Stats(), back.Stats()
		if y.Gates[gates.And] != x.Gates[gates.And] || y.Gates[gates.Not] != len(complemented) ||
			y.Gates[gates.Xor] != 0 ||
			y.Depth != x.Depth {
			t.Errorf(
				"%s: %d ANDs, %d NOTs, depth %d; want %d, %d, %d",
				name,
				y.Gates[gates.And],
				y.Gates[gates.Not],
				y.Depth,
				x.Gates[gates.And],
				len(complemented),
				x.Depth,
			)
		}
		if again := written(t, back); again != text {
			t.Errorf("%s is written otherwise the second time", name)
		}

		// Without NOT and BUF it is an AIG again, of no more gates.
		aig, err := basis.Express(context.Background(), back, aiger.Repertoire())
		if err != nil {
			t.Fatal(err)
		}
		same(t, c, aig)
		if got := aig.Size(); got > c.Size() {
			t.Errorf("%s: %d gates, and %d before", name, got, c.Size())
		}
		if _, err := basis.Express(context.Background(), c, bristol.Repertoire()); err != nil {
			t.Error(err)
		}
	}
}
