package draw

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/circuit"
)

// DOT writes c as a figure in the language of Graphviz. The text is the same every
// time, so that a figure can be kept under version control.
func DOT(w io.Writer, c *circuit.Circuit, cfg Config) error {
	cfg, err := cfg.complete()
	if err != nil {
		return err
	}
	s, err := newScene(c, &cfg)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, s.dot(&cfg))
	return err
}

const (
	font      = "Helvetica" // Graphviz knows its widths without having it
	fewEdges  = 150         // up to here, gates of a thermometer stand in order
	manyEdges = 300         // from here on, straight lines and a bounded search for a layout
	manySteps = 2000        // from column to column, of all lines together: from here on a bounded search
)

// dotter writes one scene.
type dotter struct {
	*scene
	cfg      *Config
	root     *dot.Graph
	clusters map[circuit.StageID]*dot.Graph
	nodes    []dot.Node
	depth    map[circuit.StageID]int
}

func (s *scene) dot(cfg *Config) string {
	d := &dotter{
		scene: s, cfg: cfg, root: dot.NewGraph(dot.Directed),
		clusters: map[circuit.StageID]*dot.Graph{}, depth: map[circuit.StageID]int{},
	}
	d.root.ID("circuit")
	d.clusters[0] = d.root
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
		nodes := make([]dot.Node, len(rank))
		for k, n := range rank {
			nodes[k] = d.nodes[n]
		}
		d.sameRank(fmt.Sprintf("zrank%06d", i), nodes)
	}
	var b strings.Builder
	for line := range strings.Lines(d.root.String()) {
		if strings.TrimSpace(line) == "" {
			continue // the dot package leaves indented blank lines
		}
		first := b.Len() == 0
		b.WriteString(line)
		if first {
			b.WriteString(d.defaults())
		}
	}
	return b.String()
}

// defaults is what holds for all shapes. The dot package has no way to write it; it
// comes first since Graphviz applies it to what follows.
func (d *dotter) defaults() string {
	var b strings.Builder
	splines, effort := "true", " mclimit=4"
	if len(d.edges) > manyEdges {
		splines, effort = "line", " nslimit=10 nslimit1=10 mclimit=1"
	}
	if d.hard() && len(d.edges) <= manyEdges {
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
	if d.cfg.tight {
		ranksep = "0.28"
	}
	fmt.Fprintf(&b, "\tgraph [rankdir=%s newrank=true splines=%s nodesep=%s ranksep=%s%s outputorder=edgesfirst bgcolor=white fontname=%q fontsize=11 fontcolor=%q]\n",
		d.cfg.Direction, splines, nodesep, ranksep, effort, font, d.cfg.Palette.Text)
	fmt.Fprintf(&b, "\tnode [fontname=%q fontsize=11 fontcolor=%q shape=box style=filled margin=\"0.06,0.03\" width=0.3 height=0.26]\n", font, d.cfg.Palette.Text)
	fmt.Fprintf(&b, "\tedge [fontname=%q fontsize=9 fontcolor=%q color=%q arrowhead=none arrowsize=0.6 penwidth=0.7]\n", font, d.cfg.Palette.Text, d.cfg.Palette.Wire)
	if label := d.captionLabel(); label != "" {
		fmt.Fprintf(&b, "\tlabel=<%s>; labelloc=b; labeljust=c;\n", label)
	}
	return b.String()
}

// captionLabel returns title, caption and legend as an HTML-like label.
func (d *dotter) captionLabel() string {
	var lines []string
	if d.title != "" {
		lines = append(lines, `<font point-size="13"><b>`+escape(d.title)+`</b></font>`)
	}
	if !d.cfg.NoCaption {
		lines = append(lines, `<font point-size="11">`+escape(d.caption)+`</font>`)
		for _, line := range d.legend {
			lines = append(lines, fmt.Sprintf(`<font point-size="9" color=%q>%s</font>`, d.cfg.Palette.Faint, escape(line)))
		}
	}
	return strings.Join(lines, "<br/>")
}

// cluster returns the graph of a stage, made with those around it when first asked.
func (d *dotter) cluster(id circuit.StageID) *dot.Graph {
	if g, ok := d.clusters[id]; ok {
		return g
	}
	st := d.stages[id]
	parent := d.cluster(st.parent)
	d.depth[id] = d.depth[st.parent] + 1
	ink := d.cfg.Palette.Stage
	if d.depth[id]%2 == 0 {
		ink = d.cfg.Palette.Inner
	}
	g := parent.Subgraph(fmt.Sprintf("stage%06d", id), dot.ClusterOption{})
	g.Attrs("id", fmt.Sprintf("stage%d", id), "label", quote(st.name+st.note), "style", "rounded,filled", "fillcolor", ink.Fill, "color", ink.Line,
		"penwidth", "0.8", "margin", "8", "labeljust", "l", "labelloc", "t", "fontsize", "10")
	d.clusters[id] = g
	return g
}

func (d *dotter) addNode(i int) dot.Node {
	n := &d.scene.nodes[i]
	ink := d.cfg.Palette.of(n.role)
	v := d.cluster(n.stage).Node(fmt.Sprintf("node%08d", i)).Attr("id", n.id)
	if n.path {
		ink.Line = d.cfg.Palette.Path
	}
	v.Attrs("fillcolor", ink.Fill, "color", ink.Line, "label", quote(n.label))
	if n.path && n.cells == nil {
		v.Attr("penwidth", "2.4")
	}
	switch n.role {
	case roleInput, roleOutput:
		if n.cells != nil {
			v.Attrs("shape", "plain", "style", "", "label", dot.HTML(d.table(n, ink)))
			v.Delete("fillcolor")
		} else {
			v.Attr("style", "filled,rounded")
		}
	case roleConst:
		v.Attrs("width", "0.22", "height", "0.22", "margin", "0.02")
	case roleLogic:
		size := "13"
		if utf8.RuneCountInString(n.label) > 1 {
			size = "9" // a word, not a sign
		}
		v.Attrs("shape", "circle", "width", "0.3", "margin", "0", "fixedsize", "true", "fontsize", size)
	case roleParity:
		if strings.Contains(n.label, "\n") {
			widest := 0
			for line := range strings.SplitSeq(n.label, "\n") {
				widest = max(widest, utf8.RuneCountInString(line))
			}
			v.Attrs("shape", "hexagon", "width", fmt.Sprintf("%.2f", 0.3+0.075*float64(widest)), "height", "0.42",
				"margin", "0", "fixedsize", "true", "fontsize", "10")
		} else {
			v.Attrs("shape", "hexagon", "width", "0.36", "height", "0.3", "margin", "0", "fixedsize", "true", "fontsize", "14")
		}
	case roleSum:
		v.Attrs("shape", "circle", "width", "0.26", "margin", "0", "fixedsize", "true")
		if !n.path {
			v.Attr("penwidth", "1.4")
		}
	case roleBox:
		name, rest, _ := strings.Cut(escape(n.label), "\n")
		v.Attrs("style", "filled,rounded", "margin", "0.1,0.06", "label",
			dot.HTML("<b>"+name+`</b><br/><font point-size="10">`+strings.ReplaceAll(rest, "\n", "<br/>")+"</font>"))
	}
	return v
}

// table is the label of a port with cells: its name at the outer side, a cell for
// each wire at the side where the lines are.
func (d *dotter) table(n *node, ink Ink) string {
	const small = `<font point-size="9">`
	name := strings.ReplaceAll(escape(n.label), "\n", "<br/>"+small)
	if strings.Contains(name, small) {
		name += "</font>"
	}
	cell := func(i int) string {
		return fmt.Sprintf(`<td port="w%d" cellpadding="2">%s%s</font></td>`, i, small, escape(n.cells[i]))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<table border="0" cellborder="1" cellspacing="0" cellpadding="4" color=%q bgcolor=%q>`, ink.Line, ink.Fill)
	input := n.role == roleInput
	if d.cfg.Direction == LeftRight {
		title := fmt.Sprintf(`<td rowspan="%d">%s</td>`, max(len(n.cells), 1), name)
		for i := range max(len(n.cells), 1) {
			b.WriteString("<tr>")
			if i == 0 && input {
				b.WriteString(title)
			}
			if len(n.cells) > 0 {
				b.WriteString(cell(i))
			}
			if i == 0 && !input {
				b.WriteString(title)
			}
			b.WriteString("</tr>")
		}
	} else {
		title := fmt.Sprintf(`<tr><td colspan="%d">%s</td></tr>`, max(len(n.cells), 1), name)
		row := ""
		if len(n.cells) > 0 {
			row = "<tr>"
			for i := range n.cells {
				row += cell(i)
			}
			row += "</tr>"
		}
		if input == (d.cfg.Direction == BottomTop) { // the wires are above the name
			b.WriteString(row + title)
		} else {
			b.WriteString(title + row)
		}
	}
	b.WriteString("</table>")
	return b.String()
}

func (d *dotter) addEdge(i int) {
	e := &d.scene.edges[i]
	leave, arrive := d.cfg.Direction.ends()
	port := func(cell int, side string) string {
		if cell < 0 {
			return ""
		}
		return fmt.Sprintf("w%d:%s", cell, side)
	}
	v := d.root.EdgeWithPorts(d.nodes[e.from], d.nodes[e.to], port(e.fromCell, leave), port(e.toCell, arrive))
	v.Attr("id", edgeID(i))
	if e.label != "" {
		v.Attr("label", quote(e.label))
	}
	if d.columns != nil {
		v.Attr("weight", "4") // against the lines of keepOrder, which pull too
	}
	pen := d.cfg.pen(e)
	if pen.dashed {
		v.Attr("style", "dashed")
	}
	if pen.colour != d.cfg.Palette.Wire {
		v.Attr("color", pen.colour)
	}
	if pen.text != d.cfg.Palette.Text {
		v.Attr("fontcolor", pen.text)
	}
	if pen.width != thin {
		v.Attr("penwidth", fmt.Sprintf("%.1f", pen.width))
	}
	if e.complement {
		v.Attr("arrowhead", "odot")
	}
	if e.isArrow() {
		v.Attrs("label", quote(count(e.count)), "arrowhead", "normal")
	}
}

func edgeID(i int) string { return fmt.Sprintf("e%d", i) }

// addRuler makes the marks of the levels, one a column and joined by a line, which
// also keeps the columns in order. A column between two levels has a tick.
func (d *dotter) addRuler() []dot.Node {
	marks := make([]dot.Node, len(d.columns))
	marked := func(i int) bool { return d.columns[i].label != "" && !d.cfg.NoRuler }
	last := -1
	for i := range d.columns {
		if marked(i) {
			last = i
		}
	}
	for i, col := range d.columns {
		marks[i] = d.root.Node(fmt.Sprintf("column%06d", i))
		switch {
		case marked(i):
			marks[i].Attrs("id", fmt.Sprintf("ruler%d", i), "shape", "plain", "style", "", "fontsize", "10",
				"fontcolor", d.cfg.Palette.Faint, "label", quote(col.label))
		case i < last:
			marks[i].Attrs("id", fmt.Sprintf("ruler%d", i), "shape", "point", "color", d.cfg.Palette.Stage.Line,
				"fillcolor", d.cfg.Palette.Stage.Line, "width", "0.03", "height", "0.03", "label", "")
		default:
			marks[i].Attrs("shape", "point", "style", "invis", "width", "0.01", "height", "0.01", "label", "")
		}
	}
	for i := 1; i < len(marks); i++ {
		e := d.root.Edge(marks[i-1], marks[i]).Attr("weight", "100")
		if i > last {
			e.Attr("style", "invis")
			continue
		}
		e.Attrs("color", d.cfg.Palette.Stage.Line, "penwidth", "0.5")
		if !marked(i - 1) { // the line goes on through a column that has no mark
			e.Attr("tailclip", "false")
		}
		if !marked(i) {
			e.Attr("headclip", "false")
		}
	}
	return marks
}

// hard reports whether a layout takes long: Graphviz's effort grows with the columns
// that lines pass, which are nodes to it.
func (s *scene) hard() bool {
	steps := 0
	for i := range s.edges {
		steps += max(1, s.nodes[s.edges[i].to].column-s.nodes[s.edges[i].from].column)
	}
	return steps > manySteps || len(s.edges) > manyEdges
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
	members := make([][]dot.Node, len(d.columns))
	for i := range marks {
		members[i] = append(members[i], marks[i])
	}
	for i, n := range d.scene.nodes {
		if n.column >= 0 {
			members[n.column] = append(members[n.column], d.nodes[i])
		}
	}
	for i, list := range members {
		d.sameRank(fmt.Sprintf("zcolumn%06d", i), list)
	}
}

func (d *dotter) sameRank(name string, list []dot.Node) {
	g := d.root.Subgraph(name)
	g.Delete("label")
	g.AddToSameRank("", list...)
}
