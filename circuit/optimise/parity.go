package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// findParities recognises the XOR of two literals in its usual forms: (x∨y)∧(¬x∨¬y),
// (x∧¬y)∨(¬x∧y), and what becomes of the four NANDs or five NORs of a half-adder by the
// laws of absorption. The inner gates go, unless something else reads them, and a level.
func findParities(r *rewriter) rule {
	return func(g circuit.Gate) (circuit.Lit, bool) {
		flip, out, ok := asAnd(r.c.Kind(g))
		if in := r.inputs(g); ok && len(in) == 2 {
			x, byX, okX := conjuncts(r.made, in[0]^flip^1)
			y, byY, okY := conjuncts(r.made, in[1]^flip^1)
			if okX && okY && len(x) == 2 && len(y) == 2 {
				// ¬(a∧b) ∧ ¬(¬a∧¬b) = a⊕b
				a, b := x[0]^byX, x[1]^byX
				c, d := y[0]^byY, y[1]^byY
				if a.Gate() != b.Gate() && (c == a.Not() && d == b.Not() || c == b.Not() && d == a.Not()) {
					l := r.parity(g, slices.Sorted(slices.Values([]circuit.Lit{a &^ 1, b &^ 1})), (a^b)&1^out)
					if r.fits(g, l) {
						return l, true
					}
				}
			}
		}
		return r.copy(g), false
	}
}

// class returns the smallest class whose basis has all the gates of a circuit.
func class(c *circuit.Circuit) gates.Class {
	least := gates.AC0
	for g := range circuit.Gate(c.Len()) {
		if k := c.Kind(g); !k.IsSource() {
			least = max(least, k.Class(len(c.Fanin(g))))
		}
	}
	return least
}
