package diagram

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/press"
)

// copies says which operations are drawn. Of the copies of a repeated body it is the last
// one, since its ranges are the widest.
type copies struct {
	nodes  []program.Node
	bodies []body
	show   []int   // by operation: the one that is drawn for it
	same   [][]int // by operation that is drawn: those that it is drawn for, itself included
}

// body is a repeat whose copies have the same operations on the same shapes.
type body struct {
	program.Repeated
	each  int // operations in one copy
	depth int // stages around it
}

// has reports whether an operation is in one of the copies.
func (b *body) has(id int) bool { return b.First <= id && id < b.End }

// findCopies finds the repeats that can be drawn as one body.
func findCopies(p *program.Program, unroll bool) *copies {
	nodes := p.Nodes()
	c := &copies{nodes: nodes, show: make([]int, len(nodes)), same: make([][]int, len(nodes))}
	for _, r := range p.Repeats() {
		size := r.End - r.First
		if unroll && !r.Open || r.Count < 2 || size == 0 || size%r.Count != 0 {
			continue
		}
		b := body{Repeated: r, each: size / r.Count}
		if b.depth = c.alike(&b); b.depth >= 0 {
			c.bodies = append(c.bodies, b)
		}
	}
	// The largest first: what is within another is then looked for in one copy of it.
	slices.SortStableFunc(c.bodies, func(a, b body) int { return (b.End - b.First) - (a.End - a.First) })
	for id := range c.show {
		at := id
		for i := range c.bodies {
			if b := &c.bodies[i]; b.has(at) {
				at = b.End - b.each + (at-b.First)%b.each
			}
		}
		c.show[id] = at
		c.same[at] = append(c.same[at], id)
	}
	return c
}

// alike returns how many stages are around the copies, or −1 if they are not the same
// operations on the same shapes.
func (c *copies) alike(b *body) int {
	ops := c.nodes
	depth := -1
	for id := b.First; id < b.End; id++ {
		x, y := &ops[id], &ops[b.First+(id-b.First)%b.each]
		if x.Op != y.Op || !x.Shape.Equal(y.Shape) || len(x.Args) != len(y.Args) || len(x.Stage) != len(y.Stage) {
			return -1
		}
		// A copy's stage is called by the name of the repeat and a number.
		at := slices.IndexFunc(x.Stage, func(s string) bool { return strings.HasPrefix(s, b.Name+" ") })
		if at < 0 || depth >= 0 && at != depth ||
			!slices.Equal(x.Stage[:at], y.Stage[:at]) || !slices.Equal(x.Stage[at+1:], y.Stage[at+1:]) {
			return -1
		}
		depth = at
	}
	return depth
}

// all goes through the operations that are drawn.
func (c *copies) all() iter.Seq[int] { return c.between(0, len(c.show)-1) }

// between goes through the operations that are drawn from first to last.
func (c *copies) between(first, last int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for id := first; id <= last; id++ {
			if c.show[id] == id && !yield(id) {
				return
			}
		}
	}
}

// bodyAt returns the body whose copies are the stages of the given depth around an
// operation, or nil.
func (c *copies) bodyAt(id, depth int) *body {
	for i := range c.bodies {
		if b := &c.bodies[i]; b.has(id) && b.depth == depth {
			return b
		}
	}
	return nil
}

// stageName is what the frame of a stage is called: of copies without their number.
func (c *copies) stageName(id, depth int, path []string) string {
	if b := c.bodyAt(id, depth); b != nil {
		return press.Clean(b.Name)
	}
	return press.Clean(path[depth])
}

// times says how often a stage stands in the program; "" for once.
func (c *copies) times(id, depth int) string {
	b := c.bodyAt(id, depth)
	switch {
	case b == nil:
		return ""
	case b.Open:
		return cmp.Or(b.Symbol, "n")
	}
	return press.Count(int64(b.Count))
}

// shared returns how many stages two operations that follow each other may share. If a body
// holds only one of them, they share at most the stages around the body.
func (c *copies) shared(a, b int) int {
	most := min(len(c.nodes[a].Stage), len(c.nodes[b].Stage))
	for i := range c.bodies {
		if around := &c.bodies[i]; around.has(a) != around.has(b) {
			most = min(most, around.depth)
		}
	}
	return most
}

// body returns the innermost body that makes a value in one copy and uses it in
// another, or nil. The operations that are drawn are those of the last copy, so a use may
// come before what is used.
func (c *copies) body(from, to int) *body {
	var found *body
	for i := range c.bodies {
		b := &c.bodies[i]
		if b.has(from) && b.has(to) && (from >= to || (from-b.First)/b.each != (to-b.First)/b.each) {
			found = b
		}
	}
	return found
}

// bounds is the range of a value in all copies.
func (c *copies) bounds(id int) program.Range {
	r := c.nodes[id].Bounds
	for _, twin := range c.same[c.show[id]] {
		b := c.nodes[twin].Bounds
		r = program.Range{Lo: min(r.Lo, b.Lo), Hi: max(r.Hi, b.Hi)}
	}
	return r
}

// differ reports whether copies of an operation have different details, as where each
// reads another element of the input.
func (c *copies) differ(id int) bool {
	ops := c.nodes
	return slices.ContainsFunc(c.same[id], func(twin int) bool { return ops[twin].Detail() != ops[id].Detail() })
}
