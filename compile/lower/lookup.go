package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// lookup writes each column of a table as its first entry and a jump at each row
// that differs from the one before; the thresholds [x ≥ t] are shared.
func (l *lowerer) lookup(n *program.Node, x, out tensor) {
	line := l.b.Linear()
	domain := l.p.Nodes()[n.Args[0]].Bounds
	l.each(n, func(i int) {
		column := i % n.Table.Columns
		last := n.Table.Data[column]
		line.AddConst(circuit.I(last))
		for t := int64(1); t < int64(n.Table.Rows) && t <= domain.Hi; t++ {
			v := n.Table.Row(int(t))[column]
			if v != last {
				line.AddLit(circuit.I(v-last), l.b.Threshold(x[i/n.Table.Columns].sum, circuit.I(t)))
			}
			last = v
		}
		out[i].sum = line.Sum()
	})
}

// selected makes a Contract that picks elements by a one-hot value, if the strategy
// asks for it: the picked element has literals of its own, each an OR over the
// candidates of the mark and their literal, where a sum would keep the literals of
// all of them. It reports false, and makes nothing, unless the candidates are sums
// over equally many gates with the same weights and constants.
//
// One level more than the sum if the marks absorb nothing, 2 if they do; p literals
// instead of m·p.
func (l *lowerer) selected(n *program.Node, x, y, out tensor) bool {
	a, b := &l.p.Nodes()[n.Args[0]], &l.p.Nodes()[n.Args[1]]
	first := a.OneHot && n.Einsum.Selects(true)
	if !l.strategy.Select || !first && !(b.OneHot && n.Einsum.Selects(false)) {
		return false
	}
	type pick struct{ mark, of int }
	picks := make([][]pick, len(out))
	at := 0
	n.Einsum.Each(func(i int) bool { at = i; return l.need[n.ID][i] }, func(i, j int) {
		if !first {
			i, j = j, i
		}
		picks[at] = append(picks[at], pick{i, j})
	})
	marks, values := x, y
	if !first {
		marks, values = y, x
	}
	cache := make([]factor, len(values))
	for _, row := range picks {
		for _, p := range row {
			if !l.factor(cache, values, p.of).like(l.factor(cache, values, row[0].of)) {
				return false
			}
		}
	}
	line := l.b.Linear()
	var any []circuit.Lit
	l.each(n, func(i int) {
		f := &cache[picks[i][0].of]
		line.AddConst(f.constant)
		for k := range f.gates {
			any = any[:0]
			for _, p := range picks[i] {
				mark, _ := marks[p.mark].sum.Lit()
				any = append(any, l.and(cache[p.of].gates[k].Lit(), mark))
			}
			line.AddLit(f.weights[k], l.b.Or(any...))
		}
		out[i].sum = line.Sum()
	})
	return true
}

// like reports whether f and g differ in their gates only.
func (f *factor) like(g *factor) bool {
	if len(f.gates) != len(g.gates) || f.constant.Cmp(g.constant) != 0 {
		return false
	}
	for i := range f.weights {
		if f.weights[i].Cmp(g.weights[i]) != 0 {
			return false
		}
	}
	return true
}
