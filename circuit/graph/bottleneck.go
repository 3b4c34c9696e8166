package graph

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Bottlenecks knows, for each node that an input leads to, the nodes that every path from an
// input to it passes. In a flow graph with one root before all inputs these are its
// dominators. They form a tree: above each node stands the last of those before it.
//
// A circuit has no cycles, so that one pass in topological order finds the tree: a node hangs
// below the node where the ways up from all that it reads meet.
type Bottlenecks struct {
	c *circuit.Circuit

	// By node; then for the root; then for no node. A jump goes up over many nodes at once, as far for all
	// nodes of one depth (Myers 1983, An applicative random-access stack), so that two ways
	// up meet after few steps.
	up, jump []uint32
	depth    []int // 1 of the root, 0 of what no input leads to
}

// Bottlenecks finds the tree.
//
// Time: linear in the stored wires, times the logarithm of the depth.
func (v *View) Bottlenecks() *Bottlenecks {
	root := uint32(v.len())
	none := root + 1 // no node, and so below everything
	b := &Bottlenecks{v.c, make([]uint32, none+1), make([]uint32, none+1), make([]int, none+1)}
	b.up[root], b.jump[root], b.depth[root] = root, root, 1
	var in []wire
	for _, y := range v.order() {
		above := none
		if _, isSum := v.sum(y); !isSum && v.c.Kind(circuit.Gate(y)) == gates.Input {
			above = root
		}
		in = v.reads(in[:0], y)
		for _, w := range in {
			above = b.meet(above, w.from)
		}
		if b.depth[above] > 0 {
			b.hang(y, above)
		}
	}
	return b
}

// hang puts node y below node x.
func (b *Bottlenecks) hang(y, x uint32) {
	b.up[y], b.jump[y], b.depth[y] = x, x, b.depth[x]+1
	if j := b.jump[x]; b.depth[x]-b.depth[j] == b.depth[j]-b.depth[b.jump[j]] {
		b.jump[y] = b.jump[j]
	}
}

// meet returns the lowest node that is above both or one of them. What no input leads to does
// not count.
func (b *Bottlenecks) meet(x, y uint32) uint32 {
	if b.depth[x] < b.depth[y] {
		x, y = y, x
	}
	if b.depth[y] == 0 {
		return x
	}
	for x != y {
		switch {
		case b.depth[x] > b.depth[y] && b.depth[b.jump[x]] >= b.depth[y]:
			x = b.jump[x]
		case b.depth[x] > b.depth[y]:
			x = b.up[x]
		case b.jump[x] != b.jump[y]:
			x, y = b.jump[x], b.jump[y]
		default:
			x, y = b.up[x], b.up[y]
		}
	}
	return x
}

// To returns the gates that every path from an input to one of the given outputs passes, in
// increasing order; with none given, every path from an input to an output of the circuit.
// The gate of a single output is one itself, and so is an input if the outputs depend on no
// other. The list is empty if the outputs depend on no input.
//
// Time: linear in the outputs and in how many there are above them.
func (b *Bottlenecks) To(outputs ...circuit.Lit) []circuit.Gate {
	at := uint32(len(b.up) - 1) // no node
	for _, x := range outputsOr(b.c, outputs) {
		at = b.meet(at, uint32(x.Gate()))
	}
	var list []circuit.Gate
	for ; b.depth[at] > 1; at = b.up[at] {
		if at < uint32(b.c.Len()) {
			list = append(list, circuit.Gate(at))
		}
	}
	slices.Reverse(list)
	return list
}
