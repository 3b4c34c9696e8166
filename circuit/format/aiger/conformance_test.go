package aiger_test

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

func known(t *testing.T, name string) *netlist.Design {
	t.Helper()
	return read(t, string(formattest.Known(t, name)))
}

func TestConformanceCounts(t *testing.T) {
	files := 0
	for name, want := range formattest.Expected(t, "") {
		if path.Ext(name) != ".aig" {
			continue
		}
		files++
		st := known(t, name).Circuit.Stats()
		formattest.Agree(t, name, want, map[string]int{
			"inputs": st.Inputs, "outputs": st.Outputs, "gates": st.Gates[gates.And], "levels": st.Depth,
		})
		if st.Size != st.Gates[gates.And] {
			t.Errorf("%s: size %d, %d ANDs", name, st.Size, st.Gates[gates.And])
		}
	}
	if files == 0 {
		t.Error("the table has no .aig file")
	}
}

func TestConformanceRoundTrip(t *testing.T) {
	small, large := formattest.KnownNames(t, "aiger/*.aag"), formattest.KnownNames(t, "epfl/*.aig")
	if len(small) == 0 || len(large) == 0 {
		t.Fatalf("%d files of the distribution and %d benchmarks", len(small), len(large))
	}
	for _, name := range append(small, large...) {
		if path.Base(name) == "toggle.aag" {
			continue
		}
		d := known(t, name)
		for _, f := range forms {
			file := written(t, d, f.write)
			back := read(t, file)
			formattest.Same(t, d.Circuit, back.Circuit)
			formattest.SameCounts(t, d.Circuit, back.Circuit)
			if !slices.Equal(back.Comments, d.Comments) {
				t.Errorf("%s: comments %q, want %q", name, back.Comments, d.Comments)
			}
			if path.Ext(name) == ".aig" && f.kind == "aig" && string(formattest.Known(t, name)) != file {
				t.Errorf("%s is not written as it was", name)
			}
		}
	}
}

func TestConformanceLatch(t *testing.T) {
	_, err := aiger.Read(bytes.NewReader(formattest.Known(t, "aiger/toggle.aag")))
	if want := `line 2:1: "2 3": a latch, the first of 1: only combinational circuits are read, unless latches are to be cut (--comb)`; err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// What the files of the AIGER distribution compute, and adder.aig and voter.aig.
func TestConformanceFunctions(t *testing.T) {
	for name, want := range map[string][]int{
		"and": {0, 0, 0, 1}, "buffer": {0, 1}, "empty": {0}, "false": {0}, "halfadder": {0, 1, 1, 2},
		"inverter": {1, 0}, "or": {0, 1, 1, 1}, "true": {1}, "xor1": {0, 1, 1, 0}, "xorxormiter": {0, 0, 0, 0},
	} {
		if got := formattest.Table(t, known(t, "aiger/"+name+".aag").Circuit); !slices.Equal(got, want) {
			t.Errorf("%s: outputs %v, want %v", name, got, want)
		}
	}

	adder := known(t, "epfl/adder.aig")
	if names := adder.Circuit.InputPorts(); names[0].Name != "a[0]" || names[255].Name != "b[127]" {
		t.Errorf("inputs %s to %s", names[0].Name, names[255].Name)
	}
	b := circuit.NewBuilder()
	x, y := make([]circuit.Lit, 128), make([]circuit.Lit, 128)
	for i := range x {
		x[i] = b.Input("a[" + strconv.Itoa(i) + "]")
	}
	for i := range y {
		y[i] = b.Input("b[" + strconv.Itoa(i) + "]")
	}
	carry := circuit.False
	for i := range x {
		b.Output("f["+strconv.Itoa(i)+"]", b.Xor(x[i], y[i], carry))
		carry = b.Majority(x[i], y[i], carry)
	}
	b.Output("cOut", carry)
	formattest.Same(t, formattest.Built(t, b), adder.Circuit)

	voter := known(t, "epfl/voter.aig")
	b = circuit.NewBuilder()
	var votes []circuit.Lit
	for _, p := range voter.Circuit.InputPorts() {
		votes = append(votes, b.Input(p.Name))
	}
	b.Output("maj", b.Majority(votes...))
	formattest.Same(t, formattest.Built(t, b), voter.Circuit)
	if want := "This file was written by ABC on Thu Mar  5 17:49:49 2015"; len(voter.Comments) != 3 ||
		!strings.HasPrefix(voter.Comments[1], want) {
		t.Errorf("comments %q", voter.Comments)
	}
}
