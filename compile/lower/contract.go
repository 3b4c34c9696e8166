package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// factor is one operand element of a product, multiplied out into literals.
type factor struct {
	ready    bool
	constant circuit.Int
	gates    []circuit.Gate
	weights  []circuit.Int
}

// contract makes the products of two unknown numbers. With x = a + Σ c_i·x_i and
// y = b + Σ d_j·y_j over gates, x·y = a·y + b·(x − a) + Σ c_i·d_j·(x_i ∧ y_j). Only the
// ANDs are gates. An element that is a code needs no ANDs where it meets itself.
func (l *lowerer) contract(n *program.Node, x, y, out tensor) {
	left, right := make([]factor, len(x)), make([]factor, len(y))
	if l.selected(n, x, y, out) {
		return
	}
	line := l.b.Linear()
	l.each(n, func(i int) {
		n.Einsum.Each(i, func(j, k int) {
			if x[j].code.sameLiterals(y[k].code) {
				x[j].code.addProduct(line, y[k].code)
				return
			}
			l.product(line, l.factor(left, x, j), l.factor(right, y, k), x[j].sum, y[k].sum)
		})
		out[i].sum = line.Sum()
	})
	l.scaleCodes(n, x, y, out)
}

// product adds x·y to a sum.
func (l *lowerer) product(line *circuit.Linear, a, b *factor, x, y circuit.Sum) {
	if !a.constant.IsZero() {
		line.Add(a.constant, y)
	}
	if !b.constant.IsZero() {
		line.Add(b.constant, x.Plus(a.constant.Neg()))
	}
	for k, g := range a.gates {
		for m, h := range b.gates {
			line.AddLit(a.weights[k].Mul(b.weights[m]), l.and(g.Lit(), h.Lit()))
		}
	}
}

func (l *lowerer) factor(cache []factor, v tensor, i int) *factor {
	f := &cache[i]
	if !f.ready {
		f.ready = true
		_, _, f.constant = v[i].sum.Parts()
		f.gates, f.weights = l.b.Flatten(v[i].sum)
	}
	return f
}

// and returns x ∧ y, absorbed into the deeper of the two if the strategy says so.
func (l *lowerer) and(x, y circuit.Lit) circuit.Lit {
	if l.strategy.Absorb {
		if z, ok := l.b.Absorb(x, y); ok {
			return z
		}
	}
	return l.b.And(x, y)
}
