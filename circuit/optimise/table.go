package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// table finds literals by a list of words, by open addressing. The lists are kept one
// after another in one array.
//
// A key has a place where it would like to be, which the caller says: gates mostly read what was made
// shortly before. It goes into the group of slots there unless that is full, and then to the first
// free slot from where its hash says, like the gates of a circuit in its builder.
type table struct {
	slots []uint64 // hash<<32 | entry + 1, or 0 if free; at most half of them are used
	near  []uint32 // by entry: where it wants to be
	first []uint32 // by entry: where its key starts; it ends where the next one starts
	words []uint32
	lits  []circuit.Lit

	// Bounds on a sum stand in a list of their own, as far as they are few: most sums have no more.
	bounds []bound
	last   []uint32 // by sum: 1 more than where the last of its bounds is
}

// bound is a gate on a sum.
type bound struct {
	low, high uint32 // the bound
	lit       circuit.Lit
	before    uint32 // 1 more than where the one before it on the same sum is
}

// mostBounds is how many bounds on one sum are gone through.
const mostBounds = 8

const slotGroup = 8

func tableSize(hint int) int {
	size := 1 << 10
	for size < 2*hint {
		size <<= 1
	}
	return size
}

// empty takes everything out.
func (t *table) empty(hint int) {
	t.slots = t.slots[:tableSize(hint)]
	clear(t.slots)
	t.near, t.first, t.words, t.lits = t.near[:0], t.first[:1], t.words[:0], t.lits[:0]
}

func newTable(hint int) *table {
	size := tableSize(hint)
	return &table{
		slots: make([]uint64, size), near: make([]uint32, 0, hint), first: append(make([]uint32, 0, hint+1), 0),
		words: make([]uint32, 0, 6*hint), lits: make([]circuit.Lit, 0, hint),
	}
}

// spot is a free slot where a key belongs.
type spot struct {
	slot, hash, near uint32
	listed           bool // it belongs in the list of bounds
}

// find returns the literal of a key, or false and the slot where it belongs.
func (t *table) find(key []uint32, near uint32) (l circuit.Lit, at spot, ok bool) {
	h := hash(key)
	slot, e := t.walk(h, near, func(e uint32) bool { return slices.Equal(t.words[t.first[e]:t.first[e+1]], key) })
	if e == 0 {
		return 0, spot{slot, h, near, false}, false
	}
	return t.lits[e-1], spot{}, true
}

// room empties the lists of bounds and makes room for so many on so many sums.
func (t *table) room(bounds, sums int) {
	t.bounds, t.last = slices.Grow(t.bounds[:0], bounds), longer(t.last[:0], sums)
}

// findBound is find for a key of a tag, a sum and a bound of two words.
func (t *table) findBound(key []uint32, near uint32) (l circuit.Lit, to spot, ok bool) {
	many := 0
	for i := *at(&t.last, key[1]); i != 0; many++ {
		b := &t.bounds[i-1]
		if b.low == key[2] && b.high == key[3] {
			return b.lit, spot{}, true
		}
		i = b.before
	}
	if many < mostBounds {
		return 0, spot{listed: true}, false
	}
	return t.find(key, near)
}

// walk goes through the slots where a key can be, up to one whose entry is the same, or a free one.
func (t *table) walk(hash, near uint32, same func(entry uint32) bool) (slot, e uint32) {
	mask := uint32(len(t.slots) - 1)
	near &= mask &^ (slotGroup - 1)
	for slot = near; slot < near+slotGroup; slot++ {
		if v := t.slots[slot]; v == 0 || uint32(v>>32) == hash && same(uint32(v)-1) {
			return slot, uint32(v)
		}
	}
	for slot = hash & mask; ; slot = (slot + 1) & mask {
		if v := t.slots[slot]; v == 0 || uint32(v>>32) == hash && same(uint32(v)-1) {
			return slot, uint32(v)
		}
	}
}

// put enters a key in the free slot that find has returned for it.
func (t *table) put(at spot, key []uint32, l circuit.Lit) {
	if at.listed {
		last := &t.last[key[1]]
		t.bounds = append(t.bounds, bound{key[2], key[3], l, *last})
		*last = uint32(len(t.bounds))
		return
	}
	t.words = append(t.words, key...)
	t.first = append(t.first, uint32(len(t.words)))
	t.near = append(t.near, at.near)
	t.lits = append(t.lits, l)
	t.slots[at.slot] = uint64(at.hash)<<32 | uint64(len(t.lits))
	if 2*len(t.lits) <= len(t.slots) {
		return
	}
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
	for _, v := range old {
		if v != 0 {
			slot, _ := t.walk(uint32(v>>32), t.near[uint32(v)-1], func(uint32) bool { return false })
			t.slots[slot] = v
		}
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
