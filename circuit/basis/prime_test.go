package basis_test

import (
	"errors"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// thresholdCircuit has one gate [Σ wᵢxᵢ ≥ t].
func thresholdCircuit(t testing.TB, weights []int, bound int) *circuit.Circuit {
	b := circuit.NewBuilder()
	a := b.Linear()
	for i, x := range b.Inputs("x", len(weights)) {
		a.AddLit(circuit.NewInt(int64(weights[i])), x)
	}
	b.Output("y", b.Threshold(a.Sum(), circuit.NewInt(int64(bound))))
	return formattest.Built(t, b)
}

// plainSize counts the gates of the OR of the products of the least sets of [Σ wᵢxᵢ ≥ t] with
// positive weights, by trying all sets.
func plainSize(weights []int, bound int) int {
	products, single := 0, 0
	for set := range uint32(1) << len(weights) {
		sum, least := 0, 1<<30
		for rest := set; rest != 0; rest &= rest - 1 {
			w := weights[bits.TrailingZeros32(rest)]
			sum, least = sum+w, min(least, w)
		}
		if sum >= bound && sum-least < bound {
			products++
			if set&(set-1) == 0 {
				single++
			}
		}
	}
	if products == 1 {
		return 1 - single
	}
	return products - single + 1
}

// asserted makes [Σ wᵢxᵢ ≥ t] in AC0 and asserts that the OR of its least sets is not better, and
// that the function is the same on all inputs.
func asserted(t *testing.T, weights []int, bound int) *circuit.Circuit {
	t.Helper()
	c := thresholdCircuit(t, weights, bound)
	got := legalised(t, c, basis.AC0)
	plain := plainSize(weights, bound)
	if got.Depth() > 2 && got.Size() >= plain || got.Depth() == 2 && got.Size() > plain {
		t.Errorf("%v ≥ %d: depth %d and %d gates; plain: depth 2 and %d gates",
			weights, bound, got.Depth(), got.Size(), plain)
	}
	in := eval.NewVectors(len(weights), 1<<len(weights))
	for w := range in.Wires() {
		for lane := range in.Lanes() {
			in.Set(w, lane, lane>>w&1 == 1)
		}
	}
	if want := formattest.Run(t, c, in); !slices.Equal(formattest.Run(t, got, in).Row(0), want.Row(0)) {
		t.Errorf("%v ≥ %d is another function", weights, bound)
	}
	return got
}

// A threshold of few least sets has two levels, and no other is worse than the plain ones.
func TestTwoLevels(t *testing.T) {
	for n := 3; n <= 17; n++ {
		weights := make([]int, n)
		for i := range weights {
			weights[i] = 1
		}
		asserted(t, weights, n/2+1)
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 40 {
		weights := make([]int, 13+r.IntN(4))
		sum := 0
		for i := range weights {
			weights[i] = 1 + r.IntN(1+r.IntN(12))
			sum += weights[i]
		}
		asserted(t, weights, 1+r.IntN(sum))
	}
	// At least two of 100, or all but one, take one gate for each that is left out.
	for _, bound := range []int64{2, 99} {
		b := circuit.NewBuilder()
		b.Output("y", b.Threshold(b.Count(b.Inputs("x", 100)...), circuit.NewInt(bound)))
		c := formattest.Built(t, b)
		got := legalised(t, c, basis.AC0)
		if got.Depth() != 2 || got.Size() != 101 {
			t.Errorf("at least %d of 100: depth %d and %d gates, want 2 and 101", bound, got.Depth(), got.Size())
		}
		formattest.SameFunction(t, c, got)
	}
	// With negative weights and a bound that only few sets reach.
	weights := []int{9, -8, 7, 7, -6, 6, 5, 5, -4, 4, 3, 3, -2, 2, 1, 1}
	c := thresholdCircuit(t, weights, 48)
	got := legalised(t, c, basis.AC0)
	if got.Depth() != 2 {
		t.Errorf("depth %d, want 2", got.Depth())
	}
	formattest.SameFunction(t, c, got)
}

// Weights that no blocks of digits reduce to one table end as a heavy and a light part.
func TestPairOfParts(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, n := range []int{24, 60, 150} {
		weights := make([]int, n)
		sum := 0
		for i := range weights {
			weights[i] = r.IntN(900) - 450
			sum += weights[i]
		}
		c := thresholdCircuit(t, weights, sum/2+17)
		got := legalised(t, c, basis.AC0)
		formattest.SameFunction(t, c, got)
		if got.Depth() > 18 || got.Size() > 1<<17 {
			t.Errorf("%d weights: depth %d and %d gates", n, got.Depth(), got.Size())
		}
	}
	mod := func(m int64) *circuit.Circuit {
		b := circuit.NewBuilder()
		a := b.Linear()
		for _, x := range b.Inputs("x", 40) {
			a.AddLit(circuit.NewInt(int64(r.IntN(3000))), x)
		}
		b.Output("y", b.ModSum(m, []int64{5, 7, 12, 29}, a.Sum()))
		return formattest.Built(t, b)
	}
	for _, m := range []int64{31, 64, 97} {
		c := mod(m)
		formattest.SameFunction(t, c, legalised(t, c, basis.AC0))
	}
	_, err := basis.Legalise(t.Context(), mod(3001), basis.AC0)
	var refused *basis.Error
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "limit of the construction") {
		t.Errorf("modulo 3001: error %v", err)
	}
}
