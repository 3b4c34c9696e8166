package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// table finds literals by a list of words, by open addressing. The lists are kept one
// after another in one array.
type table struct {
	slots []uint32 // entry + 1, or 0 if free; at most half of them are used
	first []uint32 // by entry: where its key starts; it ends where the next one starts
	words []uint32
	lits  []circuit.Lit
}

func newTable(hint int) *table {
	size := 1 << 10
	for size < 2*hint {
		size <<= 1
	}
	return &table{slots: make([]uint32, size), first: []uint32{0}}
}

// find returns the literal of a key, or false and the slot where it belongs.
func (t *table) find(key []uint32) (l circuit.Lit, slot uint32, ok bool) {
	mask := uint32(len(t.slots) - 1)
	for slot = hash(key) & mask; ; slot = (slot + 1) & mask {
		e := t.slots[slot]
		if e == 0 {
			return 0, slot, false
		}
		if slices.Equal(t.words[t.first[e-1]:t.first[e]], key) {
			return t.lits[e-1], slot, true
		}
	}
}

// put enters a key in the free slot that find has returned for it.
func (t *table) put(slot uint32, key []uint32, l circuit.Lit) {
	t.words = append(t.words, key...)
	t.first = append(t.first, uint32(len(t.words)))
	t.lits = append(t.lits, l)
	t.slots[slot] = uint32(len(t.lits))
	if 2*len(t.lits) <= len(t.slots) {
		return
	}
	t.slots = make([]uint32, 2*len(t.slots))
	mask := uint32(len(t.slots) - 1)
	for e := range t.lits {
		at := hash(t.words[t.first[e]:t.first[e+1]]) & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = uint32(e + 1)
	}
}

func hash(key []uint32) uint32 {
	h := uint64(len(key))
	for _, w := range key {
		h = (h ^ uint64(w)) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	return uint32(h)
}
