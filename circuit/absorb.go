package circuit

import (
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Absorb returns x ∧ y as one gate on the level of the deeper of the two, where an AND gate would
// be one level deeper still. It reports false, and makes no gate, if that cannot be done. That is
// so if the deeper one is not an AND or a threshold gate, or if both are threshold gates on one
// level and on different sums.
//
// A threshold gate takes y in with a weight that decides:
//
//	[s ≥ t] ∧ y = [s + B·y ≥ t + B]   with B = max(s) − t + 1,
//
// since s alone stays below t + B. An AND gate takes y in as one more input. Of an
// AND on its own level a gate takes in the inputs, one by one. An OR of k literals is
// a threshold gate with t = 1, B = k.
func (b *Builder) Absorb(x, y Lit) (Lit, bool) {
	if b.keep || x.IsConst() || y.IsConst() {
		return False, false
	}
	if z, ok := b.oneSum(x, y); ok {
		return z, true
	}
	if b.Level(x) < b.Level(y) {
		x, y = y, x
	}
	if b.Level(x) > b.Level(y) {
		return b.takeIn(x, y)
	}
	more, ok := b.Conjuncts(y)
	if !ok {
		x, y = y, x
		if more, ok = b.Conjuncts(y); !ok {
			return False, false
		}
	}
	if lits, ok := b.Conjuncts(x); ok {
		return b.And(append(lits, more...)...), true
	}
	for i, in := range more {
		z, ok := b.takeIn(x, in)
		switch {
		case !ok && i == 0:
			return False, false
		case !ok: // as when it has become a constant or a single literal
			z = b.And(x, in)
		}
		x = z
	}
	return x, true
}

// takeIn is [Builder.TakeIn] of one literal whose level is below that of x; false if x is not a gate that
// can take it in.
func (b *Builder) takeIn(x, y Lit) (Lit, bool) {
	_, and := b.Conjuncts(x)
	_, or := b.Conjuncts(x.Not())
	if !b.isBound(x) && !and && !or {
		return False, false
	}
	z, _ := b.TakeIn(x, y)
	return z, true
}

// TakeIn returns x ∧ y₁ ∧ y₂ … as one gate that reads the y and what gate x reads, and not x itself.
// So it is on the level of x, if that is above the levels of the y. A threshold gate takes each y in
// with the weight B of [Builder.Absorb], an AND gate as one more input. If x is not an AND, an OR or
// a threshold gate, the result is the AND of x and the y. TakeIn reports whether the result is that
// gate. Otherwise it is a constant, or a literal that the gate would read.
func (b *Builder) TakeIn(x Lit, ys ...Lit) (z Lit, made bool) {
	if !b.keep && b.isBound(x) && !slices.Contains(ys, False) {
		return b.absorbBound(x, ys...)
	}
	lits, ok := b.Conjuncts(x)
	if !ok {
		lits = []Lit{x}
		if in, or := b.Conjuncts(x.Not()); or && !b.keep {
			// At least one of the k literals is 1, and all the y.
			a, k := b.linear, NewInt(int64(len(in)))
			for _, l := range in {
				a.AddLit(NewInt(1), l.Not())
			}
			for _, y := range ys {
				a.AddLit(k, y)
			}
			return b.ThresholdMade(a.Sum(), k.Mul(NewInt(int64(len(ys)))).Add(NewInt(1)))
		}
	}
	lits = append(lits, ys...)
	z = b.And(lits...)
	return z, b.Apart(z, lits...)
}

// Apart reports whether z is not a constant and its gate is not the gate of one of the literals.
func (b *Builder) Apart(z Lit, lits ...Lit) bool {
	return !z.IsConst() && !slices.ContainsFunc(lits, func(l Lit) bool { return l.Gate() == z.Gate() })
}

// ThresholdMade returns [s ≥ t], and whether that is a gate which reads s. Otherwise it is a constant or a
// literal of s.
func (b *Builder) ThresholdMade(s Sum, t Int) (z Lit, made bool) {
	z = b.Threshold(s, t)
	if z.IsConst() || s.mul.IsZero() || !s.ref.IsSum() {
		return z, false
	}
	// An AND or an OR of two literals may be one of them, and so a term of s.
	refs := b.c.Refs(s.ref.Sum())
	return z, len(refs) > 2 || !slices.Contains(refs, gateRef(z.Gate()))
}

func (b *Builder) isBound(x Lit) bool { return b.c.kind[x.Gate()].HasBound() }

// Conjuncts returns the literals whose conjunction gate x is, in new memory; false if it is another gate.
func (b *Builder) Conjuncts(x Lit) ([]Lit, bool) {
	c, g := &b.c, x.Gate()
	flip := False
	switch k := c.kind[g]; {
	case k == gates.And && !x.IsComplement():
	case k == gates.Or && x.IsComplement():
		flip = 1
	default:
		return nil, false
	}
	in := c.Fanin(g)
	lits := make([]Lit, len(in), len(in)+4)
	for i, l := range in {
		lits[i] = l ^ flip
	}
	return lits, true
}

// oneSum returns x ∧ y for two threshold gates on one sum, where the result is one of the two gates
// or False. Of [s ≥ t] and [s ≥ u] it is the one with the higher bound. Of their complements it
// is the other one.
func (b *Builder) oneSum(x, y Lit) (Lit, bool) {
	c, g, h := &b.c, x.Gate(), y.Gate()
	if !b.isBound(x) || !b.isBound(y) || c.reads(g)[0] != c.reads(h)[0] {
		return False, false
	}
	_, t := c.Bound(g)
	_, u := c.Bound(h)
	higher := t.Cmp(u) >= 0
	switch {
	case x.IsComplement() && y.IsComplement():
		higher = !higher
	case x.IsComplement():
		return False, !higher || t.Cmp(u) == 0
	case y.IsComplement():
		return False, higher
	}
	if higher {
		return x, true
	}
	return y, true
}

func (b *Builder) absorbBound(x Lit, ys ...Lit) (z Lit, made bool) {
	c := &b.c
	s, t := c.Bound(x.Gate())
	lo, hi := c.Limits(s)
	sign := NewInt(1)
	if x.IsComplement() { // ¬[s ≥ t] = [−s ≥ 1 − t]
		sign, t, hi = NewInt(-1), NewInt(1).Sub(t), lo.Neg()
	}
	weight := hi.Sub(t).Add(NewInt(1))
	a := b.linear
	// A sum that has absorbed a literal before is taken apart, so that the shared
	// sum below stays the only nested term.
	refs := c.Refs(s) // of which the sums come last
	if n := len(refs); n <= 3 && n > 0 && refs[n-1].IsSum() && (n == 1 || !refs[n-2].IsSum()) {
		for i, r := range refs {
			a.Add(sign.Mul(c.Weight(s, i)), Sum{ref: r, mul: NewInt(1)})
		}
	} else {
		a.Add(sign, Sum{ref: sumRef(s), mul: NewInt(1)})
	}
	for _, y := range ys {
		a.AddLit(weight, y)
		t = t.Add(weight)
	}
	return b.ThresholdMade(a.Sum(), t)
}
