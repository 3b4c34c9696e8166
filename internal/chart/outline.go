package chart

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// outlined is a canvas of a PDF, whose fonts know the signs of Windows-1252 only, a byte each. Other
// signs are drawn by their outlines.
type outlined struct{ vg.CanvasWriterTo }

// FillString draws a line of text from a point on its baseline.
func (o outlined) FillString(f font.Face, at vg.Point, text string) {
	known := ""
	flush := func() {
		if known != "" {
			o.CanvasWriterTo.FillString(f, at, windows1252(known))
			at.X += f.Width(known)
			known = ""
		}
	}
	for _, r := range text {
		if _, ok := charmap.Windows1252.EncodeRune(r); ok {
			known += string(r)
			continue
		}
		flush()
		o.Fill(outline(f, at, r))
		at.X += f.Width(string(r))
	}
	flush()
}

// windows1252 returns text of that code's signs as its bytes.
func windows1252(text string) string {
	var out []byte
	for _, r := range text {
		if b, ok := charmap.Windows1252.EncodeRune(r); ok {
			out = append(out, b)
		}
	}
	return string(out)
}

// outline returns the shape of a sign at a point on the baseline. A sign that the font lacks has the
// shape that other formats draw for it, an empty box.
func outline(f font.Face, at vg.Point, r rune) vg.Path {
	const units = 1000 // of an em
	var b sfnt.Buffer
	index, err := f.Face.GlyphIndex(&b, r)
	if err != nil {
		return nil
	}
	segments, err := f.Face.LoadGlyph(&b, index, fixed.I(units), nil)
	if err != nil {
		return nil
	}
	point := func(p fixed.Point26_6) vg.Point {
		scale := f.Font.Size / (64 * units)
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale} // down is up in fonts
	}
	var path vg.Path
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				path.Close()
			}
			path.Move(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	if path != nil {
		path.Close()
	}
	return path
}
