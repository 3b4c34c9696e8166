package graphml_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/graphml"
	"github.com/tc0lab/tc0/gates"
)

// same asserts that the document of c computes what c does, and that every number in
// it is that of c.
func same(t rapid.TB, c *circuit.Circuit, cfg graphml.Config, vectors int) {
	t.Helper()
	text := write(t, c, cfg)
	if again := write(t, c, cfg); again != text {
		t.Fatal("written twice, it differs")
	}
	g := decode(t, text)
	checkNumbers(t, c, cfg, g)
	back := rebuild(t, g)
	inputs := len(c.Inputs())
	in := make([]bool, inputs)
	random := rand.New(rand.NewPCG(1, 2))
	all := inputs <= 12 && 1<<inputs <= vectors
	if all {
		vectors = 1 << inputs
	}
	for v := range vectors {
		for i := range in {
			if all {
				in[i] = v>>i&1 == 1
			} else {
				in[i] = random.IntN(2) == 1
			}
		}
		want, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := back.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("inputs %v: %s", in, diff)
		}
	}
}

// checkNumbers compares each datum with the circuit.
func checkNumbers(t rapid.TB, c *circuit.Circuit, cfg graphml.Config, g *graph) {
	t.Helper()
	model := cfg.DepthModel
	if model.Name == "" {
		model = gates.Standard()
	}
	levels, st := c.Levels(model), c.Stats()
	for key, want := range map[string]string{
		"name": cfg.Name, "depth_model": model.Name, "depth": strconv.Itoa(levels.Depth),
		"size": strconv.Itoa(st.Size), "wires": strconv.FormatInt(st.Wires, 10),
	} {
		if got := get(g.Data, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	kinds := map[string]int{}
	for _, n := range g.Nodes {
		kind := get(n.Data, "kind")
		kinds[kind]++
		id, _ := strconv.Atoi(n.ID[1:])
		want := uint32(0)
		switch {
		case n.ID[0] == 's':
			want = levels.Sum[id]
		case n.ID[0] == 'g':
			gate := circuit.Gate(id)
			want = levels.Gate[id]
			if c.Kind(gate).String() != kind {
				t.Errorf("%s is %s, want %v", n.ID, kind, c.Kind(gate))
			}
			if path := c.StagePath(c.StageOf(gate)); kind != "INPUT" && get(n.Data, "stage") != path {
				t.Errorf("%s is in stage %q, want %q", n.ID, get(n.Data, "stage"), path)
			}
		default:
			var port, bit int
			if _, err := fmt.Sscanf(n.ID, "o%d_%d", &port, &bit); err != nil {
				t.Fatal(err)
			}
			p := c.OutputPorts()[port]
			want = levels.Of(p.Wires[bit])
			if get(n.Data, "port") != p.Name || get(n.Data, "bit") != strconv.Itoa(bit) ||
				get(n.Data, "format") != p.Format.Kind.String() {
				t.Errorf("%s is %v", n.ID, n.Data)
			}
			if p.Format.Kind == circuit.Weighted && integer(t, get(n.Data, "value")).Cmp(p.Format.Weights[bit]) != 0 {
				t.Errorf("%s counts %v, want %v", n.ID, n.Data, p.Format.Weights[bit])
			}
		}
		if got := get(n.Data, "level"); got != strconv.Itoa(int(want)) {
			t.Errorf("%s is at level %s, want %d", n.ID, got, want)
		}
	}
	for _, k := range gates.Kinds()[1:] {
		if kinds[k.String()] != st.Gates[k] {
			t.Errorf("%d nodes are %v, want %d", kinds[k.String()], k, st.Gates[k])
		}
	}
	if kinds["OUTPUT"] != c.OutputCount() {
		t.Errorf("%d outputs, want %d", kinds["OUTPUT"], c.OutputCount())
	}
	checkEdges(t, c, cfg, g, kinds["SUM"])
}

// checkEdges compares the number of edges with the terms, or the wires, of c.
func checkEdges(t rapid.TB, c *circuit.Circuit, cfg graphml.Config, g *graph, sums int) {
	t.Helper()
	into := map[string]int{}
	for _, e := range g.Edges {
		into[e.Target]++
	}
	if cfg.Flatten {
		if sums != 0 {
			t.Errorf("%d sums in a flat document", sums)
		}
		shapes := c.Shapes()
		for gate := range circuit.Gate(c.Len()) {
			id := fmt.Sprintf("g%d", gate)
			if want := shapes.Of(gate).FanIn; into[id] != want {
				t.Errorf("%s has %d edges, want %d wires", id, into[id], want)
			}
		}
		return
	}
	if sums != c.SumCount()-1 && sums != c.SumCount() {
		t.Errorf("%d sums, want %d", sums, c.SumCount()-1)
	}
	for s := range c.SumCount() {
		if got, want := into[fmt.Sprintf("s%d", s)], len(c.Refs(circuit.SumID(s))); got != want {
			t.Errorf("sum %d has %d edges, want %d terms", s, got, want)
		}
	}
}
