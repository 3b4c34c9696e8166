package circuit

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Linear returns an empty collector of terms.
func (b *Builder) Linear() *Linear { return &Linear{b: b, sorted: true} }

// Sum returns the sum of the terms.
func (b *Builder) Sum(terms ...Term) Sum {
	for _, t := range terms {
		b.linear.Add(t.Weight, t.Of)
	}
	return b.linear.Sum()
}

// Count returns the number of literals that are 1.
func (b *Builder) Count(lits ...Lit) Sum {
	for _, l := range lits {
		b.linear.AddLit(I(1), l)
	}
	return b.linear.Sum()
}

// Threshold returns [s ≥ t].
func (b *Builder) Threshold(s Sum, t Int) Lit {
	if b.keep {
		return b.addBound(gates.Threshold, b.node(s), t.Sub(s.add)).Lit()
	}
	t = t.Sub(s.add)
	if s.mul.IsZero() {
		return False.NotIf(t.Sign() <= 0)
	}
	// mul·v ≥ t for mul > 0 is v ≥ ⌈t/mul⌉; for mul < 0 it is v ≤ ⌊−t/−mul⌋,
	// that is ¬[v ≥ ⌊−t/|mul|⌋ + 1].
	flip := s.mul.Sign() < 0
	if flip {
		t = t.Neg().FloorDiv(s.mul.Neg()).Add(I(1))
	} else {
		t = t.CeilDiv(s.mul)
	}
	return b.compare(s.ref, t).NotIf(flip)
}

// compare returns [r ≥ t] for a gate or a sum node.
func (b *Builder) compare(r Ref, t Int) Lit {
	one := I(1)
	if !r.IsSum() {
		switch {
		case t.Sign() <= 0:
			return True
		case t.Cmp(one) > 0:
			return False
		}
		return r.Gate().Lit()
	}
	c, s := &b.c, r.Sum()
	lo, hi := c.Limits(s)
	switch {
	case t.Cmp(lo) <= 0:
		return True
	case t.Cmp(hi) > 0:
		return False
	}
	if c.sumFlag[s]&sumFlat != 0 {
		if l, ok := b.asLogic(s, lo, hi, t); ok {
			return l
		}
	}
	kind := gates.Threshold
	if refs := c.Refs(s); c.sumFlag[s]&sumUnit != 0 {
		// With m of the k weights −1, the gate is a majority of k literals, m of
		// them complemented, when t + m = ⌊k/2⌋ + 1.
		if t.Sub(lo).Cmp(I(int64(len(refs)/2+1))) == 0 {
			kind = gates.Majority
		}
	}
	return b.bound(kind, s, t)
}

// asLogic returns [s ≥ t] as an AND or an OR of the literals of flat sum s, if it
// is one: if s reaches t only with every term at its best, or misses it only with
// every term at its worst.
func (b *Builder) asLogic(s SumID, lo, hi, t Int) (Lit, bool) {
	c := &b.c
	refs := c.Refs(s)
	least := c.Weight(s, 0).Abs()
	for i := 1; i < len(refs); i++ {
		least = least.Min(c.Weight(s, i).Abs())
	}
	and := t.Cmp(hi.Sub(least)) > 0
	or := t.Cmp(lo.Add(least)) <= 0
	if !and && !or {
		return False, false
	}
	lits := make([]Lit, len(refs))
	for i, r := range refs {
		lits[i] = r.Gate().Lit().NotIf(c.Weight(s, i).Sign() < 0)
	}
	if and {
		return b.And(lits...), true
	}
	return b.Or(lits...), true
}

// bound finds or makes the gate [s ≥ t].
func (b *Builder) bound(kind gates.Kind, s SumID, t Int) Lit {
	c := &b.c
	v := b.storeNumber(t, c.sumFlag[s]&sumBig == 0)
	lo, hi := uint32(v), uint32(v>>32)
	hash := hash1(hash2(uint32(s), lo), ^hi)
	mask := uint32(len(b.gates.slots) - 1)
	i := hash & mask
	for ; b.gates.slots[i] != 0; i = (i + 1) & mask {
		e := b.gates.slots[i]
		if uint32(e>>32) != hash {
			continue
		}
		g := Gate(e)
		if k := c.kind[g]; k != gates.Threshold && k != gates.Majority {
			continue
		}
		if a := c.args[c.first[g]:]; a[0] == uint32(s) && a[1] == lo && a[2] == hi {
			return g.Lit()
		}
	}
	g := b.add(kind, uint32(s), lo, hi)
	b.gates.put(i, hash, uint32(g))
	return g.Lit()
}

// addBound makes the gate [s ≥ t] without looking for it.
func (b *Builder) addBound(kind gates.Kind, s SumID, t Int) Gate {
	small := b.c.sumFlag[s]&sumBig == 0
	if small && t.big != nil { // a bound out of all reach of a small sum
		t = I(limit * int64(t.big.Sign()))
	}
	v := b.storeNumber(t, small)
	return b.add(kind, uint32(s), uint32(v), uint32(v>>32))
}

// AtLeast returns whether t or more of the literals are 1.
func (b *Builder) AtLeast(t int, lits ...Lit) Lit {
	return b.Threshold(b.Count(lits...), I(int64(t)))
}

// Majority returns whether more than half of the literals are 1.
func (b *Builder) Majority(lits ...Lit) Lit {
	if b.keep {
		s := b.Count(lits...)
		return b.addBound(gates.Majority, b.node(s), I(int64(len(lits)/2+1)).Sub(s.add)).Lit()
	}
	return b.AtLeast(len(lits)/2+1, lits...)
}

// Mod returns whether the number of literals that are 1 is congruent to one of the
// residues modulo m ≥ 1.
func (b *Builder) Mod(m int64, residues []int64, lits ...Lit) Lit {
	return b.ModSum(m, residues, b.Count(lits...))
}

// ModSum returns whether s is congruent to one of the residues modulo m ≥ 1.
func (b *Builder) ModSum(m int64, residues []int64, s Sum) Lit {
	if m < 1 {
		b.fail(fmt.Errorf("circuit: MOD with modulus %d", m))
		return False
	}
	if m > 1<<31 {
		b.fail(fmt.Errorf("circuit: MOD with modulus %d, more than 2^31", m))
		return False
	}
	modulus := I(m)
	if !b.keep { // weights count modulo m only
		ref, mul, add := s.Parts()
		if ref.IsSum() && !mul.IsZero() {
			for i, r := range b.c.Refs(ref.Sum()) {
				b.linear.Add(b.c.Weight(ref.Sum(), i).Mul(mul).Mod(modulus), Sum{ref: r, mul: I(1)})
			}
			s = b.linear.Sum().Plus(add)
		}
	}
	mul := int64(1)
	if !b.keep {
		mul, _ = s.mul.Mod(modulus).Int64()
	}
	add, _ := s.add.Mod(modulus).Int64()
	// The node's own residues: those v with mul·v + add ≡ one of the residues.
	wanted := make(map[int64]bool, len(residues))
	for _, r := range residues {
		wanted[((r%m)+m)%m] = true
	}
	var own []int64
	if m <= 1<<16 {
		for v := range m {
			if wanted[(mul*v+add)%m] {
				own = append(own, v)
			}
		}
	} else {
		b.fail(fmt.Errorf("circuit: MOD with modulus %d, more than %d", m, 1<<16))
	}
	if !b.keep {
		switch {
		case len(own) == 0:
			return False
		case len(own) == int(m):
			return True
		case !s.ref.IsSum(): // a function of one literal
			zero, one := own[0] == 0, slices.Contains(own, 1%m)
			switch {
			case zero && one:
				return True
			case !zero && !one:
				return False
			}
			return s.ref.Gate().Lit().NotIf(zero)
		}
	}
	return b.addMod(b.node(s), Modulus{m, own})
}

func (b *Builder) addMod(s SumID, m Modulus) Lit {
	c := &b.c
	key := fmt.Sprint(m)
	at, ok := b.modIndex[key]
	if !ok {
		if b.modIndex == nil {
			b.modIndex = make(map[string]uint32)
		}
		at = uint32(len(c.mods))
		c.mods = append(c.mods, m)
		b.modIndex[key] = at
	}
	hash := hash1(hash2(uint32(s), at), 0x6d6f64)
	mask := uint32(len(b.gates.slots) - 1)
	i := hash & mask
	for ; !b.keep && b.gates.slots[i] != 0; i = (i + 1) & mask {
		e := b.gates.slots[i]
		g := Gate(e)
		if uint32(e>>32) == hash && c.kind[g] == gates.Mod {
			if a := c.args[c.first[g]:]; a[0] == uint32(s) && a[1] == at {
				return g.Lit()
			}
		}
	}
	g := b.add(gates.Mod, uint32(s), at)
	if !b.keep {
		b.gates.put(i, hash, uint32(g))
	}
	return g.Lit()
}

// node returns the sum node of s, whose mul must be 1 unless s is constant or a
// single gate.
func (b *Builder) node(s Sum) SumID {
	switch {
	case s.mul.IsZero():
		return 0
	case s.ref.IsSum():
		return s.ref.Sum()
	}
	return b.internSum([]refTerm{{s.ref, s.mul}})
}
