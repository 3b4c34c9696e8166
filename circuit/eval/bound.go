package eval

import (
	"unsafe"

	"github.com/tc0lab/tc0/circuit"
)

// A gate that has absorbed literals is a bound on a sum of one shared sum and one or
// two literals with weights that decide. Such a sum is looked through: the bound is
// a choice by the literals between bounds on the shared sum, most of which are
// constant, and no planes of the outer sum are made.

// mostChoices is the greatest number of literals that are looked through.
const mostChoices = 2

// lookThrough returns the shared sum below s if s is looked through.
func (g *generator) lookThrough(s circuit.SumID) (inner circuit.SumID, ok bool) {
	refs := g.c.Refs(s) // of which the sums come last
	last := len(refs) - 1
	if g.shape[s]&notBounds != 0 || last < 1 || last > mostChoices || !refs[last].IsSum() || refs[last-1].IsSum() {
		return 0, false
	}
	return refs[last].Sum(), true
}

// bound returns [s ≥ t].
func (g *generator) bound(s circuit.SumID, t circuit.Int) value {
	if _, ok := g.lookThrough(s); !ok {
		return g.compare(s, t)
	}
	return g.choose(s, 0, t)
}

// choose returns [Σ of the terms of s from at on ≥ t], its nested term last.
func (g *generator) choose(s circuit.SumID, at int, t circuit.Int) value {
	ref, w := g.c.Refs(s)[at], g.c.Weight(s, at)
	if ref.IsSum() {
		if w.Sign() > 0 {
			return g.compare(ref.Sum(), t.CeilDiv(w))
		}
		// −|w|·v ≥ t is v ≤ ⌊−t/|w|⌋, which is not v ≥ ⌊−t/|w|⌋ + 1.
		return g.compare(ref.Sum(), t.Neg().FloorDiv(w.Neg()).Add(circuit.NewInt(1))).not()
	}
	x := g.value(ref.Gate())
	without := g.choose(s, at+1, t)
	with := g.choose(s, at+1, t.Sub(w))
	switch {
	case with == without:
		return with
	case without == constant(true):
		return g.or(x.not(), with)
	case with == constant(true):
		return g.or(x, without)
	}
	return g.or(g.and(x, with), g.and(x.not(), without))
}

// compare returns [s ≥ t] from the planes of s. Comparisons that a sum above may
// need again are remembered.
func (g *generator) compare(s circuit.SumID, t circuit.Int) value {
	lo, hi := g.c.Limits(s)
	switch {
	case t.Cmp(lo) <= 0:
		return constant(true)
	case t.Cmp(hi) > 0:
		return constant(false)
	}
	if g.shape[s]&looked == 0 {
		return g.atLeast(s, t)
	}
	key := compared{s: s}
	if small, ok := t.Int64(); ok {
		key.t = small
	} else {
		key.text = t.String()
	}
	v, ok := g.known[key]
	if !ok {
		v = g.atLeast(s, t)
		g.known[key] = v
	}
	return v
}

// atLeast makes the comparison of the planes of s with a constant u, from the low
// bit up: with r = [the planes below k ≥ the bits of u below k], plane p and bit b
// of u, the next r is p ∧ r where b is 1 and p ∨ r where b is 0. Bits of u below its
// lowest 1 change nothing.
func (g *generator) atLeast(s circuit.SumID, t circuit.Int) value {
	n := g.number(s)
	u := t.Sub(n.offset)
	switch {
	case u.Sign() <= 0:
		return constant(true)
	case u.BitLen() > len(n.planes):
		return constant(false)
	}
	low := 0
	for u.Bit(low) == 0 {
		low++
	}
	planes := n.planes[low:]
	switch len(planes) {
	case 1:
		return value{planes[0], false}
	case 2:
		x, y := value{planes[0], false}, value{planes[1], false}
		if u.Bit(low+1) == 1 {
			return g.and(x, y)
		}
		return g.or(x, y)
	}
	g.scratch = g.scratch[:0]
	for k, r := range planes {
		if len(g.scratch) == mostOperands {
			g.scratch = append(g.scratch[:0], g.listStep(opAtLeast, 0)<<1)
		}
		g.scratch = append(g.scratch, r<<1|uint32(u.Bit(low+k)))
	}
	return value{g.listStep(opAtLeast, 0), false}
}

// mod returns whether s is in the given residues.
func (g *generator) mod(s circuit.SumID, m circuit.Modulus) value {
	n := g.number(s)
	key := shifted{unsafe.SliceData(m.Residues), m.M, n.offset.Residue(m.M)}
	index, ok := g.mods[key]
	if !ok {
		index = uint32(len(g.code.mods))
		g.code.mods = append(g.code.mods, m.Of(circuit.NewInt(1), n.offset))
		g.mods[key] = index
	}
	g.scratch = append(g.scratch[:0], n.planes...)
	return value{g.listStep(opMod, index), false}
}
