package explore_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/explore"
)

// attention is the circuit of attention:n=2,d=1,bits=2.
func attention(t testing.TB) *circuit.Circuit {
	t.Helper()
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// parity is the parity of n bits in depth 2, in two stages.
func parity(t testing.TB, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	sum := b.Linear()
	for _, l := range x {
		sum.AddLit(circuit.NewInt(1), l)
	}
	s := sum.Sum()
	alternating := b.Linear()
	b.Begin("count")
	for k := 1; k <= n; k++ {
		alternating.AddLit(circuit.NewInt(int64(2*(k%2)-1)), b.Threshold(s, circuit.NewInt(int64(k))))
	}
	b.End()
	b.Begin("alternate")
	b.Output("y", b.Threshold(alternating.Sum(), circuit.NewInt(1)))
	b.End()
	return finish(t, b)
}

// adder adds two numbers of n bits by their carries, without stages.
func adder(t testing.TB, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, n)
	y := b.InputPort("y", circuit.Format{}, n)
	var out []circuit.Lit
	carry, s := circuit.False, b.Linear()
	for i := range n {
		out = append(out, b.Xor(x[i], y[i], carry))
		s.AddLit(circuit.Pow2(i), x[i])
		s.AddLit(circuit.Pow2(i), y[i])
		carry = b.Threshold(s.Sum(), circuit.Pow2(i+1))
	}
	b.OutputPort("z", circuit.Format{}, append(out, carry)...)
	return finish(t, b)
}

func finish(t testing.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// random is a circuit of gates of all kinds, of nested sums and of numbers of any size, in stages.
func random(t testing.TB, seed uint64) *circuit.Circuit {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	b := circuit.NewBuilder()
	b.Keep()
	lits := append(b.InputPort("x[0]", circuit.Format{}, 3), b.InputPort("x[1]", circuit.Format{}, 2+int(seed%3))...)
	lits = append(lits, b.Inputs("w", 2)...)
	lit := func() circuit.Lit { return lits[r.IntN(len(lits))].NotIf(r.IntN(3) == 0) }
	var sums []circuit.Sum
	weight := func() circuit.Int {
		w := circuit.NewInt(int64(r.IntN(9) - 4))
		if r.IntN(12) == 0 {
			w = w.Mul(circuit.Pow2(70))
		}
		return w
	}
	for i := range 60 {
		if i%12 == 0 {
			if i > 0 {
				b.End()
			}
			b.Begin(fmt.Sprintf("part %d [%d]", i/12, i))
		}
		if i%12 == 6 {
			b.Begin("inner")
		}
		if i%12 == 11 {
			b.End()
		}
		some := []circuit.Lit{lit(), lit(), lit()}
		var g circuit.Lit
		switch r.IntN(7) {
		case 0:
			g = b.And(some...)
		case 1:
			g = b.Xor(some...)
		case 2:
			g = b.Nor(some...)
		case 3:
			g = b.Not(some[0])
		case 4:
			g = b.Mod(3, []int64{0, 2}, some...)
		default:
			s := b.Linear()
			for _, l := range some {
				s.AddLit(weight(), l)
			}
			if len(sums) > 0 {
				s.Add(weight(), sums[r.IntN(len(sums))])
			}
			sums = append(sums, s.Sum())
			for k := range 3 {
				g = b.Threshold(sums[r.IntN(len(sums))], circuit.NewInt(int64(k-1)))
				lits = append(lits, g)
			}
		}
		lits = append(lits, g)
	}
	b.End()
	b.OutputPort("y", circuit.Format{}, lits[len(lits)-5:]...)
	b.Output("z", lit().Not())
	return finish(t, b)
}

// circuits are those that most tests go through.
func circuits(t testing.TB) map[string]*circuit.Circuit {
	t.Helper()
	all := map[string]*circuit.Circuit{"attention": attention(t), "parity": parity(t, 7), "adder": adder(t, 5)}
	for seed := range uint64(12) {
		all[fmt.Sprintf("random %d", seed)] = random(t, seed)
	}
	return all
}

func open(t testing.TB, c *circuit.Circuit) *explore.Session {
	t.Helper()
	s, err := explore.Open(c, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func randomInput(r *rand.Rand, n int) []bool {
	in := make([]bool, n)
	for i := range in {
		in[i] = r.IntN(2) == 1
	}
	return in
}
