package draw

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What Graphviz writes is regular enough to be read line by line.
var (
	commentPattern = regexp.MustCompile(`(?s)<!--.*?-->\n?`)
	titlePattern   = regexp.MustCompile(`<title>[^<]*</title>\n?`)
	sizePattern    = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*"\s*`)
	groupPattern   = regexp.MustCompile(`^<g id="([^"]*)" class="([a-z]+)"`)
	textPattern    = regexp.MustCompile(`^(<text text-anchor="middle") x="([^"]*)" y="([^"]*)"(.*)$`)
	pathPattern    = regexp.MustCompile(`^<path [^>]*\bd="([^"]*)"`)
)

// polish improves on the SVG of Graphviz where that cannot be asked to:
//
//   - the absolute size goes away, so that the figure takes the width of a column;
//   - the titles, which browsers show when a shape is pointed at, say what the shape
//     is instead of repeating Graphviz's own names;
//   - the label of a line is moved onto the line, so that nobody wonders which line
//     it belongs to;
//   - labels of lines and stages come last, with a halo, so that no line crosses them.
//
// It also returns the lines whose weights cannot be read and are therefore left out.
func polish(svg []byte, s *scene, cfg *Config) (figure []byte, unreadable []int) {
	var numbers desk
	notes := make(map[string]string, len(s.nodes))
	for _, n := range s.nodes {
		notes[n.id] = n.note
	}
	svg = tidy(svg)

	var out, labels, names bytes.Buffer
	var id, class, path string
	lines := strings.SplitAfter(string(svg), "\n")
	for i, line := range lines {
		if m := groupPattern.FindStringSubmatch(line); m != nil {
			id, class, path = m[1], m[2], ""
		}
		if m := pathPattern.FindStringSubmatch(line); m != nil {
			path = m[1]
		}
		switch {
		case strings.HasPrefix(line, "<title>"):
			note, ok := notes[id]
			if class != "node" || !ok {
				continue
			}
			line = "<title>" + html.EscapeString(note) + "</title>\n"
		case class == "edge" && strings.HasPrefix(line, "<text "):
			i, _ := strconv.Atoi(strings.TrimPrefix(id, "e"))
			labels.WriteString(numbers.onLine(line, path, i, &s.edges[i], cfg.Direction))
			continue
		case class == "cluster" && strings.HasPrefix(line, "<text "):
			names.WriteString(line)
			continue
		case line == "</g>\n" && i+1 < len(lines) && lines[i+1] == "</svg>\n" && labels.Len()+names.Len() > 0:
			out.WriteString(`<g class="labels" stroke="white" stroke-width="3" stroke-linejoin="round" paint-order="stroke">` + "\n")
			out.Write(labels.Bytes())
			out.Write(names.Bytes())
			out.WriteString("</g>\n")
		}
		out.WriteString(line)
	}
	return out.Bytes(), numbers.unreadable
}

// tidy leaves out the remarks of Graphviz and the size of the figure, which then takes
// the width that it is given.
func tidy(svg []byte) []byte {
	svg = commentPattern.ReplaceAll(svg, nil)
	svg = sizePattern.ReplaceAll(svg, []byte("<svg "))
	return bytes.ReplaceAll(svg, []byte(`"Helvetica,sans-Serif"`), []byte(`"Helvetica,Arial,sans-serif"`))
}

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
	at := beside(curve, [2]float64{x, y - middle}, dir)
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
func beside(curve [][2]float64, p [2]float64, dir Direction) [2]float64 {
	axis := 1
	if dir == LeftRight {
		axis = 0
	}
	best, distance := p, math.Inf(1)
	for _, q := range curve {
		if along := abs(q[axis] - p[axis]); along < distance {
			best, distance = q, along
		}
	}
	return best
}

func length(curve [][2]float64) float64 {
	sum := 0.0
	for i := 1; i < len(curve); i++ {
		sum += math.Hypot(curve[i][0]-curve[i-1][0], curve[i][1]-curve[i-1][1])
	}
	return sum
}

// readPath returns points along a path of cubic curves, "M" and one point, then "C"
// and three points a curve.
func readPath(path string) [][2]float64 {
	fields := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("MC, ", r) })
	var at [][2]float64
	for i := 0; i+1 < len(fields); i += 2 {
		x, err1 := strconv.ParseFloat(fields[i], 64)
		y, err2 := strconv.ParseFloat(fields[i+1], 64)
		if err1 != nil || err2 != nil {
			return nil
		}
		at = append(at, [2]float64{x, y})
	}
	return sample(at)
}

// sample returns points along the cubic curves through the given control points.
func sample(at [][2]float64) [][2]float64 {
	const steps = 64
	var curve [][2]float64
	for i := 0; i+3 < len(at); i += 3 {
		for k := range steps + 1 {
			t := float64(k) / steps
			u := 1 - t
			var p [2]float64
			for j := range p {
				p[j] = u*u*u*at[i][j] + 3*u*u*t*at[i+1][j] + 3*u*t*t*at[i+2][j] + t*t*t*at[i+3][j]
			}
			curve = append(curve, p)
		}
	}
	return curve
}
