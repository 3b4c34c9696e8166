package press

import (
	"math"
	"strconv"
	"testing"
)

// luminance of a colour #rrggbb, from 0 to 1, as WCAG 2 defines it: what is left of it
// in grey.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(hex[1:], 16, 24)
	if err != nil || len(hex) != 7 || hex[0] != '#' {
		t.Fatalf("%q is not a colour", hex)
	}
	part := func(shift uint) float64 {
		c := float64(v>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

// contrast of two colours in grey, from 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrastOfBlackAndWhite(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white has contrast %v, not 21", got)
	}
}

// What is told apart by colour has to be told apart where there is none.
func TestPalettesInGrey(t *testing.T) {
	for _, name := range []string{"paper", "grey"} {
		p, err := ParsePalette(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			what  string
			a, b  string
			least float64
		}{
			{"circles", p.Logic.Fill, p.Sum.Fill, 1.2},
			{"threshold and constant", p.Threshold.Fill, p.Constant.Fill, 1.2},
			{"threshold and stage box", p.Threshold.Fill, "#ffffff", 1.2},
			{"threshold and port", p.Threshold.Fill, p.Port.Fill, 1.2},
			{"logic and threshold", p.Logic.Fill, p.Threshold.Fill, 1.2},
			{"stage and page", p.Stage.Fill, "#ffffff", 1.05},
			{"stage and inner stage", p.Stage.Fill, p.Inner.Fill, 1.05},
			{"path and other lines", p.Path, p.Beside, 2.5},
			{"other lines and stage", p.Beside, p.Inner.Fill, 2},
			{"wire and stage", p.Wire, p.Inner.Fill, 7},
			{"negative and stage", p.Negative, p.Inner.Fill, 4.5},
			{"caption", p.Faint, "#ffffff", 4.5},
			{"text in logic", p.Text, p.Logic.Fill, 7},
			{"text in parity", p.Text, p.Parity.Fill, 7},
			{"text in threshold", p.Text, p.Threshold.Fill, 7},
			{"text in sum", p.Text, p.Sum.Fill, 7},
			{"text in port", p.Text, p.Port.Fill, 7},
			{"text in stage", p.Text, p.Inner.Fill, 7},
			{"outline of logic", p.Logic.Line, p.Logic.Fill, 3},
			{"outline of parity", p.Parity.Line, p.Parity.Fill, 3},
			{"outline of threshold", p.Threshold.Line, p.Threshold.Fill, 3},
		} {
			if got := contrast(t, test.a, test.b); got < test.least {
				t.Errorf(
					"%s: %s: %s and %s have contrast %.2f, want %.2f",
					name,
					test.what,
					test.a,
					test.b,
					got,
					test.least,
				)
			}
		}
	}
}

func TestGreyIsGrey(t *testing.T) {
	p := Grey()
	for _, hex := range []string{
		p.Port.Fill, p.Logic.Fill, p.Parity.Fill, p.Threshold.Fill, p.Sum.Fill, p.Stage.Fill, p.Inner.Fill,
		p.Port.Line, p.Logic.Line, p.Parity.Line, p.Threshold.Line, p.Stage.Line, p.Inner.Line,
		p.Text, p.Wire, p.Negative, p.Path, p.Beside, p.Faint,
	} {
		if hex[1:3] != hex[3:5] || hex[3:5] != hex[5:7] {
			t.Errorf("%s is not grey", hex)
		}
	}
}

func TestParsePalette(t *testing.T) {
	if p, err := ParsePalette("paper"); err != nil || p != Paper() {
		t.Errorf("paper: %v, %v", p, err)
	}
	if p, err := ParsePalette("grey"); err != nil || p != Grey() {
		t.Errorf("grey: %v, %v", p, err)
	}
	if _, err := ParsePalette("gray"); err == nil || err.Error() != `draw: unknown palette "gray"; known: paper grey` {
		t.Errorf("gray: %v", err)
	}
}
