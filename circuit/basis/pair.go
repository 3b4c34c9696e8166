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
type pair struct{ heavy, light []term }

// split returns how many of the weights, from the lightest, make the light part so that the fewest
// truth values are to be covered, and a bound on their number, which is 0 if there are too many
// everywhere. The weights are in order. A modulus of 0 is none.
func split(weights []circuit.Int, m int64) (light, table int) {
	n := len(weights)
	if n > maxPaired {
		return 0, 0
	}
	table = maxPairs + 1
	for k := max(1, n-maxLeaves); k <= min(maxLeaves, n-1); k++ {
		one := 1<<k + 1<<(n-k)
		if 2*one > table {
			continue
		}
		all := one * conditions(weights[k:], weights[:k], m)
		if all < table {
			light, table = k, all
		}
	}
	if light == 0 {
		return 0, 0
	}
	return light, table
}

// conditions returns a bound on the number of conditions that heavy values leave for the light
// ones: with a modulus, one for each residue; otherwise one for each value within the range of the
// light ones, and one above.
func conditions(heavy, light []circuit.Int, m int64) int {
	most := circuit.NewInt(1 << min(len(heavy), len(light)))
	if m > 0 {
		most = circuit.NewInt(1 << len(heavy)).Min(circuit.NewInt(m))
	} else {
		var unit, span circuit.Int
		for _, w := range heavy {
			unit = unit.GCD(w)
		}
		for _, w := range light {
			span = span.Add(w)
		}
		most = most.Min(span.FloorDiv(unit).Add(circuit.NewInt(2)))
	}
	n, _ := most.Int64()
	return int(n)
}

// makePair makes the gate that holds for some values of constant + H + L. The condition is
// monotone if m is 0.
func (v *coverer) makePair(h *pair, constant circuit.Int, m int64, holds func(circuit.Int) bool) circuit.Lit {
	var values [2][]circuit.Int
	var vars [2][]circuit.Lit
	for side, terms := range [2][]term{h.heavy, h.light} {
		values[side] = linearValues(terms)
		reduceModulo(values[side], m)
		for _, t := range terms {
			vars[side] = append(vars[side], t.lit)
		}
	}
	if len(h.heavy) == 0 {
		return v.cover(tableOf(len(vars[1]), func(i int) bool { return holds(values[1][i].Add(constant)) }), vars[1])
	}
	distinct := slices.Clone(values[1])
	slices.SortFunc(distinct, circuit.Int.Cmp)
	distinct = slices.CompactFunc(distinct, equal)
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
