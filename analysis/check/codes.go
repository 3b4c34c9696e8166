package check

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// This file has the operations that make codes: a threshold gate for each literal, which compares one sum.

// compares makes a family of comparisons of a sum of views. The first indices are the axes of the shape.
func (d *deriver) compares(
	n *program.Node, shape program.Shape, count polynomial, k kind, views []view, weight polynomial,
) *family {
	return d.make(&family{
		index: d.indices(shape, count), triangle: d.asked(n), kind: k,
		fanIn: literals(views), weight: weight, reads: views,
	})
}

// fresh says that a value is coded by literals of its own.
func (d *deriver) fresh(n *program.Node, k kind, v *value) {
	v.kinds, v.code, v.unary, v.alike = []kind{k}, true, true, everyAxis(n)
}

// span returns Hi − Lo.
func span(r program.Range) *big.Int { return new(big.Int).Sub(big.NewInt(r.Hi), big.NewInt(r.Lo)) }

// step is the rule for a Step: its value is f(x) for a staircase f.
func (d *deriver) step(n *program.Node, x, v *value) {
	d.jumps(n, v)
	fixed := !n.Func // its jumps are the same for every n
	if n.Func && n.Even {
		v.constant, fixed = n.Asked.Lo != 0, true
	} else {
		v.constant = n.Func || n.Steps.Base != 0
	}
	if len(x.kinds) == 0 { // a constant
		v.offset, v.weight, v.constant = sum(v.offset, v.weight), nil, true
		return
	}
	if widths := d.widths(n); widths != nil && !x.code {
		d.subrange(n, widths, x, v)
		return
	}
	k := kind{level: d.level(x.kinds) + 1}
	if x.code { // each comparison is one of the literals of x
		k = x.kinds[0]
	}
	d.fresh(n, k, v)
	v.code = fixed && (n.Even || monotone(n.Steps.Jump))
	var f *family
	if x.code && len(x.views) == 1 {
		from := x.views[0].of
		f = d.numbered(&family{
			index: d.indices(n.Shape, d.digits(n)), kind: k, fanIn: from.fanIn, weight: from.weight, reads: from.reads,
			borrowed: x.views, logic: from.logic,
		})
	} else {
		f = d.compares(n, n.Shape, d.digits(n), k, x.views, x.weight)
		f.logic = x.bitwise && fixed && !n.Even && len(d.open.Repeats()) == 0 && isolates(n.Steps.At, x.node.Bounds)
	}
	v.views = []view{f.all(len(n.Shape))}
	switch { // for a binary code its digits have to be known
	case n.Even:
		d.binary(n, f, int(n.Asked.Hi-n.Asked.Lo), false, v)
	case fixed && n.Steps.Unit():
		d.binary(n, f, len(n.Steps.At), false, v)
	case n.Asked.Hi > n.Asked.Lo:
		d.binary(n, f, int(n.Asked.Hi-n.Asked.Lo), n.Func, v)
	}
}

// isolates reports whether each bound asks only whether a sum is its least number, or whether it is its greatest one.
// If the sum is of bits that do not depend on each other, one setting of them makes that number, or none does: the
// gate is an AND or an OR of them. An end beyond 64 bits is none.
func isolates(bounds []int64, of program.Range) bool {
	for _, b := range bounds {
		least := of.Lo > math.MinInt64 && b <= of.Lo+1
		greatest := of.Hi < math.MaxInt64 && b >= of.Hi
		if !least && !greatest {
			return false
		}
	}
	return true
}

// jumps bounds the weights and the constant of the value of a Step or a MaxStep.
func (d *deriver) jumps(n *program.Node, v *value) {
	v.weight, v.offset = whole(total(n.Steps.Jump)), size(n.Steps.Base)
	switch {
	case n.Even:
		v.weight, v.offset = d.inN(d.formula(n.Count)), greatestOf(n.Asked.Lo, n.Asked.Hi)
	case n.Total != nil:
		v.weight, v.offset = d.inN(d.formula(n.Total)), greatestOf(n.Asked.Lo, n.Asked.Hi)
	case n.Func && n.Count != nil && len(n.Steps.At) == 0: // a jump is at most as high as the range
		v.weight = product(d.inN(d.formula(n.Count)), whole(span(n.Bounds)))
		v.offset = greatestOf(n.Bounds.Lo, n.Bounds.Hi)
	case n.Func:
		v.offset = greatestOf(n.Bounds.Lo, n.Bounds.Hi)
		if n.Given { // the weights of scores, which are others where the scores span less
			v.weight = v.offset
		}
	}
}

// monotone reports whether all jumps go one way.
func monotone(jumps []int64) bool {
	return !slices.ContainsFunc(jumps, func(j int64) bool { return j > 0 }) ||
		!slices.ContainsFunc(jumps, func(j int64) bool { return j < 0 })
}

// binary puts a binary code over the thermometer of a value, if the strategy has them and it pays. The number of
// literals is that under every n. All digits are new gates, or all but the top one.
func (d *deriver) binary(n *program.Node, f *family, count int, all bool, v *value) {
	if !d.strategy.Binary || !d.factors[n.ID] || count <= 2 {
		return
	}
	thermometer, k := v.views, kind{level: d.level(v.kinds) + 1}
	made := bits.Len(uint(count))
	v.kinds, v.views, v.weight = d.kinds(v.kinds, []kind{k}), nil, ones(made)
	v.code, v.unary, v.constant = false, false, true
	if !all {
		made--
		top := d.numbered(&family{
			index: d.indices(n.Shape), triangle: f.triangle, kind: f.kind, fanIn: f.fanIn, weight: f.weight,
			reads: f.reads, borrowed: thermometer, logic: f.logic,
		})
		v.views = append(v.views, top.all(len(n.Shape)))
	}
	low := d.compares(n, n.Shape, number(int64(made)), v.kinds[len(v.kinds)-1], thermometer, d.inN(d.digits(n)))
	v.views = append(v.views, low.all(len(n.Shape)))
}

// widths returns the widths in bits of the digits of a Step, nil if it has none. It has them if its jumps are 1
// and evenly spaced, and there are 2^p − 1 of them with p > 1.
func (d *deriver) widths(n *program.Node) []int {
	jumps := uint64(len(n.Steps.At))
	even := n.Steps.Unit() && jumps > 0
	if even && jumps > 1 {
		first := uint64(n.Steps.At[1]) - uint64(n.Steps.At[0]) // may not fit an int64
		for i := range n.Steps.At[1:] {
			even = even && int64(first) >= 0 && uint64(n.Steps.At[i+1])-uint64(n.Steps.At[i]) == first
		}
	}
	if n.Even {
		jumps, even = span(n.Asked).Uint64(), true
	} else if n.Func {
		return nil
	}
	p := bits.Len64(jumps)
	parts := d.strategy.Digits
	if parts < 0 {
		parts = p
	}
	if !even || jumps != 1<<p-1 || p <= 1 || d.strategy.Digits == 0 || d.strategy.Digits == 1 {
		return nil
	}
	var out []int
	for parts = min(parts, p); parts > 0; parts-- {
		w := (p + parts - 1) / parts // the high digits are the wider ones
		out, p = append(out, w), p-w
	}
	return out
}

// subrange is a code of several digits. Each is made a level after the one before, from what is left.
func (d *deriver) subrange(n *program.Node, widths []int, x, v *value) {
	distance := polynomial{}
	switch {
	case n.Even:
		distance = d.inN(d.formula(n.Most))
	case len(n.Steps.At) > 1:
		distance = number(n.Steps.At[1] - n.Steps.At[0])
	}
	left := 0
	for _, w := range widths {
		left += w
	}
	reads, weight, level := x.views, x.weight, d.level(x.kinds)
	v.weight, v.alike = polynomial{}, everyAxis(n)
	for k, w := range widths {
		left -= w
		at := kind{level: level + 1 + k}
		f := d.compares(n, n.Shape, ones(w), at, reads, weight)
		value := product(ones(w), ones(left)) // (2^w − 1)·(2^left − 1), and with 2^w − 1 more it is the digit
		value = sum(value, ones(w))
		reads = distinct(reads, []view{f.all(len(n.Shape))})
		weight = sum(weight, product(distance, value))
		v.views, v.kinds = append(v.views, f.all(len(n.Shape))), append(v.kinds, at)
		v.weight = sum(v.weight, value)
	}
}

// lookup is the rule for a Lookup. All columns share the comparisons with the rows.
func (d *deriver) lookup(n *program.Node, x, v *value) {
	shape := n.Arg(0).Shape
	k := kind{level: d.level(x.kinds) + 1}
	d.fresh(n, k, v)
	v.code, v.constant = false, true
	v.alike[len(shape)] = false // each column has jumps of its own
	f := d.compares(n, shape, number(int64(n.Table.Rows-1)), k, x.views, x.weight)
	var columns [][]int64
	for c := range n.Table.Columns {
		var jumps []int64
		for i := 1; i < n.Table.Rows; i++ {
			jumps = append(jumps, n.Table.Row(i)[c]-n.Table.Row(i - 1)[c])
		}
		columns = append(columns, jumps)
	}
	v.views, v.weight, v.offset = []view{f.all(len(shape))}, greatestTotal(columns), greatestOf(n.Table.Row(0)...)
}

// quotient is the rule for a Quotient and a RootQuotient: a comparison for each level.
func (d *deriver) quotient(n *program.Node, x, y, v *value) {
	level := d.level(x.kinds, y.kinds)
	views := distinct(x.views, seen(y.views, along))
	weight := sum(x.weight, product(y.weight, greatestOf(n.Bounds.Lo, n.Bounds.Hi)))
	if n.Op == program.OpRootQuotient {
		level, views, weight = d.root(n, x, y)
	}
	d.fresh(n, kind{level: level + 1}, v)
	f := d.compares(n, n.Shape, d.digits(n), v.kinds[0], views, weight)
	v.views = []view{f.all(len(n.Shape))}
	v.weight, v.offset = whole(span(n.Asked)), greatestOf(n.Asked.Lo, n.Asked.Hi)
	v.constant = n.Func || n.Asked.Lo != 0
	if !n.Func {
		d.binary(n, f, int(n.Asked.Hi-n.Asked.Lo), false, v)
	}
}

// root returns what a comparison of a RootQuotient reads, with the greatest level and the weights: the square of
// x, τ²·y, and the sign of x.
func (d *deriver) root(n *program.Node, x, y *value) (level int, views []view, weight polynomial) {
	square, sign := x.views, x.views
	kinds, _ := d.productKinds(x, x, x.code)
	signs := kind{level: d.level(x.kinds)}
	if !x.code {
		signs.level++
		letters := "abcdefghijklmnop"[:len(n.Shape)]
		sizes := map[byte]program.Dim{}
		for k, dim := range n.Shape {
			sizes[letters[k]] = dim
		}
		square = d.products(&meeting{n, letters, letters, letters, sizes}, x, x)
		sign = []view{d.compares(n, n.Shape, number(1), signs, x.views, x.weight).all(len(n.Shape))}
	}
	tau := new(big.Int)
	for i := range max(1, len(n.Data)) {
		offset := int64(0)
		if n.Data != nil {
			offset = n.Data[i]
		}
		for _, t := range []int64{n.Bounds.Lo + 1, n.Bounds.Hi} {
			at := new(big.Int).Mul(big.NewInt(n.Unit), big.NewInt(t))
			if at.Sub(at, big.NewInt(offset)).CmpAbs(tau) > 0 {
				tau.Abs(at)
			}
		}
	}
	tau.Mul(tau, tau)
	weight = sum(productWeight(x, x), product(y.weight, whole(tau)))
	// The weight of the sign is at most the range of the rest, plus 1.
	most := sum(weight, product(x.offset, x.offset), product(y.offset, whole(tau)), number(1))
	return d.level(kinds, y.kinds, []kind{signs}), distinct(square, seen(y.views, along), sign), sum(weight, most)
}
