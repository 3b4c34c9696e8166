package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// foldConstants folds what constants, repeated literals and limits of sums decide.
func foldConstants(r *rewriter) rule {
	return func(g circuit.Gate) (circuit.Lit, bool) {
		l, ok := r.folded(g)
		if ok && r.fits(g, l) {
			return l, true
		}
		return r.copy(g), false
	}
}

func (r *rewriter) folded(g circuit.Gate) (circuit.Lit, bool) {
	k := r.c.Kind(g)
	switch k {
	case gates.Buf:
		return r.inputs(g)[0], true
	case gates.Not:
		return r.inputs(g)[0].Not(), true
	case gates.Threshold, gates.Majority:
		s, t := r.c.Bound(g)
		return r.foldedBound(r.sum(s), t)
	case gates.Mod:
		s, m := r.c.Modulus(g)
		return r.foldedModulus(r.sum(s), m)
	}
	in := r.inputs(g)
	n := len(in)
	if isXor(k) {
		flip := circuit.Lit(0)
		if k == gates.Xnor {
			flip = 1
		}
		lits, more := tidyXor(in)
		if len(lits) == n && n > 1 {
			return 0, false
		}
		return r.parity(g, lits, flip^more), true
	}
	flip, _, _ := asAnd(k)
	for i := range in {
		in[i] ^= flip
	}
	lits, never := tidyAnd(in)
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
	if len(m.Residues) == 0 {
		return circuit.False, true
	}
	if int64(len(m.Residues)) == m.M {
		return circuit.True, true
	}
	accepts := func(v circuit.Int) bool {
		rest, _ := v.Mod(circuit.I(m.M)).Int64()
		for _, x := range m.Residues {
			if x == rest {
				return true
			}
		}
		return false
	}
	zero := accepts(a.add)
	if a.mul.IsZero() {
		return circuit.False.NotIf(zero), true
	}
	refs := r.made.Refs(a.node)
	if len(refs) != 1 || refs[0].IsSum() {
		return 0, false
	}
	one := accepts(a.mul.Mul(r.made.Weight(a.node, 0)).Add(a.add))
	if zero == one {
		return circuit.False.NotIf(zero), true
	}
	return refs[0].Gate().Lit().NotIf(zero), true
}
