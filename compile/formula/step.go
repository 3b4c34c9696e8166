package formula

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Steps says how deep a program in steps is, for every n from From on.
type Steps struct {
	// Depth bounds the depth of the whole. It is a number; or a line in T, for every T from 1 on, if the
	// number of steps is open.
	Depth poly.Poly
	// Deepest bounds the depth of each step: the gates of the step on any path.
	Deepest int
	From    int64
}

// StepsOf reads a program in steps. If the number of steps is open, as [program.Program.Steps] can leave it, this
// is an induction over the copies, see [Of]: the copies that are not read do what copies before them did. For another
// program the function step says which step an operation belongs to, 0 for none.
//
// A gate of a step is as deep in it as the deepest of the literals that it reads, and 1; a literal from outside
// has depth 0. The literals that a gate reads are those of its group, so the groups of a step bound the depth.
func StepsOf(p *program.Program, s lower.Strategy, step func(n *program.Node) int) (*Steps, error) {
	if p.Err() != nil {
		return nil, p.Err()
	}
	f := &Costs{Values: map[string]int64{}, From: 1}
	r, open, err := f.open(p, s)
	if err != nil {
		return nil, err
	}
	out := &Steps{From: f.From}
	switch {
	case open == nil:
		r.straight(f)
		steps := map[int][]int{}
		for at := range r.values {
			if k := step(r.values[at].n); k > 0 {
				steps[k] = append(steps[k], at)
			}
		}
		for _, values := range steps {
			out.Deepest = max(out.Deepest, r.within(values))
		}
		out.Depth = f.Depth
		return out, nil
	case open.Symbol == "":
		return nil, fmt.Errorf("compile: the steps of %s are its positions", p.Name())
	}
	c, err := r.copies(open)
	if err != nil {
		return nil, err
	}
	for _, body := range c.body {
		out.Deepest = max(out.Deepest, r.within(body))
	}
	ends := c.end
	if open.Last > 0 {
		for _, after := range c.after {
			out.Deepest = max(out.Deepest, r.within(after[:open.Last-open.End]))
		}
		// T steps are T − 1 copies and the last one.
		c.state = nil
		for _, id := range open.States[0] {
			c.state = append(c.state, c.pre[id])
		}
		if err := c.finish(); err != nil {
			return nil, err
		}
		last := len(c.end) - 1
		out.Deepest = max(out.Deepest, r.within(c.after[last][:open.Last-open.End]))
		ends = append([]int{c.end[last]}, c.end[:last]...)
	}
	out.Depth = line(ends, c.again, open.Symbol)
	return out, nil
}

// within bounds the depth of some values, which are those of one step.
func (r *reader) within(values []int) int {
	known, deepest := map[*group]int{}, 0
	inside := map[*group]bool{}
	for _, at := range values {
		for _, g := range r.values[at].made {
			inside[g] = true
		}
		// The gates of a group that another operation made, too, may be in this step: lowering makes gates
		// when the first element needs them.
		for _, g := range r.shared[at] {
			inside[g] = true
		}
	}
	var depth func(g *group) int
	deepestOf := func(parts []part) int {
		most := 0
		for _, p := range parts {
			most = max(most, depth(p.g))
		}
		return most
	}
	depth = func(g *group) int {
		if d, ok := known[g]; ok {
			return d
		}
		d := 0
		switch {
		case g.of != nil:
			d = deepestOf(g.of)
		case inside[g]:
			d = deepestOf(g.reads) + 1
		}
		known[g] = d
		return d
	}
	for g := range inside {
		deepest = max(deepest, depth(g))
	}
	return deepest
}
