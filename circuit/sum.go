package circuit

import (
	"cmp"
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
	switch {
	case l == False:
		return Sum{}
	case l == True:
		return Sum{add: I(1)}
	case l.IsComplement():
		return Sum{ref: gateRef(l.Gate()), mul: I(-1), add: I(1)}
	}
	return Sum{ref: gateRef(l.Gate()), mul: I(1)}
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

// Lit returns the literal whose value s is, if there is one.
func (s Sum) Lit() (Lit, bool) {
	one := I(1)
	switch {
	case s.mul.IsZero() && s.add.IsZero():
		return False, true
	case s.mul.IsZero():
		return True, s.add.Cmp(one) == 0
	case s.ref.IsSum():
		return False, false
	case s.add.IsZero():
		return s.ref.Gate().Lit(), s.mul.Cmp(one) == 0
	}
	return s.ref.Gate().Lit().Not(), s.add.Cmp(one) == 0 && s.mul.Cmp(I(-1)) == 0
}

// Parts returns s as mul·ref + add. For a constant, mul is 0 and ref means nothing.
func (s Sum) Parts() (ref Ref, mul, add Int) { return s.ref, s.mul, s.add }

// Term is a weighted part of a sum: Weight·Of.
type Term struct {
	Weight Int
	Of     Sum
}

// W returns the term w·x.
func W(w int64, x Lit) Term { return Term{Weight: I(w), Of: x.Value()} }

// Linear collects the terms of a sum. It is got from [Builder.Linear], may be used
// again after [Linear.Sum], and must not be used by two goroutines at once.
type Linear struct {
	b      *Builder
	terms  []refTerm
	add    Int
	sorted bool // the refs of terms are strictly increasing
}

type refTerm struct {
	ref    Ref
	weight Int
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
	switch {
	case w.IsZero() || l == False:
	case l == True:
		a.add = a.add.Add(w)
	case l.IsComplement():
		a.add = a.add.Add(w)
		a.push(gateRef(l.Gate()), w.Neg())
	default:
		a.push(gateRef(l.Gate()), w)
	}
}

// AddConst adds k.
func (a *Linear) AddConst(k Int) { a.add = a.add.Add(k) }

func (a *Linear) push(r Ref, w Int) {
	if n := len(a.terms); n > 0 && a.terms[n-1].ref >= r {
		a.sorted = false
	}
	a.terms = append(a.terms, refTerm{r, w})
}

// merge sorts the terms by ref, adds up repeated ones and drops zeros.
func (a *Linear) merge() {
	if a.sorted {
		return
	}
	// Addition is exact, so that the order of equals does not matter.
	slices.SortFunc(a.terms, func(x, y refTerm) int { return cmp.Compare(x.ref, y.ref) })
	out := a.terms[:0]
	for _, t := range a.terms {
		if n := len(out); n > 0 && out[n-1].ref == t.ref {
			out[n-1].weight = out[n-1].weight.Add(t.weight)
			if out[n-1].weight.IsZero() {
				out = out[:n-1]
			}
			continue
		}
		out = append(out, t)
	}
	a.terms = out
}

// Sum interns the collected expression, empties a and returns the expression.
//
// The node that is stored has no constant, no common factor and a positive first
// weight, so that equal expressions up to an affine change share one node.
func (a *Linear) Sum() Sum {
	a.merge()
	s := Sum{add: a.add}
	switch {
	case len(a.terms) == 0:
	case len(a.terms) == 1 && !a.b.keep:
		s.ref, s.mul = a.terms[0].ref, a.terms[0].weight
	default:
		s.mul = I(1)
		if !a.b.keep {
			s.mul = a.extractFactor()
		}
		s.ref = sumRef(a.b.internSum(a.terms))
	}
	a.terms, a.add, a.sorted = a.terms[:0], Int{}, true
	return s
}

// extractFactor divides the terms by their signed common factor and returns it.
func (a *Linear) extractFactor() Int {
	g := a.terms[0].weight.Abs()
	for _, t := range a.terms[1:] {
		if g.big == nil && g.small == 1 {
			break
		}
		g = g.gcd(t.weight)
	}
	if a.terms[0].weight.Sign() < 0 {
		g = g.Neg()
	}
	if g.big == nil && g.small == 1 {
		return g
	}
	for i := range a.terms {
		a.terms[i].weight = a.terms[i].weight.quo(g)
	}
	return g
}

// Bounds returns bounds on the value of s in the circuit made so far. They are
// attained if no gate occurs twice once s is flattened.
func (b *Builder) Bounds(s Sum) (lo, hi Int) {
	lo, hi = I(0), I(1)
	if s.mul.IsZero() {
		hi = I(0)
	} else if s.ref.IsSum() {
		lo, hi = b.c.Limits(s.ref.Sum())
	}
	lo, hi = s.mul.Mul(lo).Add(s.add), s.mul.Mul(hi).Add(s.add)
	return lo.Min(hi), lo.Max(hi)
}
