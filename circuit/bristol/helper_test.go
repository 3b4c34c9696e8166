package bristol_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/bristol"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/netlist"
)

func read(t rapid.TB, file string) *netlist.Design {
	t.Helper()
	d, err := bristol.Read(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Circuit.Check(); err != nil {
		t.Fatal(err)
	}
	return d
}

func written(t rapid.TB, c *circuit.Circuit) string {
	t.Helper()
	var file bytes.Buffer
	if err := bristol.Write(&file, netlist.Of(c)); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

func built(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mostExhaustive is how many input bits are gone through; above, vectors are drawn.
const (
	mostExhaustive = 16
	drawn          = 10240
)

// outputs evaluates c on all inputs, or on random ones, the same for equal seeds.
func outputs(t rapid.TB, c *circuit.Circuit, lanes int) *eval.Vectors {
	t.Helper()
	in := eval.NewVectors(len(c.Inputs()), lanes)
	rng := rand.New(rand.NewPCG(7, uint64(lanes)))
	for w := range in.Wires() {
		row := in.Row(w)
		for i := range row {
			row[i] = rng.Uint64()
		}
		if in.Wires() <= mostExhaustive && lanes == 1<<in.Wires() {
			for lane := range lanes {
				in.Set(w, lane, lane>>w&1 == 1)
			}
		}
	}
	out, err := eval.Compile(c, eval.Config{}).Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func widths(ports []circuit.Port) (list []int) {
	for _, p := range ports {
		list = append(list, len(p.Wires))
	}
	return list
}

// same fails unless two circuits have ports of the same widths and compute the same.
func same(t rapid.TB, got, want *circuit.Circuit) {
	t.Helper()
	if x, y := widths(got.InputPorts()), widths(want.InputPorts()); !slices.Equal(x, y) {
		t.Fatalf("inputs of %d wires, want %d", x, y)
	}
	if x, y := widths(got.OutputPorts()), widths(want.OutputPorts()); !slices.Equal(x, y) {
		t.Fatalf("outputs of %d wires, want %d", x, y)
	}
	if n := len(want.Inputs()); n <= mostExhaustive {
		sameOn(t, got, want, 1<<n)
	} else {
		sameOn(t, got, want, drawn)
	}
}

// sameOn fails unless two circuits compute the same on so many inputs.
func sameOn(t rapid.TB, got, want *circuit.Circuit, lanes int) {
	t.Helper()
	x, y := outputs(t, got, lanes), outputs(t, want, lanes)
	for i := range y.Wires() {
		if !slices.Equal(x.Row(i), y.Row(i)) {
			t.Fatalf("output wire %d differs", i)
		}
	}
}

// sameCounts fails unless two circuits have as many gates of each kind, and the depth.
func sameCounts(t rapid.TB, got, want *circuit.Circuit) {
	t.Helper()
	x, y := got.Stats(), want.Stats()
	if x.Gates != y.Gates || x.Depth != y.Depth || x.Wires != y.Wires {
		t.Fatalf("gates %v, depth %d, wires %d; want %v, %d, %d", x.Gates, x.Depth, x.Wires, y.Gates, y.Depth, y.Wires)
	}
}

// table returns the values of the outputs, low bit first, on all inputs in order.
func table(t *testing.T, c *circuit.Circuit) (values []int) {
	t.Helper()
	for v := range 1 << len(c.Inputs()) {
		in := make([]bool, len(c.Inputs()))
		for i := range in {
			in[i] = v>>i&1 == 1
		}
		out, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		value := 0
		for i, bit := range out {
			if bit {
				value |= 1 << i
			}
		}
		values = append(values, value)
	}
	return values
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
