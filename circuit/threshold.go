package circuit

import (
	"encoding/binary"
	"fmt"
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
		return b.add(gates.Threshold, boundArgs(new([3]uint32), s, t)...).Lit()
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
	refs := b.c.termRef.next(len(in))
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
	return b.unique(kind, boundArgs(new([3]uint32), s, v)...).Lit()
}

// addBound makes the gate [s ≥ t] without looking for it.
func (b *Builder) addBound(kind gates.Kind, s SumID, t Int) Gate {
	small := b.c.flag(s)&sumBig == 0
	if small && t.big != nil { // a bound out of all reach of a small sum
		t = NewInt(limit * int64(t.big.Sign()))
	}
	v := b.storeNumber(t, small)
	return b.add(kind, boundArgs(new([3]uint32), s, v)...)
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
		if !b.isBound(g.Lit()) || c.reads(g)[0] != c.reads(list[0])[0] {
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

// Mod returns whether the number of literals that are 1 is congruent to one of the
// residues modulo m, which is at least 1 and at most 2^16.
func (b *Builder) Mod(m int64, residues []int64, lits ...Lit) Lit {
	return b.ModSum(m, residues, b.Count(lits...))
}

// ModSum returns whether s is congruent to one of the residues modulo m, which is
// at least 1 and at most 2^16.
func (b *Builder) ModSum(m int64, residues []int64, s Sum) Lit {
	if m < 1 || m > maxModulus {
		b.fail(fmt.Errorf("circuit: MOD with modulus %d, outside 1..%d", m, maxModulus))
		return False
	}
	given := Modulus{M: m}
	for _, r := range residues {
		given.Residues = append(given.Residues, NewInt(r).Residue(m))
	}
	if b.keep {
		return b.add(gates.Mod, uint32(b.node(s)), b.storeModulus(given.Of(NewInt(1), s.add))).Lit()
	}

	if s.ref.IsSum() && !s.mul.IsZero() { // weights count modulo m only
		for i, r := range b.c.Refs(s.ref.Sum()) {
			b.linear.Add(b.c.Weight(s.ref.Sum(), i).Mul(s.mul).Mod(NewInt(m)), Sum{ref: r, mul: NewInt(1)})
		}
		s = b.linear.Sum().Plus(s.add)
	}
	own := given.Of(s.mul, s.add)
	switch {
	case len(own.Residues) == 0:
		return False
	case int64(len(own.Residues)) == m:
		return True
	case !s.ref.IsSum(): // a function of one literal, and m is at least 2
		zero, one := own.Accepts(NewInt(0)), own.Accepts(NewInt(1))
		if zero == one {
			return False.NotIf(zero)
		}
		return s.ref.Gate().Lit().NotIf(zero)
	}
	node := uint32(s.ref.Sum())
	if at, ok := b.modIndex[own.Others().key()]; ok {
		if _, g := b.find(gates.Mod, node, at); g != 0 {
			return g.Lit().Not()
		}
	}
	return b.unique(gates.Mod, node, b.storeModulus(own)).Lit()
}

// Accepts reports whether v is congruent to one of the residues.
func (m Modulus) Accepts(v Int) bool {
	_, found := slices.BinarySearch(m.Residues, v.Residue(m.M))
	return found
}

// Of returns the residues of the v for which m accepts mul·v + add.
func (m Modulus) Of(mul, add Int) Modulus {
	accepted := make([]bool, m.M)
	for _, r := range m.Residues {
		accepted[r] = true
	}
	own := Modulus{M: m.M}
	a, b := mul.Residue(m.M), add.Residue(m.M)
	for v := range m.M {
		if accepted[(a*v+b)%m.M] {
			own.Residues = append(own.Residues, v)
		}
	}
	return own
}

// Others returns the modulus that accepts the residues that m does not accept.
func (m Modulus) Others() Modulus {
	rest, left := Modulus{M: m.M}, m.Residues
	for v := range m.M {
		if len(left) > 0 && left[0] == v {
			left = left[1:]
		} else {
			rest.Residues = append(rest.Residues, v)
		}
	}
	return rest
}

// storeModulus returns where m is among the moduli, as an argument of a gate.
func (b *Builder) storeModulus(m Modulus) uint32 {
	key := m.key()
	at, ok := b.modIndex[key]
	if !ok {
		at = uint32(len(b.c.mods))
		b.c.mods = append(b.c.mods, m)
		b.modIndex[key] = at
	}
	return at
}

func (m Modulus) key() string {
	key := binary.AppendUvarint(nil, uint64(m.M))
	for _, r := range m.Residues {
		key = binary.AppendUvarint(key, uint64(r))
	}
	return string(key)
}
