package eval

import (
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// randomCircuit makes a circuit with gates of every kind, nested, signed, shared and
// huge sums, and outputs that are constants, inputs, complements and repetitions.
func randomCircuit(t testing.TB, rng *rand.Rand, inputs, count int, keep bool) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	if keep {
		b.Keep()
	}
	lits := append(b.Inputs("x", inputs), circuit.False)
	var sums []circuit.Sum
	lit := func() circuit.Lit {
		at := rng.IntN(len(lits))
		if rng.IntN(2) == 0 { // prefer late gates
			at = len(lits) - 1 - rng.IntN(min(len(lits), 10))
		}
		return lits[at].NotIf(rng.IntN(3) == 0)
	}
	some := func(most int) []circuit.Lit {
		xs := make([]circuit.Lit, 1+rng.IntN(most))
		for i := range xs {
			xs[i] = lit()
		}
		return xs
	}
	weight := func() circuit.Int {
		w := circuit.NewInt(rng.Int64N(9) - 4)
		switch rng.IntN(12) {
		case 0:
			w = circuit.Pow2(rng.IntN(140)).Sub(circuit.NewInt(rng.Int64N(5)))
		case 1:
			w = circuit.NewInt(rng.Int64N(4000) - 2000)
		}
		return w
	}
	for range count {
		fan := []int{2, 3, 6, 40}[rng.IntN(4)]
		switch rng.IntN(13) {
		case 0:
			lits = append(lits, b.And(some(fan)...))
		case 1:
			lits = append(lits, b.Or(some(fan)...))
		case 2:
			lits = append(lits, b.Xor(some(fan)...))
		case 3:
			lits = append(lits, b.Nand(some(fan)...), b.Nor(some(fan)...), b.Xnor(some(fan)...))
		case 4:
			lits = append(lits, b.Not(lit()), b.Buf(lit()))
		case 5:
			lits = append(lits, b.And(lit(), lit()), b.Or(lit(), lit()), b.Xor(lit(), lit()))
		case 6:
			lits = append(lits, b.Majority(some(fan)...))
		case 7, 8:
			line := b.Linear()
			for range 1 + rng.IntN(fan) {
				line.AddLit(weight(), lit())
			}
			for range rng.IntN(3) {
				if len(sums) > 0 {
					line.Add(weight(), sums[rng.IntN(len(sums))])
				}
			}
			sums = append(sums, line.Sum())
		case 9, 10:
			if len(sums) > 0 {
				s := sums[rng.IntN(len(sums))]
				for range 3 {
					lits = append(lits, b.Threshold(s, circuit.NewInt(rng.Int64N(13)-6)))
				}
				lits = append(lits, b.Threshold(s, weight()))
			}
		case 11:
			m := 1 + rng.Int64N(9)
			var residues []int64
			for range rng.IntN(4) {
				residues = append(residues, rng.Int64N(m))
			}
			if len(sums) > 0 && rng.IntN(2) == 0 {
				lits = append(lits, b.ModSum(m, residues, sums[rng.IntN(len(sums))]))
			} else {
				lits = append(lits, b.Mod(m, residues, some(fan)...))
			}
		case 12:
			if x, ok := b.Absorb(lit(), lit()); ok {
				lits = append(lits, x)
				if y, ok := b.Absorb(x, lits[rng.IntN(inputs)]); ok {
					lits = append(lits, y)
				}
			}
		}
	}
	b.Output("constant", circuit.True)
	b.Output("input", lits[0].Not())
	for i := range 12 {
		b.Output("y"+string(rune('a'+i)), lit())
	}
	b.Output("last", lits[len(lits)-1], lits[len(lits)-1].Not())
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

// agree runs the plan of c on the given lanes and compares with the naive evaluator.
func agree(t testing.TB, c *circuit.Circuit, in *Vectors, workers int) {
	t.Helper()
	out, err := Compile(c, Config{Workers: workers}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for lane := range in.Lanes() {
		want, err := c.Eval(in.Lane(lane))
		if err != nil {
			t.Fatal(err)
		}
		for i, bit := range want {
			if out.Bit(i, lane) != bit {
				t.Fatalf("output %d on lane %d is %v, naively %v", i, lane, out.Bit(i, lane), bit)
			}
		}
	}
}

func TestRandomCircuitsExhaustively(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 1))
		inputs := 1 + rng.IntN(7)
		c := randomCircuit(t, rng, inputs, 5+rng.IntN(60), seed%4 == 0)
		in := NewVectors(inputs, 1<<inputs)
		for lane := range in.Lanes() {
			for i := range inputs {
				in.Set(i, lane, lane>>i&1 == 1)
			}
		}
		agree(t, c, in, 1)
	}
}
