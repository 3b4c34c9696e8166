package figure

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// Picture is a figure that Graphviz laid out, in TikZ.
type Picture struct {
	Body       string // what stands between \begin{tikzpicture} and its end, in units of a point
	Wide, High float64
	Smallest   float64 // size of the smallest text, in points
}

// operation is one of Graphviz's xdot format.
type operation struct {
	Op     string       `json:"op"`
	Points [][2]float64 `json:"points"` // of a polygon or a curve
	Color  string       `json:"color"`
	Style  string       `json:"style"`
	Rect   []float64    `json:"rect"` // of an ellipse: its middle and its radii
	Size   float64      `json:"size"`
	Pt     [2]float64   `json:"pt"`
	Align  string       `json:"align"`
	Width  float64      `json:"width"`
	Text   string       `json:"text"`
	Bold   int          `json:"fontchar"`
}

// drawnObject is a shape, a frame or a line with what is drawn for it.
type drawnObject struct {
	BB    string      `json:"bb"` // of a frame: its corners
	Draw  []operation `json:"_draw_"`
	Head  []operation `json:"_hdraw_"`
	Label []operation `json:"_ldraw_"`
}

// TikZ writes what Graphviz laid out as JSON, shapes first, then lines, then the labels of lines.
func TikZ(layout []byte) (*Picture, error) {
	var read struct {
		BB      string        `json:"bb"`
		Objects []drawnObject `json:"objects"`
		Edges   []drawnObject `json:"edges"`
	}
	if err := json.Unmarshal(layout, &read); err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	var x0, y0, x1, y1 float64
	if _, err := fmt.Sscanf(read.BB, "%f,%f,%f,%f", &x0, &y0, &x1, &y1); err != nil {
		return nil, fmt.Errorf("draw: Graphviz writes the corners %q: %w", read.BB, err)
	}
	t := tikzWriter{smallest: math.Inf(1)}
	fmt.Fprintf(&t.text, "\\useasboundingbox (%.2f,%.2f) rectangle (%.2f,%.2f);\n", x0, y0, x1, y1)
	for _, o := range read.Objects {
		if o.BB != "" {
			t.write(o.Draw, "")
		}
	}
	for _, e := range read.Edges {
		t.write(e.Draw, "")
		t.write(e.Head, "")
	}
	for _, o := range read.Objects {
		if o.BB != "" {
			t.write(o.Label, ","+inkOf("fill", filled(o.Draw))+",inner sep=0.5bp")
			continue
		}
		t.write(o.Draw, "")
		t.write(o.Label, "")
	}
	for _, e := range read.Edges {
		t.write(e.Label, ",fill=white,inner sep=0.5bp")
	}
	return &Picture{t.text.String(), x1 - x0, y1 - y0, t.smallest}, nil
}

// filled is the last colour that something is filled with.
func filled(list []operation) (colour string) {
	for _, o := range list {
		if o.Op == "C" {
			colour = o.Color
		}
	}
	return colour
}

// tikzWriter writes operations.
type tikzWriter struct {
	text     strings.Builder
	smallest float64
}

var penPattern = regexp.MustCompile(`^setlinewidth\(([0-9.]+)\)$`)

// write draws the operations of one object. Its texts have the given further options.
func (t *tikzWriter) write(list []operation, options string) {
	pen, fill, width, dashed, size, bold := "#000000", "#ffffff", "1", "", 10.0, ""
	for _, o := range list {
		switch o.Op {
		case "c":
			pen = o.Color
		case "C":
			fill = o.Color
		case "F":
			size = o.Size
			t.smallest = min(t.smallest, size)
		case "t":
			bold = map[bool]string{true: `\bfseries `}[o.Bold&1 == 1]
		case "S":
			if m := penPattern.FindStringSubmatch(o.Style); m != nil {
				width = m[1]
			}
			dashed = map[bool]string{true: ",dash pattern=on 4bp off 2bp"}[o.Style == "dashed"]
		case "P", "p", "b", "B", "L", "E", "e":
			style := inkOf("draw", pen) + ",line width=" + width + "bp" + dashed
			if strings.Contains("PBE", o.Op) {
				style += "," + inkOf("fill", fill)
			}
			fmt.Fprintf(&t.text, "\\path[%s] %s;\n", style, pathOf(o))
		case "T":
			at := o.Pt
			anchor := "base"
			if o.Align == "l" {
				anchor = "base west"
			}
			if words := strings.TrimSpace(strings.ReplaceAll(o.Text, `\\`, `\`)); words != "" {
				if at := strings.Index(o.Text, words); at > 0 && o.Align == "l" {
					words = `\ ` + words
				}
				fmt.Fprintf(&t.text, "\\node[anchor=%s,inner sep=0bp,%s%s] at (%.2f,%.2f) {%s%s%s};\n",
					anchor, inkOf("text", pen), options, at[0], at[1], fontOf(size), bold, press.LaTeX(words))
			}
		}
	}
}

func fontOf(size float64) string {
	return fmt.Sprintf(`\sffamily\fontsize{%.4g}{%.4g}\selectfont `, 0.97*size, size) // Helvetica runs narrower
}

// inkOf writes a colour that is given as #rrggbb; one with an opacity of 0 is none.
func inkOf(what, colour string) string {
	if len(colour) != 7 {
		if what == "text" {
			return "text=black"
		}
		return what + "=none"
	}
	var r, g, b int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return what + "=black"
	}
	return fmt.Sprintf("%s={rgb,255:red,%d;green,%d;blue,%d}", what, r, g, b)
}

// pathOf writes a polygon, a line from point to point, a curve or an ellipse.
func pathOf(o operation) string {
	var b strings.Builder
	if r := o.Rect; len(r) == 4 {
		return fmt.Sprintf("(%.2f,%.2f) ellipse[x radius=%.2f,y radius=%.2f]", r[0], r[1], r[2], r[3])
	}
	curve := o.Op == "b" || o.Op == "B"
	for i, p := range o.Points {
		switch {
		case i == 0:
		case !curve:
			b.WriteString(" -- ")
		case i%3 == 1:
			b.WriteString(" .. controls ")
		case i%3 == 2:
			b.WriteString(" and ")
		default:
			b.WriteString(" .. ")
		}
		fmt.Fprintf(&b, "(%.2f,%.2f)", p[0], p[1])
	}
	if o.Op == "P" || o.Op == "p" {
		b.WriteString(" -- cycle")
	}
	return b.String()
}
