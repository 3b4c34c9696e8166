package aiger_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/aiger"
	"github.com/tc0lab/tc0/circuit/netlist"
	"github.com/tc0lab/tc0/gates"
)

// conformance is the folder of circuits by other people, which few have.
func conformance(t *testing.T, elements ...string) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "conformance")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the circuits of other people are not here: ", err)
	}
	return filepath.Join(append([]string{folder}, elements...)...)
}

func readFile(t *testing.T, name string) *netlist.Design {
	t.Helper()
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, string(file))
}

func TestConformanceCounts(t *testing.T) {
	text, err := os.ReadFile(conformance(t, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	table := csv.NewReader(bytes.NewReader(text))
	table.Comma = '\t'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, row := range rows {
		if filepath.Ext(row[0]) != ".aig" {
			continue
		}
		files++
		st := readFile(t, conformance(t, filepath.FromSlash(row[0]))).Circuit.Stats()
		for i, got := range []int{st.Inputs, st.Outputs, st.Gates[gates.And], -1, st.Depth} {
			if want := row[1+i]; want != "" && strconv.Itoa(got) != want {
				t.Errorf("%s: %s %d, want %s", row[0], rows[0][1+i], got, want)
			}
		}
		if st.Size != st.Gates[gates.And] {
			t.Errorf("%s: size %d, %d ANDs", row[0], st.Size, st.Gates[gates.And])
		}
	}
	if files != 5 {
		t.Errorf("%d files, want 5", files)
	}
}

func TestConformanceRoundTrip(t *testing.T) {
	var names []string
	for _, pattern := range []string{"aiger/*.aag", "epfl/*.aig"} {
		list, err := filepath.Glob(conformance(t, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, list...)
	}
	if len(names) != 16 {
		t.Fatalf("%d files, want 16", len(names))
	}
	for _, name := range names {
		if filepath.Base(name) == "toggle.aag" {
			continue
		}
		d := readFile(t, name)
		for _, f := range forms {
			file := written(t, d, f.write)
			back := read(t, file)
			same(t, back.Circuit, d.Circuit)
			sameCounts(t, back.Circuit, d.Circuit)
			if !slices.Equal(back.Comments, d.Comments) {
				t.Errorf("%s: comments %q, want %q", name, back.Comments, d.Comments)
			}
			if original, _ := os.ReadFile(name); filepath.Ext(name) == ".aig" && f.kind == "aig" && string(original) != file {
				t.Errorf("%s is not written as it was", name)
			}
		}
	}
}

func TestConformanceLatch(t *testing.T) {
	file, err := os.ReadFile(conformance(t, "aiger", "toggle.aag"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = aiger.Read(bytes.NewReader(file))
	if want := `line 2:1: "2 3": a latch, the first of 1: only combinational circuits can be read`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// What the files of the AIGER distribution compute, and adder.aig and voter.aig.
func TestConformanceFunctions(t *testing.T) {
	for name, want := range map[string][]int{
		"and": {0, 0, 0, 1}, "buffer": {0, 1}, "empty": {0}, "false": {0}, "halfadder": {0, 1, 1, 2},
		"inverter": {1, 0}, "or": {0, 1, 1, 1}, "true": {1}, "xor1": {0, 1, 1, 0}, "xorxormiter": {0, 0, 0, 0},
	} {
		if got := table(t, readFile(t, conformance(t, "aiger", name+".aag")).Circuit); !slices.Equal(got, want) {
			t.Errorf("%s: outputs %v, want %v", name, got, want)
		}
	}

	adder := readFile(t, conformance(t, "epfl", "adder.aig"))
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
	same(t, adder.Circuit, built(t, b))

	voter := readFile(t, conformance(t, "epfl", "voter.aig"))
	b = circuit.NewBuilder()
	var votes []circuit.Lit
	for _, p := range voter.Circuit.InputPorts() {
		votes = append(votes, b.Input(p.Name))
	}
	b.Output("maj", b.Majority(votes...))
	same(t, voter.Circuit, built(t, b))
	if want := "This file was written by ABC on Thu Mar  5 17:49:49 2015"; len(voter.Comments) != 3 || !strings.HasPrefix(voter.Comments[1], want) {
		t.Errorf("comments %q", voter.Comments)
	}
}
