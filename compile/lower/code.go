package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// code is a quantised value: literals that rise one after another. If a literal is 1, all literals
// before it are 1. An element with a code has a value for each number of ones. A comparison with
// the element is one of the literals, and costs no gate.
type code struct {
	lits   []literal
	values []circuit.Int // with none, one, two, ... of the literals 1; they rise, or they fall
}

// codeOf returns the code of literals that add the given jumps to a base.
func codeOf(lits []literal, base int64, jump func(i int) int64) *code {
	at := circuit.NewInt(base)
	c := &code{lits, append(make([]circuit.Int, 0, len(lits)+1), at)}
	for i := range lits {
		at = at.Add(circuit.NewInt(jump(i)))
		c.values = append(c.values, at)
	}
	return c
}

// atLeast returns whether the value is at least t.
func (c *code) atLeast(t circuit.Int) literal {
	first := c.values[0].Cmp(t) >= 0
	for i, v := range c.values[1:] {
		if (v.Cmp(t) >= 0) != first {
			lit := c.lits[i]
			lit.lit = lit.lit.NotIf(first)
			return lit
		}
	}
	return literal{lit: circuit.False.NotIf(first)}
}

// times returns the code of k·x + offset.
func (c *code) times(k, offset int64) *code {
	if c == nil {
		return nil
	}
	out := &code{c.lits, make([]circuit.Int, len(c.values))}
	for i, v := range c.values {
		out.values[i] = v.Mul(circuit.NewInt(k)).Add(circuit.NewInt(offset))
	}
	return out
}

// list returns the code as a weighted list of its literals.
func (c *code) list() *list {
	return c.mapped(c.values)
}

// square returns the product with a code of the same literals: another function of the number of ones.
func (c *code) square(d *code) *list {
	products := make([]circuit.Int, len(c.values))
	for i := range products {
		products[i] = c.values[i].Mul(d.values[i])
	}
	return c.mapped(products)
}

// mapped lists the function of the number of ones that has the given values.
func (c *code) mapped(values []circuit.Int) *list {
	out := &list{values[0], make([]term, 0, len(c.lits))}
	for i, lit := range c.lits {
		out.terms = append(out.terms, term{lit, values[i+1].Sub(values[i])})
	}
	return out
}

// scaleCodes is for a product with a constant, element by element. It gives the elements of the
// product the codes of the other operand.
func (l *lowerer) scaleCodes(n *program.Node, x, y, out tensor) {
	l.each(n, func(i int) {
		n.Einsum.Each(i, func(j, k int) {
			if b := n.Arg(1); b.Op == program.OpConst {
				out[i].code = x[j].code.times(b.Data[k], 0)
			} else {
				out[i].code = y[k].code.times(n.Arg(0).Data[j], 0)
			}
		})
	})
}
