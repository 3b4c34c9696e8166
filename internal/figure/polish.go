package figure

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// What Graphviz writes is regular enough to be read line by line.
var (
	commentPattern = regexp.MustCompile(`(?s)<!--.*?-->\n?`)
	sizePattern    = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*"\s*`)
	groupPattern   = regexp.MustCompile(`^<g id="([^"]*)" class="([a-z]+)"`)
	fillPattern    = regexp.MustCompile(`^<(?:path|polygon) fill="([^"]*)"`)
	textPattern    = regexp.MustCompile(`^<text text-anchor="start" x="([^"]*)" y="([^"]*)".* font-size="([^"]*)"[^>]*>([^<]*)<`)
	pathPattern    = regexp.MustCompile(`^<path [^>]*\bd="([^"]*)"`)
)

// Polisher says how [Polisher.Polish] improves the SVG of Graphviz.
type Polisher struct {
	Notes map[string]string // by id of a shape: what browsers show when it is pointed at
	Order []string          // whose labels come last, in this order: "edge" and "cluster", which is a stage
	Halo  string            // attributes of the white around labels

	// Edge moves the label of a line, or leaves it out; nil: labels stay where they are.
	Edge func(id, text, path string) string

	Plates bool // names of stages have a patch of the colour of the stage behind them
}

// plateBehind is a patch behind a line of text that begins at a point.
func plateBehind(text, fill string) string {
	m := textPattern.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	var at [3]float64
	for i := range at {
		v, err := strconv.ParseFloat(m[i+1], 64)
		if err != nil {
			return ""
		}
		at[i] = v
	}
	wide := press.TextWidth(html.UnescapeString(m[4]), at[2])
	return fmt.Sprintf("<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\" stroke=\"none\"/>\n",
		at[0]-1, at[1]-0.8*at[2], wide+2, 1.05*at[2], fill)
}

// Polish improves the SVG of Graphviz where Graphviz has no option for it:
//
//   - the absolute size goes away, so that the figure takes the width of a column;
//   - the titles, which browsers show when a shape is pointed at, say what the shape
//     is instead of repeating Graphviz's own names;
//   - labels of lines and stages come last, with a halo, so that no line crosses them.
func (p *Polisher) Polish(svg []byte) []byte {
	svg = commentPattern.ReplaceAll(svg, nil)
	svg = sizePattern.ReplaceAll(svg, []byte("<svg "))
	text, end := strings.ReplaceAll(string(svg), `"Helvetica,sans-Serif"`, `"Helvetica,Arial,sans-serif"`), ""
	if at := strings.LastIndex(text, "</g>\n</svg>"); at >= 0 {
		text, end = text[:at], text[at:]
	}
	var out bytes.Buffer
	labels := map[string]string{} // by class
	fill := ""
	var id, class, path string
	for line := range strings.Lines(text) {
		if m := groupPattern.FindStringSubmatch(line); m != nil {
			id, class, path = m[1], m[2], ""
		}
		if m := pathPattern.FindStringSubmatch(line); m != nil {
			path = m[1]
		}
		if m := fillPattern.FindStringSubmatch(line); m != nil {
			fill = m[1]
		}
		switch {
		case strings.HasPrefix(line, "<title>"):
			if note, ok := p.Notes[id]; ok {
				out.WriteString("<title>" + html.EscapeString(note) + "</title>\n")
			}
		case slices.Contains(p.Order, class) && strings.HasPrefix(line, "<text "):
			if class == "edge" && p.Edge != nil {
				line = p.Edge(id, line, path)
			}
			if class == "cluster" && p.Plates {
				line = plateBehind(line, fill) + line
			}
			labels[class] += line
		default:
			out.WriteString(line)
		}
	}
	moved := ""
	for _, class := range p.Order {
		moved += labels[class]
	}
	if moved != "" {
		const group = `<g class="labels" %s stroke-width="3" stroke-linejoin="round" paint-order="stroke">`
		fmt.Fprintf(&out, group+"\n%s</g>\n", p.Halo, moved)
	}
	out.WriteString(end)
	return out.Bytes()
}
