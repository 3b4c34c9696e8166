package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// moveComplements writes NAND, NOR and XNOR as AND, OR and XOR that are read
// complemented, and moves the complements at the inputs of XOR to its output. Where a
// complement costs depth the gate stays as it is, unless it comes early enough.
func moveComplements(r *rewriter) rule {
	return func(g circuit.Gate) (circuit.Lit, bool) {
		k := r.c.Kind(g)
		other := false
		var l circuit.Lit
		if isXor(k) {
			in := r.inputs(g)
			flip := circuit.Lit(0)
			if k == gates.Xnor {
				flip, other = 1, true
			}
			for i, x := range in {
				flip ^= x & 1
				other = other || x.IsComplement()
				in[i] = x &^ 1
			}
			if other {
				l = r.gate(gates.Xor, in...) ^ flip
			}
		} else if k == gates.Nand || k == gates.Nor {
			to, _ := k.Complement()
			l, other = r.gate(to, r.inputs(g)...).Not(), true
		}
		if other && r.fits(g, l) {
			return l, true
		}
		return r.copy(g), false
	}
}
