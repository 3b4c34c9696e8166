package optimise

import (
	"slices"

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
	tally         tally
	count         Count
	class         gates.Class // the least whose basis has all its gates
	changed       []uint32    // by gate: the last run that made it or changed what it reads or how often it is read
	changedSum    []uint32    // by sum: the same
	near          []uint32    // by gate: the last run that changed something near it
	newest        uint32      // the last run that changed anything
	readers       []uint32    // by gate: how often it is read, by outputs as well
	sumReader     []uint32    // by sum
}

// follow returns what is known of c, all of which is as old as run now.
func follow(c *circuit.Circuit, levels *circuit.Levels, now uint32) *tracked {
	t := &tracked{
		pool: &pool{}, c: c, levels: levels,
		changed: slices.Repeat([]uint32{now}, c.Len()), changedSum: slices.Repeat([]uint32{now}, c.SumCount()),
	}
	t.countGates()
	t.read()
	for _, l := range c.Outputs() {
		t.readers[l.Gate()]++
	}
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
	left.countGates()
	left.spread()
	gone := t.c.Len() - left.tally.there
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
		} else {
			for _, l := range c.Fanin(g) {
				n, m = max(n, t.changed[l.Gate()]), max(m, one[l.Gate()])
			}
		}
		one[g], t.near[g] = n, m
		t.newest = max(t.newest, n)
	}
}

// countGates adds up the gates that are there.
func (t *tracked) countGates() {
	for g := range circuit.Gate(t.c.Len()) {
		if !t.dead(g) {
			t.tally.add(t.c, g, 1)
		}
	}
	t.total()
}

// total makes of the tally what is told of the circuit.
func (t *tracked) total() {
	a := &t.tally
	n := Count{t.levels.Depth, a.size, a.wires, a.weight.Add(circuit.NewInt(a.part))}
	shapes := newShapes(t.c)
	for _, g := range a.nested {
		s, _ := t.c.ReadsSum(g)
		fanIn, all := shapes.of(s)
		n.Wires, n.Weight = n.Wires+fanIn, n.Weight.Add(all)
	}
	t.count, t.class = n, gates.AC0
	for class, n := range a.classes {
		if n > 0 {
			t.class = gates.Class(class)
		}
	}
}

// tally adds up what is counted of gates, so that a run takes off it what has gone, and adds what is new.
type tally struct {
	there   int // gates
	size    int // without sources, NOT and BUF
	wires   int64
	weight  circuit.Int
	part    int64 // of the weight, that is not in it yet
	kinds   [gates.NumKinds]int
	classes [gates.NC1 + 1]int // by the least class of a gate; without sources

	// The gates on sums that read sums or have great numbers. Their wires and weight are not added up, since they may
	// change where the gates do not.
	nested []circuit.Gate
}

// add adds gate g of c, by times.
func (a *tally) add(c *circuit.Circuit, g circuit.Gate, by int) {
	k := c.Kind(g)
	a.there += by
	a.kinds[k] += by
	if k.IsSource() {
		return
	}
	literals := len(c.Fanin(g))
	a.classes[k.Class(literals)] += by // a kind of few inputs may have a lower one
	if costs[k] == 0 {
		return
	}
	a.size += by
	fanIn, weight := int64(literals), int64(literals)
	if s, ok := c.ReadsSum(g); ok {
		if fanIn, weight, ok = c.FlatShape(s); !ok {
			if by > 0 {
				a.nested = append(a.nested, g)
			}
			return
		}
	}
	a.wires += int64(by) * fanIn
	const most = 1 << 61
	if a.part += int64(by) * weight; a.part >= most || a.part <= -most {
		a.weight, a.part = a.weight.Add(circuit.NewInt(a.part)), 0
	}
}

// costs tell which kinds count as gates.
var costs = gates.Standard().Cost
