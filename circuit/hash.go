package circuit

// idTable is a hash table of ids by open addressing. It stores 32 bits of each
// key's hash beside the id, so that most misses are told without touching the key
// and the table grows without computing a hash again. The keys themselves stay in
// the arrays of the circuit.
type idTable struct {
	slots []uint64 // hash<<32 | id; 0 is free, since id 0 is never entered
	used  int
}

func newIDTable(hint int) idTable {
	size := 1 << 10
	for size < hint+hint/2 {
		size <<= 1
	}
	return idTable{slots: make([]uint64, size)}
}

// grow doubles the table when it is two thirds full.
func (t *idTable) grow() {
	if t.used*3 < len(t.slots)*2 {
		return
	}
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, e := range old {
		if e == 0 {
			continue
		}
		i := uint32(e>>32) & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = e
	}
}

// put enters id at the free slot i that a look-up ended on.
func (t *idTable) put(i, hash, id uint32) {
	t.slots[i] = uint64(hash)<<32 | uint64(id)
	t.used++
	t.grow()
}

// hash2 mixes two words; hash1 adds one more.
func hash2(a, b uint32) uint32 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h >> 32)
}

func hash1(h uint32, a uint32) uint32 { return hash2(h, a) }
