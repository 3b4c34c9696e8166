package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func TestABCReadsWhatIsWritten(t *testing.T) {
	for name := range formattest.Expected(t, "iscas85/") {
		t.Run(name, func(t *testing.T) {
			file := formattest.Known(t, name)
			d := format().Parsed(t, file)
			files := map[string][]byte{"a.bench": file, "b.bench": format().Written(t, d)}
			formattest.Says(t, formattest.ABC(t, files, "cec a.bench b.bench"), formattest.Equal)
			n := formattest.CountsOf(d.Circuit)
			formattest.Says(t, formattest.ABC(t, files, "read_bench b.bench; print_stats"),
				fmt.Sprintf("i/o = %d/ %d lat = 0 nd = %d edge = %d", n.Inputs, n.Outputs, n.Gates, n.Wires))
		})
	}
}

// TestABCReadsAllOutputs asserts that ABC understands constants, complements and buffers
// as they are meant: it compares the circuit with its AIG.
func TestABCReadsAllOutputs(t *testing.T) {
	c := outputsOfAllKinds(t)
	aig := format()
	aig.Repertoire = basis.Repertoire{}
	files := map[string][]byte{"a.bench": format().Written(t, netlist.Of(c)), "b.bench": aig.Expressed(t, c)}
	formattest.Says(t, formattest.ABC(t, files, "cec a.bench b.bench"), formattest.Equal)
}

// TestABCReadsRandomCircuits compares gates of any fan-in with trees of two inputs.
func TestABCReadsRandomCircuits(t *testing.T) {
	aig := format()
	aig.Repertoire = basis.Repertoire{}
	for seed := range uint64(5) {
		c := formattest.Random(t, random.Config{Seed: seed, Inputs: 12, Gates: 80, Set: Repertoire(), Keep: true})
		files := map[string][]byte{"a.bench": format().Written(t, netlist.Of(c)), "b.bench": aig.Expressed(t, c)}
		formattest.Says(t, formattest.ABC(t, files, "cec a.bench b.bench"), formattest.Equal)
	}
}

// TestABCReadsTables compares what ABC makes of LUTs with what is made of them here.
func TestABCReadsTables(t *testing.T) {
	var file strings.Builder
	for i := range 4 {
		fmt.Fprintf(&file, "INPUT(x%d)\n", i)
	}
	for i, lut := range []string{
		"0xca (x0, x1, x2)", "0x8 (x3, x1)", "0x2 (x0, x1)", "0x1 (x2)", "0x2 (x2)", "0x1ee8 (x0, x1, x2, x3)",
		"0x6996 (x3, x2, x1, x0)", "0x7fff (x0, x1, x2, x3)", "0xfb (x2, x1, x0)", "0x9 (x0, x2)", "0x04 (x0, x1, x3)",
	} {
		fmt.Fprintf(&file, "OUTPUT(y%d)\ny%[1]d = LUT %s\n", i, lut)
	}
	d := format().Parsed(t, []byte(file.String()))
	// ABC has no wide XOR, which one of the tables becomes.
	files := map[string][]byte{"a.bench": []byte(file.String()), "b.bench": format().Expressed(t, d.Circuit)}
	formattest.Says(t, formattest.ABC(t, files, "cec a.bench b.bench"), formattest.Equal)
}

// TestABCReadsConstantsAsSignals asserts that vdd and gnd without a definition are to ABC
// what they are here.
func TestABCReadsConstantsAsSignals(t *testing.T) {
	file := []byte("INPUT(a)\nINPUT(b)\nOUTPUT(x)\nOUTPUT(y)\nx = NAND(a, vdd)\ny = OR(gnd, b)\n")
	files := map[string][]byte{"a.bench": file, "b.bench": format().Written(t, format().Parsed(t, file))}
	formattest.Says(t, formattest.ABC(t, files, "cec a.bench b.bench"), formattest.Equal)
}

// TestReadWhatABCWrites reads gates and LUTs of ABC.
func TestReadWhatABCWrites(t *testing.T) {
	for name := range formattest.Expected(t, "iscas85/") {
		t.Run(name, func(t *testing.T) {
			file := formattest.Known(t, name)
			files := map[string][]byte{"a.bench": file}
			formattest.ABC(
				t,
				files,
				"read_bench a.bench; strash; write_bench -l aig.bench; if -K 5; write_bench lut.bench",
			)
			want := format().Parsed(t, file).Circuit
			for _, made := range []string{"aig.bench", "lut.bench"} {
				formattest.Same(t, want, format().Parsed(t, files[made]).Circuit)
			}
		})
	}
}
