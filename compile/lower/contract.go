package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// contract makes the products of two unknown numbers. With x = a + Σ c_i·x_i and
// y = b + Σ d_j·y_j over literals, x·y = a·y + b·(x − a) + Σ c_i·d_j·(x_i ∧ y_j). Only the
// conjunctions are gates. An element that is a code needs none where it meets itself.
func (l *lowerer) contract(n *program.Node, x, y, out tensor) {
	facts := &l.plan.Facts[n.ID]
	switch {
	case n.Scales():
		l.each(n, func(i int) {
			args := [2]tensor{x, y}
			l.weighted(n, i, func(arg, from int, w circuit.Int) { l.line.Add(w, args[arg][from].sum) })
			out[i].sum = l.line.Sum()
		})
		if facts.Chain {
			l.scaleCodes(n, x, y, out)
		}
		return
	case facts.Selected:
		l.selected(n, out)
		return
	}
	l.each(n, func(i int) {
		var all *list
		if l.listed[n.ID] {
			all = &list{}
		}
		n.Einsum.Each(i, func(j, k int) {
			if facts.Same && x[j].code != nil && y[k].code != nil {
				l.emit(all, x[j].code.square(y[k].code))
				return
			}
			l.product(all, l.list(n.Args[0], j, false), l.list(n.Args[1], k, false), x[j].sum, y[k].sum)
		})
		out[i].sum, out[i].list = l.line.Sum(), all.merged()
	})
}

// emit adds a list to the sum that is being made, and to all unless that is nil.
func (l *lowerer) emit(all, m *list) {
	l.line.AddConst(m.constant)
	for _, t := range m.terms {
		l.line.AddLit(t.weight, t.lit)
	}
	if all != nil {
		all.add(circuit.NewInt(1), m)
	}
}

// product adds x·y to the sum that is being made. The lists of x and y are a and b; all gets the list of
// the product, unless it is nil.
func (l *lowerer) product(all, a, b *list, x, y circuit.Sum) {
	// The sums of x and y stand for their literals, so that they are shared. Literals that are constants count as
	// constants here: then terms that cancel are not there.
	p, q := a.value(), b.value()
	l.line.Add(p, y)
	l.line.Add(q, x.Plus(p.Neg()))
	if all != nil {
		all.add(a.constant, b)
		all.add(b.constant, &list{terms: a.terms})
	}
	for _, t := range a.terms {
		for _, u := range b.terms {
			constant := t.lit.IsConst() || u.lit.IsConst()
			if constant && all == nil && l.account == nil {
				continue
			}
			z, w := l.and(t.literal, u.literal), t.weight.Mul(u.weight)
			if !constant {
				l.line.AddLit(w, z.lit)
			}
			if all != nil {
				all.terms = append(all.terms, term{z, w})
			}
		}
	}
}

// and returns x ∧ y in the way of their classes. A literal that was not made for its class stays as
// it is: the AND with it is no deeper, since it is on a lower level.
func (l *lowerer) and(x, y literal) literal {
	m := l.plan.Meet(x.class, y.class)
	out := literal{class: m.Class}
	switch {
	case x.lit.IsConst():
		// What is left is a gate of y, unless gates of its class are there anyway.
		out.lit, out.made = l.b.And(x.lit, y.lit), x.lit == circuit.True && y.made && m.Way != Plain && m.Way != First
		return l.noted(out)
	case y.lit.IsConst():
		out.lit, out.made = l.b.And(x.lit, y.lit), y.lit == circuit.True && x.made && m.Way != Plain && m.Way != Second
		return l.noted(out)
	}
	known, how := l.met.at(x, y, l.b.Len())
	if known.is(x, y, how) {
		out.lit, out.made = known.z, known.made()
		return l.noted(out)
	}
	switch m.Way {
	case Plain:
		out.lit, out.made = l.conjunction(x.lit, y.lit)
	case First:
		out.lit, out.made = l.takeIn(x, y.lit)
	case Second:
		out.lit, out.made = l.takeIn(y, x.lit)
	case Merge:
		out.lit, out.made = l.conjunction(append(l.opened(x), l.opened(y)...)...)
	case Open1:
		out.lit, out.made = l.takeIn(y, l.opened(x)...)
	case Open2:
		out.lit, out.made = l.takeIn(x, l.opened(y)...)
	}
	l.met.enter(known, x, y, how, out)
	return l.noted(out)
}

// noted puts a literal that an operation asked for on the account.
func (l *lowerer) noted(z literal) literal {
	l.account.note(l.op, z)
	return z
}

// conjunction returns the AND of literals, and whether it is a gate of its own.
func (l *lowerer) conjunction(lits ...circuit.Lit) (z circuit.Lit, made bool) {
	l.look()
	z = l.b.And(lits...)
	return z, l.b.Apart(z, lits...)
}

func (l *lowerer) takeIn(x literal, ys ...circuit.Lit) (z circuit.Lit, made bool) {
	if x.made {
		return l.b.TakeIn(x.lit, ys...)
	}
	return l.conjunction(append(ys, x.lit)...)
}

// opened returns the literals that a conjunction reads.
func (l *lowerer) opened(x literal) []circuit.Lit {
	if x.made {
		if lits, ok := l.b.Conjuncts(x.lit); ok {
			return lits
		}
	}
	return []circuit.Lit{x.lit}
}

// selected makes a Contract that picks elements by a one-hot value. The picked element has literals of
// its own. Each is an OR, over the candidates, of the mark AND the literal of the candidate. A plain sum
// would keep the literals of all candidates. The candidates are alike: they have the same weights and
// constants.
//
// It takes one level more than the sum, or 2 if the marks absorb literals. It has p literals instead
// of m·p.
func (l *lowerer) selected(n *program.Node, out tensor) {
	first, _ := n.Picks()
	marks, values := n.Args[1], n.Args[0]
	if first {
		marks, values = values, marks
	}
	var any []circuit.Lit
	l.each(n, func(i int) {
		var picked []*list
		var with []literal
		n.Einsum.Each(i, func(j, k int) {
			if !first {
				j, k = k, j
			}
			for _, mark := range l.list(marks, j, true).terms { // none if a mask leaves it out
				picked, with = append(picked, l.list(values, k, true)), append(with, mark.literal)
			}
		})
		if len(picked) == 0 {
			return
		}
		all := &list{constant: picked[0].constant}
		for k, t := range picked[0].terms {
			any = any[:0]
			class := Class{}
			for c := range picked {
				z := l.and(picked[c].terms[k].literal, with[c])
				any, class = append(any, z.lit), Class{Level: z.class.Level + 1}
			}
			z := l.b.Or(any...)
			all.terms = append(all.terms, term{l.noted(literal{class, z, l.b.Apart(z, any...)}), t.weight})
		}
		l.finish(n, &out[i], all)
	})
}
