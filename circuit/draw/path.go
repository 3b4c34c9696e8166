package draw

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// highlight marks the shapes of a path and the lines between them, from the input or
// gate that it starts with to an output that reads the last. In a folded figure, the
// part of the path within a box is the box.
func (s *scene) highlight() error {
	path := s.cfg.Path
	if len(path) == 0 {
		return nil
	}
	if err := checkPath(s.c, path); err != nil {
		return err
	}
	in := make([][]int, len(s.nodes)) // the edges into each node
	for i := range s.edges {
		in[s.edges[i].to] = append(in[s.edges[i].to], i)
	}
	last := terminal{-1, -1}
	for _, g := range path {
		at, ok := s.ends(g)
		if !ok { // a constant, which stands beside each of its readers
			continue
		}
		if last.node >= 0 && at.node != last.node {
			s.mark(in, last, at.node)
		}
		s.nodes[at.node].path = true
		last = at
	}
	for i := range s.edges {
		e := &s.edges[i]
		if e.from == last.node && e.fromCell == last.cell && s.nodes[e.to].role == roleOutput {
			e.path, s.nodes[e.to].path = true, true
			break
		}
	}
	return nil
}

// checkPath returns an error if a gate of the path does not read the gate before it.
func checkPath(c *circuit.Circuit, path []circuit.Gate) error {
	for i, g := range path {
		if int(g) >= c.Len() {
			return fmt.Errorf("draw: a path through gate %d of a circuit of %d", g, c.Len())
		}
		if i > 0 && !reads(c, g, path[i-1]) {
			return fmt.Errorf("draw: a path through gates %d and %d, but the second does not read the first",
				path[i-1], g)
		}
	}
	return nil
}

// reads reports whether gate g reads gate from, itself or through sums.
func reads(c *circuit.Circuit, g, from circuit.Gate) bool {
	if slices.ContainsFunc(c.Fanin(g), func(x circuit.Lit) bool { return x.Gate() == from }) {
		return true
	}
	s, ok := c.ReadsSum(g)
	return ok && slices.ContainsFunc(c.Unmarked(s, make([]bool, c.SumCount())), func(t circuit.SumID) bool {
		return slices.ContainsFunc(c.Refs(t), func(r circuit.Ref) bool { return !r.IsSum() && r.Gate() == from })
	})
}

// mark marks a line from one shape to another, or a chain of lines if only sums stand
// between them. A folded figure has no such line if the reader is a free gate, whose
// wires do not count.
func (s *scene) mark(in [][]int, from terminal, to int) {
	next := map[int]int{to: -1} // by node: the edge that leads on towards to
	for queue := []int{to}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		for _, i := range in[n] {
			e := &s.edges[i]
			if e.from == from.node && e.fromCell == from.cell {
				e.path = true
				for ; next[n] >= 0; n = s.edges[next[n]].to {
					s.edges[next[n]].path, s.nodes[n].path = true, true
				}
				return
			}
			if _, seen := next[e.from]; !seen && s.nodes[e.from].role == roleSum {
				next[e.from] = i
				queue = append(queue, e.from)
			}
		}
	}
}
