package formula

import (
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// reader reads one program.
type reader struct {
	p       *program.Program
	plan    *lower.Plan
	symbols map[string]poly.Poly
	causal  []*program.CausalAxes // by operation: the only elements that are asked for
	values  []value
	pairs   map[string]*group // of conjunctions, by what meets
	at      int               // the value that is being read
	row     map[*group]int    // the value that made a group
	shares  map[int][]int     // by value: those that made groups which it uses as its own
	shared  map[int][]*group  // by value: these groups

	compared map[int][][2]int // by value of a copy: levels that were compared
	err      error            // what was too much to read
}

// mostParts is how many kinds of products are kept apart in one operation.
const mostParts = 4096

// value is one operation as it is read: in a scan, one copy of it.
type value struct {
	content
	n    *program.Node
	args []int    // values
	made []*group // the groups whose gates it makes
	adds int      // levels above its operands
}

// level returns the greatest level of the literals of a value.
func (v *value) level() int {
	level := 0
	for _, c := range v.facts.Classes {
		level = max(level, c.Level)
	}
	return level
}

// read appends the value of an operation on values.
func (r *reader) read(n *program.Node, args []int) int {
	r.at = len(r.values)
	r.values = append(r.values, value{n: n, args: args})
	var x, y content
	before := 0
	for k, a := range args {
		before = max(before, r.values[a].level())
		if k == 0 {
			x = r.values[a].content
		} else {
			y = r.values[a].content
		}
	}
	r.plan.Value = r.at
	f := r.plan.Of(n, x.facts, y.facts)
	out := content{}
	switch n.Op {
	case program.OpInput:
		g := &group{axes: r.axes(n.Shape, levels(n)), fanIn: poly.Int(1), mass: poly.Int(1)}
		out = content{parts: []part{own(g, len(n.Shape))}, mass: poly.Int(1<<n.Bits - 1), bits: !n.Given}
	case program.OpTokens:
		g := &group{axes: r.axes(n.Shape), fanIn: poly.Int(1), mass: poly.Int(1)}
		out = content{parts: []part{own(g, len(n.Shape))}, mass: poly.Int(1)}
	case program.OpStep:
		out = r.step(n, x, &f)
	case program.OpLookup:
		out = r.lookup(n, x, &f)
	case program.OpContract:
		out = r.contract(n, x, y, &f)
	case program.OpQuotient, program.OpRootQuotient:
		out = r.quotient(n, x, y, &f)
	case program.OpMaxStep, program.OpArgMax:
		out = r.maximum(n, x, &f)
	default:
		out = r.exact(n, r.at, x, y)
	}
	out.facts = f
	v := &r.values[r.at]
	v.content = out
	v.adds = max(0, r.plan.Level(f.Classes)-before) // which of them is the greatest may change in a scan
	return r.at
}

// make adds a group to the value that is being read.
func (r *reader) make(g *group) *group {
	v := &r.values[r.at]
	v.made = append(v.made, g)
	r.row[g] = r.at
	return g
}

// share notes that the value that is being read uses a group as its own that another value made.
func (r *reader) share(g *group) {
	if by := r.row[g]; by != r.at {
		r.shares[r.at], r.shared[r.at] = append(r.shares[r.at], by), append(r.shared[r.at], g)
	}
}

// findCausal finds the values that are read only under a causal mask.
func (r *reader) findCausal() {
	nodes := r.p.Nodes()
	r.causal = make([]*program.CausalAxes, len(nodes))
	all := make([]bool, len(nodes)) // some use asks for all elements
	ask := func(id int, c *program.CausalAxes) {
		switch {
		case c == nil || r.causal[id] != nil && *r.causal[id] != *c:
			all[id] = true
		default:
			r.causal[id] = c
		}
	}
	for _, o := range r.p.Results() {
		all[o.Value] = true
	}
	for _, rep := range r.p.Repeats() {
		for _, state := range rep.States {
			for _, id := range state { // copies that are not in the program may read all of it
				all[id] = all[id] || rep.Open
			}
		}
	}
	for id := len(nodes) - 1; id >= 0; id-- {
		n := &nodes[id]
		if all[id] {
			r.causal[id] = nil
		}
		for _, a := range n.Args {
			switch n.Op {
			case program.OpMask:
				if n.Causal != nil {
					ask(a, n.Causal)
				} else {
					ask(a, r.causal[id])
				}
			case program.OpArgMax, program.OpMaxStep: // an element depends on its row
				ask(a, n.Causal)
			case program.OpStep, program.OpAffine:
				ask(a, r.causal[id])
			default:
				all[a] = true
			}
		}
	}
}

// causalAxes returns the causal axes of the groups of an operation. The first axes of such a group are the
// axes of the shape.
func (r *reader) causalAxes(n *program.Node) *[2]int {
	c := r.causal[n.ID]
	if c == nil && (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) {
		c = n.Causal
	}
	return r.causalOf(n, c)
}

// causalOf returns the axes of a causal mask as long as each other; else nil.
func (r *reader) causalOf(n *program.Node, c *program.CausalAxes) *[2]int {
	if c == nil || !n.Shape[c.First].Open() || !n.Shape[c.Second].Open() ||
		n.Shape[c.First].Factor() != n.Shape[c.Second].Factor() {
		return nil
	}
	return &[2]int{c.First, c.Second}
}
