package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// lookup writes each column of a table as its first entry and its jumps. A jump stands at each row
// that differs from the row before. All columns share the thresholds [x ≥ t].
func (l *lowerer) lookup(n *program.Node, x, _, out tensor) {
	domain, class := n.Arg(0).Bounds, l.plan.Facts[n.ID].Classes
	l.each(n, func(i int) {
		column := i % n.Table.Columns
		last := n.Table.Data[column]
		all := &list{constant: circuit.NewInt(last)}
		for t := int64(1); t < int64(n.Table.Rows) && t <= domain.Hi; t++ {
			v := n.Table.Row(int(t))[column]
			if v != last {
				lit := l.threshold(x[i/n.Table.Columns].sum, circuit.NewInt(t), class[0])
				all.terms = append(all.terms, term{lit, circuit.NewInt(v - last)})
			}
			last = v
		}
		l.finish(n, &out[i], all)
	})
}
