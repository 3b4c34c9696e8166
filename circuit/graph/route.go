package graph

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// Route describes the paths from some gates to others. The length of a path is what the gates
// after its first add to the depth.
type Route struct {
	Shortest, Longest int
	Gates             []circuit.Gate // on a shortest path; sums are left out
}

// Route describes the paths from one of the gates from to one of the gates to. It returns
// nil if there is no path. A path may be a single gate that is in both.
//
// Time: linear in the stored wires.
func (v *View) Route(from, to []circuit.Gate) *Route {
	type reached struct {
		least, most int
		before      int64 // on a shortest path; −1 at its start
	}
	at := make([]*reached, v.len())
	for _, g := range from {
		at[g] = &reached{0, 0, -1}
	}
	var in []wire
	for _, y := range v.order() {
		in = v.reads(in[:0], y)
		for _, w := range in {
			x := at[w.from]
			switch {
			case x == nil:
				continue
			case at[y] == nil:
				at[y] = &reached{x.least + w.cost, x.most + w.cost, int64(w.from)}
			case x.least+w.cost < at[y].least:
				at[y].least, at[y].before = x.least+w.cost, int64(w.from)
			}
			at[y].most = max(at[y].most, x.most+w.cost)
		}
	}
	var r *Route
	end := int64(-1)
	for _, g := range to {
		switch y := at[g]; {
		case y == nil:
			continue
		case r == nil:
			r, end = &Route{Shortest: y.least, Longest: y.most}, int64(g)
		case y.least < r.Shortest:
			r.Shortest, end = y.least, int64(g)
		}
		r.Longest = max(r.Longest, at[g].most)
	}
	for ; end >= 0; end = at[end].before {
		if end < int64(v.c.Len()) {
			r.Gates = append(r.Gates, circuit.Gate(end))
		}
	}
	if r != nil {
		slices.Reverse(r.Gates)
	}
	return r
}
