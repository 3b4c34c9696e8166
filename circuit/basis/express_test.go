package basis_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// repertoires are those of file formats.
var repertoires = map[string]basis.Repertoire{
	"and-inverter": {},
	"and-xor":      {Xor: true},
	"clauses":      {Or: true, Wide: true, Xor: true},
	"bench":        {Or: true, Xor: true, Wide: true, WideXor: true, Complements: true},
	"threshold":    {Or: true, Wide: true, Complements: true, Threshold: true},
	"opb":          {Or: true, Wide: true, Xor: true, Complements: true, Threshold: true},
	"all":          {Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true},
}

func TestExpressComputesTheSame(t *testing.T) {
	for name, r := range repertoires {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				choice := rapid.IntRange(0, 1<<20)
				g := generator{
					choose: func(n int) int { return choice.Draw(t, "choice") % n },
					wide:   5, large: true,
				}
				c := randomCircuit(
					t,
					g,
					rapid.IntRange(2, 8).Draw(t, "inputs"),
					rapid.IntRange(0, 15).Draw(t, "steps"),
					rapid.Bool().Draw(t, "keep"),
				)
				got, err := basis.Express(context.Background(), c, r)
				if err != nil {
					t.Fatal(err)
				}
				if err := got.Check(); err != nil {
					t.Fatal(err)
				}
				if !r.Holds(got) {
					t.Errorf("gates that are not in the repertoire: %v", got.Stats().Gates)
				}
				formattest.SameFunction(t, c, got)
			})
		})
	}
}

// What is in a repertoire already is left as it is, its complements and repetitions too.
func TestExpressLeavesWhatFits(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	b.Output("y", b.Nand(b.Not(x[0]), x[1], x[1]), b.Xnor(x...), b.Buf(x[2]))
	c := formattest.Built(t, b)
	got, err := basis.Express(t.Context(), c, repertoires["bench"])
	if err != nil || got != c {
		t.Errorf("Express = %p, %v; want the circuit itself, %p", got, err, c)
	}
	if got, err = basis.Express(t.Context(), c, basis.Repertoire{}); err != nil {
		t.Fatal(err)
	}
	// NAND of x1 and ¬x0 is one AND; a XNOR of three is two XORs of three ANDs each.
	if n := got.Stats().Gates; n[gates.And] != 1+6 || got.Size() != 7 {
		t.Errorf("gates %v, want 7 AND gates", n)
	}
}

// The depths of a majority of n bits: one gate, or an adder tree.
func TestExpressDepth(t *testing.T) {
	c := majorityCircuit(t, 63)
	for _, test := range []struct {
		name  string
		depth func(d int) bool
	}{
		{"threshold", func(d int) bool { return d == 1 }},
		{"bench", func(d int) bool { return d > 8 && d <= 4*6 }},
		{"and-inverter", func(d int) bool { return d > 12 && d <= 6*6 }},
	} {
		got, err := basis.Express(t.Context(), c, repertoires[test.name])
		if err != nil {
			t.Fatal(err)
		}
		if d := got.Depth(); !test.depth(d) {
			t.Errorf("%s: depth %d", test.name, d)
		}
	}
}

// A MOD gate is two levels of thresholds: one for each end of an interval of accepted
// values, and one that adds them up.
func TestExpressIntervals(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 9)
	b.Output("y", b.Mod(3, []int64{1, 2}, x...))
	got, err := basis.Express(t.Context(), formattest.Built(t, b), repertoires["threshold"])
	if err != nil {
		t.Fatal(err)
	}
	// 1–2, 4–5 and 7–8 of 0–9 are accepted: six ends, of which [s ≥ 1] is an OR and
	// [s ≥ 9] an AND.
	if got.Size() != 7 || got.Depth() != 2 {
		t.Errorf("%d gates of depth %d, want 7 of depth 2", got.Size(), got.Depth())
	}
}

// Weights count modulo m only, so that large ones are no matter; many that are not small
// modulo m are.
func TestExpressModuli(t *testing.T) {
	build := func(bits int, m int64, weight func(i int) circuit.Int) *circuit.Circuit {
		b := circuit.NewBuilder()
		b.Keep()
		line := b.Linear()
		for i, l := range b.InputPort("x", circuit.Format{}, bits) {
			line.AddLit(weight(i), l)
		}
		b.Output("y", b.ModSum(m, []int64{1}, line.Sum()))
		return formattest.Built(t, b)
	}
	c := build(12, 5, func(i int) circuit.Int { return circuit.Pow2(60 + i) })
	got, err := basis.Express(t.Context(), c, repertoires["threshold"])
	if err != nil {
		t.Fatal(err)
	}
	formattest.SameFunction(t, c, got)
	c = build(4000, 65521, func(i int) circuit.Int { return circuit.NewInt(int64(30000 + i)) })
	_, err = basis.Express(t.Context(), c, repertoires["threshold"])
	var refused *basis.Error
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "modulo 65521") {
		t.Errorf("error %v", err)
	}
}

func TestExpressStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 400)
	for i := 1; i < 400; i++ {
		b.Output("y"+string(rune(0x4e00+i)), b.AtLeast(i, x...))
	}
	if _, err := basis.Express(ctx, formattest.Built(t, b), basis.Repertoire{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// A XOR of many inputs becomes blocks, so that its wires do not grow as the square.
func TestExpressWideParity(t *testing.T) {
	const n = 3000
	b := circuit.NewBuilder()
	b.Output("y", b.Xor(b.Inputs("x", n)...))
	c := formattest.Built(t, b)
	got, err := basis.Express(t.Context(), c, repertoires["threshold"])
	if err != nil {
		t.Fatal(err)
	}
	formattest.SameFunction(t, c, got)
	if st := got.Stats(); st.Depth != 4 || st.Wires > 80*n {
		t.Errorf("depth %d and %d wires, want 4 and at most %d", st.Depth, st.Wires, 80*n)
	}
}
