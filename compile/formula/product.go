package formula

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// meeting says which elements of two values are multiplied: letters name their axes, as in einsum.
type meeting struct {
	n                   *program.Node
	left, right, result string
	dim                 func(letter byte) program.Dim
}

// contract is the content of a Contract.
func (r *reader) contract(n *program.Node, x, y content, f *lower.Facts) content {
	e := n.Einsum
	switch a, b := n.Arg(0), n.Arg(1); {
	case a.Op == program.OpConst:
		return r.scaled(n, y, e.Right, a)
	case b.Op == program.OpConst:
		return r.scaled(n, x, e.Left, b)
	}
	m := &meeting{n, e.Left, e.Right, e.Result, func(letter byte) program.Dim { return dimOf(n, rune(letter)) }}
	out, terms := content{}, poly.Int(1)
	for _, l := range e.Summed {
		terms = terms.Times(r.lengthOf(l.Dim))
	}
	out.mass, out.offset = productMass(x, y).Times(terms), x.offset.Times(y.offset).Times(terms)
	switch {
	case f.Same:
		out.parts = renamed(x.parts, seen(m.result, m.left))
	case f.Selected:
		out.parts = r.selected(m, x, y)
		out.offset = x.offset.Plus(y.offset)
	default:
		out.parts = r.products(m, x, y)
	}
	return out
}

// products makes the groups of the products of two values, and returns the parts of their sums.
func (r *reader) products(m *meeting, x, y content) (out []part) {
	if len(x.parts)*len(y.parts) > mostParts && r.err == nil {
		r.err = fmt.Errorf("compile: %v in stage %q has more than %d kinds of products", m.n, m.n.Path(), mostParts)
	}
	if r.err != nil {
		return nil
	}
	same := m.left == m.right && len(x.parts) == len(y.parts) &&
		slices.EqualFunc(x.parts, y.parts, func(p, q part) bool { return p.equal(q) })
	for i, p := range x.parts {
		for k, q := range y.parts {
			if same && k < i {
				continue // the same products as of parts i and k
			}
			product, _ := r.pair(m, p, q)
			out = append(out, product)
		}
	}
	if y.facts.Constant || len(y.parts) == 0 {
		out = append(out, renamed(x.parts, seen(m.result, m.left))...)
	}
	if x.facts.Constant || len(x.parts) == 0 {
		out = append(out, renamed(y.parts, seen(m.result, m.right))...)
	}
	return merged(out)
}

// pair makes the group of the conjunctions of the literals of two parts. The axes that it returns have the letters of
// this product. Those of a group that was there before may have others.
func (r *reader) pair(m *meeting, p, q part) (part, []axis) {
	way := r.plan.Meet(p.g.class, q.g.class)
	key := r.pairKey(m, way, p, q)
	g := r.met(way, p, q)
	var vars []variable
	index := map[byte]bool{}
	enter := func(p part, operand string) {
		for k, v := range p.vars {
			if v.free {
				g.axes = append(g.axes, axis{size: p.g.axes[k].size})
				vars = append(vars, renamed([]part{{p.g, []variable{v}}}, seen(m.result, operand))[0].vars[0])
				continue
			}
			for _, at := range v.axes {
				letter := operand[at]
				if !index[letter] {
					index[letter] = true
					g.axes = append(g.axes, axis{r.p.SizeOf(m.dim(letter)), letter})
					vars = append(vars, seen(m.result, operand)(at))
				}
			}
		}
	}
	enter(p, m.left)
	enter(q, m.right)
	if have, ok := r.pairs[key]; ok { // the same literals have met before
		r.share(have)
		return part{have, vars}, g.axes
	}
	r.unordered(m, g, p, q)
	if g.count == nil {
		r.causalPairs(m, g)
	}
	r.pairs[key] = r.make(g)
	return part{g, vars}, g.axes
}

// met returns the group of the conjunctions of two parts, which meet in a way.
func (r *reader) met(way lower.Meeting, p, q part) *group {
	a, b := p, q
	if way.Way == lower.Second || way.Way == lower.Open1 {
		a, b = q, p
	}
	g := &group{class: way.Class, why: "each threshold takes the other literals of its products in"}
	one, two := poly.Int(1), poly.Int(2)
	// A literal of a group whose gates are constants may be one that such a gate would have taken in.
	heavy, wide := someOf(a.g.mass, a.g.mass), someOf(a.g.fanIn, r.inN(a.g.fanIn))
	switch way.Way {
	case lower.Plain:
		g.fanIn, g.mass, g.reads, g.logic = two, two, []part{p, q}, true
		g.why = "a conjunction for each pair of literals that meet"
	case lower.First, lower.Second:
		g.fanIn, g.reads = wide.Plus(one), merged(a.g.reads, []part{b})
		g.mass = heavy.Times(two)
		if a.g.class.And {
			g.mass, g.logic = r.inN(g.fanIn), a.g.logic
			g.why = "each conjunction takes the other literals of its products in"
		}
	case lower.Merge:
		g.fanIn, g.reads, g.logic = a.g.fanIn.Plus(b.g.fanIn), merged(a.g.reads, b.g.reads), a.g.logic && b.g.logic
		g.mass, g.why = r.inN(g.fanIn), "each conjunction takes the other literals of its products in"
	case lower.Open1, lower.Open2:
		g.fanIn, g.reads = a.g.fanIn.Plus(b.g.fanIn), merged(a.g.reads, b.g.reads)
		g.mass = heavy.Times(r.inN(b.g.fanIn).Plus(one))
	}
	return g
}

// someOf returns a formula, which is the other one in n alone, raised so that it is at least 1 for every n.
func someOf(p, inN poly.Poly) poly.Poly {
	above := inN.Minus(poly.Int(1)).Substitute(map[string]poly.Poly{"n": poly.Symbol("n").Plus(poly.Int(1))})
	if poly.Max(above, poly.Poly{}).Equal(above) {
		return p
	}
	return poly.Max(p, poly.Int(1))
}

// pairKey tells which literals of two parts meet, and in which way.
func (r *reader) pairKey(m *meeting, way lower.Meeting, p, q part) string {
	letters := map[byte]int{}
	key := fmt.Sprintf("%p %p %v", p.g, q.g, way)
	for i, x := range []part{p, q} {
		operand := m.left
		if i > 0 {
			operand = m.right
		}
		for _, v := range x.vars {
			if v.free {
				key += " all"
				continue
			}
			key += " at"
			for _, letter := range lettersOf(operand, v) {
				if _, ok := letters[letter]; !ok {
					letters[letter] = len(letters)
				}
				key += fmt.Sprintf(",%d:%v", letters[letter], r.p.SizeOf(m.dim(letter)))
			}
			if v.moved != "" {
				key += "(" + v.moved + ")"
			}
		}
	}
	if c := r.causalAxes(m.n); c != nil { // which index is not after which
		for _, axis := range c {
			at, ok := letters[m.result[axis]]
			key += fmt.Sprint(" causal ", at, ok)
		}
	}
	return key
}

func lettersOf(operand string, v variable) []byte {
	var out []byte
	if v.free {
		return nil
	}
	for _, axis := range v.axes {
		out = append(out, operand[axis])
	}
	return out
}

// unordered counts each pair of literals once, if both parts run over all of one group along the axes that
// they do not share. R literals have R(R−1)/2 conjunctions, because the conjunction of a literal with itself is
// the literal.
func (r *reader) unordered(m *meeting, g *group, p, q part) {
	if p.g != q.g {
		return
	}
	shared, rest := poly.Int(1), poly.Int(1)
	whole := func(v variable, letters []byte, size poly.Poly) bool {
		return v.free || v.exact && len(letters) == 1 && r.lengthOf(m.dim(letters[0])).Equal(r.inN(size))
	}
	for k := range p.vars {
		v, w := p.vars[k], q.vars[k]
		size := p.g.axes[k].size
		a, b := lettersOf(m.left, v), lettersOf(m.right, w)
		switch {
		case !v.free && !w.free && v.moved == w.moved && slices.Equal(a, b):
			shared = shared.Times(size)
		case whole(v, a, size) && whole(w, b, size) && !overlap(a, b):
			rest = rest.Times(size)
		default:
			return
		}
	}
	count := shared.Times(poly.Half(rest.Times(rest.Minus(poly.Int(1)))))
	g.count = &count
	g.reads = merged(g.reads, []part{p}) // a literal that meets itself stays
}

func overlap(a, b []byte) bool {
	return slices.ContainsFunc(a, func(x byte) bool { return slices.Contains(b, x) })
}

// causalPairs notes that a group has elements only for the causal pairs of positions.
func (r *reader) causalPairs(m *meeting, g *group) {
	c := r.causalAxes(m.n)
	if c == nil || m.n.Op != program.OpContract {
		return
	}
	at := [2]int{-1, -1}
	for k, a := range g.axes {
		for j, axis := range c {
			if a.letter == m.result[axis] {
				at[j] = k
			}
		}
	}
	if at[0] >= 0 && at[1] >= 0 {
		g.causal = &at
	}
}

// selected makes the disjunctions over the candidates of a one-hot value, for each literal of what is
// picked, and returns their parts.
func (r *reader) selected(m *meeting, x, y content) (out []part) {
	letter := byte(0) // the index that is summed over
	for _, l := range []byte(m.left) {
		if strings.IndexByte(m.result, l) < 0 {
			letter = l
		}
	}
	candidates := r.p.SizeOf(m.dim(letter))
	for _, p := range x.parts {
		for _, q := range y.parts {
			of, axes := r.pair(m, p, q)
			g := &group{
				class: lower.Class{
					Level: of.g.class.Level + 1,
				}, logic: true, fanIn: candidates, mass: r.inN(candidates),
				reads: []part{of}, why: "a disjunction over the candidates for each literal of what is picked",
			}
			picked := part{g: g}
			for k, v := range of.vars {
				if axes[k].letter != letter {
					g.axes, picked.vars = append(g.axes, axes[k]), append(picked.vars, v)
				}
			}
			r.make(g)
			out = append(out, picked)
		}
	}
	return out
}
