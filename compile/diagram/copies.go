package diagram

import (
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// copies says which operations are drawn: of the copies of a repeated body the last
// one, whose ranges are the widest.
type copies struct {
	outline *program.Outline
	bodies  []body
	show    []int // by operation: the one that is drawn for it
	same    [][]int
}

// body is a repeat whose copies have the same operations on the same shapes.
type body struct {
	program.OutlineRepeat
	each  int // operations in one copy
	depth int // stages around it
}

// findCopies finds the repeats that can be drawn as one body.
func findCopies(o *program.Outline, unroll bool) *copies {
	c := &copies{outline: o, show: make([]int, len(o.Operations)), same: make([][]int, len(o.Operations))}
	for _, r := range o.Repeats {
		size := r.End - r.First
		if unroll && !r.Open || r.Count < 2 || size == 0 || size%r.Count != 0 {
			continue
		}
		b := body{OutlineRepeat: r, each: size / r.Count}
		if b.depth = c.alike(&b); b.depth >= 0 {
			c.bodies = append(c.bodies, b)
		}
	}
	// The largest first: what is within another is then looked for in one copy of it.
	slices.SortStableFunc(c.bodies, func(a, b body) int { return (b.End - b.First) - (a.End - a.First) })
	for id := range c.show {
		at := id
		for i := range c.bodies {
			if b := &c.bodies[i]; b.First <= at && at < b.End {
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
	ops := c.outline.Operations
	depth := -1
	for id := b.First; id < b.End; id++ {
		x, y := &ops[id], &ops[b.First+(id-b.First)%b.each]
		if x.Op != y.Op || !x.Shape.Equal(y.Shape) || len(x.Args) != len(y.Args) || len(x.Stage) != len(y.Stage) {
			return -1
		}
		// A copy's stage is called by the name of the repeat and a number.
		at := slices.IndexFunc(x.Stage, func(s string) bool { return strings.HasPrefix(s, b.Name+" ") })
		if at < 0 || depth >= 0 && at != depth || !slices.Equal(x.Stage[:at], y.Stage[:at]) || !slices.Equal(x.Stage[at+1:], y.Stage[at+1:]) {
			return -1
		}
		depth = at
	}
	return depth
}

// shown returns the operation that is drawn for one.
func (c *copies) shown(id int) int { return c.show[id] }

func (c *copies) drawn(id int) bool { return c.show[id] == id }

// twins returns the operations that one is drawn for, itself included.
func (c *copies) twins(id int) []int { return c.same[id] }

// bodyAt returns the body whose copies are the stages of the given depth around an
// operation.
func (c *copies) bodyAt(id, depth int) *body {
	for i := range c.bodies {
		if b := &c.bodies[i]; b.First <= id && id < b.End && b.depth == depth {
			return b
		}
	}
	return nil
}

// stageName is what the frame of a stage is called: of copies without their number.
func (c *copies) stageName(id, depth int, path []string) string {
	if b := c.bodyAt(id, depth); b != nil {
		return clean(b.Name)
	}
	return clean(path[depth])
}

// times says how often a stage stands in the program; "" for once.
func (c *copies) times(id, depth int) string {
	b := c.bodyAt(id, depth)
	switch {
	case b == nil:
		return ""
	case b.Open:
		return "n"
	}
	return count(int64(b.Count))
}

// shared returns how many stages two operations that follow each other may share: no
// more than are around a body that only one of them is in.
func (c *copies) shared(a, b int) int {
	most := min(len(c.outline.Operations[a].Stage), len(c.outline.Operations[b].Stage))
	for i := range c.bodies {
		in := func(id int) bool { return c.bodies[i].First <= id && id < c.bodies[i].End }
		if in(a) != in(b) {
			most = min(most, c.bodies[i].depth)
		}
	}
	return most
}

// body returns the innermost body that makes a value in one copy and uses it in
// another; nil if there is none. Of the last copy it is asked by the operations that are
// drawn, where a use comes before what is used.
func (c *copies) body(from, to int) *body {
	var found *body
	for i := range c.bodies {
		b := &c.bodies[i]
		in := b.First <= min(from, to) && max(from, to) < b.End
		if in && (from >= to || (from-b.First)/b.each != (to-b.First)/b.each) {
			found = b
		}
	}
	return found
}

// bounds is the range of a value in all copies.
func (c *copies) bounds(id int) program.Range {
	r := c.outline.Operations[id].Bounds
	for _, twin := range c.same[c.show[id]] {
		b := c.outline.Operations[twin].Bounds
		r = program.Range{Lo: min(r.Lo, b.Lo), Hi: max(r.Hi, b.Hi)}
	}
	return r
}

// differ reports whether copies of an operation have different details, as where each
// reads another element of the input.
func (c *copies) differ(id int) bool {
	for _, twin := range c.same[id] {
		if c.outline.Operations[twin].Detail != c.outline.Operations[id].Detail {
			return true
		}
	}
	return false
}
