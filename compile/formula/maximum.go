package formula

import (
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// maximum is the content of a MaxStep or an ArgMax: comparisons of pairs, and their
// conjunctions.
func (r *reader) maximum(n *program.Node, x content, f *lower.Facts) content {
	last := len(n.Shape) - 1
	m := r.p.SizeOf(n.Shape[last])
	others := m.Minus(poly.Int(1))
	both := merged(x.parts, renamed(x.parts, func(axis int) variable {
		if axis == last {
			return along(last + 1)
		}
		return along(axis)
	}))
	pairs, why, jumps := poly.Half(m.Times(others)), "one comparison for each pair, used both ways", poly.Int(1)
	if n.Op == program.OpMaxStep {
		jumps = levels(n)
		pairs, why = m.Times(others).Times(jumps), "a comparison of each two for each jump"
	}
	compare := r.make(&group{
		axes: r.axes(n.Shape[:last], pairs), class: lower.Class{Level: r.plan.Level(x.facts.Classes) + 1},
		fanIn: literals(both), mass: x.mass.Plus(x.mass), reads: x.parts, why: why,
	})
	if c := r.causalOf(n, n.Causal); c != nil && c[1] == last && c[0] < last {
		// Position t has t + 1 candidates: Σ (t+1)·t, or half of that.
		per := m.Times(others).Times(m.Plus(poly.Int(1))).Times(poly.Int(2)).Times(jumps)
		if n.Op == program.OpArgMax {
			per = poly.Half(per)
		}
		for k, d := range n.Shape[:last] {
			if k != c[0] {
				per = per.Times(r.p.SizeOf(d))
			}
		}
		per = per.Over(6)
		compare.count = &per
	}
	g := &group{
		axes: r.axes(n.Shape, jumps), causal: r.causalAxes(n), class: f.Classes[0], logic: true,
		fanIn: others, mass: r.inN(others), reads: []part{own(compare, last)}, why: "the conjunction of its comparisons",
	}
	if !f.Classes[0].And { // of one comparison: it needs no gate
		g.logic, g.fanIn, g.mass, g.reads, g.of = false, compare.fanIn, compare.mass, compare.reads, g.reads
	} else {
		r.make(g)
	}
	if n.Op == program.OpArgMax {
		return content{parts: []part{own(g, len(n.Shape))}, mass: poly.Int(1)}
	}
	mass, base := r.jumps(n)
	return r.coded(n, g, f, mass, base)
}
