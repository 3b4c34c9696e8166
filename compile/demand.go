package compile

// demand marks the elements of each operation's value that an output depends on, so
// that lowering makes no gates for the others: of a causal mask, of positions that
// nothing reads, of the last layer of a model that answers at one position. An
// element whose factor is the constant 0 does not count.
func (p *Program) demand() [][]bool {
	need := make([][]bool, len(p.nodes))
	for id := range p.nodes {
		need[id] = make([]bool, p.nodes[id].shape.Len())
	}
	for _, o := range p.outputs {
		for i := range need[o.value] {
			need[o.value][i] = true
		}
	}
	for id := len(p.nodes) - 1; id >= 0; id-- {
		p.demandArgs(&p.nodes[id], need)
	}
	return need
}

// demandArgs passes the marks of n on to its arguments.
func (p *Program) demandArgs(n *node, need [][]bool) {
	if len(n.args) == 0 {
		return
	}
	mine, x := need[n.id], need[n.args[0]]
	each := func(f func(i int)) {
		for i, wanted := range mine {
			if wanted {
				f(i)
			}
		}
	}
	switch n.op {
	case OpLinear:
		each(func(i int) {
			row := i / n.matrix.Rows * n.matrix.Columns
			for k, w := range n.matrix.Row(i % n.matrix.Rows) {
				if w != 0 {
					x[row+k] = true
				}
			}
		})
	case OpAdd:
		y := need[n.args[1]]
		each(func(i int) { x[i], y[i%len(y)] = true, true })
	case OpAffine, OpStep:
		each(func(i int) { x[i] = true })
	case OpReduce:
		reduce(p.nodes[n.args[0]].shape, n.axis, func(to, from int) { x[from] = x[from] || mine[to] })
	case OpGather:
		each(func(i int) { x[n.index[i]] = true })
	case OpMask:
		each(func(i int) { x[i] = x[i] || n.keep[i] })
	case OpWindow:
		eachWindow(n, func(to, _, last int) {
			// A window reads the shorter ones with the same start, too.
			x[last] = true
		})
		for i := range mine {
			mine[i] = true
		}
	case OpLookup:
		each(func(i int) { x[i/n.table.Columns] = true })
	case OpContract:
		y, a, b := need[n.args[1]], &p.nodes[n.args[0]], &p.nodes[n.args[1]]
		n.einsum.each(func(i int) bool { return mine[i] }, func(i, j int) {
			if a.op == OpConst && a.data[i] == 0 || b.op == OpConst && b.data[j] == 0 {
				return
			}
			x[i], y[j] = true, true
		})
	case OpQuotient, OpRootQuotient:
		y := need[n.args[1]]
		each(func(i int) { x[i], y[i/(len(mine)/len(y))] = true, true })
	case OpArgMax, OpMaxStep:
		each(func(i int) {
			if n.keep != nil && !n.keep[i] {
				return
			}
			for _, k := range n.candidates(i / n.shape.last() * n.shape.last()) {
				x[k] = true
			}
		})
	}
}
