package optimise_test

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
)

// Every threshold function of four inputs with weights from −3 to 4 and every bound that
// does not decide it keeps its table, and ends with as little weight as the least of all
// those with the same table, or is a gate of another kind. So nothing is to be gained by
// other weights up to four inputs.
func TestThresholdFunctions(t *testing.T) {
	type entry struct {
		weights []int64
		total   int64
	}
	table := func(w []int64, bound int64) (table uint16) {
		for v := range 1 << 4 {
			sum := int64(0)
			for i := range 4 {
				sum += w[i] * int64(v>>i&1)
			}
			if sum >= bound {
				table |= 1 << v
			}
		}
		return table
	}
	least := map[uint16]entry{}
	var given []entry
	var bounds []int64
	for code := range 8 * 8 * 8 * 8 {
		w := []int64{int64(code%8) - 3, int64(code/8%8) - 3, int64(code/64%8) - 3, int64(code/512) - 3}
		lo, hi := int64(0), int64(0)
		total := int64(0)
		for _, v := range w {
			lo, hi, total = lo+min(v, 0), hi+max(v, 0), total+max(v, -v)
		}
		for bound := lo + 1; bound <= hi; bound++ {
			f := table(w, bound)
			if e, ok := least[f]; !ok || total < e.total {
				least[f] = entry{w, total}
			}
			if slices.IsSorted(w) || code%5 == 0 {
				given, bounds = append(given, entry{w, total}), append(bounds, bound)
			}
		}
	}
	for k, e := range given {
		c := mustCircuit(t, 4, func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
			return []circuit.Lit{weighted(b, bounds[k], x, e.weights...)}
		})
		got, report, err := optimise.Optimise(
			t.Context(),
			c,
			optimise.Config{Passes: []string{"constants", "thresholds"}},
		)
		if err != nil {
			t.Fatal(err)
		}
		want := table(e.weights, bounds[k])
		for v := range 1 << 4 {
			out, err := got.Eval([]bool{v&1 == 1, v>>1&1 == 1, v>>2&1 == 1, v>>3&1 == 1})
			if err != nil || out[0] != (want>>v&1 == 1) {
				t.Fatalf("%v ≥ %d on %04b: %v, %v", e.weights, bounds[k], v, out, err)
			}
		}
		if w, _ := report.After.Weight.Int64(); w > least[want].total {
			t.Errorf(
				"%v ≥ %d has weight %d, and %v has %d",
				e.weights,
				bounds[k],
				w,
				least[want].weights,
				least[want].total,
			)
		}
	}
}
