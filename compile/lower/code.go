package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// code is a quantised value: literals that rise one after another. If a literal is 1, all literals
// before it are 1. An element with a code has a value for each number of ones. A comparison with
// the element is one of the literals, and costs no gate.
type code struct{ circuit.Chain }

// codeOf returns the code of literals that add the given jumps to a base.
func codeOf(lits []circuit.Lit, base int64, jump func(i int) int64) *code {
	at := circuit.NewInt(base)
	c := &code{circuit.Chain{Lits: lits, Values: []circuit.Int{at}}}
	for i := range lits {
		at = at.Add(circuit.NewInt(jump(i)))
		c.Values = append(c.Values, at)
	}
	return c
}

// times returns the code of k·x + offset.
func (c *code) times(k, offset int64) *code {
	if c == nil {
		return nil
	}
	out := &code{circuit.Chain{Lits: c.Lits, Values: make([]circuit.Int, len(c.Values))}}
	for i, v := range c.Values {
		out.Values[i] = v.Mul(circuit.NewInt(k)).Add(circuit.NewInt(offset))
	}
	return out
}

// sameLiterals reports whether two values are coded by the same literals.
func (c *code) sameLiterals(d *code) bool {
	return c != nil && d != nil && len(c.Lits) == len(d.Lits) && (len(c.Lits) == 0 || &c.Lits[0] == &d.Lits[0])
}

// addProduct adds x·y to a sum, for values coded by the same literals. The product is another
// function of the number of ones.
func (c *code) addProduct(line *circuit.Linear, d *code) {
	last := c.Values[0].Mul(d.Values[0])
	line.AddConst(last)
	for i, lit := range c.Lits {
		now := c.Values[i+1].Mul(d.Values[i+1])
		line.AddLit(now.Sub(last), lit)
		last = now
	}
}

// scaleCodes is for a product with a constant, element by element. It gives the elements of the
// product the codes of the other operand.
func (l *lowerer) scaleCodes(n *program.Node, x, y, out tensor) {
	a, b := n.Arg(0), n.Arg(1)
	if len(n.Einsum.Summed) > 0 || !n.Scales() {
		return
	}
	l.each(n, func(i int) {
		n.Einsum.Each(i, func(j, k int) {
			if b.Op == program.OpConst {
				out[i].code = x[j].code.times(b.Data[k], 0)
			} else {
				out[i].code = y[k].code.times(a.Data[j], 0)
			}
		})
	})
}
