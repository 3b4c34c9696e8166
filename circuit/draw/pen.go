package draw

import "math"

// Widths of lines, in points.
const (
	thin  = 0.6
	thick = 1.4 // an integer
	heavy = 1.7 // more for a line of a highlighted path
)

// namedInk is the colours of shapes of one kind, by their name in TikZ.
type namedInk struct {
	name string
	Ink
}

// inks are the colours of shapes: first of ports, then of the roles after the ports in
// their order, then of stages.
func inks(p *Palette) []namedInk {
	return []namedInk{
		{"port", p.Port},
		{"constant", p.Constant},
		{"logic", p.Logic},
		{"parity", p.Parity},
		{"threshold", p.Threshold},
		{"sum", p.Sum},
		{"stage", p.Stage},
		{"inner", p.Inner},
	}
}

// ink returns the colours of shapes of a role. Boxes have no colours here.
func (r role) ink(p *Palette) namedInk { return inks(p)[max(r, roleOutput)-roleOutput] }

// pen is how a line is drawn.
type pen struct {
	colour, text string // of the line and of its number
	width        float64
	dashed       bool
}

func (s *scene) pen(e *edge) pen {
	palette := &s.cfg.Palette
	p := pen{palette.Wire, palette.Text, thin, e.negative}
	if e.negative {
		p.colour, p.text = palette.Negative, palette.Negative
	}
	if e.integer {
		p.width = thick
	}
	if e.isArrow() {
		p.width = thin + 0.4*math.Log10(float64(e.count))
	}
	switch { // beside a path, all else is faint
	case e.path:
		p.colour, p.text = palette.Path, palette.Path
		p.width += heavy
	case len(s.cfg.Path) > 0:
		p.colour, p.text = palette.Beside, palette.Faint
	}
	return p
}
