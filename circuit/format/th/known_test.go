package th

import (
	"math/bits"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// TestKnownNetworks asserts the known counts of trained binarised networks, and the number
// of ones in their whole table of outputs, which another program computed.
func TestKnownNetworks(t *testing.T) {
	for name, want := range formattest.Expected(t, "th/") {
		t.Run(name, func(t *testing.T) {
			d := format().Parsed(t, formattest.Known(t, name))
			n := formattest.CountsOf(d.Circuit)
			got := n.Columns(d.Wires)
			got["gates"], got["levels"] = d.Circuit.Size(), d.Circuit.Levels(gates.Standard()).Depth
			out := formattest.Run(t, d.Circuit, formattest.Vectors(n.Inputs))
			for w := range out.Wires() {
				for _, v := range out.Row(w) {
					got["ones"] += bits.OnesCount64(v)
				}
			}
			formattest.Agree(t, name, want, got)
			format().ExactTrip(t, d)
		})
	}
}

// TestKnownFiles writes and reads back every file.
func TestKnownFiles(t *testing.T) {
	for name, want := range map[string]formattest.Counts{
		"bnn_32_3_16": {Inputs: 32, Outputs: 32, Gates: 128, Wires: 3104 - 154, Depth: 4},
		"rand_16_0":   {Inputs: 16, Outputs: 1, Gates: 2, Wires: 17, Depth: 2},
		"rand_16_1":   {Inputs: 16, Outputs: 1, Gates: 2, Wires: 17, Depth: 2},
		"rand_20_0":   {Inputs: 20, Outputs: 1, Gates: 2, Wires: 21, Depth: 2},
		"rand_24_0":   {Inputs: 24, Outputs: 1, Gates: 2, Wires: 25, Depth: 2},
		"rand_32_0":   {Inputs: 32, Outputs: 1, Gates: 2, Wires: 33, Depth: 2},
		"rand_40_0":   {Inputs: 40, Outputs: 1, Gates: 2, Wires: 41, Depth: 2},
	} {
		t.Run(name, func(t *testing.T) {
			file := formattest.Known(t, "th/"+name+".th")
			d := format().Parsed(t, file)
			if got := formattest.CountsOf(d.Circuit); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
			back := format().ExactTrip(t, d)
			first, _, _ := strings.Cut(string(file), "\n")
			if len(back.Comments) != 1 || back.Comments[0] != first || back.Name != d.Name || d.Name == "" {
				t.Errorf("comments %q, name %q", back.Comments, back.Name)
			}
		})
	}
}
