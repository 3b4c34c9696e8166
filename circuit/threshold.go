package circuit

import "github.com/tc0lab/tc0/gates"

// Linear returns an empty collector of terms.
func (b *Builder) Linear() *Linear { return &Linear{b: b, sorted: true} }

// Sum returns the sum of the terms.
func (b *Builder) Sum(terms ...Term) Sum {
	for _, t := range terms {
		b.linear.Add(t.Weight, t.Of)
	}
	return b.linear.Sum()
}

// Count returns the number of literals that are 1.
func (b *Builder) Count(lits ...Lit) Sum {
	for _, l := range lits {
		b.linear.AddLit(I(1), l)
	}
	return b.linear.Sum()
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
		t = t.Neg().FloorDiv(s.mul.Neg()).Add(I(1))
	} else {
		t = t.CeilDiv(s.mul)
	}
	return b.compare(s.ref, t).NotIf(flip)
}

// compare returns [r ≥ t] for a gate or a sum node.
func (b *Builder) compare(r Ref, t Int) Lit {
	one := I(1)
	if !r.IsSum() {
		switch {
		case t.Sign() <= 0:
			return True
		case t.Cmp(one) > 0:
			return False
		}
		return r.Gate().Lit()
	}
	c, s := &b.c, r.Sum()
	lo, hi := c.Limits(s)
	switch {
	case t.Cmp(lo) <= 0:
		return True
	case t.Cmp(hi) > 0:
		return False
	}
	if c.sumFlag[s]&sumFlat != 0 {
		if l, ok := b.asLogic(s, lo, hi, t); ok {
			return l
		}
	}
	kind := gates.Threshold
	if c.isMajority(s, t) {
		kind = gates.Majority
	}
	return b.bound(kind, s, t)
}

// isMajority reports whether [s ≥ t] is a majority of literals.
func (c *Circuit) isMajority(s SumID, t Int) bool {
	return c.sumFlag[s]&(sumUnit|sumBig) == sumUnit && t.Cmp(I(c.majorityBound(s))) == 0
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

// leastWeight returns the least |w| of flat sum s. It remembers that of the last
// sum, since thresholds on one sum mostly come together.
func (b *Builder) leastWeight(s SumID) Int {
	if b.c.sumFlag[s]&sumUnit != 0 {
		return I(1)
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
	c := &b.c
	v := b.storeNumber(t, c.sumFlag[s]&sumBig == 0)
	lo, hi := uint32(v), uint32(v>>32)
	hash := hash1(hash2(uint32(s), lo), ^hi)
	p := b.gates.seek(hash, hash)
	for ; p.id != 0; p = b.gates.next(p) {
		g := Gate(p.id)
		if k := c.kind[g]; k != gates.Threshold && k != gates.Majority {
			continue
		}
		if a := c.args[c.first[g]:]; a[0] == uint32(s) && a[1] == lo && a[2] == hi {
			return g.Lit()
		}
	}
	g := b.add(kind, uint32(s), lo, hi)
	b.hasBound = true
	b.gates.put(p, uint32(g))
	return g.Lit()
}

// addBound makes the gate [s ≥ t] without looking for it.
func (b *Builder) addBound(kind gates.Kind, s SumID, t Int) Gate {
	small := b.c.sumFlag[s]&sumBig == 0
	if small && t.big != nil { // a bound out of all reach of a small sum
		t = I(limit * int64(t.big.Sign()))
	}
	v := b.storeNumber(t, small)
	return b.add(kind, uint32(s), uint32(v), uint32(v>>32))
}

// AtLeast returns whether t or more of the literals are 1.
func (b *Builder) AtLeast(t int, lits ...Lit) Lit {
	return b.Threshold(b.Count(lits...), I(int64(t)))
}

// Majority returns whether more than half of the literals are 1.
func (b *Builder) Majority(lits ...Lit) Lit {
	if b.keep {
		s := b.Count(lits...)
		node, t := b.node(s), I(int64(len(lits)/2+1)).Sub(s.add)
		// Constants and repeated literals merge in the sum, and what is left of
		// them need not be a majority.
		kind := gates.Threshold
		if b.c.isMajority(node, t) {
			kind = gates.Majority
		}
		return b.addBound(kind, node, t).Lit()
	}
	return b.AtLeast(len(lits)/2+1, lits...)
}

// node returns a sum node that is s without its constant.
func (b *Builder) node(s Sum) SumID {
	switch {
	case s.mul.IsZero():
		return 0
	case s.ref.IsSum() && s.mul.Cmp(I(1)) == 0:
		return s.ref.Sum()
	}
	return b.internSum([]refTerm{{s.ref, s.mul}})
}
