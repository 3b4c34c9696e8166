package formula

import (
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// gateGroup is a family of gates, or of input wires, with index axes: one gate for each
// setting of the indices.
type gateGroup struct {
	kind    groupKind
	axes    []groupAxis
	causal  *[2]int    // two axes of positions, of which the second is not after the first
	count   *poly.Poly // how many there are if the axes say too much
	level   int
	fanIn   poly.Poly // of one gate
	mass    poly.Poly // Σ|w| of one gate, in n alone
	reads   []part    // what its gates read
	single  bool      // some of the conjunctions are a single comparison, which mass bounds
	code    bool      // the gates along the last axis compare one sum with rising bounds
	live    bool      // an output depends on it
	product bool      // its gates are conjunctions of two literals
	loose   bool      // there are fewer gates than size says, whatever the weights
	why     string
}

type groupKind uint8

// The kinds of group, as far as Absorb tells them apart.
const (
	inputGroup groupKind = iota
	boundGroup           // threshold gates
	andGroup             // conjunctions
	orGroup              // disjunctions
)

// groupAxis is one index of a group.
type groupAxis struct {
	name string
	size poly.Poly
}

// size returns how many gates there are.
func (g *gateGroup) size() poly.Poly {
	if g.count != nil {
		return *g.count
	}
	out := poly.Int(1)
	for k, a := range g.axes {
		if g.causal != nil && k == g.causal[1] {
			// With the first axis: n(n+1)/2 pairs instead of n².
			a.size = poly.Half(a.size.Plus(poly.Int(1)))
		}
		out = out.Times(a.size)
	}
	return out
}

// part is the share of one group in the elements of a value. For each axis of the group it says how the
// index follows from the index of the element.
type part struct {
	g    *gateGroup
	vars []variable
}

// variable is an index of a group as seen from an element.
type variable struct {
	free  bool  // all indices occur in each element
	axes  []int // else those of the element that determine it; none if it is fixed
	exact bool  // and different settings of them give different indices
	// moved says in which way they determine it. It is "" if it is the index along the one axis
	// itself. Otherwise it names the Gathers in between.
	moved string
}

// literals returns how many gates of the group one element reads.
func (p part) literals() poly.Poly {
	out := poly.Int(1)
	for k, v := range p.vars {
		if v.free {
			out = out.Times(p.g.axes[k].size)
		}
	}
	return out
}

// content is what the elements of a value are sums of.
type content struct {
	parts    []part
	mass     poly.Poly // bound on Σ|w| of an element, its constant apart; in n alone
	constant bool      // a constant may stand in the sum
	chain    bool      // an element is a code, scaled: comparing it is one of its literals
}

// level returns the level of the deepest literal, or 0 without literals.
func (c content) level() int {
	level := 0
	for _, p := range c.parts {
		level = max(level, p.g.level)
	}
	return level
}

// literals bounds the number of literals of an element.
func (c content) literals() poly.Poly {
	total := poly.Poly{}
	for _, p := range c.parts {
		total = total.Plus(p.literals())
	}
	return total
}

// renamed returns the content with another view of the axes of the element. The function to maps an axis
// to a variable in its place.
func (c content) renamed(to func(axis int) variable) content {
	c.parts = slices.Clone(c.parts)
	for i, p := range c.parts {
		vars := make([]variable, len(p.vars))
		for k, v := range p.vars {
			vars[k] = v
			if v.free {
				continue
			}
			out := variable{exact: v.exact, moved: v.moved}
			for _, axis := range v.axes {
				w := to(axis)
				if w.free {
					out = variable{free: true}
					break
				}
				out.exact = out.exact && w.exact
				if w.moved != "" {
					out.moved += "/" + w.moved
				}
				for _, x := range w.axes {
					if !slices.Contains(out.axes, x) {
						out.axes = append(out.axes, x)
					}
				}
			}
			vars[k] = out
		}
		c.parts[i] = part{p.g, vars}
	}
	return c.merged()
}

// merged drops a part that equals another part.
func (c content) merged() content {
	var out []part
	for _, p := range c.parts {
		if !slices.ContainsFunc(out, p.equal) {
			out = append(out, p)
		}
	}
	c.parts = out
	return c
}

func (p part) equal(q part) bool {
	return p.g == q.g && slices.EqualFunc(p.vars, q.vars, func(v, w variable) bool {
		return v.free == w.free && v.moved == w.moved && slices.Equal(v.axes, w.axes)
	})
}

// plus returns the content of a sum.
func (c content) plus(d content) content {
	return content{
		parts: slices.Concat(c.parts, d.parts), mass: c.mass.Plus(d.mass), constant: c.constant || d.constant,
	}.merged()
}

// shift returns a variable view that moves axes by k.
func shift(k int) func(int) variable {
	return func(axis int) variable { return variable{axes: []int{axis + k}, exact: true} }
}

// formulaReader reads one program.
type formulaReader struct {
	p          *program.Program
	strategy   lower.Strategy
	values     []content
	made       [][]*gateGroup // by operation
	multiplied []bool
	pairs      map[string]*gateGroup // of conjunctions, by what meets
	causal     []*program.CausalAxes // by operation: the only elements that are asked for
}

// make adds a group to an operation.
func (r *formulaReader) make(n *program.Node, g *gateGroup) *gateGroup {
	r.made[n.ID] = append(r.made[n.ID], g)
	return g
}

// live marks the groups that an output depends on.
func (r *formulaReader) live(parts []part) {
	for _, p := range parts {
		if !p.g.live {
			p.g.live = true
			r.live(p.g.reads)
		}
	}
}

func (r *formulaReader) size(d program.Dim) poly.Poly {
	if d.Open() {
		return poly.Symbol("n").Times(poly.Int(int64(d.Factor())))
	}
	if d.Size() == 1 {
		return poly.Int(1)
	}
	return poly.Symbol(d.Name)
}

// inN puts the values of all symbols except n into a formula.
func (r *formulaReader) inN(p poly.Poly) poly.Poly {
	values := map[string]poly.Poly{}
	for name, v := range r.p.Symbols() {
		values[name] = poly.Big(v)
	}
	return p.Substitute(values)
}

// axes returns group axes for the axes of a shape.
func (r *formulaReader) axes(s program.Shape) []groupAxis {
	var out []groupAxis
	for _, d := range s {
		out = append(out, groupAxis{d.Name, r.size(d)})
	}
	return out
}

// own returns a part of a group. The first axes of the group are the axes of the element.
func own(g *gateGroup, axes int) part {
	p := part{g: g}
	for k := range g.axes {
		if k < axes {
			p.vars = append(p.vars, variable{axes: []int{k}, exact: true})
		} else {
			p.vars = append(p.vars, variable{free: true})
		}
	}
	return p
}

// findCausal finds the values that are read only under a causal mask.
func (r *formulaReader) findCausal() {
	r.causal = make([]*program.CausalAxes, len(r.p.Nodes()))
	all := make([]bool, len(r.p.Nodes())) // some use asks for all elements
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
	for id := len(r.p.Nodes()) - 1; id >= 0; id-- {
		n := &r.p.Nodes()[id]
		if all[id] {
			r.causal[id] = nil
		}
		for _, a := range n.Args {
			switch n.Op {
			case program.OpMask, program.OpArgMax, program.OpMaxStep:
				if n.Causal != nil {
					ask(a, n.Causal)
				} else {
					ask(a, r.causal[id])
				}
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
func (r *formulaReader) causalAxes(n *program.Node) *[2]int {
	c := r.causal[n.ID]
	if c == nil && (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) {
		c = n.Causal
	}
	if c == nil || !n.Shape[c.First].Open() || !n.Shape[c.Second].Open() {
		return nil
	}
	return &[2]int{c.First, c.Second}
}

// absolute returns |v|.
func absolute(v int64) *big.Int { return new(big.Int).Abs(big.NewInt(v)) }

// greatest returns the greatest absolute number of a range.
func greatest(r program.Range) *big.Int {
	lo, hi := absolute(r.Lo), absolute(r.Hi)
	if lo.Cmp(hi) > 0 {
		return lo
	}
	return hi
}
