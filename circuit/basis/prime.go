package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// The limits of two levels that are made of the least sets of literals.
const (
	maxPrimes      = 1 << 14 // products
	maxPrimesWires = 1 << 22 // literals in them
)

// primes goes through the least sets of literals whose weights, positive and heaviest first, reach
// the bound: the products of the irredundant OR of ANDs of [Σ ≥ t], which is monotone. It stops
// when each returns false. The places it hands over are in order, and it uses them again.
func primes(weights []circuit.Int, t circuit.Int, each func(places []int) bool) {
	rest := make([]circuit.Int, len(weights)+1) // of the places from here on
	for i, w := range slices.Backward(weights) {
		rest[i] = rest[i+1].Add(w)
	}
	var places []int
	var from func(i int, missing circuit.Int) bool
	from = func(i int, missing circuit.Int) bool {
		for ; i < len(weights) && rest[i].Cmp(missing) >= 0; i++ { // every turn ends in a set
			places = append(places, i)
			left := missing.Sub(weights[i])
			on := false
			if left.Sign() <= 0 { // the last place is the lightest, so that none can be left out
				on = each(places)
			} else {
				on = from(i+1, left)
			}
			places = places[:len(places)-1]
			if !on {
				return false
			}
		}
		return true
	}
	if t.Sign() > 0 {
		from(0, t)
	} else {
		each(nil)
	}
}

// twoLevels are the sizes of two levels for [Σ ≥ t]: an OR of ANDs or, if that is less, an AND of
// ORs.
type twoLevels struct {
	gates int
	dual  bool
}

// planTwoLevels returns how [Σ terms ≥ t] is made in two levels; ok tells if that takes at most the
// given number of gates and is within the limits.
func planTwoLevels(terms []gateTerm, t circuit.Int, most float64) (best twoLevels, ok bool) {
	var weights []circuit.Int
	var sum circuit.Int
	for _, x := range terms {
		w := x.weight.Abs()
		weights, sum = append(weights, w), sum.Add(w)
		if x.weight.Sign() < 0 { // −x is ¬x − 1
			t = t.Add(w)
		}
	}
	weights = sorted(weights)
	slices.Reverse(weights)
	one, limit := circuit.NewInt(1), int(min(most, maxPrimes))
	for _, dual := range []bool{false, true} {
		bound := t
		if dual { // of those that are 0
			bound = sum.Sub(t).Add(one)
		}
		gates, products, wires := 1, 0, 0
		primes(weights, bound, func(places []int) bool {
			products++
			wires += len(places)
			if len(places) > 1 {
				gates++
			}
			return products <= limit && wires <= maxPrimesWires
		})
		if products <= limit && wires <= maxPrimesWires && (!ok || gates < best.gates) {
			best, ok = twoLevels{gates, dual}, true
		}
	}
	return best, ok
}

// makeTwoLevels makes [s ≥ t] for the terms of s.
func (v *coverer) makeTwoLevels(from []gateTerm, t circuit.Int, dual bool) circuit.Lit {
	e := newExpression()
	for _, x := range from {
		e.add(v.Lits[x.gate], x.weight)
	}
	terms, constant := e.terms()
	t = t.Sub(constant)
	inner, outer := v.b.And, v.b.Or
	if dual {
		t = total(terms).Sub(t).Add(circuit.NewInt(1))
		inner, outer = outer, inner
	}
	slices.SortStableFunc(terms, func(x, y term) int { return y.weight.Cmp(x.weight) })
	var parts, lits []circuit.Lit
	primes(weightsOf(terms), t, func(places []int) bool {
		lits = lits[:0]
		for _, i := range places {
			lits = append(lits, terms[i].lit)
		}
		parts = append(parts, inner(lits...))
		return true
	})
	return outer(parts...)
}
