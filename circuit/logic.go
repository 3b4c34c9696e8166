package circuit

import (
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// And returns the conjunction of the literals; of none, True.
func (b *Builder) And(lits ...Lit) Lit {
	if b.keep {
		return b.raw(gates.And, lits)
	}
	if len(lits) == 2 {
		return b.and2(lits[0], lits[1], False)
	}
	return b.andN(lits, false)
}

// Or returns the disjunction of the literals; of none, False.
func (b *Builder) Or(lits ...Lit) Lit {
	if b.keep {
		return b.raw(gates.Or, lits)
	}
	if len(lits) == 2 {
		return b.and2(lits[0].Not(), lits[1].Not(), True).Not()
	}
	return b.andN(lits, true).Not()
}

// Nand returns the complement of And. Only a builder that keeps gates makes a NAND.
func (b *Builder) Nand(lits ...Lit) Lit {
	if b.keep {
		return b.raw(gates.Nand, lits)
	}
	return b.And(lits...).Not()
}

// Nor returns the complement of Or. Only a builder that keeps gates makes a NOR.
func (b *Builder) Nor(lits ...Lit) Lit {
	if b.keep {
		return b.raw(gates.Nor, lits)
	}
	return b.Or(lits...).Not()
}

// Xnor returns the complement of Xor. Only a builder that keeps gates makes a XNOR.
func (b *Builder) Xnor(lits ...Lit) Lit {
	if b.keep {
		return b.raw(gates.Xnor, lits)
	}
	return b.Xor(lits...).Not()
}

// Not returns the complement of x; a builder that keeps gates makes a NOT.
func (b *Builder) Not(x Lit) Lit {
	if b.keep {
		return b.raw(gates.Not, []Lit{x})
	}
	return x.Not()
}

// Buf returns x; a builder that keeps gates makes a BUF.
func (b *Builder) Buf(x Lit) Lit {
	if b.keep {
		return b.raw(gates.Buf, []Lit{x})
	}
	return x
}

// Mux returns x where cond is 1 and y where it is 0, as an OR of two ANDs.
func (b *Builder) Mux(cond, x, y Lit) Lit {
	return b.Or(b.And(cond, x), b.And(cond.Not(), y))
}

// Logic makes a gate of a kind that [gates.Kind.IsLogic] reports, as the method of its name
// does; a NOT or BUF reads the first literal. It panics for other kinds.
func (b *Builder) Logic(kind gates.Kind, lits ...Lit) Lit {
	switch kind {
	case gates.And:
		return b.And(lits...)
	case gates.Or:
		return b.Or(lits...)
	case gates.Nand:
		return b.Nand(lits...)
	case gates.Nor:
		return b.Nor(lits...)
	case gates.Xor:
		return b.Xor(lits...)
	case gates.Xnor:
		return b.Xnor(lits...)
	case gates.Not:
		return b.Not(lits[0])
	case gates.Buf:
		return b.Buf(lits[0])
	}
	panic("circuit: no logic gate: " + kind.String())
}

func (b *Builder) raw(k gates.Kind, lits []Lit) Lit {
	if len(lits) == 2 {
		return b.add2(k, uint32(lits[0]), uint32(lits[1])).Lit()
	}
	args := make([]uint32, len(lits))
	for i, l := range lits {
		args[i] = uint32(l)
	}
	return b.add(k, args...).Lit()
}

// A conjunction and a disjunction that are complements of each other share one
// gate, of the kind that was asked for first. The look-up compares gates in the
// form of a conjunction: an OR gate over x, y is the complement of ¬x ∧ ¬y.
// In both functions flip is True if the caller is making an OR and has
// complemented its literals.

func (b *Builder) and2(x, y, flip Lit) Lit {
	if x > y {
		x, y = y, x
	}
	switch { // x ≤ y, so that constants come first
	case x == False || x == y.Not():
		return False
	case x == True || x == y:
		return y
	}
	c := &b.c
	if b.hasBound {
		if z, ok := b.oneSum(x, y); ok {
			return z
		}
	}
	hash := hash2(uint32(x), uint32(y))
	p := b.gates.seek(hash, uint32(y))
	for ; p.id != 0; p = b.gates.next(p) {
		g := Gate(p.id)
		k, at := c.kind[g], c.first[g]
		if c.first[g+1]-at != 2 || k != gates.And && k != gates.Or {
			continue
		}
		other := Lit(0)
		if k == gates.Or {
			other = 1
		}
		if Lit(c.args[at])^other == x && Lit(c.args[at+1])^other == y {
			return g.Lit() ^ other
		}
	}
	k := gates.And
	if flip != 0 {
		k = gates.Or
	}
	g := b.add2(k, uint32(x^flip), uint32(y^flip))
	b.gates.put(p, uint32(g))
	return g.Lit() ^ flip
}

// xor2 is Xor of two literals.
func (b *Builder) xor2(x, y Lit) Lit {
	flip := (x ^ y) & 1
	x, y = x&^1, y&^1
	if x > y {
		x, y = y, x
	}
	switch {
	case x == y:
		return flip
	case x == False:
		return y ^ flip
	}
	c := &b.c
	hash := hash2(uint32(y), uint32(x)) // an AND has them the other way round
	p := b.gates.seek(hash, uint32(y))
	for ; p.id != 0; p = b.gates.next(p) {
		g := Gate(p.id)
		at := c.first[g]
		if c.kind[g] == gates.Xor && c.first[g+1]-at == 2 && Lit(c.args[at]) == x && Lit(c.args[at+1]) == y {
			return g.Lit() ^ flip
		}
	}
	g := b.add2(gates.Xor, uint32(x), uint32(y))
	b.gates.put(p, uint32(g))
	return g.Lit() ^ flip
}

func (b *Builder) andN(in []Lit, or bool) Lit {
	flip := Lit(0)
	if or {
		flip = 1
	}
	lits := b.lits[:0]
	for _, l := range in {
		lits = append(lits, l^flip)
	}
	b.lits = lits
	slices.Sort(lits)
	lits = slices.Compact(lits)
	if len(lits) > 0 && lits[0] == True {
		lits = lits[1:]
	}
	for i, l := range lits {
		if l == False || i > 0 && l == lits[i-1].Not() {
			return False
		}
	}
	switch len(lits) {
	case 0:
		return True
	case 1:
		return lits[0]
	case 2:
		return b.and2(lits[0], lits[1], flip)
	}
	kind := gates.And
	if or {
		kind = gates.Or
	}
	return b.logic(kind, lits, flip) ^ flip
}

// logic finds or makes the gate whose conjunctive form (for AND and OR) or whose
// own form (for XOR) has exactly the given sorted literals; flip is what a found
// or made OR gate complements. It returns the positive literal of the gate if it
// is of the asked kind, so that the caller's complement is right either way.
func (b *Builder) logic(kind gates.Kind, lits []Lit, flip Lit) Lit {
	c := &b.c
	hash := uint32(len(lits))
	if kind == gates.Xor {
		hash = ^hash
	}
	for _, l := range lits {
		hash = hash1(hash, uint32(l))
	}
	p := b.gates.seek(hash, uint32(lits[len(lits)-1]))
	for ; p.id != 0; p = b.gates.next(p) {
		g := Gate(p.id)
		k := c.kind[g]
		other := Lit(0)
		switch {
		case k == gates.Or && kind != gates.Xor:
			other = 1
		case k == gates.And && kind != gates.Xor:
		case k == gates.Xor && kind == gates.Xor:
		default:
			continue
		}
		if equalLits(c.args[c.first[g]:c.first[g+1]], lits, other) {
			return g.Lit() ^ other ^ flip
		}
	}
	g := Gate(len(c.kind))
	if !b.room(len(c.args)+len(lits)) || !b.room(2*int(g)+1) {
		return False
	}
	c.stageAt(g, b.stage)
	c.kind = append(c.kind, kind)
	for _, l := range lits {
		c.args = append(c.args, uint32(l^flip))
	}
	c.first = append(c.first, uint32(len(c.args)))
	b.gates.put(p, uint32(g))
	return g.Lit()
}

func equalLits(args []uint32, lits []Lit, flip Lit) bool {
	if len(args) != len(lits) {
		return false
	}
	for i, l := range lits {
		if Lit(args[i])^flip != l {
			return false
		}
	}
	return true
}

// Xor returns whether an odd number of the literals is 1; of none, False. Its
// complements move to the output, and pairs of equal literals cancel.
func (b *Builder) Xor(in ...Lit) Lit {
	if b.keep {
		return b.raw(gates.Xor, in)
	}
	if len(in) == 2 {
		return b.xor2(in[0], in[1])
	}
	flip := Lit(0)
	lits := b.lits[:0]
	for _, l := range in {
		flip ^= l & 1
		if l > True {
			lits = append(lits, l&^1)
		}
	}
	b.lits = lits
	slices.Sort(lits)
	out := lits[:0]
	for _, l := range lits {
		if n := len(out); n > 0 && out[n-1] == l {
			out = out[:n-1]
		} else {
			out = append(out, l)
		}
	}
	switch len(out) {
	case 0:
		return flip
	case 1:
		return out[0] ^ flip
	case 2:
		return b.xor2(out[0], out[1]) ^ flip
	}
	return b.logic(gates.Xor, out, 0) ^ flip
}
