package graph

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Critical is the part of a circuit that lies on longest paths.
type Critical struct {
	Depth int    // the length of each of these paths, in the costs of the model
	Nodes []Node // gates and sums, by id
	Edges []Edge // by what reads, then by what is read
}

// Gates returns the gates of the part, in increasing order, inputs among them. Sums are left
// out.
func (p *Critical) Gates() []circuit.Gate {
	var list []circuit.Gate
	for _, n := range p.Nodes {
		if g, ok := n.Gate(); ok {
			list = append(list, g)
		}
	}
	return list
}

// Critical returns the gates, sums and wires that lie on any longest path to the given
// outputs; with none given, to any output of the circuit. Every path through the part from
// its start to one of its outputs is a longest one.
//
// Time: linear in the stored wires.
func (v *View) Critical(outputs ...circuit.Lit) *Critical {
	outputs = v.outputs(outputs)
	levels := v.c.Levels(v.model)
	level := slices.Concat(levels.Gate, levels.Sum) // by node
	p := &Critical{}
	for _, x := range outputs {
		p.Depth = max(p.Depth, int(levels.Of(x)))
	}
	on := make([]bool, v.len())
	for _, x := range outputs {
		on[x.Gate()] = on[x.Gate()] || int(levels.Of(x)) == p.Depth
	}
	// A wire is on a longest path just if its reader is and it is the reader's level that it
	// comes to.
	var in []wire
	tight := func(y uint32) []wire {
		in = v.reads(in[:0], y)
		return slices.DeleteFunc(in, func(w wire) bool { return int(level[w.from])+w.cost != int(level[y]) })
	}
	for _, y := range slices.Backward(v.order()) {
		if on[y] {
			for _, w := range tight(y) {
				on[w.from] = true
			}
		}
	}
	for y, ok := range on {
		if !ok {
			continue
		}
		p.Nodes = append(p.Nodes, Node{v.c, int64(y)})
		for _, w := range tight(uint32(y)) {
			p.Edges = append(p.Edges, v.edge(w, uint32(y)))
		}
	}
	return p
}

// Bottlenecks returns the gates that every path from an input to one of the given outputs
// passes, in increasing order; with none given, every path from an input to an output of the
// circuit. The gate of a single output is one itself, and so is an input if the outputs
// depend on no other. There is none if the outputs depend on no input.
//
// In a flow graph these are the dominators of the outputs, with one root before all inputs.
// A circuit has no cycles, so that they are simple to find: in topological order, and
// without the nodes on no such path, a bottleneck is a node that no edge passes by.
//
// Time: linear in the stored wires.
func (v *View) Bottlenecks(outputs ...circuit.Lit) []circuit.Gate {
	order := v.order()
	at := make([]int, len(order)) // by node: its place in the order
	for i, x := range order {
		at[x] = i
	}
	ends := make([]bool, len(order))
	for _, x := range v.outputs(outputs) {
		ends[x.Gate()] = true
	}
	on := v.reached(func(g circuit.Gate) bool { return v.c.Kind(g) == gates.Input })
	needed := slices.Clone(ends) // by node: whether an output depends on it
	var in []wire
	for _, y := range slices.Backward(order) {
		if on[y] = on[y] && needed[y]; !on[y] {
			continue
		}
		in = v.reads(in[:0], y)
		for _, w := range in {
			needed[w.from] = true
		}
	}
	far := 0 // the last node that an edge from one before goes to
	for _, g := range v.c.Inputs() {
		if on[g] {
			far = max(far, at[g])
		}
	}
	var list []circuit.Gate
	for i, x := range order {
		if !on[x] {
			continue
		}
		if _, isSum := v.sum(x); far <= i && !isSum {
			list = append(list, circuit.Gate(x))
		}
		for _, y := range v.readersOf(x) {
			if on[y] {
				far = max(far, at[y])
			}
		}
		if ends[x] { // a path can end here, before all that comes later
			far = len(order)
		}
	}
	return list
}

// Reaches reports whether a path leads from one gate to another. A gate reaches itself.
//
// Time: linear in the stored wires.
func (v *View) Reaches(from, to circuit.Gate) bool {
	return from <= to && v.reached(func(g circuit.Gate) bool { return g == from })[to]
}

// StageReaches reports whether a path leads from a gate of one stage to a gate of another,
// the stages within them included.
//
// Time: linear in the stored wires.
func (v *View) StageReaches(from, to circuit.StageID) bool {
	inFrom, inTo := within(v.c, from), within(v.c, to)
	for x, ok := range v.reached(func(g circuit.Gate) bool { return inFrom[v.c.StageOf(g)] })[:v.c.Len()] {
		if ok && inTo[v.c.StageOf(circuit.Gate(x))] {
			return true
		}
	}
	return false
}

// within tells, by stage, which are the given one or within it.
func within(c *circuit.Circuit, top circuit.StageID) []bool {
	in := make([]bool, c.StageCount())
	for id := range in {
		s := circuit.StageID(id)
		in[id] = s == top || s > 0 && in[c.Stage(s).Parent] // a parent comes before its stages
	}
	return in
}

// reached marks the nodes that a path from some of the gates leads to, those included.
func (v *View) reached(from func(circuit.Gate) bool) []bool {
	on := make([]bool, v.len())
	for _, x := range v.order() {
		if _, isSum := v.sum(x); !isSum && from(circuit.Gate(x)) {
			on[x] = true
		}
		if on[x] {
			for _, y := range v.readersOf(x) {
				on[y] = true
			}
		}
	}
	return on
}

// outputs returns the given outputs, or all of the circuit.
func (v *View) outputs(given []circuit.Lit) []circuit.Lit {
	if len(given) == 0 {
		return v.c.Outputs()
	}
	return given
}

// order returns the nodes in topological order: the gates as they are, and a sum as soon as
// the gates and sums that it reads are there. A gate that reads it was made later.
func (v *View) order() []uint32 {
	order := make([]uint32, 0, v.len())
	next, latest := circuit.SumID(0), circuit.Gate(0) // a sum, and the greatest gate that it reads
	find := func() {
		if int(next) == v.c.SumCount() {
			return
		}
		for _, r := range v.c.Refs(next) {
			if !r.IsSum() {
				latest = max(latest, r.Gate())
			}
		}
	}
	find()
	for g := range circuit.Gate(v.c.Len()) {
		order = append(order, uint32(g))
		for int(next) < v.c.SumCount() && latest <= g {
			order = append(order, v.sumNode(next))
			next++
			find()
		}
	}
	return order
}
