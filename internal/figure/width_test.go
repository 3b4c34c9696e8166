package figure_test

import (
	"testing"

	"github.com/tc0lab/tc0/internal/figure"
)

func TestWidth(t *testing.T) {
	for _, test := range []struct {
		text, format string
		cm           float64
		pixels       int
		wrong        string
	}{
		{"8cm", "svg", 8, 0, ""},
		{"12.5", "tex", 12.5, 0, ""},
		{"1200", "png", 0, 1200, ""},
		{"1200px", "png", 0, 1200, ""},
		{"8 CM", "png", 8, 0, ""},
		{"3.5", "png", 0, 0, "--width: 3.5 is not a number of pixels"},
		{"300px", "pdf", 0, 0, "--width: a .pdf has a width in centimetres, such as 8cm; a .png may have one in pixels"},
		{"0", "svg", 0, 0, `"0" is no width; one is 8cm, or 1200px for a .png`},
		{"wide", "svg", 0, 0, `"wide" is no width; one is 8cm, or 1200px for a .png`},
		{"NaN", "svg", 0, 0, `"NaN" is no width; one is 8cm, or 1200px for a .png`},
	} {
		var w figure.Width
		err := w.UnmarshalText([]byte(test.text))
		var cm float64
		var pixels int
		if err == nil {
			cm, pixels, err = w.Of(test.format)
		}
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		if cm != test.cm || pixels != test.pixels || wrong != test.wrong {
			t.Errorf("%s of %s: %v cm, %d pixels, %q; want %v, %d, %q",
				test.text, test.format, cm, pixels, wrong, test.cm, test.pixels, test.wrong)
		}
	}
}
