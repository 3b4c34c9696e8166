package draw

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// A plate is a place for text: on a line, which it interrupts, or in the frame of a stage.
type plate struct {
	frame
	owner int // edge or stage
	text  string
}

// middle is the point in the middle of a frame.
func (f frame) middle() point { return point{(f.x0 + f.x1) / 2, (f.y0 + f.y1) / 2} }

// overlaps reports whether two frames have a point in common within their borders.
func (f frame) overlaps(g frame) bool {
	return f.x0 < g.x1 && g.x0 < f.x1 && f.y0 < g.y1 && g.y0 < f.y1
}

// grown returns a frame that is larger by d on all sides.
func (f frame) grown(d float64) frame { return frame{f.x0 - d, f.y0 - d, f.x1 + d, f.y1 + d} }

// around returns the frame of the given size around its middle.
func frameAt(middle point, wide, high float64) frame {
	return frame{middle[0] - wide/2, middle[1] - high/2, middle[0] + wide/2, middle[1] + high/2}
}

// Sizes of text and what it needs.
const (
	numberSize = 9.0  // of the numbers on lines
	stageSize  = 10.0 // of the names of stages
	plateHigh  = 9.0
	clearance  = 1.0 // between a plate and what is not its own
)

// placer finds places for text in a picture where no line and no other text is.
type placer struct {
	*sheet
	curves [][]point // by edge
	grid   grid
	taken  []frame // shapes and text
}

// placeTexts finds places for the names of stages and for the weights on lines. If a line has no
// room for its weight, the weights of all lines to its reader go to the table under the figure, and
// the reader is called by the letter of the entry.
func (t *sheet) placeTexts() {
	p := &placer{sheet: t, curves: make([][]point, len(t.geometry.edges))}
	for i := range t.geometry.edges {
		p.curves[i] = sample(t.geometry.edges[i].points)
	}
	for {
		p.start()
		t.names, t.numbers = nil, nil
		p.placeNames()
		without := p.placeNumbers()
		if len(without) == 0 {
			return
		}
		for _, n := range without {
			t.callByLetter(n)
		}
		t.explain()
	}
}

// start notes where lines and shapes are.
func (p *placer) start() {
	p.grid.reset()
	for i, c := range p.curves {
		for k := 1; k < len(c); k++ {
			p.grid.line(c[k-1], c[k], i)
		}
	}
	for _, c := range p.line {
		for k := 1; k < len(c.points); k++ {
			p.grid.line(c.points[k-1], c.points[k], ruled)
		}
	}
	for i := range p.stages {
		f := p.stages[i].outline()
		corners := []point{{f.x0, f.y0}, {f.x1, f.y0}, {f.x1, f.y1}, {f.x0, f.y1}, {f.x0, f.y0}}
		for k := 1; k < len(corners); k++ {
			p.grid.line(corners[k-1], corners[k], ruled)
		}
	}
	p.taken = p.taken[:0]
	for i := range p.geometry.nodes {
		p.taken = append(p.taken, p.geometry.nodes[i].outline())
	}
	for _, m := range p.ruler {
		p.taken = append(p.taken, m.frame())
	}
}

// free reports whether nothing is in a frame but lines of the given edge.
func (p *placer) free(f frame, edge int) bool {
	return !slices.ContainsFunc(p.taken, f.overlaps) && p.grid.free(f, edge)
}

// placeNames puts the names of stages into their frames, at the top or the bottom where no line
// passes. If there is no such place, the name stays where Graphviz put it, and covers the lines.
func (p *placer) placeNames() {
	const step = 4.0
	for i := range p.stages {
		st := &p.stages[i]
		if len(st.texts) == 0 {
			continue
		}
		text := st.texts[0].text
		wide, high := press.TextWidth(text, stageSize), stageSize
		f := st.outline()
		usual := st.texts[0].frame()
		found := usual
		var places []frame
		for _, y := range []float64{usual.middle()[1], f.y1 - high/2 - 3, f.y0 + high/2 + 3} {
			for x := f.x0 + wide/2 + 5; x+wide/2+5 <= f.x1; x += step {
				places = append(places, frameAt(point{x, y}, wide, high))
			}
		}
		places = append(places, beyond(f, wide, high)...)
		for _, at := range places {
			if p.free(at.grown(clearance), nobody) {
				found = at
				break
			}
		}
		p.taken = append(p.taken, found.grown(clearance))
		p.names = append(p.names, plate{found, i, text})
	}
}

// beyond lists places for a name of the given size next to the frame of a stage, outside.
func beyond(f frame, wide, high float64) (places []frame) {
	const gap, step = 3.0, 4.0
	for y := f.y0 + high/2; y+high/2 <= f.y1; y += step {
		places = append(places, frameAt(point{f.x0 - gap - wide/2, y}, wide, high),
			frameAt(point{f.x1 + gap + wide/2, y}, wide, high))
	}
	for x := f.x0 + wide/2; x+wide/2 <= f.x1; x += step {
		places = append(places, frameAt(point{x, f.y1 + gap + high/2}, wide, high),
			frameAt(point{x, f.y0 - gap - high/2}, wide, high))
	}
	return places
}

// placeNumbers puts weights and counts on their lines. It returns the readers of the lines that
// have no room for theirs.
func (p *placer) placeNumbers() (without []int) {
	for i := range p.scene.edges {
		e := &p.scene.edges[i]
		text := e.number()
		if text == "" {
			continue
		}
		f, ok := p.onLine(i, text)
		if !ok && p.scene.canCall(e.to) {
			if !slices.Contains(without, e.to) {
				without = append(without, e.to)
			}
			continue
		}
		p.taken = append(p.taken, f)
		p.numbers = append(p.numbers, plate{f, i, text})
	}
	return without
}

// onLine finds a place on the line of an edge, next to where Graphviz would put the text. If there
// is none that is free, it returns that one.
func (p *placer) onLine(edge int, text string) (frame, bool) {
	curve := p.curves[edge]
	usual := beside(curve, p.geometry.edges[edge].label, p.cfg.Direction)
	if p.geometry.edges[edge].label == (point{}) {
		usual = len(curve) / 2
	}
	wide := press.TextWidth(text, numberSize) + 2
	end := half(curve, wide, plateHigh) + 2 // of the line that is to be seen at both ends
	for off := range len(curve) {
		for _, k := range []int{usual - off, usual + off} {
			if k < 0 || k >= len(curve) || far(curve[k], curve[0]) < end || far(curve[k], curve[len(curve)-1]) < end {
				continue
			}
			if f := frameAt(curve[k], wide, plateHigh); p.free(f.grown(clearance/2), edge) {
				return f, true
			}
		}
	}
	return frameAt(curve[min(max(usual, 0), len(curve)-1)], wide, plateHigh), false
}

// half is how much of a line a plate in its middle covers on either side of the middle, about.
func half(curve []point, wide, high float64) float64 {
	a, b := curve[0], curve[len(curve)-1]
	d := far(a, b)
	if d == 0 {
		return wide / 2
	}
	return min(wide/2*d/max(math.Abs(a[0]-b[0]), 1e-9), high/2*d/max(math.Abs(a[1]-b[1]), 1e-9))
}

func far(a, b point) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

// canCall reports whether a shape is a sum, or a gate with its own, that is called by no letter
// yet.
func (s *scene) canCall(n int) bool {
	v := &s.nodes[n]
	return strings.HasPrefix(v.label, "Σ") || v.role == roleParity && strings.ContainsAny(v.label[:len("≡")], "≡∈")
}

// callByLetter moves the weights of the lines to a sum to the table.
func (t *sheet) callByLetter(n int) {
	var into []int
	for i := range t.scene.edges {
		if t.scene.edges[i].to == n {
			into = append(into, i)
		}
	}
	t.acrossLines(into)
	words := make([]string, len(into))
	for k, i := range into {
		e := &t.scene.edges[i]
		words[k] = e.weightText()
		e.label = ""
	}
	letter := t.aside.letter("Σ(" + strings.Join(words, ", ") + ")")
	v := &t.scene.nodes[n]
	if v.role == roleParity {
		v.label = letter + " " + v.label
		return
	}
	v.label = letter + strings.TrimPrefix(v.label, "Σ")
}

// acrossLines sorts lines to one sum as one reads them, from left to right or from top to bottom: where
// they can be told apart close to the sum, and else where they begin.
func (t *sheet) acrossLines(into []int) {
	const apart = 1.5 // points
	across := func(p point) float64 {
		if t.cfg.Direction == LeftRight {
			return -p[1]
		}
		return p[0]
	}
	at := make(map[int]float64, len(into))
	compare := func(i, j int) int { return cmp.Compare(at[i], at[j]) }
	for _, before := range []float64{10, 20, 30} {
		clear := true
		for _, i := range into {
			curve := sample(t.geometry.edges[i].points)
			k := len(curve) - 1
			for k > 0 && far(curve[k], curve[len(curve)-1]) < before {
				k--
			}
			at[i] = across(curve[k])
		}
		slices.SortStableFunc(into, compare)
		for k := 1; k < len(into); k++ {
			clear = clear && at[into[k]]-at[into[k-1]] >= apart
		}
		if clear {
			return
		}
	}
	for _, i := range into {
		at[i] = across(t.geometry.edges[i].points[0])
	}
	slices.SortStableFunc(into, compare)
}

// weightText writes the weight of a line into a list.
func (e *edge) weightText() string {
	switch {
	case strings.Contains(e.label, ", ") || strings.Contains(e.label, "…"):
		return "(" + e.label + ")"
	case e.label != "":
		return e.label
	case e.negative:
		return "−1"
	}
	return "1"
}

// Owners of places in a grid that are no edges.
const (
	nobody = -1
	ruled  = -2 // a line that carries nothing: of the ruler, the frame of a stage
)

// A grid says which lines pass through the squares of a picture.
type grid struct {
	cells map[[2]int]int // by square: the owner of the line in it
}

const (
	square  = 1.5 // points
	several = -3  // lines in a square
)

func (g *grid) reset() { g.cells = map[[2]int]int{} }

// line notes a straight line.
func (g *grid) line(a, b point, owner int) {
	steps := int(far(a, b)/square*2) + 1
	for k := range steps + 1 {
		t := float64(k) / float64(steps)
		at := squareOf(point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
		if before, ok := g.cells[at]; ok && before != owner {
			g.cells[at] = several
		} else {
			g.cells[at] = owner
		}
	}
}

func squareOf(p point) [2]int {
	return [2]int{int(math.Floor(p[0] / square)), int(math.Floor(p[1] / square))}
}

// free reports whether no line but those of the owner is in a frame.
func (g *grid) free(f frame, owner int) bool {
	lo, hi := squareOf(point{f.x0, f.y0}), squareOf(point{f.x1, f.y1})
	for x := lo[0]; x <= hi[0]; x++ {
		for y := lo[1]; y <= hi[1]; y++ {
			if at, ok := g.cells[[2]int{x, y}]; ok && at != owner {
				return false
			}
		}
	}
	return true
}

// frame is the place of a line of text.
func (m mark) frame() frame {
	const up, down = 0.75, 0.22 // of the size, from the base line
	wide := press.TextWidth(m.text, m.size)
	return frame{m.at[0] - wide/2, m.at[1] - down*m.size, m.at[0] + wide/2, m.at[1] + up*m.size}
}
