package circuit_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// TestAbsorbIsAndOneLevelUp absorbs an input into gates of several kinds and both
// signs and compares with the AND gate on every input.
func TestAbsorbIsAndOneLevelUp(t *testing.T) {
	const n = 6
	for name, gate := range map[string]func(b *circuit.Builder, x []circuit.Lit) circuit.Lit{
		"majority": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x[:5]...) },
		"threshold of a signed sum": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(5, x[2]),
				circuit.Weigh(-4, x[3])), circuit.NewInt(2))
		},
		"threshold of a nested sum": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]))
			return b.Threshold(b.Sum(circuit.Term{Weight: circuit.NewInt(2), Of: s}, circuit.Weigh(-1, x[2]),
				circuit.Weigh(1, x[4])), circuit.NewInt(1))
		},
		"threshold of a huge sum": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(b.Sum(
				circuit.Term{Weight: circuit.Pow2(100), Of: x[0].Value()},
				circuit.Term{Weight: circuit.Pow2(99), Of: x[1].Value()},
				circuit.Term{Weight: circuit.Pow2(99), Of: x[2].Value()}), circuit.Pow2(100))
		},
		"and": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[0], x[1].Not(), x[2]) },
		"nor": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nor(x[0], x[1].Not(), x[2]) },
	} {
		for flip := range 4 {
			b := circuit.NewBuilder()
			x := b.Inputs("x", n)
			// g is at level 1; y and z are inputs, one complemented now and then.
			g := gate(b, x)
			if flip&1 != 0 {
				g = g.Not()
			}
			y, z := x[5].NotIf(flip&2 != 0), x[4]
			one, ok := b.Absorb(g, y)
			if !ok {
				t.Fatalf("%s: not absorbed", name)
			}
			two, ok := b.Absorb(z, one) // in any order
			if !ok {
				t.Fatalf("%s: a second literal was not absorbed", name)
			}
			if b.Level(one) != 1 || b.Level(two) != 1 {
				t.Errorf("%s: levels %d and %d after absorbing, want 1", name, b.Level(one), b.Level(two))
			}
			b.Output("one", one)
			b.Output("two", two)
			b.Output("and one", b.And(g, y))
			b.Output("and two", b.And(g, y, z))
			c := built(t, b)
			for v := range 1 << n {
				out := evalBits(t, c, v)
				if out[0] != out[2] || out[1] != out[3] {
					t.Fatalf("%s, flip %d, input %06b: absorbed %v, ANDs %v", name, flip, v, out[:2], out[2:])
				}
			}
		}
	}
}

func TestAbsorbRefuses(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 6)
	maj, xor := b.Majority(x[:3]...), b.Xor(x[0], x[1])
	for name, pair := range map[string][2]circuit.Lit{
		"two inputs":           {x[0], x[1]},
		"gates of one level":   {maj, b.Majority(x[3:]...)},
		"a constant":           {maj, circuit.True},
		"a XOR gate":           {xor, x[3]},
		"an input into itself": {x[0], x[0]},
	} {
		n := b.Len()
		if l, ok := b.Absorb(pair[0], pair[1]); ok || b.Len() != n {
			t.Errorf("%s: absorbed into %v", name, l)
		}
	}
}

// A sum that absorbs twice keeps the shared sum as its only nested term, so that
// evaluators can look through it.
func TestAbsorbTwiceStaysFlatAboveTheSharedSum(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 8)
	s := b.Sum(
		circuit.Weigh(3, x[0]),
		circuit.Weigh(2, x[1]),
		circuit.Weigh(1, x[2]),
		circuit.Weigh(7, x[3]),
		circuit.Weigh(1, x[4]),
	)
	g, _ := b.Absorb(b.Threshold(s, circuit.NewInt(4)), x[6])
	g, _ = b.Absorb(g, x[7])
	b.Output("y", g)
	c := built(t, b)
	sum, _ := c.Bound(g.Gate())
	refs := c.Refs(sum)
	nested := 0
	for _, r := range refs {
		if r.IsSum() {
			nested++
		}
	}
	if len(refs) != 3 || nested != 1 {
		t.Errorf("the sum has %d terms, %d of them nested; want 3 and 1", len(refs), nested)
	}
	if st := c.Stats(); st.Gates[gates.Threshold] != 3 || st.MaxFanIn != 7 {
		t.Errorf("%d thresholds with fan-in up to %d, want 3 and 7", st.Gates[gates.Threshold], st.MaxFanIn)
	}
}

// A gate takes an AND on its own level in, input by input; two threshold gates are one
// gate only if they are on one sum.
func TestAbsorbOnOneLevel(t *testing.T) {
	const n = 6
	gate := []func(b *circuit.Builder, x []circuit.Lit) circuit.Lit{
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x[:5]...) },
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(4, x[:5]...) },
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x[1:]...) },
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x[0], x[2].Not(), x[5]) },
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[0], x[3].Not(), x[5]) },
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[4], x[5]) },
	}
	// Whether gates i and j, complemented by the low two bits of the key, are absorbed.
	refused := 0
	for i := range gate {
		for j := range i {
			for flip := range 4 {
				b := circuit.NewBuilder()
				x := b.Inputs("x", n)
				g, h := gate[i](b, x).NotIf(flip&1 != 0), gate[j](b, x).NotIf(flip&2 != 0)
				one, ok := b.Absorb(g, h)
				if !ok {
					refused++
					continue
				}
				if b.Level(one) > 1 {
					t.Errorf("gates %d and %d, flip %d: level %d", i, j, flip, b.Level(one))
				}
				b.Output("one", one)
				b.Output("and", b.And(g, h))
				c := built(t, b)
				for v := range 1 << n {
					if out := evalBits(t, c, v); out[0] != out[1] {
						t.Fatalf(
							"gates %d and %d, flip %d, input %06b: absorbed %v, AND %v",
							i,
							j,
							flip,
							v,
							out[0],
							out[1],
						)
					}
				}
			}
		}
	}
	// Of 60 pairs: what stays two gates is threshold gates and ORs among themselves,
	// and [s ≥ a] ∧ ¬[s ≥ b] for a < b.
	if refused != 30 {
		t.Errorf("%d pairs refused, want 30", refused)
	}
}
