package blif

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// known reads a benchmark, in the only format that it is published in.
func known(t *testing.T, name string) (file []byte, d *netlist.Design) {
	t.Helper()
	file = formattest.Known(t, name)
	d, err := bench.Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return file, d
}

// TestKnownCircuits writes published circuits and reads them back, with the same counts.
func TestKnownCircuits(t *testing.T) {
	for name, want := range formattest.Expected(t, "iscas85/") {
		t.Run(name, func(t *testing.T) {
			_, d := known(t, name)
			back := format().ExactTrip(t, format().Trip(t, d))
			formattest.Agree(t, name, want, formattest.CountsOf(back.Circuit).Columns(back.Wires))
		})
	}
}

// TestABCReadsWhatIsWritten compares published circuits with what is written of them.
func TestABCReadsWhatIsWritten(t *testing.T) {
	for name := range formattest.Expected(t, "iscas85/") {
		t.Run(name, func(t *testing.T) {
			file, d := known(t, name)
			files := map[string][]byte{"a.bench": file, "b.blif": format().Written(t, d)}
			formattest.Says(t, formattest.ABC(t, files, "cec a.bench b.blif"), formattest.Equal)
			n := formattest.CountsOf(d.Circuit)
			formattest.Says(t, formattest.ABC(t, files, "read_blif b.blif; print_stats"),
				fmt.Sprintf("i/o = %d/ %d lat = 0 nd = %d edge = %d", n.Inputs, n.Outputs, n.Gates, n.Wires))
		})
	}
}

// TestReadWhatABCWrites reads an AIG, LUTs and covers that ABC made of published circuits.
func TestReadWhatABCWrites(t *testing.T) {
	for name := range formattest.Expected(t, "iscas85/") {
		t.Run(name, func(t *testing.T) {
			file, d := known(t, name)
			files := map[string][]byte{"a.bench": file}
			formattest.ABC(
				t,
				files,
				"read_bench a.bench; strash; write_blif aig.blif; if -K 6; sop; write_blif lut.blif; strash; renode; sop; write_blif sop.blif",
			)
			for _, made := range []string{"aig.blif", "lut.blif", "sop.blif"} {
				back := format().Parsed(t, files[made])
				if !formattest.Same(t, d.Circuit, back.Circuit) {
					t.Fatal(made)
				}
				format().ExactTrip(t, back)
			}
		})
	}
}

// TestYosysCopies has Yosys read what is written and write it anew.
func TestYosysCopies(t *testing.T) {
	files := map[string][]byte{"gates.blif": format().Written(t, netlist.Of(gatesOfAllKinds(t)))}
	formattest.Program(
		t,
		files,
		"yosys",
		"-q",
		"-p",
		"read_blif gates.blif; write_blif copy.blif; simplemap; write_blif simple.blif",
	)
	for _, made := range []string{"copy.blif", "simple.blif"} {
		formattest.SameFunction(t, gatesOfAllKinds(t), format().Parsed(t, files[made]).Circuit)
	}
}

// TestABCReadsAllGates asserts that ABC understands each gate, and each kind of output
// as they are meant: it compares circuits with their AIGs.
func TestABCReadsAllGates(t *testing.T) {
	aig := format()
	aig.Repertoire = basis.Repertoire{}
	for name, c := range map[string]*netlist.Design{
		"gates": netlist.Of(gatesOfAllKinds(t)), "outputs": netlist.Of(outputsOfAllKinds(t)),
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{"a.blif": format().Written(t, c), "b.blif": aig.Expressed(t, c.Circuit)}
			formattest.Says(t, formattest.ABC(t, files, "cec a.blif b.blif"), formattest.Equal)
		})
	}
	for seed := range uint64(5) {
		c := formattest.Random(t, random.Config{Seed: seed, Inputs: 12, Gates: 80, Set: Repertoire(), Keep: true})
		files := map[string][]byte{"a.blif": format().Written(t, netlist.Of(c)), "b.blif": aig.Expressed(t, c)}
		formattest.Says(t, formattest.ABC(t, files, "cec a.blif b.blif"), formattest.Equal)
	}
}
