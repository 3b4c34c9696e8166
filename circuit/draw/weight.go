package draw

import (
	"math"
	"slices"
)

// dropWeights leaves out the weights if the figure has very many lines. These are drawn
// straight, and numbers would stand on the wrong lines.
func (s *scene) dropWeights() {
	if len(s.edges) <= manyEdges {
		return
	}
	for i := range s.edges {
		s.drop(i)
	}
}

// leaveOut leaves out the weights of the given lines, which turned out not to be
// readable, and says so in the legend.
func (s *scene) leaveOut(edges []int) {
	for _, i := range edges {
		s.drop(i)
	}
	s.explain()
}

func (s *scene) drop(i int) {
	if e := &s.edges[i]; e.label != "" {
		e.label = ""
		s.dropped++
	}
}

// A plate is the patch of white behind the number on a line.
type plate struct {
	edge       int
	x, y       float64 // its middle
	wide, high float64
}

// newPlate is the plate of a number of so many characters: digits of 9 points are 5
// wide.
func newPlate(edge int, at [2]float64, characters int) plate {
	return plate{edge, at[0], at[1], 5*float64(characters) + 2, 9}
}

func (p plate) overlaps(q plate) bool {
	return 2*math.Abs(p.x-q.x) < p.wide+q.wide && 2*math.Abs(p.y-q.y) < p.high+q.high
}

// A desk holds the plates of one figure.
type desk struct {
	plates     []plate
	unreadable []int // edges
}

// put adds a plate on a line of the given length and reports whether it did. It does not
// if the line would hardly be seen beside its number, or if another plate is in the way:
// two numbers on top of each other cannot be read.
func (d *desk) put(p plate, length float64) bool {
	const rest = 1.5 // the line is to be longer than its plate by this factor
	if length < rest*max(p.wide, p.high) || slices.ContainsFunc(d.plates, p.overlaps) {
		d.unreadable = append(d.unreadable, p.edge)
		return false
	}
	d.plates = append(d.plates, p)
	return true
}
