package th

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// TestABCAgreesOnThresholds writes threshold circuits, reads them back, and has ABC compare
// them with others. ABC itself reads no threshold gates.
func TestABCAgreesOnThresholds(t *testing.T) {
	plain := formattest.Format{Read: blif.Read, Write: blif.Write, Repertoire: blif.Repertoire()}
	majority, sets := formattest.Majority(t, 9)
	adder, ripple := formattest.Adder(t, 8, false)
	_, flawed := formattest.Adder(t, 8, true)
	files := map[string][]byte{}
	for name, c := range map[string]*circuit.Circuit{
		"majority": majority, "sets": sets, "adder": adder,
		"ripple": ripple, "flawed": flawed,
	} {
		file := format().Expressed(t, c)
		files[name+".th"] = file
		files[name+".blif"] = plain.Expressed(t, c)
		files[name+"_th.blif"] = plain.Expressed(t, format().Parsed(t, file).Circuit)
	}
	for _, commands := range []string{
		"cec majority_th.blif sets.blif", "cec sets_th.blif majority_th.blif",
		"cec adder_th.blif ripple.blif", "cec ripple_th.blif adder.blif",
	} {
		formattest.Says(t, formattest.ABC(t, files, commands), formattest.Equal)
	}
	formattest.Says(t, formattest.ABC(t, files, "cec adder_th.blif flawed_th.blif"), formattest.Different)
}

// TestWrittenSizes asserts what a majority and an adder of two layers cost as threshold
// gates: nothing more than they are.
func TestWrittenSizes(t *testing.T) {
	majority, _ := formattest.Majority(t, 9)
	adder, _ := formattest.Adder(t, 8, false)
	for name, test := range map[string]struct {
		c    *circuit.Circuit
		want formattest.Counts
	}{
		"majority": {majority, formattest.Counts{Inputs: 9, Outputs: 1, Gates: 1, Wires: 9, Depth: 1}},
		// Carry i reads 2(i+1) bits, sum bit i two bits and two carries, the lowest one less.
		"adder": {adder, formattest.Counts{Inputs: 16, Outputs: 9, Gates: 16, Wires: 72 + 31, Depth: 2}},
	} {
		if got := formattest.CountsOf(format().Parsed(t, format().Expressed(t, test.c)).Circuit); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}
