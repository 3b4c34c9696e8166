package compile

// Multiplied marks the values whose literals meet those of other elements in
// products, so that a code with few literals pays. They reach a Contract or a
// RootQuotient through exact operations only. What is merely squared, element by
// element, as in an RMS norm, is better left a thermometer code, since the AND of
// two literals of one such code is one of the two.
func Multiplied(p *Program) []bool {
	nodes := p.Nodes()
	multiplied := make([]bool, len(nodes))
	squared := make([]bool, len(nodes))
	for id := len(nodes) - 1; id >= 0; id-- {
		n := &nodes[id]
		switch {
		case n.op == OpContract && !p.scales(n):
			if n.args[0] == n.args[1] && n.einsum.diagonal() {
				squared[n.args[0]] = true
				continue
			}
			multiplied[n.args[0]], multiplied[n.args[1]] = true, true
		case n.op == OpRootQuotient:
			squared[n.args[0]] = true
		case n.op.Exact() || n.op == OpContract:
			alone := n.op == OpAffine || n.op == OpGather || n.op == OpMask || n.op == OpContract && len(n.einsum.summed) == 0
			for _, a := range n.args {
				multiplied[a] = multiplied[a] || multiplied[id] || squared[id] && !alone
				squared[a] = squared[a] || squared[id] && alone
			}
		}
	}
	return multiplied
}

// scales reports whether a Contract has a constant operand, and so is exact.
func (p *Program) scales(n *node) bool {
	return p.Nodes()[n.args[0]].op == OpConst || p.Nodes()[n.args[1]].op == OpConst
}
