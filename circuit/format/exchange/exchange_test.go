package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pla"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
	"github.com/tc0lab/tc0/gates"
)

func find(t testing.TB, path string) *exchange.Format {
	t.Helper()
	f, err := exchange.Find(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// known are circuits of other people that are small enough to be written in every format.
var known = []string{
	"iscas85/c17.bench", "iscas85/c432.bench", "iscas85/c499.bench", "iscas85/c1355.bench", "iscas85/c6288.bench",
	"epfl/adder.aig", "epfl/voter.aig", "epfl/dec.aig", "epfl/int2float.aig", "epfl/ctrl.aig",
	"th/bnn_16_3_16.th", "th/bnn_16_3_256.th", "th/bnn_16_3_1000000.th",
	"th/bnn_32_3_16.th", "th/rand_16_0.th", "th/rand_16_1.th", "th/rand_20_0.th", "th/rand_24_0.th", "th/rand_32_0.th",
	"th/rand_40_0.th",
	"aiger/and.aag", "aiger/buffer.aag", "aiger/empty.aag", "aiger/false.aag", "aiger/halfadder.aag",
	"aiger/inverter.aag",
	"aiger/or.aag", "aiger/true.aag", "aiger/xor1.aag", "aiger/xorxormiter.aag",
}

func read(t *testing.T, name string) *netlist.Design {
	t.Helper()
	d, err := find(t, name).Read(bytes.NewReader(formattest.Known(t, name)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// Every file reads, and inputs, outputs, gates, edges and levels are the published ones.
func TestKnownCounts(t *testing.T) {
	for name, want := range formattest.Expected(t, "") {
		d := read(t, name)
		model := gates.Standard()
		if strings.HasSuffix(name, ".bench") {
			model = gates.NotCounted()
		}
		got := formattest.CountsOf(d.Circuit).Columns(d.Wires)
		got["levels"] = d.Circuit.Levels(model).Depth
		formattest.Agree(t, name, want, got)
	}
}

// Every file, written in every format that can be read, comes back with its ports and its
// function.
func TestKnownInEveryFormat(t *testing.T) {
	for _, name := range known {
		t.Run(filepath.Base(name), func(t *testing.T) {
			d := read(t, name)
			for _, f := range exchange.Formats() {
				if f.Readable() {
					roundTrip(t, &f, d)
				}
			}
		})
	}
}

// roundTrip writes a design in gates that the format has and reads it back.
func roundTrip(t *testing.T, f *exchange.Format, d *netlist.Design) {
	t.Helper()
	expressed, changed, err := exchange.Express(t.Context(), d, f)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	if changed == f.Repertoire.Holds(d.Circuit) {
		t.Errorf("%s: gates were changed: %v", f.Name, changed)
	}
	var file bytes.Buffer
	err = f.Write(&file, expressed, exchange.Options{})
	if errors.As(err, new(*pla.LimitError)) && len(d.Circuit.Inputs()) > pla.MostInputs {
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	got, err := f.Read(&file)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	same := formattest.Same
	if f.Name == "bristol" { // has no names
		same = formattest.SameFunction
	}
	if !same(t, d.Circuit, got.Circuit) {
		t.Errorf("by way of %s", f.Name)
	}
	a, b := expressed.Circuit.Stats(), got.Circuit.Stats()
	if f.Name == "pla" { // is of two levels, whatever that takes
		a.Size, a.Depth = b.Size, 2
	}
	if f.Name == "th" { // an output that is a complement, an input or a constant is a gate there
		a.Size, a.Depth = a.Size+d.Circuit.OutputCount(), a.Depth+1
	}
	if a.Size < b.Size || a.Depth < b.Depth {
		t.Errorf("%s: %d gates of depth %d come back as %d of depth %d", f.Name, a.Size, a.Depth, b.Size, b.Depth)
	}
}

// Circuits with every kind of gate go through every format, and are written in those that
// cannot be read.
func TestEveryGateInEveryFormat(t *testing.T) {
	everything := find(t, "x.tc0").Repertoire
	for seed := range uint64(12) {
		c := formattest.Random(
			t,
			random.Config{Seed: seed, Inputs: 9, Gates: 25, Set: everything, Keep: seed%2 == 1, Bits: int(seed%3) * 20},
		)
		d := netlist.Of(c)
		d.Name = "random"
		for _, f := range exchange.Formats() {
			if f.Readable() && f.Name != "bristol" {
				roundTrip(t, &f, d)
				continue
			}
			expressed, _, err := exchange.Express(t.Context(), d, &f)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			var file bytes.Buffer
			if err := f.Write(&file, expressed, exchange.Options{}); err != nil || file.Len() == 0 {
				t.Errorf("%s: %d bytes, %v", f.Name, file.Len(), err)
			}
		}
	}
}

// What a format has no words for is refused by its writer, and never left out.
func TestWritersRefuse(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Output("y", b.Mod(3, []int64{1}, b.AtLeast(3, x...), x[0], x[1]))
	c := formattest.Built(t, b)
	for _, f := range exchange.Formats() {
		err := f.Write(io.Discard, netlist.Of(c), exchange.Options{})
		var unfit *netlist.UnfitError
		if f.Repertoire.Holds(c) != (err == nil) || err != nil && !errors.As(err, &unfit) {
			t.Errorf("%s: error %v, and its repertoire holds all gates: %v", f.Name, err, f.Repertoire.Holds(c))
		}
	}
}

func TestFind(t *testing.T) {
	for path, want := range map[string]string{
		"a.aig": "aiger", "a.AAG": "aiger-ascii", "b/c.d.blif": "blif", "x.bench": "bench", "x.th": "th",
		"x.txt":     "bristol",
		"x.bristol": "bristol", "x.v": "verilog", "x.opb": "opb", "x.cnf": "cnf", "x.dimacs": "cnf", "x.smt2": "smtlib",
		"x.graphml": "graphml", "x.tc0": "tc0", "x.gates": "gates", "x.pla": "pla", "x.yosys.json": "yosys", "x.bench.gz": "bench", "a.b/X.TXT.GZ": "bristol",
	} {
		if f := find(t, path); f.Name != want {
			t.Errorf("%s is %s, want %s", path, f.Name, want)
		}
	}
	for _, path := range []string{"x", "x.", "x.png", "aig", "x.json", "x.gz", "x.aig.gz.gz"} {
		_, err := exchange.Find(path)
		var unknown *gates.UnknownError
		if !errors.As(err, &unknown) || !slices.Contains(unknown.Known, ".blif") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if got := fmt.Sprint(exchange.Extensions(true)); got != "[.tc0 .gates .aig .aag .blif .bench .th .bristol .pla]" {
		t.Errorf("readable: %s", got)
	}
	if f := find(t, "x.v"); f.Readable() {
		t.Error("Verilog is said to be readable")
	} else if _, err := f.Read(strings.NewReader("")); err == nil {
		t.Error("Verilog was read")
	}
}

// A question is about the only output, or about what is asked for.
func TestQuestion(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	y := b.And(x[0], x[1].Not())
	b.Output("y", y)
	one := formattest.Built(t, b)
	if got := exchange.Question(one); len(got) != 1 || got[0] != y {
		t.Errorf("question %v, want %v", got, y)
	}
	b = circuit.NewBuilder()
	b.Output("y", b.Inputs("x", 2)...)
	two := formattest.Built(t, b)
	if got := exchange.Question(two); got != nil {
		t.Errorf("question %v about two outputs", got)
	}
	write := func(o exchange.Options) string {
		var file strings.Builder
		if err := find(t, "x.cnf").Write(&file, netlist.Of(one), o); err != nil {
			t.Fatal(err)
		}
		return file.String()
	}
	if asked, open := write(exchange.Options{}), write(exchange.Options{Assert: []circuit.Lit{}}); !strings.Contains(
		asked,
		"\n3 0\n",
	) ||
		strings.Contains(open, "\n3 0\n") {
		t.Errorf("the output is asserted in\n%s\nand not in\n%s", asked, open)
	}
}
