package circuit

import (
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Logic returns a gate of the kind, which reads literals, on the given ones. NOT, NAND, NOR and
// XNOR are the complements of BUF, AND, OR and XOR, and complements are free. So only a builder
// that keeps gates makes them.
//
// It panics for a kind that does not read literals.
func (b *Builder) Logic(kind gates.Kind, in ...Lit) Lit {
	if b.keep && kind.IsLogic() {
		return b.raw(kind, in)
	}
	switch plain, complement := kind.Plain(); {
	case plain == gates.Buf:
		return in[0].NotIf(complement)
	case len(in) == 2 && plain.IsLogic():
		return b.pair(plain, in[0], in[1]).NotIf(complement)
	case plain == gates.And:
		return b.andN(in, False).NotIf(complement)
	case plain == gates.Or:
		return b.andN(in, True).NotIf(!complement)
	case plain == gates.Xor:
		return b.xorN(in).NotIf(complement)
	}
	panic("circuit: no logic gate: " + kind.String())
}

// And returns the conjunction of the literals; it is True if there are no literals.
func (b *Builder) And(lits ...Lit) Lit { return b.Logic(gates.And, lits...) }

// Or returns the disjunction of the literals; it is False if there are no literals.
func (b *Builder) Or(lits ...Lit) Lit { return b.Logic(gates.Or, lits...) }

// Xor returns whether an odd number of the literals is 1; it is False if there are no literals. Its
// complements move to the output, and pairs of equal literals cancel.
func (b *Builder) Xor(lits ...Lit) Lit { return b.Logic(gates.Xor, lits...) }

// Nand returns the complement of And. Only a builder that keeps gates makes a NAND.
func (b *Builder) Nand(lits ...Lit) Lit { return b.Logic(gates.Nand, lits...) }

// Nor returns the complement of Or. Only a builder that keeps gates makes a NOR.
func (b *Builder) Nor(lits ...Lit) Lit { return b.Logic(gates.Nor, lits...) }

// Xnor returns the complement of Xor. Only a builder that keeps gates makes a XNOR.
func (b *Builder) Xnor(lits ...Lit) Lit { return b.Logic(gates.Xnor, lits...) }

// Not returns the complement of x; a builder that keeps gates makes a NOT.
func (b *Builder) Not(x Lit) Lit { return b.Logic(gates.Not, x) }

// Buf returns x; a builder that keeps gates makes a BUF.
func (b *Builder) Buf(x Lit) Lit { return b.Logic(gates.Buf, x) }

// Mux returns x where cond is 1 and y where it is 0, as an OR of two ANDs.
func (b *Builder) Mux(cond, x, y Lit) Lit {
	return b.Or(b.And(cond, x), b.And(cond.Not(), y))
}

// raw makes a gate as it is.
func (b *Builder) raw(k gates.Kind, lits []Lit) Lit { return b.add(k, argsOf(lits)...).Lit() }

// Pairs makes a gate of a kind that reads literals for each pair of them, as many calls of
// [Builder.Logic] would. If the builder keeps gates, as it must, the gates have consecutive numbers.
func (b *Builder) Pairs(kind gates.Kind, in [][2]Lit) {
	c := &b.c
	if !b.keep || !kind.IsLogic() {
		panic("circuit: pairs are for logic gates that are kept")
	}
	for len(in) > 0 {
		n := min(cap(c.kind)-len(c.kind), cap(c.first)-len(c.first), maxGates-len(c.kind))
		n = min(n, len(in), len(c.args.rest())/2)
		if b.full || n <= 0 { // one by one, up to what there is room for
			b.raw(kind, in[0][:])
			in = in[1:]
			continue
		}
		c.stageAt(Gate(len(c.kind)), b.stage)
		kinds, first := c.kind[len(c.kind):len(c.kind)+n], c.first[len(c.first):len(c.first)+n]
		copy(c.args.next(2*n), pairArgs(in[:n]))
		end := c.args.end()
		c.args.take(2 * n)
		for i := range kinds {
			kinds[i] = kind
			end += 2
			first[i] = end
		}
		c.kind, c.first, in = c.kind[:len(c.kind)+n], c.first[:len(c.first)+n], in[n:]
	}
}

// andN returns the conjunction of the literals, all of them complemented by flip: True if
// the caller makes an OR, which is the complement.
func (b *Builder) andN(in []Lit, flip Lit) Lit {
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
	}
	kind := gates.And
	if flip == True {
		kind = gates.Or
		for i := range lits {
			lits[i] ^= flip
		}
	}
	if len(lits) == 2 {
		return b.pair(kind, lits[0], lits[1]) ^ flip
	}
	g := b.unique(kind, argsOf(lits)...)
	return g.Lit().NotIf(b.c.kind[g] == gates.Or)
}

// xorN is Xor in a builder that normalises.
func (b *Builder) xorN(in []Lit) Lit {
	flip := False
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
		return b.pair(gates.Xor, out[0], out[1]) ^ flip
	}
	return b.unique(gates.Xor, argsOf(out)...).Lit() ^ flip
}

// likeness returns the kind of the gates among which a gate of kind k is looked up, and how its
// arguments are complemented there. A conjunction and a disjunction that are complements of each
// other share one gate, of the kind that was asked for first: an OR gate over x, y is the
// complement of ¬x ∧ ¬y. A MAJORITY is a threshold gate.
func likeness(k gates.Kind) (like gates.Kind, flip uint32) {
	switch k {
	case gates.Or:
		return gates.And, 1
	case gates.Majority:
		return gates.Threshold, 0
	}
	return k, 0
}

// pair is Logic for AND, OR and XOR of two literals, which most gates are. It has no loops. It
// looks for a gate in the form of a conjunction, or of an XOR without complements.
func (b *Builder) pair(kind gates.Kind, x, y Lit) Lit {
	c, xor := &b.c, kind == gates.Xor
	like, by := likeness(kind)
	x, y = x^Lit(by), y^Lit(by)
	flip := Lit(by)
	if xor {
		flip = (x ^ y) & 1
		x, y = x&^1, y&^1
	}
	first, last := min(x, y), max(x, y) // constants come first
	switch {
	case xor && first == last:
		return flip
	case xor && first == False:
		return last ^ flip
	case xor:
	case first == False || first == last.Not():
		return flip
	case first == True || first == last:
		return last ^ flip
	case b.hasBound:
		if z, ok := b.oneSum(first, last); ok {
			return z ^ flip
		}
	}
	p := b.gates.find(pairHash(like, uint32(first), uint32(last)), uint32(last), func(id uint32) bool {
		k, other := likeness(c.kind[id])
		args := c.reads(Gate(id))
		return k == like && len(args) == 2 && args[0]^other == uint32(first) && args[1]^other == uint32(last)
	})
	g := Gate(p.id)
	if g == 0 {
		g = b.add(kind, uint32(first)^by, uint32(last)^by)
		b.gates.put(p, uint32(g))
	}
	return g.Lit().NotIf(c.kind[g] == gates.Or) ^ flip
}

// pairHash is gateHash of two literals, in the form in which they are looked up.
func pairHash(like gates.Kind, first, last uint32) uint32 {
	hash := hash2(first, last)
	if like == gates.Xor {
		return ^hash
	}
	return hash
}

// gateHash is the hash under which a gate is looked up.
func gateHash(kind gates.Kind, args []uint32) uint32 {
	like, flip := likeness(kind)
	if len(args) == 2 && kind.IsLogic() {
		return pairHash(like, args[0]^flip, args[1]^flip)
	}
	hash := args[0] ^ flip ^ uint32(like)<<27
	for _, a := range args[1:] {
		hash = hash2(hash, a^flip)
	}
	return hash
}

// find looks for an equal gate. If there is no such gate, it returns gate 0 and the free place for
// it.
func (b *Builder) find(kind gates.Kind, args ...uint32) (place, Gate) {
	c := &b.c
	like, flip := likeness(kind)
	hash := gateHash(kind, args)
	p := b.gates.find(hash, nearGate(kind, args, hash), func(id uint32) bool {
		k, by := likeness(c.kind[id])
		if old := c.reads(Gate(id)); k == like && len(old) == len(args) {
			by ^= flip
			for i, a := range args {
				if old[i]^by != a {
					return false
				}
			}
			return true
		}
		return false
	})
	return p, Gate(p.id)
}

// unique finds or makes a gate.
func (b *Builder) unique(kind gates.Kind, args ...uint32) Gate {
	p, g := b.find(kind, args...)
	if g == 0 {
		g = b.add(kind, args...)
		b.gates.put(p, uint32(g))
	}
	return g
}
