package handwritten

import (
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
	"github.com/tc0lab/tc0/gates"
)

// TestRandom takes random circuits there and back: function, ports, the gates of each kind, wires,
// depth and sums.
func TestRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := formattest.Random(t, random.Config{
			Seed: rapid.Uint64().Draw(t, "seed"), Inputs: rapid.IntRange(1, 12).Draw(t, "inputs"),
			Gates: rapid.IntRange(1, 60).Draw(t, "gates"), Set: Repertoire(), Keep: rapid.Bool().Draw(t, "keep"),
			Bits: rapid.SampledFrom([]int{0, 30, 63, 100}).Draw(t, "bits"),
		})
		back := format().Trip(t, netlist.Of(c))
		formattest.SameCounts(t, c, back.Circuit)
		again := format().ExactTrip(t, back)
		if a, b := format().Written(t, back), format().Written(t, again); string(a) != string(b) {
			t.Fatalf("it is written as\n%s\nand, read again, as\n%s", a, b)
		}
	})
}

// everyKind is a circuit with a gate of each kind of the table of gates.
func everyKind(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.InputPort("code", circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(-2)}, 1)
	b.InputPort("none", circuit.Format{}, 0)
	b.Begin("first")
	shared := b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(-3, x[1]))
	g := []circuit.Lit{b.Buf(x[0].Not()), b.Not(circuit.True), b.And(), b.Or(x[0], x[0].Not()), b.Nand(x...)}
	b.Begin("a/b # c")
	g = append(g, b.Nor(x[0], y[0]), b.Xor(x...), b.Xnor(x[0], g[0]), b.Majority(x[0], x[1].Not(), y[0]))
	b.End()
	g = append(g, b.Threshold(shared, circuit.NewInt(-1)), b.ModSum(5, []int64{1, 3}, shared), b.Majority())
	b.End()
	b.Begin("second")
	nested := b.Sum(circuit.Term{Weight: circuit.Pow2(70), Of: shared}, circuit.Weigh(1, g[3]))
	g = append(g, b.Threshold(nested, circuit.Pow2(71)), b.ModSum(1, nil, circuit.Sum{}))
	b.End()
	weighted := circuit.Format{Kind: circuit.Weighted, Offset: circuit.NewInt(4), Weights: make([]circuit.Int, len(g))}
	b.OutputPort("all", weighted, g...)
	b.Output("zero", circuit.False)
	b.Output("x.1", x[1])
	b.Output("x.2", x[0])
	b.Output("inverse", x[0].Not())
	return formattest.Built(t, b)
}

func TestEveryKind(t *testing.T) {
	d := netlist.Of(everyKind(t))
	d.Name, d.Comments = "all kinds", []string{"every kind of gate", "tc0 input 3 unsigned x"}
	st := d.Circuit.Stats()
	for _, k := range gates.Kinds() {
		if !k.IsSource() && st.Gates[k] == 0 {
			t.Errorf("the circuit has no %v", k)
		}
	}
	formattest.Golden(t, "kinds.gates", string(format().Written(t, d)))
	back := format().Trip(t, d)
	formattest.SameCounts(t, d.Circuit, back.Circuit)
	if back.Name != d.Name || strings.Join(back.Comments, "|") != "every kind of gate|tc0: input 3 unsigned x" {
		t.Errorf("name %q, comments %q", back.Name, back.Comments)
	}
	var stages []string
	for g := range circuit.Gate(back.Circuit.Len()) {
		if p := back.Circuit.StagePath(back.Circuit.StageOf(g)); len(stages) == 0 || stages[len(stages)-1] != p {
			stages = append(stages, p)
		}
	}
	if got, want := strings.Join(stages, "; "), "; first; first/a/b # c; first; second"; got != want {
		t.Errorf("stages %s, want %s", got, want)
	}
	format().ExactTrip(t, back)
}

// TestNames asserts that any name comes back, also one that is a word of the format, and one that
// an input and an output share.
func TestNames(t *testing.T) {
	names := []string{
		"and", "maj", "input", "sum", "mod", "not", "in", "bits", "x[2,3]", "x[0].1", "x[", "x[1", "x[1,]", "_", "", "22", "a b", "#",
		`"`, `\`, "é", "\xff", "g7", "g_s1", "g_", "-1", "\u200b", "a\nb", "one-hot", "x.0",
	}
	b := circuit.NewBuilder()
	var x []circuit.Lit
	for _, name := range names {
		x = append(x, b.Input(name))
	}
	b.InputPort("x", circuit.Format{}, 2) // its wire x.0 is taken
	for i, name := range names {
		b.Output(name, b.AtLeast(2, x[i], x[(i+1)%len(x)].Not(), x[(i+2)%len(x)]))
	}
	back := format().Trip(t, netlist.Of(formattest.Built(t, b)))
	format().ExactTrip(t, back)
}

// TestNothing asserts that a circuit without a port and a gate comes back.
func TestNothing(t *testing.T) {
	d := netlist.Of(formattest.Built(t, circuit.NewBuilder()))
	if text := string(format().Written(t, d)); text != "stage\n" {
		t.Errorf("it is written as %q", text)
	}
	format().ExactTrip(t, d)
}

// TestWideInputs asserts that a port that a short file may not ask for is written with its wires.
func TestWideInputs(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, 10_000)
	b.Output("y", b.And(x...))
	d := netlist.Of(formattest.Built(t, b))
	if text := string(format().Written(t, d)); !strings.HasPrefix(text, "input x : 10000 bits = x.0, x.1, ") {
		t.Errorf("the text begins with %.40q", text)
	}
	format().Trip(t, d)
}

// TestSharedSums asserts that gates on one sum do not repeat it.
func TestSharedSums(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 100)
	for k := range 90 {
		b.Output("y"+itoa(k), b.AtLeast(k+5, x...))
	}
	d := netlist.Of(formattest.Built(t, b))
	if size := len(format().Written(t, d)); size > 6000 {
		t.Errorf("%d bytes", size)
	}
	formattest.SameCounts(t, d.Circuit, format().Trip(t, d).Circuit)
}

func TestFullDisk(t *testing.T) {
	d := netlist.Of(everyKind(t))
	formattest.FullDisk(t, func(w io.Writer) error { return Write(w, d) })
}

func BenchmarkWrite(b *testing.B) {
	format().BenchmarkWrite(b, formattest.Large(b, Repertoire(), 100_000))
}

func BenchmarkRead(b *testing.B) {
	format().BenchmarkRead(b, formattest.Large(b, Repertoire(), 100_000))
}
