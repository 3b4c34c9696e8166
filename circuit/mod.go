package circuit

import (
	"encoding/binary"
	"fmt"
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
	given := Modulus{M: m}
	for _, r := range residues {
		given.Residues = append(given.Residues, NewInt(r).Residue(m))
	}
	if b.keep {
		return b.add(gates.Mod, uint32(b.node(s)), b.storeModulus(given.Of(NewInt(1), s.add))).Lit()
	}

	if s.ref.IsSum() && !s.mul.IsZero() { // weights count modulo m only
		for i, r := range b.c.Refs(s.ref.Sum()) {
			b.linear.Add(b.c.Weight(s.ref.Sum(), i).Mul(s.mul).Mod(NewInt(m)), Sum{ref: r, mul: NewInt(1)})
		}
		s = b.linear.Sum().Plus(s.add)
	}
	own := given.Of(s.mul, s.add)
	switch {
	case len(own.Residues) == 0:
		return False
	case int64(len(own.Residues)) == m:
		return True
	case !s.ref.IsSum(): // a function of one literal, and m is at least 2
		zero, one := own.Accepts(NewInt(0)), own.Accepts(NewInt(1))
		if zero == one {
			return False.NotIf(zero)
		}
		return s.ref.Gate().Lit().NotIf(zero)
	}
	node := uint32(s.ref.Sum())
	if at, ok := b.modIndex[own.Others().key()]; ok {
		if _, g := b.find(gates.Mod, node, at); g != 0 {
			return g.Lit().Not()
		}
	}
	return b.unique(gates.Mod, node, b.storeModulus(own)).Lit()
}

// Accepts reports whether v is congruent to one of the residues.
func (m Modulus) Accepts(v Int) bool {
	_, found := slices.BinarySearch(m.Residues, v.Residue(m.M))
	return found
}

// Of returns the residues of the v for which m accepts mul·v + add.
func (m Modulus) Of(mul, add Int) Modulus {
	accepted := make([]bool, m.M)
	for _, r := range m.Residues {
		accepted[r] = true
	}
	own := Modulus{M: m.M}
	a, b := mul.Residue(m.M), add.Residue(m.M)
	for v := range m.M {
		if accepted[(a*v+b)%m.M] {
			own.Residues = append(own.Residues, v)
		}
	}
	return own
}

// Others returns the modulus that accepts the residues that m does not accept.
func (m Modulus) Others() Modulus {
	rest, left := Modulus{M: m.M}, m.Residues
	for v := range m.M {
		if len(left) > 0 && left[0] == v {
			left = left[1:]
		} else {
			rest.Residues = append(rest.Residues, v)
		}
	}
	return rest
}

// storeModulus returns where m is among the moduli, as an argument of a gate.
func (b *Builder) storeModulus(m Modulus) uint32 {
	key := m.key()
	at, ok := b.modIndex[key]
	if !ok {
		at = uint32(len(b.c.mods))
		b.c.mods = append(b.c.mods, m)
		b.modIndex[key] = at
	}
	return at
}

func (m Modulus) key() string {
	key := binary.AppendUvarint(nil, uint64(m.M))
	for _, r := range m.Residues {
		key = binary.AppendUvarint(key, uint64(r))
	}
	return string(key)
}
