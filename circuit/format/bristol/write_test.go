package bristol_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

func TestWrite(t *testing.T) {
	tests := []struct {
		name string
		make func(b *circuit.Builder)
		want string
	}{
		{"nothing", func(*circuit.Builder) {}, "0 0\n0\n0\n\n"},
		{"AND", func(b *circuit.Builder) {
			x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 2)
			b.Output("y", b.And(x...))
		}, "1 3\n1 2\n1 1\n\n2 1 0 1 2 AND\n"},
		{"every kind", func(b *circuit.Builder) {
			x, y := b.Input("x"), b.Input("y")
			b.Output("z", b.And(x, y), b.Nand(x, y), b.Xor(x, y), b.Xnor(x, y), b.Not(x), b.Buf(y))
		}, "8 10\n2 1 1\n6 1 1 1 1 1 1\n\n2 1 0 1 4 AND\n2 1 0 1 2 AND\n1 1 2 5 INV\n2 1 0 1 6 XOR\n2 1 0 1 3 XOR\n1 1 3 7 INV\n1 1 0 8 INV\n1 1 1 9 EQW\n"},
		{"a complement is made once", func(b *circuit.Builder) {
			x, y := b.Input("x"), b.Input("y")
			g := b.And(x.Not(), y)
			h := b.Xor(g.Not(), x.Not())
			b.Output("z", b.And(g.Not(), h))
		}, "5 7\n2 1 1\n1 1\n\n1 1 0 2 INV\n2 1 2 1 3 AND\n1 1 3 4 INV\n2 1 4 2 5 XOR\n2 1 4 5 6 AND\n"},
		{"the complement of a NAND is free", func(b *circuit.Builder) {
			x, y := b.Input("x"), b.Input("y")
			b.Output("z", b.Nand(x, y).Not())
		}, "1 3\n2 1 1\n1 1\n\n2 1 0 1 2 AND\n"},
		{"inputs, constants and repeated outputs", func(b *circuit.Builder) {
			x, y := b.Input("x"), b.Input("y")
			g := b.And(x, y)
			b.OutputPort("z", circuit.Format{}, g, y, circuit.True, g.Not(), g, circuit.True, x.Not(), circuit.False)
		}, "8 10\n2 1 1\n1 8\n\n1 1 0 9 EQ\n1 1 1 4 EQ\n1 1 0 8 INV\n2 1 0 1 2 AND\n1 1 2 5 INV\n1 1 1 3 EQW\n1 1 2 6 EQW\n1 1 1 7 EQ\n"},
		{"a gate that reads constants", func(b *circuit.Builder) {
			x := b.Input("x")
			b.Output("z", b.Xor(b.And(x, circuit.True), circuit.False))
		}, "4 5\n1 1\n1 1\n\n1 1 0 1 EQ\n1 1 1 2 EQ\n2 1 0 2 3 AND\n2 1 3 1 4 XOR\n"},
		{"a gate that nothing reads, and an input behind it", func(b *circuit.Builder) {
			x := b.Input("x")
			b.Nand(x, x)
			b.Output("z", b.And(x, b.Input("y")))
		}, "2 4\n2 1 1\n1 1\n\n2 1 0 0 2 AND\n2 1 0 1 3 AND\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := circuit.NewBuilder()
			b.Keep()
			test.make(b)
			c := formattest.Built(t, b)
			got := written(t, c)
			if got != test.want {
				t.Fatalf("%q, want %q", got, test.want)
			}
			back := read(t, got).Circuit
			same(t, c, back)
			if again := written(t, back); again != got {
				// Constants have no place of their own in a circuit.
				same(t, c, read(t, again).Circuit)
				if !strings.Contains(got, "EQ\n") {
					t.Errorf("%q, then %q", got, again)
				}
			}
		})
	}
}

func TestWriteUnfit(t *testing.T) {
	tests := []struct {
		make func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		what string
	}{
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x[:2]...) }, "an OR gate of fan-in 2"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nor(x[:2]...) }, "a NOR gate of fan-in 2"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, "an AND gate of fan-in 3"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }, "an XOR gate of fan-in 3"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xnor(x[:1]...) }, "an XNOR gate of fan-in 1"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) }, "a MAJORITY gate"},
		{func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Mod(3, []int64{1}, x...) }, "a MOD gate"},
	}
	for _, test := range tests {
		b := circuit.NewBuilder()
		b.Keep()
		b.Output("y", test.make(b, b.Inputs("x", 3)))
		c := formattest.Built(t, b)
		var file bytes.Buffer
		err := bristol.Write(&file, netlist.Of(c))
		var e *netlist.UnfitError
		if !errors.As(err, &e) || e.Format != "Bristol Fashion" || e.Gate != 4 || e.What != test.what ||
			file.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", test.what, err, file.Len())
		}
		d, err := basis.Express(context.Background(), c, bristol.Repertoire())
		if err != nil {
			t.Fatal(err)
		}
		same(t, c, read(t, written(t, d)).Circuit)
	}
}

func TestWriteFails(t *testing.T) {
	c := read(t, chain(10_000, false)).Circuit
	formattest.FullDisk(t, func(w io.Writer) error { return bristol.Write(w, netlist.Of(c)) })
}

// A sum and a comparison of two numbers, from threshold gates.
func TestWriteGolden(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, 3)
	y := b.InputPort("y", circuit.Format{}, 3)
	sum, difference := b.Linear(), b.Linear()
	for i := range x {
		sum.AddLit(circuit.Pow2(i), x[i])
		sum.AddLit(circuit.Pow2(i), y[i])
		difference.AddLit(circuit.Pow2(i), x[i])
		difference.AddLit(circuit.Pow2(i).Neg(), y[i])
	}
	s := sum.Sum()
	var levels []circuit.Lit
	for i := range 14 {
		levels = append(levels, b.Threshold(s, circuit.NewInt(int64(i+1))))
	}
	b.OutputPort("sum", circuit.Format{Kind: circuit.Thermometer}, levels...)
	b.Output("x≥y", b.Threshold(difference.Sum(), circuit.NewInt(0)))
	c, err := basis.Express(context.Background(), formattest.Built(t, b), bristol.Repertoire())
	if err != nil {
		t.Fatal(err)
	}
	got := written(t, c)
	formattest.Golden(t, "thermometer.txt", got)
	var values []int
	for v := range 64 {
		x, y := v%8, v/8
		value := 1<<(x+y) - 1
		if x >= y {
			value |= 1 << 14
		}
		values = append(values, value)
	}
	if got := formattest.Table(t, read(t, got).Circuit); !slices.Equal(got, values) {
		t.Errorf("outputs %v, want %v", got, values)
	}
}

// An adder in the manner of the published ones: complements are gates of their own, and
// the gates that drive outputs stand where they are first needed.
func TestAdder(t *testing.T) {
	const n = 64
	var lines []string
	next := 2 * n
	wires := 0
	gate := func(op string, in ...int) int {
		lines = append(lines, fmt.Sprintf("%d 1 %s %%d %s", len(in), strings.Trim(fmt.Sprint(in), "[]"), op))
		next++
		return next - 1
	}
	sum := make([]int, n)
	carry := gate("AND", 0, n)
	sum[0] = gate("XOR", 0, n)
	for i := 1; i < n; i++ {
		half := gate("XOR", i, n+i)
		sum[i] = gate("XOR", half, carry)
		if i < n-1 {
			none := gate("INV", gate("AND", i, n+i))
			carry = gate("INV", gate("AND", none, gate("INV", gate("AND", half, carry))))
		}
	}
	wires = next
	// Outputs are last: the sums change places with what has their numbers.
	place := make([]int, wires)
	at, last := 2*n, wires-n
	for w := range place {
		switch i := slices.Index(sum, w); {
		case w < 2*n:
			place[w] = w
		case i >= 0:
			place[w] = last + i
		default:
			place[w] = at
			at++
		}
	}
	text := fmt.Sprintf("%d %d\n2 %d %d\n1 %d\n\n", len(lines), wires, n, n, n)
	for k, line := range lines {
		words := strings.Fields(fmt.Sprintf(line, 2*n+k))
		for i, w := range words[2 : len(words)-1] {
			var v int
			fmt.Sscan(w, &v)
			words[2+i] = fmt.Sprint(place[v])
		}
		text += strings.Join(words, " ") + "\n"
	}

	c := read(t, text).Circuit
	st := c.Stats()
	if got, want := [3]int{st.Gates[gates.And], st.Gates[gates.Xor], st.Gates[gates.Not]},
		[3]int{1 + 62*3, 1 + 63*2, 62 * 3}; got != want {
		t.Errorf("AND, XOR, NOT: %v, want %v", got, want)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		x, y := rng.Uint64(), rng.Uint64()
		in := make([]bool, 2*n)
		for i := range n {
			in[i], in[n+i] = x>>i&1 == 1, y>>i&1 == 1
		}
		out, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		got := uint64(0)
		for i, bit := range out {
			if bit {
				got |= 1 << i
			}
		}
		if got != x+y {
			t.Fatalf("%d + %d is %d", x, y, got)
		}
	}
	// It comes back as it was, wire by wire.
	if again := written(t, c); again != text {
		t.Errorf("%s, want %s", again, text)
	}
}

// randomCircuit draws a circuit of gates that have words, inputs among them.
func randomCircuit(t *rapid.T, complements bool) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Keep()
	var lits []circuit.Lit
	pick := func() circuit.Lit {
		if !complements {
			return rapid.SampledFrom(lits).Draw(t, "gate")
		}
		return rapid.SampledFrom(append(lits, circuit.False)).Draw(t, "gate").NotIf(rapid.Bool().Draw(t, "complement"))
	}
	ports := 0
	for range rapid.IntRange(0, 40).Draw(t, "nodes") {
		kind := rapid.IntRange(0, 7).Draw(t, "node")
		if len(lits) == 0 {
			kind = 7
		}
		switch {
		case kind == 0:
			lits = append(lits, b.And(pick(), pick()))
		case kind == 1:
			lits = append(lits, b.Xor(pick(), pick()))
		case kind == 2:
			lits = append(lits, b.Not(pick()))
		case kind == 3:
			lits = append(lits, b.Buf(pick()))
		case kind == 4 && complements:
			lits = append(lits, b.Nand(pick(), pick()))
		case kind == 5 && complements:
			lits = append(lits, b.Xnor(pick(), pick()))
		case ports < 6:
			lits = append(
				lits,
				b.InputPort(fmt.Sprint("x", ports), circuit.Format{}, rapid.IntRange(0, 2).Draw(t, "wires"))...)
			ports++
		}
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "outputs") {
		var wires []circuit.Lit
		for range rapid.IntRange(0, 3).Draw(t, "wires") {
			if complements || len(lits) > 0 {
				wires = append(wires, pick())
			}
		}
		b.OutputPort(fmt.Sprint("y", i), circuit.Format{}, wires...)
	}
	return formattest.Built(t, b)
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCircuit(t, true)
		file := written(t, c)
		for range 4 {
			in := make([]bool, len(c.Inputs()))
			for i := range in {
				in[i] = rapid.Bool().Draw(t, "bit")
			}
			want, err := c.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			if got := interpret(t, file, in); !slices.Equal(got, want) {
				t.Fatalf("%v gives %v, want %v:\n%s", in, got, want, file)
			}
		}
		back := read(t, file).Circuit
		same(t, c, back)
		// What was read once comes back the same ever after, and so do its counts.
		again := read(t, written(t, back)).Circuit
		same(t, c, again)
		formattest.SameCounts(t, back, again)
		x, y := c.Stats(), back.Stats()
		ands, xors := x.Gates[gates.And]+x.Gates[gates.Nand], x.Gates[gates.Xor]+x.Gates[gates.Xnor]
		if y.Gates[gates.And] != ands || y.Gates[gates.Xor] != xors {
			t.Fatalf("%d ANDs, %d XORs; want %d, %d", y.Gates[gates.And], y.Gates[gates.Xor], ands, xors)
		}
		if x.Depth != y.Depth {
			t.Fatalf("depth %d, want %d", y.Depth, x.Depth)
		}
	})
}

// A circuit without complements, constants, or outputs that are no gates of their own is
// written gate by gate.
func TestRoundTripCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCircuit(t, false)
		used := map[circuit.Lit]bool{}
		for _, l := range c.Outputs() {
			if used[l] || c.Kind(l.Gate()) == gates.Input {
				t.Skip("an output needs a copy")
			}
			used[l] = true
		}
		back := read(t, written(t, c)).Circuit
		same(t, c, back)
		formattest.SameCounts(t, c, back)
	})
}
