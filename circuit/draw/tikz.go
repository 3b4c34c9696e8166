package draw

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/figure"
)

// Measures of TikZ figures.
const (
	pointsACentimetre = 72 / 2.54
	pageHeight        = 22 * pointsACentimetre // of a picture: what a page has room for
	smallest          = 5.0                    // points of text that is still read
	margin            = 1.0                    // points around a picture, for half a line
	smallText         = 9.0                    // the smallest text in a picture before it is scaled
)

// TikZ writes c as a figure in TikZ, as wide as [Config] says: a document that pdflatex
// makes one page of, and that a paper can take in by \input. Positions are those of
// Graphviz. A direction that is left open is the one in which text stays larger, and
// where that is too small, columns stand closer.
func TikZ(w io.Writer, c *circuit.Circuit, cfg Config) error {
	t, err := bestTikZ(c, cfg)
	if err != nil {
		return err
	}
	t.write()
	_, err = io.WriteString(w, t.text.String())
	return err
}

// bestTikZ tries up to three layouts, but one only where layouts take long.
func bestTikZ(c *circuit.Circuit, cfg Config) (*tikz, error) {
	best, err := newTikZ(c, cfg)
	if err != nil || best.scene.hard() {
		return best, err
	}
	try := func(d Direction, tight bool) error {
		cfg.Direction, cfg.tight = d, tight
		t, err := newTikZ(c, cfg)
		if err == nil && t.scale > best.scale {
			best = t
		}
		return err
	}
	if cfg.Direction == "" {
		other := LeftRight
		if best.cfg.Direction == LeftRight {
			other = BottomTop
		}
		if err := try(other, false); err != nil {
			return nil, err
		}
	}
	if !best.readable() {
		if err := try(best.cfg.Direction, true); err != nil {
			return nil, err
		}
	}
	return best, nil
}

// tikz writes one scene.
type tikz struct {
	*scene
	*geometry
	scale float64
	at    []numberAt // where the numbers on lines stand
	text  strings.Builder
}

// numberAt is a number on line edge.
type numberAt struct {
	edge int
	at   point
}

func newTikZ(c *circuit.Circuit, cfg Config) (*tikz, error) {
	s, err := newScene(c, cfg)
	if err != nil {
		return nil, err
	}
	t := &tikz{scene: s}
	// Title and legend are set in lines as wide as the column.
	title, bare := s.title, s.cfg.NoCaption
	s.title, s.cfg.NoCaption = "", true
	if t.geometry, err = s.locate(); err != nil {
		return nil, err
	}
	s.title, s.cfg.NoCaption = title, bare
	if unreadable := t.placeNumbers(); len(unreadable) > 0 {
		s.leaveOut(unreadable)
	}
	t.scale = min(1, s.cfg.Width*pointsACentimetre/t.wide(), pageHeight/t.high())
	return t, nil
}

func (t *tikz) readable() bool { return smallText*t.scale >= smallest }

func (t *tikz) wide() float64 { return t.box.x1 - t.box.x0 + 2*margin }
func (t *tikz) high() float64 { return t.box.y1 - t.box.y0 + 2*margin }

// placeNumbers puts the numbers on their lines and returns the lines whose weights
// cannot be read and are left out.
func (t *tikz) placeNumbers() (unreadable []int) {
	var numbers desk
	for i := range t.scene.edges {
		e := &t.scene.edges[i]
		text := e.number()
		if text == "" {
			continue
		}
		line := sample(t.geometry.edges[i].points)
		at := beside(line, t.geometry.edges[i].label, t.cfg.Direction)
		if e.isArrow() || numbers.put(newPlate(i, at, len([]rune(text))), length(line)) {
			t.at = append(t.at, numberAt{i, at})
		}
	}
	return numbers.unreadable
}

func (t *tikz) line(format string, args ...any) {
	fmt.Fprintf(&t.text, format, args...)
	t.text.WriteByte('\n')
}

// xy writes a point with two digits, none of which is a negative zero.
func xy(p point) string {
	return "(" + coordinate(p[0]) + "," + coordinate(p[1]) + ")"
}

func coordinate(x float64) string {
	if s := fmt.Sprintf("%.2f", x); s != "-0.00" {
		return s
	}
	return "0.00"
}

func (t *tikz) write() {
	t.preamble()
	t.line(`%%%%%% picture`)
	t.line(`\scalebox{%.4f}{%%`, t.scale)
	t.line(`\begin{tikzpicture}[x=1bp,y=1bp,%%`)
	t.styles()
	t.line(`\useasboundingbox %s rectangle %s;`, xy(point{t.box.x0 - margin, t.box.y0 - margin}), xy(point{t.box.x1 + margin, t.box.y1 + margin}))
	inner := make([]bool, len(t.geometry.stages))
	for i := range t.geometry.stages {
		inner[i] = t.isInner(i)
		t.stage(&t.geometry.stages[i], inner[i])
	}
	for _, c := range t.geometry.line {
		t.line(`\draw[tc ruler] %s;`, c.path())
	}
	for _, at := range t.ticks {
		t.line(`\fill[tcstageline] %s circle[radius=1];`, xy(at))
	}
	for _, m := range t.ruler {
		t.line(`\node[tc level] at %s {%s};`, xy(m.at), figure.LaTeX(m.text))
	}
	for _, path := range []bool{false, true} { // a path lies on top
		for i := range t.scene.edges {
			if e := &t.scene.edges[i]; e.path == path {
				t.edge(e, &t.geometry.edges[i])
			}
		}
	}
	for i := range t.geometry.stages {
		t.stageName(&t.geometry.stages[i], inner[i])
	}
	for i := range t.scene.nodes {
		t.node(&t.scene.nodes[i], &t.geometry.nodes[i])
	}
	for _, n := range t.at {
		e := &t.scene.edges[n.edge]
		style := "tc weight"
		switch colour := t.ink(e); colour {
		case "tcwire":
		case "tcbeside":
			style += ",text=tcfaint"
		default:
			style += ",text=" + colour
		}
		t.line(`\node[%s] at %s {%s};`, style, xy(n.at), figure.Maths(e.number()))
	}
	t.line(`\end{tikzpicture}}%%`)
	t.line(`%%%%%% end of picture`)
	t.captionText()
	t.line(`}\tczend`)
}

// isInner reports whether a stage has the other grey: every second depth has.
func (t *tikz) isInner(i int) bool {
	inner := false
	for k := range t.geometry.stages[:i] {
		if t.geometry.stages[k].holds(&t.geometry.stages[i]) {
			inner = !inner
		}
	}
	return inner
}

func (t *tikz) stage(s *spot, inner bool) {
	style := "tc stage"
	if inner {
		style = "tc inner"
	}
	t.line(`\path[%s] %s rectangle %s;`, style, xy(s.corner(-1)), xy(s.corner(1)))
}

// stageName covers the lines that pass behind it.
func (t *tikz) stageName(s *spot, inner bool) {
	fill := "tcstagefill"
	if inner {
		fill = "tcinnerfill"
	}
	for _, m := range s.texts {
		t.line(`\node[tc name,fill=%s,inner sep=1bp] at %s {%s};`, fill, xy(m.at), figure.LaTeX(m.text))
	}
}

// corner returns the lower left corner for −1, the upper right one for 1.
func (s *spot) corner(sign float64) point {
	return point{s.at[0] + sign*s.wide/2, s.at[1] + sign*s.high/2}
}

func (s *spot) holds(inner *spot) bool {
	return 2*math.Abs(s.at[0]-inner.at[0])+inner.wide <= s.wide && 2*math.Abs(s.at[1]-inner.at[1])+inner.high <= s.high
}

// ink returns the colour of a line, by its name in the file.
func (t *tikz) ink(e *edge) string {
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
	style := "tc wire"
	if e.integer {
		style += ",tc integer"
	}
	if e.negative {
		style += ",tc negative"
	}
	colour := t.ink(e)
	if e.path || len(t.cfg.Path) > 0 {
		style += ",draw=" + colour
	}
	if e.path || e.isArrow() {
		style += fmt.Sprintf(",line width=%.1fbp", t.pen(e).width)
	}
	t.line(`\draw[%s] %s;`, style, c.path())
	if c.dot != nil {
		t.line(`\draw[tc dot,draw=%s] %s circle[radius=%.2f];`, colour, xy(c.dot.at), c.dot.radius)
	}
	if len(c.head) > 0 {
		corners := make([]string, len(c.head))
		for i, p := range c.head {
			corners[i] = xy(p)
		}
		// Graphviz leaves room for the line around the head.
		t.line(`\filldraw[%s,line width=%.1fbp,line join=miter,miter limit=20] %s -- cycle;`, colour, t.pen(e).width, strings.Join(corners, " -- "))
	}
}

// path writes a curve, or a line where the curve is straight.
func (c *curve) path() string {
	var b strings.Builder
	b.WriteString(xy(c.points[0]))
	for i := 1; i+2 < len(c.points); i += 3 {
		p := c.points[i-1:]
		if straight(p[0], p[1], p[2], p[3]) {
			b.WriteString(" -- " + xy(p[3]))
		} else {
			b.WriteString(" .. controls " + xy(p[1]) + " and " + xy(p[2]) + " .. " + xy(p[3]))
		}
	}
	return b.String()
}

// straight reports whether p and q are less than a tenth of a point off the line from a
// to b.
func straight(a, p, q, b point) bool {
	dx, dy := b[0]-a[0], b[1]-a[1]
	far := func(p point) float64 { return math.Abs(dx*(p[1]-a[1]) - dy*(p[0]-a[0])) }
	return max(far(p), far(q)) < 0.1*math.Hypot(dx, dy)
}

func (t *tikz) node(n *node, s *spot) {
	path := ""
	if n.path {
		path = ",tc on path"
	}
	// A shape of fixed size around one sign, or with the text of its own lines.
	shape := func(style, size string) {
		t.line(`\node[%s%s,%s] at %s {%s};`, style, path, size, xy(s.at), gateText(n.label))
	}
	around := fmt.Sprintf("minimum width=%.2fbp,minimum height=%.2fbp", s.wide, s.high)
	switch n.role {
	case roleConst:
		shape("tc constant", around)
	case roleLogic:
		shape("tc logic", fmt.Sprintf("minimum size=%.2fbp", s.wide))
	case roleSum:
		shape("tc sum", fmt.Sprintf("minimum size=%.2fbp", s.wide))
	case roleThreshold:
		shape("tc threshold", around)
	case roleParity:
		x, y, w, h := s.at[0], s.at[1], s.wide/2, s.high/2
		t.line(`\path[tc parity%s] %s -- %s -- %s -- %s -- %s -- %s -- cycle;`, path,
			xy(point{x - w, y}), xy(point{x - w/2, y + h}), xy(point{x + w/2, y + h}),
			xy(point{x + w, y}), xy(point{x + w/2, y - h}), xy(point{x - w/2, y - h}))
		if !strings.Contains(n.label, "\n") {
			t.line(`\node at %s {%s};`, xy(s.at), figure.Maths(n.label))
			break
		}
		for _, m := range s.texts {
			t.line(`\node[tc name] at %s {%s};`, xy(m.at), figure.Maths(m.text))
		}
	case roleBox:
		t.line(`\path[tc box,tc rounded%s] %s rectangle %s;`, path, xy(s.corner(-1)), xy(s.corner(1)))
		for i, m := range s.texts {
			text := figure.LaTeX(m.text)
			if i == 0 {
				text = `\bfseries ` + text
			}
			t.line(`\node[tc name] at %s {%s};`, xy(m.at), text)
		}
	default:
		t.port(s, path)
	}
}

// port draws a port: one rounded shape, or a table of cells.
func (t *tikz) port(s *spot, path string) {
	if len(s.cells) == 0 {
		t.line(`\path[tc port,tc rounded%s] %s rectangle %s;`, path, xy(s.corner(-1)), xy(s.corner(1)))
	}
	for _, c := range s.cells {
		t.line(`\path[tc port%s] %s rectangle %s;`, path, xy(point{c.x0, c.y0}), xy(point{c.x1, c.y1}))
	}
	for _, m := range s.texts {
		style := "anchor=base"
		if m.size < 10 {
			style = "tc small"
		}
		t.line(`\node[%s] at %s {%s};`, style, xy(m.at), figure.LaTeX(m.text))
	}
}

// gateText writes the label of a gate: maths, but words as words.
func gateText(label string) string {
	if label == "buf" {
		return `\fontsize{9}{9}\selectfont buf`
	}
	return figure.Maths(label)
}
