package th

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
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y")
	sum := b.Sum(
		circuit.Weigh(3, x[0]),
		circuit.Weigh(-2, x[1].Not()),
		circuit.Term{Weight: circuit.Pow2(70), Of: b.Count(x[2], y)},
	)
	ge, more := b.Threshold(sum, circuit.Pow2(70)), b.Threshold(sum, circuit.Pow2(70).Add(circuit.NewInt(2)))
	b.Output("y", y)              // an input of the same name
	b.Output("CONST1", x[0])      // an input of another name, and a word of the format
	b.Output("not x", x[0].Not()) // a complement of an input
	b.Output("more", more)
	b.Output("same", more)
	b.Output("less", ge.Not()) // read by another gate, too
	b.Output("nand", b.And(x[0], x[1].Not(), ge).Not())
	b.Output("nor", b.Or(x[1], ge.Not()).Not())
	minority := b.Majority(x...).Not()
	b.Output("minority", minority)
	b.Output("minority again", minority)
	b.Output("zero", circuit.False)
	b.Output("one", circuit.True)
	b.OutputPort(
		"sum",
		circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-1)},
		b.AtLeast(2, x[0], x[1], y),
		b.AtLeast(2, x[0], x[1], x[2], y).Not(),
	)
	return formattest.Built(tb, b)
}

func TestWriteGolden(t *testing.T) {
	d := netlist.Of(outputsOfAllKinds(t))
	d.Name, d.Comments = "all kinds", []string{"every kind\tof output", "", "two\nlines"}
	got := format().Written(t, d)
	formattest.Golden(t, "outputs.th", string(got))
	back := format().Trip(t, d)
	if want := []string{"every kind of output", "two lines"}; !slices.Equal(back.Comments, want) ||
		back.Name != "all_kinds" {
		t.Errorf("comments %q, want %q; name %q", back.Comments, want, back.Name)
	}
	format().ExactTrip(t, back)
}

// TestWriteAbsorbsComplements asserts that a complemented output costs no gate and no
// level where nothing else reads the gate.
func TestWriteAbsorbsComplements(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Output("minority", b.Majority(x...).Not())
	b.Output("some zero", b.And(x...).Not())
	c := formattest.Built(t, b)
	d := format().Trip(t, netlist.Of(c))
	if n := formattest.CountsOf(d.Circuit); n.Gates != 2 || n.Depth != 1 || n.Wires != 6 {
		t.Errorf("%+v, want 2 gates, depth 1, 6 wires", n)
	}
}

// TestWriteKeptGates asserts what a builder that keeps gates can make besides what files
// have: gates without inputs, constants as inputs, empty ports.
func TestWriteKeptGates(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	b.InputPort("none", circuit.Format{Kind: circuit.Unsigned}, 0)
	x := b.Input("")
	kept := []circuit.Lit{
		b.And(), b.Or(), b.Nand(), b.Nor(), b.Majority(), b.Threshold(circuit.Sum{}, circuit.NewInt(0)),
		b.And(circuit.True, x), b.Or(circuit.False, x.Not()), b.Buf(x.Not()), b.Not(circuit.True), b.And(x, x, x.Not()),
		b.Majority(x, x, x.Not(), circuit.True), b.Nand(x, circuit.False), b.Nor(x.Not(), x.Not()), b.Not(x.Not()),
	}
	for _, l := range kept[:10] {
		buffer := b.Buf(l)
		kept = append(
			kept,
			b.And(buffer, b.Not(buffer.Not()), x),
			b.Or(b.Not(l)),
			b.Threshold(
				b.Sum(circuit.Weigh(3, b.Not(buffer)), circuit.Weigh(-2, x), circuit.Weigh(2, buffer)),
				circuit.NewInt(2),
			),
			buffer.Not(),
		)
	}
	b.OutputPort("o", circuit.Format{Kind: circuit.Unsigned}, kept...)
	for i, l := range kept {
		b.Output(fmt.Sprint(i), b.Buf(l).Not())
	}
	c := formattest.Built(t, b)
	format().Trip(t, netlist.Of(c))

	c = formattest.Built(t, circuit.NewBuilder())
	if file := format().Written(t, netlist.Of(c)); string(file) != "\n.model circuit\n.input\n.output\n.end\n" {
		t.Errorf("the empty circuit is written as %q", file)
	}
	format().Trip(t, netlist.Of(c))
}

// TestWriteSharedSums asserts that nested sums, and sums that several gates read, are
// multiplied out.
func TestWriteSharedSums(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	s := b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(5, x[1]))
	r := b.Sum(
		circuit.Term{Weight: circuit.NewInt(3), Of: s},
		circuit.Weigh(-6, x[0]),
		circuit.Weigh(7, x[2]),
		circuit.Weigh(-1, x[3]),
	)
	for i := range 4 {
		b.Output(fmt.Sprint("y", i), b.Threshold(r, circuit.NewInt(int64(5*i))))
	}
	b.Output("z", b.Threshold(s, circuit.NewInt(3)))
	c := formattest.Built(t, b)
	d := format().Trip(t, netlist.Of(c))
	// The weight of x0 cancels in r.
	if n := formattest.CountsOf(d.Circuit); n.Wires != 4*3+2 || n.Depth != 1 {
		t.Errorf("%+v, want 14 wires in depth 1", n)
	}
}

// TestWriteLooksThrough asserts that NOT and BUF gates cost a gate and a level only where
// they are outputs.
func TestWriteLooksThrough(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	not := b.Not(b.Buf(x[0]))
	m := b.Majority(not, x[1], b.Not(x[2]))
	b.Output("y", b.And(b.Buf(m), not.Not()))
	b.Output("buffer", b.Buf(b.Not(m)))
	b.Output("z", b.Threshold(b.Sum(circuit.Weigh(2, b.Not(x[1])), circuit.Weigh(3, m)), circuit.NewInt(3)))
	b.Buf(not)
	c := formattest.Built(t, b)
	d := format().Trip(t, netlist.Of(c))
	if n := formattest.CountsOf(d.Circuit); n.Gates != 4 || n.Wires != 3+2+1+2 || d.Circuit.Depth() != 2 {
		t.Errorf("%+v in depth %d, want 4 gates and 8 wires in depth 2", n, d.Circuit.Depth())
	}
}

func TestWriteUnfit(t *testing.T) {
	formattest.RefuseGate(
		t,
		Write,
		"th has no words for gate 6, an XOR gate of fan-in 5",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Xor(x...)
		},
	)
}

func TestWriteFailingWriter(t *testing.T) {
	d := netlist.Of(outputsOfAllKinds(t))
	formattest.FullDisk(t, func(w io.Writer) error { return Write(w, d) })
}

// TestWriteForThreABC asserts the order of gates that threABC wants where each output is a
// gate of one input.
func TestWriteForThreABC(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	m, o := b.Majority(x...), b.Or(x[0], x[1])
	b.Output("m", b.Buf(m))
	b.Output("o", b.Not(b.And(m, o)))
	b.Output("x", b.Buf(x[0]))
	c := formattest.Built(t, b)
	var first []string
	for line := range strings.Lines(string(format().Written(t, netlist.Of(c)))) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == ".threshold" {
			first = append(first, fmt.Sprint(len(words)-2, " ", words[len(words)-1]))
		}
	}
	if want := []string{"1 m", "1 o", "1 x", "3 g4", "2 g5", "2 g7"}; !slices.Equal(first, want) {
		t.Errorf("gates %v, want %v", first, want)
	}
}

// flat is a circuit of n gates of three inputs.
func flat(tb testing.TB, n int) *circuit.Circuit {
	tb.Helper()
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 100)
	for i := range n {
		s := b.Sum(
			circuit.Weigh(int64(1+i%7), x[len(x)-1]),
			circuit.Weigh(-2, x[len(x)-20]),
			circuit.Weigh(3, x[len(x)-100]),
		)
		x = append(x, b.Threshold(s, circuit.NewInt(int64(i%5))))
	}
	b.Output("y", x[len(x)-1])
	return formattest.Built(tb, b)
}

func BenchmarkWrite(b *testing.B) { format().BenchmarkWrite(b, flat(b, 1_000_000)) }

func BenchmarkRead(b *testing.B) { format().BenchmarkRead(b, flat(b, 1_000_000)) }

func ExampleWrite() {
	b := circuit.NewBuilder()
	x, y, z := b.Input("x"), b.Input("y"), b.Input("z")
	b.Output("f", b.Threshold(b.Sum(circuit.Weigh(2, x), circuit.Weigh(1, y), circuit.Weigh(-3, z)), circuit.NewInt(1)))
	b.Output("g", b.And(x, y.Not()).Not())
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	d := netlist.Of(c)
	d.Name, d.Comments = "example", []string{"[2x + y − 3z ≥ 1]"}
	if err := Write(os.Stdout, d); err != nil {
		fmt.Println(err)
	}
	// Output:
	// [2x + y − 3z ≥ 1]
	// .model example
	// .input x y z
	// .output f g
	// .threshold x y z f
	// 2 1 -3 1
	// .threshold x y g
	// -1 1 0
	// .end
}

func ExampleRead() {
	d, err := Read(strings.NewReader("a full adder\n" +
		".model adder\n.input a b c\n.output sum carry\n" +
		".threshold a b c carry\n1 1 1 2\n" +
		".threshold a b c carry sum\n1 1 1 -2 1\n.end\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Name, d.Circuit.Size(), d.Circuit.Levels(gates.Standard()).Depth, d.Wires)
	// Output: adder 2 2 7
}
