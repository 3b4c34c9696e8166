package sketch

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// svgWriter writes the SVG of a figure.
type svgWriter struct {
	*figure
	bytes.Buffer
}

// svg returns the figure as SVG. It has no absolute size, as other figures, and names its view.
func (f *figure) svg() []byte {
	w := &svgWriter{figure: f}
	under := f.under()
	high := f.box.h
	if n := len(under); n > 0 {
		high = under[n-1].at[1] + margin - f.box.y
	}
	fmt.Fprintf(w, `<svg viewBox="%s %s %s %s" xmlns="http://www.w3.org/2000/svg" font-family="%s">`+"\n",
		num(f.box.x), num(f.box.y), num(f.box.w), num(high), "Helvetica,Arial,sans-serif")
	fmt.Fprintf(w, "<title>%s</title>\n<desc>view %s</desc>\n",
		escape(press.Clean(f.About.Name)), escape(f.View.Hash))
	fmt.Fprintf(w, `<rect x="%s" y="%s" width="%s" height="%s" fill="white"/>`+"\n",
		num(f.box.x), num(f.box.y), num(f.box.w), num(high))
	for i := range f.frames {
		w.shape(&f.frames[i], false)
	}
	w.list(f.ruler)
	for i := range f.wires {
		w.wire(&f.wires[i])
	}
	for i := range f.frames { // names cover the lines that pass behind them
		w.list(f.frames[i].texts)
	}
	for i := range f.items {
		w.shape(&f.items[i], true)
	}
	w.list(f.numbers)
	w.list(under)
	w.WriteString("</svg>\n")
	return w.Bytes()
}

// under is the lines of text under the picture.
func (f *figure) under() []text {
	var list []text
	y := f.box.bottom() + 4
	add := func(words string, size float64, bold bool, c colour) {
		for _, line := range wrapped(words, f.box.w-2*margin, size, bold) {
			y += 1.25 * size
			list = append(list, text{
				at: point{tenth(f.box.x + f.box.w/2), tenth(y)}, size: size, words: line, bold: bold, colour: c,
			})
		}
	}
	if f.cfg.NoCaption {
		return nil
	}
	add(press.Clean(f.About.Name), 13, true, f.colours.text)
	add(f.caption, 11, false, f.colours.text)
	add(f.legendText(), smallSize, false, f.colours.faint)
	return list
}

// entities are what may not stand in SVG; package html has tables of more, which the page would carry.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

func escape(words string) string { return entities.Replace(words) }

// num writes a number with at most two digits behind the point.
func num(x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	if text == "-0" {
		return "0"
	}
	return text
}

func (w *svgWriter) shape(s *shape, texts bool) {
	fill, line := w.colours.hex[s.fill], w.colours.hex[s.line]
	look := fmt.Sprintf(`fill="%s" stroke="%s" stroke-width="%s"`, fill, line, num(s.width))
	if s.dashed {
		look += ` stroke-dasharray="4 3"`
	}
	fmt.Fprintf(w, "<g><title>%s</title>\n", escape(press.Clean(s.title)))
	if s.form == hexagon {
		d := s.cornerOf()
		fmt.Fprintf(w, `<path %s d="M%sH%sL%s %sH%sL%sZ"/>`+"\n", look, pair(point{s.x + d, s.y}), num(s.right()-d),
			pair(point{s.right(), s.middle()}), pair(point{s.right() - d, s.bottom()}), num(s.x+d),
			pair(point{s.x, s.middle()}))
	} else {
		rx := ""
		if r := s.cornerOf(); r > 0 {
			rx = fmt.Sprintf(` rx="%s"`, num(r))
		}
		fmt.Fprintf(w, `<rect %s x="%s" y="%s" width="%s" height="%s"%s/>`+"\n",
			look, num(s.x), num(s.y), num(s.w), num(s.h), rx)
	}
	if texts {
		w.list(s.texts)
	}
	w.WriteString("</g>\n")
}

// cornerOf is the radius of the corners of a shape, or how far those of a hexagon are cut.
func (s *shape) cornerOf() float64 {
	switch s.form {
	case rounded:
		return 5
	case stadium:
		return min(s.w, s.h) / 2
	case hexagon:
		return min(s.h/2, s.w/4)
	}
	return 0
}

func (w *svgWriter) wire(l *wire) {
	look := fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%s"`, w.colours.hex[l.colour], num(l.width))
	if l.dashed {
		look += ` stroke-dasharray="4 2"`
	}
	d := "M" + pair(l.points[0])
	for i := 0; i+3 < len(l.points); i += 3 {
		if l.flat(i) {
			d += "H" + num(l.points[i+3][0])
			continue
		}
		d += "C" + pair(l.points[i+1]) + " " + pair(l.points[i+2]) + " " + pair(l.points[i+3])
	}
	fmt.Fprintf(w, "<path %s d=\"%s\"/>\n", look, d)
	if end := l.points[len(l.points)-1]; l.ring {
		fmt.Fprintf(w, `<circle cx="%s" cy="%s" r="%s" fill="white" stroke="%s" stroke-width="%s"/>`+"\n",
			num(end[0]-ringRadius), num(end[1]), num(ringRadius), w.colours.hex[l.colour], num(thin))
	}
}

const ringRadius = 3.0

// flat reports whether the curve from point i is a line to the right.
func (l *wire) flat(i int) bool {
	p, q := l.points[i], l.points[i+3]
	return p[1] == q[1] && q[0] > p[0]
}

func pair(p point) string { return num(p[0]) + "," + num(p[1]) }

func (w *svgWriter) list(list []text) {
	for _, t := range list {
		look := fmt.Sprintf(`x="%s" y="%s" font-size="%s" fill="%s"`,
			num(t.at[0]), num(t.at[1]), num(t.size), w.colours.hex[t.colour])
		if !t.start {
			look += ` text-anchor="middle"`
		}
		if t.bold {
			look += ` font-weight="bold"`
		}
		if t.ground != 0 {
			const halo = ` paint-order="stroke" stroke="%s" stroke-width="3" stroke-linejoin="round"`
			look += fmt.Sprintf(halo, w.colours.hex[t.ground])
		}
		fmt.Fprintf(w, "<text %s>%s</text>\n", look, escape(t.words))
	}
}
