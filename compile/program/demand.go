package program

// Demand marks the elements of each operation's value that an output depends on. Lowering makes no
// gates for the others. Examples are elements under a causal mask, positions that nothing reads,
// and most of the last layer of a model that answers at one position. An element with the constant
// factor 0 does not count.
func (p *Program) Demand() [][]bool {
	need := make([][]bool, len(p.nodes))
	for id := range p.nodes {
		need[id] = make([]bool, p.nodes[id].Shape.Len())
	}
	for _, o := range p.outputs {
		for i := range need[o.Value] {
			need[o.Value][i] = true
		}
	}
	for id := len(p.nodes) - 1; id >= 0; id-- {
		n := &p.nodes[id]
		mark := func(arg, from int, _ int64) { need[n.Args[arg]][from] = true }
		for i, wanted := range need[id] {
			if wanted && len(n.Args) > 0 {
				n.Terms(i, mark)
			}
		}
	}
	return need
}
