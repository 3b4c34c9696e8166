package circuit

import "github.com/tc0lab/tc0/gates"

// Absorb returns x ∧ y as one gate on the level of the deeper of the two, where an
// AND gate would be one level deeper still. It reports false, and makes nothing,
// if that cannot be done: if both are on the same level or the deeper one is not
// an AND or a threshold gate.
//
// A threshold gate takes y in with a weight that decides:
//
//	[s ≥ t] ∧ y = [s + B·y ≥ t + B]   with B = max(s) − t + 1,
//
// since s alone stays below t + B. An AND gate takes y in as one more input.
func (b *Builder) Absorb(x, y Lit) (Lit, bool) {
	if b.keep {
		return False, false
	}
	if b.Level(x) < b.Level(y) {
		x, y = y, x
	}
	if y.IsConst() || b.Level(x) == b.Level(y) {
		return False, false
	}
	c, g := &b.c, x.Gate()
	switch k := c.kind[g]; {
	case k == gates.Threshold || k == gates.Majority:
		return b.absorbBound(x, y), true
	case k == gates.And && !x.IsComplement(), k == gates.Or && x.IsComplement():
		lits := make([]Lit, 0, 3)
		for _, in := range c.Fanin(g) {
			lits = append(lits, in.NotIf(k == gates.Or))
		}
		return b.And(append(lits, y)...), true
	}
	return False, false
}

func (b *Builder) absorbBound(x, y Lit) Lit {
	c := &b.c
	s, t := c.Bound(x.Gate())
	lo, hi := c.Limits(s)
	sign := I(1)
	if x.IsComplement() { // ¬[s ≥ t] = [−s ≥ 1 − t]
		sign, t, hi = I(-1), I(1).Sub(t), lo.Neg()
	}
	weight := hi.Sub(t).Add(I(1))
	a := b.linear
	// A sum that has absorbed a literal before is taken apart, so that the shared
	// sum below stays the only nested term.
	if refs := c.Refs(s); len(refs) <= 3 && nestedTerms(refs) == 1 {
		for i, r := range refs {
			a.Add(sign.Mul(c.Weight(s, i)), Sum{ref: r, mul: I(1)})
		}
	} else {
		a.Add(sign, Sum{ref: sumRef(s), mul: I(1)})
	}
	a.AddLit(weight, y)
	return b.Threshold(a.Sum(), t.Add(weight))
}

func nestedTerms(refs []Ref) int {
	n := 0
	for _, r := range refs {
		if r.IsSum() {
			n++
		}
	}
	return n
}
