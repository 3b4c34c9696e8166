package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// sum returns the sum in the new circuit that stands for sum s of the given one.
func (r *rewriter) sum(s circuit.SumID) affine {
	if r.look {
		return r.sameSum(s)
	}
	if int(s) >= r.CopiedSums() {
		r.makeSums(s)
	}
	return r.becomes(s)
}

// makeSums makes what the sums up to s become.
func (r *rewriter) makeSums(s circuit.SumID) {
	for !r.CopyPlainSums(s) {
		at := circuit.SumID(r.CopiedSums())
		a, odd := r.copySum(at)
		if !odd {
			continue
		}
		r.fresh.oddAt[at] = uint32(len(r.odd))
		if len(r.odd) == cap(r.odd) {
			r.odd = slices.Grow(r.odd, 1+r.c.SumCount()/2)
		}
		r.odd = append(r.odd, a)
	}
}

// copySum makes the next sum of c, and reports true if it has become something else than a copy, which it returns.
func (r *rewriter) copySum(s circuit.SumID) (a affine, odd bool) {
	r.fresh.otherSum[s] = true
	if r.deadSum(s) {
		r.SkipSum()
		return a, false
	}
	if r.reduce && r.changedSum[s] > r.last && !r.isReduced(s) {
		r.SkipSum()
		r.changedSum[s], r.newest = r.now, r.now // if the run changes no gate, the sum stays
	} else if node, fresh := r.CopySum(); node != 0 {
		r.fresh.otherSum[s] = !fresh
		return a, false
	}
	if r.reduce && r.model.Complement == 0 { // otherwise a gate may have to be made on the sum with its own sign
		if node, factor, add, ok := r.CopyReduced(s); ok {
			return affine{node, circuit.NewInt(factor), circuit.NewInt(add)}, true
		}
	}
	for i, f := range r.c.Refs(s) {
		w := r.c.Weight(s, i)
		if !f.IsSum() {
			r.linear.AddLit(w, r.Lits[f.Gate()])
			continue
		}
		t := r.becomes(f.Sum())
		r.linear.Add(w.Mul(t.mul), r.node(t.node))
		r.linear.AddConst(w.Mul(t.add))
	}
	if a = r.intern(); r.reduce {
		a = r.reduced(a)
	}
	return a, true
}

// becomes returns what a sum of c that is made has become.
func (r *rewriter) becomes(s circuit.SumID) affine {
	if node := r.Copied(s); node != 0 {
		return affine{node: node, mul: circuit.NewInt(1)}
	}
	return r.odd[r.fresh.oddAt[s]]
}

// sameSum is sum where the new circuit is the given one.
func (r *rewriter) sameSum(s circuit.SumID) affine {
	if len(r.c.Refs(s)) == 0 {
		return affine{}
	}
	for ; r.reduce && r.looked <= s; r.looked++ { // also those that only other sums read
		if r.looked > 0 && !r.deadSum(r.looked) && r.changedSum[r.looked] > r.last {
			r.wrote = r.wrote || !r.isReduced(r.looked)
		}
	}
	return affine{node: s, mul: circuit.NewInt(1)}
}

// intern makes the sum that is collected in r.linear.
func (r *rewriter) intern() affine {
	r.write()
	ref, mul, add := r.linear.Sum().Parts()
	if mul.IsZero() {
		return affine{add: add}
	}
	return affine{ref.Sum(), mul, add} // a builder that keeps gates makes a node of one term, too
}

// reduced divides a node by the common factor of its weights, and by −1 if the first is
// negative, so that sums which are equal up to these share a node.
func (r *rewriter) reduced(a affine) affine {
	f := factor(r.made, a.node)
	if f.IsZero() || f.Cmp(circuit.NewInt(1)) == 0 {
		return a
	}
	for i, ref := range r.made.Refs(a.node) {
		w := r.made.Weight(a.node, i)
		r.linear.Add(w.Quo(f), r.refSum(ref))
	}
	b := r.intern()
	return affine{b.node, a.mul.Mul(f), a.add}
}

func (r *rewriter) refSum(ref circuit.Ref) circuit.Sum {
	if ref.IsSum() {
		return r.node(ref.Sum())
	}
	return ref.Gate().Lit().Value()
}

// isReduced reports whether the factor of a sum of c is 1.
func (r *rewriter) isReduced(s circuit.SumID) bool {
	weights, small := r.c.SmallWeights(s)
	if small && len(weights) > 0 && (weights[0] < 0 || slices.Contains(weights, 1)) {
		return weights[0] > 0
	}
	return factor(&r.c.Nodes, s).Cmp(circuit.NewInt(1)) == 0
}

// factor returns the common factor of the weights of a node, with the sign of the first.
func factor(c *circuit.Nodes, s circuit.SumID) circuit.Int {
	var g circuit.Int
	for i := range c.Refs(s) {
		if g = g.GCD(c.Weight(s, i)); g.Cmp(circuit.NewInt(1)) == 0 {
			break
		}
	}
	if s > 0 && c.Weight(s, 0).Sign() < 0 {
		return g.Neg()
	}
	return g
}

// solve returns the bound u and the sign for which [a ≥ t] is [node ≥ u], or its
// complement if flip.
func (a affine) solve(t circuit.Int) (u circuit.Int, flip bool) {
	t = t.Sub(a.add)
	if a.mul.Cmp(circuit.NewInt(1)) == 0 {
		return t, false
	}
	if a.mul.Sign() < 0 { // mul·v ≥ t is v ≤ ⌊−t/−mul⌋
		return t.Neg().FloorDiv(a.mul.Neg()).Add(circuit.NewInt(1)), true
	}
	return t.CeilDiv(a.mul), false
}

// threshold makes the gate [a ≥ t], of kind MAJORITY if that is wanted and it is one.
func (r *rewriter) threshold(k gates.Kind, a affine, t circuit.Int) circuit.Lit {
	r.write()
	if a.mul.IsZero() {
		return r.b.Threshold(circuit.Constant(a.add), t)
	}
	u, flip := a.solve(t)
	return r.bound(k, a.node, u).NotIf(flip)
}

// bound makes the gate [node ≥ t].
func (r *rewriter) bound(k gates.Kind, node circuit.SumID, t circuit.Int) circuit.Lit {
	r.write()
	if k != gates.Majority || !r.made.IsMajority(node, t) {
		k = gates.Threshold
	}
	return r.b.KeptBound(k, node, t)
}

// modulus makes the gate that tests a.
func (r *rewriter) modulus(a affine, m circuit.Modulus) circuit.Lit {
	r.write()
	if a.mul.IsZero() {
		return r.b.ModSum(m.M, m.Residues, circuit.Constant(a.add))
	}
	return r.b.ModSum(m.M, m.Of(a.mul, a.add).Residues, r.node(a.node))
}

// node returns the value of a sum of the new circuit. The builder of one who looks has none.
func (r *rewriter) node(s circuit.SumID) circuit.Sum {
	if r.look {
		return circuit.Sum{}
	}
	return s.Value()
}
