package figure_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/figure"
)

func TestLayout(t *testing.T) {
	svg, err := figure.Layout("digraph { a -> b [label=\"x < y\"] }", "svg")
	if err != nil {
		t.Fatal(err)
	}
	svg = (&figure.Polisher{}).Polish(svg)
	var read struct {
		Shapes []struct {
			Texts []string `xml:"text"`
		} `xml:"g>g"`
	}
	if err := xml.Unmarshal(svg, &read); err != nil {
		t.Fatalf("%v in\n%s", err, svg)
	}
	var texts []string
	for _, shape := range read.Shapes {
		texts = append(texts, shape.Texts...)
	}
	for _, want := range []string{"a", "b", "x < y"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no text %q among %q", want, texts)
		}
	}
	for _, bad := range []string{"<title>", "<!--", "width=\"6"} {
		if strings.Contains(string(svg), bad) {
			t.Errorf("%s is left in\n%s", bad, svg)
		}
	}
	if _, err := figure.Layout("digraph {", "svg"); err == nil || !strings.HasPrefix(err.Error(), "draw: Graphviz: ") {
		t.Errorf("half a graph: %v", err)
	}
}
