package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// This file has the products of two unknown values: a conjunction for each pair of literals that meet.

// meeting says which elements of two values are multiplied. Letters name their axes, as in einsum.
type meeting struct {
	n                   *program.Node
	left, right, result string
	sizes               map[byte]program.Dim // by letter
}

// contract is the rule for a Contract.
func (d *deriver) contract(n *program.Node, x, y, v *value) {
	e := n.Einsum
	switch {
	case n.Arg(0).Op == program.OpConst:
		d.scaled(n, y, e.Right, n.Arg(0), v)
		return
	case n.Arg(1).Op == program.OpConst:
		d.scaled(n, x, e.Left, n.Arg(1), v)
		return
	}
	m := &meeting{n, e.Left, e.Right, e.Result, map[byte]program.Dim{}}
	for k := len(e.Right) - 1; k >= 0; k-- {
		m.sizes[e.Right[k]] = n.Arg(1).Shape[k]
	}
	for k := len(e.Left) - 1; k >= 0; k-- { // axes with one letter have the name of the first one
		m.sizes[e.Left[k]] = n.Arg(0).Shape[k]
	}
	terms := d.terms(n)
	v.weight, v.offset = product(productWeight(x, y), terms), product(x.offset, y.offset, terms)
	// Two codes of the same literals: their product is another function of how many are 1.
	same := x.code && y.code && x.origin == y.origin && slices.Equal(x.arranged, y.arranged) && e.Left == e.Right
	v.kinds, v.constant = d.productKinds(x, y, same)
	switch {
	case same:
		v.views = seen(x.views, letterPlace(m.result, m.left))
	case d.selects(m, x, y, v):
		v.offset = sum(x.offset, y.offset)
	default:
		v.views = d.products(m, x, y)
	}
}

// mostProducts is how many kinds of products one operation may have.
const mostProducts = 5000

// alike reports whether elements are alike along each axis with a letter.
func alike(letters string, letter byte, along []bool) bool {
	for k := range letters {
		if letters[k] == letter && !along[k] {
			return false
		}
	}
	return true
}

// productWeight bounds Σ|w| of a product: of the conjunctions, and of literals with constants.
func productWeight(x, y *value) polynomial {
	return sum(product(x.weight, y.weight), product(x.offset, y.weight), product(y.offset, x.weight))
}

// productKinds returns the kinds of the literals in a sum of products, and whether it has a constant.
func (d *deriver) productKinds(x, y *value, same bool) ([]kind, bool) {
	if same {
		return x.kinds, true
	}
	var out []kind
	if x.constant || len(x.kinds) == 0 {
		out = append(out, y.kinds...)
	}
	if y.constant || len(y.kinds) == 0 {
		out = append(out, x.kinds...)
	}
	for _, a := range x.kinds {
		for _, b := range y.kinds {
			k, _ := d.meet(a, b)
			out = append(out, k)
		}
	}
	return d.kinds(out), x.constant && y.constant
}

// The ways in which the conjunction of two literals becomes a gate.
const (
	both   = "both"      // a gate that reads the two
	first  = "in first"  // the first takes the second in
	second = "in second" // the second takes the first in
	opened = "opened"    // one gate reads what both read
	open1  = "first opened, in second"
	open2  = "second opened, in first"
)

// meet says in what way literals of two kinds meet, and of what kind the result is. A deeper gate takes
// a literal of a lower level in. On one level a conjunction is replaced by what it reads.
func (d *deriver) meet(a, b kind) (kind, string) {
	level := d.deeper(a.level, b.level)
	switch {
	case d.strategy.Absorb && a.level > b.level:
		return a, first
	case d.strategy.Absorb && a.level < b.level:
		return b, second
	case !d.strategy.Absorb || level == 0 || !a.and && !b.and:
		return kind{level + 1, true}, both
	case a.and && b.and:
		return a, opened
	case a.and:
		return b, open1
	}
	return a, open2
}

// products makes the conjunctions of two values, and returns the views of their products.
func (d *deriver) products(m *meeting, x, y *value) []view {
	if len(x.views)*len(y.views) > mostProducts {
		d.fail(m.n, "it has more than %d kinds of products", mostProducts)
		return nil
	}
	var out []view
	// In a square the product of parts k and i is that of parts i and k.
	square := m.left == m.right && slices.EqualFunc(x.views, y.views, view.equal)
	for i, p := range x.views {
		for k, q := range y.views {
			if !square || k >= i {
				product, _ := d.conjunctions(m, p, q)
				out = append(out, product)
			}
		}
	}
	if y.constant || len(y.views) == 0 {
		out = append(out, seen(x.views, letterPlace(m.result, m.left))...)
	}
	if x.constant || len(x.views) == 0 {
		out = append(out, seen(y.views, letterPlace(m.result, m.right))...)
	}
	return distinct(out)
}

// conjunctions makes the family of the conjunctions of two views, unless the same literals have met before. It returns
// the indices with the letters of this product: where they met before, they may have had others.
func (d *deriver) conjunctions(m *meeting, p, q view) (view, []index) {
	k, way := d.meet(p.of.kind, q.of.kind)
	f := d.gates(k, way, p, q)
	var at []place
	letters := ""
	for i, v := range []view{p, q} {
		operand := m.left
		if i == 1 {
			operand = m.right
		}
		for k, place := range v.at {
			if place.runs {
				f.index = append(f.index, index{size: v.of.index[k].size})
				at = append(at, place.seen(letterPlace(m.result, operand)))
				continue
			}
			for _, axis := range place.axes { // each letter is one index
				if letter := operand[axis]; strings.IndexByte(letters, letter) < 0 {
					letters += string(letter)
					f.index = append(f.index, index{d.size(m.sizes[letter]), letter})
					at = append(at, letterPlace(m.result, operand)(axis))
				}
			}
		}
	}
	key := d.meetingKey(m, way, k, p, q)
	if have, ok := d.met[key]; ok {
		if have.by != d.now {
			d.values[d.now].shares = append(d.values[d.now].shares, have.by)
		}
		return view{have.family, at}, f.index
	}
	if f.count = d.unordered(m, p, q); f.count != nil {
		f.reads = distinct(f.reads, []view{p}) // a literal that meets itself stays
	} else if m.n.Op == program.OpContract {
		f.triangle = lettered(f, m.result, d.asked(m.n))
	}
	d.met[key] = metFamily{d.make(f), d.now}
	return view{f, at}, f.index
}

// gates returns a family of conjunctions of two views that meet in a way, without its indices.
func (d *deriver) gates(k kind, way string, p, q view) *family {
	one, two := number(1), number(2)
	f := &family{kind: k, fanIn: two, weight: two, reads: []view{p, q}, logic: way == both}
	a, b := p, q // the one that takes in, and what it takes in
	if way == second || way == open1 {
		a, b = q, p
	}
	// Where the gates of a family are constants, its literals may be others, which make an AND of two.
	weight, fanIn := oneOrMore(a.of.weight, a.of.weight), oneOrMore(a.of.fanIn, d.inN(a.of.fanIn))
	switch way {
	case first, second:
		f.fanIn, f.reads = sum(fanIn, one), distinct(a.of.reads, []view{b})
		f.weight = product(weight, two)
		if a.of.and {
			f.weight, f.logic = d.inN(f.fanIn), a.of.logic
		}
	case opened, open1, open2:
		f.fanIn, f.reads = sum(a.of.fanIn, b.of.fanIn), distinct(a.of.reads, b.of.reads)
		f.weight, f.logic = d.inN(f.fanIn), way == opened && a.of.logic && b.of.logic
		if way != opened { // the weight of each literal that is taken in decides
			f.weight = product(weight, sum(d.inN(b.of.fanIn), one))
		}
	}
	return f
}

// oneOrMore returns a polynomial, of which the values in n are given, or one that is 1 or more from n = 1 on.
func oneOrMore(p, inN polynomial) polynomial {
	later := sum(inN, number(-1)).with(map[string]polynomial{"n": sum(symbol("n"), number(1))})
	for _, v := range later {
		if v.Sign() < 0 {
			return above(p, number(1))
		}
	}
	return p
}

// meetingKey tells apart what meets: the literals of two families, along indices that are the same or not.
func (d *deriver) meetingKey(m *meeting, way string, k kind, p, q view) string {
	var b strings.Builder
	fmt.Fprint(&b, p.of.number, " ", q.of.number, " ", way, k)
	seen := ""
	for i, v := range []view{p, q} {
		operand := m.left
		if i == 1 {
			operand = m.right
		}
		for _, place := range v.at {
			b.WriteString(" ")
			if place.runs {
				b.WriteString("runs")
				continue
			}
			for _, letter := range lettersOf(operand, place) {
				if strings.IndexByte(seen, letter) < 0 {
					seen += string(letter)
				}
				fmt.Fprint(&b, ",", strings.IndexByte(seen, letter), ":", d.size(m.sizes[letter]))
			}
			b.WriteString(place.via)
		}
	}
	if mask := d.asked(m.n); mask != nil { // by the places of its letters; −1 for none
		fmt.Fprint(&b, " ", strings.IndexByte(seen, m.result[mask[0]]), " ", strings.IndexByte(seen, m.result[mask[1]]))
	}
	return b.String()
}

// lettersOf returns the letters of the axes that determine an index.
func lettersOf(operand string, p place) []byte {
	var out []byte
	if p.runs {
		return nil
	}
	for _, axis := range p.axes {
		out = append(out, operand[axis])
	}
	return out
}

// unordered counts the conjunctions of a family with itself, if both views run over the same of it along the indices
// that they do not share; else it returns nil. R literals have R(R−1)/2 conjunctions: that of a literal with
// itself is the literal.
func (d *deriver) unordered(m *meeting, p, q view) polynomial {
	if p.of != q.of {
		return nil
	}
	shared, rest := number(1), number(1)
	for k, i := range p.of.index {
		v, w := p.at[k], q.at[k]
		a, b := lettersOf(m.left, v), lettersOf(m.right, w)
		apart := !slices.ContainsFunc(a, func(l byte) bool { return slices.Contains(b, l) })
		switch {
		case !v.runs && !w.runs && v.via == w.via && slices.Equal(a, b):
			shared = product(shared, i.size)
		case apart && d.covers(m, v, a, i.size) && d.covers(m, w, b, i.size):
			rest = product(rest, i.size)
		default:
			return nil
		}
	}
	return product(shared, rest.pairs())
}

// covers reports whether an index takes all its settings, each once, while its letter does.
func (d *deriver) covers(m *meeting, p place, letters []byte, size polynomial) bool {
	return p.runs || p.different && len(letters) == 1 && d.length(m.sizes[letters[0]]).equal(d.inN(size))
}

// lettered returns the indices of a family that have the letters of a causal mask; nil if one is missing.
func lettered(f *family, result string, mask *[2]int) *[2]int {
	if mask == nil {
		return nil
	}
	out := [2]int{-1, -1}
	for k, i := range f.index {
		for j, axis := range mask {
			if i.letter != 0 && i.letter == result[axis] {
				out[j] = k
			}
		}
	}
	if out[0] < 0 || out[1] < 0 {
		return nil
	}
	return &out
}

// selects is the rule for a Contract that picks elements of one operand by one-hot rows of the other, under
// a strategy with Select. An element that is picked has literals of its own: each is a disjunction over the
// candidates. It reports false if the rule is another one.
func (d *deriver) selects(m *meeting, x, y, v *value) bool {
	marks, values, letters := x, y, m.right
	if !picks(m.n, 0) {
		marks, values, letters = y, x, m.left
		if !picks(m.n, 1) {
			return false
		}
	}
	if !d.strategy.Select || !marks.single || marks.constant || len(values.kinds) == 0 {
		return false
	}
	for k := range letters { // the candidates have to be alike
		if strings.IndexByte(m.result, letters[k]) < 0 && !alike(letters, letters[k], values.alike) {
			return false
		}
	}
	v.constant = values.constant
	var kinds []kind
	for _, a := range values.kinds {
		for _, b := range marks.kinds {
			k, _ := d.meet(a, b)
			kinds = append(kinds, kind{level: k.level + 1})
		}
	}
	v.kinds = d.kinds(kinds)
	letter := m.left[strings.IndexFunc(m.left, func(l rune) bool { return !strings.ContainsRune(m.result, l) })]
	candidates := d.size(m.sizes[letter])
	for _, p := range x.views {
		for _, q := range y.views {
			of, indices := d.conjunctions(m, p, q)
			f := &family{
				kind: kind{level: of.of.level + 1}, fanIn: candidates, weight: d.inN(candidates), reads: []view{of},
				logic: true,
			}
			picked := view{of: f}
			for k, place := range of.at {
				if i := indices[k]; i.letter != letter {
					f.index, picked.at = append(f.index, i), append(picked.at, place)
				}
			}
			d.make(f)
			v.views = append(v.views, picked)
		}
	}
	return true
}

// picks reports whether the only sum of a Contract runs along the last, one-hot axis of an operand, and along
// an axis of the other one.
func picks(n *program.Node, operand int) bool {
	mine, other := n.Einsum.Left, n.Einsum.Right
	if operand == 1 {
		mine, other = other, mine
	}
	if !n.Arg(operand).OneHot || len(n.Einsum.Summed) != 1 || mine == "" {
		return false
	}
	last := mine[len(mine)-1:]
	return strings.Count(mine, last) == 1 && !strings.Contains(n.Einsum.Result, last) && strings.Contains(other, last)
}
