package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// By De Morgan's law AND, OR, NAND and NOR are one kind of gate, a conjunction. Its inputs are
// complemented for OR and NOR, and its output for OR and NAND. The laws are written for
// conjunctions, and so hold for all four.

// asAnd returns the complements that turn inputs and output of a gate of kind k into those of an
// AND.
func asAnd(k gates.Kind) (in, out circuit.Lit, ok bool) {
	plain, complement := k.Plain()
	in = circuit.False.NotIf(plain == gates.Or)
	return in, in.NotIf(complement), plain == gates.Or || plain == gates.And
}

func isXor(k gates.Kind) bool { return k == gates.Xor || k == gates.Xnor }

// logic is a circuit, or the gates of one that is being made.
type logic interface {
	Kind(g circuit.Gate) gates.Kind
	Fanin(g circuit.Gate) []circuit.Lit
}

// conjuncts returns the literals that l is the conjunction of, as inputs of a gate of the circuit
// and the complement for each; false if l is not a conjunction.
func conjuncts(c logic, l circuit.Lit) (in []circuit.Lit, flip circuit.Lit, ok bool) {
	flip, out, ok := asAnd(c.Kind(l.Gate()))
	if !ok || out != l&1 {
		return nil, 0, false
	}
	return c.Fanin(l.Gate()), flip, true
}

// tidyAnd sorts the literals of a conjunction in place and leaves out 1 and repeated
// ones. It reports true for never if the conjunction is 0.
func tidyAnd(lits []circuit.Lit) (tidy []circuit.Lit, never bool) {
	slices.Sort(lits)
	lits = slices.Compact(lits)
	if len(lits) > 0 && lits[0] == circuit.False {
		return nil, true
	}
	if len(lits) > 0 && lits[0] == circuit.True {
		lits = lits[1:]
	}
	for i := 1; i < len(lits); i++ {
		if lits[i] == lits[i-1].Not() {
			return nil, true
		}
	}
	return lits, false
}

// tidyXor makes the literals of a parity positive, sorts them in place and leaves out pairs of
// equal ones and constants. It returns the complement for the result.
func tidyXor(lits []circuit.Lit) (tidy []circuit.Lit, flip circuit.Lit) {
	for i, l := range lits {
		flip ^= l & 1
		lits[i] = l &^ 1
	}
	slices.Sort(lits)
	out := lits[:0]
	for _, l := range lits {
		switch n := len(out); {
		case l == circuit.False:
		case n > 0 && out[n-1] == l:
			out = out[:n-1]
		default:
			out = append(out, l)
		}
	}
	return out, flip
}

// tidyConjunction returns the inputs in the new circuit of gate g of c, which is a conjunction, as
// its tidy literals.
func (r *rewriter) tidyConjunction(g circuit.Gate) (tidy []circuit.Lit, never bool) {
	in := r.Fanin(g)
	flip, _, _ := asAnd(r.c.Kind(g))
	for i := range in {
		in[i] ^= flip
	}
	return tidyAnd(in)
}

// tidyParity is the same for XOR and XNOR, and also returns the complement for the parity.
func (r *rewriter) tidyParity(g circuit.Gate) (tidy []circuit.Lit, flip circuit.Lit) {
	tidy, flip = tidyXor(r.Fanin(g))
	return tidy, flip.NotIf(r.c.Kind(g) == gates.Xnor)
}

// conjunction makes a gate of kind k, which is one of AND, OR, NAND and NOR, for the
// tidy literals of its conjunction, or returns the literal or constant that it is.
func (r *rewriter) conjunction(k gates.Kind, lits []circuit.Lit, never bool) circuit.Lit {
	in, out, _ := asAnd(k)
	switch {
	case never:
		return circuit.False ^ out
	case len(lits) == 0:
		return circuit.True ^ out
	case len(lits) == 1:
		return lits[0] ^ out
	}
	for i := range lits {
		lits[i] ^= in
	}
	return r.logic(k, lits...)
}

// parity makes an XOR gate of positive literals, or returns the literal or constant that
// it is. The complement is free or left to an XNOR, whichever gate g has room for.
func (r *rewriter) parity(g circuit.Gate, lits []circuit.Lit, flip circuit.Lit) circuit.Lit {
	switch len(lits) {
	case 0:
		return circuit.False ^ flip
	case 1:
		return lits[0] ^ flip
	}
	l := r.logic(gates.Xor, lits...) ^ flip
	if flip != 0 && !r.fits(g, l) {
		l = r.logic(gates.Xnor, lits...)
	}
	return l
}
