package graphml_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/graphml"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// A reader that many people use must see the same graph.
func TestNetworkx(t *testing.T) {
	const script = `
import sys, networkx
g = networkx.read_graphml(sys.argv[1])
print(g.is_directed(), g.number_of_nodes(), g.number_of_edges(), networkx.is_directed_acyclic_graph(g), g.graph["depth"] + 1)
print(sum(d["level"] for _, d in g.nodes(data=True)), sum(int(d.get("weight", 0)) for _, _, d in g.edges(data=True)),
      sum(d["complement"] for _, _, d in g.edges(data=True)))
`
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import networkx").Run() != nil {
		t.Skip("python3 with networkx is not installed")
	}
	for _, cfg := range configs() {
		c := everyKind(t, true)
		text := write(t, c, cfg)
		path := filepath.Join(t.TempDir(), "c.graphml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := tooltest.Output(t, "", "", python, "-c", script, path)
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		g := decode(t, text)
		levels, complements := 0, 0
		var weights circuit.Int
		for _, n := range g.Nodes {
			v, _ := strconv.Atoi(get(n.Data, "level"))
			levels += v
		}
		for _, e := range g.Edges {
			if w := get(e.Data, "weight"); w != "" {
				weights = weights.Add(integer(t, w))
			}
			if get(e.Data, "complement") == "true" {
				complements++
			}
		}
		depth, _ := strconv.Atoi(get(g.Data, "depth"))
		want := fmt.Sprintf(
			"True %d %d True %d\n%d %v %d\n",
			len(g.Nodes),
			len(g.Edges),
			depth+1,
			levels,
			weights,
			complements,
		)
		if out != want {
			t.Errorf("networkx reads\n%swant\n%s", out, want)
		}
	}
}

func TestXMLLint(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	text := write(t, everyKind(t, true), graphml.Config{Name: "<&>\x00"})
	if out, err := tooltest.Output(t, "", text, lint, "--noout", "-"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
