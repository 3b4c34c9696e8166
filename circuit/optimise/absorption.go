package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// absorber applies the laws of absorption to conjunctions. What it knows of a gate
// x₁ ∧ … ∧ xₖ is that, as far as one xᵢ matters, all the others are 1.
//
// It may use an input that is gone itself, since that never goes in a circle: an OR or
// XOR only gives way to literals that it reads, which are made before it, and an input
// that an AND implies to that AND, which only ever gives way to an AND made later.
type absorber struct {
	*rewriter
	*marks
	in   []part
	lits []circuit.Lit
}

// marks tell what is known of the literals of the new circuit. They are used again by the next run.
type marks struct {
	of     []mark // by literal
	number uint32 // of the gate at work, or of an input of it
}

type mark struct {
	number uint32 // of the last gate for which it is known to be 1, or of the last input that reads it
	at     uint32 // and where among the inputs of that gate, if it is one
}

// part is an input of a conjunction.
type part struct {
	lit  circuit.Lit  // in the new circuit
	from circuit.Gate // in the given circuit
	gone bool         // the others imply it
	new  bool         // it has become another literal
}

// It looks at inputs of at most mostInner literals, or of any number if they have no other reader.
// It looks at pairs of inputs in gates of at most mostPairs inputs. With both bounds, time is
// linear in the wires.
const (
	mostInner = 32
	mostPairs = 12
)

// absorbLiterals leaves out inputs of AND and OR that others imply, and parts of inputs
// that others decide.
func absorbLiterals(r *rewriter) rule {
	a := &absorber{rewriter: r, marks: &r.desk.marks}
	return r.try(a.gate)
}

func (a *absorber) gate(g circuit.Gate) (circuit.Lit, bool) {
	k := a.c.Kind(g)
	flip, out, ok := asAnd(k)
	if !ok {
		return 0, false
	}
	if n := 2 * a.made.Len(); len(a.of) < n {
		n = max(n, 2*a.c.Len())
		a.of = make([]mark, n+n/16) // no gate before is of interest any more
	}
	a.next()
	a.in = a.in[:0]
	changed := false
	for _, x := range a.c.Fanin(g) {
		l := a.Of(x) ^ flip
		switch {
		case a.known(l.Not()) || l == circuit.False:
			return circuit.False ^ out, true
		case a.known(l) || l == circuit.True:
			changed = true
			continue
		}
		a.mark(l, len(a.in))
		a.in = append(a.in, part{lit: l, from: x.Gate()})
	}
	for _, law := range []func(*part) (never, changed bool){a.imply, a.simplify} {
		for i := range a.in {
			never, other := law(&a.in[i])
			if never {
				return circuit.False ^ out, true
			}
			changed = changed || other
		}
	}
	if len(a.in) <= mostPairs {
		changed = a.subsume() || changed
	}
	if !changed {
		return 0, false
	}
	a.lits = a.lits[:0]
	for _, p := range a.in {
		if !p.gone {
			a.lits = append(a.lits, p.lit)
		}
	}
	tidy, never := tidyAnd(a.lits)
	return a.conjunction(k, tidy, never), true
}

// known reports whether l is an input of the gate at work, or implied by one.
func (a *absorber) known(l circuit.Lit) bool {
	return int(l) < len(a.of) && a.of[l].number == a.number
}

// next takes all marks away.
func (a *absorber) next() {
	if a.number++; a.number == 0 {
		clear(a.of)
		a.number = 1
	}
}

// mark says that l is known, and where among the inputs.
func (a *absorber) mark(l circuit.Lit, at int) {
	a.of[l] = mark{a.number, uint32(at)}
}

// looksAt returns whether the inputs of gate h, which p reads, are few enough.
func (a *absorber) looksAt(p *part) bool {
	n := len(a.made.Fanin(p.lit.Gate()))
	return n > 0 && (n <= mostInner || a.alone(p.from))
}

// imply records what follows from an input that is an AND: x ∧ (x∧y) = x∧y. It reports true for
// never if the other inputs contradict that.
func (a *absorber) imply(p *part) (never, changed bool) {
	in, by, ok := conjuncts(a.made, p.lit)
	if !ok || !a.looksAt(p) {
		return false, false
	}
	for _, y := range in {
		switch y ^= by; {
		case a.known(y.Not()):
			return true, true
		case a.known(y):
			changed = a.leave(y) || changed
		default:
			a.mark(y, 0)
		}
	}
	return false, changed
}

// simplify applies the recorded facts to an input. It reports true for never if they contradict it.
func (a *absorber) simplify(p *part) (never, changed bool) {
	if p.gone || !a.looksAt(p) {
		return false, false
	}
	if in, by, ok := conjuncts(a.made, p.lit.Not()); ok { // x ∧ (x∨y) = x, x ∧ (¬x∨y) = x∧y
		return a.disjunction(p, in, by^1)
	}
	if isXor(a.made.Kind(p.lit.Gate())) {
		return a.exclusive(p, a.made.Fanin(p.lit.Gate()))
	}
	return false, false
}

// leave marks literal l as gone if it is an input, which another one implies.
func (a *absorber) leave(l circuit.Lit) bool {
	p := &a.in[a.of[l].at]
	if p.lit != l || p.gone {
		return false
	}
	p.gone = true
	return true
}

// disjunction simplifies input p, the OR of the literals in ^ by.
func (a *absorber) disjunction(p *part, in []circuit.Lit, by circuit.Lit) (never, changed bool) {
	left := make([]circuit.Lit, 0, len(in))
	for _, y := range in {
		switch y ^= by; {
		case a.known(y):
			p.gone = true
			return false, true
		case !a.known(y.Not()):
			left = append(left, y)
		}
	}
	switch {
	case len(left) == len(in):
		return false, false
	case len(left) == 0:
		return true, true
	case len(left) == 1:
		p.become(left[0])
		return false, true
	case !a.alone(p.from):
		return false, false
	}
	for i := range left {
		left[i] ^= by
	}
	p.become(a.logic(a.made.Kind(p.lit.Gate()), left...) ^ p.lit&1)
	return false, true
}

// exclusive simplifies input p, a parity.
func (a *absorber) exclusive(p *part, in []circuit.Lit) (never, changed bool) {
	left := make([]circuit.Lit, 0, len(in))
	flip := circuit.Lit(0)
	for _, y := range in {
		switch {
		case a.known(y):
			flip ^= 1
		case !a.known(y.Not()):
			left = append(left, y)
		}
	}
	if len(left) == len(in) || len(left) > 1 && !a.alone(p.from) {
		return false, false
	}
	k := a.made.Kind(p.lit.Gate())
	if k == gates.Xnor && len(left) < 2 {
		flip ^= 1
	}
	flip ^= p.lit & 1
	switch len(left) {
	case 0:
		p.gone = flip == 1
		return flip == 0, true
	case 1:
		p.become(left[0] ^ flip)
	default:
		p.become(a.logic(k, left...) ^ flip)
	}
	return false, true
}

func (p *part) become(l circuit.Lit) { p.lit, p.new = l, true }

// subsume leaves out an OR if it has all literals of another one: (x∨y) ∧ (x∨y∨z) = x∨y.
func (a *absorber) subsume() (changed bool) {
	for i := range a.in {
		p := &a.in[i]
		wide, by, ok := a.disjuncts(p)
		if !ok || len(wide) > mostInner {
			continue
		}
		a.next()
		for _, y := range wide {
			a.mark(y^by, 0)
		}
		for j := range a.in {
			narrow, by, ok := a.disjuncts(&a.in[j])
			if j == i || !ok || len(narrow) > len(wide) {
				continue
			}
			within := true
			for _, y := range narrow {
				within = within && a.known(y^by)
			}
			if within {
				p.gone, changed = true, true
				break
			}
		}
	}
	return changed
}

// disjuncts returns the literals of an input that is an OR and is left as it was.
func (a *absorber) disjuncts(p *part) (in []circuit.Lit, by circuit.Lit, ok bool) {
	if p.gone || p.new {
		return nil, 0, false
	}
	in, by, ok = conjuncts(a.made, p.lit.Not())
	return in, by ^ 1, ok
}
