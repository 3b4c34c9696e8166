package lower

import "github.com/tc0lab/tc0/compile/program"

// Multiplied marks the values whose literals meet those of other elements in
// products, so that a code with few literals pays. They reach a Contract or a
// RootQuotient through exact operations only. What is merely squared, element by
// element, as in an RMS norm, is better left a thermometer code, since the AND of
// two literals of one such code is one of the two.
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

// mostLiterals is where counting them ends.
const mostLiterals = 1 << 40

// Compared returns for each operation a bound on the number of literals that one of
// its comparisons reads; 0 if it compares nothing. What is picked by a one-hot value
// counts as one candidate, as under a strategy with Select.
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
