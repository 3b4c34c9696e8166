package circuit_test

import (
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

// built ends the build and checks the circuit.
func built(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	checkLevels(t, c)
	return c
}

// checkLevels computes the levels of a small circuit a second time, as the longest paths
// through what gonum is shown of it. Only a gate without inputs has a level that no path
// shows: what it costs.
func checkLevels(t rapid.TB, c *circuit.Circuit) {
	t.Helper()
	const most = 300 // nodes
	if c.Len()+c.SumCount() > most {
		return
	}
	for _, model := range gates.DepthModels() {
		v, levels := graph.Of(c, model), c.Levels(model)
		order, err := topo.Sort(v)
		if err != nil {
			t.Fatalf("gonum finds a cycle: %v", err)
		}
		longest := map[int64]float64{}
		for _, y := range order {
			n := y.(graph.Node)
			if g, ok := n.Gate(); ok && !c.Kind(g).IsSource() && len(c.Fanin(g)) == 0 {
				if _, ok := c.ReadsSum(g); !ok {
					longest[y.ID()] = float64(c.Cost(model, g))
				}
			}
			for from := v.To(y.ID()); from.Next(); {
				x := from.Node().ID()
				w, _ := v.Weight(x, y.ID())
				longest[y.ID()] = max(longest[y.ID()], longest[x]+w)
			}
			level := uint32(0)
			if s, ok := n.Sum(); ok {
				level = levels.Sum[s]
			} else if g, ok := n.Gate(); ok {
				level = levels.Gate[g]
			}
			if longest[y.ID()] != float64(level) {
				t.Fatalf("%s: the longest path to %v is %v, its level %d", model.Name, y, longest[y.ID()], level)
			}
		}
	}
}

// evalBits evaluates c on the bits of v, low bit first.
func evalBits(t rapid.TB, c *circuit.Circuit, v int) []bool {
	t.Helper()
	in := make([]bool, len(c.Inputs()))
	for i := range in {
		in[i] = v>>i&1 == 1
	}
	out, err := c.Eval(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
