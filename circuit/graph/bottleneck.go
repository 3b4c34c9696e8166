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

	// By node, and the root last. A jump goes up over many nodes at once, as far for all
	// nodes of one depth (Myers 1983, An applicative random-access stack), so that two ways
	// up meet after few steps.
	up, jump []uint32
	depth    []int // 1 for the root, 0 for what no input leads to
}

// Bottlenecks finds the tree.
//
// Time: linear in the stored wires, times the logarithm of the depth.
func (v *View) Bottlenecks() *Bottlenecks {
	root := uint32(v.len())
	b := &Bottlenecks{v.c, make([]uint32, root+1), make([]uint32, root+1), make([]int, root+1)}
	b.up[root], b.jump[root], b.depth[root] = root, root, 1
	var in []wire
	for _, y := range v.order() {
		if _, isSum := v.sum(y); !isSum && v.c.Kind(circuit.Gate(y)) == gates.Input {
			b.hang(y, root)
			continue
		}
		in = v.reads(in[:0], y)
		above, found := root, false
		for _, w := range in {
			switch {
			case b.depth[w.from] == 0:
			case !found:
				above, found = w.from, true
			default:
				above = b.meet(above, w.from)
			}
		}
		if found {
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

// meet returns the lowest node that is above both or one of them.
func (b *Bottlenecks) meet(x, y uint32) uint32 {
	if b.depth[x] < b.depth[y] {
		x, y = y, x
	}
	for b.depth[x] > b.depth[y] {
		if b.depth[b.jump[x]] >= b.depth[y] {
			x = b.jump[x]
		} else {
			x = b.up[x]
		}
	}
	for x != y {
		if b.jump[x] != b.jump[y] {
			x, y = b.jump[x], b.jump[y]
		} else {
			x, y = b.up[x], b.up[y]
		}
	}
	return x
}

// To returns the gates that every path from an input to one of the given outputs passes, in
// increasing order; with none given, every path from an input to an output of the circuit.
// The gate of a single output is one itself, and so is an input if the outputs depend on no
// other. There is none if the outputs depend on no input.
//
// Time: linear in the outputs and in how many there are above them.
func (b *Bottlenecks) To(outputs ...circuit.Lit) []circuit.Gate {
	if len(outputs) == 0 {
		outputs = b.c.Outputs()
	}
	root := uint32(len(b.up) - 1)
	at, found := root, false
	for _, x := range outputs {
		switch g := uint32(x.Gate()); {
		case b.depth[g] == 0:
		case !found:
			at, found = g, true
		default:
			at = b.meet(at, g)
		}
	}
	var list []circuit.Gate
	for ; at != root; at = b.up[at] {
		if at < uint32(b.c.Len()) {
			list = append(list, circuit.Gate(at))
		}
	}
	slices.Reverse(list)
	return list
}
