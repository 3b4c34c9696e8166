package lower

import (
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Multiplied marks the values that have literals in products with literals of other elements. For
// these a code with few literals pays. They reach a Contract or a RootQuotient through exact
// operations only. A value that is only squared, element by element, as in an RMS norm, is better a
// thermometer code, because the AND of two of its literals is one of the two.
//
// Copies of one body get one answer: what holds of a value in one copy holds of it in all, and what
// holds of the state that a copy reads holds of the state that it returns. So the answer does not
// depend on the number of copies.
func Multiplied(p *program.Program) []bool {
	nodes := p.Nodes()
	multiplied, squared := make([]bool, len(nodes)), make([]bool, len(nodes))
	for again := true; again; {
		again = false
		for id := len(nodes) - 1; id >= 0; id-- {
			multiply(&nodes[id], multiplied, squared)
		}
		for k := range p.Repeats() {
			again = shareMarks(p, &p.Repeats()[k], multiplied) || again
			again = shareMarks(p, &p.Repeats()[k], squared) || again
		}
	}
	return multiplied
}

// multiply marks the operands of one operation.
func multiply(n *program.Node, multiplied, squared []bool) {
	switch {
	case n.Op == program.OpContract && !n.Scales():
		if n.Args[0] == n.Args[1] && n.Einsum.Diagonal() {
			squared[n.Args[0]] = true
			return
		}
		multiplied[n.Args[0]], multiplied[n.Args[1]] = true, true
	case n.Op == program.OpRootQuotient:
		squared[n.Args[0]] = true
	case n.Op.Exact() || n.Op == program.OpContract:
		if n.Op == program.OpContract { // a constant may be the first state of a scan
			for k, a := range n.Args {
				multiplied[a] = multiplied[a] || n.Arg(k).Op == program.OpConst
			}
		}
		alone := n.Op == program.OpAffine || n.Op == program.OpGather || n.Op == program.OpMask ||
			n.Op == program.OpContract && len(n.Einsum.Summed) == 0
		for _, a := range n.Args {
			multiplied[a] = multiplied[a] || multiplied[n.ID] || squared[n.ID] && !alone
			squared[a] = squared[a] || squared[n.ID] && alone
		}
	}
}

// shareMarks gives all copies of a body the same marks, and reports whether a mark is new.
func shareMarks(p *program.Program, r *program.Repeated, marks []bool) (again bool) {
	first, each, ok := r.Copies(p)
	if !ok {
		return false
	}
	share := func(ids ...int) {
		if slices.ContainsFunc(ids, func(id int) bool { return marks[id] }) {
			for _, id := range ids {
				again, marks[id] = again || !marks[id], true
			}
		}
	}
	same := make([]int, len(first))
	for k := range each {
		for t := range first {
			same[t] = first[t] + k
		}
		share(same...)
	}
	for k := range r.States[0] {
		var state []int
		for t := range r.States {
			state = append(state, r.States[t][k])
		}
		share(state...)
	}
	return again
}

// mostLiterals is the number at which counting of literals ends.
const mostLiterals = 1 << 40

// Compared returns for each operation a bound on the number of literals that one of its comparisons
// reads. It is 0 for an operation without comparisons. An element that a one-hot value picks counts
// as one candidate, as under a strategy with Select.
func Compared(p *program.Program) []int {
	literals, compared := make([]int, len(p.Nodes())), make([]int, len(p.Nodes()))
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		x, y := program.Operands(n, literals)
		literals[id] = min(n.Sums(x, y), mostLiterals)
		if f := operations[n.Op].compared; f != nil {
			compared[id] = f(x, y)
		}
	}
	return compared
}
