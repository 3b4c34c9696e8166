package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// normaliser writes threshold gates with small weights and bounds.
type normaliser struct {
	*rewriter
	facts sumFacts // of the sum that was looked at last
	all   []uint32 // by sum of the new circuit, two: OR and AND of all its literals, if a gate is one already, or 0
	divid []uint32 // the same: where in small it is divided by its common factor, once that is made
	small []affine
	work  function
	known *memo
}

// sumFacts are facts about a sum that hold for all gates on it.
type sumFacts struct {
	node   circuit.SumID
	usable bool  // flat and small, with two terms or more
	unit   bool  // all weights are 1 or −1
	least  int64 // least |w|
}

// mostShared is the greatest number of terms of a shared sum that are written again for one gate.
// With more terms, a sum of its own would be much memory for a gate, and the time to look for it
// would not be linear in the stored wires.
const mostShared = 64

// normaliseThresholds replaces threshold gates by ones with fewer inputs, or the same
// inputs and less weight, or by AND, OR, MAJORITY or a literal.
func normaliseThresholds(r *rewriter) rule {
	n := &normaliser{rewriter: r, known: &r.desk.known}
	r.settles = true
	return r.try(n.gate)
}

func (n *normaliser) gate(g circuit.Gate) (circuit.Lit, bool) {
	k := n.c.Kind(g)
	if !k.HasBound() {
		return 0, false
	}
	s, bound := n.c.Bound(g)
	a := n.sum(s)
	if a.mul.IsZero() {
		return 0, false
	}
	facts := n.of(a.node)
	lo, hi := n.made.Limits(a.node)
	t := bound.Sub(a.add)
	if t.Cmp(lo) <= 0 || t.Cmp(hi) > 0 {
		return 0, false
	}
	if !facts.usable {
		return n.divided(g, a.node, t)
	}
	low, _ := lo.Int64()
	high, _ := hi.Int64()
	at, _ := t.Int64()
	at -= low // from now on all weights are positive, also those of complements
	all := high - low
	if at <= facts.least || all-facts.least < at { // OR or AND of all the literals
		return n.extreme(a.node, at > facts.least), true
	}
	if facts.unit {
		if k == gates.Threshold && n.made.IsMajority(a.node, t) {
			return n.bound(gates.Majority, a.node, t), true
		}
		return 0, false
	}
	return n.weighted(g, a.node, at)
}

// extreme returns the OR or the AND of all the literals of a sum, which it makes once for
// all the gates on the sum that are one.
func (n *normaliser) extreme(node circuit.SumID, and bool) circuit.Lit {
	n.write()
	kind, i := gates.Or, 2*int(node)
	if and {
		kind, i = gates.And, i+1
	}
	n.all = n.zeros(n.all, i+1, 4*n.c.SumCount())
	if n.all[i] == 0 {
		n.all[i] = uint32(n.logic(kind, n.literals(node)...))
	}
	return circuit.Lit(n.all[i])
}

// weighted replaces gate g, which compares a sum with unequal weights.
func (n *normaliser) weighted(g circuit.Gate, node circuit.SumID, at int64) (circuit.Lit, bool) {
	refs := n.made.Refs(node)
	lo, _ := n.made.Limits(node)
	if s, _ := n.c.Bound(g); len(refs) > mostShared && n.sumReader[s] > 1 {
		return n.divided(g, node, lo.Add(circuit.NewInt(at)))
	}
	weights, _ := n.made.SmallWeights(node)
	f := &n.work
	f.lits, f.weights, f.bound = f.lits[:0], f.weights[:0], at
	before := int64(0)
	for _, w := range weights {
		w = max(w, -w)
		f.weights, before = append(f.weights, w), before+w
	}
	simple, ok := n.known.find(f.weights, at)
	if !ok {
		f.lits = append(f.lits, n.literals(node)...)
		f.simplify()
		after := f.total()
		if after == before && f.bound == at {
			return 0, false
		}
		n.unsettled(g)
		return n.build(g, f, after), true
	}
	if simple[0] == at && simple[1] == before {
		return 0, false
	}
	if simple[2] == 0 {
		n.unsettled(g)
	}
	f.weights, f.bound = f.weights[:0], simple[0]
	for i, w := range simple[3:] {
		if w > 0 {
			k := n.known.order[i]
			f.lits = append(f.lits, refs[k].Gate().Lit().NotIf(weights[k] < 0))
			f.weights = append(f.weights, w)
		}
	}
	return n.build(g, f, simple[1]), true
}

// divided replaces gate g, which is [node ≥ t], by one on the sum divided by its common factor,
// which all gates on the sum share again.
func (n *normaliser) divided(g circuit.Gate, node circuit.SumID, t circuit.Int) (circuit.Lit, bool) {
	if int(node) >= len(n.divid) || n.divid[node] == 0 {
		d := factor(n.made, node).Abs()
		if d.Cmp(circuit.NewInt(1)) == 0 {
			return 0, false
		}
		for i, ref := range n.made.Refs(node) {
			n.linear.Add(n.made.Weight(node, i).Quo(d), n.refSum(ref))
		}
		a := n.intern()
		n.small = append(n.small, affine{a.node, d, circuit.Int{}})
		n.divid = n.zeros(n.divid, int(node)+1, 2*n.c.SumCount())
		n.divid[node] = uint32(len(n.small))
	}
	a := n.small[n.divid[node]-1]
	if a.node == node {
		return 0, false
	}
	n.unsettled(g)
	return n.threshold(gates.Majority, a, t), true
}

// build makes the gate that computes f, in the place of g.
func (n *normaliser) build(g circuit.Gate, f *function, total int64) circuit.Lit {
	switch {
	case f.bound <= 0:
		return circuit.True
	case f.bound > total:
		return circuit.False
	case len(f.lits) == 1:
		return f.lits[0]
	}
	switch least := slices.Min(f.weights); {
	case f.bound <= least:
		return n.logic(gates.Or, f.lits...)
	case total-least < f.bound:
		return n.logic(gates.And, f.lits...)
	}
	n.write()
	if node, add, ok := n.b.SmallSum(f.lits, f.weights); ok {
		return n.bound(gates.Majority, node, circuit.NewInt(f.bound-add))
	}
	n.unsettled(g)
	for i, w := range f.weights {
		n.linear.AddLit(circuit.NewInt(w), f.lits[i])
	}
	return n.threshold(gates.Majority, n.intern(), circuit.NewInt(f.bound))
}

// literals returns the literals of a flat sum: with them its weights are positive.
func (r *rewriter) literals(node circuit.SumID) []circuit.Lit {
	refs := r.made.Refs(node)
	weights, _ := r.made.SmallWeights(node)
	lits := make([]circuit.Lit, len(refs))
	for i, ref := range refs {
		lits[i] = ref.Gate().Lit().NotIf(weights[i] < 0)
	}
	return lits
}

func (n *normaliser) of(node circuit.SumID) *sumFacts {
	f := &n.facts
	if f.node == node && node > 0 {
		return f
	}
	*f = sumFacts{node: node}
	refs := n.made.Refs(node)
	weights, small := n.made.SmallWeights(node)
	if !small || len(refs) < 2 || refs[len(refs)-1].IsSum() { // sums come after gates
		return f
	}
	lo, hi := n.made.Limits(node)
	low, _ := lo.Int64()
	high, _ := hi.Int64()
	f.usable = high < 1<<60 && low > -1<<60
	f.least = max(weights[0], -weights[0])
	for _, w := range weights {
		f.least = min(f.least, max(w, -w))
	}
	f.unit = high-low == int64(len(refs))
	return f
}
