package formattest

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Computes reads a file, asserts its outputs, and takes it there and back: bit m of a number
// is the value of an output for the inputs whose number is m.
func (f Format) Computes(t *testing.T, file string, want []uint64) *netlist.Design {
	t.Helper()
	d := f.Evaluates(t, file, want)
	f.ExactTrip(t, d)
	return d
}

// Evaluates is Computes for a file that is written in another way: its ports come back, and what it
// computes.
func (f Format) Evaluates(t *testing.T, file string, want []uint64) *netlist.Design {
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
	f.Trip(t, d)
	return d
}

// Noted asserts the ports and the notes of a design.
func Noted(t *testing.T, d *netlist.Design, inputs, outputs string, notes ...string) {
	t.Helper()
	for side, ports := range [2][]circuit.Port{d.Circuit.InputPorts(), d.Circuit.OutputPorts()} {
		var names []string
		for _, p := range ports {
			names = append(names, p.Name)
		}
		if got, want := strings.Join(names, " "), [2]string{inputs, outputs}[side]; got != want {
			t.Errorf("ports %s, want %s", got, want)
		}
	}
	if !slices.Equal(d.Notes, notes) {
		t.Errorf("notes %q, want %q", d.Notes, notes)
	}
}
