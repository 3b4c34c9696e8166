package graphml_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/graphml"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

func write(t rapid.TB, c *circuit.Circuit, cfg graphml.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return graphml.Write(w, c, cfg) })
}

// everyKind has each kind of gate, nested sums, shared sums, weights that do not fit
// 64 bits, parallel edges, constants that are read and stages.
func everyKind(t rapid.TB, keep bool) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	if keep {
		b.Keep()
	}
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 4)
	y := b.InputPort("y", circuit.Format{Kind: circuit.OneHot, Offset: circuit.Pow2(70)}, 3)
	z := b.Input("z")
	b.Begin("logic")
	var list []circuit.Lit
	list = append(list, b.And(x[0], x[1].Not(), y[0]), b.Or(x[2], y[1], z), b.Nand(x[0], z), b.Nor(x[3], y[2].Not()),
		b.Xor(x[0], x[1], z), b.Xnor(x[2], y[0]), b.Not(x[1]), b.Buf(z.Not()))
	b.Begin("counting")
	list = append(list, b.Majority(x[0], x[1].Not(), y[0]), b.Mod(5, []int64{1, 3}, x[0], y[0], y[1], z, x[3]))
	b.End()
	b.End()
	b.Begin("numbers")
	inner := b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(-3, y[1]), circuit.Weigh(1, z))
	outer := b.Sum(
		circuit.Term{Weight: circuit.Pow2(80), Of: inner},
		circuit.Weigh(1, x[1]),
		circuit.Weigh(-1, x[2].Not()),
		circuit.Weigh(7, x[0]),
	)
	// x[0] cancels once this is multiplied out.
	cancels := b.Sum(
		circuit.Term{Weight: circuit.NewInt(1), Of: inner},
		circuit.Weigh(-2, x[0]),
		circuit.Weigh(5, list[0]),
	)
	for _, s := range []circuit.Sum{inner, outer, cancels} {
		lo, hi := b.Bounds(s)
		for _, t := range []circuit.Int{lo.Add(circuit.NewInt(1)), circuit.NewInt(1), circuit.NewInt(2), hi} {
			list = append(list, b.Threshold(s, t))
		}
	}
	list = append(list, b.ModSum(3, []int64{0}, outer))
	b.End()
	b.Output("all", list...)
	b.Output("fixed", circuit.False, circuit.True, x[2].Not())
	b.OutputSum("number", outer)
	if keep {
		b.Output("kept", b.And(circuit.True, x[0], x[0]), b.Xor())
	}
	return formattest.Built(t, b)
}

func TestGolden(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("adder <1>")
	count := b.Count(x...)
	b.Output("carry", b.Threshold(count, circuit.NewInt(2)))
	b.Output("sum & more", b.Xor(x...))
	b.End()
	b.Output("none", b.Nor(x...))
	c := formattest.Built(t, b)
	for name, cfg := range map[string]graphml.Config{
		"adder": {Name: "full \"adder\"\x00"}, "adder_flat": {Flatten: true, DepthModel: gates.NotCounted()},
	} {
		formattest.Golden(t, name+".graphml", write(t, c, cfg))
	}
}

func configs() []graphml.Config {
	return []graphml.Config{
		{},
		{Flatten: true, Name: "x"},
		{DepthModel: gates.NotCounted()},
		{DepthModel: gates.MajorityDepth(), Flatten: true},
	}
}

func TestEveryKind(t *testing.T) {
	for _, keep := range []bool{false, true} {
		c := everyKind(t, keep)
		for _, cfg := range configs() {
			same(t, c, cfg, 256)
		}
	}
	c := everyKind(t, true)
	st := c.Stats()
	for _, k := range gates.Kinds()[1:] {
		if st.Gates[k] == 0 {
			t.Errorf("no gate of the circuit is %v", k)
		}
	}
	if first := decode(t, write(t, c, graphml.Config{})).Nodes; !slices.ContainsFunc(
		first,
		func(n node) bool { return n.ID == "g0" && get(n.Data, "kind") == "CONST" },
	) {
		t.Error("the constant is read and no node")
	}
}

// Nothing of a flat document may take the time of all paths.
func TestDiamonds(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	s := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]))
	for range 100 {
		// 3·s, as two nodes that share s.
		u := b.Sum(circuit.Term{Weight: circuit.NewInt(1), Of: s}, circuit.Weigh(1, x[0]))
		s = b.Sum(circuit.Term{Weight: circuit.NewInt(2), Of: s}, circuit.Term{Weight: circuit.NewInt(1), Of: u})
	}
	_, hi := b.Bounds(s)
	b.Output("y", b.Threshold(s, hi))
	c := formattest.Built(t, b)
	for _, cfg := range configs() {
		same(t, c, cfg, 4)
	}
}

// Names come from files and hold anything.
func TestNames(t *testing.T) {
	for _, name := range []string{
		"a<b", "]]>", "&amp;", "\x00\x01\ufffe", "\xff", "line\nline\ttab\r", `"'`,
		"größe ∑ 𝔸", "",
	} {
		b := circuit.NewBuilder()
		x := b.Inputs(name+"!", 2)
		b.Begin(name + "?")
		b.Output(name+".", b.And(x...))
		b.End()
		g := decode(t, write(t, formattest.Built(t, b), graphml.Config{Name: name + " "}))
		want := strings.Map(func(r rune) rune {
			if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\n\t\r", r) || r == 0xfffe {
				return '\ufffd'
			}
			return r
		}, name)
		last := g.Nodes[len(g.Nodes)-1]
		if got := get(last.Data, "port"); got != want+"." {
			t.Errorf("port %q reads as %q, want %q", name+".", got, want+".")
		}
		if got := get(g.Nodes[2].Data, "stage"); got != want+"?" {
			t.Errorf("stage %q reads as %q, want %q", name+"?", got, want+"?")
		}
		if got := get(g.Nodes[1].Data, "label"); got != want+"!.1" && got != want+"![1]" {
			t.Errorf("the label of the second wire of %q is %q", name+"!", got)
		}
		if got := get(g.Data, "name"); got != want+" " {
			t.Errorf("name %q reads as %q", name, got)
		}
	}
}

func TestWriterFails(t *testing.T) {
	c := everyKind(t, true)
	formattest.FullDisk(t, func(w io.Writer) error { return graphml.Write(w, c, graphml.Config{}) })
}
