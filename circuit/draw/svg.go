package draw

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// svg writes a sheet as SVG. Depth 0 of y is at the top there.
type svg struct {
	*sheet
	text  bytes.Buffer
	frame frame // of the whole figure, y downwards
}

func (t *sheet) svg() []byte {
	w := &svg{sheet: t}
	caption := w.caption()
	w.frame = frame{t.box.x0 - svgMargin, -t.box.y1 - svgMargin, t.box.x1 + svgMargin, -t.box.y0 + svgMargin}
	centre, y := w.frame.middle()[0], w.frame.y1
	for i := range caption {
		l := &caption[i]
		y += l.size * lineHeight
		l.at = point{centre, -y}
		half := press.TextWidth(l.text, l.size)/2 + svgMargin
		w.frame.x0, w.frame.x1 = min(w.frame.x0, centre-half), max(w.frame.x1, centre+half)
		w.frame.y1 = y + svgMargin
	}
	w.write(caption)
	return w.text.Bytes()
}

const (
	svgMargin  = 4.0
	lineHeight = 1.25
)

// captionLine is one line of the caption, in the size and the style that it has.
type captionLine struct {
	mark
	style string
}

// caption returns title, caption and legend.
func (w *svg) caption() (lines []captionLine) {
	add := func(text string, size float64, style string) {
		lines = append(lines, captionLine{mark{text: text, size: size}, style})
	}
	if w.cfg.Title != "" {
		add(w.cfg.Title, 13, ` font-weight="bold" fill="`+w.cfg.Palette.Text+`"`)
	}
	if w.cfg.NoCaption {
		return lines
	}
	add(w.scene.caption, 11, ` fill="`+w.cfg.Palette.Text+`"`)
	const letter = 4.5 // points of a letter of 9
	width := max(legendWidth*3/4, int(w.wide()/letter))
	for _, line := range w.aside.lines(width) {
		add(line, 9, ` fill="`+w.cfg.Palette.Text+`"`)
	}
	for _, line := range wrap(w.legend, width) {
		add(line, 9, ` fill="`+w.cfg.Palette.Faint+`"`)
	}
	return lines
}

func (w *svg) line(format string, args ...any) {
	fmt.Fprintf(&w.text, format, args...)
	w.text.WriteByte('\n')
}

func (w *svg) write(caption []captionLine) {
	f := w.frame
	w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.line(`<svg viewBox="%.2f %.2f %.2f %.2f" xmlns="http://www.w3.org/2000/svg">`, f.x0, f.y0, f.x1-f.x0, f.y1-f.y0)
	w.line(`<g font-family="Helvetica,Arial,sans-serif" text-anchor="middle" fill="%s">`, w.cfg.Palette.Text)
	w.line(`<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="white"/>`, f.x0, f.y0, f.x1-f.x0, f.y1-f.y0)
	for i := range w.stages {
		ink := w.stageInk(i)
		w.line(`<rect class="stage" %s rx="6" fill="%s" stroke="%s" stroke-width="0.8"/>`,
			rect(w.stages[i].outline()), ink.Fill, ink.Line)
	}
	grey := w.cfg.Palette.Stage.Line
	for i := range w.geometry.line {
		w.line(`<path fill="none" stroke="%s" stroke-width="0.5" d="%s"/>`, grey, w.geometry.line[i].svgPath())
	}
	for _, at := range w.ticks {
		w.line(`<circle cx="%.2f" cy="%.2f" r="1" fill="%s"/>`, at[0], down(at[1]), grey)
	}
	for _, path := range []bool{false, true} { // a path lies on top
		for i := range w.scene.edges {
			if w.scene.edges[i].path == path {
				w.edge(i)
			}
		}
	}
	for i := range w.scene.nodes {
		w.node(i)
	}
	w.line(`<g class="labels">`)
	for _, m := range w.ruler {
		w.words(m, ` fill="`+w.cfg.Palette.Faint+`"`)
	}
	for _, p := range w.names {
		w.plate(p, w.stageInk(p.owner).Fill, stageSize, w.cfg.Palette.Text)
	}
	for _, p := range w.numbers {
		w.plate(p, "white", numberSize, w.pen(&w.scene.edges[p.owner]).text)
	}
	w.line(`</g>`)
	for _, l := range caption {
		w.words(l.mark, l.style)
	}
	w.line("</g>\n</svg>")
}

// down turns a coordinate that grows upwards; it never writes a negative zero.
func down(y float64) float64 { return 0 - y }

// rect writes a rectangle as attributes.
func rect(f frame) string {
	return fmt.Sprintf(`x="%.2f" y="%.2f" width="%.2f" height="%.2f"`, f.x0, down(f.y1), f.x1-f.x0, f.y1-f.y0)
}

// words writes a line of text around the middle of its base line.
func (w *svg) words(m mark, style string) {
	w.line(`<text x="%.2f" y="%.2f" font-size="%g"%s>%s</text>`,
		m.at[0], down(m.at[1]), m.size, style, html.EscapeString(m.text))
}

// plate writes text on a patch, which covers what is behind it.
func (w *svg) plate(p plate, fill string, size float64, colour string) {
	const middle = 0.355 // of the size: from the base line to the middle of a digit
	w.line(`<rect %s rx="2" fill="%s"/>`, rect(p.frame), fill)
	at := p.middle()
	w.words(mark{point{at[0], at[1] - middle*size}, p.text, size}, ` fill="`+colour+`"`)
}

// stageInk is the colours of a stage: every second depth has another grey.
func (w *svg) stageInk(i int) Ink {
	if w.depthOfStage(i)%2 == 0 {
		return w.cfg.Palette.Stage
	}
	return w.cfg.Palette.Inner
}

func (w *svg) edge(i int) {
	c, pen := &w.geometry.edges[i], w.pen(&w.scene.edges[i])
	w.line(`<g id="e%d" class="edge">`, i)
	dashed := ""
	if pen.dashed {
		dashed = ` stroke-dasharray="4,2"`
	}
	w.line(`<path fill="none" stroke="%s" stroke-width="%.2f"%s d="%s"/>`, pen.colour, pen.width, dashed, c.svgPath())
	if c.dot != nil {
		w.line(`<circle cx="%.2f" cy="%.2f" r="%.2f" fill="white" stroke="%s" stroke-width="%.2f"/>`,
			c.dot[0], down(c.dot[1]), c.dot[2], pen.colour, thin)
	}
	if len(c.head) > 0 {
		w.line(`<polygon points="%s" fill="%s" stroke="%[2]s" stroke-width="%.2f"/>`, corners(c.head...), pen.colour, pen.width)
	}
	w.line(`</g>`)
}

// svgPath writes a curve.
func (c *curve) svgPath() string {
	var b strings.Builder
	for i, p := range c.points {
		switch {
		case i == 0:
			b.WriteString("M")
		case i%3 == 1:
			b.WriteString("C")
		default:
			b.WriteString(" ")
		}
		fmt.Fprintf(&b, "%.2f,%.2f", p[0], down(p[1]))
	}
	return b.String()
}

func corners(points ...point) string {
	words := make([]string, len(points))
	for i, p := range points {
		words[i] = fmt.Sprintf("%.2f,%.2f", p[0], down(p[1]))
	}
	return strings.Join(words, " ")
}

func (w *svg) node(i int) {
	n, s := &w.scene.nodes[i], &w.geometry.nodes[i]
	ink, width := w.ink(n), 1.0
	if n.role == roleSum {
		width = 1.4
	}
	if n.path {
		width = 2.4
	}
	paint := fmt.Sprintf(`fill="%s" stroke="%s" stroke-width="%g"`, ink.Fill, ink.Line, width)
	w.line(`<g id="%s" class="node">`, n.id)
	if n.note != "" {
		w.line(`<title>%s</title>`, html.EscapeString(n.note))
	}
	f := s.outline()
	switch {
	case len(s.cells) > 0:
		for _, c := range s.cells {
			w.line(`<rect %s %s/>`, rect(c), paint)
		}
	case (n.role == roleSum || n.role == roleLogic) && len(n.more) == 0:
		w.line(`<ellipse cx="%.2f" cy="%.2f" rx="%.2f" ry="%.2f" %s/>`, s.at[0], down(s.at[1]), s.wide/2, s.high/2, paint)
	case n.role == roleParity:
		w.line(`<polygon points="%s" %s/>`, corners(s.hexagon()...), paint)
	default:
		round := ""
		switch n.role {
		case roleInput, roleOutput, roleBox:
			round = ` rx="4"`
		case roleLogic, roleSum:
			round = fmt.Sprintf(` rx="%.2f"`, s.high/2)
		}
		w.line(`<rect %s%s %s/>`, rect(f), round, paint)
	}
	for k, m := range w.labelOf(i) {
		style := ""
		if n.role == roleBox && k == 0 {
			style = ` font-weight="bold"`
		}
		w.words(m, style)
	}
	w.line(`</g>`)
}

// hexagon is the outline of a parity gate.
func (s *spot) hexagon() []point {
	x, y, w, h := s.at[0], s.at[1], s.wide/2, s.high/2
	return []point{{x - w, y}, {x - w/2, y + h}, {x + w/2, y + h}, {x + w, y}, {x + w/2, y - h}, {x - w/2, y - h}}
}

// relabelled puts the lines of a label where those of the text that was laid out stand, if the
// first of them has changed.
func relabelled(places []mark, label string) []mark {
	lines := strings.Split(label, "\n")
	if len(lines) != len(places) || press.Clean(lines[0]) != lines[0] {
		return places
	}
	out := make([]mark, len(places))
	for i, m := range places {
		m.text = lines[i]
		out[i] = m
	}
	return out
}
