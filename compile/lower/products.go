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
		case n.Op == program.OpContract && !Scales(p, n):
			if n.Args[0] == n.Args[1] && n.Einsum.Diagonal() {
				squared[n.Args[0]] = true
				continue
			}
			multiplied[n.Args[0]], multiplied[n.Args[1]] = true, true
		case n.Op == program.OpRootQuotient:
			squared[n.Args[0]] = true
		case n.Op.Exact() || n.Op == program.OpContract:
			alone := n.Op == program.OpAffine || n.Op == program.OpGather || n.Op == program.OpMask || n.Op == program.OpContract && len(n.Einsum.Summed) == 0
			for _, a := range n.Args {
				multiplied[a] = multiplied[a] || multiplied[id] || squared[id] && !alone
				squared[a] = squared[a] || squared[id] && alone
			}
		}
	}
	return multiplied
}

// scales reports whether a Contract has a constant operand, and so is exact.
func Scales(p *program.Program, n *program.Node) bool {
	return p.Nodes()[n.Args[0]].Op == program.OpConst || p.Nodes()[n.Args[1]].Op == program.OpConst
}
