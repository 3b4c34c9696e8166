package figure

import (
	"fmt"
	"strings"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/internal/press"
)

// Set sets attributes, given as Graphviz writes them: "shape=circle margin=0". No value
// may hold a blank.
func Set(a dot.AttributesMap, list string, args ...any) {
	for item := range strings.FieldsSeq(fmt.Sprintf(list, args...)) {
		name, value, _ := strings.Cut(item, "=")
		a.Attr(name, value)
	}
}

// Frame makes the graph of a stage that has depth−1 others around it. Odd and even depths
// have different greys.
func Frame(parent *dot.Graph, id string, depth int, p *press.Palette, label any) *dot.Graph {
	ink := p.Stage
	if depth%2 == 0 {
		ink = p.Inner
	}
	g := parent.Subgraph(id, dot.ClusterOption{})
	g.Attrs("label", label)
	Set(g.AttributesMap, "style=rounded,filled fillcolor=%s color=%s penwidth=0.8 margin=8", ink.Fill, ink.Line)
	Set(g.AttributesMap, "labeljust=l labelloc=t fontsize=10")
	return g
}

// Look is the attributes that all shapes of a figure share.
type Look struct {
	Palette             *press.Palette
	Direction           Direction
	Graph, Nodes, Edges string // attributes of all figures of one package
	Caption             string // HTML-like; empty: none
}

const font = "Helvetica" // Graphviz knows its widths without having it

// Text writes a graph in the language of Graphviz. The dot package cannot write
// attributes for all shapes. They come first, since Graphviz applies them to what follows.
func Text(root *dot.Graph, l Look) string {
	var b strings.Builder
	for line := range strings.Lines(root.String()) {
		if strings.TrimSpace(line) == "" {
			continue // the dot package leaves indented blank lines
		}
		first := b.Len() == 0
		b.WriteString(line)
		if !first {
			continue
		}
		p := l.Palette
		fmt.Fprintf(&b, "\tgraph [rankdir=%s %s bgcolor=white fontname=%q fontsize=11 fontcolor=%q]\n",
			l.Direction, l.Graph, font, p.Text)
		fmt.Fprintf(&b, "\tnode [fontname=%q fontsize=11 fontcolor=%q shape=box style=filled %s]\n",
			font, p.Text, l.Nodes)
		fmt.Fprintf(&b, "\tedge [fontname=%q fontsize=9 fontcolor=%q color=%q %s]\n", font, p.Text, p.Wire, l.Edges)
		if l.Caption != "" {
			fmt.Fprintf(&b, "\tlabel=<%s>; labelloc=b; labeljust=c;\n", l.Caption)
		}
	}
	return b.String()
}
