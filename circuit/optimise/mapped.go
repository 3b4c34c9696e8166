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

	counter
}

// counter counts how often each gate and sum of the new circuit is read, and finds the levels until they are asked for
// often. It does so while more is made, on another core if there is one.
type counter struct {
	readers, sumReader []uint32        // by gate and sum, as far as they are counted
	levels             *circuit.Levels // nil: left to those who ask
	asked              int             // how often a level was wanted
	sent               int             // how many of the gates that are made it was told of
	work               chan counting   // nil: not begun, or ended
	ended              chan struct{}
}

// counting is what is made so far. Once it is counted, done is closed.
type counting struct {
	made   circuit.Nodes
	levels *circuit.Levels
	done   chan struct{}
}

// Parts of counted gates are told to be counted, while at most mostAhead wait: they should be in the cache still. Who
// asks mostAsked times for a level mostly asks for more, and finds them quicker than it waits for them.
const (
	counted   = 1 << 13
	mostAhead = 4
	mostAsked = 64
)

func newMapped(t *tracked) mapped {
	n, s := t.c.Len(), t.c.SumCount()
	m := mapped{
		other: t.pool.marks(n), moved: t.pool.marks(n), otherSum: t.pool.marks(s), oddAt: t.pool.list(s),
		counter: counter{readers: t.pool.list(n)[:0], sumReader: t.pool.list(s)[:0]},
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

// count says that what is made now may be counted.
func (c *counter) count(made circuit.Nodes, done chan struct{}) {
	if c.work == nil {
		c.work, c.ended = make(chan counting, mostAhead), make(chan struct{})
		go c.run(c.work)
	}
	c.sent = made.Len()
	c.work <- counting{made, c.levels, done}
}

func (c *counter) run(work chan counting) {
	defer close(c.ended)
	for w := range work {
		c.add(&w.made)
		if w.levels != nil {
			w.levels.Finish(&circuit.Circuit{Nodes: w.made})
		}
		if w.done != nil {
			close(w.done)
		}
	}
}

// add counts what has been made since.
func (c *counter) add(made *circuit.Nodes) {
	g, s := circuit.Gate(len(c.readers)), circuit.SumID(len(c.sumReader))
	c.readers, c.sumReader = longer(c.readers, made.Len()), longer(c.sumReader, made.SumCount())
	made.CountReads(g, s, c.readers, c.sumReader)
}

// stop ends the counting of what it was told of.
func (c *counter) stop() {
	if c.work != nil {
		close(c.work)
		<-c.ended
		c.work = nil
	}
}

// levelOf returns the level of a literal of the new circuit.
func (r *rewriter) levelOf(l circuit.Lit) uint32 {
	c := &r.fresh.counter
	if c.levels == nil {
		return r.levels.Of(l)
	}
	done := make(chan struct{})
	c.count(r.b.Snapshot(), done)
	<-done
	if c.asked++; c.asked == mostAsked {
		found := c.levels
		c.levels, r.levels = nil, r.b.Levels(r.model)
		r.levels.Gate, r.levels.Sum = found.Gate, found.Sum
	}
	return r.levels.Of(l)
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
	m.age(r, t)
	t.total()
	t.spread()
	return t
}

// age finds out how old what has become of gates and sums is, and counts what has gone and what is new.
func (m *mapped) age(r *rewriter, t *tracked) {
	c := t.c
	t.changed, t.changedSum = r.pool.list(c.Len()), r.pool.list(c.SumCount())
	seen := r.now // a number from which on a pass looks again at what has changed, but not this one if it is less
	if r.settles {
		seen--
	}
	fill(t.changed, seen)
	fill(t.changedSum, seen)
	t.tally = r.tally
	t.tally.nested = nil
	for _, g := range r.tally.nested {
		if at := r.Lits[g].Gate(); !m.other[g] && t.live[at] {
			t.tally.nested = append(t.tally.nested, at)
		}
	}
	same := t.pool.marks(c.Len()) // what is a copy
	defer t.pool.unmark(same)
	clear(same)
	for g, other := range m.other {
		if r.dead(circuit.Gate(g)) {
			continue
		}
		at := r.Lits[g].Gate()
		if other || !t.live[at] {
			t.tally.add(r.c, circuit.Gate(g), -1)
		} else {
			same[at] = true
		}
		if r.changed[g] >= r.now || !other && t.readers[at] == r.readers[g] {
			t.changed[at] = r.changed[g]
		}
	}
	for g, live := range t.live {
		if live && !same[g] {
			t.tally.add(c, circuit.Gate(g), 1)
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
	m.stop()
	p.give(m.oddAt, m.readers, m.sumReader)
	p.unmark(m.other, m.moved, m.otherSum)
	*m = mapped{}
}
