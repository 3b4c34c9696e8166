package circuit

import (
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Linear returns an empty collector of terms.
func (b *Builder) Linear() *Linear { return &Linear{b: b} }

// Sum returns the sum of the terms.
func (b *Builder) Sum(terms ...Term) Sum {
	for _, t := range terms {
		b.linear.Add(t.Weight, t.Of)
	}
	return b.linear.Sum()
}

// Count returns the number of literals that are 1.
func (b *Builder) Count(lits ...Lit) Sum {
	return b.count(lits).Sum()
}

// count collects the literals, each with the weight 1.
func (b *Builder) count(lits []Lit) *Linear {
	for _, l := range lits {
		b.linear.AddLit(NewInt(1), l)
	}
	return b.linear
}

// Threshold returns [s ≥ t].
func (b *Builder) Threshold(s Sum, t Int) Lit {
	if b.keep {
		return b.addBound(gates.Threshold, b.node(s), t.Sub(s.add)).Lit()
	}
	t = t.Sub(s.add)
	if s.mul.IsZero() {
		return False.NotIf(t.Sign() <= 0)
	}
	// mul·v ≥ t for mul > 0 is v ≥ ⌈t/mul⌉; for mul < 0 it is v ≤ ⌊−t/−mul⌋,
	// that is ¬[v ≥ ⌊−t/|mul|⌋ + 1].
	flip := s.mul.Sign() < 0
	if flip {
		t = t.Neg().FloorDiv(s.mul.Neg()).Add(NewInt(1))
	} else {
		t = t.CeilDiv(s.mul)
	}
	return b.compare(s.ref, t).NotIf(flip)
}

// Weighted returns [Σ weights[i]·in[i] ≥ t], as [Builder.Threshold] does of the sum of these terms. It is faster in a
// builder that keeps gates, on sums of small weights and plain literals in increasing order.
func (b *Builder) Weighted(in []Lit, weights []int64, t int64) Lit {
	if s, ok := b.weighted(in, weights); ok {
		return b.add(gates.Threshold, uint32(s), uint32(t), uint32(t>>32)).Lit()
	}
	for i, l := range in {
		b.linear.AddLit(NewInt(weights[i]), l)
	}
	return b.Threshold(b.linear.Sum(), NewInt(t))
}

// weighted returns the sum of small weights and plain literals in increasing order, in a builder that keeps gates. It
// reports false for others.
func (b *Builder) weighted(in []Lit, weights []int64) (s SumID, ok bool) {
	if !b.keep || len(in) == 0 || !b.sumRoom(len(in)) {
		return 0, false
	}
	refs := b.c.termRef[len(b.c.termRef):][:len(in)] // there is room
	last := False
	for i, l := range in {
		w := weights[i]
		if l <= last || l.IsComplement() || w == 0 || !isPlain(w) {
			return 0, false
		}
		last = l
		refs[i] = gateRef(l.Gate())
	}
	return b.internTail(weights[:len(in)]), true
}

// compare returns [r ≥ t] for a gate or a sum node.
func (b *Builder) compare(r Ref, t Int) Lit {
	lo, hi := b.Bounds(Sum{ref: r, mul: NewInt(1)})
	switch {
	case t.Cmp(lo) <= 0:
		return True
	case t.Cmp(hi) > 0:
		return False
	case !r.IsSum():
		return r.Gate().Lit()
	}
	c, s := &b.c, r.Sum()
	if c.flag(s)&sumFlat != 0 {
		if l, ok := b.asLogic(s, lo, hi, t); ok {
			return l
		}
	}
	return b.bound(c.boundKind(s, t), s, t)
}

// IsMajority reports whether [s ≥ t] is a majority of literals.
func (c *Nodes) IsMajority(s SumID, t Int) bool {
	return c.flag(s)&(sumUnit|sumBig) == sumUnit && t.is(c.majorityBound(s))
}

// boundKind returns the kind of the gate [s ≥ t].
func (c *Nodes) boundKind(s SumID, t Int) gates.Kind {
	if c.IsMajority(s, t) {
		return gates.Majority
	}
	return gates.Threshold
}

// asLogic returns [s ≥ t] as an AND or an OR of the literals of flat sum s, if it
// is one: if s reaches t only with every term at its best, or misses it only with
// every term at its worst.
func (b *Builder) asLogic(s SumID, lo, hi, t Int) (Lit, bool) {
	c := &b.c
	refs, least := c.Refs(s), b.leastWeight(s)
	and := t.Cmp(hi.Sub(least)) > 0
	or := t.Cmp(lo.Add(least)) <= 0
	if !and && !or {
		return False, false
	}
	lits := make([]Lit, len(refs))
	for i, r := range refs {
		lits[i] = r.Gate().Lit().NotIf(c.Weight(s, i).Sign() < 0)
	}
	if and {
		return b.And(lits...), true
	}
	return b.Or(lits...), true
}

// leastWeight returns the least |w| of flat sum s. It remembers the result for the last sum, since
// thresholds on one sum mostly come together.
func (b *Builder) leastWeight(s SumID) Int {
	if b.c.flag(s)&sumUnit != 0 {
		return NewInt(1)
	}
	if b.leastOf != s {
		b.leastOf, b.least = s, b.c.Weight(s, 0).Abs()
		for i := range b.c.Refs(s) {
			b.least = b.least.Min(b.c.Weight(s, i).Abs())
		}
	}
	return b.least
}

// bound finds or makes the gate [s ≥ t].
func (b *Builder) bound(kind gates.Kind, s SumID, t Int) Lit {
	b.hasBound = true
	v := b.storeNumber(t, b.c.flag(s)&sumBig == 0)
	return b.unique(kind, uint32(s), uint32(v), uint32(v>>32)).Lit()
}

// addBound makes the gate [s ≥ t] without looking for it.
func (b *Builder) addBound(kind gates.Kind, s SumID, t Int) Gate {
	small := b.c.flag(s)&sumBig == 0
	if small && t.big != nil { // a bound out of all reach of a small sum
		t = NewInt(limit * int64(t.big.Sign()))
	}
	v := b.storeNumber(t, small)
	return b.add(kind, uint32(s), uint32(v), uint32(v>>32))
}

// KeptBound makes the gate [s ≥ t] of the given kind, which must be right, in a builder that keeps gates.
func (b *Builder) KeptBound(kind gates.Kind, s SumID, t Int) Lit { return b.addBound(kind, s, t).Lit() }

// AtLeast returns whether t or more of the literals are 1.
func (b *Builder) AtLeast(t int, lits ...Lit) Lit {
	return b.Threshold(b.Count(lits...), NewInt(int64(t)))
}

// Majority returns whether more than half of the literals are 1.
func (b *Builder) Majority(lits ...Lit) Lit {
	if b.keep {
		s := b.Count(lits...)
		node, t := b.node(s), NewInt(int64(len(lits)/2+1)).Sub(s.add)
		// Constants and repeated literals merge in the sum, so the rest is not always a majority.
		return b.addBound(b.c.boundKind(node, t), node, t).Lit()
	}
	return b.AtLeast(len(lits)/2+1, lits...)
}

// node returns a sum node that is s without its constant.
func (b *Builder) node(s Sum) SumID {
	switch {
	case s.mul.IsZero():
		return 0
	case s.ref.IsSum() && s.mul.is(1):
		return s.ref.Sum()
	}
	return b.internSum([]refTerm{{s.ref, s.mul}})
}

// Chain is a sum over threshold gates that all compare one sum with rising bounds, as
// in a thermometer code. It takes few values, and in a known order: with the first
// 0, 1, 2, ... gates being 1. So a comparison of it is one of its gates, or a
// constant, and needs no gate of its own.
type Chain struct {
	Lits   []Lit // 1 one after another
	Values []Int // with none, one, two, ... of them 1
}

// Chain returns s as a chain; false if it is not a chain.
func (b *Builder) Chain(s Sum) (Chain, bool) {
	if !b.mayChain(s) {
		return Chain{}, false
	}
	list, weights := b.Flatten(s)
	if len(list) == 0 {
		return Chain{}, false
	}
	c := &b.c
	order := make([]int, len(list))
	for i, g := range list {
		if !b.isBound(g.Lit()) || c.args[c.first[g]] != c.args[c.first[list[0]]] {
			return Chain{}, false
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		_, t := c.Bound(list[i])
		_, u := c.Bound(list[j])
		return t.Cmp(u)
	})
	_, _, at := s.Parts()
	ch := Chain{Values: []Int{at}}
	for _, i := range order {
		at = at.Add(weights[i])
		ch.Lits, ch.Values = append(ch.Lits, list[i].Lit()), append(ch.Values, at)
	}
	return ch, true
}

// mayChain looks at the first gates that s reaches. It reports false where one of them compares no sum, or another
// one than the first: most sums are told so without being multiplied out. Such a sum is no chain, even if the weights
// of that gate add up to 0.
func (b *Builder) mayChain(s Sum) bool {
	const enough = 1024 // sums and gates, which may be the same ones again; more than codes of 8 bits have
	if !s.ref.IsSum() {
		return true
	}
	c, compared, looked := &b.c, SumID(0), 0
	stack := append(make([]SumID, 0, 16), s.ref.Sum())
	for len(stack) > 0 && looked <= enough {
		refs := c.Refs(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		looked++
		for _, r := range refs {
			if r.IsSum() {
				stack = append(stack, r.Sum())
				continue
			}
			if looked++; looked > enough {
				return true
			}
			if !c.kind[r.Gate()].HasBound() {
				return false
			}
			of, _ := c.bound(r.Gate())
			if compared != 0 && of != compared {
				return false
			}
			compared = of
		}
	}
	return true
}

// AtLeast returns whether the chain is at least t. It reports false if that is not a literal, which
// can be if some weights of the chain are positive and some negative.
func (ch Chain) AtLeast(t Int) (Lit, bool) {
	first := ch.Values[0].Cmp(t) >= 0
	lit := False.NotIf(first)
	turns := 0
	for i, v := range ch.Values[1:] {
		if now := v.Cmp(t) >= 0; now != first {
			lit, first, turns = ch.Lits[i].NotIf(first), now, turns+1
		}
	}
	return lit, turns <= 1
}
