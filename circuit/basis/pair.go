package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// The limits of a number in two parts.
const (
	maxPaired = 2 * maxLeaves // literals
	maxPairs  = 1 << 18       // truth values to cover, in all
)

// pair is a number as the sum of a heavy part H and a light part L. A condition on H + L is the
// OR, over the values v of H, of [H = v] and the condition on L that is left; values that leave the
// same condition count as one. For [H + L ≥ t] these conditions grow with v, so that [H ≥ v] will
// do.
type pair struct {
	parts [2][]term // heavy, light
	most  int       // a bound on the conditions that are left
}

// split divides the terms where the fewest truth values are to be covered, or returns nil if there
// are too many everywhere. A modulus of 0 is none.
func split(terms []term, m int64) *pair {
	if len(terms) > maxPaired {
		return nil
	}
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(x, y term) int { return y.weight.Cmp(x.weight) })
	best, least := (*pair)(nil), maxPairs
	for k := max(1, len(terms)-maxLeaves); k <= min(maxLeaves, len(terms)-1); k++ {
		table := 1<<k + 1<<(len(terms)-k)
		if table > least {
			continue
		}
		h := &pair{parts: [2][]term{terms[:k], terms[k:]}}
		h.most = conditions(distinctValues(terms[:k], m), distinctValues(terms[k:], m), m)
		if h.most*table <= least {
			best, least = h, h.most*table
		}
	}
	return best
}

// distinctValues returns the values of a sum, modulo m unless that is 0, in order.
func distinctValues(terms []term, m int64) []circuit.Int {
	values := linearValues(terms)
	reduceModulo(values, m)
	slices.SortFunc(values, circuit.Int.Cmp)
	return slices.CompactFunc(values, equal)
}

// conditions returns a bound on the number of conditions that heavy values leave for the light
// ones: with a modulus, one each; otherwise those of values within the range of the light ones, and
// one above.
func conditions(heavy, light []circuit.Int, m int64) int {
	if m > 0 {
		return len(heavy)
	}
	span := light[len(light)-1].Sub(light[0])
	most, from := 0, 0
	for i, v := range heavy {
		for v.Sub(heavy[from]).Cmp(span) > 0 {
			from++
		}
		most = max(most, i-from+1)
	}
	return min(most, len(light)-1) + 1
}

// makePair makes the gate that holds for some values of constant + H + L. The condition is
// monotone if m is 0.
func (v *coverer) makePair(h *pair, constant circuit.Int, m int64, holds func(circuit.Int) bool) circuit.Lit {
	var values [2][]circuit.Int
	var vars [2][]circuit.Lit
	for side, terms := range h.parts {
		values[side] = linearValues(terms)
		reduceModulo(values[side], m)
		for _, t := range terms {
			vars[side] = append(vars[side], t.lit)
		}
	}
	distinct := distinctValues(h.parts[1], m)
	// condition returns what is left for the light part, as a number: for a monotone condition,
	// how many of its values do not hold.
	condition := func(x circuit.Int) int {
		x = x.Add(constant)
		if m > 0 {
			r, _ := x.Mod(circuit.NewInt(m)).Int64()
			return int(r)
		}
		low, high := 0, len(distinct)
		for low < high {
			if mid := (low + high) / 2; holds(x.Add(distinct[mid])) {
				high = mid
			} else {
				low = mid + 1
			}
		}
		return low
	}
	left := make([]int, len(values[0]))
	sample := map[int]circuit.Int{}
	for i, x := range values[0] {
		left[i] = condition(x)
		sample[left[i]] = x.Add(constant)
	}
	var order []int
	for c := range sample {
		order = append(order, c)
	}
	slices.Sort(order)
	var ways []circuit.Lit
	for _, c := range order {
		heavy := tableOf(len(vars[0]), func(i int) bool { return left[i] == c || m == 0 && left[i] < c })
		light := tableOf(len(vars[1]), func(i int) bool { return holds(sample[c].Add(values[1][i])) })
		if light.isConst(0) {
			continue
		}
		ways = append(ways, v.b.And(v.cover(heavy, vars[0]), v.cover(light, vars[1])))
	}
	return v.b.Or(ways...)
}
