package yosys_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/verilog"
	"github.com/tc0lab/tc0/circuit/format/yosys"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// outputsOfAllKinds is a circuit of each cell, whose outputs are all that an output can be.
func outputsOfAllKinds(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("a b")
	b.InputPort("none", circuit.Format{}, 0)
	cells := []circuit.Lit{
		b.And(x[0], y.Not()), b.Or(x[1], circuit.True), b.Xor(x[2], y), b.Nand(x[0], x[0].Not()), b.Nor(x[1].Not(), y),
		b.Xnor(x[0], x[2]), b.Not(x[1].Not()), b.Buf(y),
	}
	b.OutputPort("cells", circuit.Format{}, cells...)
	b.Output("$1", cells[0].Not())
	b.Output("\"<q>\\", cells[0].Not())
	b.Output("x", x[0])
	b.Output("zero", circuit.False)
	b.Output("one", circuit.True)
	return formattest.Built(t, b)
}

func TestGolden(t *testing.T) {
	d := netlist.Of(outputsOfAllKinds(t))
	d.Name = "all kinds"
	d.Signals = make([]string, d.Circuit.Len())
	d.Signals[5], d.Signals[6], d.Signals[1] = "product", "x", "x.0"
	got := formattest.Text(t, func(w io.Writer) error { return yosys.Write(w, d) })
	formattest.Golden(t, "cells.yosys.json", got)
	formattest.FullDisk(t, func(w io.Writer) error { return yosys.Write(w, d) })
}

func TestRefuse(t *testing.T) {
	formattest.RefuseGate(t, yosys.Write, "yosys has no words for gate 6, an AND gate of fan-in 3",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[:3]...) })
	formattest.RefuseGate(t, yosys.Write, "yosys has no words for gate 6, a THRESHOLD gate",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(2, x...) })
}

// design is what a reader of the JSON takes from it.
type design struct {
	Modules map[string]struct {
		Ports map[string]struct {
			Direction string
			Bits      []any
		}
		Cells map[string]struct {
			Type        string
			Connections map[string][]any
		}
		Netnames map[string]struct{ Bits []any }
	}
}

// number returns a bit as a number, −1 and −2 for the constants.
func number(t *testing.T, bit any) int {
	switch v := bit.(type) {
	case float64:
		if v >= 2 {
			return int(v)
		}
	case string:
		if i := slices.Index([]string{"0", "1"}, v); i >= 0 {
			return -1 - i
		}
	}
	t.Fatalf("%v is no bit", bit)
	return 0
}

// evaluated computes the output bits of a file, by nothing but its cells.
func evaluated(t *testing.T, file string, c *circuit.Circuit, in []bool) (out []bool) {
	t.Helper()
	var d design
	if err := json.Unmarshal([]byte(file), &d); err != nil {
		t.Fatal(err)
	}
	m := d.Modules["circuit"]
	value := map[int]bool{-1: false, -2: true}
	for _, p := range c.InputPorts() {
		for _, bit := range m.Ports[p.Name].Bits {
			value[number(t, bit)] = in[0]
			in = in[1:]
		}
	}
	for pending := len(m.Cells); pending > 0; {
		before := pending
		for _, cell := range m.Cells {
			a, okA := value[number(t, cell.Connections["A"][0])]
			b, okB := a, okA
			if len(cell.Connections["B"]) > 0 {
				b, okB = value[number(t, cell.Connections["B"][0])]
			}
			y := number(t, cell.Connections["Y"][0])
			if _, done := value[y]; done || !okA || !okB {
				continue
			}
			value[y] = map[string]bool{
				"$and": a && b, "$or": a || b, "$xor": a != b, "$xnor": a == b, "$not": !a,
			}[cell.Type]
			pending--
		}
		if pending == before {
			t.Fatalf("%d cells wait for each other, or drive what is driven", pending)
		}
	}
	for _, p := range c.OutputPorts() {
		for _, bit := range m.Ports[p.Name].Bits {
			v, ok := value[number(t, bit)]
			if !ok {
				t.Fatalf("bit %v of %s is not driven", bit, p.Name)
			}
			out = append(out, v)
		}
	}
	return out
}

func sample(t *testing.T, seed uint64) *circuit.Circuit {
	t.Helper()
	set := verilog.Repertoire()
	if seed%2 == 0 {
		set = yosys.Repertoire()
	}
	c := formattest.Random(t, random.Config{Seed: seed, Inputs: 6, Gates: 20, Set: set, Keep: seed%4 == 0})
	c, err := basis.Express(t.Context(), c, yosys.Repertoire())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCells computes random circuits by the cells of their files, on all inputs.
func TestCells(t *testing.T) {
	for seed := range uint64(8) {
		c := sample(t, seed)
		file := formattest.Text(t, func(w io.Writer) error { return yosys.Write(w, netlist.Of(c)) })
		for v := range 1 << 6 {
			in := formattest.Bits(v, 6)
			want, err := c.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			if got := evaluated(t, file, c, in); !slices.Equal(got, want) {
				t.Fatalf("seed %d, inputs %v: %v, want %v", seed, in, got, want)
			}
		}
	}
}

// TestYosys has Yosys read files without a warning and write them as BLIF, which computes the same, and
// the same as what is written as BLIF here.
func TestYosys(t *testing.T) {
	circuits := []*circuit.Circuit{outputsOfAllKinds(t)}
	for seed := range uint64(3) {
		circuits = append(circuits, sample(t, seed))
	}
	for _, c := range circuits {
		var file, own bytes.Buffer
		if err := yosys.Write(&file, netlist.Of(c)); err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{"a.json": file.Bytes()}
		out := formattest.Program(t, files, "yosys", "-q", "-p",
			"read_json a.json; hierarchy -check -top circuit; check -assert; simplemap; write_blif a.blif")
		if strings.Contains(out, "arning") {
			t.Errorf("yosys: %s", out)
		}
		if err := blif.Write(&own, netlist.Of(c)); err != nil {
			t.Fatal(err)
		}
		theirs, err := blif.Read(bytes.NewReader(files["a.blif"]))
		if err != nil {
			t.Fatalf("%v in\n%s", err, files["a.blif"])
		}
		ours, err := blif.Read(&own)
		if err != nil {
			t.Fatal(err)
		}
		formattest.SameFunction(t, ours.Circuit, theirs.Circuit)
		formattest.SameFunction(t, c, theirs.Circuit)
	}
}
