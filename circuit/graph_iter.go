package circuit

import (
	"slices"

	"gonum.org/v1/gonum/graph"
)

// nodeIterator goes through a list of nodes, or through all nodes below a number.
type nodeIterator struct {
	c    *Circuit
	list []uint32 // if all is 0
	all  int
	done int // how many have been returned, the current one included
}

func nodesOf(c *Circuit, list []uint32) graph.Nodes {
	if len(list) == 0 {
		return graph.Empty
	}
	return &nodeIterator{c: c, list: list}
}

func (it *nodeIterator) count() int { return max(it.all, len(it.list)) }

// Len returns how many nodes are left.
func (it *nodeIterator) Len() int { return max(0, it.count()-it.done) }

func (it *nodeIterator) Reset() { it.done = 0 }

func (it *nodeIterator) Next() bool {
	if it.done <= it.count() {
		it.done++
	}
	return it.done <= it.count()
}

func (it *nodeIterator) Node() graph.Node {
	i := it.done - 1
	switch {
	case i < 0 || i >= it.count():
		return nil
	case it.all > 0:
		return Node{it.c, int64(i)}
	}
	return Node{it.c, int64(it.list[i])}
}

// NodeSlice returns the nodes that are left.
func (it *nodeIterator) NodeSlice() []graph.Node {
	nodes := make([]graph.Node, 0, it.Len())
	for it.Next() {
		nodes = append(nodes, it.Node())
	}
	return nodes
}

// edgeIterator goes through the edges of a graph in the order of its readers.
type edgeIterator struct {
	g  *Graph
	at int // the current edge
}

// Len returns how many edges are left.
func (it *edgeIterator) Len() int { return max(0, len(it.g.readers)-it.at-1) }

func (it *edgeIterator) Reset() { it.at = -1 }

func (it *edgeIterator) Next() bool {
	if it.at < len(it.g.readers) {
		it.at++
	}
	return it.at < len(it.g.readers)
}

func (it *edgeIterator) WeightedEdge() graph.WeightedEdge {
	if it.at < 0 || it.at >= len(it.g.readers) {
		return nil
	}
	// The tail is the last node whose readers start at or before the edge.
	after, _ := slices.BinarySearch(it.g.readerFirst, it.at+1)
	return it.g.WeightedEdge(int64(after-1), int64(it.g.readers[it.at]))
}

func (it *edgeIterator) Edge() graph.Edge {
	if e := it.WeightedEdge(); e != nil {
		return e
	}
	return nil
}

// EdgeSlice returns the edges that are left.
func (it *edgeIterator) EdgeSlice() []graph.Edge {
	edges := make([]graph.Edge, 0, it.Len())
	for it.Next() {
		edges = append(edges, it.Edge())
	}
	return edges
}

// WeightedEdgeSlice returns the edges that are left.
func (it *edgeIterator) WeightedEdgeSlice() []graph.WeightedEdge {
	edges := make([]graph.WeightedEdge, 0, it.Len())
	for it.Next() {
		edges = append(edges, it.WeightedEdge())
	}
	return edges
}
