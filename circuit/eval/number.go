package eval

import (
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// number is the value of a sum: offset + Σ 2^k·plane[k]. Its planes are registers,
// low bit first; register 0 is a plane that is always 0.
type number struct {
	made   bool
	offset circuit.Int
	planes []reg
}

// columns are numbers to be added up: the registers in column k weigh 2^k.
type columns [][]reg

func (c *columns) add(k int, r reg) {
	if r == 0 {
		return
	}
	for len(*c) <= k {
		if n := len(*c); n < cap(*c) { // which may have room from an earlier number
			*c = (*c)[:n+1]
			(*c)[n] = (*c)[n][:0]
		} else {
			*c = append(*c, nil)
		}
	}
	(*c)[k] = append((*c)[k], r)
}

// columns returns empty ones.
func (g *generator) columns() columns {
	last := len(g.empty) - 1
	if last < 0 {
		return nil
	}
	c := g.empty[last]
	g.empty = g.empty[:last]
	return c
}

// addTimes adds weight·Σ 2^k·planes[k] for weight > 0.
func (c *columns) addTimes(weight circuit.Int, planes []reg) {
	for bit := range weight.BitLen() {
		if weight.Bit(bit) == 1 {
			for k, r := range planes {
				c.add(bit+k, r)
			}
		}
	}
}

// number returns the value of a sum, making its planes when first asked for.
//
// Positive and negative terms are counted apart. The negative count N, of w planes,
// is then taken away by adding its complement: −N = ¬N − (2^w − 1).
func (g *generator) number(s circuit.SumID) *number {
	n := &g.sums[s]
	if n.made {
		return n
	}
	n.made = true
	plus, minus := g.columns(), g.columns()
	most := g.addTerms(s, n, &plus, &minus)
	for k, r := range g.reduce(minus, most.BitLen()) {
		n.offset = n.offset.Sub(circuit.Pow2(k))
		if r == 0 { // the complement is always 1
			n.offset = n.offset.Add(circuit.Pow2(k))
			continue
		}
		plus.add(k, g.step(instruction{op: opNot, a: r}))
	}
	// What the planes stand for never exceeds hi − offset, so carries beyond its
	// highest bit are always 0.
	_, hi := g.c.Limits(s)
	n.planes = g.reduce(plus, hi.Sub(n.offset).BitLen())
	return n
}

// addTerms puts the terms of s into columns and returns the greatest total of the negative terms.
// Literals of one weight are counted first and the count is multiplied, if that takes fewer
// additions.
func (g *generator) addTerms(s circuit.SumID, n *number, plus, minus *columns) (most circuit.Int) {
	refs := g.c.Refs(s)
	literals := slices.Grow(g.spare, len(refs)) // taken, since a sum may be numbered within
	g.spare = nil
	for i, r := range refs {
		w := g.c.Weight(s, i)
		if !r.IsSum() {
			v := g.value(r.Gate())
			if v.neg { // w·¬x = w − w·x
				n.offset = n.offset.Add(w)
				w = w.Neg()
			}
			literals = append(literals, weighted{w, v.r, i})
			continue
		}
		inner := g.number(r.Sum())
		n.offset = n.offset.Add(w.Mul(inner.offset))
		if w.Sign() > 0 {
			plus.addTimes(w, inner.planes)
		} else {
			minus.addTimes(w.Neg(), inner.planes)
			_, hi := g.c.Limits(r.Sum())
			most = most.Sub(w.Mul(hi.Sub(inner.offset)))
		}
	}
	slices.SortFunc(literals, func(a, b weighted) int {
		if c := a.weight.Cmp(b.weight); c != 0 {
			return c
		}
		return a.at - b.at
	})
	all := literals
	for len(literals) > 0 {
		w := literals[0].weight
		count := 1
		for count < len(literals) && literals[count].weight.Cmp(w) == 0 {
			count++
		}
		to := plus
		if w.Sign() < 0 {
			to = minus
			most = most.Sub(w.Mul(circuit.NewInt(int64(count))))
		}
		g.addGroup(w.Abs(), literals[:count], to)
		literals = literals[count:]
	}
	g.spare = all[:0]
	return most
}

type weighted struct {
	weight circuit.Int
	r      reg
	at     int // in the sum
}

// addGroup adds weight times the number of ones in the group.
func (g *generator) addGroup(weight circuit.Int, group []weighted, to *columns) {
	ones := 0
	for k := range weight.BitLen() {
		ones += int(weight.Bit(k))
	}
	width := circuit.NewInt(int64(len(group))).BitLen()
	if ones > 1 && len(group)+width*ones < len(group)*ones {
		column := make([]reg, len(group))
		for i, l := range group {
			column[i] = l.r
		}
		to.addTimes(weight, g.reduce(columns{column}, width))
		return
	}
	for _, l := range group {
		to.addTimes(weight, []reg{l.r})
	}
}

// reduce adds columns up and returns the planes of the total, at most width of them:
// the caller knows that the rest would be 0.
func (g *generator) reduce(c columns, width int) []reg {
	planes := make([]reg, 0, min(width, len(c)+bits.Len(uint(len(c)))))
	for k := 0; k < min(len(c), width); k++ {
		column := c[k]
		for _, log := range g.blocks {
			column = g.countBlocks(&c, k, column, log)
		}
		for len(column) > 3 && !g.adders {
			column = g.counter(&c, k, column)
		}
		for len(column) > 1 {
			rest := max(0, len(column)-3)
			sum, carry := g.adder(column[rest:])
			column = append(column[:rest], sum)
			c.add(k+1, carry)
		}
		planes = append(planes, 0)
		copy(planes[k:], column)
	}
	g.empty = append(g.empty, c[:0])
	return planes
}

// adder adds two or three registers of one weight.
func (g *generator) adder(in []reg) (sum, carry reg) {
	s := instruction{op: opHalf, d: g.fresh(), e: g.fresh(), a: in[0], b: in[1]}
	if len(in) == 3 {
		s.op, s.c = opFull, in[2]
	}
	g.code.steps.add(s)
	return s.d, s.e
}

// counter counts the last 5, 7 or 15 registers of column k in one step, gives the carries to the higher columns and
// returns the column with the sum in their place. Where there are fewer, zeros make up the number.
func (g *generator) counter(c *columns, k int, column []reg) []reg {
	size, results := 5, 3
	switch n := len(column); {
	case n >= 12:
		size, results = 15, 4
	case n >= 6:
		size = 7
	}
	rest := max(0, len(column)-size)
	g.scratch = append(g.scratch[:0], column[rest:]...)
	for len(g.scratch) < size {
		g.scratch = append(g.scratch, 0)
	}
	column = column[:rest]
	for i := range results {
		r := g.fresh()
		g.scratch = append(g.scratch, r)
		switch {
		case i == 0:
			column = append(column, r)
		case size == 5: // two carries of one weight
			c.add(k+1, r)
		default:
			c.add(k+i, r)
		}
	}
	g.code.steps.add(instruction{op: opFixed, n: uint32(size), list: g.code.lists.add(g.scratch)})
	return column
}

// mostCounted bounds the operands of one block instruction, so that its carries do not all live at once with its
// operands, and these stay in the nearest cache while a kernel goes through them once for each of its registers.
const mostCounted = 512

// leastEights is the column height from which blocks of eight are used.
const leastEights = 16

// countBlocks counts a column k by blocks of 2^log, gives the results to the higher columns, and returns the
// rest of the column.
func (g *generator) countBlocks(c *columns, k int, column []reg, log reg) []reg {
	var rest []reg
	size := 1 << log
	for len(column) >= max(size, leastEights) {
		blocks := min(len(column)>>log, mostCounted>>log)
		g.scratch = append(g.scratch[:0], column[:blocks<<log]...)
		column = column[blocks<<log:]
		for weight := range int(log) {
			r := g.fresh()
			g.scratch = append(g.scratch, r)
			if weight == 0 {
				rest = append(rest, r)
			} else {
				c.add(k+weight, r)
			}
		}
		for range blocks {
			r := g.fresh()
			g.scratch = append(g.scratch, r)
			c.add(k+int(log), r)
		}
		g.code.steps.add(instruction{op: opCount, e: log, n: uint32(blocks), list: g.code.lists.add(g.scratch)})
	}
	return append(rest, column...)
}
