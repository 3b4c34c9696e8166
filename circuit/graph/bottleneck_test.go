package graph_test

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/flow"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

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
	necks := v.Bottlenecks()
	sets := [][]circuit.Lit{c.Outputs()}
	for _, x := range c.Outputs() {
		sets = append(sets, []circuit.Lit{x})
	}
	for _, outputs := range sets {
		got := necks.To(outputs...)
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
	v := view.Of(c, gates.Standard()).Bottlenecks()
	if got := v.To(c.Outputs()[0]); got != nil {
		t.Errorf("a constant has the bottlenecks %v", got)
	}
	want := []circuit.Gate{1, one.Gate(), one.Gate() + 1}
	if got := v.To(c.Outputs()[1]); !slices.Equal(got, want) {
		t.Errorf("the bottlenecks are %v, want %v", got, want)
	}
}
