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
func polish(svg []byte, s *scene, cfg *Config) []byte {
	notes := make(map[string]string, len(s.nodes))
	for _, n := range s.nodes {
		notes[n.id] = n.note
	}
	svg = commentPattern.ReplaceAll(svg, nil)
	svg = sizePattern.ReplaceAll(svg, []byte("<svg "))
	svg = bytes.ReplaceAll(svg, []byte(`"Helvetica,sans-Serif"`), []byte(`"Helvetica,Arial,sans-serif"`))

	var out, labels bytes.Buffer
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
			labels.WriteString(onLine(line, path, cfg.Direction))
			continue
		case class == "cluster" && strings.HasPrefix(line, "<text "):
			labels.WriteString(line)
			continue
		case line == "</g>\n" && i+1 < len(lines) && lines[i+1] == "</svg>\n" && labels.Len() > 0:
			out.WriteString(`<g class="labels" stroke="white" stroke-width="3" stroke-linejoin="round" paint-order="stroke">` + "\n")
			out.Write(labels.Bytes())
			out.WriteString("</g>\n")
		}
		out.WriteString(line)
	}
	return out.Bytes()
}

// onLine moves a text to the point of the path that is beside it: above or below
// where depth grows to the right, else left or right of it.
func onLine(text, path string, d Direction) string {
	const middle = 3.2 // from the base line of a 9 point digit to its middle
	m := textPattern.FindStringSubmatch(strings.TrimSuffix(text, "\n"))
	curve := readPath(path)
	if m == nil || len(curve) == 0 {
		return text
	}
	x, _ := strconv.ParseFloat(m[2], 64)
	y, _ := strconv.ParseFloat(m[3], 64)
	y -= middle
	best, distance := [2]float64{x, y}, math.Inf(1)
	for _, p := range curve {
		along := math.Abs(p[1] - y)
		if d == LeftRight {
			along = math.Abs(p[0] - x)
		}
		if along < distance {
			best, distance = p, along
		}
	}
	// A patch of white interrupts the line. Digits are 5 points wide.
	content, _, _ := strings.Cut(m[4][strings.Index(m[4], ">")+1:], "<")
	width := 5*float64(utf8.RuneCountInString(html.UnescapeString(content))) + 2
	patch := fmt.Sprintf(`<rect x="%.2f" y="%.2f" width="%.2f" height="9" rx="2" fill="white" stroke="none"/>`,
		best[0]-width/2, best[1]-4.5, width)
	return fmt.Sprintf("%s\n%s x=\"%.2f\" y=\"%.2f\"%s\n", patch, m[1], best[0], best[1]+middle, m[4])
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
