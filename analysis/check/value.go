package check

import (
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// kind is the level of a literal, and whether its gate is a conjunction that may be opened: what it reads is
// read in its place.
type kind struct {
	level int
	and   bool
}

// family is a set of gates: at most one for each setting of its indices. A literal of the family is such a gate,
// or a constant, or something cheaper on a lower level.
type family struct {
	kind
	number int // of the families that were made before
	index  []index
	// triangle names two indices of positions, of which the second is not after the first.
	triangle *[2]int
	count    polynomial // bounds the number of gates, where the indices say too much; else nil
	fanIn    polynomial // of each gate
	weight   polynomial // Σ|w| of each gate, in n alone
	reads    []view
	// borrowed has the views of the families whose gates these are, for a family without gates of its own.
	borrowed []view
	live     bool // an output depends on it
	logic    bool // its gates are AND and OR gates
}

// index is one index of a family. In a product it may have a letter, as in einsum; else 0.
type index struct {
	size   polynomial
	letter byte
}

// size bounds the number of gates.
func (f *family) size() polynomial {
	if f.count != nil {
		return f.count
	}
	out := number(1)
	for k, i := range f.index {
		if f.triangle != nil && f.triangle[1] == k {
			out = product(out, sum(i.size, number(1)).over(2)) // with the other one n(n+1)/2 pairs
			continue
		}
		out = product(out, i.size)
	}
	return out
}

// view is how the literals of a family lie in the elements of a value: for each index of the family a place.
type view struct {
	of *family
	at []place
}

// place is where an index runs or stands, as seen from one element.
type place struct {
	runs bool // through all its settings, or through some
	// few bounds through how many it runs, if it does not run through all; else 0. The axes determine through which.
	few  int
	axes []int // these axes of the element determine it, if it does not run
	// different says that different settings of the axes give different indices.
	different bool
	via       string // the arrangements on the way; "" if the index is the one along the axis
}

// along is the place of an index that is the one along an axis.
func along(axis int) place { return place{axes: []int{axis}, different: true} }

func (p place) equal(q place) bool {
	return p.runs == q.runs && p.few == q.few && p.via == q.via && slices.Equal(p.axes, q.axes)
}

func (v view) equal(w view) bool { return v.of == w.of && slices.EqualFunc(v.at, w.at, place.equal) }

// literals bounds how many literals of the family are in one element.
func (v view) literals() polynomial {
	out := number(1)
	for k, p := range v.at {
		switch {
		case p.few > 0:
			out = product(out, number(int64(p.few)))
		case p.runs:
			out = product(out, v.of.index[k].size)
		}
	}
	return out
}

func literals(views []view) polynomial {
	var all []polynomial
	for _, v := range views {
		all = append(all, v.literals())
	}
	return sum(all...)
}

// distinct joins lists of views, with each view once.
func distinct(lists ...[]view) []view {
	var out []view
	for _, v := range slices.Concat(lists...) {
		if !slices.ContainsFunc(out, v.equal) {
			out = append(out, v)
		}
	}
	return out
}

// all is the view of a family whose first indices are the axes of the element.
func (f *family) all(axes int) view {
	v := view{of: f}
	for k := range f.index {
		if k < axes {
			v.at = append(v.at, along(k))
		} else {
			v.at = append(v.at, place{runs: true})
		}
	}
	return v
}

// seen returns views from the elements of another value. The function says where each axis goes.
func seen(views []view, from func(axis int) place) []view {
	var out []view
	for _, v := range views {
		w := view{of: v.of}
		for _, p := range v.at {
			w.at = append(w.at, p.seen(from))
		}
		out = append(out, w)
	}
	return distinct(out)
}

func (p place) seen(from func(axis int) place) place {
	out := place{runs: p.runs, few: p.few, different: p.different, via: p.via}
	for _, axis := range p.axes {
		q := from(axis)
		switch one := len(p.axes) == 1; {
		case q.few > 0 && one && p.few > 0: // few for each of few
			return place{runs: true, few: p.few * q.few, axes: q.axes, via: p.via + "/" + q.via}
		case q.few > 0 && one && p.different: // one for each of few
			return place{runs: true, few: q.few, axes: q.axes, via: p.via + "/" + q.via}
		case q.runs:
			return place{runs: true}
		}
		out.different = out.different && q.different
		if q.via != "" {
			out.via += "/" + q.via
		}
		for _, a := range q.axes {
			if !slices.Contains(out.axes, a) {
				out.axes = append(out.axes, a)
			}
		}
	}
	return out
}

// value is what is known of the value of an operation, for every n: each element is a sum of literals, with
// weights, and a constant.
type value struct {
	node     *program.Node
	args     []int
	views    []view
	kinds    []kind     // of the literals, sorted; none if the elements are constants
	weight   polynomial // bounds Σ|w| over the literals of an element, in n alone
	offset   polynomial // bounds the absolute constant, in n alone
	constant bool       // there may be a constant
	bitwise  bool       // elements are sums of input bits with fixed weights, and a constant
	// code says that an element rises or falls with the number of its literals that are 1. The values with
	// the same origin and the same arrangements since have the same literals.
	code     bool
	origin   int
	arranged []int
	unary    bool   // it is coded by a thermometer of literals of its own
	single   bool   // each element is one literal, or a constant
	alike    []bool // by axis: the elements along it have the same weights and constants

	made   []*family
	shares []int // values that made gates which this one uses as its own
	adds   int   // levels above its operands
}

// level returns the greatest level of the literals.
func (v *value) level() int {
	level := 0
	for _, k := range v.kinds {
		level = max(level, k.level)
	}
	return level
}

// mark notes that an output depends on families, and what they read.
func mark(views []view) {
	for _, v := range views {
		if f := v.of; !f.live {
			f.live = true
			if f.borrowed != nil {
				mark(f.borrowed)
			} else {
				mark(f.reads)
			}
		}
	}
}
