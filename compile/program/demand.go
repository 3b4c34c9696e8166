package program

// demand marks the elements of each operation's value that an output depends on, so
// that lowering makes no gates for the others: of a causal mask, of positions that
// nothing reads, of the last layer of a model that answers at one position. An
// element whose factor is the constant 0 does not count.
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
		p.demandArgs(&p.nodes[id], need)
	}
	return need
}

// demandArgs passes the marks of n on to its arguments.
func (p *Program) demandArgs(n *Node, need [][]bool) {
	if len(n.Args) == 0 {
		return
	}
	mine, x := need[n.ID], need[n.Args[0]]
	each := func(f func(i int)) {
		for i, wanted := range mine {
			if wanted {
				f(i)
			}
		}
	}
	switch n.Op {
	case OpLinear:
		each(func(i int) {
			row := i / n.Matrix.Rows * n.Matrix.Columns
			for k, w := range n.Matrix.Row(i % n.Matrix.Rows) {
				if w != 0 {
					x[row+k] = true
				}
			}
		})
	case OpAdd:
		y := need[n.Args[1]]
		each(func(i int) { x[i], y[i%len(y)] = true, true })
	case OpAffine, OpStep:
		each(func(i int) { x[i] = true })
	case OpReduce:
		EachReduced(p.nodes[n.Args[0]].Shape, n.Axis, func(to, from int) { x[from] = x[from] || mine[to] })
	case OpGather:
		each(func(i int) { x[n.Index[i]] = true })
	case OpMask:
		each(func(i int) { x[i] = x[i] || n.Keep[i] })
	case OpWindow:
		EachWindow(n, func(to, _, last int) {
			// A window reads the shorter ones with the same start, too.
			x[last] = true
		})
		for i := range mine {
			mine[i] = true
		}
	case OpLookup:
		each(func(i int) { x[i/n.Table.Columns] = true })
	case OpContract:
		y, a, b := need[n.Args[1]], &p.nodes[n.Args[0]], &p.nodes[n.Args[1]]
		n.Einsum.Each(func(i int) bool { return mine[i] }, func(i, j int) {
			if a.Op == OpConst && a.Data[i] == 0 || b.Op == OpConst && b.Data[j] == 0 {
				return
			}
			x[i], y[j] = true, true
		})
	case OpQuotient, OpRootQuotient:
		y := need[n.Args[1]]
		each(func(i int) { x[i], y[i/(len(mine)/len(y))] = true, true })
	case OpArgMax, OpMaxStep:
		each(func(i int) {
			if n.Keep != nil && !n.Keep[i] {
				return
			}
			for _, k := range n.Candidates(i / n.Shape.Last() * n.Shape.Last()) {
				x[k] = true
			}
		})
	}
}
