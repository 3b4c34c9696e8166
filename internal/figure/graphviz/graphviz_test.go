package graphviz_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/tc0lab/tc0/internal/figure/graphviz"
)

func TestLayout(t *testing.T) {
	text, err := graphviz.Layout(`digraph { a -> b; a -> c }`, "json")
	if err != nil {
		t.Fatal(err)
	}
	var graph struct {
		Objects []struct{ Name, Pos string }
		Edges   []struct{ Tail, Head int }
	}
	if err := json.Unmarshal(text, &graph); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if len(graph.Objects) != 3 || len(graph.Edges) != 2 || graph.Objects[0].Name != "a" || graph.Objects[0].Pos != "63,90" {
		t.Errorf("got %+v", graph)
	}
}

// One graph leaves nothing behind for the next, and graphs may be laid out at the same time.
func TestLayoutIsAFunction(t *testing.T) {
	const graph = "digraph { a -> b [label=x] }"
	want, err := graphviz.Layout(graph, "svg")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := graphviz.Layout("graph {", "svg"); err == nil {
				t.Error("half a graph was laid out")
			}
			if got, err := graphviz.Layout(graph, "svg"); err != nil || string(got) != string(want) {
				t.Errorf("another figure (%v): %s", err, got)
			}
		})
	}
	all.Wait()
}

func TestLayoutErrors(t *testing.T) {
	for _, test := range []struct{ graph, format, want string }{
		{"digraph {", "svg", "the graph cannot be read: Error: syntax error in line 1"},
		{"", "svg", "the graph cannot be read"},
		{"digraph {}\x00", "svg", "a graph with a character 0"},
		{"digraph { a }", "mosaic", "the graph cannot be written as mosaic: "},
	} {
		out, err := graphviz.Layout(test.graph, test.format)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q as %s: %v, want %s", test.graph, test.format, err, test.want)
		}
		if out != nil {
			t.Errorf("%q as %s: both an error and %q", test.graph, test.format, out)
		}
	}
}

// The program is that which README.md names.
func TestProgramIsTheNamedOne(t *testing.T) {
	program, err := os.ReadFile("graphviz.wasm")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(program); !strings.Contains(string(readme), hex.EncodeToString(sum[:])) {
		t.Errorf("README.md does not name the digest %x", sum)
	}
}
