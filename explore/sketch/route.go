package sketch

import (
	"cmp"
	"math"
	"slices"

	"github.com/tc0lab/tc0/explore"
)

// point is a place in the layout of a view: to the right, and down.
type point [2]float64

// frame is a rectangle.
type frame struct{ x, y, w, h float64 }

func (f frame) middle() float64 { return f.y + f.h/2 }
func (f frame) right() float64  { return f.x + f.w }
func (f frame) bottom() float64 { return f.y + f.h }

// meets reports whether two rectangles have a point inside both.
func (f frame) meets(g frame) bool {
	return f.x < g.right() && g.x < f.right() && f.y < g.bottom() && g.y < f.bottom()
}

// around is the least rectangle with both.
func (f frame) around(g frame) frame {
	x, y := min(f.x, g.x), min(f.y, g.y)
	return frame{x, y, max(f.right(), g.right()) - x, max(f.bottom(), g.bottom()) - y}
}

const (
	columnWidth = 120  // of a box in one column
	mostRouted  = 2500 // lines that are led around boxes; of more, nobody can follow one by eye
)

// ends are the rectangles that lines begin and end at: the items, then the frames.
type ends []frame

func newEnds(v *explore.View) ends {
	var all ends
	for _, i := range v.Items {
		all = append(all, frame{float64(i.X), float64(i.Y), float64(i.W), float64(i.H)})
	}
	for _, f := range v.Frames {
		all = append(all, frame{float64(f.X), float64(f.Y), float64(f.W), float64(f.H)})
	}
	return all
}

// index is that of the end of an edge, which counts frames as −1, −2, ….
func index(v *explore.View, end int) int {
	if end < 0 {
		return len(v.Items) - 1 - end
	}
	return end
}

// routes gives each edge its line, as on the page: the points of Bézier curves, the first and then
// three of each.
func routes(v *explore.View) [][]point {
	all := newEnds(v)
	n := len(v.Edges)
	from, to := make([]int, n), make([]int, n)
	out, into := make([][]int, len(all)), make([][]int, len(all))
	for i, e := range v.Edges {
		from[i], to[i] = index(v, e.From), index(v, e.To)
		out[from[i]] = append(out[from[i]], i)
		into[to[i]] = append(into[to[i]], i)
	}
	first, last := all.spread(out, to, n), all.spread(into, from, n)
	var g *gaps
	if n <= mostRouted && !v.Crowd { // a crowd has no gaps between boxes
		g = newGaps(v)
	}
	lines := make([][]point, n)
	for i := range v.Edges {
		a, b := all[from[i]], all[to[i]]
		points := []point{{a.right(), first[i]}}
		if g != nil {
			points = append(points, g.between(points[0], point{b.x, last[i]})...)
		}
		lines[i] = curve(append(points, point{b.x, last[i]}))
	}
	return lines
}

// spread places the ends of lines along the side of each shape, in the order of their other ends, so
// that they do not cross at it.
func (all ends) spread(lists [][]int, other []int, n int) []float64 {
	y := make([]float64, n)
	for i, list := range lists {
		slices.SortFunc(list, func(a, b int) int {
			return cmp.Or(cmp.Compare(all[other[a]].middle(), all[other[b]].middle()), cmp.Compare(a, b))
		})
		for k, e := range list {
			y[e] = tenth(all[i].y + all[i].h*(0.12+0.76*float64(k+1)/float64(len(list)+1)))
		}
	}
	return y
}

// tenth rounds to what is written.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// curve leads a line through points, flat at each.
func curve(points []point) []point {
	line := points[:1:1]
	for k := 1; k < len(points); k++ {
		p, q := points[k-1], points[k]
		bend := 60.0
		if q[0] > p[0] {
			bend = max(8, (q[0]-p[0])/2)
		}
		line = append(line, point{p[0] + bend, p[1]}, point{q[0] - bend, q[1]}, q)
	}
	return line
}

// gaps are how lines pass the boxes of columns: through the nearest gap of each.
type gaps struct {
	columns []explore.ViewColumn
	taken   [][][2]float64 // by column: from where to where, in order
}

func newGaps(v *explore.View) *gaps {
	g := &gaps{columns: v.Columns}
	for _, c := range v.Columns {
		var list [][2]float64
		for _, i := range v.Items {
			if i.X < c.X+columnWidth && i.X+i.W > c.X {
				list = append(list, [2]float64{float64(i.Y) - 5, float64(i.Y+i.H) + 5})
			}
		}
		slices.SortStableFunc(list, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
		g.taken = append(g.taken, list)
	}
	return g
}

func (g *gaps) between(p, q point) []point {
	var points []point
	for k, c := range g.columns {
		x := float64(c.X)
		if x <= p[0] || x+columnWidth >= q[0] {
			continue
		}
		y := tenth(nearest(g.taken[k], p[1]+(q[1]-p[1])*(x+columnWidth/2-p[0])/(q[0]-p[0])))
		points = append(points, point{x, y}, point{x + columnWidth, y})
	}
	return points
}

// nearest returns y, or the edge of the nearest gap if something is there.
func nearest(list [][2]float64, y float64) float64 {
	at := slices.IndexFunc(list, func(t [2]float64) bool { return t[0] < y && y < t[1] })
	if at < 0 {
		return y
	}
	up, down := at, at // boxes that touch leave no gap
	for up > 0 && list[up-1][1] > list[up][0] {
		up--
	}
	for down+1 < len(list) && list[down+1][0] < list[down][1] {
		down++
	}
	if y-list[up][0] < list[down][1]-y {
		return list[up][0]
	}
	return list[down][1]
}

// sample returns points on a line, ten on each curve.
func sample(line []point) []point {
	points := line[:1:1]
	for i := 0; i+3 < len(line); i += 3 {
		a, p, q, b := line[i], line[i+1], line[i+2], line[i+3]
		for k := 1; k <= 10; k++ {
			t := float64(k) / 10
			u := 1 - t
			var at point
			for d := range at {
				at[d] = u*u*u*a[d] + 3*u*u*t*p[d] + 3*u*t*t*q[d] + t*t*t*b[d]
			}
			points = append(points, at)
		}
	}
	return points
}
