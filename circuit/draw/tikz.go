package draw

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// tikz writes one sheet.
type tikz struct {
	*sheet
	text bytes.Buffer
}

func (t *sheet) tikz() []byte {
	w := &tikz{sheet: t}
	w.write()
	return w.text.Bytes()
}

func (t *tikz) line(format string, args ...any) {
	fmt.Fprintf(&t.text, format, args...)
	t.text.WriteByte('\n')
}

// xy writes a point with two digits, and never a negative zero.
func xy(p point) string {
	return strings.ReplaceAll(fmt.Sprintf("(%.2f,%.2f)", p[0], p[1]), "-0.00", "0.00")
}

// polygon writes the lines from point to point.
func polygon(points ...point) string {
	words := make([]string, len(points))
	for i, p := range points {
		words[i] = xy(p)
	}
	return strings.Join(words, " -- ")
}

func (f frame) rectangle() string {
	return xy(point{f.x0, f.y0}) + " rectangle " + xy(point{f.x1, f.y1})
}

func (t *tikz) write() {
	document := t.document()
	t.text.WriteString(document.Begin())
	t.line(`\begin{tikzpicture}[x=1bp,y=1bp,%%`)
	t.styles()
	box := frame{t.box.x0 - margin, t.box.y0 - margin, t.box.x1 + margin, t.box.y1 + margin}
	t.line(`\useasboundingbox %s;`, box.rectangle())
	for i := range t.geometry.stages {
		t.line(`\path[tc %s] %s;`, t.grey(i), t.geometry.stages[i].outline().rectangle())
	}
	for _, c := range t.geometry.line {
		t.line(`\draw[tc ruler] %s;`, c.path())
	}
	for _, at := range t.ticks {
		t.line(`\fill[tcstageline] %s circle[radius=1];`, xy(at))
	}
	t.texts(t.ruler, "tc level", press.LaTeX)
	for _, path := range []bool{false, true} { // a path lies on top
		for i := range t.scene.edges {
			if e := &t.scene.edges[i]; e.path == path {
				t.edge(e, &t.geometry.edges[i])
			}
		}
	}
	for i := range t.scene.nodes {
		t.node(i)
	}
	for _, p := range t.names { // a name covers the lines that pass behind it
		t.line(`\node[tc name,anchor=center,fill=tc%sfill,inner sep=1bp] at %s {%s};`,
			t.grey(p.owner), xy(p.middle()), press.LaTeX(p.text))
	}
	for _, p := range t.numbers {
		e := &t.scene.edges[p.owner]
		style := "tc weight"
		switch colour := t.lineInk(e); colour {
		case "tcwire":
		case "tcbeside":
			style += ",text=tcfaint"
		default:
			style += ",text=" + colour
		}
		t.line(`\node[%s] at %s {%s};`, style, xy(p.middle()), press.Maths(p.text))
	}
	t.text.WriteString(`\end{tikzpicture}`)
	t.text.WriteString(document.End())
}

// texts writes what stands in a shape, line by line.
func (t *tikz) texts(list []mark, style string, write func(string) string) {
	for _, m := range list {
		t.line(`\node[%s] at %s {%s};`, style, xy(m.at), write(m.text))
	}
}

// grey is the style of a stage: every second depth has another grey.
func (t *tikz) grey(i int) string {
	return []string{"stage", "inner"}[t.depthOfStage(i)%2]
}

// outline is the rectangle around a shape.
func (s *spot) outline() frame {
	return frame{s.at[0] - s.wide/2, s.at[1] - s.high/2, s.at[0] + s.wide/2, s.at[1] + s.high/2}
}

func (f frame) holds(g frame) bool {
	return f.x0 <= g.x0 && f.y0 <= g.y0 && g.x1 <= f.x1 && g.y1 <= f.y1
}

// lineInk returns the colour of a line, by its name in the file.
func (t *tikz) lineInk(e *edge) string {
	switch {
	case e.path:
		return "tcpath"
	case len(t.cfg.Path) > 0:
		return "tcbeside"
	case e.negative:
		return "tcnegative"
	}
	return "tcwire"
}

func (t *tikz) edge(e *edge, c *curve) {
	style, colour, width := "tc wire", t.lineInk(e), t.pen(e).width
	if e.integer {
		style += ",tc integer"
	}
	if e.negative {
		style += ",tc negative"
	}
	if e.path || len(t.cfg.Path) > 0 {
		style += ",draw=" + colour
	}
	if e.path || e.isArrow() {
		style += fmt.Sprintf(",line width=%.1fbp", width)
	}
	t.line(`\draw[%s] %s;`, style, c.path())
	if c.dot != nil {
		t.line(`\draw[tc dot,draw=%s] %s circle[radius=%.2f];`, colour, xy(point(c.dot[:2])), c.dot[2])
	}
	if len(c.head) > 0 { // Graphviz leaves room for the line around the head
		style = fmt.Sprintf("%s,line width=%.1fbp,line join=miter,miter limit=20", colour, width)
		t.line(`\filldraw[%s] %s -- cycle;`, style, polygon(c.head...))
	}
}

// path writes a curve, or a line where the curve is straight.
func (c *curve) path() string {
	text := xy(c.points[0])
	for i := 1; i+2 < len(c.points); i += 3 {
		p := c.points[i-1:]
		if straight(p[0], p[1], p[2], p[3]) {
			text += " -- " + xy(p[3])
		} else {
			text += fmt.Sprintf(" .. controls %s and %s .. %s", xy(p[1]), xy(p[2]), xy(p[3]))
		}
	}
	return text
}

// straight reports whether p and q are less than a tenth of a point off the line from a
// to b.
func straight(a, p, q, b point) bool {
	dx, dy := b[0]-a[0], b[1]-a[1]
	far := func(p point) float64 { return math.Abs(dx*(p[1]-a[1]) - dy*(p[0]-a[0])) }
	return max(far(p), far(q)) < 0.1*math.Hypot(dx, dy)
}

func (t *tikz) node(i int) {
	n, s := &t.scene.nodes[i], &t.geometry.nodes[i]
	path := ""
	if n.path {
		path = ",tc on path"
	}
	// A shape that is drawn apart from its lines of text.
	outline := func(style string, f frame) { t.line(`\path[tc %s%s] %s;`, style, path, f.rectangle()) }
	size := fmt.Sprintf("minimum size=%.2fbp", s.wide)
	switch n.role {
	case roleConst, roleThreshold:
		if lines := t.labelOf(i); len(lines) > 1 {
			outline("threshold", s.outline())
			t.texts(lines, "anchor=base", press.Maths)
			break
		}
		size = fmt.Sprintf("minimum width=%.2fbp,minimum height=%.2fbp", s.wide, s.high)
		fallthrough
	case roleLogic, roleSum: // around one sign
		if len(n.more) > 0 {
			outline(fmt.Sprintf("%s,rectangle,rounded corners=%.2fbp", n.role.ink(&t.cfg.Palette).name, s.high/2), s.outline())
			t.line(`\node at %s {%s};`, xy(s.at), press.Maths(n.label))
			break
		}
		t.line(`\node[tc %s%s,%s] at %s {%s};`,
			n.role.ink(&t.cfg.Palette).name, path, size, xy(s.at), gateText(n.label))
	case roleParity:
		t.line(`\path[tc parity%s] %s -- cycle;`, path, polygon(s.hexagon()...))
		if strings.Contains(n.label, "\n") {
			t.texts(s.texts, "tc name", press.Maths)
			break
		}
		t.line(`\node at %s {%s};`, xy(s.at), press.Maths(n.label))
	case roleBox:
		outline("box,tc rounded", s.outline())
		t.texts(s.texts[:1], "tc name", func(text string) string { return `\bfseries ` + press.LaTeX(text) })
		t.texts(s.texts[1:], "tc name", press.LaTeX)
	default: // a port: one rounded shape, or a table of cells
		if len(s.cells) == 0 {
			outline("port,tc rounded", s.outline())
		}
		for _, c := range s.cells {
			outline("port", c)
		}
		for i, m := range s.texts {
			style := "anchor=base"
			if m.size < 10 {
				style = "tc small"
			}
			t.texts(s.texts[i:i+1], style, press.LaTeX)
		}
	}
}

// gateText writes the label of a gate as maths, and words as words.
func gateText(label string) string {
	if label == "buf" {
		return `\fontsize{9}{9}\selectfont buf`
	}
	return press.Maths(label)
}
