package graph_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/flow"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/bench"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
	"github.com/tc0lab/tc0/gates"
)

// iscas returns a circuit of ISCAS-85.
func iscas(t testing.TB, name string) *circuit.Circuit {
	t.Helper()
	d, err := bench.Read(bytes.NewReader(formattest.Known(t, "iscas85/"+name+".bench")))
	if err != nil {
		t.Fatal(err)
	}
	return d.Circuit
}

// randomCircuit returns a small circuit of gates of all kinds, with nested sums.
func randomCircuit(t *rapid.T) *circuit.Circuit {
	c, err := random.Circuit(random.Config{
		Seed:   rapid.Uint64().Draw(t, "seed"),
		Inputs: rapid.IntRange(2, 6).Draw(t, "inputs"),
		Gates:  rapid.IntRange(1, 25).Draw(t, "gates"),
		Set: basis.Repertoire{
			Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true,
		},
		FanIn: 4,
		Keep:  rapid.Bool().Draw(t, "keep"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// reachedWithout tells, by node, what a path from an input leads to that avoids a node. It
// asks gonum for the edges only.
func reachedWithout(v *view.View, c *circuit.Circuit, avoided int64) map[int64]bool {
	reached := map[int64]bool{}
	var visit func(id int64)
	visit = func(id int64) {
		if id == avoided || reached[id] {
			return
		}
		reached[id] = true
		for it := v.From(id); it.Next(); {
			visit(it.Node().ID())
		}
	}
	for _, g := range c.Inputs() {
		visit(v.GateID(g))
	}
	return reached
}

// withoutEach is the definition of a bottleneck: without it no output is reached.
func withoutEach(v *view.View, c *circuit.Circuit, outputs []circuit.Lit) (list []circuit.Gate) {
	reaches := func(avoided int64) bool {
		reached := reachedWithout(v, c, avoided)
		return slices.ContainsFunc(outputs, func(x circuit.Lit) bool { return reached[v.GateID(x.Gate())] })
	}
	if !reaches(-1) {
		return nil
	}
	for g := range circuit.Gate(c.Len()) {
		if !reaches(v.GateID(g)) {
			list = append(list, g)
		}
	}
	return list
}

// dominators finds bottlenecks by gonum, in a copy of the view with a root before the inputs
// and a sink after the outputs.
func dominators(v *view.View, c *circuit.Circuit, outputs []circuit.Lit) (list []circuit.Gate) {
	g := simple.NewDirectedGraph()
	root, sink := simple.Node(-1), simple.Node(-2)
	g.AddNode(root)
	g.AddNode(sink)
	for _, e := range graph.EdgesOf(v.Edges()) {
		g.SetEdge(simple.Edge{F: simple.Node(e.From().ID()), T: simple.Node(e.To().ID())})
	}
	for _, x := range c.Inputs() {
		g.SetEdge(simple.Edge{F: root, T: simple.Node(v.GateID(x))})
	}
	for _, x := range outputs {
		g.SetEdge(simple.Edge{F: simple.Node(v.GateID(x.Gate())), T: sink})
	}
	tree := flow.DominatorsSLT(root, g)
	for n := tree.DominatorOf(sink.ID()); n != nil && n.ID() != root.ID(); n = tree.DominatorOf(n.ID()) {
		if n.ID() < int64(c.Len()) {
			list = append(list, circuit.Gate(n.ID()))
		}
	}
	slices.Sort(list)
	return list
}

func checkBottlenecks(t failer, c *circuit.Circuit) (found int) {
	t.Helper()
	v := view.Of(c, gates.Standard())
	sets := [][]circuit.Lit{c.Outputs()}
	for _, x := range c.Outputs() {
		sets = append(sets, []circuit.Lit{x})
	}
	for _, outputs := range sets {
		got := v.Bottlenecks(outputs...)
		if want := withoutEach(v, c, outputs); !slices.Equal(got, want) {
			t.Fatalf("the bottlenecks of %v are %v; without any of %v it is not reached", outputs, got, want)
		}
		if want := dominators(v, c, outputs); !slices.Equal(got, want) {
			t.Fatalf("the bottlenecks of %v are %v, its dominators %v", outputs, got, want)
		}
		found += len(got)
	}
	return found
}

// TestBottlenecks holds the bottlenecks of each output and of all against the definition and
// against gonum's dominators.
func TestBottlenecks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkBottlenecks(t, randomCircuit(t)) })
	for _, name := range []string{"c17", "c432"} {
		c := iscas(t, name)
		if found := checkBottlenecks(t, c); found < len(c.Outputs()) {
			t.Errorf("%s: only %d bottlenecks", name, found)
		}
	}
}

func TestBottlenecksOfConstant(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 2)
	b.Output("constant", b.And(circuit.True, circuit.False))
	one := b.Not(x[0])
	b.Output("one", b.And(one, one.Not()))
	c := built(t, b)
	v := view.Of(c, gates.Standard())
	if got := v.Bottlenecks(c.Outputs()[0]); got != nil {
		t.Errorf("a constant has the bottlenecks %v", got)
	}
	if got, want := v.Bottlenecks(c.Outputs()[1]), []circuit.Gate{1, one.Gate(), one.Gate() + 1}; !slices.Equal(
		got,
		want,
	) {
		t.Errorf("the bottlenecks are %v, want %v", got, want)
	}
}

// longest returns, by node, the length of the longest path that leads to it, by gonum's
// topological order and weights.
func longest(t failer, v *view.View, n int) []float64 {
	t.Helper()
	order, err := topo.Sort(v)
	if err != nil {
		t.Fatal(err)
	}
	to := make([]float64, n)
	for _, y := range order {
		for from := v.To(y.ID()); from.Next(); {
			w, _ := v.Weight(from.Node().ID(), y.ID())
			to[y.ID()] = max(to[y.ID()], to[from.Node().ID()]+w)
		}
	}
	return to
}

// checkCritical asserts that the part has just the edges on a longest path: those for which
// the longest path to the tail, the edge, and the longest path from the head to an output add
// up to the depth.
func checkCritical(t failer, c *circuit.Circuit, model gates.DepthModel, outputs []circuit.Lit) {
	t.Helper()
	v := view.Of(c, model)
	part := v.Critical(outputs...)
	levels := c.Levels(model)
	n := c.Len() + c.SumCount()
	to := longest(t, v, n)
	// A gate without inputs costs what it does although no path shows it.
	for g := range circuit.Gate(c.Len()) {
		if _, ok := c.ReadsSum(g); !ok && len(c.Fanin(g)) == 0 && levels.Gate[g] > 0 {
			return
		}
	}
	back := make([]float64, n) // to an output, −1 if no path leads there
	for i := range back {
		back[i] = -1
	}
	for _, x := range outputs {
		extra := float64(levels.Of(x)) - float64(levels.Gate[x.Gate()])
		back[x.Gate()] = max(back[x.Gate()], extra)
	}
	order, err := topo.Sort(v)
	if err != nil {
		t.Fatal(err)
	}
	depth := 0.0
	for _, x := range slices.Backward(order) {
		for it := v.From(x.ID()); it.Next(); {
			y := it.Node().ID()
			if w, _ := v.Weight(x.ID(), y); back[y] >= 0 {
				back[x.ID()] = max(back[x.ID()], w+back[y])
			}
		}
		if back[x.ID()] >= 0 {
			depth = max(depth, to[x.ID()]+back[x.ID()])
		}
	}
	if float64(part.Depth) != depth {
		t.Fatalf("%s: depth %d, the longest path has length %v", model.Name, part.Depth, depth)
	}
	var want, got []string
	for _, x := range graph.NodesOf(v.Nodes()) {
		if back[x.ID()] >= 0 && to[x.ID()]+back[x.ID()] == depth {
			want = append(want, fmt.Sprint(x))
		}
	}
	for _, x := range part.Nodes {
		got = append(got, fmt.Sprint(x))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: the nodes on longest paths are %v, want %v", model.Name, got, want)
	}
	want, got = nil, nil
	for _, e := range graph.WeightedEdgesOf(v.WeightedEdges()) {
		x, y := e.From().ID(), e.To().ID()
		if back[y] >= 0 && to[x]+e.Weight()+back[y] == depth {
			want = append(want, fmt.Sprint(e.From(), e.To()))
		}
	}
	for _, e := range part.Edges {
		got = append(got, fmt.Sprint(e.From(), e.To()))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: the wires on longest paths are %v, want %v", model.Name, got, want)
	}
}

// TestCritical holds the critical part against gonum's order and weights, for each output
// and for all, in every model.
func TestCritical(t *testing.T) {
	check := func(t failer, c *circuit.Circuit, each bool) {
		t.Helper()
		for _, model := range gates.DepthModels() {
			checkCritical(t, c, model, c.Outputs())
			for _, x := range c.Outputs() {
				if each {
					checkCritical(t, c, model, []circuit.Lit{x})
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, randomCircuit(t), true) })
	check(t, iscas(t, "c17"), true)
	check(t, iscas(t, "c432"), false)
}

// TestCriticalPathOfC432 lets gonum find one longest path of its own: it lies within the part.
func TestCriticalPathOfC432(t *testing.T) {
	c := iscas(t, "c432").Prune()
	model := gates.NotCounted()
	v := view.Of(c, model)
	part := v.Critical()
	on := map[int64]bool{}
	for _, n := range part.Nodes {
		on[n.ID()] = true
	}
	best := 0.0
	var nodes []graph.Node
	for _, x := range c.Inputs() {
		tree, ok := path.BellmanFordFrom(v.Node(v.GateID(x)), negated{v})
		if !ok {
			t.Fatal("a cycle of negative weight")
		}
		for _, y := range c.Outputs() {
			if steps, weight := tree.To(v.GateID(y.Gate())); -weight > best {
				best, nodes = -weight, steps
			}
		}
	}
	if best != float64(part.Depth) {
		t.Fatalf("gonum finds a path of length %v, the depth is %d", best, part.Depth)
	}
	for _, n := range nodes {
		if !on[n.ID()] {
			t.Errorf("%v is on a longest path and not in the part", n)
		}
	}
}

// TestReaches compares every pair of gates with gonum's search.
func TestReaches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCircuit(t)
		v := view.Of(c, gates.Standard())
		for from := range circuit.Gate(c.Len()) {
			for to := range circuit.Gate(c.Len()) {
				want := topo.PathExistsIn(v, v.Node(v.GateID(from)), v.Node(v.GateID(to)))
				if got := v.Reaches(from, to); got != want {
					t.Fatalf("gate %d reaches gate %d: %v, want %v", from, to, got, want)
				}
			}
		}
	})
}

// million makes a chain of about a million gates.
func million(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 64)
	last := x[0]
	for i := range 330_000 {
		last = b.Or(b.And(last, x[1+i%63]), b.Xor(last, x[1+(i+7)%63]))
	}
	b.Output("y", last)
	return built(t, b)
}

// TestMillion asks the questions of a circuit so deep that no recursion would do.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("a circuit of a million gates")
	}
	c := million(t)
	v := view.Of(c, gates.Standard())
	part, necks := v.Critical(), v.Bottlenecks()
	if part.Depth != c.Depth() || len(part.Nodes) < 900_000 || len(necks) != 1 {
		t.Errorf("%d nodes on longest paths of length %d, %d bottlenecks", len(part.Nodes), part.Depth, len(necks))
	}
}

func BenchmarkMillion(b *testing.B) {
	c := million(b)
	v := view.Of(c, gates.Standard())
	b.Run("view", func(b *testing.B) {
		for b.Loop() {
			view.Of(c, gates.Standard())
		}
	})
	b.Run("critical", func(b *testing.B) {
		for b.Loop() {
			v.Critical()
		}
	})
	b.Run("bottlenecks", func(b *testing.B) {
		for b.Loop() {
			v.Bottlenecks()
		}
	})
	b.Run("reaches", func(b *testing.B) {
		for b.Loop() {
			v.Reaches(1, circuit.Gate(c.Len()-1))
		}
	})
}
