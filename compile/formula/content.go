package formula

import (
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// group is a family of literals with index axes: at most one literal for each setting of the
// indices. A literal may be a constant. It may also be one of the literals that its gate would have
// read, which is then on a lower level. So a group bounds what its gates are, and never says that they
// exist.
type group struct {
	class  lower.Class
	axes   []axis
	causal *[2]int    // two axes of positions, of which the second is not after the first
	count  *poly.Poly // bounds how many gates there are, where the axes say too much
	fanIn  poly.Poly  // of one gate that was made for the group
	mass   poly.Poly  // Σ|w| of one such gate, in n alone
	reads  []part     // what such gates read
	// of has the parts whose literals these are, for a group that makes no gates of its own; else nil.
	of    []part
	logic bool // its gates are AND and OR gates
	live  bool // an output depends on it
	why   string
}

// axis is one index of a group. A letter names the index of a product, 0 another index.
type axis struct {
	size   poly.Poly
	letter byte
}

// size bounds how many gates there are.
func (g *group) size() poly.Poly {
	if g.count != nil {
		return *g.count
	}
	out := poly.Int(1)
	for k, a := range g.axes {
		if g.causal != nil && k == g.causal[1] {
			// With the first axis: n(n+1)/2 pairs instead of n².
			a.size = poly.Half(a.size.Plus(poly.Int(1)))
		}
		out = out.Times(a.size)
	}
	return out
}

// part is the share of one group in the elements of a value. For each axis of the group it says how the
// index follows from the index of the element.
type part struct {
	g    *group
	vars []variable
}

// variable is an index of a group as seen from an element.
type variable struct {
	free  bool  // all indices occur in each element
	axes  []int // else those of the element that determine it; none if it is fixed
	exact bool  // and different settings of them give different indices
	// moved says in which way they determine it. It is "" if it is the index along the one axis
	// itself. Otherwise it names the Gathers in between.
	moved string
	// few bounds how many of all indices occur in one element, where they are not all; 0 for no bound. Then the
	// axes and the moves tell which.
	few int
}

// literals bounds how many literals of the group one element has.
func (p part) literals() poly.Poly {
	out := poly.Int(1)
	for k, v := range p.vars {
		switch {
		case v.few > 0:
			out = out.Times(poly.Int(int64(v.few)))
		case v.free:
			out = out.Times(p.g.axes[k].size)
		}
	}
	return out
}

// content is what the elements of a value are sums of: literals of the parts, with weights, and a
// constant.
type content struct {
	facts  lower.Facts
	parts  []part
	mass   poly.Poly // bounds Σ|w| over the literals of an element, in n alone
	offset poly.Poly // bounds the absolute constant, in n alone
	bits   bool      // elements are weighted sums of input bits and a constant, in the range of such sums
}

// literals bounds the number of literals of an element.
func literals(parts []part) poly.Poly {
	total := poly.Poly{}
	for _, p := range parts {
		total = total.Plus(p.literals())
	}
	return total
}

// renamed returns the parts with another view of the axes of the element. The function to maps an axis
// to a variable in its place.
func renamed(parts []part, to func(axis int) variable) []part {
	var all []part
	for _, p := range parts {
		vars := make([]variable, len(p.vars))
		for k, v := range p.vars {
			out := variable{free: v.free, few: v.few, exact: v.exact, moved: v.moved}
			for _, axis := range v.axes {
				w := to(axis)
				if w.free {
					out = variable{free: true}
					if w.few > 0 && len(v.axes) == 1 && (v.exact || v.few > 0) { // few for each of those of the axis
						out.few, out.axes, out.moved = max(v.few, 1)*w.few, w.axes, v.moved+"/"+w.moved
					}
					break
				}
				out.exact = out.exact && w.exact
				if w.moved != "" {
					out.moved += "/" + w.moved
				}
				for _, x := range w.axes {
					if !slices.Contains(out.axes, x) {
						out.axes = append(out.axes, x)
					}
				}
			}
			vars[k] = out
		}
		all = append(all, part{p.g, vars})
	}
	return merged(all)
}

// merged drops a part that equals another part: its literals are the same ones.
func merged(parts ...[]part) []part {
	var out []part
	for _, p := range slices.Concat(parts...) {
		if !slices.ContainsFunc(out, p.equal) {
			out = append(out, p)
		}
	}
	return out
}

func (p part) equal(q part) bool {
	return p.g == q.g && slices.EqualFunc(p.vars, q.vars, variable.equal)
}

func (v variable) equal(w variable) bool {
	return v.free == w.free && v.few == w.few && v.moved == w.moved && slices.Equal(v.axes, w.axes)
}

// shift returns a variable view that moves axes by k.
func shift(k int) func(int) variable {
	return func(axis int) variable { return along(axis + k) }
}

// along is the index along one axis of an element.
func along(axis int) variable { return variable{axes: []int{axis}, exact: true} }

// own returns the part of a group whose first axes are the axes of the element. Each element has all the
// literals along the other axes.
func own(g *group, axes int) part {
	p := part{g: g}
	for k := range g.axes {
		v := variable{free: true}
		if k < axes {
			v = along(k)
		}
		p.vars = append(p.vars, v)
	}
	return p
}

// live marks the groups that an output depends on.
func live(parts []part) {
	for _, p := range parts {
		if p.g.live {
			continue
		}
		p.g.live = true
		if p.g.of != nil {
			live(p.g.of)
		} else {
			live(p.g.reads)
		}
	}
}

// axes returns group axes for the axes of a shape, and more axes after them.
func (r *reader) axes(s program.Shape, more ...poly.Poly) []axis {
	var out []axis
	for _, d := range s {
		out = append(out, axis{size: r.p.SizeOf(d)})
	}
	for _, size := range more {
		out = append(out, axis{size: size})
	}
	return out
}

// inN puts the values of all symbols except n into a formula.
func (r *reader) inN(p poly.Poly) poly.Poly { return p.Substitute(r.symbols) }

// lengthOf returns the size of a dimension, in n alone.
func (r *reader) lengthOf(d program.Dim) poly.Poly { return r.inN(r.p.SizeOf(d)) }

// absolute returns |v|.
func absolute(v int64) *big.Int { return new(big.Int).Abs(big.NewInt(v)) }

// greatest returns the greatest absolute number of a range.
func greatest(r program.Range) poly.Poly {
	lo, hi := absolute(r.Lo), absolute(r.Hi)
	if lo.Cmp(hi) > 0 {
		return poly.Big(lo)
	}
	return poly.Big(hi)
}

// greatestOf returns the greatest absolute number of a list.
func greatestOf(numbers []int64) poly.Poly {
	most := new(big.Int)
	for _, v := range numbers {
		if a := absolute(v); a.Cmp(most) > 0 {
			most = a
		}
	}
	return poly.Big(most)
}

// totalOf returns the sum of absolute numbers.
func totalOf(numbers []int64) *big.Int {
	total := new(big.Int)
	for _, v := range numbers {
		total.Add(total, absolute(v))
	}
	return total
}

// greatestTotal returns the greatest absolute sum of some lists.
func greatestTotal(lists [][]int64) poly.Poly {
	most := new(big.Int)
	for _, list := range lists {
		if total := totalOf(list); total.Cmp(most) > 0 {
			most = total
		}
	}
	return poly.Big(most)
}
