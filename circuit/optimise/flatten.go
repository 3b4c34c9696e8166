package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// flattener puts gates into their only readers.
type flattener struct {
	*rewriter
	into  []bool         // by gate of c: it is put into its reader and not made
	todo  []circuit.Gate // of one reader: gates whose inputs are still to be looked at
	inner []circuit.Gate // of one reader: the gates that are put into it
	lits  []circuit.Lit
}

// flattenGates puts the inputs of a gate with one reader into that reader, if the two compute one
// conjunction or one parity. Each inner gate saves one gate and one wire, and no gate becomes
// later.
//
// A tree of such gates is put together once, at its root, so the time for a long chain is linear in
// its wires.
func flattenGates(r *rewriter) rule {
	f := &flattener{rewriter: r, into: make([]bool, r.c.Len())}
	r.seen = f.into
	for g := range circuit.Gate(r.c.Len()) {
		if r.near[g] <= r.last {
			continue
		}
		for _, x := range r.c.Fanin(g) {
			f.into[x.Gate()] = r.readers[x.Gate()] == 1 && f.joins(g, x)
		}
	}
	return f.gate
}

// joins reports whether the gate of x, an input of g, computes a part of the function of g. If
// complements cost depth, it must do so without any.
func (f *flattener) joins(g circuit.Gate, x circuit.Lit) bool {
	k, h := f.c.Kind(g), f.c.Kind(x.Gate())
	free := f.model.Complement == 0
	if isXor(k) { // a wide XOR is PARITY, which a narrow one is not
		return isXor(h) && k.Class(3) <= f.class && (free || !x.IsComplement())
	}
	flip, _, and := asAnd(k)
	if !and {
		return false
	}
	_, by, ok := conjuncts(f.c, x^flip)
	return ok && (free || by == flip && !x.IsComplement())
}

func (f *flattener) gate(g circuit.Gate) (circuit.Lit, bool) {
	if f.into[g] {
		return circuit.False, false // only the root reads it
	}
	if !f.stale {
		return f.copy(g), false
	}
	f.inner, f.lits = f.inner[:0], f.lits[:0]
	k := f.c.Kind(g)
	var l circuit.Lit
	switch flip, _, and := asAnd(k); {
	case and:
		f.collect(g)
		if len(f.inner) > 0 {
			for i := range f.lits {
				f.lits[i] ^= flip
			}
			tidy, never := tidyAnd(f.lits)
			l = f.conjunction(k, tidy, never)
		}
	case isXor(k):
		parity := f.collect(g)
		if len(f.inner) > 0 {
			tidy, more := tidyXor(f.lits)
			l = f.parity(g, tidy, parity^more)
		}
	}
	if len(f.inner) == 0 {
		return f.copy(g), false
	}
	if f.fits(g, l) {
		return l, true
	}
	f.refuse(g)
	slices.Sort(f.inner) // a model in which an inner gate has a negative cost
	for _, h := range f.inner {
		f.lits = f.lits[:0]
		f.Lits[h] = f.copy(h)
	}
	return f.copy(g), false
}

// collect gathers the literals of the tree whose root is g, as g itself would read them,
// and the inner gates. It returns the parity of the complements on the way.
func (f *flattener) collect(g circuit.Gate) (parity circuit.Lit) {
	root, _, and := asAnd(f.c.Kind(g))
	f.todo = append(f.todo[:0], g)
	for len(f.todo) > 0 {
		h := f.todo[len(f.todo)-1]
		f.todo = f.todo[:len(f.todo)-1]
		if h != g {
			f.inner = append(f.inner, h)
		}
		flip := circuit.Lit(0)
		if and {
			flip, _, _ = asAnd(f.c.Kind(h))
			flip ^= root
		} else if f.c.Kind(h) == gates.Xnor {
			parity ^= 1
		}
		for _, x := range f.c.Fanin(h) {
			if f.into[x.Gate()] {
				parity ^= x & 1
				f.todo = append(f.todo, x.Gate())
			} else {
				f.lits = append(f.lits, f.Of(x)^flip)
			}
		}
	}
	return parity
}
