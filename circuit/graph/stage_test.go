package graph_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

// staged makes a circuit of two layers, each of two stages, with a sum that both read.
func staged(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	s := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(3, x[2]))
	out := x
	for _, layer := range []string{"one", "two"} {
		b.Begin(layer)
		b.Begin("scores")
		y := b.And(out[0], out[1])
		b.End()
		b.Begin("mix")
		z := b.Threshold(b.Sum(circuit.Term{Weight: circuit.NewInt(2), Of: s}, circuit.Weigh(1, y)), circuit.NewInt(5))
		w := b.Or(y, out[3], z)
		b.End()
		b.End()
		out = []circuit.Lit{y, z, w, w}
	}
	b.Output("y", out[1], out[2])
	return built(t, b)
}

func TestStages(t *testing.T) {
	c := staged(t)
	for _, test := range []struct {
		depth        int
		nodes, edges string
	}{
		{0, "[:5/6]", "[]"},
		{1, "[:0/0 one:3/3 two:5/3]", "[>one:6 >two:3 one>two:3]"},
		{2, "[:0/0 one/scores:1/1 one/mix:3/2 two/scores:3/1 two/mix:5/2]", "[>one/scores:2 >one/mix:4 >two/mix:3 one/scores>one/mix:2 " +
			"one/scores>two/scores:1 one/mix>two/scores:1 one/mix>two/mix:1 two/scores>two/mix:2]"},
	} {
		g := view.NewStages(c, test.depth)
		nodes, edges := []string{}, []string{}
		for _, n := range graph.NodesOf(g.Nodes()) {
			s := n.(view.Stage)
			nodes = append(nodes, fmt.Sprintf("%s:%d/%d", s.Path, s.Level, s.Gates))
		}
		for _, e := range graph.WeightedEdgesOf(g.WeightedEdges()) {
			edges = append(
				edges,
				fmt.Sprintf("%s>%s:%v", e.From().(view.Stage).Path, e.To().(view.Stage).Path, e.Weight()),
			)
		}
		if fmt.Sprint(nodes) != test.nodes || fmt.Sprint(edges) != test.edges {
			t.Errorf("depth %d: %v, %v; want %s, %s", test.depth, nodes, edges, test.nodes, test.edges)
		}
		if got := len(graph.EdgesOf(g.Edges())); got != len(edges) {
			t.Errorf("%d edges, %d of them weighted", got, len(edges))
		}
	}
}

// TestStageWires counts the wires between stages a second time, gate by gate, and asserts
// that the lists come in one order.
func TestStageWires(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := circuit.NewBuilder()
		lits := b.Inputs("x", 4)
		names := []string{"p", "q", "r"}
		for range rapid.IntRange(1, 30).Draw(t, "gates") {
			deep := rapid.IntRange(0, 2).Draw(t, "deep")
			for range deep {
				b.Begin(rapid.SampledFrom(names).Draw(t, "name"))
			}
			in := rapid.SliceOfN(rapid.SampledFrom(lits), 1, 4).Draw(t, "inputs")
			if rapid.Bool().Draw(t, "sum") {
				lits = append(lits, b.AtLeast(2, in...))
			} else {
				lits = append(lits, b.And(in...))
			}
			for range deep {
				b.End()
			}
		}
		b.Output("y", lits[len(lits)-1])
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		depth := rapid.IntRange(0, 2).Draw(t, "depth")
		top := func(g circuit.Gate) int64 {
			var up []circuit.StageID
			for s := c.StageOf(g); s != 0; s = c.Stage(s).Parent {
				up = append(up, s)
			}
			if len(up) == 0 || depth == 0 {
				return 0
			}
			return int64(up[max(0, len(up)-depth)])
		}
		want := map[[2]int64]float64{}
		for g := range circuit.Gate(c.Len()) {
			for _, x := range c.Fanin(g) {
				want[[2]int64{top(x.Gate()), top(g)}]++
			}
			if s, ok := c.ReadsSum(g); ok {
				from, _ := c.Flatten(s)
				for _, x := range from {
					want[[2]int64{top(x), top(g)}]++
				}
			}
		}
		s := view.NewStages(c, depth)
		for pair, n := range want {
			if w, ok := s.Weight(pair[0], pair[1]); pair[0] != pair[1] && (!ok || w != n) {
				t.Fatalf("%v wires from stage %d to stage %d, want %v", w, pair[0], pair[1], n)
			}
		}
		var ranks []int
		for _, n := range graph.NodesOf(s.Nodes()) {
			ranks = append(ranks, n.(view.Stage).Level)
		}
		if !slices.IsSorted(ranks) {
			t.Fatalf("the stages come with the levels %v", ranks)
		}
	})
}

func TestStageGates(t *testing.T) {
	c := staged(t) // 1 one, 2 one/scores, 3 one/mix, 4 two, 5 two/scores, 6 two/mix
	v := view.Of(c, gates.Standard())
	for _, test := range []struct {
		from, to circuit.StageID
		want     bool
	}{
		{2, 3, true},
		{3, 2, false},
		{1, 4, true},
		{4, 1, false},
		{2, 6, true},
		{0, 6, true},
		{6, 0, true},
		{5, 5, true},
	} {
		if got := v.Route(view.StageGates(c, test.from), view.StageGates(c, test.to)) != nil; got != test.want {
			t.Errorf("%q reaches %q: %v", c.StagePath(test.from), c.StagePath(test.to), got)
		}
	}
}

func TestFindStages(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	for _, name := range []string{"a [w4]", "b"} {
		b.Begin(name)
		b.Begin("mix [w2]")
		x = []circuit.Lit{b.And(x...), b.Or(x...)}
		b.End()
		b.End()
	}
	b.Output("y", x...)
	c := built(t, b) // 1 a, 2 a/mix, 3 b, 4 b/mix
	for name, want := range map[string]string{
		"a": "[1]", "a [w4]": "[1]", "mix": "[2 4]", "mix [w2]": "[2 4]", "b/mix": "[4]", "a [w4]/mix [w2]": "[2]", "": "[]", "c": "[]",
	} {
		if got := fmt.Sprint(view.FindStages(c, name)); got != want {
			t.Errorf("%q stands for the stages %s, want %s", name, got, want)
		}
	}
	if got := fmt.Sprint(view.StageNames(c)); got != "[a a/mix b b/mix]" {
		t.Errorf("the stages are %s", got)
	}
}

func TestStagesAsJSON(t *testing.T) {
	text, err := json.Marshal(view.NewStages(staged(t), 1))
	const want = `{"edges":[{"from":0,"to":1,"wires":6},{"from":0,"to":4,"wires":3},{"from":1,"to":4,"wires":3}],` +
		`"nodes":[{"id":0,"path":"","level":0,"gates":0},{"id":1,"path":"one","level":3,"gates":3},` +
		`{"id":4,"path":"two","level":5,"gates":3}]}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

func TestFindPlace(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	one := b.InputPort("one", circuit.Format{}, 2)
	b.Begin("one")
	y := b.And(x[0], one[1])
	b.Begin("two")
	z := b.Or(x[1], y)
	b.End()
	b.End()
	b.Output("5", y)
	b.Output("one", z, y)
	c := built(t, b)
	for _, test := range []struct {
		name string
		end  bool
		want string
	}{
		{"x", false, "{input x [1 2]}"},
		{"x[1]", true, "{input x[1] [2]}"},
		{"one.1", false, "{input one.1 [4]}"},
		{"one", true, "{output one [6 5]}"},
		{"one", false, "{input one [3 4]}"},
		{"one[1]", false, "{output one[1] [5]}"},
		{"two", true, "{stage two [6]}"},
		{"5", false, "{output 5 [5]}"},
		{"g5", true, "{gate g5 [5]}"},
		{"6", true, "{gate g6 [6]}"},
	} {
		p, err := view.FindPlace(c, test.name, test.end)
		if err != nil || fmt.Sprint(*p) != test.want {
			t.Errorf("%q stands for %v, %v; want %s", test.name, p, err, test.want)
		}
	}
	var unknown *view.UnknownPlaceError
	const want = `graph: no port, stage or gate "g7"; known: x[0], x[1], one, 5, one[0], one[1], one, one/two, ` +
		`and the gates g0 to g6 (NAME.3 is wire 3 of a port)`
	if _, err := view.FindPlace(c, "g7", true); !errors.As(err, &unknown) || err.Error() != want {
		t.Errorf("an unknown name: %v", err)
	}
}
