package circuit

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

// idTable is a hash table of ids by open addressing. It stores eight bits of each
// key's hash beside the id, so that most misses are told without touching the key.
// The keys themselves stay in the arrays of the circuit.
//
// Gates mostly read gates that were made shortly before. So a key also has a place
// it would like to be near, the slot of its latest literal, and goes into the group
// of eight slots there, if that is not full. Building then stays
// within the cache, where a place that is as good as random costs a wait for the
// memory for each gate, up to ten times as long. Many keys that want one place mostly
// come one after another: then they have a window of groups in common. If that is
// full, too, the key goes to the first free one of groups as good as random.
type idTable struct {
	groups []slotGroup // as many as a power of two; none before the first look-up
	hint   int         // how many ids are expected
	used   int
	key    func(id uint32) (hash, near uint32, ok bool) // of the ids there are; false if id is not in the table
}

// Slots come in groups. A window has as many groups as windowBits count.
const (
	groupBits  = 3
	groupSize  = 1 << groupBits
	windowBits = 8
)

// slotGroup is eight slots: ids, of which 0 is a free slot, since id 0 is never entered, and bits of their hashes.
type slotGroup struct {
	ids  [groupSize]uint32
	tags [groupSize]uint8
}

// tagOf are the bits of a hash that a slot keeps. They hardly depend on those that choose a group.
func tagOf(hash uint32) uint8 { return uint8(hash * 0x9E3779B1 >> 24) }

// size is the number of slots.
func (t *idTable) size() int { return len(t.groups) * groupSize }

// A table of more than three quarters grows.
func (t *idTable) tooFull() bool { return 4*t.used > 3*t.size() }

// place is where a look-up has come to: an id, or the free slot where the key that
// was looked for belongs.
type place struct {
	slot uint32
	id   uint32 // 0 if the slot is free
	hash uint32
}

func newIDTable(hint int) idTable { return idTable{hint: hint} }

// start makes the slots. A builder that keeps gates never asks for them.
func (t *idTable) start() {
	size := 1 << 10
	for 3*size < 4*t.hint {
		size <<= 1
	}
	t.groups = make([]slotGroup, size/groupSize)
}

// find returns the place of the key that has the hash, wants to be near the slot, and equals the
// key of an id in the table. If the table does not have it, find returns the free place where it
// belongs.
func (t *idTable) find(hash, near uint32, same func(id uint32) bool) place {
	if len(t.groups) == 0 {
		t.start()
	}
	groups, group, tag := t.groups, near>>groupBits, tagOf(hash)
	for step := uint32(0); ; step++ {
		at := group & uint32(len(groups)-1)
		g := &groups[at]
		for i, id := range g.ids {
			if id == 0 || g.tags[i] == tag && same(id) {
				return place{at<<groupBits + uint32(i), id, hash}
			}
		}
		group = nextGroup(step, group, hash, near)
	}
}

// nextGroup is the group to look at after a full one; it counts modulo the number of groups.
func nextGroup(step, group, hash, near uint32) uint32 {
	switch step {
	case 0:
		return hash2(near>>groupBits, 0)&^(1<<windowBits-1) | hash>>(32-windowBits)
	case 1:
		return hash
	}
	return group + (hash>>windowBits | 1) // an odd stride reaches every group
}

// enter puts a key that is not in the table into it. Several goroutines may do so at once: wherever a key ends, the
// slots before it on its way are taken.
func (t *idTable) enter(id, hash, near uint32) {
	groups, group := t.groups, near>>groupBits
	for step := uint32(0); ; step++ {
		g := &groups[group&uint32(len(groups)-1)]
		for i := range g.ids {
			if atomic.LoadUint32(&g.ids[i]) == 0 && atomic.CompareAndSwapUint32(&g.ids[i], 0, id) {
				g.tags[i] = tagOf(hash)
				return
			}
		}
		group = nextGroup(step, group, hash, near)
	}
}

// put enters id, which is greater than those before, at the free slot that a look-up ended on.
func (t *idTable) put(p place, id uint32) {
	if id == 0 { // no gate was made, since the circuit is too large
		return
	}
	t.putEarly(p, id, id)
}

// putEarly enters an id up to the latest.
func (t *idTable) putEarly(p place, id, latest uint32) {
	g := &t.groups[p.slot>>groupBits]
	g.ids[p.slot%groupSize], g.tags[p.slot%groupSize] = id, tagOf(p.hash)
	t.used++
	if t.tooFull() {
		t.grow(latest)
	}
}

// empty forgets all ids.
func (t *idTable) empty() {
	clear(t.groups)
	t.used = 0
}

// grow makes the table, with the ids up to the latest, twice as large, or four times while it is small. It goes through
// the keys in the order of their ids, which is that of the memory they are in, and mostly that of the places they want.
// The old table is not read any more: its memory is free while the new one fills.
func (t *idTable) grow(latest uint32) {
	size := 2 * len(t.groups)
	if t.size() < 1<<16 {
		size *= 2
	}
	t.groups = nil
	t.groups = make([]slotGroup, size)
	onCores(int(latest)+1, func(from, to int) {
		for id := max(uint32(from), 1); id < uint32(to); id++ {
			if hash, near, ok := t.key(id); ok {
				t.enter(id, hash, near)
			}
		}
	})
}

// corePart is how many things at once are a core's work.
const corePart = 1 << 14

// onCores calls f for the parts of 0..n−1, from each multiple of corePart on, on all cores.
func onCores(n int, f func(from, to int)) {
	var taken atomic.Int64
	work := func() {
		for {
			from := int(taken.Add(corePart)) - corePart
			if from >= n {
				return
			}
			f(from, min(from+corePart, n))
		}
	}
	var others sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+corePart-1)/corePart) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}

// mix takes a number into the hash of a list, which begins as its length and ends with mixed.
func mix(hash, v uint64) uint64 { return (bits.RotateLeft64(hash, 5) ^ v) * 0x9E3779B97F4A7C15 }

func mixed(hash uint64) uint32 {
	hash ^= hash >> 29
	return uint32(hash * 0xBF58476D1CE4E5B9 >> 32)
}

// hash2 mixes two words.
func hash2(a, b uint32) uint32 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h >> 32)
}
