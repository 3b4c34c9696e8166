package lower

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// literal is a literal as an operation made it, with its complement.
type literal struct {
	class Class
	lit   circuit.Lit
	// made says that the gate is the one that the operation asked for. Otherwise the literal is a constant, or
	// one of the literals that the gate would have read, on a lower level.
	made bool
}

// term is a weighted literal.
type term struct {
	literal
	weight circuit.Int
}

// list is an element multiplied out into the literals that operations made. Products are made of these.
// The literals keep their complements and the constants among them, so the list is what the plan
// says: as many terms as the code has literals, and a constant only where the plan has one.
type list struct {
	constant circuit.Int
	terms    []term
}

// value returns the constant together with the literals that are constants.
func (l *list) value() circuit.Int {
	v := l.constant
	for _, t := range l.terms {
		if t.lit == circuit.True {
			v = v.Add(t.weight)
		}
	}
	return v
}

// add adds w·m.
func (l *list) add(w circuit.Int, m *list) {
	if w.IsZero() {
		return
	}
	l.constant = l.constant.Add(w.Mul(m.constant))
	for _, t := range m.terms {
		l.terms = append(l.terms, term{t.literal, w.Mul(t.weight)})
	}
}

// merged adds up equal literals and drops those that cancel. Of two classes it keeps the first: a literal is
// in both.
func (l *list) merged() *list {
	if l == nil {
		return nil
	}
	at := make(map[circuit.Lit]int, len(l.terms))
	out := l.terms[:0]
	for _, t := range l.terms {
		if k, ok := at[t.lit]; ok {
			out[k].weight = out[k].weight.Add(t.weight)
			continue
		}
		at[t.lit] = len(out)
		out = append(out, t)
	}
	l.terms = slices.DeleteFunc(out, func(t term) bool { return t.weight.IsZero() })
	return l
}

// listKey names the lists of a value. Formal lists are not merged: those of elements that are alike
// have the same weights in the same order.
type listKey struct {
	id     int
	formal bool
}

// list returns an element multiplied out.
func (l *lowerer) list(id, i int, formal bool) *list {
	e, n := &l.values[id][i], &l.p.Nodes()[id]
	switch {
	case e.list != nil:
		return e.list
	case e.code == nil && n.Op == program.OpGather:
		return l.list(n.Args[0], int(n.Index[i]), formal)
	}
	key := listKey{id, formal}
	if l.lists[key] == nil {
		l.lists[key] = make([]*list, len(l.values[id]))
	}
	known := &l.lists[key][i]
	if *known != nil {
		return *known
	}
	if e.code != nil { // which takes less memory than its list, that only this operation has
		*known = e.code.list()
		return *known
	}
	out := &list{}
	if n.Op == program.OpInput || n.Op == program.OpTokens {
		gates, weights := l.b.Flatten(e.sum)
		for k, g := range gates {
			out.terms = append(out.terms, term{literal{lit: g.Lit()}, weights[k]})
		}
	} else {
		constant := l.weighted(n, i, func(arg, from int, w circuit.Int) {
			if !w.IsZero() {
				out.add(w, l.list(n.Args[arg], from, formal))
			}
		})
		out.constant = out.constant.Add(constant)
		if !formal {
			out.merged()
		}
	}
	*known = out
	return out
}

// weighted calls f for the elements whose weighted sum an element of an exact value is, and returns the
// constant of the sum.
func (l *lowerer) weighted(n *program.Node, i int, f func(arg, from int, w circuit.Int)) circuit.Int {
	switch n.Op {
	case program.OpWindow:
		length, inner := n.Shape[0].Size(), n.Shape[2:].Len()
		for r := i/inner%length + 1; r <= i/inner/length; r++ {
			f(0, r*inner+i%inner, circuit.NewInt(1))
		}
		return circuit.Int{}
	case program.OpContract:
		of, data := 1, n.Arg(0).Data
		if n.Arg(1).Op == program.OpConst {
			of, data = 0, n.Arg(1).Data
		}
		n.Einsum.Each(i, func(j, k int) {
			if of == 0 {
				f(0, j, circuit.NewInt(data[k]))
			} else {
				f(1, k, circuit.NewInt(data[j]))
			}
		})
		return circuit.Int{}
	}
	return circuit.NewInt(n.Terms(i, func(arg, from int, w int64) { f(arg, from, circuit.NewInt(w)) }))
}

// lastReaders returns for each operation the values that it is the last to read. What reads an exact value may read the
// values that it is a sum of, too, in order to multiply it out. Results are read at last.
func lastReaders(p *program.Program) [][]int {
	nodes := p.Nodes()
	last := make([]int, len(nodes))
	for id := range nodes {
		last[id] = id
	}
	for _, o := range p.Results() {
		last[o.Value] = len(nodes)
	}
	for id := len(nodes) - 1; id >= 0; id-- {
		n, reader := &nodes[id], id
		if n.Op.Exact() || n.Op == program.OpContract {
			reader = last[id]
		}
		for _, a := range n.Args {
			last[a] = max(last[a], reader)
		}
	}
	of := make([][]int, len(nodes)+1)
	for id, at := range last {
		of[at] = append(of[at], id)
	}
	return of
}

// listed marks the values that are multiplied out: those that products read, and those that they are sums of.
func listed(p *program.Program) []bool {
	nodes := p.Nodes()
	out := make([]bool, len(nodes))
	for id := len(nodes) - 1; id >= 0; id-- {
		n := &nodes[id]
		switch {
		case n.Op == program.OpContract && !n.Scales():
			out[n.Args[0]], out[n.Args[1]] = true, true
		case n.Op == program.OpRootQuotient:
			out[n.Args[0]] = true
		case out[id] && (n.Op.Exact() || n.Op == program.OpContract):
			for _, a := range n.Args {
				out[a] = true
			}
		}
	}
	return out
}

// keep gives an element the list of its literals, if it is asked for.
func (l *lowerer) keep(n *program.Node, e *element, out *list) {
	if l.listed[n.ID] {
		e.list = out
	}
}
