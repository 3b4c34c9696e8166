package aiger_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/aiger"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/netlist"
)

// forms are the two forms of the format.
var forms = []struct {
	kind  string
	write func(io.Writer, *netlist.Design) error
}{{"aag", aiger.WriteASCII}, {"aig", aiger.WriteBinary}}

func read(t rapid.TB, file string) *netlist.Design {
	t.Helper()
	d, err := aiger.Read(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Circuit.Check(); err != nil {
		t.Fatal(err)
	}
	return d
}

func written(t rapid.TB, d *netlist.Design, write func(io.Writer, *netlist.Design) error) string {
	t.Helper()
	var file bytes.Buffer
	if err := write(&file, d); err != nil {
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

// shape is a port without its wires.
type shape struct {
	Name, Format string
	Offset       string
	Weights      []string
	Wires        int
}

func shapes(ports []circuit.Port) (list []shape) {
	for _, p := range ports {
		s := shape{Name: p.Name, Format: p.Format.Kind.String(), Offset: p.Format.Offset.String(), Wires: len(p.Wires)}
		for _, w := range p.Format.Weights {
			s.Weights = append(s.Weights, w.String())
		}
		list = append(list, s)
	}
	return list
}

// same fails unless two circuits have the same ports and compute the same.
func same(t rapid.TB, got, want *circuit.Circuit) {
	t.Helper()
	if diff := cmp.Diff(shapes(want.InputPorts()), shapes(got.InputPorts())); diff != "" {
		t.Fatalf("input ports (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(shapes(want.OutputPorts()), shapes(got.OutputPorts())); diff != "" {
		t.Fatalf("output ports (-want +got):\n%s", diff)
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
