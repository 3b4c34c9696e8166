package draw

import "math"

// Widths of lines, in points.
const (
	thin  = 0.7
	thick = 1.8 // an integer
	heavy = 1.8 // more for a line of a highlighted path
)

// pen is how a line is drawn.
type pen struct {
	colour, text string // of the line and of its number
	width        float64
	dashed       bool
}

func (cfg *Config) pen(e *edge) pen {
	p := pen{cfg.Palette.Wire, cfg.Palette.Text, thin, e.negative}
	if e.negative {
		p.colour, p.text = cfg.Palette.Negative, cfg.Palette.Negative
	}
	if e.integer {
		p.width = thick
	}
	if e.isArrow() {
		p.width = thin + 0.4*math.Log10(float64(e.count))
	}
	switch { // beside a path, all else is faint
	case e.path:
		p.colour, p.text = cfg.Palette.Path, cfg.Palette.Path
		p.width += heavy
	case len(cfg.Path) > 0:
		p.colour, p.text = cfg.Palette.Beside, cfg.Palette.Faint
	}
	return p
}
