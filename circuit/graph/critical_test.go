package graph_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

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
	if got, want := part.Paths().String(), countLongest(v, order, outputs, levels).String(); got != want {
		t.Fatalf("%s: %s longest paths, want %s", model.Name, got, want)
	}
}

// countLongest counts the longest paths by gonum's order and weights: for each node the
// greatest length of a path that leads to it, and how many have it.
func countLongest(v *view.View, order []graph.Node, outputs []circuit.Lit, levels *circuit.Levels) *big.Int {
	type count struct {
		length float64
		paths  *big.Int
	}
	to := map[int64]count{}
	more := func(c count, length float64, paths *big.Int) count {
		switch {
		case c.paths == nil || length > c.length:
			return count{length, paths}
		case length == c.length:
			return count{length, new(big.Int).Add(c.paths, paths)}
		}
		return c
	}
	for _, y := range order {
		var c count
		for from := v.To(y.ID()); from.Next(); {
			x := from.Node().ID()
			w, _ := v.Weight(x, y.ID())
			c = more(c, to[x].length+w, to[x].paths)
		}
		if c.paths == nil {
			c.paths = big.NewInt(1)
		}
		to[y.ID()] = c
	}
	extra := map[int64]float64{} // of each gate at which paths end: for a complement
	for _, x := range outputs {
		id := v.GateID(x.Gate())
		extra[id] = max(extra[id], float64(levels.Of(x)-levels.Gate[x.Gate()]))
	}
	var all count
	for id, w := range extra {
		all = more(all, to[id].length+w, to[id].paths)
	}
	return all.paths
}

// enumerate walks every path from the outputs back to where it starts, and counts the
// longest.
func enumerate(v *view.View, outputs []circuit.Lit) (length float64, paths int64) {
	length = -1
	var walk func(y int64, so float64)
	walk = func(y int64, so float64) {
		from := v.To(y)
		if from.Len() <= 0 {
			if so > length {
				length, paths = so, 0
			}
			if so == length {
				paths++
			}
		}
		for from.Next() {
			x := from.Node().ID()
			w, _ := v.Weight(x, y)
			walk(x, so+w)
		}
	}
	for _, x := range outputs {
		walk(v.GateID(x.Gate()), 0)
	}
	return length, paths
}

// TestPathsOneByOne enumerates all paths.
func TestPathsOneByOne(t *testing.T) {
	for _, name := range []string{"c17", "c432"} {
		c := iscas(t, name)
		v := view.Of(c, gates.Standard())
		part := v.Critical()
		length, paths := enumerate(v, c.Outputs())
		if length != float64(part.Depth) || part.Paths().Cmp(circuit.NewInt(paths)) != 0 {
			t.Errorf("%s: %v longest paths of length %d, one by one %d of length %v",
				name, part.Paths(), part.Depth, paths, length)
		}
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
