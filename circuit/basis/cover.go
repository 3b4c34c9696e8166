package basis

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// cube is a conjunction of variables, some of them complemented.
type cube struct{ plain, complemented uint32 }

func (c cube) literals() int { return bits.OnesCount32(c.plain) + bits.OnesCount32(c.complemented) }

// cover returns an irredundant sum of products that is 1 where lower is, and 0 where
// upper is, for lower ≤ upper; and the function that it is. This is the algorithm
// of Minato after Morreale.
//
// With respect to the last variable x, some products must have ¬x, since they would
// go beyond upper where x is 1, and some must have x; the rest of lower is covered
// by products without x, which are good on both sides.
func cover(lower, upper table, variables int) ([]cube, table) {
	switch {
	case lower.isConst(0):
		return nil, make(table, len(lower))
	case upper.isConst(^uint64(0)):
		return []cube{{}}, slices.Clone(upper)
	}
	x := variables - 1
	for x >= 0 && !lower.dependsOn(x) && !upper.dependsOn(x) {
		x--
	}
	lower0, lower1 := lower.cofactors(x)
	upper0, upper1 := upper.cofactors(x)
	only0, is0 := cover(lower0.without(upper1), upper0, x)
	only1, is1 := cover(lower1.without(upper0), upper1, x)
	rest, both := make(table, len(lower0)), make(table, len(lower0))
	for i := range rest {
		rest[i] = lower0[i]&^is0[i] | lower1[i]&^is1[i]
		both[i] = upper0[i] & upper1[i]
	}
	shared, isShared := cover(rest, both, x)

	var cubes []cube
	for _, c := range only0 {
		cubes = append(cubes, cube{c.plain, c.complemented | 1<<x})
	}
	for _, c := range only1 {
		cubes = append(cubes, cube{c.plain | 1<<x, c.complemented})
	}
	for i := range isShared {
		is0[i] |= isShared[i]
		is1[i] |= isShared[i]
	}
	return append(cubes, shared...), compose(x, is0, is1, len(lower))
}

// without returns t ∧ ¬u.
func (t table) without(u table) table {
	out := make(table, len(t))
	for i := range t {
		out[i] = t[i] &^ u[i]
	}
	return out
}

func (t table) dependsOn(x int) bool {
	if x < 6 {
		for _, w := range t {
			if (w^w<<(1<<x))&halves[x] != 0 {
				return true
			}
		}
		return false
	}
	if len(t) < 2<<(x-6) { // cut to a half already
		return false
	}
	half := 1 << (x - 6)
	for i := range t {
		if i&half == 0 && t[i] != t[i|half] {
			return true
		}
	}
	return false
}

// cofactors returns t where x is 0 and where it is 1, for the last variable x that
// it depends on: a table of x variables each, of six if x is less.
func (t table) cofactors(x int) (zero, one table) {
	if x >= 6 {
		half := 1 << (x - 6)
		return t[:half], t[half : 2*half]
	}
	w := t[0]
	w0, w1 := w&^halves[x], w&halves[x]
	return table{w0 | w0<<(1<<x)}, table{w1 | w1>>(1<<x)}
}

// compose returns the table of the given length that is zero where x is 0 and one
// where it is 1.
func compose(x int, zero, one table, words int) table {
	out := make(table, words)
	for i := range out {
		switch {
		case x < 6:
			out[i] = zero[0]&^halves[x] | one[0]&halves[x]
		case i>>(x-6)&1 == 0:
			out[i] = zero[i%len(zero)]
		default:
			out[i] = one[i%len(one)]
		}
	}
	return out
}

// sumOfProducts is an OR of ANDs that is a function, or its complement.
type sumOfProducts struct {
	cubes      []cube
	complement bool
}

// newSumOfProducts covers the function or its complement, whichever takes less.
func newSumOfProducts(t table, variables int) *sumOfProducts {
	cubes, _ := cover(t, t, variables)
	opposite := t.complement()
	dual, _ := cover(opposite, opposite, variables)
	if costOf(dual) < costOf(cubes) {
		return &sumOfProducts{dual, true}
	}
	return &sumOfProducts{cubes, false}
}

// costOf returns the number of gates of a cover and, to decide between equals, of
// wires.
func costOf(cubes []cube) int {
	gates, wires := 0, len(cubes)
	for _, c := range cubes {
		if n := c.literals(); n > 1 {
			gates++
			wires += n
		}
	}
	return gates<<20 + wires
}

// cover makes a function of literals: an OR of ANDs, or an AND of ORs if its
// complement has the smaller cover. It remembers some covers, since blocks of one
// sum often have the same digits.
func (v *coverer) cover(t table, vars []circuit.Lit) circuit.Lit {
	const covers = 256
	key := make([]byte, 0, 8*len(t))
	for _, w := range t {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	p, ok := v.covers[string(key)]
	if !ok {
		if len(v.covers) >= covers {
			clear(v.covers)
		}
		p = newSumOfProducts(t, len(vars))
		v.covers[string(key)] = p
	}
	var outer, inner []circuit.Lit
	for _, c := range p.cubes {
		inner = inner[:0]
		for j, x := range vars {
			switch {
			case c.plain>>j&1 == 1:
				inner = append(inner, x.NotIf(p.complement))
			case c.complemented>>j&1 == 1:
				inner = append(inner, x.NotIf(!p.complement))
			}
		}
		if p.complement {
			outer = append(outer, v.b.Or(inner...))
		} else {
			outer = append(outer, v.b.And(inner...))
		}
	}
	if p.complement {
		return v.b.And(outer...)
	}
	return v.b.Or(outer...)
}
