package formula

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Steps says how deep a program in steps is, for every n from From on.
type Steps struct {
	// Depth bounds the depth of the whole. It is a number; or a line in T, if the number of steps is open.
	Depth poly.Poly
	// Deepest bounds the depth of each step: the gates of the step on any path.
	Deepest int
	From    int64
	// Least is the least T of which this is said, if T is open.
	Least int
}

// StepsOf reads a program in steps. If the number of steps is open, as [program.Program.Steps] can leave it, this
// is an induction over the copies, see [Of]: the copies that are not read do what copies before them did. The
// function step says which step an operation outside of these copies belongs to, 0 for none.
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
	out := &Steps{From: f.From, Least: 1}
	switch {
	case open == nil:
		r.straight(f)
		out.Depth, out.Deepest = f.Depth, r.deepest(len(r.values), step)
		return out, r.err
	case open.Symbol == "":
		return nil, fmt.Errorf("compile: the steps of %s are its positions", p.Name())
	}
	c, err := r.copies(open)
	if err != nil {
		return nil, err
	}
	for _, stand := range p.Stands() {
		if err := c.stands(stand); err != nil {
			return nil, err
		}
	}
	out.Deepest = r.deepest(open.First, step) // those before the copies
	for _, body := range c.body {
		out.Deepest = max(out.Deepest, r.within(body))
	}
	// The steps before were not read apart: their depths are said to be 0.
	ends := append(make([]int, open.Before), c.end...)
	out.Least += open.Before
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

// stands checks that operations of each copy may stand for more of them, see [program.Stand]: for those on
// what was made j copies before, where the older ones have j = 2 and the newer ones j = 1.
//
// From copy to copy, all levels of the state must rise by the same number, from the first copy on. Then what was
// made j copies before is j times that number lower, whatever the copy. All comparisons from j = 1 to
// j = 2 must have the same outcomes, and their sides must not come closer. So by induction they have them for each j,
// and each level that is computed falls as j grows, or stays. So none of them is above that for j = 2.
// What they add to a sum does not matter then, if only the greatest level of the sum is asked for. Levels that
// fall stay above 0, since those of the first copy are, so a comparison with 0 has the same outcome for all.
func (c *copies) stands(s program.Stand) error {
	nodes := c.r.p.Nodes()
	refuse := func(why string) error {
		return fmt.Errorf("compile: in %q, what earlier copies made is not read alike: %s", c.rep.Name, why)
	}
	if len(c.looks[0].levels) == 0 || slices.Contains(c.looks[0].levels, 0) {
		return refuse("the first state has constants, or literals on level 0")
	}
	rise := c.looks[1].levels[0] - c.looks[0].levels[0]
	for t := 1; t < len(c.looks); t++ {
		if rise < 0 || c.looks[t].shape != c.looks[0].shape {
			return refuse("the state changes")
		}
		for k, level := range c.looks[t].levels {
			if level-c.looks[t-1].levels[k] != rise {
				return refuse("the levels of the state do not rise alike")
			}
		}
	}
	for t := 1; t < len(c.tests); t++ {
		if !apart(c.tests[t-1], c.tests[t]) {
			return refuse("levels of two copies come closer")
		}
	}
	from, newer := (s.Older-c.rep.First)%c.each, (s.Newer-c.rep.First)%c.each
	end := s.Older - from + c.each // of the copy
	if s.Older < c.rep.First || s.Newer <= s.Older || s.Newer+s.Newer-s.Older > end {
		return refuse("it stands elsewhere")
	}
	sums := map[int]bool{} // values that go on over all of them
	for k := s.Older; k < s.Newer; k++ {
		if !c.alike(s, k) {
			return refuse("the operations differ, or what they read")
		}
		if nodes[k].Op == program.OpAdd {
			sums[k], sums[k+s.Newer-s.Older] = true, true
			continue
		}
		for _, body := range c.body {
			i := k - s.Older
			if !c.falls(body[newer+i], body[from+i]) {
				return refuse(nodes[k].String())
			}
		}
	}
	return c.greatestOnly(s, end, sums, refuse)
}

// alike reports whether operation id of those that stand for more is the same as its twin among the newer ones: it
// reads the twins of what that one reads, or the same, or the state that was the other's one copy before. A sum
// goes on from the older sum.
func (c *copies) alike(s program.Stand, id int) bool {
	each := s.Newer - s.Older
	a, b := &c.r.p.Nodes()[id], &c.r.p.Nodes()[id+each]
	if a.Op != b.Op || !a.Shape.Equal(b.Shape) || len(a.Args) != len(b.Args) {
		return false
	}
	t := (id - c.rep.First) / c.each
	now, then := c.rep.States[t], c.rep.States[t+1]
	for k, from := range a.Args {
		to := b.Args[k]
		i, j := slices.Index(now, from), slices.Index(now, to)
		switch {
		case a.Op == program.OpAdd && k == 0 && from < s.Older && to == id:
		case i >= 0 && j >= 0 && then[i] == now[j]:
		case from >= s.Older && to == from+each:
		case from < s.Older && from == to:
		default:
			return false
		}
	}
	return true
}

// falls reports whether the classes of a value are those of another, at most as high, and whether its comparisons
// go on as those did.
func (c *copies) falls(newer, older int) bool {
	a, b := c.r.values[newer].facts, c.r.values[older].facts
	if !fall(c.r.compared[newer], c.r.compared[older]) || len(a.Classes) != len(b.Classes) || a.Code != b.Code ||
		a.Chain != b.Chain || a.Constant != b.Constant || a.Single != b.Single || a.Same != b.Same ||
		a.Selected != b.Selected || !slices.Equal(a.Alike, b.Alike) || !slices.Equal(a.Widths, b.Widths) {
		return false
	}
	for k := range a.Classes {
		if a.Classes[k].And != b.Classes[k].And || a.Classes[k].Level < b.Classes[k].Level {
			return false
		}
	}
	return true
}

// fall reports whether comparisons go on as those before them, see stands.
func fall(before, now [][2]int) bool {
	if len(before) != len(now) {
		return false
	}
	for k, a := range before {
		b := now[k]
		zero := a[0] == 0 && b[0] == 0 && b[1] > 0
		if !zero && !apart([]int{a[0] - a[1]}, []int{b[0] - b[1]}) {
			return false
		}
	}
	return true
}

// greatestOnly checks that what is in the sums goes into other sums only, and then into quotients: the level of a
// quotient is one above the greatest level of what it reads. Nothing else in the range of the stand may be read after
// it. The copy ends before operation end.
func (c *copies) greatestOnly(s program.Stand, end int, sums map[int]bool, refuse func(string) error) error {
	nodes, after := c.r.p.Nodes(), s.Newer+s.Newer-s.Older
	for id := s.Older; id < end; id++ {
		n := &nodes[id]
		for _, a := range n.Args {
			inside := func(from, to int) bool { return from <= a && a < to }
			switch {
			case !sums[a]:
				if inside(s.Older, s.Newer) && id >= s.Newer || inside(s.Newer, after) && id >= after {
					return refuse(nodes[a].String() + " is read elsewhere")
				}
			case n.Op == program.OpAdd, n.Op == program.OpAffine, n.Op == program.OpGather:
				sums[id] = true
			case n.Op != program.OpQuotient:
				return refuse("a sum over all of them is read by " + n.String())
			}
		}
	}
	for _, state := range c.rep.States {
		if slices.ContainsFunc(state, func(id int) bool { return sums[id] }) {
			return refuse("a sum over all of them is in the state")
		}
	}
	return nil
}

// deepest bounds the depth of the steps of the first values.
func (r *reader) deepest(values int, step func(n *program.Node) int) int {
	steps := map[int][]int{}
	for at := range values {
		if k := step(r.values[at].n); k > 0 {
			steps[k] = append(steps[k], at)
		}
	}
	deepest := 0
	for _, of := range steps {
		deepest = max(deepest, r.within(of))
	}
	return deepest
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
