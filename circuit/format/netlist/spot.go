package netlist

// spot is a [Pos] in eight bytes, for the many places that a reader remembers.
type spot uint64

// columnBits is room for a column: a line has at most [LongestLine] bytes.
const columnBits = 26

func spotOf(p Pos) spot { return spot(p.Line)<<columnBits | spot(p.Col) }

func (s spot) pos() Pos { return Pos{Line: int(s >> columnBits), Col: int(s & (1<<columnBits - 1))} }
