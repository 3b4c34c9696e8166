package draw

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/internal/figure"
)

// svg lays the scene out. If some weights cannot be read, it lays the scene out once more:
// the legend is part of the layout and says so then.
func (s *scene) svg() ([]byte, error) {
	for again := false; ; again = true {
		svg, err := figure.Layout(s.dot(), "svg")
		if err != nil {
			return nil, err
		}
		out, unreadable := s.polish(svg)
		if len(unreadable) == 0 || again {
			return out, nil
		}
		s.leaveOut(unreadable)
	}
}

// polish adds notes, which browsers show when a shape is pointed at. It moves the labels of
// lines onto the lines, so it is clear which line each belongs to. It returns the lines
// whose weights cannot be read and are left out.
func (s *scene) polish(svg []byte) (out []byte, unreadable []int) {
	var numbers desk
	p := figure.Polisher{
		Notes: make(map[string]string, len(s.nodes)), Order: []string{"edge", "cluster"}, Halo: `stroke="white"`,
		Edge: func(id, text, path string) string {
			i, _ := strconv.Atoi(strings.TrimPrefix(id, "e"))
			return numbers.onLine(text, path, i, &s.edges[i], s.cfg.Direction)
		},
	}
	for _, n := range s.nodes {
		p.Notes[n.id] = n.note
	}
	return p.Polish(svg), numbers.unreadable
}

var textPattern = regexp.MustCompile(`^(<text text-anchor="middle") x="([^"]*)" y="([^"]*)"(.*)$`)

// onLine moves the text of an edge to the point of its path that is beside it, or leaves
// it out if it could not be read.
func (d *desk) onLine(text, path string, edge int, e *edge, dir Direction) string {
	const middle = 3.2 // from the base line of a 9 point digit to its middle
	m := textPattern.FindStringSubmatch(strings.TrimSuffix(text, "\n"))
	curve := readPath(path)
	if m == nil || len(curve) == 0 {
		return text
	}
	x, _ := strconv.ParseFloat(m[2], 64)
	y, _ := strconv.ParseFloat(m[3], 64)
	at := beside(curve, point{x, y - middle}, dir)
	content, _, _ := strings.Cut(m[4][strings.Index(m[4], ">")+1:], "<")
	p := newPlate(edge, at, utf8.RuneCountInString(html.UnescapeString(content)))
	if !e.isArrow() && !d.put(p, length(curve)) { // counts stay: they are what the figure is about
		return ""
	}
	// The plate interrupts the line.
	patch := fmt.Sprintf(`<rect x="%.2f" y="%.2f" width="%.2f" height="%.0f" rx="2" fill="white" stroke="none"/>`,
		p.x-p.wide/2, p.y-p.high/2, p.wide, p.high)
	return fmt.Sprintf("%s\n%s x=\"%.2f\" y=\"%.2f\"%s\n", patch, m[1], at[0], at[1]+middle, m[4])
}

// beside returns the point of a curve that is beside p: above or below it where depth
// grows to the right, else left or right of it.
func beside(curve []point, p point, dir Direction) point {
	axis := 1
	if dir == LeftRight {
		axis = 0
	}
	best, distance := p, math.Inf(1)
	for _, q := range curve {
		if along := math.Abs(q[axis] - p[axis]); along < distance {
			best, distance = q, along
		}
	}
	return best
}

func length(curve []point) float64 {
	sum := 0.0
	for i := 1; i < len(curve); i++ {
		sum += math.Hypot(curve[i][0]-curve[i-1][0], curve[i][1]-curve[i-1][1])
	}
	return sum
}

// readPath returns points along a path of cubic curves, "M" and one point, then "C"
// and three points a curve.
func readPath(path string) (curve []point) {
	var read numbers
	err := read.UnmarshalText([]byte(strings.NewReplacer("M", "", "C", ",", " ", ",").Replace(path)))
	if err != nil || len(read)%2 != 0 {
		return nil
	}
	for p := range slices.Chunk(read, 2) {
		curve = append(curve, point(p))
	}
	return sample(curve)
}

// sample returns points along the cubic curves through the given control points.
func sample(at []point) []point {
	const steps = 64
	var curve []point
	for i := 0; i+3 < len(at); i += 3 {
		for k := range steps + 1 {
			t := float64(k) / steps
			u := 1 - t
			var p point
			for j := range p {
				p[j] = u*u*u*at[i][j] + 3*u*u*t*at[i+1][j] + 3*u*t*t*at[i+2][j] + t*t*t*at[i+3][j]
			}
			curve = append(curve, p)
		}
	}
	return curve
}
