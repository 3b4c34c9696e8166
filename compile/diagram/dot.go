package diagram

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/internal/figure"
	"github.com/tc0lab/tc0/internal/press"
)

// dotter writes one scene.
type dotter struct {
	*scene
	root   *dot.Graph
	graphs []*dot.Graph // by frame; nil where it is folded
	drawn  []dot.Node
}

func (s *scene) dot() string {
	d := &dotter{scene: s, root: dot.NewGraph(dot.Directed)}
	d.root.ID("program")
	d.graphs = make([]*dot.Graph, len(s.frames))
	d.graphs[0] = d.root
	for f := range s.frames {
		if f > 0 && s.outermostFolded(f) == 0 {
			d.graphs[f] = d.cluster(f)
		}
	}
	for i := range s.boxes {
		d.drawn = append(d.drawn, d.addBox(i))
	}
	column := s.columnOf(max(1, s.cfg.Columns))
	between := &connectors{
		dotter: d, column: column, number: map[int]int{}, entry: map[[2]int]dot.Node{}, first: map[int]dot.Node{},
	}
	for i := range s.arrows {
		if a := &s.arrows[i]; column[a.from] == column[a.to] {
			d.line(a, d.drawn[a.from], d.drawn[a.to])
		} else {
			between.arrow(a)
		}
	}
	d.alignColumns(between)
	return figure.Text(d.root, figure.Look{
		Palette: &s.cfg.Palette, Direction: s.cfg.Direction, Caption: d.captionLabel(), Graph: "newrank=true nodesep=0.2 ranksep=0.26",
		Nodes: `margin="0.09,0.045" width=0.3 height=0.2`, Edges: "arrowsize=0.55 penwidth=0.8",
	})
}

// captionLabel returns title, caption and legend as an HTML-like label.
func (d *dotter) captionLabel() string {
	var rows []string
	if d.title != "" {
		rows = append(rows, figure.Heading(d.title))
	}
	if !d.cfg.NoCaption {
		rows = append(rows, figure.Escape(d.caption))
		if d.sizes != "" {
			rows = append(rows, figure.Escape(d.sizes))
		}
		rows = append(rows, d.legendTable())
		for _, line := range d.notes() {
			rows = append(rows, figure.Remark(&d.cfg.Palette, line))
		}
	}
	if rows == nil {
		return ""
	}
	return `<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td>` +
		strings.Join(rows, "</td></tr><tr><td>") + "</td></tr></table>"
}

// legendTable shows what the kinds of box mean. Graphviz would stretch a table to the
// width of the caption and so part the samples from their words; a table of a fixed size
// stays as it is. Its samples hold a space, since Graphviz refuses an empty cell.
func (d *dotter) legendTable() string {
	const sample, gap, letter = 20, 14, 5 // points; a letter of 9 points is narrower
	text, width := "", 0
	for _, r := range d.legend() {
		width += gap + letter*utf8.RuneCountInString(r.text)
		if r.role == roleFolded {
			text += "<td>" + small(r.text) + "</td>"
			continue
		}
		width += sample
		colours, line := ink(&d.cfg.Palette, r.role)
		text += fmt.Sprintf(`<td width="%d" align="right">`+
			`<table border="%d" cellborder="0" cellspacing="0" cellpadding="0" bgcolor=%q color=%q `+
			`width="18" height="11" fixedsize="true"><tr><td> </td></tr></table></td>`+
			`<td align="left">%s</td>`, sample, max(1, int(line+0.5)), colours.Fill, colours.Line, small(r.text))
	}
	return fmt.Sprintf(`<table border="0" cellborder="0" cellspacing="0" cellpadding="4" width="%d" height="20" `+
		`fixedsize="true"><tr>%s</tr></table>`, width, text)
}

func small(text string) string { return figure.Sized(9, text) }

// cluster makes the graph of a frame; that of the frame around it is there already.
func (d *dotter) cluster(f int) *dot.Graph {
	fr := &d.frames[f]
	label := dot.HTML(d.frameLabel(f))
	g := figure.Frame(d.graphs[fr.parent], fmt.Sprintf("frame%06d", f), fr.depth, &d.cfg.Palette, label)
	if fr.times != "" {
		figure.Set(g.AttributesMap, "penwidth=2.2 color=%s", d.cfg.Palette.Wire)
	}
	return g
}

// frameLabel names a stage and what it costs.
func (d *dotter) frameLabel(f int) string {
	fr := &d.frames[f]
	text := "<b>" + figure.Escape(fr.title()) + "</b>"
	if cost := costText(&fr.cost, d.repeated(f)); cost != "" {
		text += "  " + figure.Remark(&d.cfg.Palette, cost)
	}
	return text
}

// costText writes layers and gates, such as "+1 layer, ≤ 24 gates".
func costText(c *cost, repeated bool) string {
	var parts []string
	if !c.adds.IsZero() {
		part := "+" + amount(c.adds, "layer")
		if repeated {
			part += " each"
		}
		parts = append(parts, part)
	}
	if gates := gatesText(c); gates != "" {
		if repeated {
			gates += " in all"
		}
		parts = append(parts, gates)
	}
	return strings.Join(parts, ", ")
}

// gatesText writes how many gates there are, or at most; "" if there is none.
func gatesText(c *cost) string {
	switch {
	case c.gates.IsZero():
		return ""
	case c.exact:
		return press.Plural(c.counted, "gate")
	}
	return "≤ " + amount(c.gates, "gate")
}

func (d *dotter) addBox(i int) dot.Node {
	b := &d.boxes[i]
	colours, width := ink(&d.cfg.Palette, b.looks())
	v := d.graphs[b.frame].Node(fmt.Sprintf("box%06d", i)).Attr("label", dot.HTML(d.boxLabel(b)))
	look := ""
	switch b.role {
	case roleInput, roleOutput:
		look = "style=filled,rounded"
	case roleState:
		look = "style=filled,rounded,dashed"
	case roleFolded:
		look = "peripheries=2"
	}
	figure.Set(v.AttributesMap, "id=%s fillcolor=%s color=%s penwidth=%v %s",
		d.boxID(i), colours.Fill, colours.Line, width, look)
	return v
}

// boxID is what a box is called in an SVG: by its number in the program's listing.
func (d *dotter) boxID(i int) string {
	switch b := &d.boxes[i]; b.role {
	case roleOutput:
		return fmt.Sprintf("output%d", b.id)
	case roleFolded:
		return fmt.Sprintf("stage%d", i)
	case roleState:
		return fmt.Sprintf("state%d", i)
	default:
		return fmt.Sprintf("op%d", b.id)
	}
}

// boxLabel writes name and detail in one line where that is short, then the range, then
// what it costs.
func (d *dotter) boxLabel(b *box) string {
	var lines []string
	first := "<b>" + figure.Escape(b.name) + "</b>"
	if b.role == roleFolded {
		lines = append(lines, press.Plural(int64(b.count), "operation"))
	} else if b.detail != "" && len(b.name)+len(b.detail) <= oneLine {
		first += "  " + small(b.detail)
	} else if b.detail != "" {
		lines = append(lines, b.detail)
	}
	lines = append(lines, b.lines...)
	if cost := d.boxCost(b); cost != "" {
		lines = append(lines, cost)
	}
	text := first
	for _, l := range lines {
		text += "<br/>" + small(l)
	}
	if b.cost.adds.IsZero() {
		return text
	}
	// A mark at the side, white on dark.
	colours, _ := ink(&d.cfg.Palette, roleLayers)
	return fmt.Sprintf(`<table border="0" cellborder="0" cellspacing="0" cellpadding="3"><tr><td>%s</td><td> </td>`+
		`<td bgcolor=%q><font color="white"><b>+%s</b></font></td></tr></table>`,
		text, colours.Line, figure.Escape(b.cost.adds.Pretty()))
}

const oneLine = 26 // bytes of name and detail that share a line

func (d *dotter) boxCost(b *box) string {
	var parts []string
	if gates := gatesText(&b.cost); gates != "" {
		switch {
		case b.role == roleFolded && (b.times || d.repeated(b.frame)):
			gates += " in all"
		case b.role != roleFolded && len(d.same[b.id]) > 1:
			gates += " each"
		}
		parts = append(parts, gates)
	}
	if b.cost.level != "" {
		parts = append(parts, "depth ≤ "+b.cost.level)
	}
	return strings.Join(parts, ", ")
}

// alignColumns lets the first boxes of columns stand side by side.
func (d *dotter) alignColumns(between *connectors) {
	var heads []dot.Node
	for i, c := range between.column {
		if c == len(heads) {
			head, ok := between.first[c]
			if !ok {
				head = d.drawn[i]
			}
			heads = append(heads, head)
		}
	}
	if len(heads) < 2 {
		return
	}
	var anchors []dot.Node // outside of stages, where Graphviz keeps an order
	for i, head := range heads {
		a := d.root.Node(fmt.Sprintf("column%06d", i)).Attr("label", "")
		figure.Set(a.AttributesMap, "shape=point style=invis width=0.01 height=0.01")
		figure.Set(d.root.Edge(a, head).AttributesMap, "style=invis weight=100")
		if i > 0 {
			figure.Set(d.root.Edge(anchors[i-1], a).AttributesMap, "style=invis")
		}
		anchors = append(anchors, a)
	}
	g := d.root.Subgraph("zcolumns")
	g.Delete("label")
	g.AddToSameRank("", anchors...)
}

// line draws an arrow between two shapes.
func (d *dotter) line(a *arrow, from, to dot.Node) {
	v := d.root.Edge(from, to)
	v.Attr("label", figure.Quote(" "+strings.ReplaceAll(a.label, "\n", "\n ")))
	if a.next {
		figure.Set(v.AttributesMap, "style=dashed penwidth=1.2")
	}
}
