package formula

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// diagonalOf is the product, element by element, of values with the given number of axes.
func diagonalOf(axes int) *program.Einsum {
	letters := "abcdefghijklmnop"[:axes]
	return &program.Einsum{
		Spec:   letters + "," + letters + "->" + letters,
		Left:   letters,
		Right:  letters,
		Result: letters,
	}
}

// contract is the content of a Contract.
func (r *formulaReader) contract(n *program.Node, x, y content, out *content) {
	a, b := n.Arg(0), n.Arg(1)
	switch {
	case a.Op == program.OpConst:
		*out = r.scaled(n, y, n.Einsum.Right, a)
		return
	case b.Op == program.OpConst:
		*out = r.scaled(n, x, n.Einsum.Left, b)
		return
	}
	*out = r.products(n, n.Einsum, x, y, n.Args[0] == n.Args[1])
	terms := poly.Int(1)
	for i, letter := range n.Einsum.Left + n.Einsum.Right {
		if !strings.ContainsRune(n.Einsum.Result, letter) &&
			strings.IndexRune(n.Einsum.Left+n.Einsum.Right, letter) == i {
			terms = terms.Times(r.inN(r.size(r.letterSize(n, letter))))
		}
	}
	// (c + Σ) (d + Σ') has terms c·Σ' and d·Σ, too.
	out.mass = x.mass.Times(y.mass)
	if x.constant {
		out.mass = out.mass.Plus(y.mass.Times(r.constant(n.Args[0])))
	}
	if y.constant {
		out.mass = out.mass.Plus(x.mass.Times(r.constant(n.Args[1])))
	}
	out.mass = out.mass.Times(terms)
	if _, ok := n.Picks(); ok && r.strategy.Select {
		r.selected(n, out)
	}
}

// constant bounds the constant in the sums of a value. It uses the range of the value if that is known, and
// else the weights that make the value.
func (r *formulaReader) constant(id int) poly.Poly {
	b := r.p.Nodes()[id].Bounds
	if !b.Bounded() {
		return r.values[id].mass.Plus(poly.Int(1))
	}
	return r.constantOf(id)
}

func (r *formulaReader) letterSize(n *program.Node, letter rune) program.Dim {
	if i := strings.IndexRune(n.Einsum.Left, letter); i >= 0 {
		return n.Arg(0).Shape[i]
	}
	return n.Arg(1).Shape[strings.IndexRune(n.Einsum.Right, letter)]
}

// seen returns how an axis of an operand, named by a letter, is seen from the result.
func seen(e *program.Einsum, operand string) func(axis int) variable {
	return func(axis int) variable {
		at := strings.IndexByte(e.Result, operand[axis])
		if at < 0 {
			return variable{free: true}
		}
		return variable{axes: []int{at}, exact: true}
	}
}

// scaled is a product with constants: a sum over the literals of the other operand.
func (r *formulaReader) scaled(n *program.Node, x content, letters string, constant *program.Node) content {
	out := x.renamed(seen(n.Einsum, letters))
	most := poly.Big(greatest(constant.Bounds))
	if n.Kernel != nil {
		total := new(big.Int)
		for _, taps := range n.Kernel {
			row := new(big.Int)
			for _, k := range taps {
				row.Add(row, absolute(k))
			}
			if row.Cmp(total) > 0 {
				total = row
			}
		}
		most = poly.Big(total)
	} else {
		for i, letter := range letters {
			if !strings.ContainsRune(n.Einsum.Result, letter) && strings.IndexRune(letters, letter) == i {
				most = most.Times(r.inN(r.size(r.letterSize(n, letter))))
				out.chain = false
			}
		}
	}
	out.mass = x.mass.Times(most)
	out.chain = out.chain && n.Kernel == nil && len(n.Einsum.Summed) == 0
	return out
}

// products makes the groups of the products of two values, and returns the content of
// their sums. Same says that the operands are one value.
func (r *formulaReader) products(n *program.Node, e *program.Einsum, x, y content, same bool) content {
	var out content
	for i, p := range x.parts {
		for k, q := range y.parts {
			if same && e.Diagonal() && k < i {
				continue // the same products as of parts i and k
			}
			out.parts = append(out.parts, r.pair(n, e, p, q, x.chain && y.chain)...)
		}
	}
	if y.constant {
		out.parts = append(out.parts, content{parts: x.parts}.renamed(seen(e, e.Left)).parts...)
	}
	if x.constant {
		out.parts = append(out.parts, content{parts: y.parts}.renamed(seen(e, e.Right)).parts...)
	}
	out.constant = x.constant && y.constant
	return out.merged()
}

// pair makes the group of the conjunctions of the literals of two parts; coded says that
// both values are codes.
func (r *formulaReader) pair(n *program.Node, e *program.Einsum, p, q part, coded bool) []part {
	if coded && p.g == q.g && p.g.code && r.oneElement(e, p, q) {
		// The product of two functions of one code is another function of the code.
		return content{parts: []part{p}}.renamed(seen(e, e.Left)).parts
	}
	level, kind, reads := r.and(p, q)
	g := &gateGroup{level: level, kind: kind, reads: reads}
	var vars []variable
	index := map[byte]bool{}
	enter := func(p part, operand string) {
		for k, v := range p.vars {
			if v.free {
				g.axes = append(g.axes, p.g.axes[k])
				vars = append(vars, variable{free: true})
				continue
			}
			for _, axis := range v.axes {
				letter := operand[axis]
				if index[letter] {
					continue
				}
				index[letter] = true
				size := p.g.axes[k].size
				if len(v.axes) > 1 || !v.exact {
					g.loose = g.loose || !v.exact
					size = r.sizeOfLetter(n, e, letter)
				}
				g.axes = append(g.axes, groupAxis{string(letter), size})
				vars = append(vars, seen(e, operand)(axis))
			}
		}
	}
	enter(p, e.Left)
	enter(q, e.Right)
	g.fanIn, g.mass = poly.Int(2), poly.Int(2)
	switch kind {
	case boundGroup:
		deep := p
		if q.g.level > p.g.level {
			deep = q
		}
		// The literal enters with a weight of at most the range of the sum.
		g.fanIn = deep.g.fanIn.Plus(poly.Int(1))
		g.mass = deep.g.mass.Plus(deep.g.mass).Plus(poly.Int(1))
		g.why = "each threshold takes the other literals of its products in"
	case andGroup:
		g.why = "a conjunction for each pair of literals that meet"
		if p.g.kind == andGroup || q.g.kind == andGroup {
			g.why = "each conjunction takes the other literals of its products in"
			g.fanIn = andFanIn(p.g).Plus(andFanIn(q.g))
			g.mass = r.inN(g.fanIn)
			if g.single = p.g.single || q.g.single; g.single {
				g.mass = p.g.mass.Plus(q.g.mass).Times(poly.Int(2)).Plus(poly.Int(1))
			}
		}
	}
	r.unordered(e, g, p, q)
	if g.count == nil {
		r.causalPairs(n, e, g)
	}
	// Products of more than two literals coincide if their factors coincide.
	g.loose = g.loose || p.g.loose || q.g.loose || p.g.product || q.g.product
	g.product = true
	// The same literals may have met before.
	key := pairKey(e, g, p, q)
	if have, ok := r.pairs[key]; ok {
		return []part{{have, vars}}
	}
	r.pairs[key] = g
	r.make(n, g)
	return []part{{g, vars}}
}

// pairKey tells which literals of two parts meet.
func pairKey(e *program.Einsum, g *gateGroup, p, q part) string {
	letters := map[byte]int{}
	pattern := fmt.Sprintf("%p %p %v", p.g, q.g, g.causal)
	for i, x := range []part{p, q} {
		operand := e.Left
		if i > 0 {
			operand = e.Right
		}
		for _, v := range x.vars {
			if v.free {
				pattern += " all"
				continue
			}
			pattern += " at"
			for _, letter := range lettersOf(operand, v) {
				if _, ok := letters[letter]; !ok {
					letters[letter] = len(letters)
				}
				pattern += fmt.Sprintf(",%d", letters[letter])
			}
			if v.moved != "" {
				pattern += "(" + v.moved + ")"
			}
		}
	}
	return pattern
}

func andFanIn(g *gateGroup) poly.Poly {
	if g.kind == andGroup {
		return g.fanIn
	}
	return poly.Int(1)
}

// sizeOfLetter is the size of an index. In a diagonal product it is the size of the axis of the value of n.
func (r *formulaReader) sizeOfLetter(n *program.Node, e *program.Einsum, letter byte) poly.Poly {
	if n.Einsum == e {
		return r.size(r.letterSize(n, rune(letter)))
	}
	return r.size(n.Shape[strings.IndexByte(e.Left, letter)])
}

// oneElement reports whether two literals that meet always belong to one code. This holds if both parts have
// the same index along all axes except the last, which is the axis of the levels.
func (r *formulaReader) oneElement(e *program.Einsum, p, q part) bool {
	for k := range p.vars {
		v, w := p.vars[k], q.vars[k]
		switch {
		case k == len(p.vars)-1:
			if !v.free || !w.free {
				return false
			}
		case v.free || w.free || v.moved != w.moved || !slices.Equal(lettersOf(e.Left, v), lettersOf(e.Right, w)):
			return false
		}
	}
	return true
}

func lettersOf(operand string, v variable) []byte {
	var out []byte
	for _, axis := range v.axes {
		out = append(out, operand[axis])
	}
	return out
}

// and returns the level and the kind of the conjunctions of the literals of two parts, as
// [circuit.Builder.Absorb] makes them, and what they read.
func (r *formulaReader) and(p, q part) (level int, kind groupKind, reads []part) {
	a, b := p, q
	if a.g.level < b.g.level {
		a, b = b, a
	}
	switch {
	case !r.strategy.Absorb:
	case a.g.level > b.g.level && (a.g.kind == boundGroup || a.g.kind == orGroup):
		return a.g.level, boundGroup, append(slices.Clone(a.g.reads), b)
	case a.g.level > b.g.level && a.g.kind == andGroup:
		return a.g.level, andGroup, append(slices.Clone(a.g.reads), b)
	case a.g.level == b.g.level && a.g.kind == andGroup && b.g.kind == andGroup:
		return a.g.level, andGroup, slices.Concat(a.g.reads, b.g.reads)
	case a.g.level == b.g.level && b.g.kind == andGroup && a.g.kind == boundGroup:
		return a.g.level, boundGroup, slices.Concat(a.g.reads, b.g.reads)
	case a.g.level == b.g.level && a.g.kind == andGroup && b.g.kind == boundGroup:
		return a.g.level, boundGroup, slices.Concat(a.g.reads, b.g.reads)
	}
	return a.g.level + 1, andGroup, []part{p, q}
}

// unordered counts each pair of literals once, if both parts run over all of one group along the axes that
// they do not share. R literals have R(R−1)/2 conjunctions, because the conjunction of a literal with itself is
// the literal.
func (r *formulaReader) unordered(e *program.Einsum, g *gateGroup, p, q part) {
	if p.g != q.g {
		return
	}
	shared, rest := poly.Int(1), poly.Int(1)
	for k := range p.vars {
		v, w := p.vars[k], q.vars[k]
		size := p.g.axes[k].size
		a, b := lettersOf(e.Left, v), lettersOf(e.Right, w)
		switch {
		case !v.free && !w.free && v.moved == w.moved && slices.Equal(a, b):
			shared = shared.Times(size)
		case (v.free || v.exact) && (w.free || w.exact) && !overlap(a, b):
			rest = rest.Times(size)
		default:
			return
		}
	}
	count := shared.Times(poly.Half(rest.Times(rest.Minus(poly.Int(1)))))
	g.count = &count
}

func overlap(a, b []byte) bool {
	return slices.ContainsFunc(a, func(x byte) bool { return slices.Contains(b, x) })
}

// causalPairs notes that a group has elements only for the causal pairs of positions.
func (r *formulaReader) causalPairs(n *program.Node, e *program.Einsum, g *gateGroup) {
	c := r.causalAxes(n)
	if c == nil || n.Einsum != e {
		return
	}
	at := [2]int{-1, -1}
	for k, a := range g.axes {
		for j, axis := range c {
			if a.name == string(e.Result[axis]) {
				at[j] = k
			}
		}
	}
	if at[0] >= 0 && at[1] >= 0 {
		g.causal = &at
	}
}

// selected makes the disjunctions over the candidates of a one-hot value.
func (r *formulaReader) selected(n *program.Node, out *content) {
	var parts []part
	for _, p := range out.parts {
		g := &gateGroup{
			kind:  orGroup,
			level: p.g.level + 1,
			reads: []part{p},
			fanIn: poly.Int(1),
			mass:  poly.Int(1),
			why:   "a disjunction over the candidates for each literal of what is picked",
		}
		q := part{g: g}
		summed := n.Einsum.Summed[0]
		for k, v := range p.vars {
			if v.free && p.g.axes[k].size.Equal(r.size(summed.Dim)) && len(p.g.axes[k].name) == 1 {
				g.fanIn = g.fanIn.Times(p.g.axes[k].size) // the candidates
				continue
			}
			g.axes = append(g.axes, p.g.axes[k])
			q.vars = append(q.vars, v)
		}
		g.mass = r.inN(g.fanIn)
		r.make(n, g)
		parts = append(parts, q)
	}
	out.parts = parts
}
