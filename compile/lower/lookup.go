package lower

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// lookup writes each column of a table as its first entry and its jumps. A jump stands at each row
// that differs from the row before. All columns share the thresholds [x ≥ t].
func (l *lowerer) lookup(n *program.Node, x, _, out tensor) {
	line := l.b.Linear()
	domain := n.Arg(0).Bounds
	l.each(n, func(i int) {
		column := i % n.Table.Columns
		last := n.Table.Data[column]
		line.AddConst(circuit.NewInt(last))
		for t := int64(1); t < int64(n.Table.Rows) && t <= domain.Hi; t++ {
			v := n.Table.Row(int(t))[column]
			if v != last {
				line.AddLit(circuit.NewInt(v-last), l.b.Threshold(x[i/n.Table.Columns].sum, circuit.NewInt(t)))
			}
			last = v
		}
		out[i].sum = line.Sum()
	})
}

// selected makes a Contract that picks elements by a one-hot value, if the strategy asks for it. The
// picked element has literals of its own. Each is an OR, over the candidates, of the mark AND the
// literal of the candidate. A plain sum would keep the literals of all candidates. The candidates
// must be sums over equally many gates with the same weights and constants; otherwise selected makes
// nothing and reports false.
//
// It takes one level more than the sum, or 2 if the marks absorb literals. It has p literals instead
// of m·p.
func (l *lowerer) selected(n *program.Node, x, y, out tensor) bool {
	first, ok := n.Picks()
	if !l.strategy.Select || !ok {
		return false
	}
	marks, values := x, y
	if !first {
		marks, values = y, x
	}
	pick := func(i int, f func(mark, of int)) {
		n.Einsum.Each(i, func(j, k int) {
			if !first {
				j, k = k, j
			}
			f(j, k)
		})
	}
	cache, alike := make([]factor, len(values)), true
	models := make([]*factor, len(out))
	l.each(n, func(i int) {
		pick(i, func(_, of int) {
			f := l.factor(cache, values, of)
			models[i] = cmp.Or(models[i], f)
			alike = alike && f.like(models[i])
		})
	})
	if !alike {
		return false
	}
	line := l.b.Linear()
	var any []circuit.Lit
	l.each(n, func(i int) {
		f := models[i]
		line.AddConst(f.constant)
		for k := range f.gates {
			any = any[:0]
			pick(i, func(mark, of int) {
				lit, _ := marks[mark].sum.Lit()
				any = append(any, l.and(cache[of].gates[k].Lit(), lit))
			})
			line.AddLit(f.weights[k], l.b.Or(any...))
		}
		out[i].sum = line.Sum()
	})
	return true
}

// like reports whether f and g differ only in their gates.
func (f *factor) like(g *factor) bool {
	same := func(v, w circuit.Int) bool { return v.Cmp(w) == 0 }
	return same(f.constant, g.constant) && slices.EqualFunc(f.weights, g.weights, same)
}
