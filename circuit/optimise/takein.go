package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// mostWeight is how many bits the sum of a threshold gate may come to that takes
// literals in. Without a limit an alternating chain of ANDs and ORs would end in weights
// as long as the chain.
const mostWeight = 58

// mostTakers is how many threshold gates that a gate reads are tried: each takes a sum of
// all the others.
const mostTakers = 4

// takeIn makes one gate of an AND, or OR, and a threshold gate that it alone reads:
//
//	[s ≥ t] ∧ x₁ ∧ … ∧ xₖ = [s + B·Σxᵢ ≥ t + k·B]   with B = max(s) − t + 1,
//
// since s alone stays below t + B, as in [circuit.Builder.Absorb]. It saves a gate and a
// wire, and mostly a level, and costs weight.
func takeIn(r *rewriter) rule {
	return func(g circuit.Gate) (circuit.Lit, bool) {
		flip, out, ok := asAnd(r.c.Kind(g))
		if !ok {
			return r.copy(g), false
		}
		in, tried := r.c.Fanin(g), 0
		for i, x := range in {
			if tried == mostTakers {
				break
			}
			if !r.made.Kind(r.Of(x).Gate()).HasBound() || !r.alone(x.Gate()) {
				continue
			}
			l, ok := r.withLiterals(r.Of(x)^flip, len(in)-1, func(k int) circuit.Lit {
				if k >= i {
					k++
				}
				return r.Of(in[k]) ^ flip
			})
			if ok {
				if r.fits(g, l^out) {
					return l ^ out, true
				}
				r.refuse(g)
			}
			tried++
		}
		return r.copy(g), false
	}
}

// withLiterals returns the conjunction of threshold gate x and count literals.
func (r *rewriter) withLiterals(x circuit.Lit, count int, lit func(int) circuit.Lit) (circuit.Lit, bool) {
	s, t := r.made.Bound(x.Gate())
	lo, hi := r.made.Limits(s)
	sign := circuit.NewInt(1)
	if x.IsComplement() { // ¬[s ≥ t] = [−s ≥ 1 − t]
		sign, t = circuit.NewInt(-1), circuit.NewInt(1).Sub(t)
		lo, hi = hi.Neg(), lo.Neg()
	}
	weight := hi.Sub(t).Add(circuit.NewInt(1))
	bound := weight.Mul(circuit.NewInt(int64(count)))
	if weight.Sign() <= 0 || hi.Sub(lo).Add(bound).BitLen() > mostWeight {
		return 0, false
	}
	r.linear.Add(sign, r.node(s))
	for k := range count {
		r.linear.AddLit(weight, lit(k))
	}
	return r.threshold(gates.Majority, r.intern(), t.Add(bound)), true
}
