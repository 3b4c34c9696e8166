package optimise

import (
	"github.com/tc0lab/tc0/circuit"
)

// findParities recognises the XOR of two literals in its usual forms: (x∨y)∧(¬x∨¬y), (x∧¬y)∨(¬x∧y),
// and the result of the laws of absorption on the four NANDs or five NORs of a half-adder. This
// removes a level, and the inner gates unless other gates read them.
func findParities(r *rewriter) rule {
	return r.try(func(g circuit.Gate) (circuit.Lit, bool) {
		flip, out, ok := asAnd(r.c.Kind(g))
		in := r.Fanin(g)
		if !ok || len(in) != 2 {
			return 0, false
		}
		x, byX, okX := conjuncts(r.made, in[0]^flip^1)
		y, byY, okY := conjuncts(r.made, in[1]^flip^1)
		if !okX || !okY || len(x) != 2 || len(y) != 2 {
			return 0, false
		}
		// ¬(a∧b) ∧ ¬(¬a∧¬b) = a⊕b
		a, b := x[0]^byX, x[1]^byX
		c, d := y[0]^byY, y[1]^byY
		if a.Gate() == b.Gate() || (c != a.Not() || d != b.Not()) && (c != b.Not() || d != a.Not()) {
			return 0, false
		}
		lits, more := tidyXor([]circuit.Lit{a, b})
		return r.parity(g, lits, more^out), true
	})
}
