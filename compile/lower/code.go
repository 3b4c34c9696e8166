package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// code is a quantised value: literals that rise one after another, so that of the first
// k all are 1 or none of the rest is. An element that has one takes a value for each number
// of ones; whatever is asked of it is one of the literals, and costs no gate.
type code struct {
	lits   []circuit.Lit
	values []circuit.Int // with none, one, two, ... of the literals 1
}

// codeOf returns the code of literals that add the given jumps to a base.
func codeOf(lits []circuit.Lit, base int64, jump func(i int) int64) *code {
	c := &code{lits: lits, values: make([]circuit.Int, 0, len(lits)+1)}
	at := circuit.I(base)
	c.values = append(c.values, at)
	for i := range lits {
		at = at.Add(circuit.I(jump(i)))
		c.values = append(c.values, at)
	}
	return c
}

// times returns the code of k·x + offset.
func (c *code) times(k, offset int64) *code {
	if c == nil {
		return nil
	}
	out := &code{lits: c.lits, values: make([]circuit.Int, len(c.values))}
	for i, v := range c.values {
		out.values[i] = v.Mul(circuit.I(k)).Add(circuit.I(offset))
	}
	return out
}

// sameLiterals reports whether two values are coded by the same literals.
func (c *code) sameLiterals(d *code) bool {
	return c != nil && d != nil && len(c.lits) == len(d.lits) && (len(c.lits) == 0 || &c.lits[0] == &d.lits[0])
}

// atLeast returns whether the value is at least t; false if that is no literal, as can be if
// the values rise and fall.
func (c *code) atLeast(t circuit.Int) (circuit.Lit, bool) {
	first := c.values[0].Cmp(t) >= 0
	lit, now, turns := circuit.False.NotIf(first), first, 0
	for i, v := range c.values[1:] {
		if next := v.Cmp(t) >= 0; next != now {
			lit, now, turns = c.lits[i].NotIf(first), next, turns+1
		}
	}
	return lit, turns <= 1
}

// addProduct adds x·y to a sum, for values coded by the same literals: another function of
// the number of ones.
func (c *code) addProduct(line *circuit.Linear, d *code) {
	last := c.values[0].Mul(d.values[0])
	line.AddConst(last)
	for i, lit := range c.lits {
		now := c.values[i+1].Mul(d.values[i+1])
		line.AddLit(now.Sub(last), lit)
		last = now
	}
}

// scaleCodes gives the elements of a product with a constant, element by element, the codes
// of the other operand.
func (l *lowerer) scaleCodes(n *program.Node, x, y, out tensor) {
	a, b := &l.p.Nodes()[n.Args[0]], &l.p.Nodes()[n.Args[1]]
	if len(n.Einsum.Summed) > 0 || a.Op != program.OpConst && b.Op != program.OpConst {
		return
	}
	at := 0
	n.Einsum.Each(func(i int) bool { at = i; return l.need[n.ID][i] }, func(i, j int) {
		if b.Op == program.OpConst {
			out[at].code = x[i].code.times(b.Data[j], 0)
		} else {
			out[at].code = y[j].code.times(a.Data[i], 0)
		}
	})
}
