package bristol_test

import (
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func format() formattest.Format {
	return formattest.Format{Read: bristol.Read, Write: bristol.Write, Repertoire: bristol.Repertoire()}
}

func read(t rapid.TB, file string) *netlist.Design {
	t.Helper()
	return format().Parsed(t, []byte(file))
}

func written(t rapid.TB, c *circuit.Circuit) string {
	t.Helper()
	return string(format().Written(t, netlist.Of(c)))
}

func widths(ports []circuit.Port) (list []int) {
	for _, p := range ports {
		list = append(list, len(p.Wires))
	}
	return list
}

// same asserts that two circuits have ports of the same widths and compute the same.
func same(t rapid.TB, want, got *circuit.Circuit) {
	t.Helper()
	if x, y := widths(got.InputPorts()), widths(want.InputPorts()); !slices.Equal(x, y) {
		t.Fatalf("inputs of %d wires, want %d", x, y)
	}
	if x, y := widths(got.OutputPorts()), widths(want.OutputPorts()); !slices.Equal(x, y) {
		t.Fatalf("outputs of %d wires, want %d", x, y)
	}
	formattest.SameFunction(t, want, got)
}

// interpret computes a file line by line as the format says, without the reader: values
// of wires are set in order, inputs first, and the last are the outputs.
func interpret(t rapid.TB, file string, in []bool) []bool {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
	ints := func(line string) (list []int) {
		for _, w := range strings.Fields(line) {
			v, err := strconv.Atoi(w)
			if err != nil {
				break // the name of the gate
			}
			list = append(list, v)
		}
		return list
	}
	counts, outputs := ints(lines[0]), 0
	for _, w := range ints(lines[2])[1:] {
		outputs += w
	}
	if got := len(lines) - 4; got != counts[0] {
		t.Fatalf("%d lines of gates, %d promised", got, counts[0])
	}
	value, set := make([]bool, counts[1]), make([]bool, counts[1])
	for i, bit := range in {
		value[i], set[i] = bit, true
	}
	for _, line := range lines[4:] {
		n := ints(line)
		x, y, out := n[2], n[len(n)-2], n[len(n)-1]
		op := line[strings.LastIndexByte(line, ' ')+1:]
		if set[out] || op != "EQ" && (!set[x] || !set[y]) {
			t.Fatalf("%s: wires are not set in order", line)
		}
		switch op {
		case "AND":
			value[out] = value[x] && value[y]
		case "XOR":
			value[out] = value[x] != value[y]
		case "INV":
			value[out] = !value[x]
		case "EQW":
			value[out] = value[x]
		case "EQ":
			value[out] = x == 1
		default:
			t.Fatalf("%s: no gate", line)
		}
		set[out] = true
	}
	if i := slices.Index(set, false); i >= 0 {
		t.Fatalf("wire %d is not set", i)
	}
	return value[counts[1]-outputs:]
}
