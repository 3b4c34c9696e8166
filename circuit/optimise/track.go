package optimise

import (
	"slices"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// tracked is a circuit with what is known of it. The runs of passes are numbered from 1. A pass that has found nothing
// for a gate finds nothing there before something changes that its rule looks at: the kind of the gate, what it reads,
// what those gates read, or how often any of these is read. So a gate is stale for a pass only if one of these has
// changed since.
type tracked struct {
	pool          *pool
	c             *circuit.Circuit
	own           bool // made by a rewriter
	levels        *circuit.Levels
	live, liveSum []bool // the gates and sums that are there; nil: all
	size          int    // how many of the gates are there
	count         Count
	class         gates.Class // the least whose basis has all its gates
	kinds         [gates.NumKinds]bool
	changed       []uint32 // by gate: the last run that made it or changed what it reads or how often it is read
	changedSum    []uint32 // by sum: the same
	near          []uint32 // by gate: the last run that changed something near it
	newest        uint32   // the last run that changed anything
	readers       []uint32 // by gate: how often it is read, by outputs as well
	sumReader     []uint32 // by sum
}

// follow returns what is known of c, all of which is as old as run now.
func follow(c *circuit.Circuit, levels *circuit.Levels, now uint32) *tracked {
	t := &tracked{
		pool: &pool{}, c: c, levels: levels,
		changed: slices.Repeat([]uint32{now}, c.Len()), changedSum: slices.Repeat([]uint32{now}, c.SumCount()),
	}
	wait := t.startCount()
	t.read()
	for _, l := range c.Outputs() {
		t.readers[l.Gate()]++
	}
	wait()
	return t
}

// dead reports whether gate g is not there any more, since no output depends on it.
func (t *tracked) dead(g circuit.Gate) bool { return t.live != nil && !t.live[g] }

func (t *tracked) deadSum(s circuit.SumID) bool { return t.liveSum != nil && !t.liveSum[s] }

// drop gives the memory back, of the circuit as well if it was made by a rewriter and is not that of another.
func (t *tracked) drop() {
	t.pool.give(t.changed, t.changedSum, t.near, t.readers, t.sumReader)
	if t.own {
		t.pool.give(t.levels.Gate, t.levels.Sum)
		t.pool.unmark(t.live, t.liveSum)
		t.pool.old = t.c
	}
}

// bury returns what is known of the circuit without what no output depends on, and how many gates and sums that
// is.
func (t *tracked) bury(now uint32) (*tracked, int) {
	left := &tracked{
		pool: t.pool, c: t.c, levels: t.levels,
		changed: slices.Repeat([]uint32{now}, t.c.Len()), changedSum: slices.Repeat([]uint32{now}, t.c.SumCount()),
	}
	left.read()
	left.live, left.liveSum = t.pool.marks(t.c.Len()), t.pool.marks(t.c.SumCount())
	t.c.Sweep(left.readers, left.sumReader, left.live, left.liveSum)
	wait := left.startCount()
	left.spread()
	wait()
	gone := t.c.Len() - left.size
	for s := range circuit.SumID(t.c.SumCount()) {
		if left.deadSum(s) {
			gone++
		}
	}
	return left, gone
}

// circuit returns the circuit of the gates and sums that are there.
func (t *tracked) circuit() *circuit.Circuit {
	if t.live == nil || !slices.Contains(t.live, false) && !slices.Contains(t.liveSum, false) {
		return t.c
	}
	return t.c.Only(t.live, t.liveSum)
}

// read counts how often gates and sums are read, but for outputs.
func (t *tracked) read() {
	t.readers, t.sumReader = t.pool.list(t.c.Len()), t.pool.list(t.c.SumCount())
	clear(t.readers)
	clear(t.sumReader)
	t.c.CountReads(0, 0, t.readers, t.sumReader)
}

// spread finds out what has changed near the gates.
func (t *tracked) spread() {
	c := t.c
	t.near = t.pool.list(c.Len())
	one := t.pool.list(c.Len()) // that a gate or what it reads has changed
	defer t.pool.give(one)
	for _, n := range t.changedSum {
		t.newest = max(t.newest, n)
	}
	for g := range circuit.Gate(c.Len()) {
		if t.dead(g) {
			t.near[g] = 0
			continue
		}
		n := t.changed[g]
		m := n
		if s, ok := c.ReadsSum(g); ok {
			n = max(n, t.changedSum[s])
			m = n
		}
		for _, l := range c.Fanin(g) {
			n, m = max(n, t.changed[l.Gate()]), max(m, one[l.Gate()])
		}
		one[g], t.near[g] = n, m
		t.newest = max(t.newest, n)
	}
}

// startCount begins countGates, on another core if that is worth it, and returns what waits until it is done.
func (t *tracked) startCount() (wait func()) {
	if t.c.Len() < counted {
		t.countGates()
		return func() {}
	}
	var other sync.WaitGroup
	other.Go(t.countGates)
	return other.Wait
}

// countGates counts the gates and their wires, and looks at their kinds.
func (t *tracked) countGates() {
	c := t.c
	const most = 1 << 61
	n := &t.count
	n.Depth = t.levels.Depth
	cost := gates.Standard().Cost
	last, lastIn, lastOwn := circuit.SumID(0), int64(0), int64(0) // a flat sum, which mostly several gates read
	var shapes *shapes                                            // of sums that read sums or have great numbers
	weight := int64(0)
	var wide [gates.NumKinds]int // by kind: the greatest number of literals
	for g := range circuit.Gate(c.Len()) {
		if t.dead(g) {
			continue
		}
		t.size++
		k := c.Kind(g)
		t.kinds[k] = true
		if cost[k] == 0 {
			continue
		}
		n.Size++
		literals := len(c.Fanin(g))
		wide[k] = max(wide[k], literals)
		fanIn := int64(literals)
		own := fanIn
		if s, ok := c.ReadsSum(g); ok && s == last && s > 0 {
			fanIn, own = lastIn, lastOwn
		} else if ok {
			if fanIn, own, ok = c.FlatShape(s); ok {
				last, lastIn, lastOwn = s, fanIn, own
			} else {
				if shapes == nil {
					shapes = newShapes(c)
				}
				var all circuit.Int
				fanIn, all = shapes.of(s)
				n.Weight, own = n.Weight.Add(all), 0
			}
		}
		n.Wires += fanIn
		if weight += own; weight >= most {
			n.Weight, weight = n.Weight.Add(circuit.NewInt(weight)), 0
		}
	}
	n.Weight = n.Weight.Add(circuit.NewInt(weight))
	t.class = gates.AC0
	for k, there := range t.kinds {
		if kind := gates.Kind(k); there && !kind.IsSource() { // a kind of few inputs may have a lower class
			t.class = max(t.class, kind.Class(wide[k]))
		}
	}
}
