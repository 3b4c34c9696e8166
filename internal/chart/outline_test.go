package chart

import (
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// recorder notes what is drawn.
type recorder struct {
	vg.CanvasWriterTo
	texts []string
	at    []vg.Point
	fills []vg.Path
}

func (r *recorder) FillString(_ font.Face, at vg.Point, text string) {
	r.texts, r.at = append(r.texts, text), append(r.at, at)
}
func (r *recorder) Fill(p vg.Path) { r.fills = append(r.fills, p) }

// The fonts of a PDF have the signs of Windows-1252, a byte each; others are drawn where they belong.
func TestOutlined(t *testing.T) {
	f := font.DefaultCache.Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, 10)
	var r recorder
	outlined{&r}.FillString(f, vg.Point{X: 3, Y: 4}, "Fréchet ρ ≤ 1")
	want := []string{"Fr\xe9chet ", " ", " 1"}
	if len(r.texts) != len(want) || len(r.fills) != 2 {
		t.Fatalf("texts %q and %d outlines", r.texts, len(r.fills))
	}
	before := ""
	for i, part := range []string{"Fréchet ", "ρ ", "≤ 1"} {
		if r.texts[i] != want[i] {
			t.Errorf("%q, want %q", r.texts[i], want[i])
		}
		x := 3 + f.Width(before)
		if i > 0 {
			sign := string([]rune(part)[:1])
			low, high := bounds(r.fills[i-1])
			if low.X < x || high.X > x+f.Width(sign) || low.Y < 4-3 || high.Y > 4+10 || high.Y-low.Y < 4 {
				t.Errorf("%s lies from %v to %v", sign, low, high)
			}
			x += f.Width(sign)
		}
		if d := r.at[i].X - x; d > 0.01 || d < -0.01 {
			t.Errorf("%q at %v, want %v", want[i], r.at[i].X, x)
		}
		before += part
	}
}

// bounds are those of the points of a path.
func bounds(p vg.Path) (low, high vg.Point) {
	first := true
	for _, c := range p {
		if c.Type == vg.CloseComp {
			continue
		}
		if first {
			low, high, first = c.Pos, c.Pos, false
		}
		low = vg.Point{X: min(low.X, c.Pos.X), Y: min(low.Y, c.Pos.Y)}
		high = vg.Point{X: max(high.X, c.Pos.X), Y: max(high.Y, c.Pos.Y)}
	}
	return low, high
}

func TestPieces(t *testing.T) {
	got := pieces("⌈10⁻¹²⌉ of d²")
	want := []piece{{"ceil(10", false}, {"−12", true}, {") of d", false}, {"2", true}}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
}
