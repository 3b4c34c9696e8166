package optimise

import (
	"math/big"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// sum returns what sum s of the given circuit is in the new one.
func (r *rewriter) sum(s circuit.SumID) affine {
	for at := circuit.SumID(len(r.sums)); at <= s; at++ {
		for i, f := range r.c.Refs(at) {
			w := r.c.Weight(at, i)
			if !f.IsSum() {
				r.linear.AddLit(w, r.lits[f.Gate()])
				continue
			}
			t := r.sums[f.Sum()]
			r.linear.Add(w.Mul(t.mul), r.nodes[t.node])
			r.linear.AddConst(w.Mul(t.add))
		}
		a := r.intern()
		if r.reduce {
			a = r.reduced(a)
		}
		r.sums = append(r.sums, a)
	}
	return r.sums[s]
}

// intern makes the sum that is collected in r.linear.
func (r *rewriter) intern() affine {
	s := r.linear.Sum()
	ref, mul, add := s.Parts()
	if mul.IsZero() {
		return affine{add: add}
	}
	node := ref.Sum() // a builder that keeps gates makes a node of one term, too
	if int(node) == len(r.nodes) {
		r.nodes = append(r.nodes, s.Plus(add.Neg()))
	}
	return affine{node, mul, add}
}

// reduced divides a node by the common factor of its weights, and by −1 if the first is
// negative, so that sums which are equal up to these share a node.
func (r *rewriter) reduced(a affine) affine {
	f := r.factor(a.node)
	if f.IsZero() || f.Cmp(circuit.I(1)) == 0 {
		return a
	}
	for i, ref := range r.made.Refs(a.node) {
		w := r.made.Weight(a.node, i)
		r.linear.Add(quotient(w, f), r.refSum(ref))
	}
	b := r.intern()
	return affine{b.node, a.mul.Mul(f), a.add}
}

func (r *rewriter) refSum(ref circuit.Ref) circuit.Sum {
	if ref.IsSum() {
		return r.nodes[ref.Sum()]
	}
	return ref.Gate().Lit().Value()
}

// factor returns the common factor of the weights of a node, with the sign of the first.
func (r *rewriter) factor(s circuit.SumID) circuit.Int {
	if small, ok := r.made.SmallWeights(s); ok {
		g := int64(0)
		for _, w := range small {
			if g = gcd(g, max(w, -w)); g == 1 {
				break
			}
		}
		if len(small) > 0 && small[0] < 0 {
			g = -g
		}
		return circuit.I(g)
	}
	g := new(big.Int)
	for i := range r.made.Refs(s) {
		g.GCD(nil, nil, g, new(big.Int).Abs(r.made.Weight(s, i).Big()))
	}
	if r.made.Weight(s, 0).Sign() < 0 {
		g.Neg(g)
	}
	return circuit.BigInt(g)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// quotient returns w/f where f divides w.
func quotient(w, f circuit.Int) circuit.Int {
	a, small := w.Int64()
	b, smallToo := f.Int64()
	switch {
	case smallToo && b == -1: // the one quotient that can overflow
		return w.Neg()
	case small && smallToo:
		return circuit.I(a / b)
	}
	return circuit.BigInt(new(big.Int).Quo(w.Big(), f.Big()))
}

// solve returns the bound u and the sign for which [a ≥ t] is [node ≥ u], or its
// complement if flip.
func (a affine) solve(t circuit.Int) (u circuit.Int, flip bool) {
	t = t.Sub(a.add)
	if a.mul.Sign() < 0 { // mul·v ≥ t is v ≤ ⌊−t/−mul⌋
		return t.Neg().FloorDiv(a.mul.Neg()).Add(circuit.I(1)), true
	}
	return t.CeilDiv(a.mul), false
}

// threshold makes the gate [a ≥ t], of kind MAJORITY if that is wanted and it is one.
func (r *rewriter) threshold(k gates.Kind, a affine, t circuit.Int) circuit.Lit {
	if a.mul.IsZero() {
		return r.b.Threshold(circuit.Constant(a.add), t)
	}
	u, flip := a.solve(t)
	return r.bound(k, a.node, u).NotIf(flip)
}

// bound makes the gate [node ≥ t].
func (r *rewriter) bound(k gates.Kind, node circuit.SumID, t circuit.Int) circuit.Lit {
	if k == gates.Majority && r.isMajority(node, t) {
		refs := r.made.Refs(node)
		in := make([]circuit.Lit, len(refs))
		for i, ref := range refs {
			in[i] = ref.Gate().Lit().NotIf(r.made.Weight(node, i).Sign() < 0)
		}
		return r.b.Majority(in...)
	}
	return r.b.Threshold(r.nodes[node], t)
}

// isMajority reports whether [node ≥ t] is a majority of literals: with weights 1 and
// −1, m of these, if t is ⌊k/2⌋ + 1 − m.
func (r *rewriter) isMajority(node circuit.SumID, t circuit.Int) bool {
	weights, small := r.made.SmallWeights(node)
	refs := r.made.Refs(node)
	bound := int64(len(refs)/2 + 1)
	if v, ok := t.Int64(); !small || !ok || v > bound || v < -int64(len(refs)) {
		return false
	}
	for i, w := range weights {
		switch {
		case refs[i].IsSum() || w != 1 && w != -1:
			return false
		case w < 0:
			bound--
		}
	}
	return t.Cmp(circuit.I(bound)) == 0
}

// modulus makes the gate that tests a.
func (r *rewriter) modulus(a affine, m circuit.Modulus) circuit.Lit {
	if a.mul.IsZero() {
		return r.b.ModSum(m.M, m.Residues, circuit.Constant(a.add))
	}
	return r.b.ModSum(m.M, a.residues(m), r.nodes[a.node])
}

// residues returns the values of the node, modulo m.M, for which a is in the residues.
func (a affine) residues(m circuit.Modulus) []int64 {
	modulus := circuit.I(m.M)
	mul, _ := a.mul.Mod(modulus).Int64()
	add, _ := a.add.Mod(modulus).Int64()
	accepted := make([]bool, m.M)
	for _, v := range m.Residues {
		accepted[v] = true
	}
	var own []int64
	for v := range m.M {
		if accepted[(mul*v+add)%m.M] {
			own = append(own, v)
		}
	}
	return own
}
