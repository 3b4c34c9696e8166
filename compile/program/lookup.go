package program

// Lookup returns row x of a table, for each element x. An x below 0 counts as 0. An x beyond the
// table counts as the last row. Lookup embeds tokens that are binary numbers.
//
// Shapes: x [...], table rows×columns; result [..., columns]. The last axis gets the given name.
// Depth 1: rows − 1 thresholds [x ≥ t], which all columns share.
func (p *Program) Lookup(x Value, table *Matrix, last string) Value {
	if !table.complete() {
		p.Failf(OpLookup, "a %d×%d table with %d numbers", table.Rows, table.Columns, len(table.Data))
		return x
	}
	for i, v := range table.Data[table.Columns:] {
		if jump := point(v).plus(point(table.Data[i]).scale(finite(-1))); !jump.fits() {
			p.failRange(OpLookup, "from %d to %d its table jumps by more than 64 bits hold", table.Data[i], v)
		}
	}
	return p.push(Node{Op: OpLookup, Shape: p.node(x).Shape.with(NewDim(last, table.Columns)), Table: table}, x)
}

func deriveLookup(n *Node) span {
	t, x := n.Table, n.Arg(0).Bounds
	return spanned(t.Data[t.Clip(x.Lo)*t.Columns : (t.Clip(x.Hi)+1)*t.Columns]).span()
}

func runLookup(n *Node, v, x, _ []int64) {
	for i, at := range x {
		copy(v[i*n.Table.Columns:], n.Table.Row(n.Table.Clip(at)))
	}
}

func termsOfLookup(n *Node, i int, f TermFunc) int64 {
	f(0, i/n.Table.Columns, 0)
	return 0
}
