package basis

import (
	"maps"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// unroller makes every gate a MAJORITY whose weights are all 1 or −1.
type unroller struct {
	*maker
	copies map[circuit.Gate][]circuit.Lit // BUF gates that read a gate of the new circuit
	steps  map[step]circuit.Lit
}

// step names a threshold gate below MOD gates: that on a sum modulo m.
type step struct {
	sum      circuit.SumID
	m, bound int64
}

func newUnroller(m *maker) *unroller {
	m.b.Keep()
	return &unroller{maker: m, copies: map[circuit.Gate][]circuit.Lit{}, steps: map[step]circuit.Lit{}}
}

func (u *unroller) gate(g circuit.Gate, kind gates.Kind) (circuit.Lit, error) {
	e := newExpression()
	for _, l := range u.Fanin(g) {
		e.add(l, circuit.NewInt(1))
	}
	if s, ok := u.c.ReadsSum(g); ok {
		u.addSum(e, s)
	}
	switch kind {
	case gates.And:
		return u.atLeast(g, e, circuit.NewInt(int64(len(u.c.Fanin(g)))))
	case gates.Or:
		return u.atLeast(g, e, circuit.NewInt(1))
	case gates.Xor:
		return u.residues(g, e, parity, nil)
	case gates.Mod:
		s, modulus := u.c.Modulus(g)
		return u.residues(g, e, modulus, &step{sum: s, m: modulus.M})
	}
	_, t := u.c.Bound(g)
	return u.atLeast(g, e, t)
}

// atLeast makes [e ≥ t] in place of gate g.
//
// With literals of positive weight, W in all, and z copies of the constant 0, the
// majority of W + z wires is [e ≥ t] if z = 2t − 2 − W; with −z copies of the
// constant 1 it is one if t is less than half.
func (u *unroller) atLeast(g circuit.Gate, e *expression, t circuit.Int) (circuit.Lit, error) {
	terms, constant := e.terms()
	t = t.Sub(constant)
	switch {
	case t.Sign() <= 0:
		return circuit.True, nil
	case t.Cmp(total(terms)) > 0:
		return circuit.False, nil
	}
	terms, t = reduceBound(terms, t)
	if len(terms) == 1 {
		return terms[0].lit, nil
	}
	weight, bound, err := u.size(g, terms, t)
	if err != nil {
		return circuit.False, err
	}

	in := make([]circuit.Lit, 0, max(2*bound, 2*(weight-bound)+1))
	for _, x := range terms {
		w, _ := x.weight.Int64()
		for k := range w {
			in = append(in, u.copyOf(x.lit, int(k)))
		}
	}
	constantOf, pad := circuit.False, 2*bound-2-weight
	if pad < 0 {
		constantOf, pad = circuit.True, weight-2*bound+1
	}
	for k := range pad {
		in = append(in, u.copyOf(constantOf, int(k)+1)) // a sum does not store a constant, but it stores a BUF of one
	}
	slices.Sort(in) // the builder need not, then
	u.wires += len(in)
	return u.b.Majority(in...), nil
}

// size returns the total weight and the bound of a gate, or an error if there is no room for its
// wires.
func (u *unroller) size(g circuit.Gate, terms []term, t circuit.Int) (weight, bound int64, err error) {
	sum := total(terms)
	weight, ok := sum.Int64()
	if !ok || weight > maxNodes {
		return 0, 0, u.fail(g, "its weights add up to %s, which is more wires of weight 1 than the limit of %d; "+
			"take a strategy that makes smaller weights, or fewer bits", brief(sum), maxNodes)
	}
	bound, _ = t.Int64()
	if int64(u.wires)+int64(u.b.Len())+2*weight > maxNodes {
		return 0, 0, u.fail(g, "with the %d wires of weight 1 that its weights add up to, "+
			"the circuit passes %d nodes; take a strategy that makes smaller weights, or fewer bits", weight, maxNodes)
	}
	return weight, bound, nil
}

// copyOf returns copy k of a literal: for k = 0 itself, otherwise a BUF, which is
// made once.
func (u *unroller) copyOf(x circuit.Lit, k int) circuit.Lit {
	if k == 0 {
		return x
	}
	g := x.Gate()
	for len(u.copies[g]) < k {
		u.copies[g] = append(u.copies[g], u.b.Buf(g.Lit()))
	}
	return u.copies[g][k-1].NotIf(x.IsComplement())
}

// residues makes a MOD gate in two levels. The accepted values of e are intervals aᵢ..bᵢ−1. The sum
//
//	e − Σ cᵢ·[e ≥ bᵢ]
//
// rises with e to 1 at the beginning of an interval, and falls at its end as far as it has to, to
// be 1 again at the beginning of the next one. So it is at least 1 exactly where e is accepted. Of
// the accepted values and the others, those with fewer ends are taken.
//
// Weights count modulo m only, and each is taken as near to 0 as can be. Gates on
// sums of the same key share the first level.
func (u *unroller) residues(g circuit.Gate, e *expression, modulus circuit.Modulus, key *step) (circuit.Lit, error) {
	for x, w := range e.weight {
		e.weight[x] = w.Near(modulus.M)
	}
	e.constant = e.constant.Mod(circuit.NewInt(modulus.M))
	terms, least := e.terms()
	if _, _, err := u.size(g, terms, circuit.Int{}); err != nil {
		return circuit.False, err
	}
	lo, _ := least.Int64()
	width, _ := total(terms).Int64()
	end := lo + width
	at := func(v int64) bool { return modulus.Accepts(circuit.NewInt(v)) }
	rises, falls := 0, 0
	for v := lo + 1; v <= end; v++ {
		switch {
		case at(v) && !at(v-1):
			rises++
		case !at(v) && at(v-1):
			falls++
		}
	}
	opposite := rises < falls
	on := func(v int64) bool { return at(v) != opposite }

	saw := &expression{maps.Clone(e.weight), e.constant}
	next := func(v int64) int64 { // the first value that counts, from v on
		for v <= end && !on(v) {
			v++
		}
		return v
	}
	fall := next(lo) - 1 // to be taken from e, so that it is 1 there
	saw.constant = saw.constant.Sub(circuit.NewInt(fall))
	for v := lo + 1; v <= end; v++ {
		if on(v) || !on(v-1) {
			continue
		}
		l, err := u.step(g, e, v, key)
		if err != nil {
			return circuit.False, err
		}
		to := next(v) - 1
		saw.add(l, circuit.NewInt(fall-to))
		fall = to
	}
	l, err := u.atLeast(g, saw, circuit.NewInt(1))
	return l.NotIf(opposite), err
}

func (u *unroller) step(g circuit.Gate, e *expression, v int64, key *step) (circuit.Lit, error) {
	if err := u.room(g); err != nil {
		return circuit.False, err
	}
	if key == nil {
		return u.atLeast(g, e, circuit.NewInt(v))
	}
	k := *key
	k.bound = v
	if l, ok := u.steps[k]; ok {
		return l, nil
	}
	l, err := u.atLeast(g, e, circuit.NewInt(v))
	u.steps[k] = l
	return l, err
}

// brief writes a number, or the length of one that would fill a line.
func brief(v circuit.Int) string {
	if v.BitLen() > 128 {
		return "a number of " + circuit.NewInt(int64(v.BitLen())).String() + " bits"
	}
	return v.String()
}
