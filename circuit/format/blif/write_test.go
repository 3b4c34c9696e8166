package blif

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// outputsOfAllKinds is a circuit whose outputs are all that an output can be.
func outputsOfAllKinds(tb testing.TB) *circuit.Circuit {
	tb.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y")
	and, or := b.And(x[0], x[1].Not(), x[2]), b.Or(x[0].Not(), y.Not(), x[2])
	b.Output("y", y)              // an input of the same name
	b.Output(".end", x[0])        // an input of another name, and a word of the format
	b.Output("not x", x[0].Not()) // a complement of an input
	b.Output("and", and)
	b.Output("same", and)
	b.Output("nand", and.Not())
	b.Output("zero", circuit.False)
	b.Output("one", circuit.True)
	b.OutputPort("sum", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-1)}, b.Xor(and, or), or)
	return formattest.Built(tb, b)
}

// gatesOfAllKinds is a circuit of each gate that can be written.
func gatesOfAllKinds(tb testing.TB) *circuit.Circuit {
	tb.Helper()
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 4)
	in := [][]circuit.Lit{
		{x[0], x[1]},
		{x[0].Not(), x[1], x[2]},
		{x[2].Not(), x[3].Not()},
		{x[1], circuit.True, circuit.False},
		{x[3]},
		{},
	}
	for i, lits := range in {
		for k, op := range []func(...circuit.Lit) circuit.Lit{b.And, b.Or, b.Nand, b.Nor, b.Xor, b.Xnor} {
			b.Output(fmt.Sprintf("y%d.%s", i, []string{"and", "or", "nand", "nor", "xor", "xnor"}[k]), op(lits...))
		}
	}
	b.Output(
		"z",
		b.Xor(x...),
		b.Xnor(x...),
		b.Not(x[0]),
		b.Buf(x[0]),
		b.Not(x[0].Not()),
		b.Buf(x[0].Not()),
		b.Not(circuit.True),
	)
	return formattest.Built(tb, b)
}

func TestWriteGolden(t *testing.T) {
	for name, c := range map[string]*circuit.Circuit{"outputs": outputsOfAllKinds(t), "gates": gatesOfAllKinds(t)} {
		t.Run(name, func(t *testing.T) {
			d := netlist.Of(c)
			d.Name, d.Comments = "every #", []string{"every kind of " + name, "", "two\nlines"}
			got := format().Written(t, d)
			formattest.Golden(t, name+".blif", string(got))
			back := format().Trip(t, d)
			if want := []string{"every kind of " + name, "", "two lines"}; !slices.Equal(back.Comments, want) ||
				back.Name != "every__" {
				t.Errorf("comments %q, want %q; name %q", back.Comments, want, back.Name)
			}
			format().ExactTrip(t, back)
		})
	}
}

func TestWriteEmpty(t *testing.T) {
	b := circuit.NewBuilder()
	b.InputPort("none", circuit.Format{Kind: circuit.Unsigned}, 0)
	c := formattest.Built(t, b)
	if file := format().Written(t, netlist.Of(c)); string(
		file,
	) != "# tc0 input 0 unsigned none\n.model circuit\n.inputs\n.outputs\n.end\n" {
		t.Errorf("the empty circuit is written as %q", file)
	}
	format().Trip(t, netlist.Of(c))
}

// TestWriteWideGates asserts that the file is linear in the fan-in.
func TestWriteWideGates(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 1000)
	b.Output("y", b.And(x...), b.Or(x...), b.Nand(x...), b.Nor(x...))
	c := formattest.Built(t, b)
	file := format().Written(t, netlist.Of(c))
	if most := 50_000; len(file) > most {
		t.Errorf("%d bytes, want %d at most", len(file), most)
	}
	if n := formattest.CountsOf(format().Trip(t, netlist.Of(c)).Circuit); n.Gates != 4 || n.Wires != 4000 ||
		n.Depth != 1 {
		t.Errorf("%+v", n)
	}
}

func TestWriteUnfit(t *testing.T) {
	for name, gate := range map[string]func(b *circuit.Builder, x []circuit.Lit) circuit.Lit{
		"a MAJORITY gate":         func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) },
		"an XOR gate of fan-in 5": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) },
	} {
		formattest.RefuseGate(t, Write, "blif has no words for gate 6, "+name, gate)
	}
}

func TestWriteFailingWriter(t *testing.T) {
	d := netlist.Of(outputsOfAllKinds(t))
	formattest.FullDisk(t, func(w io.Writer) error { return Write(w, d) })
}

func BenchmarkWrite(b *testing.B) {
	format().BenchmarkWrite(b, formattest.Large(b, Repertoire(), 1_000_000))
}

func BenchmarkRead(b *testing.B) {
	format().BenchmarkRead(b, formattest.Large(b, Repertoire(), 1_000_000))
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x, y, z := b.Input("x"), b.Input("y"), b.Input("z")
	b.Output("y1", b.Or(x, y.Not(), z))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	d := netlist.Of(c)
	d.Name = "example"
	if err := Write(os.Stdout, d); err != nil {
		fmt.Println(err)
	}
	// Output:
	// .model example
	// .inputs x y z
	// .outputs y1
	// .names x y z y1
	// 010 0
	// .end
}

func ExampleRead() {
	d, err := Read(strings.NewReader(".model mux\n.inputs s a b\n.outputs y\n.names s a b y\n01- 1\n1-1 1\n.end\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Name, d.Circuit.Size(), d.Circuit.Depth())
	// Output: mux 3 2
}
