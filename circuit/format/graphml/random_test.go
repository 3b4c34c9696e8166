package graphml_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

func TestRandomCircuits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := circuit.NewBuilder()
		if rapid.Bool().Draw(t, "keep") {
			b.Keep()
		}
		lits := append(b.Inputs("x", rapid.IntRange(0, 6).Draw(t, "inputs")), circuit.False)
		sums := []circuit.Sum{{}}
		lit := func() circuit.Lit {
			l := rapid.SampledFrom(lits).Draw(t, "literal")
			return l.NotIf(rapid.Bool().Draw(t, "complement"))
		}
		for range rapid.IntRange(0, 25).Draw(t, "steps") {
			s := rapid.SampledFrom(sums).Draw(t, "sum")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				lits = append(lits, b.And(lit(), lit(), lit()))
			case 1:
				lits = append(lits, b.Xor(lit(), lit()))
			case 2:
				lits = append(lits, b.Majority(lit(), lit(), lit()))
			case 3:
				w := circuit.NewInt(rapid.Int64().Draw(t, "weight"))
				sums = append(
					sums,
					b.Sum(
						circuit.Weigh(rapid.Int64Range(-9, 9).Draw(t, "small"), lit()),
						circuit.Term{Weight: w, Of: s},
						circuit.Weigh(1, lit()),
					),
				)
			case 4, 5:
				lo, hi := b.Bounds(s)
				part := circuit.NewInt(rapid.Int64Range(0, 8).Draw(t, "part"))
				at := lo.Add(hi.Sub(lo).Mul(part).FloorDiv(circuit.NewInt(8)))
				lits = append(lits, b.Threshold(s, at))
			case 6:
				m := rapid.Int64Range(2, 9).Draw(t, "modulus")
				lits = append(lits, b.ModSum(m, []int64{rapid.Int64Range(0, m-1).Draw(t, "residue")}, s))
			}
		}
		for i := range lits {
			b.Output(fmt.Sprint("y", i), lits[i].NotIf(i%3 == 1))
		}
		c, err := b.Circuit()
		if err != nil {
			t.Skip(err)
		}
		for _, cfg := range configs()[:2] {
			same(t, c, cfg, 64)
		}
	})
}
