package graph_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/testgraph"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/tc0lab/tc0/circuit"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

// built ends the build.
func built(t testing.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// graphBuilder makes a circuit of the shape that gonum's kit asks for, node by node
// in topological order: an input for a source, else a gate or a sum.
func graphBuilder(t *testing.T, sums bool, taken *int) testgraph.Builder {
	return func(
		nodes []graph.Node, edges []testgraph.WeightedLine, _, _ float64,
	) (graph.Graph, []graph.Node, []testgraph.Edge, float64, float64, bool) {
		shape := simple.NewDirectedGraph()
		for _, n := range nodes {
			shape.AddNode(simple.Node(n.ID()))
		}
		for _, e := range edges {
			if e.From().ID() == e.To().ID() {
				return nil, nil, nil, 0, 0, false
			}
			shape.SetEdge(simple.Edge{F: simple.Node(e.From().ID()), T: simple.Node(e.To().ID())})
		}
		order, err := topo.Sort(shape)
		if err != nil { // no circuit has a cycle
			return nil, nil, nil, 0, 0, false
		}

		b := circuit.NewBuilder()
		b.Keep()
		lit, sum := map[int64]circuit.Lit{}, map[int64]circuit.Sum{}
		for i, n := range order {
			id := n.ID()
			from := graph.NodesOf(shape.To(id))
			switch {
			case len(from) == 0:
				lit[id] = b.Input(fmt.Sprint("x", i))
			case !sums:
				var in []circuit.Lit
				for j, f := range from { // some complemented, some twice
					in = append(in, lit[f.ID()].NotIf(j%2 == 1))
					if j%3 == 0 {
						in = append(in, lit[f.ID()])
					}
				}
				lit[id] = b.And(in...)
			default:
				a := b.Linear()
				for _, f := range from {
					w := circuit.NewInt(int64(i) + 2) // no two sums alike
					if s, ok := sum[f.ID()]; ok {
						a.Add(w, s)
					} else {
						a.AddLit(w, lit[f.ID()])
					}
				}
				sum[id] = a.Sum()
			}
		}
		c := built(t, b)
		g := view.Of(c, gates.NotCounted())
		label := func(n graph.Node) int64 {
			if s, ok := sum[n.ID()]; ok {
				ref, _, _ := s.Parts()
				return g.SumID(ref.Sum())
			}
			return g.GateID(lit[n.ID()].Gate())
		}
		var all []graph.Node
		for id := range c.Len() + c.SumCount() {
			all = append(all, g.Node(int64(id)))
		}
		var want []testgraph.Edge
		for _, e := range graph.EdgesOf(shape.Edges()) {
			want = append(want, g.WeightedEdge(label(e.From()), label(e.To())))
		}
		*taken++
		return g, all, want, 0, math.Inf(1), true
	}
}

// TestViewConformance runs gonum's own kit on the view.
func TestViewConformance(t *testing.T) {
	for _, sums := range []bool{false, true} {
		t.Run(fmt.Sprintf("sums=%v", sums), func(t *testing.T) {
			taken := 0
			b := graphBuilder(t, sums, &taken)
			const empty, reversed = true, true
			testgraph.EdgeExistence(t, b, reversed)
			testgraph.NodeExistence(t, b)
			testgraph.ReturnAdjacentNodes(t, b, empty, reversed)
			testgraph.ReturnAllEdges(t, b, empty)
			testgraph.ReturnAllNodes(t, b, empty)
			testgraph.ReturnAllWeightedEdges(t, b, empty)
			testgraph.ReturnEdgeSlice(t, b, empty)
			testgraph.ReturnNodeSlice(t, b, empty)
			testgraph.ReturnWeightedEdgeSlice(t, b, empty)
			testgraph.Weight(t, b)
			if taken < 10*15 {
				t.Errorf("only %d of the kit's graphs were built", taken)
			}
		})
	}
}

// wideCircuit makes a circuit of about n gates of all kinds, with nested sums.
func wideCircuit(t testing.TB, seed uint64, n int, keep bool) *circuit.Circuit {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	b := circuit.NewBuilder()
	if keep {
		b.Keep()
	}
	lits := b.Inputs("x", 40)
	var sums []circuit.Sum
	lit := func() circuit.Lit {
		return lits[max(r.IntN(len(lits)), r.IntN(len(lits)))].NotIf(r.IntN(2) == 0)
	}
	for b.Len() < n {
		switch k := gates.Kind(r.IntN(gates.NumKinds)); {
		case k == gates.Threshold && len(sums) > 0:
			s := sums[max(r.IntN(len(sums)), r.IntN(len(sums)))]
			lits = append(lits, b.Threshold(s, circuit.NewInt(int64(r.IntN(5)))))
		case k == gates.Mod && len(sums) > 0:
			lits = append(lits, b.ModSum(3, []int64{1}, sums[r.IntN(len(sums))]))
		case k.IsSource() || k.ReadsSum() && k != gates.Majority:
			a := b.Linear()
			for range 1 + r.IntN(5) {
				if len(sums) > 0 && r.IntN(3) == 0 {
					a.Add(circuit.NewInt(int64(r.IntN(7)-3)), sums[max(0, len(sums)-1-r.IntN(9))])
				} else {
					a.AddLit(circuit.NewInt(int64(r.IntN(7)-3)), lit())
				}
			}
			sums = append(sums, a.Sum())
		default:
			in := make([]circuit.Lit, 1+r.IntN(5))
			for i := range in {
				in[i] = lit()
			}
			if k.FanIn() == 1 {
				in = in[:1]
			}
			if k == gates.Majority {
				lits = append(lits, b.Majority(in...))
			} else {
				lits = append(lits, b.Logic(k, in...))
			}
		}
	}
	b.Output("y", lits[len(lits)-50:]...)
	return built(t, b)
}

// TestViewLongestPathIsLevel computes every level a second time, as the longest
// path through what gonum is shown of the circuit.
func TestViewLongestPathIsLevel(t *testing.T) {
	for _, keep := range []bool{false, true} {
		c := wideCircuit(t, 7, 10_000, keep)
		for _, model := range gates.DepthModels() {
			g := view.Of(c, model)
			order, err := topo.Sort(g)
			if err != nil {
				t.Fatal(err)
			}
			longest := make([]float64, g.Nodes().Len())
			for _, v := range order {
				for from := g.To(v.ID()); from.Next(); {
					u := from.Node().ID()
					w, ok := g.Weight(u, v.ID())
					if !ok {
						t.Fatalf("no weight from %v to %v", from.Node(), v)
					}
					longest[v.ID()] = max(longest[v.ID()], longest[u]+w)
				}
			}

			levels := c.Levels(model)
			for i, want := range levels.Gate {
				if got := longest[g.GateID(circuit.Gate(i))]; got != float64(want) {
					t.Fatalf("%s: the longest path to %v is %v, its level %d", model.Name, g.Node(int64(i)), got, want)
				}
			}
			for s, want := range levels.Sum {
				if got := longest[g.SumID(circuit.SumID(s))]; got != float64(want) {
					t.Fatalf("%s: the longest path to sum %d is %v, its level %d", model.Name, s, got, want)
				}
			}
			depth := 0.0
			for _, x := range c.Outputs() {
				d := longest[x.Gate()]
				if x.IsComplement() && !x.IsConst() {
					d += float64(model.Complement)
				}
				depth = max(depth, d)
			}
			if depth != float64(levels.Depth) {
				t.Errorf("%s: the longest path has length %v, the depth is %d", model.Name, depth, levels.Depth)
			}
			if model.Name == "standard" && levels.Depth < 10 {
				t.Errorf("depth %d: the circuit is too shallow to tell anything", levels.Depth)
			}
		}
	}
}

// negated turns longest paths into shortest ones.
type negated struct{ *view.View }

func (n negated) Weight(u, v int64) (float64, bool) {
	w, ok := n.View.Weight(u, v)
	if u == v || !ok {
		return w, ok
	}
	return -w, true
}

// TestViewBellmanFord lets gonum's own algorithm find the depth.
func TestViewBellmanFord(t *testing.T) {
	c := wideCircuit(t, 3, 300, false).Prune()
	for _, model := range gates.DepthModels() {
		g := view.Of(c, model)
		levels := c.Levels(model)
		longest := make([]float64, c.Len())
		for _, x := range c.Inputs() {
			tree, ok := path.BellmanFordFrom(g.Node(g.GateID(x)), negated{g})
			if !ok {
				t.Fatal("a cycle of negative weight")
			}
			for i := range longest {
				longest[i] = max(longest[i], -tree.WeightTo(int64(i)))
			}
		}
		for i, want := range levels.Gate {
			if longest[i] != float64(want) {
				t.Errorf(
					"%s: %v is %v from the inputs, its level is %d",
					model.Name,
					g.Node(int64(i)),
					longest[i],
					want,
				)
			}
		}
	}
}

func TestViewNames(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := b.InputPort("y", circuit.Format{}, 2)
	b.Output("and", b.And(x[0], y[1]))
	b.Output("maj", b.Majority(x...))
	b.Output("mod", b.Mod(3, []int64{0, 2}, x...))
	c := built(t, b)
	g := view.Of(c, gates.Standard())
	want := []string{
		"0",
		"x[0]",
		"x[1]",
		"x[2]",
		"y.0",
		"y.1",
		"g6 AND",
		"g7 s1 ≥ 2",
		"g8 s1 mod 3 in [0 2]",
		"s0",
		"s1",
	}
	nodes := graph.NodesOf(g.Nodes())
	if len(nodes) != len(want) {
		t.Fatalf("%d nodes, want %d", len(nodes), len(want))
	}
	for i, n := range nodes {
		if got := fmt.Sprint(n); got != want[i] {
			t.Errorf("node %d is called %q, want %q", i, got, want[i])
		}
	}
	if s, ok := g.Node(10).(view.Node).Sum(); !ok || s != 1 {
		t.Errorf("node 10 is sum %d, %v", s, ok)
	}
	if x, ok := g.Node(7).(view.Node).Gate(); !ok || x != 7 {
		t.Errorf("node 7 is gate %d, %v", x, ok)
	}
	if n := g.Node(11); n != nil {
		t.Errorf("node 11 exists: %v", n)
	}
}
