package diagram

import (
	"strings"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/internal/figure"
	"github.com/tc0lab/tc0/internal/press"
)

// tikz writes the scene as a page of LaTeX that a paper can take in.
func (s *scene) tikz() ([]byte, error) {
	layout, err := figure.Layout(s.bare(), "json")
	if err != nil {
		return nil, err
	}
	p, err := figure.TikZ(layout)
	if err != nil {
		return nil, err
	}
	d := press.Document{
		Title: s.title, Caption: s.caption, Legend: strings.Join(s.words(), "; "), NoCaption: s.cfg.NoCaption,
		Advice: s.report().LaTeX(), Width: s.cfg.Width, Wide: p.Wide, Smallest: p.Smallest,
		Least: draw.Readable, Faint: s.cfg.Palette.Faint,
		Scale: min(1, s.cfg.Width*pointsACentimetre/p.Wide, pageHeight/p.High),
	}
	text := d.Begin() + "\\begin{tikzpicture}[x=1bp,y=1bp]\n" + p.Body + "\\end{tikzpicture}" + d.End()
	return []byte(text), nil
}
