package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// foldConstants folds the gates that constants, repeated literals and limits of sums decide.
func foldConstants(r *rewriter) rule { return r.try(r.folded) }

func (r *rewriter) folded(g circuit.Gate) (circuit.Lit, bool) {
	k := r.c.Kind(g)
	switch k {
	case gates.Buf, gates.Not:
		return r.Fanin(g)[0].NotIf(k == gates.Not), true
	case gates.Threshold, gates.Majority:
		s, t := r.c.Bound(g)
		return r.foldedBound(r.sum(s), t)
	case gates.Mod:
		s, m := r.c.Modulus(g)
		return r.foldedModulus(r.sum(s), m)
	}
	n := len(r.c.Fanin(g))
	if isXor(k) {
		lits, flip := r.tidyParity(g)
		if len(lits) == n && n > 1 {
			return 0, false
		}
		return r.parity(g, lits, flip), true
	}
	lits, never := r.tidyConjunction(g)
	if len(lits) == n && n > 1 {
		return 0, false
	}
	return r.conjunction(k, lits, never), true
}

// foldedBound returns [a ≥ t] if that is a constant or a literal.
func (r *rewriter) foldedBound(a affine, t circuit.Int) (circuit.Lit, bool) {
	if a.mul.IsZero() {
		return circuit.False.NotIf(a.add.Cmp(t) >= 0), true
	}
	u, flip := a.solve(t)
	lo, hi := r.made.Limits(a.node)
	refs := r.made.Refs(a.node)
	switch {
	case u.Cmp(lo) <= 0:
		return circuit.True.NotIf(flip), true
	case u.Cmp(hi) > 0:
		return circuit.False.NotIf(flip), true
	case len(refs) == 1 && !refs[0].IsSum(): // lo < u ≤ hi, so that the literal decides
		negative := r.made.Weight(a.node, 0).Sign() < 0
		return refs[0].Gate().Lit().NotIf(negative != flip), true
	}
	return 0, false
}

// foldedModulus returns the MOD gate on a if that is a constant or a literal.
func (r *rewriter) foldedModulus(a affine, m circuit.Modulus) (circuit.Lit, bool) {
	if n := int64(len(m.Residues)); n == 0 || n == m.M {
		return circuit.False.NotIf(n > 0), true
	}
	zero := m.Accepts(a.add)
	if a.mul.IsZero() {
		return circuit.False.NotIf(zero), true
	}
	refs := r.made.Refs(a.node)
	if len(refs) != 1 || refs[0].IsSum() {
		return 0, false
	}
	one := m.Accepts(a.mul.Mul(r.made.Weight(a.node, 0)).Add(a.add))
	if zero == one {
		return circuit.False.NotIf(zero), true
	}
	return refs[0].Gate().Lit().NotIf(zero), true
}
