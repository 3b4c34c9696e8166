package optimise

import (
	"sync"

	"github.com/tc0lab/tc0/circuit"
)

// mapped follows what changes in one run of a pass. A gate is the same as before if it was copied and what it reads is
// the same.
type mapped struct {
	gate []uint32 // by gate of c: the last run that changed it, this one included
	one  []uint32 // by gate of c: the same for what it reads as well
	sum  []uint32 // by sum of c: the last run that changed it
	odd  []uint32 // by sum of c that was not copied: where what it has become is in the list of these

	newGate, newSum []uint32 // by gate and sum of the new circuit: the last run that changed it
	was, sumWas     []uint32 // the same: how often it was read before
}

func newMapped(t *tracked) mapped {
	n, s := t.c.Len(), t.c.SumCount()
	return mapped{
		gate: append(t.pool.list(n)[:0], t.changed...), one: t.pool.list(n),
		sum: t.pool.list(s)[:0], odd: t.pool.list(s)[:0],
		newGate: t.pool.list(n)[:0], newSum: t.pool.list(s)[:0], was: t.pool.list(n)[:0], sumWas: t.pool.list(s)[:0],
	}
}

// sources enters the constant and the inputs, which are made already.
func (m *mapped) sources(r *rewriter) {
	n := r.made.Len()
	m.newGate, m.was = m.newGate[:n], m.was[:n]
	for g := range circuit.Gate(r.c.Len()) {
		if r.c.Kind(g).IsSource() {
			at := r.Lits[g].Gate()
			m.one[g], m.newGate[at], m.was[at] = r.changed[g], r.changed[g], r.readers[g]
		}
	}
}

// around returns the last run that changed something near gate g of c, and the last that changed what g reads.
func (m *mapped) around(r *rewriter, g circuit.Gate) (near, own uint32) {
	near, own = m.gate[g], m.gate[g]
	if s, ok := r.c.ReadsSum(g); ok {
		if int(s) >= len(m.sum) {
			r.sum(s)
		}
		own = max(own, m.sum[s])
		return own, own
	}
	for _, l := range r.c.Fanin(g) {
		near, own = max(near, m.one[l.Gate()]), max(own, m.gate[l.Gate()])
	}
	return near, own
}

// made enters gate g of c, and the gates of the new circuit that were made for it.
func (m *mapped) made(r *rewriter, g circuit.Gate, own uint32, copied bool) {
	for len(m.newGate) < r.made.Len() {
		m.newGate, m.was = append(m.newGate, r.now), append(m.was, 0)
	}
	last := r.made.Len() - 1
	if copied && own < r.now && r.changed[g] < r.now && r.Lits[g] == circuit.Gate(last).Lit() {
		m.one[g], m.newGate[last], m.was[last] = own, m.gate[g], r.readers[g]
		return
	}
	m.gate[g], m.one[g] = r.now, r.now
}

// madeSum enters sum s of c, and whether the latest sum of the new circuit is a copy of it.
func (m *mapped) madeSum(r *rewriter, s circuit.SumID, copied bool) {
	for len(m.newSum) < r.made.SumCount() {
		m.newSum, m.sumWas = append(m.newSum, r.now), append(m.sumWas, 0)
	}
	changed := r.now
	if copied {
		changed = r.changedSum[s]
		m.newSum[len(m.newSum)-1], m.sumWas[len(m.newSum)-1] = changed, r.sumReader[s]
	}
	m.sum, m.odd = append(m.sum, changed), append(m.odd, 0)
}

// end returns what is known of the new circuit.
func (m *mapped) end(r *rewriter, c *circuit.Circuit) *tracked {
	for len(m.newSum) < c.SumCount() {
		m.newSum, m.sumWas = append(m.newSum, r.now), append(m.sumWas, 0)
	}
	t := &tracked{pool: r.pool, c: c, own: true, levels: r.levels, changed: m.newGate, changedSum: m.newSum}
	var both sync.WaitGroup
	both.Go(func() { r.levels.Finish(c) })
	t.live, t.liveSum = c.Live()
	both.Wait()
	t.look()
	t.recount(m.was, m.sumWas, r.now)
	r.pool.give(r.since, m.gate, m.one, m.sum, m.odd, m.was, m.sumWas)
	return t
}
