package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise/cuts"
	"github.com/tc0lab/tc0/gates"
)

// cutRewriter makes the gates of a circuit whose conjunctions of two literals were rewritten. The
// nodes of the graph are the gates of c, under the same numbers, and then those that are new.
type cutRewriter struct {
	*rewriter
	graph    *cuts.Graph
	lits     []cuts.Lit // by gate: what it has become
	flip     []cuts.Lit // by gate: 1 if it is the complement of its node
	required []int32    // by gate: the latest level that it may have
	live     []bool
	news     []circuit.Lit // by new node: the gate that is made, or 0
	ahead    []bool        // by gate: it is made already, since one before it reads it now
	done     uint32        // the gate at work
}

// rewriteCuts puts smaller structures in the place of parts of the circuit that have AND and OR gates
// of two inputs only. All other gates are where such parts begin and end.
//
// A part may be later than before where that does not make the circuit deeper.
func rewriteCuts(r *rewriter) rule {
	cost := r.model.Cost
	if r.model.Complement != 0 || cost[gates.Buf] != 0 || cost[gates.Not] != 0 || cost[gates.Nand] != cost[gates.And] ||
		cost[gates.Or] != cost[gates.And] || cost[gates.Nor] != cost[gates.And] || cost[gates.And] < 0 {
		return func(g circuit.Gate) (circuit.Lit, bool) { return r.copy(g), false }
	}
	w := &cutRewriter{
		rewriter: r, graph: cuts.NewGraph(r.c.Len(), int32(cost[gates.And])),
		ahead: make([]bool, r.c.Len()), lits: make([]cuts.Lit, r.c.Len()), flip: make([]cuts.Lit, r.c.Len()),
	}
	if w.live = r.live; w.live == nil {
		w.live, _ = r.c.Live()
	}
	r.every = true
	w.require()
	w.read()
	for g := range circuit.Gate(r.c.Len()) {
		if !r.dead(g) {
			w.plan(g)
		}
	}
	for g := range circuit.Gate(r.c.Len()) {
		w.lits[g] = w.step(g)
	}
	w.news = make([]circuit.Lit, w.graph.Len()-r.c.Len())
	return w.gate
}

// require finds how late each gate may be. What a sum reads, directly or not, must stay as early as it
// is.
func (w *cutRewriter) require() {
	c := w.c
	w.required = make([]int32, c.Len())
	for g := range w.required {
		w.required[g] = int32(w.before.Depth)
	}
	for s := range circuit.SumID(c.SumCount()) {
		if w.deadSum(s) {
			continue
		}
		for _, f := range c.Refs(s) {
			if !f.IsSum() {
				w.required[f.Gate()] = int32(w.before.Gate[f.Gate()])
			}
		}
	}
	for g := circuit.Gate(c.Len()) - 1; g > 0; g-- {
		latest := w.required[g] - int32(c.Cost(w.model, g))
		if !w.live[g] {
			continue
		}
		for _, l := range c.Fanin(g) {
			w.required[l.Gate()] = min(w.required[l.Gate()], latest)
		}
	}
}

// read counts how often each gate is read by what an output needs.
func (w *cutRewriter) read() {
	c, refs := w.c, w.graph.Refs
	for g := range circuit.Gate(c.Len()) {
		if w.live[g] {
			for _, l := range c.Fanin(g) {
				refs[l.Gate()]++
			}
		}
	}
	for s := range circuit.SumID(c.SumCount()) {
		if w.deadSum(s) {
			continue
		}
		for _, f := range c.Refs(s) {
			if !f.IsSum() {
				refs[f.Gate()]++
			}
		}
	}
	for _, l := range c.Outputs() {
		refs[l.Gate()]++
	}
}

// of returns what a literal of c has become.
func (w *cutRewriter) of(l circuit.Lit) cuts.Lit { return w.lits[l.Gate()] ^ cuts.Lit(l&1) }

func (w *cutRewriter) plan(g circuit.Gate) {
	w.lits[g] = cuts.Lit(g) << 1
	and, out, ok := asAnd(w.c.Kind(g))
	in := w.c.Fanin(g)
	if ok && len(in) == 2 {
		w.lits[g] ^= cuts.Lit(out)
		w.graph.Plan(uint32(g), w.of(in[0])^cuts.Lit(and), w.of(in[1])^cuts.Lit(and))
	}
}

// step takes gate g into the graph.
func (w *cutRewriter) step(g circuit.Gate) cuts.Lit {
	own, in, k := cuts.Lit(g)<<1, w.c.Fanin(g), w.c.Kind(g)
	and, out, ok := asAnd(k)
	switch {
	case !w.live[g] || k == gates.Const:
		return own
	case k == gates.Buf, k == gates.Not:
		is := w.of(in[0])
		flip := cuts.Lit(0)
		if k == gates.Not {
			flip = 1
		}
		return w.graph.Alias(uint32(g), is, is) ^ flip
	case !ok || len(in) != 2:
		w.graph.Level[g] = int32(w.before.Gate[g])
		if len(in) > 0 {
			level := int32(0)
			for _, l := range in {
				level = max(level, w.graph.Level[w.of(l).Node()])
			}
			w.graph.Level[g] = level + int32(w.c.Cost(w.model, g))
		}
		return own
	}
	a, b := w.of(in[0])^cuts.Lit(and), w.of(in[1])^cuts.Lit(and)
	w.flip[g] = cuts.Lit(out)
	if w.graph.Early(uint32(g)) {
		return own ^ cuts.Lit(out)
	}
	if w.graph.Refs[g] == 0 { // its readers are gone
		return w.graph.Alias(uint32(g), 0, a, b)
	}
	return w.graph.And(uint32(g), a, b, w.required[g]) ^ cuts.Lit(out)
}

// gate makes what gate g has become.
func (w *cutRewriter) gate(g circuit.Gate) (circuit.Lit, bool) {
	is := w.lits[g]
	w.done = uint32(g)
	switch {
	case w.ahead[g]:
		return w.Lits[g], true
	case !w.live[g]:
		return w.copy(g), false
	case is.Node() == uint32(g):
		if w.graph.Dead(uint32(g)) {
			return circuit.False, true // nothing reads it
		}
		return w.copy(g), false
	case w.graph.Dead(is.Node()):
		return circuit.False, true
	}
	return w.make(is), true
}

// make returns the literal of the new circuit for one of the graph, whose gates are made if they are
// new or come later in c. Those read each other a few deep only.
func (w *cutRewriter) make(l cuts.Lit) circuit.Lit {
	n, old := l.Node(), uint32(w.c.Len())
	if n < old {
		if n > w.done && !w.ahead[n] {
			w.Lits[n], w.ahead[n] = w.and(n)^circuit.Lit(w.flip[n]), true
		}
		return w.Lits[n] ^ circuit.Lit(w.flip[n]^l&1)
	}
	if w.news[n-old] == 0 {
		w.news[n-old] = w.and(n)
	}
	return w.news[n-old] ^ circuit.Lit(l&1)
}

// and makes an AND of the graph.
func (w *cutRewriter) and(n uint32) circuit.Lit {
	in := w.graph.Fanin(n)
	a, b := w.make(in[0]), w.make(in[1])
	return w.b.And(a, b)
}
