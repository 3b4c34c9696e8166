package draw

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/figure"
)

// geometry is where Graphviz puts a scene, in points, y upwards.
type geometry struct {
	box    frame
	nodes  []spot
	edges  []curve
	stages []spot // of the stages that are drawn, outer ones first
	ruler  []mark
	ticks  []point
	line   []curve // between the marks of the ruler
}

type point = [2]float64

// frame is a rectangle.
type frame struct {
	x0, y0, x1, y1 float64
}

// spot is the place of a node or a stage.
type spot struct {
	at         point // its middle
	wide, high float64
	cells      []frame // of a port: the outlines of its name and its wires
	texts      []mark  // in them
}

type mark struct {
	at   point // the middle of its base line
	text string
	size float64 // of the font
}

// curve is a line: control points of cubic curves, 3k+1 of them.
type curve struct {
	points []point
	dot    []float64 // at its end: its middle and its radii
	head   []point   // of an arrow
	label  point     // the place kept for its number
}

// locate lays the scene out.
func (s *scene) locate() (*geometry, error) {
	text, err := figure.Layout(s.dot(), "json")
	if err != nil {
		return nil, err
	}
	var read layoutFile
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	return s.geometryOf(&read)
}

// layoutFile is what Graphviz writes as JSON, as far as it is used here.
type layoutFile struct {
	BB      numbers `json:"bb"`
	Objects []layoutObject
	Edges   []layoutEdge
}

type layoutObject struct {
	ID     string    `json:"id"`
	BB     numbers   `json:"bb"` // of a stage
	Pos    numbers   `json:"pos"`
	Width  float64   `json:"width,string"` // in inches
	Height float64   `json:"height,string"`
	Text   []drawing `json:"_ldraw_"`
}

type layoutEdge struct {
	ID   string    `json:"id"`
	LP   numbers   `json:"lp"`
	Draw []drawing `json:"_draw_"`
	Head []drawing `json:"_hdraw_"`
}

// numbers are separated by commas.
type numbers []float64

// UnmarshalText reads numbers.
func (n *numbers) UnmarshalText(text []byte) error {
	for f := range strings.SplitSeq(string(text), ",") {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("numbers are written %q", text)
		}
		*n = append(*n, v)
	}
	return nil
}

// fill puts the numbers into as many variables. Another count is an error.
func (n numbers) fill(to ...*float64) error {
	if len(n) != len(to) {
		return fmt.Errorf("draw: Graphviz writes %v for %d numbers", n, len(to))
	}
	for i := range to {
		*to[i] = n[i]
	}
	return nil
}

// corners are those of a frame, to be filled.
func (f *frame) corners() []*float64 { return []*float64{&f.x0, &f.y0, &f.x1, &f.y1} }

// drawing is one operation, in the letters of Graphviz's xdot format.
type drawing struct {
	Op     string    `json:"op"`
	Points []point   `json:"points"` // b, B: a curve; p, P: a polygon
	Rect   []float64 `json:"rect"`   // e, E: middle and radii
	Pt     point     `json:"pt"`     // T: where text stands
	Align  string    `json:"align"`  // T: l if that is its left end, c if its middle
	Width  float64   `json:"width"`  // T
	Text   string    `json:"text"`
	Size   float64   `json:"size"` // F: of the font
}

func (s *scene) geometryOf(read *layoutFile) (*geometry, error) {
	g := &geometry{nodes: make([]spot, len(s.nodes)), edges: make([]curve, len(s.edges))}
	nodeOf := make(map[string]int, len(s.nodes))
	for i := range s.nodes {
		nodeOf[s.nodes[i].id] = i
	}
	if err := read.BB.fill(g.box.corners()...); err != nil {
		return nil, err
	}
	for i := range read.Objects {
		o := &read.Objects[i]
		if o.ID == "" {
			continue
		}
		sp, err := o.spot()
		n, ok := nodeOf[o.ID]
		switch {
		case err != nil:
			return nil, err
		case strings.HasPrefix(o.ID, "stage"):
			g.stages = append(g.stages, sp)
		case strings.HasPrefix(o.ID, "ruler"):
			g.ruler = append(g.ruler, sp.texts...)
			if len(sp.texts) == 0 {
				g.ticks = append(g.ticks, sp.at)
			}
		case !ok:
			return nil, fmt.Errorf("draw: Graphviz places an unknown node %q", o.ID)
		default:
			g.nodes[n] = sp
		}
	}
	placed := 0
	for i := range read.Edges {
		e := &read.Edges[i]
		c, err := e.curve()
		switch {
		case err != nil:
			return nil, err
		case len(c.points) == 0: // invisible: it keeps an order
		case e.ID == "":
			g.line = append(g.line, c)
		default:
			at, err := strconv.Atoi(strings.TrimPrefix(e.ID, "e"))
			if err != nil || at < 0 || at >= len(g.edges) {
				return nil, fmt.Errorf("draw: Graphviz places an unknown edge %q", e.ID)
			}
			g.edges[at] = c
			placed++
		}
	}
	if placed != len(g.edges) {
		return nil, fmt.Errorf("draw: Graphviz placed %d of %d lines", placed, len(g.edges))
	}
	return g, nil
}

// spot reads the place of a stage, which has corners, or of a node.
func (o *layoutObject) spot() (spot, error) {
	const inch = 72
	sp := spot{wide: o.Width * inch, high: o.Height * inch, texts: textsOf(o.Text)}
	if o.BB != nil {
		var f frame
		err := o.BB.fill(f.corners()...)
		sp.at, sp.wide, sp.high = point{(f.x0 + f.x1) / 2, (f.y0 + f.y1) / 2}, f.x1-f.x0, f.y1-f.y0
		return sp, err
	}
	for _, d := range o.Text { // a label of cells is drawn as part of the label
		if d.Op == "p" && len(d.Points) > 2 {
			sp.cells = append(sp.cells, around(d.Points))
		}
	}
	err := o.Pos.fill(&sp.at[0], &sp.at[1])
	return sp, err
}

// around returns the rectangle around points.
func around(points []point) frame {
	f := frame{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		f.x0, f.x1 = min(f.x0, p[0]), max(f.x1, p[0])
		f.y0, f.y1 = min(f.y0, p[1]), max(f.y1, p[1])
	}
	return f
}

func textsOf(list []drawing) (texts []mark) {
	size := 0.0
	for _, d := range list {
		switch d.Op {
		case "F":
			size = d.Size
		case "T":
			at := d.Pt
			if d.Align == "l" {
				at[0] += d.Width / 2
			}
			texts = append(texts, mark{at, strings.ReplaceAll(d.Text, `\\`, `\`), size})
		}
	}
	return texts
}

func (e *layoutEdge) curve() (curve, error) {
	var c curve
	for _, d := range e.Draw {
		if d.Op == "b" {
			c.points = d.Points
		}
	}
	if len(c.points)%3 != 1 && len(c.points) > 0 {
		return c, fmt.Errorf("draw: Graphviz draws a curve through %d points", len(c.points))
	}
	for _, d := range e.Head {
		switch {
		case d.Op == "e" && len(d.Rect) == 4:
			c.dot = d.Rect
		case d.Op == "P":
			c.head = d.Points
		}
	}
	if e.LP == nil {
		return c, nil
	}
	err := e.LP.fill(&c.label[0], &c.label[1])
	return c, err
}
