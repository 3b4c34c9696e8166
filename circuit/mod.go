package circuit

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Mod returns whether the number of literals that are 1 is congruent to one of the
// residues modulo m, which is at least 1 and at most 2^16.
func (b *Builder) Mod(m int64, residues []int64, lits ...Lit) Lit {
	return b.ModSum(m, residues, b.Count(lits...))
}

// ModSum returns whether s is congruent to one of the residues modulo m, which is
// at least 1 and at most 2^16.
func (b *Builder) ModSum(m int64, residues []int64, s Sum) Lit {
	if m < 1 || m > maxModulus {
		b.fail(fmt.Errorf("circuit: MOD with modulus %d, outside 1..%d", m, maxModulus))
		return False
	}
	accepted := make([]bool, m)
	for _, r := range residues {
		accepted[((r%m)+m)%m] = true
	}
	modulus := I(m)
	if b.keep {
		add, _ := s.add.Mod(modulus).Int64()
		own, _ := ownResidues(accepted, 1, add)
		return b.mod(b.node(s), Modulus{m, own})
	}

	if s.ref.IsSum() && !s.mul.IsZero() { // weights count modulo m only
		for i, r := range b.c.Refs(s.ref.Sum()) {
			b.linear.Add(b.c.Weight(s.ref.Sum(), i).Mul(s.mul).Mod(modulus), Sum{ref: r, mul: I(1)})
		}
		s = b.linear.Sum().Plus(s.add)
	}
	mul, _ := s.mul.Mod(modulus).Int64()
	add, _ := s.add.Mod(modulus).Int64()
	own, other := ownResidues(accepted, mul, add)
	switch {
	case len(own) == 0:
		return False
	case len(other) == 0:
		return True
	case !s.ref.IsSum(): // a function of one literal, and m is at least 2
		zero, one := slices.Contains(own, 0), slices.Contains(own, 1)
		if zero == one {
			return False.NotIf(zero)
		}
		return s.ref.Gate().Lit().NotIf(zero)
	}
	node := s.ref.Sum()
	if l, ok := b.findMod(node, Modulus{m, other}); ok {
		return l.Not()
	}
	return b.mod(node, Modulus{m, own})
}

// ownResidues returns the v modulo m = len(accepted) for which mul·v + add is
// accepted, and those for which it is not.
func ownResidues(accepted []bool, mul, add int64) (own, other []int64) {
	m := int64(len(accepted))
	for v := range m {
		if accepted[(mul*v+add)%m] {
			own = append(own, v)
		} else {
			other = append(other, v)
		}
	}
	return own, other
}

// mod finds or makes the gate that tests the node.
func (b *Builder) mod(s SumID, m Modulus) Lit {
	if l, ok := b.findMod(s, m); ok && !b.keep {
		return l
	}
	at, ok := b.modulusAt(m)
	if !ok {
		if b.modIndex == nil {
			b.modIndex = make(map[uint64][]uint32)
		}
		at = uint32(len(b.c.mods))
		b.c.mods = append(b.c.mods, m)
		b.modIndex[m.hash()] = append(b.modIndex[m.hash()], at)
	}
	if b.keep {
		return b.add(gates.Mod, uint32(s), at).Lit()
	}
	p, _ := b.seekMod(s, at)
	g := b.add(gates.Mod, uint32(s), at)
	b.gates.put(p, uint32(g))
	return g.Lit()
}

// modulusAt returns where m is among the moduli, if it is.
func (b *Builder) modulusAt(m Modulus) (uint32, bool) {
	for _, at := range b.modIndex[m.hash()] {
		if old := b.c.mods[at]; old.M == m.M && slices.Equal(old.Residues, m.Residues) {
			return at, true
		}
	}
	return 0, false
}

func (m Modulus) hash() uint64 {
	h := uint64(m.M)
	for _, r := range m.Residues {
		h = (bits.RotateLeft64(h, 5) ^ uint64(r)) * 0x9E3779B97F4A7C15
	}
	return h
}

func (b *Builder) findMod(s SumID, m Modulus) (Lit, bool) {
	at, ok := b.modulusAt(m)
	if !ok {
		return False, false
	}
	_, g := b.seekMod(s, at)
	return g.Lit(), g != 0
}

// seekMod looks for a MOD gate by its arguments. It returns gate 0 and the free
// place if there is none.
func (b *Builder) seekMod(s SumID, at uint32) (place, Gate) {
	c := &b.c
	hash := hash1(hash2(uint32(s), at), 0x6d6f64)
	p := b.gates.seek(hash, hash)
	for ; p.id != 0; p = b.gates.next(p) {
		g := Gate(p.id)
		if c.kind[g] != gates.Mod {
			continue
		}
		if a := c.args[c.first[g]:]; a[0] == uint32(s) && a[1] == at {
			return p, g
		}
	}
	return p, 0
}
