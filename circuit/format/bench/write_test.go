package bench

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
	"github.com/tc0lab/tc0/gates"
)

// outputsOfAllKinds is a circuit whose outputs are all that an output can be.
func outputsOfAllKinds(tb testing.TB) *circuit.Circuit {
	tb.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 2)
	y := b.Input("y")
	and, or := b.And(x[0], x[1].Not()), b.Or(x[0].Not(), y.Not())
	b.Output("y", y)              // an input of the same name
	b.Output("INPUT", x[0])       // an input of another name, and a word of the format
	b.Output("not x", x[0].Not()) // a complement that a gate reads, too
	b.Output("and", and)
	b.Output("same", and)
	b.Output("nand", and.Not())
	b.Output("nand again", and.Not())
	b.Output("zero", circuit.False)
	b.Output("one", circuit.True)
	b.OutputPort("sum", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-1)}, b.Xor(and, or), or)
	return formattest.Built(tb, b)
}

func TestWriteGolden(t *testing.T) {
	d := netlist.Of(outputsOfAllKinds(t))
	d.Comments = []string{"every kind of output", "", "two\nlines"}
	got := format().Written(t, d)
	formattest.Golden(t, "outputs.bench", string(got))
	back := format().Trip(t, d)
	if want := []string{"every kind of output", "", "two lines"}; !slices.Equal(back.Comments, want) {
		t.Errorf("comments %q, want %q", back.Comments, want)
	}
	format().ExactTrip(t, back)
}

// TestWriteKeptGates asserts what a builder that keeps gates can make besides what files
// have: gates without inputs, constants as inputs, empty ports.
func TestWriteKeptGates(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	b.InputPort("none", circuit.Format{Kind: circuit.Unsigned}, 0)
	x := b.Input("")
	b.OutputPort("o", circuit.Format{Kind: circuit.Unsigned},
		b.And(), b.Or(), b.Nand(), b.Nor(), b.Xor(), b.Xnor(),
		b.And(circuit.True, x), b.Or(circuit.False, x.Not()), b.Buf(x.Not()), b.Not(circuit.True))
	c := formattest.Built(t, b)
	format().Trip(t, netlist.Of(c))

	c = formattest.Built(t, circuit.NewBuilder())
	if file := format().Written(t, netlist.Of(c)); string(file) != "g_zero0 = gnd\n" {
		t.Errorf("the empty circuit is written as %q", file)
	}
	format().Trip(t, netlist.Of(c))
}

func TestWriteUnfit(t *testing.T) {
	formattest.RefuseGate(
		t,
		Write,
		"bench has no words for gate 6, a MAJORITY gate",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Majority(x...)
		},
	)
}

func TestWriteFailingWriter(t *testing.T) {
	d := netlist.Of(outputsOfAllKinds(t))
	formattest.FullDisk(t, func(w io.Writer) error { return Write(w, d) })
}

// TestWriteSharedNames has two outputs that would both be the same input.
func TestWriteSharedNames(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Input("a b")
	b.Output("a b", x)
	b.Output("a_b", x)
	c := formattest.Built(t, b)
	format().Trip(t, netlist.Of(c))
}

func BenchmarkWrite(b *testing.B) {
	format().BenchmarkWrite(b, formattest.Large(b, Repertoire(), 1_000_000))
}

func BenchmarkRead(b *testing.B) {
	format().BenchmarkRead(b, formattest.Large(b, Repertoire(), 1_000_000))
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x, y := b.Input("x"), b.Input("y")
	b.Output("sum", b.Xor(x, y))
	b.Output("less", b.And(x.Not(), y))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := Write(os.Stdout, netlist.Of(c)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// INPUT(x)
	// INPUT(y)
	// OUTPUT(sum)
	// OUTPUT(less)
	// g_not1 = NOT(x)
	// sum = XOR(x, y)
	// less = AND(g_not1, y)
}

func ExampleRead() {
	d, err := Read(strings.NewReader("INPUT(a)\nINPUT(b)\nOUTPUT(y)\ny = NOT(x)\nx = NAND(a, b)\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	// The published levels of these benchmarks count NOT and BUFF.
	fmt.Println(d.Circuit.Levels(gates.NotCounted()).Depth, d.Circuit.Depth())
	// Output: 2 1
}
