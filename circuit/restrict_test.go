package circuit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// A restricted circuit computes the same on every input that agrees with what was fixed,
// and is no larger.
func TestRestrict(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for trial := range 200 {
		b := circuit.NewBuilder()
		lits := b.Inputs("x", 8)
		pick := func() circuit.Lit {
			l := lits[rng.IntN(len(lits))]
			if rng.IntN(2) == 0 {
				return l.Not()
			}
			return l
		}
		for k := range 20 {
			b.Begin([]string{"a", "b", "c"}[k%3])
			in := []circuit.Lit{pick(), pick(), pick(), pick()}
			var g circuit.Lit
			switch rng.IntN(6) {
			case 0:
				g = b.And(in...)
			case 1:
				g = b.Or(in...)
			case 2:
				g = b.Xor(in...)
			case 3:
				g = b.Majority(in[:3]...)
			case 4:
				g = b.Mod(3, []int64{1}, in...)
			default:
				g = b.Threshold(
					b.Sum(
						circuit.Weigh(3, in[0]),
						circuit.Weigh(-2, in[1]),
						circuit.Weigh(1, in[2]),
						circuit.Weigh(2, in[3]),
					),
					circuit.NewInt(2),
				)
			}
			lits = append(lits, g)
			b.End()
		}
		b.Output("y", lits[len(lits)-1], lits[len(lits)-2], lits[len(lits)-5])
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		value := make([]circuit.Lit, 8)
		for i := range value {
			value[i] = []circuit.Lit{circuit.False, circuit.True, 1 << 8}[rng.IntN(3)]
		}
		r, err := c.Restrict(value)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		if r.Size() > c.Size() || r.Depth() > c.Depth() || len(r.Inputs()) != 8 {
			t.Errorf("trial %d: %d gates of %d, depth %d of %d", trial, r.Size(), c.Size(), r.Depth(), c.Depth())
		}
		in := make([]bool, 8)
		for m := range 1 << 8 {
			for i := range in {
				in[i] = m>>i&1 == 1
				if value[i] == circuit.False || value[i] == circuit.True {
					in[i] = value[i] == circuit.True
				}
			}
			want, _ := c.Eval(in)
			for i := range in { // what is fixed is not read any more
				if value[i] == circuit.False || value[i] == circuit.True {
					in[i] = rng.IntN(2) == 0
				}
			}
			got, err := r.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			for k := range want {
				if got[k] != want[k] {
					t.Fatalf("trial %d, %v: output %d is %v", trial, in, k, got[k])
				}
			}
		}
	}
}

func TestRestrictRefuses(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.And(b.Inputs("x", 3)...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Restrict([]circuit.Lit{circuit.True}); err == nil {
		t.Error("one value for three inputs")
	}
}
