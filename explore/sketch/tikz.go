package sketch

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// tikzWriter writes the TikZ of a figure.
type tikzWriter struct {
	*figure
	bytes.Buffer
	unit float64 // points of the layout's unit: 1, or less where TeX could not count so far
}

const (
	pointsACentimetre = 72 / 2.54
	pageHeight        = 22 * pointsACentimetre // of a picture: what a page has room for
	farthest          = 14000                  // points: TeX has no length of 16384
)

// tikz returns the figure as a document in LaTeX that a paper can take in, as those of other figures.
func (f *figure) tikz() []byte {
	far := max(math.Abs(f.box.x), math.Abs(f.box.y), f.box.w, f.box.h)
	w := &tikzWriter{figure: f, unit: min(1, farthest/far)}
	wide, high := f.box.w*w.unit, f.box.h*w.unit
	d := press.Document{
		Title: press.Clean(f.About.Name), Caption: f.caption, Legend: f.legendText(), NoCaption: f.cfg.NoCaption,
		Note:  "The view is " + f.View.Hash,
		Width: f.cfg.Width, Wide: wide, Scale: min(1, f.cfg.Width*pointsACentimetre/wide, pageHeight/high),
		Smallest: smallSize * w.unit, Faint: f.cfg.Palette.Faint,
	}
	if f.cfg.NoCaption {
		d.Title = ""
	}
	if f.View.Hash == "" {
		d.Note = "The view is the first one, in which all is folded"
	}
	w.WriteString(d.Begin())
	w.line(`\begin{tikzpicture}[x=1bp,y=-1bp,every node/.style={inner sep=0bp,outer sep=0bp,text=tctext}]%%`)
	w.WriteString(f.colours.tex())
	w.line(`\useasboundingbox %s rectangle %s;`, w.at(point{f.box.x, f.box.y}), w.at(point{f.box.right(), f.box.bottom()}))
	for i := range f.frames {
		w.shape(&f.frames[i], false)
	}
	w.list(f.ruler)
	for i := range f.wires {
		w.wire(&f.wires[i])
	}
	for i := range f.frames {
		w.list(f.frames[i].texts)
	}
	for i := range f.items {
		w.shape(&f.items[i], true)
	}
	w.list(f.numbers)
	w.WriteString("\\end{tikzpicture}")
	w.WriteString(d.End())
	return w.Bytes()
}

func (f *figure) legendText() string { return strings.Join(f.legend, "; ") }

func (w *tikzWriter) line(format string, args ...any) {
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

func (w *tikzWriter) at(p point) string {
	return "(" + w.points(p[0]) + "," + w.points(p[1]) + ")"
}

// points writes a length.
func (w *tikzWriter) points(x float64) string { return num(x * w.unit) }

func (w *tikzWriter) shape(s *shape, texts bool) {
	fill, line := w.colours.names[s.fill], w.colours.names[s.line]
	look := fmt.Sprintf("draw=tc%s,fill=tc%s,line width=%sbp", line, fill, w.points(s.width))
	if s.dashed {
		look += ",dash pattern=on 4bp off 3bp"
	}
	if s.form == hexagon {
		d := s.cornerOf()
		corners := []point{
			{s.x + d, s.y},
			{s.right() - d, s.y},
			{s.right(), s.middle()},
			{s.right() - d, s.bottom()},
			{s.x + d, s.bottom()},
			{s.x, s.middle()},
		}
		words := make([]string, len(corners))
		for i, p := range corners {
			words[i] = w.at(p)
		}
		w.line(`\path[%s] %s -- cycle;`, look, strings.Join(words, " -- "))
	} else {
		if r := s.cornerOf(); r > 0 {
			look += fmt.Sprintf(",rounded corners=%sbp", w.points(r))
		}
		w.line(`\path[%s] %s rectangle %s;`, look, w.at(point{s.x, s.y}), w.at(point{s.right(), s.bottom()}))
	}
	if texts {
		w.list(s.texts)
	}
}

func (w *tikzWriter) wire(l *wire) {
	look := fmt.Sprintf("draw=tc%s,line width=%sbp", w.colours.names[l.colour], w.points(l.width))
	if l.dashed {
		look += ",dash pattern=on 4bp off 2bp"
	}
	path := w.at(l.points[0])
	for i := 0; i+3 < len(l.points); i += 3 {
		p, q, end := l.points[i+1], l.points[i+2], l.points[i+3]
		if l.flat(i) {
			path += " -- " + w.at(end)
		} else {
			path += fmt.Sprintf(" .. controls %s and %s .. %s", w.at(p), w.at(q), w.at(end))
		}
	}
	w.line(`\path[%s] %s;`, look, path)
	if end := l.points[len(l.points)-1]; l.ring {
		w.line(`\path[draw=tc%s,fill=tcground,line width=%sbp] %s circle[radius=%sbp];`, w.colours.names[l.colour], w.points(thin),
			w.at(point{end[0] - ringRadius, end[1]}), w.points(ringRadius))
	}
}

func (w *tikzWriter) list(list []text) {
	for _, t := range list {
		anchor, ground, bold := "base", "", ""
		if t.start {
			anchor = "base west"
		}
		if t.ground != 0 {
			ground = fmt.Sprintf(",fill=tc%s,inner sep=1bp", w.colours.names[t.ground])
		}
		if w.unit < 1 { // the fonts of TeX do not shrink
			ground += ",scale=" + strconv.FormatFloat(w.unit, 'f', 4, 64)
		}
		if t.bold {
			bold = `\bfseries`
		}
		words := press.LaTeX(t.words)
		if t.maths {
			words = press.Maths(t.words)
		}
		w.line(`\node[anchor=%s,text=tc%s%s,font=\sffamily\fontsize{%s}{%s}%s\selectfont] at %s {%s};`, anchor,
			w.colours.names[t.colour], ground, num(t.size), num(t.size), bold, w.at(t.at), words)
	}
}
