package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// reduceModuli writes MOD gates with weights as near to 0 as the modulus allows, divides
// by factors that the weights and the modulus share, and finds a shorter period of the
// residues. What remains with modulus 2 is an XOR.
func reduceModuli(r *rewriter) rule {
	return r.try(func(g circuit.Gate) (circuit.Lit, bool) {
		if r.c.Kind(g) != gates.Mod {
			return 0, false
		}
		s, m := r.c.Modulus(g)
		return r.reducedModulus(r.sum(s), m)
	})
}

func (r *rewriter) reducedModulus(a affine, given circuit.Modulus) (circuit.Lit, bool) {
	if a.mul.IsZero() {
		return 0, false
	}
	m := given.Of(a.mul, a.add)
	refs := r.made.Refs(a.node)
	weights := make([]circuit.Int, len(refs))
	// Sums that are read with other weights need not cancel each other any more.
	flat := !slices.ContainsFunc(refs, circuit.Ref.IsSum)
	changed := false
	if p := period(m); p < m.M {
		m.Residues = slices.DeleteFunc(m.Residues, func(v int64) bool { return v >= p })
		m.M, changed = p, true
	}
	factor := circuit.NewInt(m.M)
	for i := range weights {
		weights[i] = r.made.Weight(a.node, i)
		if factor = factor.GCD(weights[i]); flat {
			w := weights[i].Near(m.M)
			changed = changed || w.Abs().Cmp(weights[i].Abs()) < 0
			weights[i] = w
		}
	}
	if d, _ := factor.Int64(); d > 1 { // the sum is a multiple of it
		changed = true
		var own []int64
		for _, v := range m.Residues {
			if v%d == 0 {
				own = append(own, v/d)
			}
		}
		m.M, m.Residues = m.M/d, own
		for i := range weights {
			weights[i] = weights[i].Quo(factor)
		}
	}
	if len(m.Residues) == 0 || int64(len(m.Residues)) == m.M {
		return circuit.False.NotIf(len(m.Residues) > 0), true
	}
	if m.M == 2 && flat {
		var lits []circuit.Lit
		for i, ref := range refs {
			if !weights[i].IsZero() {
				lits = append(lits, ref.Gate().Lit())
			}
		}
		switch even := m.Residues[0] == 0; {
		case len(lits) == 1:
			return lits[0].NotIf(even), true
		case even:
			return r.logic(gates.Xnor, lits...), true
		}
		return r.logic(gates.Xor, lits...), true
	}
	if !changed {
		return 0, false
	}
	for i, ref := range refs {
		r.linear.Add(weights[i], r.refSum(ref))
	}
	return r.modulus(r.intern(), m), true
}

// period returns the least divisor p of m.M for which v is a residue if v + p is.
func period(m circuit.Modulus) int64 {
	accepted := make([]bool, m.M)
	for _, v := range m.Residues {
		accepted[v] = true
	}
	for p := int64(1); p < m.M; p++ {
		if m.M%p != 0 {
			continue
		}
		same := true
		for v := int64(0); v+p < m.M && same; v++ {
			same = accepted[v] == accepted[v+p]
		}
		if same {
			return p
		}
	}
	return m.M
}
