package formattest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Format is the format under test.
type Format struct {
	Read       func(io.Reader) (*netlist.Design, error)
	Write      func(io.Writer, *netlist.Design) error
	Repertoire basis.Repertoire
}

// Written returns the file of a design.
func (f Format) Written(t rapid.TB, d *netlist.Design) []byte {
	t.Helper()
	return []byte(Text(t, func(w io.Writer) error { return f.Write(w, d) }))
}

// Parsed reads a file that is good.
func (f Format) Parsed(t rapid.TB, file []byte) *netlist.Design {
	t.Helper()
	d, err := f.Read(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("%v, in\n%s", err, excerpt(file))
	}
	if err := d.Circuit.Check(); err != nil {
		t.Fatalf("%v, in\n%s", err, excerpt(file))
	}
	return d
}

func excerpt(file []byte) []byte { return file[:min(len(file), 2000)] }

// Trip writes a design and reads it back. It asserts that ports and function are the same,
// and that the same design gives the same bytes when it is written again.
func (f Format) Trip(t rapid.TB, d *netlist.Design) *netlist.Design {
	t.Helper()
	file := f.Written(t, d)
	got := f.Parsed(t, file)
	if !Same(t, d.Circuit, got.Circuit) {
		t.Fatalf("the file:\n%s", excerpt(file))
	}
	if again := f.Written(t, d); !bytes.Equal(again, file) {
		t.Fatalf("the same design is written as\n%s\nand as\n%s", excerpt(file), excerpt(again))
	}
	return got
}

// ExactTrip is Trip for a design that was read from the format. It also asserts that gates, wires,
// levels and comments are the same.
func (f Format) ExactTrip(t rapid.TB, d *netlist.Design) *netlist.Design {
	t.Helper()
	got := f.Trip(t, d)
	if a, b := CountsOf(d.Circuit), CountsOf(got.Circuit); a != b {
		t.Fatalf("a circuit of %+v comes back as %+v:\n%s", a, b, excerpt(f.Written(t, d)))
	}
	if !slices.Equal(d.Comments, got.Comments) {
		t.Fatalf("the comments %q come back as %q", d.Comments, got.Comments)
	}
	return got
}

// Counts are the counts of a circuit in published tables.
type Counts struct {
	Inputs, Outputs, Gates int
	Wires                  int64
	Depth                  int // NOT and BUF counted
}

// CountsOf counts a circuit; every NOT and BUF is a gate.
func CountsOf(c *circuit.Circuit) Counts {
	n := Counts{Inputs: len(c.Inputs()), Outputs: c.OutputCount(), Depth: c.Levels(gates.NotCounted()).Depth}
	shapes := c.Shapes()
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			n.Gates++
			n.Wires += int64(shapes.Of(g).FanIn)
		}
	}
	return n
}

// Columns returns the counts by their columns in the table of Expected. Edges are counted as a
// file has them.
func (n Counts) Columns(edges int64) map[string]int {
	return map[string]int{
		"inputs": n.Inputs, "outputs": n.Outputs, "gates": n.Gates, "edges": int(edges), "levels": n.Depth,
	}
}

// SameCounts asserts that two circuits have as many gates of each kind, as many wires, and
// the same depth.
func SameCounts(t rapid.TB, want, got *circuit.Circuit) {
	t.Helper()
	x, y := got.Stats(), want.Stats()
	if x.Gates != y.Gates || x.Depth != y.Depth || x.Wires != y.Wires {
		t.Fatalf("gates %v, depth %d, wires %d; want %v, %d, %d", x.Gates, x.Depth, x.Wires, y.Gates, y.Depth, y.Wires)
	}
}

// Same asserts that two circuits have the same ports and compute the same: on all inputs
// up to 16 bits, on 10240 random ones beyond.
func Same(t rapid.TB, want, got *circuit.Circuit) bool {
	t.Helper()
	return SamePorts(t, want, got) && SameFunction(t, want, got)
}

// SamePorts asserts that two circuits have ports of the same names, widths and formats.
func SamePorts(t rapid.TB, want, got *circuit.Circuit) bool {
	t.Helper()
	ok := true
	for side, ports := range [2][2][]circuit.Port{
		{want.InputPorts(), got.InputPorts()}, {want.OutputPorts(), got.OutputPorts()},
	} {
		name := [2]string{"input", "output"}[side]
		if len(ports[0]) != len(ports[1]) {
			t.Errorf("%d %s ports, want %d", len(ports[1]), name, len(ports[0]))
			return false
		}
		for i, p := range ports[0] {
			q := ports[1][i]
			if p.Name != q.Name || len(p.Wires) != len(q.Wires) || fmt.Sprint(p.Format) != fmt.Sprint(q.Format) {
				t.Errorf("%s port %d is %q of %d wires, %+v, want %q of %d, %+v",
					name, i, q.Name, len(q.Wires), q.Format, p.Name, len(p.Wires), p.Format)
				ok = false
			}
		}
	}
	return ok
}

// SameFunction asserts that two circuits compute the same, wire by wire.
func SameFunction(t rapid.TB, want, got *circuit.Circuit) bool {
	t.Helper()
	if len(want.Inputs()) != len(got.Inputs()) || want.OutputCount() != got.OutputCount() {
		t.Errorf("%d inputs and %d outputs, want %d and %d",
			len(got.Inputs()), got.OutputCount(), len(want.Inputs()), want.OutputCount())
		return false
	}
	in := Vectors(len(want.Inputs()))
	a, b := Run(t, want, in), Run(t, got, in)
	for w := range a.Wires() {
		for i, v := range a.Row(w) {
			if v != b.Row(w)[i] {
				t.Errorf("output wire %d differs for input %v", w, in.Lane(i*64+bits.TrailingZeros64(v^b.Row(w)[i])))
				return false
			}
		}
	}
	return true
}

// Vectors returns all vectors of up to 16 wires, lane k having the bits of k, or 10240
// random ones of more wires, some of them almost all 0 or 1.
func Vectors(wires int) *eval.Vectors {
	if wires <= 16 {
		v := eval.NewVectors(wires, 1<<wires)
		for w := range wires {
			for lane := range 1 << wires {
				v.Set(w, lane, lane>>w&1 != 0)
			}
		}
		return v
	}
	v := eval.NewVectors(wires, 10240)
	r := rand.New(rand.NewPCG(uint64(wires), 1))
	for w := range wires {
		row := v.Row(w)
		for i := range row {
			row[i] = r.Uint64()
			switch rare := r.Uint64() & r.Uint64() & r.Uint64() & r.Uint64(); i % 8 {
			case 0:
				row[i] = rare
			case 1:
				row[i] = ^rare
			}
		}
	}
	return v
}

// Run evaluates a circuit.
func Run(t rapid.TB, c *circuit.Circuit, in *eval.Vectors) *eval.Vectors {
	t.Helper()
	return must(eval.Compile(c, eval.Config{}).Run(context.Background(), in))(t)
}
