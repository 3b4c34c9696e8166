package lower

import "github.com/tc0lab/tc0/compile/program"

// Multiplied marks the values that have literals in products with literals of other elements. For
// these a code with few literals pays. They reach a Contract or a RootQuotient through exact
// operations only. A value that is only squared, element by element, as in an RMS norm, is better a
// thermometer code, because the AND of two of its literals is one of the two.
func Multiplied(p *program.Program) []bool {
	nodes := p.Nodes()
	multiplied := make([]bool, len(nodes))
	squared := make([]bool, len(nodes))
	for id := len(nodes) - 1; id >= 0; id-- {
		n := &nodes[id]
		switch {
		case n.Op == program.OpContract && !n.Scales():
			if n.Args[0] == n.Args[1] && n.Einsum.Diagonal() {
				squared[n.Args[0]] = true
				continue
			}
			multiplied[n.Args[0]], multiplied[n.Args[1]] = true, true
		case n.Op == program.OpRootQuotient:
			squared[n.Args[0]] = true
		case n.Op.Exact() || n.Op == program.OpContract:
			alone := n.Op == program.OpAffine || n.Op == program.OpGather || n.Op == program.OpMask ||
				n.Op == program.OpContract && len(n.Einsum.Summed) == 0
			for _, a := range n.Args {
				multiplied[a] = multiplied[a] || multiplied[id] || squared[id] && !alone
				squared[a] = squared[a] || squared[id] && alone
			}
		}
	}
	return multiplied
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
