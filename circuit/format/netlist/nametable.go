package netlist

import (
	"hash/maphash"
	"slices"
)

// nameTable numbers the names of a file from 0 on, in the order in which they come. The names stand
// in one array, one behind another, and are found by open addressing.
//
// Files mostly read signals that were named shortly before, and mostly number them. So a name has a
// place where it would like to be, which its digits say, and goes into the group of eight slots
// there, one cache line, unless that is full: then to the first free slot from where its hash says.
// Like the table of gates in package circuit, this one then stays within the cache.
type nameTable struct {
	seed  maphash.Seed // lest a file be made so that all names have one hash
	slots []uint64     // hash<<32 | number+1; 0 is free
	text  []byte
	ends  []int // by number: the end of the name in text
}

const slotGroup = 8

func newNameTable() nameTable {
	return nameTable{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)}
}

// near is where a name would like to be: for numbers behind a prefix, two slots further for the next.
func near(name []byte) uint32 {
	v := uint32(0)
	for _, c := range name {
		v = 10*v + uint32(c)
	}
	return 2 * v
}

func (t *nameTable) of(s signalID) []byte {
	start := 0
	if s > 0 {
		start = t.ends[s-1]
	}
	return t.text[start:t.ends[s]:t.ends[s]]
}

// look returns the number of a name, or the free slot where it belongs, and its hash.
func (t *nameTable) look(name []byte) (s signalID, slot, hash uint32, ok bool) {
	hash, mask := uint32(maphash.Bytes(t.seed, name)), uint32(len(t.slots)-1)
	group := near(name) & mask &^ (slotGroup - 1)
	for slot = group; slot < group+slotGroup; slot++ {
		e := t.slots[slot]
		if e == 0 {
			return 0, slot, hash, false
		}
		if s = signalID(uint32(e) - 1); uint32(e>>32) == hash && string(t.of(s)) == string(name) {
			return s, slot, hash, true
		}
	}
	for slot = hash & mask; ; slot = (slot + 1) & mask {
		e := t.slots[slot]
		if e == 0 {
			return 0, slot, hash, false
		}
		if s = signalID(uint32(e) - 1); uint32(e>>32) == hash && string(t.of(s)) == string(name) {
			return s, slot, hash, true
		}
	}
}

// find returns the number of a name, if it has one.
func (t *nameTable) find(name []byte) (signalID, bool) {
	s, _, _, ok := t.look(name)
	return s, ok
}

// take returns the number of a name, which is the next one if the name is new.
func (t *nameTable) take(name []byte) signalID {
	s, slot, hash, ok := t.look(name)
	if ok {
		return s
	}
	double(&t.text, len(name))
	double(&t.ends, 1)
	t.text = append(t.text, name...)
	t.ends = append(t.ends, len(t.text))
	t.slots[slot] = uint64(hash)<<32 | uint64(len(t.ends))
	if 2*len(t.ends) > len(t.slots) {
		t.grow()
	}
	return signalID(len(t.ends) - 1)
}

// grow makes the table four times as large, in the order of the names.
func (t *nameTable) grow() {
	hashes := make([]uint32, len(t.ends))
	for _, e := range t.slots {
		if e != 0 {
			hashes[uint32(e)-1] = uint32(e >> 32)
		}
	}
	t.slots = make([]uint64, 4*len(t.slots))
	mask := uint32(len(t.slots) - 1)
	for i, hash := range hashes {
		slot := near(t.of(signalID(i))) & mask &^ (slotGroup - 1)
		for end := slot + slotGroup; t.slots[slot] != 0; {
			if slot++; slot == end {
				slot = hash & mask
				for t.slots[slot] != 0 {
					slot = (slot + 1) & mask
				}
			}
		}
		t.slots[slot] = uint64(hash)<<32 | uint64(i+1)
	}
}

// list returns all names, by number. They share one memory.
func (t *nameTable) list() []string {
	text, start := string(t.text), 0
	names := make([]string, len(t.ends))
	for i, end := range t.ends {
		names[i] = text[start:end]
		start = end
	}
	return names
}

// double makes room for n more in s, and twice the room it had if that is used up: append would copy
// a long list much more often.
func double[E any](s *[]E, n int) {
	if len(*s)+n > cap(*s) {
		*s = slices.Grow(*s, len(*s)+n)
	}
}
