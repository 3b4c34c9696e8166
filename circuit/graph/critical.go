package graph

import (
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// Critical is the part of a circuit that lies on longest paths.
type Critical struct {
	Depth int    // the length of each of these paths, in the costs of the model
	Nodes []Node // gates and sums, by id
	Edges []Edge // by what reads, then by what is read

	view *View
	ends []bool // by node: a path may end there
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
	outputs = outputsOr(v.c, outputs)
	levels := v.c.Levels(v.model)
	level := slices.Concat(levels.Gate, levels.Sum) // by node
	p := &Critical{view: v, ends: make([]bool, v.len())}
	for _, x := range outputs {
		p.Depth = max(p.Depth, int(levels.Of(x)))
	}
	for _, x := range outputs {
		p.ends[x.Gate()] = p.ends[x.Gate()] || int(levels.Of(x)) == p.Depth
	}
	on := slices.Clone(p.ends)
	// A wire is on a longest path exactly if its reader is, and if the wire gives the reader
	// its level.
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

// Paths returns how many longest paths there are. Two paths differ if
// their gates or the sums between them do. Two outputs that read one gate do not count its
// paths twice.
//
// Time: one addition for each edge of the part, of numbers that may have as many bits as the
// longest path has steps.
func (p *Critical) Paths() circuit.Int {
	n := p.view.len()
	first := make([]int, n+1)    // the edges into node y are Edges[first[y]:first[y+1]]
	uses := make([]int, n)       // by node: how often its count is still asked for
	count := make([]*big.Int, n) // by node: of the paths that lead to it, while it is asked for
	for _, e := range p.Edges {
		first[e.to.id+1]++
		uses[e.from.id]++
	}
	for y, end := range p.ends {
		first[y+1] += first[y]
		if end {
			uses[y]++
		}
	}
	total, spare := new(big.Int), []*big.Int{new(big.Int)} // numbers are used again: they may be long
	addTo := func(sum *big.Int, x int64) {
		sum.Add(sum, count[x])
		if uses[x]--; uses[x] == 0 {
			spare = append(spare, count[x])
		}
	}
	for _, y := range p.view.order() {
		if uses[y] == 0 {
			continue // it is not a node of the part
		}
		last := len(spare) - 1
		sum := spare[last]
		if spare = spare[:last]; last == 0 {
			spare = append(spare, new(big.Int))
		}
		in := p.Edges[first[y]:first[y+1]]
		if sum.SetInt64(0); len(in) == 0 {
			sum.SetInt64(1)
		}
		for _, e := range in {
			addTo(sum, e.from.id)
		}
		if count[y] = sum; p.ends[y] {
			addTo(total, int64(y))
		}
	}
	return circuit.BigInt(total)
}

// outputsOr returns the given outputs, or all outputs of c if none is given.
func outputsOr(c *circuit.Circuit, given []circuit.Lit) []circuit.Lit {
	if len(given) == 0 {
		return c.Outputs()
	}
	return given
}
