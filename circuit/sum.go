package circuit

import (
	"cmp"
	"math/bits"
	"slices"
)

// Sum is an integer expression over the gates of a circuit under construction:
// mul·node + add, where node is a gate or a sum node. The zero value is the
// constant 0. It costs no depth.
type Sum struct {
	ref Ref
	mul Int // zero if the sum is constant
	add Int
}

// Constant returns the sum that is always k.
func Constant(k Int) Sum { return Sum{add: k} }

// Value returns the sum that is 1 where l is 1 and 0 elsewhere.
func (l Lit) Value() Sum {
	s := Sum{ref: gateRef(l.Gate()), mul: NewInt(1)}
	if l.IsConst() {
		s = Sum{}
	}
	if l.IsComplement() { // ¬x is 1 − x
		s = s.Times(NewInt(-1)).Plus(NewInt(1))
	}
	return s
}

// Value returns the value of sum s of a circuit under construction.
func (s SumID) Value() Sum {
	if s == 0 { // which is empty
		return Sum{}
	}
	return Sum{ref: sumRef(s), mul: NewInt(1)}
}

// Plus returns s + k.
func (s Sum) Plus(k Int) Sum {
	s.add = s.add.Add(k)
	return s
}

// Times returns k·s.
func (s Sum) Times(k Int) Sum {
	if k.IsZero() {
		return Sum{}
	}
	s.mul = s.mul.Mul(k)
	s.add = s.add.Mul(k)
	return s
}

// IsConst reports whether s is a constant, and which.
func (s Sum) IsConst() (Int, bool) { return s.add, s.mul.IsZero() }

// Lit returns the literal that has the value s, if there is one.
func (s Sum) Lit() (Lit, bool) {
	switch {
	case s.mul.IsZero():
		return False.NotIf(!s.add.IsZero()), s.add.IsZero() || s.add.is(1)
	case s.ref.IsSum():
		return False, false
	case s.add.IsZero():
		return s.ref.Gate().Lit(), s.mul.is(1)
	}
	return s.ref.Gate().Lit().Not(), s.add.is(1) && s.mul.is(-1)
}

// Parts returns s as mul·ref + add. For a constant, mul is 0 and ref means nothing.
func (s Sum) Parts() (ref Ref, mul, add Int) { return s.ref, s.mul, s.add }

// Term is a weighted part of a sum: Weight·Of.
type Term struct {
	Weight Int
	Of     Sum
}

// Weigh returns the term w·x.
func Weigh(w int64, x Lit) Term { return Term{Weight: NewInt(w), Of: x.Value()} }

// Linear collects the terms of a sum. It is got from [Builder.Linear], may be used
// again after [Linear.Sum], and must not be used by two goroutines at once.
type Linear struct {
	b     *Builder
	gates termList
	sums  termList // apart: they come last, and would break the order of gates that were made one after another
	add   Int
}

// Add adds w·s.
func (a *Linear) Add(w Int, s Sum) {
	if w.IsZero() {
		return
	}
	a.add = a.add.Add(w.Mul(s.add))
	if !s.mul.IsZero() {
		a.push(s.ref, w.Mul(s.mul))
	}
}

// AddLit adds w where l is 1.
func (a *Linear) AddLit(w Int, l Lit) {
	if l.IsComplement() {
		a.add = a.add.Add(w)
		w = w.Neg()
	}
	if !w.IsZero() && !l.IsConst() {
		a.gates.push(gateRef(l.Gate()), w)
	}
}

// AddConst adds k.
func (a *Linear) AddConst(k Int) { a.add = a.add.Add(k) }

func (a *Linear) push(r Ref, w Int) {
	if r.IsSum() {
		a.sums.push(r, w)
	} else {
		a.gates.push(r, w)
	}
}

// Sum interns the collected expression, empties a and returns the expression.
//
// The stored node has no constant and no common factor, and its first weight is positive. So
// expressions that are equal up to an affine change share one node.
func (a *Linear) Sum() Sum {
	a.gates.merge()
	a.sums.merge()
	terms := a.gates.terms
	if len(a.sums.terms) > 0 {
		terms = append(terms, a.sums.terms...)
	}
	s := Sum{add: a.add}
	switch {
	case len(terms) == 0:
	case len(terms) == 1 && !a.b.keep:
		s.ref, s.mul = terms[0].ref, terms[0].weight
	default:
		s.mul = NewInt(1)
		if !a.b.keep {
			s.mul = extractFactor(terms)
		}
		s.ref = sumRef(a.b.internSum(terms))
	}
	a.gates.empty(terms)
	a.sums.empty(a.sums.terms)
	a.add = Int{}
	return s
}

// extractFactor divides the terms by their signed common factor and returns it.
func extractFactor(terms []refTerm) Int {
	g := terms[0].weight.Abs()
	for _, t := range terms[1:] {
		if g = g.GCD(t.weight); g.is(1) {
			break
		}
	}
	if terms[0].weight.Sign() < 0 {
		g = g.Neg()
	}
	if !g.is(1) {
		for i := range terms {
			terms[i].weight = terms[i].weight.Quo(g)
		}
	}
	return g
}

type refTerm struct {
	ref    Ref
	weight Int
}

// termList collects weighted references in any order.
type termList struct {
	terms    []refTerm
	unsorted bool      // the refs are not strictly increasing
	spare    []refTerm // scratch
}

func (l *termList) push(r Ref, w Int) {
	if n := len(l.terms); n > 0 && l.terms[n-1].ref >= r {
		l.unsorted = true
	}
	l.terms = append(l.terms, refTerm{r, w})
}

// empty empties the list. Its memory is that of terms, which nobody uses any more.
func (l *termList) empty(terms []refTerm) { l.terms, l.unsorted = terms[:0], false }

// merge sorts the terms by ref, adds up repeated ones and drops zeros.
func (l *termList) merge() {
	if !l.unsorted {
		return
	}
	l.sort()
	out := l.terms[:0]
	for _, t := range l.terms {
		if n := len(out); n > 0 && out[n-1].ref == t.ref {
			out[n-1].weight = out[n-1].weight.Add(t.weight)
			if out[n-1].weight.IsZero() {
				out = out[:n-1]
			}
			continue
		}
		out = append(out, t)
	}
	l.terms, l.unsorted = out, false
}

const (
	fewTerms  = 512 // that are sorted by comparing
	digitBits = 11
)

// sort sorts the terms by ref. Addition is exact, so that the order of equals does not matter. Long lists are sorted
// digit by digit. The refs of one sum are mostly near to each other, and so have one or two digits that differ.
func (l *termList) sort() {
	if len(l.terms) < fewTerms {
		slices.SortFunc(l.terms, func(x, y refTerm) int { return cmp.Compare(x.ref, y.ref) })
		return
	}
	least, greatest := l.terms[0].ref, l.terms[0].ref
	for i := range l.terms {
		least, greatest = min(least, l.terms[i].ref), max(greatest, l.terms[i].ref)
	}
	if len(l.spare) < len(l.terms) {
		l.spare = make([]refTerm, len(l.terms), cap(l.terms))
	}
	from, to := l.terms, l.spare[:len(l.terms)]
	for shift := 0; shift < bits.Len32(uint32(greatest-least)); shift += digitBits {
		var at [1 << digitBits]uint32
		for i := range from {
			at[uint32(from[i].ref-least)>>shift&(1<<digitBits-1)]++
		}
		next := uint32(0)
		for d, n := range at {
			at[d] = next
			next += n
		}
		for i := range from {
			digit := uint32(from[i].ref-least) >> shift & (1<<digitBits - 1)
			to[at[digit]] = from[i]
			at[digit]++
		}
		from, to = to, from
	}
	l.terms, l.spare = from, to
}

// Bounds returns bounds on the value of s in the circuit made so far. They are
// attained if no gate occurs twice once s is flattened.
func (b *Builder) Bounds(s Sum) (lo, hi Int) {
	lo, hi = NewInt(0), NewInt(1)
	if s.ref.IsSum() {
		lo, hi = b.c.Limits(s.ref.Sum())
	}
	lo, hi = s.mul.Mul(lo).Add(s.add), s.mul.Mul(hi).Add(s.add)
	return lo.Min(hi), lo.Max(hi)
}
