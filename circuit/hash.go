package circuit

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// idTable is a hash table of ids by open addressing. It stores 32 bits of each
// key's hash beside the id, so that most misses are told without touching the key.
// The keys themselves stay in the arrays of the circuit.
//
// Gates mostly read gates that were made shortly before. So a key also has a place
// it would like to be near, the slot of its latest literal, and goes into the group
// of eight slots there, one cache line, if that is not full. Building then stays
// within the cache, where a place that is as good as random costs a wait for the
// memory for each gate, up to ten times as long. Many keys that want one place mostly
// come one after another: then they have a window of groups in common. If that is
// full, too, the key goes to the first free one of groups as good as random.
type idTable struct {
	slots []uint64 // hash<<32 | id; 0 is free, since id 0 is never entered; none before the first look-up
	hint  int      // how many ids are expected
	used  int
	key   func(id uint32) (hash, near uint32, ok bool) // of the ids there are; false if id is not in the table
}

// Slots come in groups. A window has as many groups as windowBits count.
const (
	groupBits  = 3
	slotGroup  = 1 << groupBits
	windowBits = 8
)

// A table of more than three quarters grows.
func (t *idTable) tooFull() bool { return 4*t.used > 3*len(t.slots) }

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
	t.slots = make([]uint64, size)
}

// find returns the place of the key that has the hash, wants to be near the slot, and equals the
// key of an id in the table. If the table does not have it, find returns the free place where it
// belongs.
func (t *idTable) find(hash, near uint32, same func(id uint32) bool) place {
	if len(t.slots) == 0 {
		t.start()
	}
	slots, group := t.slots, near>>groupBits
	for step := uint32(0); ; step++ {
		at := group << groupBits & uint32(len(slots)-1)
		for i, e := range slots[at : at+slotGroup] {
			if e == 0 || uint32(e>>32) == hash && same(uint32(e)) {
				return place{at + uint32(i), uint32(e), hash}
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
	slots, group, key := t.slots, near>>groupBits, uint64(hash)<<32|uint64(id)
	for step := uint32(0); ; step++ {
		at := group << groupBits & uint32(len(slots)-1)
		for i := at; i < at+slotGroup; i++ {
			if atomic.LoadUint64(&slots[i]) == 0 && atomic.CompareAndSwapUint64(&slots[i], 0, key) {
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
	t.slots[p.slot] = uint64(p.hash)<<32 | uint64(id)
	t.used++
	if t.tooFull() {
		t.grow(latest)
	}
}

// grow makes the table, with the ids up to the latest, twice as large, or four times while it is small. It goes through
// the keys in the order of their ids, which is that of the memory they are in, and mostly that of the places they want.
func (t *idTable) grow(latest uint32) {
	factor := 2
	if len(t.slots) < 1<<16 {
		factor = 4
	}
	t.slots = make([]uint64, factor*len(t.slots))
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

// hash2 mixes two words.
func hash2(a, b uint32) uint32 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h >> 32)
}

// copyPlainSum copies a sum of gates, each of which has become a gate of its own. Then no other such sum has the same
// terms, and only one made otherwise can be equal.
func (f *Follower) copyPlainSum(s SumID) bool {
	c, b := &f.c.Nodes, f.b
	m := &b.c
	from, to := c.sumFirst[s], c.sumFirst[s+1]
	n := int(to - from)
	if c.sumFlag[s]&(sumFlat|sumBig) != sumFlat || n == 0 || !b.sumRoom(n) {
		return false
	}
	refs := m.termRef
	for _, r := range c.termRef[from:to] {
		if f.plain.Moved[r] {
			return false
		}
		refs = append(refs, Ref(f.Lits[r]>>1))
	}
	id := SumID(len(m.sumFlag))
	if !b.plain.keep(refs[len(refs)-1], id) {
		return false
	}
	m.termRef, m.termWeight = refs, append(m.termWeight, c.termWeight[from:to]...)
	m.sumFlag, m.sumFirst = append(m.sumFlag, c.sumFlag[s]), append(m.sumFirst, uint32(len(refs)))
	m.sumLo, m.sumHi = append(m.sumLo, c.sumLo[s]), append(m.sumHi, c.sumHi[s])
	f.copies = append(f.copies, id)
	return true
}

// CopyReduced makes a sum of the circuit, divided by the common factor of its weights and, if the first is negative, by
// −1. The sum has become factor times node, plus add. CopyReduced reports false, and does nothing, if the sum reads
// sums, has numbers beyond int64, or reads what has become a constant or has changed order.
func (f *Follower) CopyReduced(s SumID) (node SumID, factor, add int64, ok bool) {
	c, b := &f.c.Nodes, f.b
	m, n := &b.c, int(c.sumFirst[s+1]-c.sumFirst[s])
	if c.sumFlag[s]&(sumFlat|sumBig) != sumFlat || n == 0 || !b.sumRoom(n) {
		return 0, 0, 0, false
	}
	// The new terms come to stand behind those there are, and stay if the sum is new.
	from := len(m.termRef)
	refs, weights := m.termRef[from:from+n], m.termWeight[from:from+n]
	lo, hi := int64(0), int64(0)
	for i, w := range c.termWeight[c.sumFirst[s]:c.sumFirst[s+1]] {
		l := f.Lits[c.termRef[int(c.sumFirst[s])+i]]
		if l.IsComplement() {
			add, w = add+w, -w
		}
		if refs[i], weights[i] = gateRef(l.Gate()), w; l.IsConst() || i > 0 && refs[i-1] >= refs[i] {
			return 0, 0, 0, false
		}
		if lo, hi = lo+min(w, 0), hi+max(w, 0); factor != 1 {
			factor = gcd(factor, max(w, -w))
		}
	}
	if lo <= -limit || hi >= limit {
		return 0, 0, 0, false
	}
	if weights[0] < 0 {
		factor, lo, hi = -factor, hi, lo
	}
	if factor != 1 {
		for i := range weights {
			weights[i] /= factor
		}
	}
	return b.internTail(n, lo/factor, hi/factor), factor, add, true
}

// SmallSum returns the node of a sum of literals, and the constant that is to be added. It reports false, and does
// nothing, if a weight is 0 or great, or if there are constants or two literals of one gate among them.
//
// The builder must keep gates.
func (b *Builder) SmallSum(lits []Lit, own []int64) (node SumID, add int64, ok bool) {
	m, n := &b.c, len(lits)
	if n == 0 || !b.sumRoom(n) {
		return 0, 0, false
	}
	from := len(m.termRef)
	refs, weights := m.termRef[from:from+n], m.termWeight[from:from+n]
	lo, hi := int64(0), int64(0)
	for i, l := range lits {
		r, w := gateRef(l.Gate()), own[i]
		if w == 0 || w <= -mostPlain || w >= mostPlain || l.IsConst() {
			return 0, 0, false
		}
		if l.IsComplement() {
			add, w = add+w, -w
		}
		lo, hi = lo+min(w, 0), hi+max(w, 0)
		for ; i > 0 && refs[i-1] >= r; i-- {
			if refs[i-1] == r {
				return 0, 0, false
			}
			refs[i], weights[i] = refs[i-1], weights[i-1]
		}
		refs[i], weights[i] = r, w
	}
	return b.internTail(n, lo, hi), add, true
}

// internTail returns the sum of the n terms that stand behind those of all sums there are. It lies between lo and hi.
// If it is new they stay there.
func (b *Builder) internTail(n int, lo, hi int64) SumID {
	m, from := &b.c, len(b.c.termRef)
	refs, weights := m.termRef[from:from+n], m.termWeight[from:from+n]
	hash, flag := uint32(n), sumFlat|sumUnit
	for i, w := range weights {
		if w != 1 && w != -1 {
			flag &^= sumUnit
		}
		hash = hashTerm(hash, refs[i], w)
	}
	m.termRef, m.termWeight = m.termRef[:from+n], m.termWeight[:from+n]
	s, _ := b.lastSum(from, hash, lo, hi, flag)
	return s
}

// gcd returns the greatest common divisor of two numbers that are not negative.
func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// plainSums are sums of a builder that are copies of those of another circuit, and so differ from each other. They come
// into the table of sums when one is looked for that has the same latest term.
type plainSums struct {
	latest []uint32 // by gate: the last of them of which it is the latest term, or entered; nil: there are none
	before []uint32 // by sum: the one kept before it with the same latest term
}

// entered says of a gate that its sums are in the table of sums.
const entered = ^uint32(0)

// keep keeps a sum out of the table; false if it has to be looked for.
func (p *plainSums) keep(latest Ref, s SumID) bool {
	if int(latest) >= len(p.latest) {
		p.latest = append(p.latest, make([]uint32, int(latest)+1-len(p.latest))...)
	}
	last := p.latest[latest]
	if last == entered {
		return false
	}
	for len(p.before) <= int(s) {
		p.before = append(p.before, 0)
	}
	p.before[s], p.latest[latest] = last, uint32(s)
	return true
}

// has reports whether the sums with the given latest term are kept out of the table.
func (p *plainSums) has(latest Ref) bool {
	return p.latest != nil && !latest.IsSum() && int(latest) < len(p.latest) && p.latest[latest] != 0 &&
		p.latest[latest] != entered
}

// enterPlain enters the plain sums with the given latest term into the table of sums.
func (b *Builder) enterPlain(latest Ref) {
	p := &b.plain
	if p.latest == nil || latest.IsSum() {
		return
	}
	if int(latest) >= len(p.latest) {
		p.latest = append(p.latest, make([]uint32, int(latest)+1-len(p.latest))...)
	}
	last := p.latest[latest]
	if p.latest[latest] = entered; last == entered {
		return
	}
	c := &b.c
	for s := last; s != 0; s = p.before[s] {
		hash, near, _ := b.sumKey(s)
		// The table may have grown meanwhile, and then has all of them.
		if at := b.sums.find(hash, near, func(id uint32) bool { return id == s }); at.id == 0 {
			b.sums.putEarly(at, s, uint32(len(c.sumFlag)-1))
		}
	}
}
