package basis

import (
	"math"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// chain is a threshold gate whose terms, heaviest first, decide it block by block. In front of each
// block, either the sum of the terms before is one known number, or the gate is decided already. A
// comparison of two numbers is a chain, bit by bit from the top. So it has constant depth for any
// number of bits.
type chain struct {
	links []link
	bound circuit.Int
}

// link is a block of a chain.
type link struct {
	terms []gateTerm  // of positive weight
	flip  []bool      // whether the gate of a term is read complemented
	sum   circuit.Int // of the terms before, if they do not decide the gate
	rest  circuit.Int // the greatest total of the terms after
}

// newChain returns [Σ terms ≥ t] as a chain, or nil if it is not a chain with blocks of at most
// maxLeaves terms.
func newChain(terms []gateTerm, t circuit.Int) *chain {
	terms = slices.Clone(terms)
	flip := map[circuit.Gate]bool{}
	var rest circuit.Int
	for i, x := range terms {
		if x.weight.Sign() < 0 { // −x is ¬x − 1
			terms[i].weight = x.weight.Neg()
			t = t.Sub(x.weight)
			flip[x.gate] = true
		}
		rest = rest.Add(terms[i].weight)
	}
	slices.SortStableFunc(terms, func(x, y gateTerm) int { return y.weight.Cmp(x.weight) })

	c := &chain{bound: t}
	sums := []circuit.Int{{}} // of the terms up to here, if they do not decide the gate
	from, end := 0, 0         // the block at hand, and the last place where it could end
	var atEnd, endRest, start circuit.Int
	for i := 0; ; {
		if len(sums) <= 1 && i > from {
			end, endRest = i, rest
			if len(sums) == 1 {
				atEnd = sums[0]
			}
		}
		if i == len(terms) || len(sums) == 0 || i-from == maxLeaves {
			if end == from {
				return nil
			}
			block := link{terms: terms[from:end], sum: start, rest: endRest}
			for _, x := range block.terms {
				block.flip = append(block.flip, flip[x.gate])
			}
			c.links = append(c.links, block)
			if i == len(terms) && end == i || len(sums) == 0 {
				return c
			}
			// Go on from where the block ends.
			i, from, start, rest = end, end, atEnd, endRest
			sums = []circuit.Int{start}
			continue
		}
		rest = rest.Sub(terms[i].weight)
		next := make([]circuit.Int, 0, 2*len(sums))
		for _, v := range sums {
			for _, v := range [2]circuit.Int{v, v.Add(terms[i].weight)} {
				if v.Cmp(t) < 0 && v.Add(rest).Cmp(t) >= 0 {
					next = append(next, v)
				}
			}
		}
		slices.SortFunc(next, circuit.Int.Cmp)
		sums = slices.CompactFunc(next, equal)
		i++
	}
}

// score returns the gates of c, by estimate, times the price of two levels more than two. "Open" is
// taken to be as large as "decides for 1".
func (c *chain) score() float64 {
	gates := 0.0
	for _, l := range c.links {
		two, _ := planTwoLevels(l.terms, c.bound.Sub(l.sum), math.Inf(1))
		gates += 2 * float64(two.gates)
	}
	return levelPrice * gates
}

// makeChain makes an OR, over the blocks, of the AND of "this block decides for 1" and "no block
// before decides": two levels over two levels.
func (v *coverer) makeChain(c *chain) circuit.Lit {
	var open, ways []circuit.Lit
	for _, l := range c.links {
		terms, vars := make([]term, len(l.terms)), make([]circuit.Lit, len(l.terms))
		for j, x := range l.terms {
			vars[j] = v.Lits[x.gate].NotIf(l.flip[j])
			terms[j] = term{vars[j], x.weight}
		}
		values := linearValues(terms)
		for i := range values {
			values[i] = values[i].Add(l.sum)
		}
		passes := func(i int) bool { return values[i].Cmp(c.bound) >= 0 }
		wins := v.cover(tableOf(len(vars), passes), vars)
		ways = append(ways, v.b.And(append(slices.Clone(open), wins)...))
		open = append(open, v.cover(tableOf(len(vars), func(i int) bool {
			return !passes(i) && values[i].Add(l.rest).Cmp(c.bound) >= 0
		}), vars))
	}
	return v.b.Or(ways...)
}
