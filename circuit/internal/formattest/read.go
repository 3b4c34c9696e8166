package formattest

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Computes reads a file, asserts its outputs, and takes it there and back: bit m of a number
// is the value of an output for the inputs whose number is m.
func (f Format) Computes(t *testing.T, file string, want []uint64) *netlist.Design {
	t.Helper()
	d := f.Parsed(t, []byte(file))
	out := Run(t, d.Circuit, Vectors(len(d.Circuit.Inputs())))
	got := make([]uint64, out.Wires())
	for w := range got {
		got[w] = out.Row(w)[0]
	}
	if !slices.Equal(got, want) {
		t.Errorf("computes %x, want %x", got, want)
	}
	f.ExactTrip(t, d)
	return d
}
