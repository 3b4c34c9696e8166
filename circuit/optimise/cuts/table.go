package cuts

// table finds nodes by the two literals that they read, or will read, by open addressing. An entry has a group of slots
// where it would like to be, by the latest literal, so that what is looked for in one part of a circuit is near in
// memory. If the group is full it goes to the first free slot from where its hash says, in strides.
//
// Most of what is looked for is not there, which bits tell for most keys: first those of the latest literal, which are
// near in memory, then, since many keys may have one latest literal, those of the hash.
type table struct {
	slots []uint64 // hash<<32 | node; 0 is free
	local []uint64 // by the latest literals, eight in a word: which hashes there are, by their low bits
	bits  []uint64 // which hashes there are, by their low bits
	used  int
}

const slotGroup = 8

func newTable(hint int) table {
	size := 1 << 10
	for size < 2*hint {
		size <<= 1
	}
	return table{slots: make([]uint64, size), local: make([]uint64, size/8), bits: make([]uint64, size/16)}
}

func hash(key [2]Lit) uint32 {
	h := (uint64(key[0])<<32 | uint64(key[1])) * 0x9E3779B97F4A7C15
	return uint32(h >> 32)
}

// walk shows the nodes that may have a key, the lesser literal first, and reports whether one was taken.
func (t *table) walk(key [2]Lit, take func(node uint32) bool) bool {
	h, mask := hash(key), uint32(len(t.slots)-1)
	if t.local[uint32(key[1])>>3&uint32(len(t.local)-1)]>>(h&63)&1 == 0 ||
		t.bits[h>>6&uint32(len(t.bits)-1)]>>(h&63)&1 == 0 {
		return false
	}
	near := uint32(key[1]) & mask &^ (slotGroup - 1)
	for _, v := range t.slots[near : near+slotGroup] {
		if v == 0 {
			return false
		}
		if uint32(v>>32) == h && take(uint32(v)) {
			return true
		}
	}
	for slot := h & mask; ; slot = (slot + stride(h)) & mask {
		v := t.slots[slot]
		if v == 0 {
			return false
		}
		if uint32(v>>32) == h && take(uint32(v)) {
			return true
		}
	}
}

// place enters a node.
func (t *table) place(key [2]Lit, node uint32) {
	h, mask := hash(key), uint32(len(t.slots)-1)
	v := uint64(h)<<32 | uint64(node)
	t.used++
	t.local[uint32(key[1])>>3&uint32(len(t.local)-1)] |= 1 << (h & 63)
	t.bits[h>>6&uint32(len(t.bits)-1)] |= 1 << (h & 63)
	near := uint32(key[1]) & mask &^ (slotGroup - 1)
	for i, w := range t.slots[near : near+slotGroup] {
		if w == 0 {
			t.slots[near+uint32(i)] = v
			return
		}
	}
	slot := h & mask
	for t.slots[slot] != 0 {
		slot = (slot + stride(h)) & mask
	}
	t.slots[slot] = v
}

// stride is how far apart the slots are that a key goes through, an odd number: where many groups are full, slots that
// follow one another are, too.
func stride(h uint32) uint32 { return h*0x85EBCA6B>>8 | 1 }
