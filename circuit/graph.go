package circuit

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph"

	"github.com/tc0lab/tc0/gates"
)

// Graph shows a circuit to the algorithms of gonum.org/v1/gonum/graph. It is a
// view of the circuit and not a copy; only the readers of each node, which a
// circuit does not store, are kept beside it, in flat arrays.
//
// The nodes are the gates and the sums, whether an output depends on them or not:
// [Circuit.Prune] the circuit first to see the live ones alone. There is one edge
// from x to y if y reads x, be it more than once. Its weight is what y adds to the
// depth of a path through x: the cost of gate y, and that of the complement where a
// logic gate reads x complemented; a sum adds nothing. The longest path to a node
// is its level, but for that of a gate without inputs, which no path shows.
type Graph struct {
	c     *Circuit
	model gates.DepthModel

	readerFirst []int    // the readers of node i are readers[readerFirst[i]:readerFirst[i+1]]
	readers     []uint32 // nodes, increasing
}

var _ graph.WeightedDirected = (*Graph)(nil)

// Graph returns a view of c with the costs of the model. It takes time and memory
// in proportion to the number of wires as they are stored.
func (c *Circuit) Graph(model gates.DepthModel) *Graph {
	g := &Graph{c: c, model: model}
	n := c.Len() + c.SumCount()
	g.readerFirst = make([]int, n+1)
	var tails []uint32
	for v := range n {
		tails = g.appendTails(tails[:0], uint32(v))
		for _, u := range tails {
			g.readerFirst[u+1]++
		}
	}
	for u := range n {
		g.readerFirst[u+1] += g.readerFirst[u]
	}
	g.readers = make([]uint32, g.readerFirst[n])
	next := slices.Clone(g.readerFirst[:n])
	for v := range n {
		tails = g.appendTails(tails[:0], uint32(v))
		for _, u := range tails {
			g.readers[next[u]] = uint32(v)
			next[u]++
		}
	}
	return g
}

// appendTails appends the nodes that node v reads, each once and increasing.
func (g *Graph) appendTails(to []uint32, v uint32) []uint32 {
	c := g.c
	if s, ok := g.sum(v); ok {
		for _, r := range c.Refs(s) {
			if r.IsSum() {
				to = append(to, g.sumNode(r.Sum()))
			} else {
				to = append(to, uint32(r.Gate()))
			}
		}
		return to
	}
	if s, ok := c.ReadsSum(Gate(v)); ok {
		return append(to, g.sumNode(s))
	}
	at, increasing := len(to), true
	for _, x := range c.Fanin(Gate(v)) {
		u := uint32(x.Gate())
		increasing = increasing && (len(to) == at || to[len(to)-1] < u)
		to = append(to, u)
	}
	if !increasing { // a gate that is kept as given reads anything in any order
		slices.Sort(to[at:])
		to = to[:at+len(slices.Compact(to[at:]))]
	}
	return to
}

func (g *Graph) sumNode(s SumID) uint32 { return uint32(g.c.Len()) + uint32(s) }

// sum returns the sum that node v is, if it is one.
func (g *Graph) sum(v uint32) (SumID, bool) {
	n := uint32(g.c.Len())
	return SumID(v - n), v >= n
}

func (g *Graph) has(id int64) bool { return id >= 0 && id < int64(len(g.readerFirst)-1) }

// cost returns the weight of the edge from u to v, if there is one.
func (g *Graph) cost(u, v int64) (int, bool) {
	if !g.has(u) || !g.has(v) {
		return 0, false
	}
	c := g.c
	uSum, uIsSum := g.sum(uint32(u))
	if s, ok := g.sum(uint32(v)); ok {
		r := gateRef(Gate(u))
		if uIsSum {
			r = sumRef(uSum)
		}
		_, found := slices.BinarySearch(c.Refs(s), r)
		return 0, found
	}
	own := g.model.Cost[c.kind[v]]
	if s, ok := c.ReadsSum(Gate(v)); ok {
		return own, uIsSum && uSum == s
	}
	found, cost := false, own
	for _, x := range c.Fanin(Gate(v)) {
		if uIsSum || x.Gate() != Gate(u) {
			continue
		}
		found = true
		if x.IsComplement() && !x.IsConst() {
			cost = max(cost, own+g.model.Complement)
		}
	}
	return cost, found
}

// GateID returns the id of the node that is the gate.
func (g *Graph) GateID(x Gate) int64 { return int64(x) }

// SumID returns the id of the node that is the sum.
func (g *Graph) SumID(s SumID) int64 { return int64(g.sumNode(s)) }

// Node returns the node with the given id, or nil if there is none.
func (g *Graph) Node(id int64) graph.Node {
	if !g.has(id) {
		return nil
	}
	return Node{g.c, id}
}

// Nodes returns all the nodes, the gates first.
func (g *Graph) Nodes() graph.Nodes { return &nodeIterator{c: g.c, all: len(g.readerFirst) - 1} }

// From returns the nodes that read node id.
func (g *Graph) From(id int64) graph.Nodes {
	if !g.has(id) {
		return graph.Empty
	}
	return nodesOf(g.c, g.readers[g.readerFirst[id]:g.readerFirst[id+1]])
}

// To returns the nodes that node id reads.
func (g *Graph) To(id int64) graph.Nodes {
	if !g.has(id) {
		return graph.Empty
	}
	return nodesOf(g.c, g.appendTails(nil, uint32(id)))
}

// HasEdgeFromTo reports whether v reads u.
func (g *Graph) HasEdgeFromTo(u, v int64) bool {
	_, ok := g.cost(u, v)
	return ok
}

// HasEdgeBetween reports whether one of x and y reads the other.
func (g *Graph) HasEdgeBetween(x, y int64) bool {
	return g.HasEdgeFromTo(x, y) || g.HasEdgeFromTo(y, x)
}

// Edge returns the edge from u to v, or nil if v does not read u.
func (g *Graph) Edge(u, v int64) graph.Edge {
	if e := g.WeightedEdge(u, v); e != nil {
		return e
	}
	return nil
}

// WeightedEdge returns the edge from u to v, or nil if v does not read u.
func (g *Graph) WeightedEdge(u, v int64) graph.WeightedEdge {
	cost, ok := g.cost(u, v)
	if !ok {
		return nil
	}
	return Edge{Node{g.c, u}, Node{g.c, v}, cost}
}

// Weight returns the weight of the edge from u to v: 0 and true if they are the
// same node, +∞ and false if there is no edge.
func (g *Graph) Weight(u, v int64) (float64, bool) {
	if u == v {
		return 0, true
	}
	if cost, ok := g.cost(u, v); ok {
		return float64(cost), true
	}
	return math.Inf(1), false
}

// Edges returns all the edges, by what they read.
func (g *Graph) Edges() graph.Edges {
	if len(g.readers) == 0 {
		return graph.Empty
	}
	return &edgeIterator{g: g, at: -1}
}

// WeightedEdges returns all the edges, by what they read.
func (g *Graph) WeightedEdges() graph.WeightedEdges {
	if len(g.readers) == 0 {
		return graph.Empty
	}
	return &edgeIterator{g: g, at: -1}
}

// Node is a gate or a sum of a circuit as a node of a [Graph].
type Node struct {
	c  *Circuit
	id int64
}

// ID returns the index of the gate, or the index of the sum after all the gates.
func (n Node) ID() int64 { return n.id }

// Gate returns the gate that n is, if it is one.
func (n Node) Gate() (Gate, bool) { return Gate(n.id), n.id < int64(n.c.Len()) }

// Sum returns the sum that n is, if it is one.
func (n Node) Sum() (SumID, bool) {
	return SumID(n.id - int64(n.c.Len())), n.id >= int64(n.c.Len())
}

// String returns a short name: "s4" for a sum, the name of the port for an input,
// with the number of the wire if it has several, and "g7 AND" or "g9 s4 ≥ 3" for
// gates.
func (n Node) String() string {
	if s, ok := n.Sum(); ok {
		return sumRef(s).String()
	}
	g, _ := n.Gate()
	switch k := n.c.kind[g]; k {
	case gates.Const:
		return "0"
	case gates.Input:
		return n.c.inputName(g)
	case gates.Threshold, gates.Majority:
		s, t := n.c.Bound(g)
		return fmt.Sprintf("g%d s%d ≥ %v", g, s, t)
	case gates.Mod:
		s, m := n.c.Modulus(g)
		return fmt.Sprintf("g%d s%d mod %d in %v", g, s, m.M, m.Residues)
	default:
		return fmt.Sprintf("g%d %v", g, k)
	}
}

// inputName returns the name of the port of an input, with the number of the wire
// if there are several.
func (c *Circuit) inputName(g Gate) string {
	at, _ := slices.BinarySearch(c.inputs, g)
	for i := range c.inPorts {
		p := &c.inPorts[i]
		if at < len(p.Wires) {
			return p.WireName(at)
		}
		at -= len(p.Wires)
	}
	return fmt.Sprintf("g%d", g)
}

// Edge is a wire of a circuit as an edge of a [Graph].
type Edge struct {
	from, to Node
	cost     int
}

// From returns what is read.
func (e Edge) From() graph.Node { return e.from }

// To returns what reads it.
func (e Edge) To() graph.Node { return e.to }

// ReversedEdge returns e itself, as gonum asks of an edge that cannot be reversed.
func (e Edge) ReversedEdge() graph.Edge { return e }

// Weight returns what the wire and its reader add to the depth of a path.
func (e Edge) Weight() float64 { return float64(e.cost) }
