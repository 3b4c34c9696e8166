package graph

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// View is a circuit as gonum sees a graph. The readers of each node, which a circuit does
// not store, are kept beside it in flat arrays.
type View struct {
	c     *circuit.Circuit
	model gates.DepthModel

	first   []int    // the readers of node i are readers[first[i]:first[i+1]]
	readers []uint32 // nodes, increasing
}

var _ graph.WeightedDirected = (*View)(nil)

// wire is what a node reads, and what that adds to the depth of a path.
type wire struct {
	from uint32
	cost int
}

// Of returns a view of c with the costs of the model. It takes time and memory in
// proportion to the number of wires as they are stored.
func Of(c *circuit.Circuit, model gates.DepthModel) *View {
	n := c.Len() + c.SumCount()
	v := &View{c: c, model: model, first: make([]int, n+1)}
	var in []wire
	for y := range uint32(n) {
		in = v.reads(in[:0], y)
		for _, w := range in {
			v.first[w.from+1]++
		}
	}
	for x := range n {
		v.first[x+1] += v.first[x]
	}
	v.readers = make([]uint32, v.first[n])
	next := slices.Clone(v.first[:n])
	for y := range uint32(n) {
		in = v.reads(in[:0], y)
		for _, w := range in {
			v.readers[next[w.from]] = y
			next[w.from]++
		}
	}
	return v
}

// reads appends what node y reads, each node once and in increasing order. A node that is
// read both as it is and complemented has the greater of the two costs.
func (v *View) reads(to []wire, y uint32) []wire {
	c := v.c
	if s, ok := v.sum(y); ok {
		for _, r := range c.Refs(s) {
			if r.IsSum() {
				to = append(to, wire{v.sumNode(r.Sum()), 0})
			} else {
				to = append(to, wire{uint32(r.Gate()), 0})
			}
		}
		return to
	}
	g := circuit.Gate(y)
	own := c.Cost(v.model, g)
	if s, ok := c.ReadsSum(g); ok {
		return append(to, wire{v.sumNode(s), own})
	}
	at := len(to)
	for _, x := range c.Fanin(g) {
		cost := own
		if x.IsComplement() && !x.IsConst() {
			cost += v.model.Complement
		}
		to = append(to, wire{uint32(x.Gate()), cost})
	}
	slices.SortFunc(to[at:], func(a, b wire) int { return cmp.Or(cmp.Compare(a.from, b.from), b.cost-a.cost) })
	return to[:at+len(slices.CompactFunc(to[at:], func(a, b wire) bool { return a.from == b.from }))]
}

func (v *View) sumNode(s circuit.SumID) uint32 { return uint32(v.c.Len()) + uint32(s) }

// sum returns the sum that a node is, if it is one.
func (v *View) sum(node uint32) (circuit.SumID, bool) {
	n := uint32(v.c.Len())
	return circuit.SumID(node - n), node >= n
}

// len returns the number of nodes.
func (v *View) len() int { return len(v.first) - 1 }

// readersOf returns the nodes that read node x.
func (v *View) readersOf(x uint32) []uint32 { return v.readers[v.first[x]:v.first[x+1]] }

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

func (v *View) has(id int64) bool { return id >= 0 && id < int64(v.len()) }

// GateID returns the id of the node that is the gate.
func (v *View) GateID(g circuit.Gate) int64 { return int64(g) }

// SumID returns the id of the node that is the sum.
func (v *View) SumID(s circuit.SumID) int64 { return int64(v.sumNode(s)) }

// Node returns the node with the given id, or nil if there is none.
func (v *View) Node(id int64) graph.Node {
	if !v.has(id) {
		return nil
	}
	return Node{v.c, id}
}

// Nodes returns all the nodes, the gates first.
func (v *View) Nodes() graph.Nodes {
	return iterator.NewImplicitNodes(0, v.len(), func(id int) graph.Node { return Node{v.c, int64(id)} })
}

// From returns the nodes that read node id.
func (v *View) From(id int64) graph.Nodes {
	if !v.has(id) {
		return graph.Empty
	}
	return nodes(v.c, v.readersOf(uint32(id)), func(y uint32) uint32 { return y })
}

// To returns the nodes that node id reads.
func (v *View) To(id int64) graph.Nodes {
	if !v.has(id) {
		return graph.Empty
	}
	return nodes(v.c, v.reads(nil, uint32(id)), func(w wire) uint32 { return w.from })
}

func nodes[E any](c *circuit.Circuit, list []E, id func(E) uint32) graph.Nodes {
	if len(list) == 0 {
		return graph.Empty
	}
	all := make([]graph.Node, len(list))
	for i, e := range list {
		all[i] = Node{c, int64(id(e))}
	}
	return iterator.NewOrderedNodes(all)
}

// HasEdgeFromTo reports whether y reads x.
func (v *View) HasEdgeFromTo(x, y int64) bool { return v.WeightedEdge(x, y) != nil }

// HasEdgeBetween reports whether one of x and y reads the other.
func (v *View) HasEdgeBetween(x, y int64) bool { return v.HasEdgeFromTo(x, y) || v.HasEdgeFromTo(y, x) }

// Edge returns the edge from x to y, or nil if y does not read x.
func (v *View) Edge(x, y int64) graph.Edge {
	if e := v.WeightedEdge(x, y); e != nil {
		return e
	}
	return nil
}

// WeightedEdge returns the edge from x to y, or nil if y does not read x.
func (v *View) WeightedEdge(x, y int64) graph.WeightedEdge {
	if v.has(x) && v.has(y) {
		for _, w := range v.reads(nil, uint32(y)) {
			if int64(w.from) == x {
				return v.edge(w, uint32(y))
			}
		}
	}
	return nil
}

func (v *View) edge(w wire, y uint32) Edge {
	return Edge{Node{v.c, int64(w.from)}, Node{v.c, int64(y)}, w.cost}
}

// Weight returns the weight of the edge from x to y: 0 and true if they are the same node,
// +∞ and false if there is no edge.
func (v *View) Weight(x, y int64) (float64, bool) {
	if x == y {
		return 0, true
	}
	if e := v.WeightedEdge(x, y); e != nil {
		return e.Weight(), true
	}
	return math.Inf(1), false
}

// Edges returns all the edges, by what reads them.
func (v *View) Edges() graph.Edges {
	if len(v.readers) == 0 {
		return graph.Empty
	}
	return iterator.NewOrderedEdges(edges[graph.Edge](v))
}

// WeightedEdges returns all the edges, by what reads them.
func (v *View) WeightedEdges() graph.WeightedEdges {
	if len(v.readers) == 0 {
		return graph.Empty
	}
	return iterator.NewOrderedWeightedEdges(edges[graph.WeightedEdge](v))
}

func edges[E any](v *View) []E {
	all := make([]E, 0, len(v.readers))
	var in []wire
	for y := range uint32(v.len()) {
		in = v.reads(in[:0], y)
		for _, w := range in {
			all = append(all, any(v.edge(w, y)).(E))
		}
	}
	return all
}

// Node is a gate or a sum of a circuit as a node of a [View].
type Node struct {
	c  *circuit.Circuit
	id int64
}

// ID returns the index of the gate, or the index of the sum after all the gates.
func (n Node) ID() int64 { return n.id }

// Gate returns the gate that n is, if it is one.
func (n Node) Gate() (circuit.Gate, bool) { return circuit.Gate(n.id), n.id < int64(n.c.Len()) }

// Sum returns the sum that n is, if it is one.
func (n Node) Sum() (circuit.SumID, bool) {
	at := n.id - int64(n.c.Len())
	return circuit.SumID(at), at >= 0
}

// String returns a short name: "s4" for a sum, the name of the port for an input,
// with the number of the wire if it has several, and "g7 AND" or "g9 s4 ≥ 3" for
// gates.
func (n Node) String() string {
	if s, ok := n.Sum(); ok {
		return fmt.Sprintf("s%d", s)
	}
	g, _ := n.Gate()
	switch k := n.c.Kind(g); {
	case k == gates.Const:
		return "0"
	case k == gates.Input:
		return n.inputName(g)
	case k.HasBound():
		s, t := n.c.Bound(g)
		return fmt.Sprintf("g%d s%d ≥ %v", g, s, t)
	case k == gates.Mod:
		s, m := n.c.Modulus(g)
		return fmt.Sprintf("g%d s%d mod %d in %v", g, s, m.M, m.Residues)
	default:
		return fmt.Sprintf("g%d %v", g, k)
	}
}

// inputName returns the name of the port of an input, with the number of the wire
// if there are several.
func (n Node) inputName(g circuit.Gate) string {
	for _, p := range n.c.InputPorts() {
		switch at := slices.Index(p.Wires, g.Lit()); {
		case at < 0:
		case len(p.Wires) == 1:
			return p.Name
		default:
			return fmt.Sprintf("%s.%d", p.Name, at)
		}
	}
	return fmt.Sprintf("g%d", g)
}

// Edge is a wire of a circuit as an edge of a [View].
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
