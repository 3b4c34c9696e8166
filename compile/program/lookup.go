package program

import "slices"

// Lookup returns row x of a table, for each element x; an x below 0 counts as 0, one
// beyond the table as the last row. It is the embedding of tokens that come in
// binary.
//
// Shapes: x [...], table rows×columns; result [..., columns], its last axis under the
// given name. Depth 1: rows − 1 thresholds [x ≥ t], which all columns share.
func (p *Program) Lookup(x Value, table *Matrix, last string) Value {
	n := p.node(x)
	if table.Rows < 1 || table.Columns < 1 || len(table.Data) != table.Rows*table.Columns {
		p.Failf(OpLookup, "a %d×%d table with %d numbers", table.Rows, table.Columns, len(table.Data))
		return x
	}
	for i := 1; i < table.Rows; i++ {
		var c checked
		for k, v := range table.Row(i) {
			c.add(v, -table.Row(i - 1)[k])
		}
		p.bound(OpLookup, c)
	}
	shape := append(slices.Clone(n.Shape), Dim{last, table.Columns})
	lo, hi := table.Clip(n.Bounds.Lo), table.Clip(n.Bounds.Hi)
	reached := table.Data[lo*table.Columns : (hi+1)*table.Columns]
	return p.push(Node{Op: OpLookup, Args: []int{x.id}, Shape: shape, Bounds: Range{slices.Min(reached), slices.Max(reached)}, Table: table})
}

// clip returns the row of a table for an index of any size.
func (m *Matrix) Clip(at int64) int { return int(min(max(at, 0), int64(m.Rows-1))) }
