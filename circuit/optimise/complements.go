package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// moveComplements writes NAND, NOR and XNOR as AND, OR and XOR that are read
// complemented, and moves the complements at the inputs of XOR to its output. Where a
// complement costs depth the gate stays as it is, unless it comes early enough.
func moveComplements(r *rewriter) rule {
	return r.try(func(g circuit.Gate) (circuit.Lit, bool) {
		plain, other := r.c.Kind(g).Plain()
		if !r.c.Kind(g).IsLogic() || plain == gates.Buf {
			return 0, false
		}
		in := r.Fanin(g)
		flip := other
		if plain == gates.Xor {
			for i, x := range in {
				flip = flip != x.IsComplement()
				other = other || x.IsComplement()
				in[i] = x &^ 1
			}
		}
		if !other {
			return 0, false
		}
		return r.logic(plain, in...).NotIf(flip), true
	})
}
