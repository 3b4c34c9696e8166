package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// mapped follows what changes in one run of a pass. A gate is the same as before if it was copied and what it reads is
// the same; a sum, if it was copied.
type mapped struct {
	other    []bool // by gate of c: it is not the same, as far as the run has come
	moved    []bool // by gate of c: it has not become a gate that was made for it
	otherSum []bool // by sum of c

	// By sum of c that was not copied: where what it has become is in the list of these.
	oddAt []uint32

	// Of the new circuit, by gate and sum, as far as it is counted: how often each is read.
	readers, sumReader []uint32
}

func newMapped(t *tracked) mapped {
	n, s := t.c.Len(), t.c.SumCount()
	m := mapped{
		other: t.pool.marks(n), moved: t.pool.marks(n), otherSum: t.pool.marks(s), oddAt: t.pool.list(s),
		readers: t.pool.list(n)[:0], sumReader: t.pool.list(s)[:0],
	}
	clear(m.other)
	clear(m.moved)
	clear(m.otherSum)
	return m
}

// reads reports whether gate g of c reads something that is not the same, or not copied yet.
func (r *rewriter) reads(g circuit.Gate) bool {
	if s, ok := r.c.ReadsSum(g); ok {
		if int(s) >= r.CopiedSums() {
			r.makeSums(s)
		}
		return r.fresh.otherSum[s]
	}
	for _, l := range r.c.Fanin(g) {
		if r.fresh.other[l.Gate()] {
			return true
		}
	}
	return false
}

// count counts what is made since it was called last, and finds the levels of that.
func (m *mapped) count(r *rewriter) {
	g, s := circuit.Gate(len(m.readers)), circuit.SumID(len(m.sumReader))
	m.readers, m.sumReader = longer(m.readers, r.made.Len()), longer(m.sumReader, r.made.SumCount())
	r.made.CountReads(g, s, m.readers, m.sumReader)
	r.levels.Of(circuit.Gate(r.made.Len() - 1).Lit())
}

// longer returns a list with zeros at the end, so that it has n elements.
func longer[E any](list []E, n int) []E {
	from := len(list)
	list = slices.Grow(list, n-from)[:n]
	clear(list[from:])
	return list
}

// end returns what is known of the new circuit: what has become a copy is as old as it was, and has changed if it is
// read more or less often than before.
func (m *mapped) end(r *rewriter, c *circuit.Circuit) *tracked {
	t := &tracked{pool: r.pool, c: c, own: true, levels: r.levels}
	r.levels.Finish(c)
	t.live, t.liveSum = t.pool.marks(c.Len()), t.pool.marks(c.SumCount())
	t.readers, t.sumReader = m.readers, m.sumReader
	m.readers, m.sumReader = nil, nil
	c.Sweep(t.readers, t.sumReader, t.live, t.liveSum)
	t.countGates()
	t.changed, t.changedSum = r.pool.list(c.Len()), r.pool.list(c.SumCount())
	seen := r.now // a number from which on a pass looks again at what has changed, but not this one if it is less
	if r.settles {
		seen--
	}
	fill(t.changed, seen)
	fill(t.changedSum, seen)
	for g, other := range m.other {
		if r.dead(circuit.Gate(g)) {
			continue
		}
		at := r.Lits[g].Gate()
		if r.changed[g] >= r.now || !other && t.readers[at] == r.readers[g] {
			t.changed[at] = r.changed[g]
		}
	}
	for s := range circuit.SumID(r.CopiedSums()) {
		if m.otherSum[s] {
			continue
		}
		if at := r.Copied(s); t.sumReader[at] == r.sumReader[s] {
			t.changedSum[at] = r.changedSum[s]
		}
	}
	for s := range circuit.SumID(c.SumCount()) { // what is found for gates on these depends on how many there are
		if t.changedSum[s] == seen && len(c.Refs(s)) > mostShared {
			t.changedSum[s] = r.now
		}
	}
	return t
}

func fill(list []uint32, v uint32) {
	if len(list) > 0 {
		list[0] = v
		for n := 1; n < len(list); n *= 2 {
			copy(list[n:], list[:n])
		}
	}
}

// give gives back the memory.
func (m *mapped) give(p *pool) {
	p.give(m.oddAt, m.readers, m.sumReader)
	p.unmark(m.other, m.moved, m.otherSum)
	*m = mapped{}
}
