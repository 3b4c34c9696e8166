package sketch

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/internal/press"
)

// outline is the form of a shape.
type outline int

const (
	box     outline = iota
	rounded         // at the corners
	stadium         // as far as it goes; a circle if it is as wide as high
	hexagon
)

// text is one line of words.
type text struct {
	at     point // on the base line: the middle, or the start
	size   float64
	words  string
	colour colour
	ground colour // that of what is around the words, to cover lines; 0: none
	bold   bool
	start  bool // at is where it starts
	maths  bool // the sign of a gate or a number
}

// shape is an item or a frame.
type shape struct {
	frame
	form   outline
	fill   colour
	line   colour
	width  float64 // of the line
	dashed bool
	title  string // what browsers show when it is pointed at
	texts  []text
}

// wire is the line of an edge.
type wire struct {
	points []point
	colour colour
	width  float64
	dashed bool
	ring   bool // at its end: complement
}

// figure is what a writer writes, in the order in which it lies on the paper.
type figure struct {
	*start
	cfg     Config
	colours inks
	known   bool // values are shown
	box     frame
	frames  []shape
	ruler   []text
	wires   []wire
	items   []shape
	numbers []text
	dropped int // numbers that have no room

	caption string
	legend  []string
}

// Measures of figures, in the units of the layout, which are points in SVG. Sizes of text are those that
// the fonts of LaTeX have.
const (
	margin    = 10.0 // around all
	rulerSize = 12.0
	smallSize = 10.95 // the smallest text
	largeSize = 14.4  // of single signs
	thin      = 0.7
	heavy     = 2.6 // a line of a longest path, or at what is selected
	leastWide = 420.0
)

func newFigure(s *start, cfg Config) *figure {
	f := &figure{start: s, cfg: cfg, colours: newInks(&cfg.Palette)}
	f.known = s.View.State.Bits != "" || s.View.State.Level != nil
	all := newEnds(s.View)
	if len(all) > 0 {
		f.box = all[0]
	}
	for _, e := range all {
		f.box = f.box.around(e)
	}
	f.addFrames()
	f.addRuler()
	f.addWires()
	for i := range s.View.Items {
		f.items = append(f.items, f.item(i))
	}
	f.addNumbers()
	f.box = frame{f.box.x - margin, f.box.y - margin, f.box.w + 2*margin, f.box.h + 2*margin}
	if wider := leastWide - f.box.w; wider > 0 { // a caption needs room
		f.box.x, f.box.w = f.box.x-wider/2, leastWide
	}
	f.describe()
	f.explain()
	return f
}

// addFrames draws what is unfolded.
func (f *figure) addFrames() {
	all := newEnds(f.View)[len(f.View.Items):]
	for i, v := range f.View.Frames {
		at := all[i]
		s := shape{frame: at, form: rounded, width: 0.8, dashed: true, title: v.Label}
		s.fill, s.line = f.colours.stage, f.colours.stageLine
		if v.Depth%2 == 1 {
			s.fill, s.line = f.colours.inner, f.colours.innerLine
		}
		s.texts = []text{{
			at: point{at.x + 6, at.y + 15.5}, size: 12, words: cut(press.Clean(v.Label), at.w-12, 12, true),
			colour: f.colours.text, ground: s.fill, bold: true, start: true,
		}}
		f.frames = append(f.frames, s)
	}
}

// addRuler names the columns that are in sight.
func (f *figure) addRuler() {
	y := f.box.y - 10
	for i, c := range f.View.Columns {
		x := float64(c.X) + float64(cmp.Or(c.W, columnWidth))/2
		if x < f.box.x || x > f.box.right() {
			continue
		}
		words := "level " + press.Count(int64(c.Level))
		switch {
		case i == 0:
			words = "inputs"
		case i == len(f.View.Columns)-1:
			words = "outputs"
		case i < len(f.About.Columns) && f.About.Columns[i].Free:
			words = "free, level " + press.Count(int64(c.Level))
		}
		f.ruler = append(f.ruler, text{at: point{x, y}, size: rulerSize, words: words, colour: f.colours.faint})
		w := wide(words, rulerSize, false)
		f.box = f.box.around(frame{x - w/2, y - rulerSize, w, rulerSize})
	}
}

// addWires draws the edges.
func (f *figure) addWires() {
	v := f.View
	path := v.State.Filter != nil && v.State.Filter.Kind == "path"
	for i, line := range routes(v) {
		e := &v.Edges[i]
		w := wire{points: line, colour: f.colours.wire, width: thin, ring: e.Not}
		if len(v.Edges) > mostNumbered { // of so many one sees where they are dense
			w.colour, w.width = f.colours.beside, 0.3
		} else if e.Wires > 1 {
			w.width += 0.4 * math.Log10(float64(e.Wires))
		}
		if strings.HasPrefix(e.Weight, "-") {
			w.colour, w.dashed = f.colours.negative, true
		}
		if one, single := f.bit(e.From); single && one != e.Not {
			w.colour, w.width = f.colours.one, max(w.width, 1.8)
		}
		if path {
			w.colour, w.width = f.colours.path, max(w.width, 2)
		}
		if s := v.State.Select; s != "" && (s == f.id(e.From) || s == f.id(e.To)) {
			w.colour, w.width = f.colours.selected, max(w.width, heavy)
		}
		f.wires = append(f.wires, w)
		for _, p := range line {
			f.box = f.box.around(frame{p[0], p[1], 0, 0})
		}
	}
}

// id is that of the end of an edge.
func (f *figure) id(end int) string {
	if end < 0 {
		return f.View.Frames[-1-end].ID
	}
	return f.View.Items[end].ID
}

// bit returns the value of the end of an edge, if it is one gate and its value is shown.
func (f *figure) bit(end int) (one, single bool) {
	if end < 0 || !f.known || f.later(end) {
		return false, false
	}
	switch f.View.Items[end].Kind {
	case "gate", "output":
		return f.Paint.Ones[end] > 0, true
	}
	return false, false
}

// later reports whether an item has no value yet at the level of the state.
func (f *figure) later(item int) bool { return f.Paint.Ones[item] < 0 }

const mostNumbered = 300 // lines that have their numbers written: of more, they would cover the figure

// addNumbers writes how many wires a line stands for, or the weight of its wire, on the line: as
// near to its end as there is room.
func (f *figure) addNumbers() {
	if len(f.wires) > mostNumbered {
		for i := range f.View.Edges {
			if number(&f.View.Edges[i]) != "" {
				f.dropped++
			}
		}
		return
	}
	taken := newEnds(f.View)[:len(f.View.Items)]
	lines := make([][]point, len(f.wires))
	for i := range f.wires {
		lines[i] = sample(f.wires[i].points)
	}
	for _, s := range f.frames { // the lines around them, and their names
		taken = append(taken, frame{s.x, s.y, 8 + wide(s.texts[0].words, 12, true), 22})
	}
	order := make([]int, len(f.wires)) // short lines have the least choice
	length := make([]float64, len(f.wires))
	for i, w := range f.wires {
		order[i], length[i] = i, w.points[len(w.points)-1][0]-w.points[0][0]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(length[a], length[b]) })
	for _, i := range order {
		words := number(&f.View.Edges[i])
		if words == "" {
			continue
		}
		at, ok := room(lines, i, wide(words, smallSize, false), taken)
		if !ok {
			f.dropped++
			continue
		}
		taken = append(taken, at)
		t := text{
			at: point{tenth(at.x + at.w/2), base(at.middle(), smallSize)}, size: smallSize, words: words, maths: true,
			colour: f.colours.text, ground: f.colours.ground,
		}
		if f.wires[i].dashed {
			t.colour = f.colours.negative
		}
		f.numbers = append(f.numbers, t)
	}
}

// number is what is written on an edge.
func number(e *explore.Edge) string {
	switch {
	case e.Wires > 1:
		return "×" + press.Count(e.Wires)
	case e.Weight != "" && e.Weight != "1":
		return short(strings.Replace(e.Weight, "-", "−", 1))
	}
	return ""
}

// short leaves out the middle of a long number.
func short(number string) string {
	if list := []rune(number); len(list) > 12 {
		return string(list[:5]) + "…" + string(list[len(list)-4:])
	}
	return number
}

// room finds a place for a number on line i that meets nothing, from its end on. Where another line
// passes too, a number would not say whose it is.
func room(lines [][]point, i int, wide float64, taken []frame) (frame, bool) {
	const high = smallSize + 2
	line := lines[i]
	alone := func(p point) bool {
		for k, other := range lines {
			if k != i && near(other, p) {
				return false
			}
		}
		return true
	}
	far := wide/2 + 10 // from the end along the line
	for k := len(line) - 1; k > 0; k-- {
		b, a := line[k], line[k-1]
		long := math.Hypot(b[0]-a[0], b[1]-a[1])
		for ; far <= long; far += 6 {
			t := far / long
			p := point{b[0] + t*(a[0]-b[0]), b[1] + t*(a[1]-b[1])}
			at := frame{p[0] - wide/2 - 1, p[1] - high/2, wide + 2, high}
			if !slices.ContainsFunc(taken, at.meets) && alone(p) {
				return at, true
			}
		}
		far -= long
	}
	return frame{}, false
}

// near reports whether a line passes less than 2 units above or below a point.
func near(line []point, p point) bool {
	for k := 1; k < len(line); k++ {
		a, b := line[k-1], line[k]
		if a[0] > p[0] || b[0] < p[0] || a[0] == b[0] {
			continue
		}
		if y := a[1] + (b[1]-a[1])*(p[0]-a[0])/(b[0]-a[0]); math.Abs(y-p[1]) < 2 {
			return true
		}
	}
	return false
}
