package cnf

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/gates"
)

// clauses calls emit with each clause, in memory that is used again. No clause has a
// variable twice.
func clauses(c *circuit.Circuit, e *pb.Encoding, emit func(lits []int)) {
	m := maker{e: e, emit: emit}
	if v := e.Lit(circuit.True); v != 0 {
		m.clause(v)
	}
	for g := circuit.Gate(1); int(g) < c.Len(); g++ {
		if e.Need(g) != 0 {
			m.gate(g, c.Kind(g))
		}
	}
	for _, l := range e.Asserted() {
		m.clause(e.Lit(l))
	}
}

type maker struct {
	e    *pb.Encoding
	emit func(lits []int)
	lits []int // scratch: the clause
	in   []int // scratch: the inputs of a gate
}

func (m *maker) clause(lits ...int) {
	m.lits = append(m.lits[:0], lits...)
	m.emit(m.lits)
}

func (m *maker) gate(g circuit.Gate, kind gates.Kind) {
	if kind.IsSource() || kind == gates.Buf || kind == gates.Not {
		return
	}
	var y int
	var need pb.Side
	y, need, m.in = m.e.Logic(g, m.in[:0])
	if kind == gates.Xor || kind == gates.Xnor {
		pb.Xor(y, m.in[0], m.in[1], need, m.clause)
	} else {
		m.and(y, need&pb.IfOne != 0, need&pb.IfZero != 0)
	}
}

// and says that y is the conjunction of the inputs, in the directions asked for.
func (m *maker) and(y int, one, zero bool) {
	slices.SortFunc(m.in, func(a, b int) int { return cmp.Or(max(a, -a)-max(b, -b), a-b) })
	m.in = slices.Compact(m.in)
	for i := 1; i < len(m.in); i++ {
		if m.in[i] == -m.in[i-1] {
			if one {
				m.clause(-y)
			}
			return
		}
	}
	if one {
		for _, l := range m.in {
			m.clause(l, -y)
		}
	}
	if zero {
		m.lits = m.lits[:0]
		for _, l := range m.in {
			m.lits = append(m.lits, -l)
		}
		m.lits = append(m.lits, y)
		m.emit(m.lits)
	}
}
