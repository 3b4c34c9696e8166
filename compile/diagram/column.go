package diagram

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/figure"
)

// Measures of a page, in points.
const (
	pointsACentimetre = 72 / 2.54
	pageHeight        = 22 * pointsACentimetre
	mostColumns       = 8
)

// columnOf puts each box into one of the given number of columns: the outermost stages, and the
// operations outside of all, in the order of the program, about as many boxes in each.
func (s *scene) columnOf(columns int) []int {
	type part struct{ frame, size int }
	var parts []part
	of := make([]int, len(s.boxes))
	for i := range s.boxes {
		f := s.boxes[i].frame
		for f != 0 && s.frames[f].parent != 0 {
			f = s.frames[f].parent
		}
		if n := len(parts); f == 0 || n == 0 || parts[n-1].frame != f {
			parts = append(parts, part{frame: f})
		}
		parts[len(parts)-1].size++
		of[i] = len(parts) - 1
	}
	at := make([]int, len(parts))
	last, done := 0, 0
	for i, p := range parts {
		want := len(s.boxes) * (last + 1) / columns
		if done > 0 && done+p.size/2 >= want && last < columns-1 {
			last++
		}
		at[i] = last
		done += p.size
	}
	for i := range of {
		of[i] = at[of[i]]
	}
	return of
}

// connectors are the marks between columns: an arrow to another column ends in a number, and goes
// on there from the same number.
type connectors struct {
	*dotter
	column []int
	number map[int]int         // by the box that an arrow leaves
	entry  map[[2]int]dot.Node // by that box and the column
	first  map[int]dot.Node    // by column: the first entry
}

func (c *connectors) node(name string, number int) dot.Node {
	v := c.root.Node(name).Attr("label", figure.Quote(strconv.Itoa(number)))
	figure.Set(v.AttributesMap, "shape=circle width=0.2 height=0.2 margin=0 fixedsize=true fontsize=9 fillcolor=white color=%s",
		c.cfg.Palette.Wire)
	return v
}

// arrow draws an arrow to a box in another column.
func (c *connectors) arrow(a *arrow) {
	k, ok := c.number[a.from]
	if !ok {
		k = len(c.number) + 1
		c.number[a.from] = k
		c.line(a, c.drawn[a.from], c.node(fmt.Sprintf("exit%06d", k), k))
	}
	to := c.column[a.to]
	in, ok := c.entry[[2]int{a.from, to}]
	if !ok {
		in = c.node(fmt.Sprintf("entry%06d_%d", k, to), k)
		c.entry[[2]int{a.from, to}] = in
		if _, ok := c.first[to]; !ok {
			c.first[to] = in
		}
	}
	c.line(a, in, c.drawn[a.to])
}

// fit finds how many columns a figure takes to be readable on a page, by laying it out. If no number
// will do, text is as large as can be.
func (s *scene) fit() (err error) {
	if s.cfg.Columns > 0 {
		s.wide, s.high, err = s.size()
		return err
	}
	best, at := 0.0, *s
	for k := 1; k <= min(mostColumns, len(s.boxes)); k++ {
		s.cfg.Columns = k
		if s.wide, s.high, err = s.size(); err != nil {
			return err
		}
		scale := min(1, s.cfg.Width*pointsACentimetre/s.wide, pageHeight/s.high)
		if scale > best+0.01 {
			best, at = scale, *s
		}
		if smallText*scale >= draw.Readable || s.high < s.wide {
			break
		}
	}
	*s = at
	return nil
}

// readable lays the scene out, and if its text would be too small on the page, folds stages until it is not, or as far
// as that makes text larger.
func (s *scene) readable(p *program.Program, cfg Config) (*scene, error) {
	if err := s.fit(); err != nil {
		return nil, err
	}
	points := func(s *scene) float64 { return s.report().At(s.cfg.Width) }
	best, boxes := s, len(s.boxes)
	for rounds := 1; points(best) < draw.Readable && !cfg.NoFold; rounds++ {
		t, err := newScene(p, cfg, rounds)
		if err != nil {
			return nil, err
		}
		if len(t.boxes) < boxes {
			if err := t.fit(); err != nil {
				return nil, err
			}
			if boxes = len(t.boxes); points(t) > points(best) {
				small := fmt.Sprintf("text would have %.1f pt at %g cm with operations drawn", points(s), s.cfg.Width)
				if best = t; !cfg.Fold {
					t.folded = cmp.Or(t.folded, small)
				}
			}
		}
		if len(t.leaves()) == 0 {
			break
		}
	}
	return best, nil
}

const smallText = 9.0 // the smallest text of a figure, in points

var viewPattern = regexp.MustCompile(`viewBox="\S+ \S+ (\S+) (\S+)"`)

// size lays the scene out without its caption and returns its size in points.
func (s *scene) size() (wide, high float64, err error) {
	svg, err := figure.Layout(s.bare(), "svg")
	if err != nil {
		return 0, 0, err
	}
	m := viewPattern.FindSubmatch(svg)
	if m == nil {
		return 0, 0, fmt.Errorf("diagram: Graphviz writes no view box")
	}
	for i, to := range []*float64{&wide, &high} {
		if *to, err = strconv.ParseFloat(string(m[i+1]), 64); err != nil || *to <= 0 || math.IsInf(*to, 0) {
			return 0, 0, fmt.Errorf("diagram: Graphviz writes the view box %s", m[0])
		}
	}
	return wide, high, nil
}

// bare is the scene in the language of Graphviz, without title, caption and legend.
func (s *scene) bare() string {
	title, none := s.title, s.cfg.NoCaption
	s.title, s.cfg.NoCaption = "", true
	text := s.dot()
	s.title, s.cfg.NoCaption = title, none
	return text
}
