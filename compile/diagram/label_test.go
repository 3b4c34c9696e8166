package diagram

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/program"
)

// Names hold anything.
func TestNames(t *testing.T) {
	const name = "<b>&\"\\N\x00\n∑\xff"
	p := program.New(name)
	p.Begin(name)
	x := p.Input(name, program.Shape{program.NewDim(name, 2)}, 2, true)
	p.End()
	y := p.Gather(x, x.Shape(), name, func(i int) int { return 1 - i })
	p.Output(name, y)
	var b bytes.Buffer
	if err := SVG(&b, p, Config{}); err != nil {
		t.Fatal(err)
	}
	texts := wellFormed(t, b.Bytes())
	const want = "<b>&\"\\N\ufffd\ufffd∑\ufffd"
	if n := strings.Count(texts, want); n < 6 { // title, frame, ports, detail, arrows, sizes
		t.Errorf("%q is there %d times in\n%s", want, n, texts)
	}
}

// Kinds of box can be told apart in print without colour.
func TestGreys(t *testing.T) {
	for _, p := range []draw.Palette{draw.Paper(), draw.Grey()} {
		luminance := func(r role) float64 {
			colours, _ := ink(&p, r)
			var red, green, blue int
			if _, err := fmt.Sscanf(colours.Fill, "#%02x%02x%02x", &red, &green, &blue); err != nil {
				t.Fatal(err)
			}
			return 0.2126*float64(red) + 0.7152*float64(green) + 0.0722*float64(blue)
		}
		width := func(r role) float64 { _, w := ink(&p, r); return w }
		if dark, tint := luminance(roleLayers), luminance(roleGates); dark > tint-20 ||
			width(roleLayers) <= width(roleGates) {
			t.Errorf("boxes with layers have grey %.0f and those with gates %.0f", dark, tint)
		}
		if luminance(roleGates) > luminance(roleExact) || width(roleGates) <= width(roleExact) {
			t.Error("boxes with gates are no darker than those without")
		}
	}
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		lo, hi int64
		want   string
	}{
		{0, 0, "= 0"},
		{0, 1, "0 … 1 (1 bit)"},
		{-1, 0, "−1 … 0 (1 bit)"},
		{-4, 3, "−4 … 3 (3 bits)"},
		{-4, 4, "−4 … 4 (4 bits)"},
		{-5, 3, "−5 … 3 (4 bits)"},
		{0, 255, "0 … 255 (8 bits)"},
		{-12345, 0, "−12,345 … 0 (15 bits)"},
		{1, 123456789, "1 … ≈ 1.2·10⁸ (27 bits)"},
		{-1 << 62, 0, "≈ −4.6·10¹⁸ … 0 (63 bits)"},
		{-1 << 63, 3, ""},
	} {
		if got := rangeText(program.Range{Lo: c.lo, Hi: c.hi}, true); got != c.want {
			t.Errorf("%d..%d is written %q, want %q", c.lo, c.hi, got, c.want)
		}
	}
}
