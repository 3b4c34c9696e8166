package netlist

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
)

// nameTable numbers the names of a file from 0 on, in the order in which they come. The names stand
// in one array, one behind another, and are found by open addressing.
//
// Files mostly read signals that were named shortly before, and mostly number them. So a name has a
// place where it would like to be, which its last digits say, and goes into the group of slots
// there, one or two cache lines, unless that is full: then to the first free slot from where its
// hash says. Like the table of gates in package circuit, this one then stays within the cache.
type nameTable struct {
	seed  maphash.Seed // lest a file be made so that all names have one hash
	slots []nameSlot
	text  strings.Builder
	ends  []int // by number: the end of the name in text
}

// nameSlot has a name of up to eight bytes as it is, so that most look-ups touch nothing else.
type nameSlot struct {
	word   uint64 // the name, or the hash of a longer one
	size   uint32 // of the name in bytes
	number uint32 // from 1 on; 0: the slot is free
}

const (
	slotGroup = 8
	wordBytes = 8
)

func newNameTable() nameTable {
	return nameTable{seed: maphash.MakeSeed(), slots: make([]nameSlot, 1<<10)}
}

// expect makes room for so many names, most of which are short.
func (t *nameTable) expect(names int) {
	size := len(t.slots)
	for full(names, size) {
		size *= 2
	}
	t.slots, t.ends = make([]nameSlot, size), make([]int, 0, names)
	t.text.Grow(wordBytes * names)
}

// word returns up to eight bytes as a number, the first as its low byte.
func word(b []byte) uint64 {
	switch n := len(b); {
	case n >= wordBytes:
		return binary.LittleEndian.Uint64(b[n-wordBytes:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<(8*(n-4))
	case n > 0:
		return uint64(b[0]) | uint64(b[n/2])<<(n/2*8) | uint64(b[n-1])<<((n-1)*8)
	}
	return 0
}

// near is where a name would like to be, by its last eight bytes, n of them if there are fewer. But for a last sign
// that is no digit, as in n12_, they are read as decimal digits, eight at a time, and the next number is two slots
// further.
func near(last uint64, n int) uint32 {
	v := last << (8 * (wordBytes - min(n, wordBytes)))
	if v>>(8*wordBytes-8)-'0' > 9 {
		v <<= 8
	}
	v &= 0x0f * each
	v = v * (10<<8 + 1) >> 8 & 0x00ff00ff00ff00ff
	v = v * (100<<16 + 1) >> 16 & 0x0000ffff0000ffff
	return 2 * uint32(v*(10000<<32+1)>>32)
}

// of returns a name. All names share one memory.
func (t *nameTable) of(s signalID) string {
	start := 0
	if s > 0 {
		start = t.ends[s-1]
	}
	return t.text.String()[start:t.ends[s]]
}

// look returns the slot that has a name, or the free slot where it belongs, and the word for it.
func (t *nameTable) look(name []byte) (*nameSlot, uint64) {
	w := word(name)
	at := near(w, len(name))
	if len(name) > wordBytes {
		w = maphash.Bytes(t.seed, name)
	}
	return t.walk(at, w, name), w
}

// walk goes through the slots where a name can be, to the one that has it or to a free one.
func (t *nameTable) walk(near uint32, word uint64, name []byte) *nameSlot {
	mask := uint32(len(t.slots) - 1)
	for i := range uint32(slotGroup) {
		if e := &t.slots[slotIn(near, i)&mask]; e.number == 0 || e.word == word && t.has(e, name) {
			return e
		}
	}
	slot := uint32(word)
	if len(name) <= wordBytes {
		slot = uint32(maphash.Bytes(t.seed, name))
	}
	for ; ; slot++ {
		if e := &t.slots[slot&mask]; e.number == 0 || e.word == word && t.has(e, name) {
			return e
		}
	}
}

// slotIn returns the i-th slot that is looked at of the group where a name wants to be, beginning with the one that it
// wants most.
func slotIn(near, i uint32) uint32 { return near&^(slotGroup-1) | (near+i)&(slotGroup-1) }

// has reports whether a slot that has the word of a name has the name.
func (t *nameTable) has(e *nameSlot, name []byte) bool {
	return int(e.size) == len(name) && (len(name) <= wordBytes || t.of(signalID(e.number-1)) == string(name))
}

// find returns the number of a name, if it has one.
func (t *nameTable) find(name []byte) (signalID, bool) {
	e, _ := t.look(name)
	return signalID(e.number) - 1, e.number != 0
}

// take returns the number of a name, which is the next one if the name is new.
func (t *nameTable) take(name []byte) signalID {
	e, w := t.look(name)
	if e.number != 0 {
		return signalID(e.number - 1)
	}
	return t.enter(e, w, name)
}

// takeWord is take for a word of a text.
func (t *nameTable) takeWord(w Word, text []byte) signalID {
	if w.Size > wordBytes {
		return t.take(w.In(text))
	}
	at, mask := near(w.head, int(w.Size)), uint32(len(t.slots)-1)
	for i := range uint32(slotGroup) { // as walk does
		e := &t.slots[slotIn(at, i)&mask]
		if e.word == w.head && int32(e.size) == w.Size {
			return signalID(e.number - 1)
		}
		if e.number == 0 {
			return t.enter(e, w.head, w.In(text))
		}
	}
	return t.take(w.In(text))
}

// enter gives a name that is new the next number, in a slot that is free.
func (t *nameTable) enter(e *nameSlot, word uint64, name []byte) signalID {
	if t.text.Cap()-t.text.Len() < len(name) {
		t.text.Grow(t.text.Len() + len(name))
	}
	Double(&t.ends, 1)
	t.text.Write(name)
	t.ends = append(t.ends, t.text.Len())
	*e = nameSlot{word, uint32(len(name)), uint32(len(t.ends))}
	if full(len(t.ends), len(t.slots)) {
		t.grow()
	}
	return signalID(len(t.ends) - 1)
}

// full reports whether so many names are too many for a number of slots.
func full(names, slots int) bool { return 5*names > 3*slots }

// grow makes the table two or four times as large. While it is small, room costs less than filling it
// again so often.
func (t *nameTable) grow() {
	old, factor := t.slots, 2
	if len(old) < 1<<18 {
		factor = 4
	}
	t.slots = make([]nameSlot, factor*len(old))
	for _, e := range old {
		if e.number == 0 {
			continue
		}
		name := []byte(t.of(signalID(e.number - 1)))
		*t.walk(near(word(name), len(name)), e.word, name) = e
	}
}

// Double makes room for n more in s, and twice the room it had if that is used up: append would copy
// a long list much more often.
func Double[E any](s *[]E, n int) {
	if len(*s)+n > cap(*s) {
		*s = slices.Grow(*s, len(*s)+n)
	}
}
