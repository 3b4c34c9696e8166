package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of names beside lines, in points: how far from its own line, at least and at most, and from all else.
const (
	nearest  = 3.0
	farthest = 6.0
	clear    = 6.0
	step     = 1.5 // between the points of a line that are looked at
)

// label is the name of a line beside it, and how far the nearest other line is.
type label struct {
	series *series
	box    vg.Rectangle
	clear  float64
}

// direct finds a place beside each line for its name, in each panel that has it; nil if a line has none. Then names are
// in the legend. So they are where there is one line, and where bars or points have names.
func direct(charts []*Chart, data []draw.Canvas) [][]label {
	all := make([][]label, len(charts))
	for i, p := range charts {
		var lines []*series
		for k := range p.series {
			s := &p.series[k]
			switch {
			case s.kind == bars || s.labels != nil:
				return nil
			case s.kind == line:
				lines = append(lines, s)
			}
		}
		if len(lines) < 2 {
			return nil
		}
		for _, s := range lines {
			best, ok := p.beside(s, data[i], all[i])
			if !ok {
				return nil
			}
			all[i] = append(all[i], best)
		}
	}
	return all
}

// beside finds the best place for the name of a line: that which is farthest from other lines.
func (p *Chart) beside(s *series, c draw.Canvas, placed []label) (best label, ok bool) {
	style := p.Legend.TextStyle
	size := vg.Point{X: style.Width(s.name), Y: style.FontExtents().Ascent}
	own := p.path(s, c)
	var others []vg.Point
	for i := range p.series {
		if &p.series[i] != s {
			others = append(others, p.path(&p.series[i], c)...)
		}
	}
	for i := 0; i < len(own); i += 3 {
		// A steep line is far from the middle of a name.
		for away := vg.Length(nearest); away < 3*farthest; away += step {
			for _, corner := range around(own[i], size, away) {
				l := label{series: s, box: vg.Rectangle{Min: corner, Max: corner.Add(size)}}
				taken := func(o label) bool { return touch(l.box, o.box) }
				d := distance(l.box, own)
				if !inside(l.box, c.Rectangle) || slices.ContainsFunc(placed, taken) || d < nearest || d > farthest {
					continue
				}
				l.clear = min(distance(l.box, others), 4*clear)
				if l.clear >= clear && l.clear > best.clear {
					best, ok = l, true
				}
			}
		}
	}
	return best, ok
}

// around are the lower left corners of boxes of a size above, below and on both sides of a point.
func around(at, size vg.Point, away vg.Length) []vg.Point {
	return []vg.Point{
		{X: at.X - size.X/2, Y: at.Y + away},
		{X: at.X - size.X/2, Y: at.Y - away - size.Y},
		{X: at.X + away, Y: at.Y - size.Y/2},
		{X: at.X - away - size.X, Y: at.Y - size.Y/2},
	}
}

// path returns points of a line as it is drawn, a step from each other.
func (p *Chart) path(s *series, c draw.Canvas) []vg.Point {
	var path []vg.Point
	for i, xy := range s.xys {
		at := vg.Point{X: c.X(p.X.Norm(xy.X)), Y: c.Y(p.Y.Norm(xy.Y))}
		if i > 0 && s.kind != points {
			from := path[len(path)-1]
			way := at.Sub(from)
			n := int(math.Hypot(float64(way.X), float64(way.Y))/step) + 1
			for k := 1; k < n; k++ {
				path = append(path, from.Add(way.Scale(vg.Length(k)/vg.Length(n))))
			}
		}
		path = append(path, at)
	}
	return path
}

// distance is that of a box from the nearest of some points.
func distance(box vg.Rectangle, points []vg.Point) float64 {
	least := math.Inf(1)
	for _, at := range points {
		dx := max(box.Min.X-at.X, at.X-box.Max.X, 0)
		dy := max(box.Min.Y-at.Y, at.Y-box.Max.Y, 0)
		least = min(least, math.Hypot(float64(dx), float64(dy)))
	}
	return least
}

func inside(box, room vg.Rectangle) bool {
	return box.Min.X >= room.Min.X && box.Max.X <= room.Max.X && box.Min.Y >= room.Min.Y && box.Max.Y <= room.Max.Y
}

// touch reports whether two boxes are too near.
func touch(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X+clear && b.Min.X < a.Max.X+clear && a.Min.Y < b.Max.Y+nearest && b.Min.Y < a.Max.Y+nearest
}

// drawLabels draws the names beside the lines of a panel.
func (p *Chart) drawLabels(c draw.Canvas, labels []label) {
	style := p.Legend.TextStyle
	style.YAlign = draw.YBottom
	for _, l := range labels {
		style.Color = marks[l.series.mark%len(marks)].ink
		c.FillText(style, l.box.Min, l.series.name)
	}
}
