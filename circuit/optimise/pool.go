package optimise

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// pool keeps memory that runs of passes use again. Asking the system for it takes as long as a run of few changes.
type pool struct {
	lists [][]uint32
	free  [][]bool
	odd   []affine
	lits  []circuit.Lit // of one run
	same  []circuit.Lit // each gate as it is
	table *table        // of one run
	desks []*desk
	old   *circuit.Circuit // that nobody uses any more
}

// desk is what one rewriter works with.
type desk struct {
	marks marks
	known memo
}

// desk takes a desk that is free, or makes one.
func (p *pool) desk() *desk {
	if n := len(p.desks); n > 0 {
		d := p.desks[n-1]
		p.desks = p.desks[:n-1]
		return d
	}
	return &desk{known: memo{table: newTable(0)}}
}

// list returns a list of n numbers of any value.
func (p *pool) list(n int) []uint32 { return taken(&p.lists, n) }

// give takes lists that nobody uses any more.
func (p *pool) give(lists ...[]uint32) { keep(&p.lists, lists) }

// marks is list for a list of marks.
func (p *pool) marks(n int) []bool { return taken(&p.free, n) }

// unmark is give for lists of marks.
func (p *pool) unmark(lists ...[]bool) { keep(&p.free, lists) }

// taken takes the shortest list with room for n elements out of those that are free, or makes one.
func taken[E any](free *[][]E, n int) []E {
	best := -1
	for i, l := range *free {
		if cap(l) >= n && (best < 0 || cap(l) < cap((*free)[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]E, n, n+n/16+1)
	}
	l, last := (*free)[best], len(*free)-1
	(*free)[best] = (*free)[last]
	*free = (*free)[:last]
	return l[:n]
}

// keep adds lists with room to those that are free.
func keep[E any](free *[][]E, lists [][]E) {
	for _, l := range lists {
		if cap(l) > 0 {
			*free = append(*free, l)
		}
	}
}

// literals returns a list of n literals, 0 each, for one run.
func (p *pool) literals(n int) []circuit.Lit {
	p.lits = slices.Grow(p.lits[:0], n)[:n]
	clear(p.lits)
	return p.lits
}

// identity returns the literals of n gates, each as it is. They must not be changed.
func (p *pool) identity(n int) []circuit.Lit {
	p.same = slices.Grow(p.same, max(0, n-len(p.same)))
	for len(p.same) < n {
		p.same = append(p.same, circuit.Gate(len(p.same)).Lit())
	}
	return p.same[:n]
}

// emptyTable returns a table for one run.
func (p *pool) emptyTable(hint int) *table {
	if p.table == nil || cap(p.table.slots) < tableSize(hint) {
		p.table = newTable(hint)
	} else {
		p.table.empty(hint)
	}
	return p.table
}

// builder returns a builder with room for as many gates as c has.
func (p *pool) builder(c *circuit.Circuit) *circuit.Builder {
	if p.old == nil {
		return circuit.NewBuilderLike(c)
	}
	old := p.old
	p.old = nil
	return circuit.NewBuilderIn(old, c)
}
