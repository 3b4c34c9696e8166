package circuit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// TestAllShapes finds the shapes of sums together, as those who count a circuit do, and one by one: sums of two terms
// that overlap in none, some or all of their gates, with weights that cancel, that come again with other weights, and
// that are great.
func TestAllShapes(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := circuit.NewBuilder()
		x := b.Inputs("x", 12)
		parts := make([]circuit.Sum, 0, 40)
		for range 4 {
			line, from := b.Linear(), r.IntN(len(x))
			for _, l := range x[from:min(len(x), from+1+r.IntN(6))] {
				line.AddLit(circuit.NewInt(int64(r.IntN(7)-3)), l)
			}
			parts = append(parts, line.Sum())
		}
		for i := range 60 {
			line := b.Linear()
			terms := 2
			if i%7 == 0 {
				terms = 3
			}
			for range terms {
				w := circuit.NewInt(int64(r.IntN(9) - 4))
				if r.IntN(40) == 0 {
					w = circuit.Pow2(61 + r.IntN(9))
				}
				of := parts[r.IntN(min(len(parts), 9))]
				if r.IntN(3) == 0 {
					of = x[r.IntN(len(x))].Value()
				}
				line.Add(w, of)
			}
			parts = append(parts, line.Sum())
			b.Output(fmt.Sprint("y", i), b.Threshold(parts[len(parts)-1], circuit.NewInt(1)))
		}
		c := built(t, b)
		alone, together := c.Shapes(), c.AllShapes()
		for s := range circuit.SumID(c.SumCount()) {
			want, got := alone.OfSum(s), together.OfSum(s)
			if got.FanIn != want.FanIn || got.Weight.Cmp(want.Weight) != 0 || got.MaxWeight.Cmp(want.MaxWeight) != 0 {
				from, weights := c.Flatten(s)
				t.Fatalf("seed %d: sum %d of the gates %v, weights %v: %+v, and %+v together", seed, s, from, weights, want, got)
			}
		}
	}
}
