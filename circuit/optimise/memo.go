package optimise

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// memo remembers the simplified forms of small threshold functions, by weights in falling order and
// bound. A circuit has many gates but few such functions. A form is settled if it is the simplified form of itself.
type memo struct {
	table  *table // to an index into result
	key    []uint32
	packed []packed // a table of those of small numbers
	used   int      // slots of it
	result []int64  // bound, Σ weights, 1 if it is settled, and the weights, 0 for a term that is left out
	order  [mostTried]uint8
	work   function
}

// packed is a slot of the table of functions of small numbers; the key 0 is free.
type packed struct {
	key uint64
	at  int
}

// find returns the simplified form of the function with the given weights and bound, as it is in result, and makes
// order the order of falling weight in which they are there. It reports false for functions that are not remembered.
func (m *memo) find(weights []int64, bound int64) ([]int64, bool) {
	n := len(weights)
	if n > mostTried || bound >= 1<<31 {
		return nil, false
	}
	var sorted [mostTried]int64
	most, few := int64(0), bound < 1<<8
	for i, w := range weights {
		j := i
		for ; j > 0 && sorted[j-1] < w; j-- {
			sorted[j], m.order[j] = sorted[j-1], m.order[j-1]
		}
		sorted[j], m.order[j] = w, uint8(i)
		most = max(most, w)
	}
	if most >= 1<<31 {
		return nil, false
	}
	if few && most < 1<<7 {
		return m.findPacked(&sorted, n, bound), true
	}
	m.key = append(m.key[:0], uint32(bound))
	for _, w := range sorted[:n] {
		m.key = append(m.key, uint32(w))
	}
	at, slot, ok := m.table.find(m.key, hash(m.key))
	if !ok {
		at = circuit.Lit(len(m.result))
		m.add(sorted[:n], bound)
		m.table.put(slot, m.key, at)
	}
	return m.result[at : int(at)+3+n], true
}

// findPacked is find for a function of n terms and small numbers. The bound and the weights, 0 behind the last, are in
// one word.
func (m *memo) findPacked(sorted *[mostTried]int64, n int, bound int64) []int64 {
	key := uint64(bound)
	for _, w := range sorted {
		key = key<<7 | uint64(w)
	}
	if 2*m.used >= len(m.packed) {
		old := m.packed
		m.packed = make([]packed, max(1<<10, 4*len(old)))
		for _, p := range old {
			if p.key != 0 {
				*m.slot(p.key) = p
			}
		}
	}
	p := m.slot(key)
	at := p.at
	if p.key == 0 {
		at = len(m.result)
		*p = packed{key, at}
		m.used++
		m.add(sorted[:n], bound)
	}
	return m.result[at : at+3+n]
}

// slot returns where a key is, or the free slot where it belongs.
func (m *memo) slot(key uint64) *packed {
	mask := uint64(len(m.packed) - 1)
	for i := key * 0x9E3779B97F4A7C15 >> 32 & mask; ; i = (i + 1) & mask {
		if p := &m.packed[i]; p.key == key || p.key == 0 {
			return p
		}
	}
}

// add simplifies a function and puts it at the end of result.
func (m *memo) add(weights []int64, bound int64) {
	f := &m.work
	f.lits, f.weights, f.bound = f.lits[:0], append(f.weights[:0], weights...), bound
	for i := range weights {
		f.lits = append(f.lits, circuit.Lit(i))
	}
	f.simplify()
	m.result = append(m.result, f.bound, f.total(), 0)
	settled := len(m.result) - 1
	for i := range weights {
		w := int64(0)
		if at := slices.Index(f.lits, circuit.Lit(i)); at >= 0 {
			w = f.weights[at]
		}
		m.result = append(m.result, w)
	}
	if f.bound > 0 && f.bound < 1<<8 && f.total() < 1<<7 { // far more functions come to these than there are of these
		var sorted [mostTried]int64
		n := copy(sorted[:], f.weights)
		slices.SortFunc(sorted[:n], func(x, y int64) int { return cmp.Compare(y, x) })
		form := m.findPacked(&sorted, n, f.bound)
		if form[0] == m.result[settled-2] && form[1] == m.result[settled-1] {
			m.result[settled] = 1
		}
	}
}
