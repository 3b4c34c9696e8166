package diagram

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// DOT writes p as a block diagram in the language of Graphviz.
//
// Error: that of the building of p, or of its reading by formulas.
func DOT(w io.Writer, p *program.Program, cfg Config) error {
	text, err := text(p, cfg)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

func text(p *program.Program, cfg Config) (string, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return "", err
	}
	s, err := newScene(p, &cfg)
	if err != nil {
		return "", err
	}
	return s.dot(&cfg), nil
}

const font = "Helvetica" // Graphviz knows its widths without having it

// dotter writes one scene.
type dotter struct {
	*scene
	cfg    *Config
	root   *dot.Graph
	graphs []*dot.Graph // by frame; nil where it is folded
	nodes  []dot.Node
}

func (s *scene) dot(cfg *Config) string {
	d := &dotter{scene: s, cfg: cfg, root: dot.NewGraph(dot.Directed), graphs: make([]*dot.Graph, len(s.frames))}
	d.root.ID("program")
	d.graphs[0] = d.root
	for f := 1; f < len(s.frames); f++ {
		if s.outermostFolded(f) == 0 {
			d.graphs[f] = d.cluster(f)
		}
	}
	for i := range s.boxes {
		d.nodes = append(d.nodes, d.addBox(i))
	}
	for i := range s.arrows {
		d.addArrow(&s.arrows[i])
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
	p := &d.cfg.Palette
	var b strings.Builder
	fmt.Fprintf(&b, "\tgraph [rankdir=%s nodesep=0.2 ranksep=0.26 bgcolor=white fontname=%q fontsize=11 fontcolor=%q]\n", d.cfg.Direction, font, p.Text)
	fmt.Fprintf(&b, "\tnode [fontname=%q fontsize=11 fontcolor=%q shape=box style=filled margin=\"0.09,0.045\" width=0.3 height=0.2]\n", font, p.Text)
	fmt.Fprintf(&b, "\tedge [fontname=%q fontsize=9 fontcolor=%q color=%q arrowsize=0.55 penwidth=0.8]\n", font, p.Text, p.Wire)
	if label := d.captionLabel(); label != "" {
		fmt.Fprintf(&b, "\tlabel=<%s>; labelloc=b; labeljust=c;\n", label)
	}
	return b.String()
}

// captionLabel returns title, caption and legend as an HTML-like label.
func (d *dotter) captionLabel() string {
	if d.title == "" && d.cfg.NoCaption {
		return ""
	}
	p := &d.cfg.Palette
	var b strings.Builder
	row := func(format string, args ...any) {
		b.WriteString("<tr><td>" + fmt.Sprintf(format, args...) + "</td></tr>")
	}
	b.WriteString(`<table border="0" cellborder="0" cellspacing="0" cellpadding="2">`)
	if d.title != "" {
		row(`<font point-size="13"><b>%s</b></font>`, escape(d.title))
	}
	if !d.cfg.NoCaption {
		row("%s", escape(d.caption))
		if d.sizes != "" {
			row("%s", escape(d.sizes))
		}
		row("%s", d.legendTable())
		row(`<font point-size="9" color=%q>%s</font>`, p.Faint, escape("arrows: uses of values, with their shapes; depth: "+gates.Standard().Note))
	}
	b.WriteString("</table>")
	return b.String()
}

// legendTable shows what the kinds of box mean. Graphviz would stretch a table to the
// width of the caption and so part the samples from their words; a table of a fixed size
// stays as it is. Its samples hold a space, since Graphviz refuses an empty cell.
func (d *dotter) legendTable() string {
	const sample, gap, letter = 20, 14, 5 // points; a letter of 9 points is narrower
	var b strings.Builder
	width := 0
	for _, r := range d.legend() {
		width += gap + letter*utf8.RuneCountInString(r.text)
		if !r.sample {
			fmt.Fprintf(&b, `<td><font point-size="9">%s</font></td>`, escape(r.text))
			continue
		}
		width += sample
		colours, line := ink(&d.cfg.Palette, r.role)
		fmt.Fprintf(&b, `<td width="%d" align="right"><table border="%d" cellborder="0" cellspacing="0" cellpadding="0" bgcolor=%q color=%q width="18" height="11" fixedsize="true"><tr><td> </td></tr></table></td>`,
			sample, max(1, int(line+0.5)), colours.Fill, colours.Line)
		fmt.Fprintf(&b, `<td align="left"><font point-size="9">%s</font></td>`, escape(r.text))
	}
	return fmt.Sprintf(`<table border="0" cellborder="0" cellspacing="0" cellpadding="4" width="%d" height="20" fixedsize="true"><tr>%s</tr></table>`, width, b.String())
}

// cluster makes the graph of a frame; that of the frame around it is there already.
func (d *dotter) cluster(f int) *dot.Graph {
	fr := &d.frames[f]
	colours := d.cfg.Palette.Stage
	if fr.depth%2 == 0 {
		colours = d.cfg.Palette.Inner
	}
	g := d.graphs[fr.parent].Subgraph(fmt.Sprintf("frame%06d", f), dot.ClusterOption{})
	g.Attrs("label", dot.HTML(d.frameLabel(f)), "style", "rounded,filled", "fillcolor", colours.Fill, "color", colours.Line,
		"penwidth", "0.8", "margin", "8", "labeljust", "l", "labelloc", "t", "fontsize", "10")
	if fr.times != "" {
		g.Attrs("penwidth", "2.2", "color", d.cfg.Palette.Wire)
	}
	return g
}

// frameLabel names a stage and what it costs.
func (d *dotter) frameLabel(f int) string {
	fr := &d.frames[f]
	name := escape(fr.name)
	if fr.times != "" {
		name += " × " + escape(fr.times)
	}
	text := "<b>" + name + "</b>"
	if cost := costText(&fr.cost, d.repeated(f)); cost != "" {
		text += fmt.Sprintf(`  <font point-size="9" color=%q>%s</font>`, d.cfg.Palette.Faint, escape(cost))
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
		return plural(c.counted, "gate")
	}
	return "≤ " + amount(c.gates, "gate")
}

func (d *dotter) addBox(i int) dot.Node {
	b := &d.boxes[i]
	colours, width := ink(&d.cfg.Palette, b.looks())
	v := d.graphs[b.frame].Node(fmt.Sprintf("box%06d", i))
	v.Attrs("id", d.boxID(i), "fillcolor", colours.Fill, "color", colours.Line, "penwidth", fmt.Sprint(width), "label", dot.HTML(d.boxLabel(b)))
	switch b.role {
	case roleInput, roleOutput:
		v.Attr("style", "filled,rounded")
	case roleState:
		v.Attr("style", "filled,rounded,dashed")
	case roleFolded:
		v.Attr("peripheries", "2")
	}
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
	small := func(text string) string { return `<font point-size="9">` + escape(text) + "</font>" }
	first := "<b>" + escape(b.name) + "</b>"
	var lines []string
	switch {
	case b.role == roleFolded:
		lines = append(lines, small(plural(int64(b.count), "operation")))
	case b.detail != "" && len(b.name)+len(b.detail) <= oneLine:
		first += "  " + small(b.detail)
	case b.detail != "":
		lines = append(lines, small(b.detail))
	}
	for _, l := range b.lines {
		lines = append(lines, small(l))
	}
	text := strings.Join(append([]string{first}, lines...), "<br/>")
	if cost := d.boxCost(b); cost != "" {
		text += "<br/>" + small(cost)
	}
	if b.cost.adds.IsZero() {
		return text
	}
	// A mark at the side, white on dark.
	colours, _ := ink(&d.cfg.Palette, roleLayers)
	return fmt.Sprintf(`<table border="0" cellborder="0" cellspacing="0" cellpadding="3"><tr><td>%s</td><td> </td><td bgcolor=%q><font color="white"><b>+%s</b></font></td></tr></table>`,
		text, colours.Line, escape(b.cost.adds.Pretty()))
}

const oneLine = 26 // bytes of name and detail that share a line

func (d *dotter) boxCost(b *box) string {
	var parts []string
	if gates := gatesText(&b.cost); gates != "" {
		switch {
		case b.role == roleFolded && (b.times || d.repeated(b.frame)):
			gates += " in all"
		case b.role != roleFolded && len(d.copies.twins(b.id)) > 1:
			gates += " each"
		}
		parts = append(parts, gates)
	}
	if b.cost.level != "" {
		parts = append(parts, "depth ≤ "+b.cost.level)
	}
	return strings.Join(parts, ", ")
}

func (d *dotter) addArrow(a *arrow) {
	v := d.root.Edge(d.nodes[a.from], d.nodes[a.to])
	v.Attr("label", quote(" "+strings.ReplaceAll(a.label, "\n", "\n ")))
	if a.next {
		v.Attrs("style", "dashed", "penwidth", "1.2")
	}
}
