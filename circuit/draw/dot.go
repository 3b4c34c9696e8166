package draw

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/figure"
	"github.com/tc0lab/tc0/internal/press"
)

const (
	fewEdges  = 150  // up to here, gates of a thermometer stand in order
	manyEdges = 300  // from here on, straight lines and a bounded search for a layout
	someSteps = 250  // from column to column, of all lines together: from here on fewer layouts are tried
	manySteps = 2000 // from column to column, of all lines together: from here on a bounded search
)

// dotter writes one scene.
type dotter struct {
	*scene
	root     *dot.Graph
	clusters map[circuit.StageID]*dot.Graph
	nodes    []dot.Node
}

func (s *scene) dot() string {
	d := &dotter{scene: s, root: dot.NewGraph(dot.Directed)}
	d.root.ID("circuit")
	d.clusters = map[circuit.StageID]*dot.Graph{0: d.root}
	ruler := d.addRuler()
	for i := range s.nodes {
		d.nodes = append(d.nodes, d.addNode(i))
	}
	for i := range s.edges {
		d.addEdge(i)
	}
	d.keepOrder(ruler)
	d.addColumns(ruler)
	for i, rank := range s.ranks {
		d.sameRank(fmt.Sprintf("zrank%06d", i), rank)
	}
	return figure.Text(d.root, figure.Look{
		Palette: &s.cfg.Palette, Direction: s.cfg.Direction, Graph: d.effort(), Caption: d.captionLabel(),
		Nodes: `margin="0.06,0.03" width=0.3 height=0.26`, Edges: "arrowhead=none arrowsize=0.6 penwidth=0.6",
	})
}

// effort says how Graphviz is to lay the scene out.
func (d *dotter) effort() string {
	splines, effort := "true", " mclimit=4"
	if len(d.edges) > manyEdges {
		splines, effort = "line", " nslimit=10 nslimit1=10 mclimit=1"
	} else if d.hard() {
		effort += " nslimit=2 nslimit1=2"
	}
	if d.orderly() {
		effort += " remincross=false"
	}
	nodesep, ranksep := "0.12", "0.45"
	switch {
	case d.columns == nil:
		nodesep, ranksep = "0.25", "0.5"
	case len(d.edges) > manyEdges:
		ranksep = "1.2" // steep lines would run into each other
	case d.cfg.Direction != LeftRight && d.tallest() > tallColumn:
		nodesep, ranksep = "0.22", "0.75" // the numbers on lines stand side by side
	}
	if d.cfg.space != roomy {
		nodesep, ranksep = "0.09", "0.26"
	}
	return fmt.Sprintf("newrank=true splines=%s nodesep=%s ranksep=%s%s outputorder=edgesfirst",
		splines, nodesep, ranksep, effort)
}

// captionLabel returns title, caption and legend as an HTML-like label.
func (d *dotter) captionLabel() string {
	var lines []string
	if d.cfg.Title != "" {
		lines = append(lines, figure.Heading(d.cfg.Title))
	}
	if !d.cfg.NoCaption {
		lines = append(lines, figure.Sized(11, d.caption))
		for _, line := range d.aside.lines(legendWidth) {
			lines = append(lines, figure.Sized(9, line))
		}
		for _, line := range wrap(d.legend, legendWidth) {
			lines = append(lines, figure.Remark(&d.cfg.Palette, line))
		}
	}
	return strings.Join(lines, "<br/>")
}

// cluster returns the graph of a stage, made with those around it when first asked.
func (d *dotter) cluster(id circuit.StageID) *dot.Graph {
	if g, ok := d.clusters[id]; ok {
		return g
	}
	depth := 0
	for at := id; at != 0; at = d.c.Stage(at).Parent {
		depth++
	}
	st := d.c.Stage(id)
	label := figure.Quote(press.Clean(st.Name) + d.notes[id])
	g := figure.Frame(d.cluster(st.Parent), fmt.Sprintf("stage%06d", id), depth, &d.cfg.Palette, label)
	figure.Set(g.AttributesMap, "id=stage%d", id)
	d.clusters[id] = g
	return g
}

// ink returns the colours of a shape.
func (s *scene) ink(n *node) Ink {
	p := &s.cfg.Palette
	ink := Ink{Fill: "#ffffff", Line: p.Wire}
	if n.role != roleBox {
		ink = n.role.ink(p).Ink
	}
	if n.path {
		ink.Line = p.Path
	}
	return ink
}

// looks are the attributes of shapes that go by their role.
var looks = [...]string{
	roleInput:  "style=filled,rounded",
	roleOutput: "style=filled,rounded",
	roleConst:  "width=0.22 height=0.22 margin=0.02",
	roleLogic:  "shape=circle width=0.3 margin=0 fixedsize=true fontsize=13",
	roleParity: "shape=hexagon width=0.36 height=0.3 margin=0 fixedsize=true fontsize=14",
	roleSum:    "shape=circle width=0.26 margin=0 fixedsize=true penwidth=1.4",
	roleBox:    "style=filled,rounded margin=0.1,0.06",
}

func (d *dotter) addNode(i int) dot.Node {
	n := &d.scene.nodes[i]
	ink := d.ink(n)
	v := d.cluster(n.stage).Node(fmt.Sprintf("node%08d", i)).Attr("label", figure.Quote(n.label))
	look := looks[n.role]
	switch n.role {
	case roleLogic:
		if len(n.more) > 0 {
			look = "style=filled,rounded margin=0.08,0.02 fontsize=12"
			break
		}
		if utf8.RuneCountInString(n.label) > 1 {
			look += " fontsize=9" // a word, not a sign
		}
	case roleParity:
		if strings.Contains(n.label, "\n") {
			widest := 0
			for line := range strings.SplitSeq(n.label, "\n") {
				widest = max(widest, utf8.RuneCountInString(line))
			}
			look += fmt.Sprintf(" width=%.2f height=0.42 fontsize=10", 0.3+0.075*float64(widest))
		}
	case roleBox:
		name, rest, _ := strings.Cut(figure.Escape(n.label), "\n")
		rest = strings.ReplaceAll(rest, "\n", "<br/>")
		v.Attr("label", dot.HTML("<b>"+name+`</b><br/><font point-size="10">`+rest+"</font>"))
	}
	if n.role == roleSum && len(n.more) > 0 {
		look = "style=filled,rounded margin=0.06,0.02 penwidth=1.4"
	}
	if n.path {
		look += " penwidth=2.4"
	}
	look += " fillcolor=" + ink.Fill
	if n.cells != nil {
		look = "shape=plain style="
		v.Attr("label", dot.HTML(d.table(n, ink)))
	}
	figure.Set(v.AttributesMap, "id=%s color=%s %s", n.id, ink.Line, look)
	return v
}

// table is the label of a port with cells: its name at the outer side, a cell for
// each wire at the side where the lines are.
func (d *dotter) table(n *node, ink Ink) string {
	const small = `<font point-size="9">`
	name := strings.ReplaceAll(figure.Escape(n.label), "\n", "<br/>"+small)
	if strings.Contains(name, small) {
		name += "</font>"
	}
	row := func(cells ...string) string { return "<tr>" + strings.Join(cells, "") + "</tr>" }
	title := func(span string) string {
		return fmt.Sprintf(`<td %sspan="%d">%s</td>`, span, max(len(n.cells), 1), name)
	}
	var cells []string
	for i, text := range n.cells {
		cells = append(cells, fmt.Sprintf(`<td port="w%d" cellpadding="2">%s</td>`, i, figure.Sized(9, text)))
	}
	input := n.role == roleInput
	var rows []string
	if d.cfg.Direction == LeftRight {
		some := min(1, len(cells))
		first := append([]string{title("row")}, cells[:some]...)
		if !input {
			slices.Reverse(first)
		}
		rows = append(rows, row(first...))
		for _, cell := range cells[some:] {
			rows = append(rows, row(cell))
		}
	} else {
		rows = append(rows, row(title("col")))
		if cells != nil {
			rows = append(rows, row(cells...))
		}
		if input == (d.cfg.Direction == BottomTop) { // the wires are above the name
			slices.Reverse(rows)
		}
	}
	const table = `<table border="0" cellborder="1" cellspacing="0" cellpadding="4" color=%q bgcolor=%q>%s</table>`
	return fmt.Sprintf(table, ink.Line, ink.Fill, strings.Join(rows, ""))
}

func (d *dotter) addEdge(i int) {
	e := &d.scene.edges[i]
	leave, arrive := d.cfg.Direction.Ends()
	port := func(cell int, side string) string {
		if cell < 0 {
			return ""
		}
		return fmt.Sprintf("w%d:%s", cell, side)
	}
	v := d.root.EdgeWithPorts(d.nodes[e.from], d.nodes[e.to], port(e.fromCell, leave), port(e.toCell, arrive))
	if text := e.number(); text != "" && d.cfg.space != tight {
		v.Attr("label", figure.Quote(text))
	}
	look := ""
	if d.columns != nil {
		look = "weight=4" // against the lines of keepOrder, which pull too
	}
	pen := d.pen(e)
	if pen.dashed {
		look += " style=dashed"
	}
	if pen.colour != d.cfg.Palette.Wire {
		look += " color=" + pen.colour
	}
	if pen.text != d.cfg.Palette.Text {
		look += " fontcolor=" + pen.text
	}
	if pen.width != thin {
		look += fmt.Sprintf(" penwidth=%.1f", pen.width)
	}
	if e.isArrow() {
		look += " arrowhead=normal"
	} else if e.complement {
		look += " arrowhead=odot"
	}
	figure.Set(v.AttributesMap, "id=e%d %s", i, look)
}

// addRuler makes the marks of the levels, one a column and joined by a line, which
// also keeps the columns in order. A column between two levels has a tick.
func (d *dotter) addRuler() []dot.Node {
	marks := make([]dot.Node, len(d.columns))
	marked := func(i int) bool { return d.columns[i] != "" && !d.cfg.NoRuler }
	last := -1
	for i := range d.columns {
		if marked(i) {
			last = i
		}
	}
	grey := d.cfg.Palette.Stage.Line
	for i, label := range d.columns {
		marks[i] = d.root.Node(fmt.Sprintf("column%06d", i)).Attr("label", "")
		look := "shape=point style=invis width=0.01 height=0.01"
		switch {
		case marked(i):
			look = fmt.Sprintf("id=ruler%d shape=plain style= fontsize=10 fontcolor=%s", i, d.cfg.Palette.Faint)
			marks[i].Attr("label", figure.Quote(label))
		case i < last:
			look = fmt.Sprintf("id=ruler%d shape=point color=%s fillcolor=%[2]s width=0.03 height=0.03", i, grey)
		}
		figure.Set(marks[i].AttributesMap, "%s", look)
	}
	for i := 1; i < len(marks); i++ {
		look := "color=" + grey + " penwidth=0.5"
		if !marked(i - 1) { // the line goes on through a column that has no mark
			look += " tailclip=false"
		}
		if !marked(i) {
			look += " headclip=false"
		}
		if i > last {
			look = "style=invis"
		}
		figure.Set(d.root.Edge(marks[i-1], marks[i]).AttributesMap, "weight=100 %s", look)
	}
	return marks
}

// hard reports whether a layout takes long: Graphviz's effort grows with the columns
// that lines pass, which are nodes to it.
func (s *scene) hard() bool { return s.steps() > manySteps || len(s.edges) > manyEdges }

// steps is how many columns all lines pass.
func (s *scene) steps() int {
	steps := 0
	for i := range s.edges {
		steps += max(1, s.nodes[s.edges[i].to].column-s.nodes[s.edges[i].from].column)
	}
	return steps
}

// orderly reports whether gates are kept in order within stages. Graphviz heeds such
// wishes only without its last pass over the whole figure, which saves many crossings
// where there are many lines.
func (d *dotter) orderly() bool { return d.columns != nil && len(d.edges) <= fewEdges }

// keepOrder draws invisible lines between nodes of one column, which keep the first
// before the second: the ruler outside everything, ports in the order in which they
// were declared, and the gates of a thermometer by their bounds.
func (d *dotter) keepOrder(marks []dot.Node) {
	if len(marks) == 0 {
		return
	}
	before := func(a, b dot.Node) { d.root.Edge(a, b).Attr("style", "invis") }
	var last [2]*dot.Node // inputs, outputs
	last[roleInput] = &marks[0]
	for i := range d.scene.nodes {
		if r := d.scene.nodes[i].role; r == roleInput || r == roleOutput {
			if last[r] != nil {
				before(*last[r], d.nodes[i])
			}
			last[r] = &d.nodes[i]
		}
	}
	if !d.orderly() {
		return
	}
	for _, p := range d.ordered {
		a, b := d.nodes[p[0]], d.nodes[p[1]]
		if d.cfg.Direction == LeftRight && d.scene.nodes[p[0]].stage != 0 {
			a, b = b, a // Graphviz lays stages out top to bottom, then turns them
		}
		before(a, b)
	}
}

// addColumns puts the nodes of each column on one rank. The nodes are declared in
// their stages already; a graph for each column mentions them again. One list for
// all columns would not do: the dot package writes such lists in random order.
func (d *dotter) addColumns(marks []dot.Node) {
	members := make([][]int, len(d.columns))
	for i, n := range d.scene.nodes {
		if n.column >= 0 {
			members[n.column] = append(members[n.column], i)
		}
	}
	for i, list := range members {
		d.sameRank(fmt.Sprintf("zcolumn%06d", i), list, marks[i])
	}
}

// sameRank puts nodes side by side.
func (d *dotter) sameRank(name string, list []int, side ...dot.Node) {
	for _, n := range list {
		side = append(side, d.nodes[n])
	}
	g := d.root.Subgraph(name)
	g.Delete("label")
	g.AddToSameRank("", side...)
}
