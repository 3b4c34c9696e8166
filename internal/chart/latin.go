package chart

import (
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// latin is a canvas of a PDF, whose fonts know the signs of Windows-1252 only, a byte each.
type latin struct{ vg.CanvasWriterTo }

// FillString writes a text in signs that the fonts have.
func (l latin) FillString(f font.Face, at vg.Point, text string) {
	l.CanvasWriterTo.FillString(f, at, windows1252(text))
}

var (
	// raised are powers of ten, all of them spelled alike.
	raised      = regexp.MustCompile(`10[⁰¹²³⁴⁵⁶⁷⁸⁹]+`)
	plainDigits = strings.NewReplacer(strings.Fields("⁰ 0 ¹ 1 ² 2 ³ 3 ⁴ 4 ⁵ 5 ⁶ 6 ⁷ 7 ⁸ 8 ⁹ 9")...)
	// spelled are signs that Windows-1252 does not have, in those that it has.
	spelled = strings.NewReplacer(strings.Fields(`⁰ ^0 ⁴ ^4 ⁵ ^5 ⁶ ^6 ⁷ ^7 ⁸ ^8 ⁹ ^9
		ρ rho ≤ <= ≥ >= ⌈ ceil( ⌉ ) ₂ 2 Σ sum − -`)...)
)

// windows1252 returns a text as bytes of that code; what it does not have is a question
// mark.
func windows1252(text string) string {
	text = raised.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Replace(plainDigits.Replace(s), "10", "10^", 1)
	})
	var out []byte
	for _, r := range spelled.Replace(text) {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			b = '?'
		}
		out = append(out, b)
	}
	return string(out)
}
