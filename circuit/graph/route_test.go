package graph_test

import (
	"testing"

	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

// TestRoute compares every pair of gates with gonum's searches: for a path, for a shortest and
// for a longest one.
func TestRoute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := randomCircuit(t)
		v := view.Of(c, gates.NotCounted())
		for from := range circuit.Gate(c.Len()) {
			least := path.DijkstraFrom(v.Node(v.GateID(from)), v)
			most, ok := path.BellmanFordFrom(v.Node(v.GateID(from)), negated{v})
			if !ok {
				t.Fatal("a cycle of negative weight")
			}
			for to := range circuit.Gate(c.Len()) {
				r := v.Route([]circuit.Gate{from}, []circuit.Gate{to})
				if want := topo.PathExistsIn(v, v.Node(v.GateID(from)), v.Node(v.GateID(to))); (r != nil) != want {
					t.Fatalf("gate %d reaches gate %d: %v, want %v", from, to, r != nil, want)
				}
				if r == nil {
					continue
				}
				if w := least.WeightTo(v.GateID(to)); float64(r.Shortest) != w {
					t.Fatalf("from gate %d to gate %d: shortest %d, want %v", from, to, r.Shortest, w)
				}
				if w := -most.WeightTo(v.GateID(to)); float64(r.Longest) != w {
					t.Fatalf("from gate %d to gate %d: longest %d, want %v", from, to, r.Longest, w)
				}
				if r.Gates[0] != from || r.Gates[len(r.Gates)-1] != to {
					t.Fatalf("from gate %d to gate %d by %v", from, to, r.Gates)
				}
			}
		}
	})
}

// TestRouteOfSets finds the best of several starts and ends.
func TestRouteOfSets(t *testing.T) {
	c := staged(t)
	v := view.Of(c, gates.Standard())
	inputs, outputs := c.Inputs(), []circuit.Gate{c.Outputs()[0].Gate(), c.Outputs()[1].Gate()}
	r := v.Route(inputs, outputs)
	if r == nil || r.Shortest != 1 || r.Longest != c.Depth() || len(r.Gates) != 2 {
		t.Errorf("from inputs to outputs: %+v", r)
	}
	if r := v.Route(outputs, inputs); r != nil {
		t.Errorf("from outputs to inputs: %+v", r)
	}
	if r := v.Route(inputs, inputs); r == nil || r.Longest != 0 || len(r.Gates) != 1 {
		t.Errorf("from inputs to themselves: %+v", r)
	}
}
