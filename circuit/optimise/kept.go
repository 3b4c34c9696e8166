package optimise

import "github.com/tc0lab/tc0/circuit"

// keptGates are gates that no earlier run of the pass merge has found equal to another. They have not changed, so
// that only a gate that has changed can be equal to one of them. They are entered in the table when there is a gate
// that reads the same latest gate, or the same sum.
type keptGates struct {
	gate []uint32 // by gate of the new circuit: the last kept gate of c of which it is the latest input, 0, or all
	sum  []uint32 // by sum of the new circuit: the last kept gate of c on it
	next []uint32 // by gate of c: the one kept before it, with the same latest input
}

// all says that there are no kept gates any more, and will be none.
const all = ^uint32(0)

func newKeptGates(r *rewriter) keptGates {
	n, s := r.c.Len(), r.c.SumCount()
	k := keptGates{r.pool.list(n), r.pool.list(s), r.pool.list(n)}
	clear(k.gate)
	clear(k.sum)
	r.lent = append(r.lent, k.gate, k.sum, k.next)
	return k
}

// at returns the place of a list.
func at(list *[]uint32, i uint32) *uint32 {
	for int(i) >= len(*list) {
		*list = append(*list, 0)
	}
	return &(*list)[i]
}

// keeps keeps gate g out of the table; false if its key has to be looked for at once.
func (m *merger) keeps(g circuit.Gate) bool {
	if m.kept.next == nil {
		return false
	}
	var place *uint32
	if s, ok := m.c.ReadsSum(g); ok {
		node := s
		if !m.look {
			if int(s) < m.CopiedSums() {
				node = m.Copied(s)
			}
			if int(s) >= m.CopiedSums() || node == 0 {
				node = m.sum(s).node
			}
		}
		if node == 0 { // a constant
			return false
		}
		place = at(&m.kept.sum, uint32(node))
	} else {
		in := m.c.Fanin(g)
		if len(in) < 2 {
			return false
		}
		x := m.Lits[in[0].Gate()].Gate()
		y := m.Lits[in[1].Gate()].Gate()
		if x == y || x == 0 || y == 0 || len(in) > 2 && x > y {
			return false
		}
		y = max(x, y)
		for _, l := range in[2:] { // in order, so that they are tidy
			if x, y = y, m.Lits[l.Gate()].Gate(); x >= y {
				return false
			}
		}
		place = at(&m.kept.gate, uint32(y))
	}
	if *place == all {
		return false
	}
	*place, m.kept.next[g] = uint32(g), *place
	return true
}

// unkept returns the last of the kept gates that may have the key at work, and says that they are kept no more.
func (m *merger) unkept() uint32 {
	if m.kept.next == nil {
		return 0
	}
	list, i := &m.kept.sum, m.key[min(1, len(m.key)-1)]
	if m.key[0] == keyAnd || m.key[0] == keyXor || m.key[0] == keySame {
		if len(m.key) < 3 {
			return 0
		}
		list, i = &m.kept.gate, m.key[len(m.key)-1]>>1
	}
	place := at(list, i)
	last := *place
	if *place = all; last == all {
		return 0
	}
	return last
}

// enter enters gate g of c and those kept before it in the table.
func (m *merger) enter(g uint32) {
	for ; g != 0; g = m.kept.next[g] {
		out := m.keyOf(circuit.Gate(g))
		if _, slot, ok := m.find(circuit.Gate(g)); !ok {
			m.table.put(slot, m.key, m.Lits[g]^out)
		}
	}
}
