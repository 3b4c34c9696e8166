package figure_test

import (
	"math"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/figure"
)

func TestTikZ(t *testing.T) {
	layout, err := figure.Layout(`digraph {
		graph [fontname=Helvetica]; node [fontname=Helvetica shape=box style=filled fillcolor="#f5bd8c"]
		subgraph cluster_a { label="f_1"; style="rounded,filled"; fillcolor="#f5f5f5"; a [label=<<b>50%</b>>] }
		b [shape=circle fontsize=9 label="≥ 2"]
		a -> b [label="n&m" style=dashed penwidth=1.2 fontname=Helvetica fontsize=8]
	}`, "json")
	if err != nil {
		t.Fatal(err)
	}
	p, err := figure.TikZ(layout)
	if err != nil {
		t.Fatal(err)
	}
	if p.Smallest != 8 || !(p.Wide > 50 && p.High > 100) {
		t.Errorf("%v × %v, smallest text %v", p.Wide, p.High, p.Smallest)
	}
	at := -1
	for _, want := range []string{
		"\\useasboundingbox (0.00,0.00) rectangle (",
		"fill={rgb,255:red,245;green,245;blue,245}] (",     // the frame
		",line width=1.2bp,dash pattern=on 4bp off 2bp] (", // the line is not filled
		" .. controls (", //
		"-- cycle;\n",    // its head
		"fill={rgb,255:red,245;green,245;blue,245},inner sep=0.5bp] ", // the name of the frame is over lines
		`{f\_1}`,
		"ellipse[x radius=",
		`\bfseries 50\%};`,
		",fill=white,inner sep=0.5bp] at (",
		`{n\&m};`,
	} {
		if strings.HasPrefix(want, "ellipse") || strings.Contains(want, "bfseries") { // in any order
			if !strings.Contains(p.Body, want) {
				t.Errorf("no %q in\n%s", want, p.Body)
			}
			continue
		}
		words := strings.TrimSuffix(strings.TrimPrefix(want, "{"), "};")
		next := strings.Index(p.Body[at+1:], words)
		if next < 0 {
			t.Fatalf("no %q behind the %d first bytes of\n%s", words, at, p.Body)
		}
		at += 1 + next
	}
}

func TestTikZOfNoLayout(t *testing.T) {
	for text, want := range map[string]string{
		"no":                `draw: Graphviz: invalid character 'o'`,
		`{"bb":"1,2"}`:      `draw: Graphviz writes the corners "1,2"`,
		`{"bb":"0,0,4,"}`:   `draw: Graphviz writes the corners "0,0,4,"`,
		`{"objects":[null]`: "draw: Graphviz: unexpected end",
	} {
		if _, err := figure.TikZ([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	p, err := figure.TikZ([]byte(`{"bb":"0,0,4,5"}`))
	if err != nil || p.Wide != 4 || p.High != 5 || !math.IsInf(p.Smallest, 1) {
		t.Errorf("%+v, %v", p, err)
	}
}
