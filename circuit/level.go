package circuit

import (
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Levels holds the level of every node under a depth model: the greatest cost of a
// path from an input or constant to it, itself included.
type Levels struct {
	Model gates.DepthModel
	Gate  []uint32 // by gate
	Sum   []uint32 // by sum: the greatest level of a term
	Depth int      // the greatest level of an output wire

	nodes *Nodes
	costs *[gates.NumKinds]int32 // see pairCosts
}

// Cost returns what gate g adds to the depth of a path in a model.
func (c *Nodes) Cost(model gates.DepthModel, g Gate) int {
	if model.FreeParity && c.IsParity(g) {
		return 0
	}
	return model.Cost[c.kind[g]]
}

// IsParity reports whether g is a MOD gate with modulus 2: the parity of those that it reads with odd
// weights, or its complement.
func (c *Nodes) IsParity(g Gate) bool {
	if c.kind[g] != gates.Mod {
		return false
	}
	_, m := c.Modulus(g)
	return m.M == 2
}

// Levels computes the levels of all gates and sums.
func (c *Circuit) Levels(model gates.DepthModel) *Levels {
	l := &Levels{
		Model: model, Gate: make([]uint32, 0, c.Len()), Sum: make([]uint32, 0, c.SumCount()),
	}
	l.Finish(c)
	return l
}

// Levels returns the levels of the gates made so far. They are filled up to the gate that
// [Levels.Of] is asked about, and Depth is not computed.
func (b *Builder) Levels(model gates.DepthModel) *Levels {
	return &Levels{Model: model, nodes: &b.c.Nodes}
}

// Depth returns the depth of the circuit under the standard model.
func (c *Circuit) Depth() int { return c.Levels(gates.Standard()).Depth }

// Finish ends the levels of the gates made so far as those of c, which [Builder.Unchecked] has made of these.
func (l *Levels) Finish(c *Circuit) {
	l.nodes = &c.Nodes
	l.gatesTo(c.Len())
	l.sumsTo(c.SumCount())
	for _, x := range c.Outputs() {
		l.Depth = max(l.Depth, int(l.Of(x)))
	}
}

// Of returns the level of a literal: the level of its gate, plus the cost of a complement in the
// model.
func (l *Levels) Of(x Lit) uint32 {
	if int(x.Gate()) >= len(l.Gate) {
		l.gatesTo(int(x.Gate()) + 1)
	}
	return l.read(x)
}

func (l *Levels) read(x Lit) uint32 {
	level := l.Gate[x.Gate()]
	if x.IsComplement() && !x.IsConst() {
		level += uint32(l.Model.Complement)
	}
	return level
}

// gatesTo computes the levels of the gates below n and of the sums they read. A gate that
// reads sum s was made after all the sums up to s, so both lists grow in step.
func (l *Levels) gatesTo(n int) {
	if l.costs == nil {
		l.costs = l.pairCosts()
	}
	c, cost := l.nodes, l.costs
	from := len(l.Gate)
	if n > cap(l.Gate) {
		l.Gate = slices.Grow(l.Gate, max(n, cap(l.nodes.kind))-from) // a builder will make more
	}
	l.Gate = l.Gate[:n]
	level, kind, first := l.Gate, c.kind[:n], c.first[:n+1]
	for g := from; g < n; g++ {
		base, at := first[g], uint32(0)
		args := c.args.at(base)
		here, _ := slices.BinarySearch(first[g+1:], base-base%pageSize+pageSize) // gates that end before the page does
		for to := g + here; g < to; g++ {
			end, add := first[g+1]-base, cost[kind[g]]
			switch {
			case add >= 0 && end-at == 2: // most gates: it has no calls
				level[g] = max(level[args[at]>>1], level[args[at+1]>>1]) + uint32(add)
			case kind[g].HasBound():
				if s := int(args[at]); s >= len(l.Sum) {
					l.sumsTo(s + 1)
				}
				level[g] = l.Sum[args[at]] + uint32(l.Model.Cost[kind[g]])
			default:
				level[g] = l.gate(Gate(g))
			}
			at = end
		}
		if g < n { // the last of the page
			level[g] = l.gate(Gate(g))
		}
	}
}

// pairCosts returns what a gate of each kind costs that reads two literals, where complements are
// free, and −1 elsewhere.
func (l *Levels) pairCosts() *[gates.NumKinds]int32 {
	cost := new([gates.NumKinds]int32)
	for k := range cost {
		cost[k] = -1
		if gates.Kind(k).IsLogic() && l.Model.Complement == 0 {
			cost[k] = int32(l.Model.Cost[k])
		}
	}
	return cost
}

// gate returns the level of a gate from those of the gates before it.
func (l *Levels) gate(g Gate) uint32 {
	level := uint32(0)
	if s, ok := l.nodes.ReadsSum(g); ok {
		l.sumsTo(int(s) + 1)
		level = l.Sum[s]
	}
	for _, x := range l.nodes.Fanin(g) {
		level = max(level, l.read(x))
	}
	return level + uint32(l.nodes.Cost(l.Model, g))
}

// sumsTo computes the levels of the sums below n. Those of the gates that they read are
// computed before.
func (l *Levels) sumsTo(n int) {
	gate := l.Gate
	if n > cap(l.Sum) {
		l.Sum = slices.Grow(l.Sum, max(n, cap(l.nodes.sumForm))-len(l.Sum))
	}
	for s := SumID(len(l.Sum)); int(s) < n; s++ {
		level := uint32(0)
		for _, r := range l.nodes.Refs(s) {
			if r.IsSum() {
				level = max(level, l.Sum[r.Sum()])
			} else {
				level = max(level, gate[r])
			}
		}
		l.Sum = append(l.Sum, level)
	}
}

// Level returns the standard level of x in the circuit made so far.
func (b *Builder) Level(x Lit) int { return int(b.levels.Of(x)) }
