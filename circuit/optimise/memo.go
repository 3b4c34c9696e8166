package optimise

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// memo remembers the simplified forms of small threshold functions, by weights in falling order and
// bound. A circuit has many gates but few such functions.
type memo struct {
	table  *table // to an index into result
	key    []uint32
	result []int64 // bound and weights, 0 for a term that is left out
	order  []int
	lits   []circuit.Lit
}

// simplify is [function.simplify] with a memory.
func (m *memo) simplify(f *function) {
	n := len(f.weights)
	if n > mostTried || f.bound >= 1<<31 || slices.Max(f.weights) >= 1<<31 {
		f.simplify()
		return
	}
	m.sort(f)
	m.key = append(m.key[:0], uint32(f.bound))
	for _, w := range f.weights {
		m.key = append(m.key, uint32(w))
	}
	at, slot, ok := m.table.find(m.key, hash(m.key))
	if !ok {
		at = circuit.Lit(len(m.result))
		m.lits = append(m.lits[:0], f.lits...)
		f.simplify()
		m.result = append(m.result, f.bound)
		for _, l := range m.lits {
			w := int64(0)
			if i := slices.Index(f.lits, l); i >= 0 {
				w = f.weights[i]
			}
			m.result = append(m.result, w)
		}
		m.table.put(slot, m.key, at)
		return
	}
	f.bound = m.result[at]
	left := 0
	for i, w := range m.result[int(at)+1 : int(at)+1+n] {
		if w > 0 {
			f.lits[left], f.weights[left] = f.lits[i], w
			left++
		}
	}
	f.lits, f.weights = f.lits[:left], f.weights[:left]
}

// sort brings the terms of f into the order of falling weight.
func (m *memo) sort(f *function) {
	m.order = m.order[:0]
	for i := range f.weights {
		m.order = append(m.order, i)
	}
	slices.SortStableFunc(m.order, func(i, j int) int { return cmp.Compare(f.weights[j], f.weights[i]) })
	m.lits = append(m.lits[:0], f.lits...)
	f.try = append(f.try[:0], f.weights...)
	for at, i := range m.order {
		f.lits[at], f.weights[at] = m.lits[i], f.try[i]
	}
}
