package chart

import (
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// script draws text whose exponents are smaller digits, raised: the fonts lack ⁰, ⁹ and ⁻.
type script struct{ text.Plain }

var (
	exponent    = regexp.MustCompile(`[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+`)
	plainDigits = strings.NewReplacer(strings.Fields("⁻ − ⁰ 0 ¹ 1 ² 2 ³ 3 ⁴ 4 ⁵ 5 ⁶ 6 ⁷ 7 ⁸ 8 ⁹ 9")...)
	// spelled are other signs that the fonts lack, in those that they have.
	spelled = strings.NewReplacer("⌈", "ceil(", "⌉", ")")
)

// piece is a part of a line of text, raised or not.
type piece struct {
	text   string
	raised bool
}

// pieces cuts a line of text.
func pieces(line string) []piece {
	line = spelled.Replace(line)
	var all []piece
	at := 0
	for _, m := range exponent.FindAllStringIndex(line, -1) {
		if m[0] > at {
			all = append(all, piece{line[at:m[0]], false})
		}
		all = append(all, piece{plainDigits.Replace(line[m[0]:m[1]]), true})
		at = m[1]
	}
	if at < len(line) {
		all = append(all, piece{line[at:], false})
	}
	return all
}

// face is the font of a piece.
func (s script) face(f font.Font, raised bool) font.Face {
	if raised {
		f.Size *= raisedSize
	}
	return s.Fonts.Lookup(f, f.Size)
}

// Box returns the width of a line of text, and its extent above and below the baseline.
func (s script) Box(line string, f font.Font) (width, height, depth vg.Length) {
	for _, p := range pieces(line) {
		face := s.face(f, p.raised)
		width += face.Width(p.text)
	}
	ext := s.Extents(f)
	return width, ext.Ascent, ext.Descent
}

// Draw draws text of one or more lines as [text.Plain.Draw] does.
func (s script) Draw(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	txt = strings.TrimRight(txt, "\n")
	if txt == "" {
		return
	}
	c.SetColor(style.Color)
	if style.Rotation != 0 {
		c.Push()
		defer c.Pop()
		c.Rotate(style.Rotation)
	}
	sin, cos := math.Sincos(style.Rotation)
	at.X, at.Y = at.Y*vg.Length(sin)+at.X*vg.Length(cos), at.Y*vg.Length(cos)-at.X*vg.Length(sin)
	lines := s.Lines(txt)
	at.Y += style.Height(txt)*vg.Length(style.YAlign) - s.Extents(style.Font).Ascent
	for i, line := range lines {
		width, _, _ := s.Box(line, style.Font)
		from := at.Add(vg.Point{X: vg.Length(style.XAlign) * width, Y: vg.Length(len(lines)-i) * style.Font.Size})
		for _, p := range pieces(line) {
			face, up := s.face(style.Font, p.raised), vg.Length(0)
			if p.raised {
				up = 0.35 * style.Font.Size
			}
			c.FillString(face, from.Add(vg.Point{Y: up}), p.text)
			from.X += face.Width(p.text)
		}
	}
}
