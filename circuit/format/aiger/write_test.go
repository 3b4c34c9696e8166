package aiger_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// thermometer is a design with ports of all formats: a sum of two numbers, its sign, and
// a majority, made of ANDs.
func thermometer(t testing.TB) *netlist.Design {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.InputPort("y level", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-1)}, 3)
	z := b.Input("z")
	sum := b.Linear()
	for i, l := range x {
		sum.AddLit([]circuit.Int{circuit.NewInt(1), circuit.NewInt(2), circuit.NewInt(-4)}[i], l)
	}
	for _, l := range y {
		sum.AddLit(circuit.NewInt(1), l)
	}
	s := sum.Sum()
	b.OutputPort("sign", circuit.Format{Kind: circuit.Unsigned}, b.Threshold(s, circuit.NewInt(1)).Not())
	b.OutputPort(
		"code",
		circuit.Format{Kind: circuit.OneHot},
		b.Threshold(s, circuit.NewInt(3)),
		b.Threshold(s, circuit.NewInt(3)).Not(),
	)
	b.OutputPort(
		"weights",
		circuit.Format{
			Kind:    circuit.Weighted,
			Offset:  circuit.NewInt(2),
			Weights: []circuit.Int{circuit.NewInt(-3), circuit.NewInt(5)},
		},
		b.Majority(append(y, z)...),
		z,
	)
	b.Output("one", circuit.True)
	c, err := basis.Express(context.Background(), formattest.Built(t, b), aiger.Repertoire())
	if err != nil {
		t.Fatal(err)
	}
	return &netlist.Design{Circuit: c, Comments: []string{"a sum,", "", "its sign, and a majority"}}
}

func TestWriteGolden(t *testing.T) {
	d := thermometer(t)
	for _, f := range forms {
		got := written(t, d, f.write)
		formattest.Golden(t, "ports."+f.kind, got)
		back := read(t, got)
		formattest.Same(t, d.Circuit, back.Circuit)
		formattest.SameCounts(t, d.Circuit, back.Circuit)
		if !slices.Equal(back.Comments, d.Comments) {
			t.Errorf("comments %q, want %q", back.Comments, d.Comments)
		}
	}
}

func TestWrite(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Input("x")
	g := b.And(x, circuit.True)
	y := b.Input("i1") // behind a gate
	h := b.And(y.Not(), g)
	b.Output("o0", h.Not())
	b.Output("o2", circuit.False)
	b.Output("no\x7f\nname", y)
	d := &netlist.Design{
		Circuit:  formattest.Built(t, b),
		Comments: []string{"two\nlines\r\nor one", "tc0 input 7 unsigned x", "\ttab\r"},
	}
	want := []string{
		"aag 4 2 0 3 2\n2\n4\n9\n0\n4\n6 2 1\n8 5 6\n",
		"aig 4 2 0 3 2\n9\n0\n4\n\x04\x01\x02\x01",
	}
	const rest = "i0 x\no1 o2\no2 no__name\nc\ntc0 input 1 unsigned x\ntc0 input 1 unsigned i1\n" +
		"tc0 output 1 unsigned o0\ntc0 output 1 unsigned o2\ntc0 output 1 unsigned \"no\\x7f\\nname\"\ntwo\nlines\nor one\ntc0: input 7 unsigned x\n\ttab\n"
	for i, f := range forms {
		got := written(t, d, f.write)
		if got != want[i]+rest {
			t.Errorf("%q, want %q", got, want[i]+rest)
		}
		back := read(t, got)
		formattest.Same(t, d.Circuit, back.Circuit)
		if again := written(t, back, f.write); again != got {
			t.Errorf("%q, then %q", got, again)
		}
	}
}

func TestWriteUnfit(t *testing.T) {
	tests := []struct {
		make func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		what string
	}{
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x[:2]...) }, "an OR gate of fan-in 2"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[:2]...) }, "an XOR gate of fan-in 2"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, "an AND gate of fan-in 3"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[:1]...) }, "an AND gate of fan-in 1"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nand(x[:2]...) }, "a NAND gate of fan-in 2"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Not(x[0]) }, "a NOT gate of fan-in 1"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Buf(x[0]) }, "a BUF gate of fan-in 1"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) }, "a MAJORITY gate"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Mod(3, []int64{1}, x...) }, "a MOD gate"},
	}
	for _, test := range tests {
		b := circuit.NewBuilder()
		b.Keep()
		x := b.Inputs("x", 3)
		b.Output("y", test.make(b, x))
		c := formattest.Built(t, b)
		for _, f := range forms {
			var file bytes.Buffer
			err := f.write(&file, netlist.Of(c))
			var e *netlist.UnfitError
			if !errors.As(err, &e) || e.Format != "AIGER" || e.Gate != 4 || e.What != test.what || file.Len() > 0 {
				t.Errorf("%s: %v, %d bytes", test.what, err, file.Len())
			}
		}
		d, err := basis.Express(context.Background(), c, aiger.Repertoire())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range forms {
			formattest.Same(t, c, read(t, written(t, netlist.Of(d), f.write)).Circuit)
		}
	}
}

func TestWriteFails(t *testing.T) {
	d := read(t, chain(100_000))
	for _, f := range forms {
		formattest.FullDisk(t, func(w io.Writer) error { return f.write(w, d) })
	}
}

// randomDesign draws a circuit of ANDs, redundant ones and inputs among them.
func randomDesign(t *rapid.T) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	lits := []circuit.Lit{circuit.False}
	pick := func() circuit.Lit {
		return rapid.SampledFrom(lits).Draw(t, "gate").NotIf(rapid.Bool().Draw(t, "complement"))
	}
	name := rapid.StringN(0, 5, 20)
	used := map[string]bool{}
	fresh := func(side string) string {
		for {
			if n := name.Draw(t, side); !used[side+n] {
				used[side+n] = true
				return n
			}
		}
	}
	formats := []circuit.Format{
		{},
		{},
		{Kind: circuit.TwosComplement},
		{Kind: circuit.OneHot, Offset: circuit.NewInt(-2)},
	}
	format := rapid.SampledFrom(formats)
	for range rapid.IntRange(0, 40).Draw(t, "nodes") {
		if rapid.IntRange(0, 4).Draw(t, "node") == 0 && len(used) < 5 {
			lits = append(
				lits,
				b.InputPort(fresh("in"), format.Draw(t, "format"), rapid.IntRange(0, 2).Draw(t, "wires"))...)
		} else {
			lits = append(lits, b.And(pick(), pick()))
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "outputs") {
		wires := make([]circuit.Lit, rapid.IntRange(0, 3).Draw(t, "wires"))
		for i := range wires {
			wires[i] = pick()
		}
		b.OutputPort(fresh("out"), format.Draw(t, "format"), wires...)
	}
	comments := rapid.SliceOfN(rapid.StringMatching(`[ a-z]{0,9}`), 0, 3).Draw(t, "comments")
	return &netlist.Design{Circuit: formattest.Built(t, b), Comments: comments}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		for _, f := range forms {
			file := written(t, d, f.write)
			back := read(t, file)
			formattest.Same(t, d.Circuit, back.Circuit)
			formattest.SameCounts(t, d.Circuit, back.Circuit)
			if !slices.Equal(back.Comments, d.Comments) {
				t.Fatalf("%s: comments %q, want %q", f.kind, back.Comments, d.Comments)
			}
			if got, want := back.Wires, 2*int64(d.Circuit.Stats().Gates[gates.And]); got != want {
				t.Fatalf("%s: %d wires, want %d", f.kind, got, want)
			}
			if again := written(t, back, f.write); again != file {
				t.Fatalf("%s: %q, then %q", f.kind, file, again)
			}
		}
	})
}

// The two forms say the same.
func TestFormsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		binary := written(t, d, aiger.WriteBinary)
		if again := written(t, read(t, written(t, d, aiger.WriteASCII)), aiger.WriteBinary); again != binary {
			t.Fatalf("by ASCII %q, want %q", again, binary)
		}
	})
}

// The gates of a file may stand in any order.
func TestReadShuffled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		lines := strings.SplitAfter(written(t, d, aiger.WriteASCII), "\n")
		st := d.Circuit.Stats()
		first := 1 + st.Inputs + st.Outputs
		ands := lines[first : first+st.Gates[gates.And]]
		copy(ands, rapid.Permutation(ands).Draw(t, "ands"))
		back := read(t, strings.Join(lines, ""))
		formattest.Same(t, d.Circuit, back.Circuit)
		formattest.SameCounts(t, d.Circuit, back.Circuit)
	})
}
