package cnf

import (
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
			m.gate(g, c.Kind(g), c.Fanin(g))
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

func (m *maker) gate(g circuit.Gate, kind gates.Kind, in []circuit.Lit) {
	y := m.e.Lit(g.Lit())
	one, zero := m.e.Need(g)&pb.IfOne != 0, m.e.Need(g)&pb.IfZero != 0
	m.in = m.in[:0]
	for _, l := range in {
		m.in = append(m.in, m.e.Lit(l))
	}
	if kind == gates.Nand || kind == gates.Or || kind == gates.Xnor {
		y, one, zero = -y, zero, one
	}
	switch kind {
	case gates.Or, gates.Nor:
		for i, l := range m.in {
			m.in[i] = -l
		}
		m.and(y, one, zero)
	case gates.And, gates.Nand:
		m.and(y, one, zero)
	case gates.Xor, gates.Xnor:
		m.xor(y, one, zero)
	}
}

// and says that y is the conjunction of the inputs, in the directions asked for.
func (m *maker) and(y int, one, zero bool) {
	if len(m.in) > 2 {
		slices.SortFunc(m.in, func(a, b int) int {
			if d := max(a, -a) - max(b, -b); d != 0 {
				return d
			}
			return a - b
		})
	} else if len(m.in) == 2 && max(m.in[0], -m.in[0]) > max(m.in[1], -m.in[1]) {
		m.in[0], m.in[1] = m.in[1], m.in[0]
	}
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

func (m *maker) xor(y int, one, zero bool) {
	a, b := m.in[0], m.in[1]
	switch {
	case a == b:
		if one {
			m.clause(-y)
		}
		return
	case a == -b:
		if zero {
			m.clause(y)
		}
		return
	}
	if one {
		m.clause(a, b, -y)
		m.clause(-a, -b, -y)
	}
	if zero {
		m.clause(-a, b, y)
		m.clause(a, -b, y)
	}
}
