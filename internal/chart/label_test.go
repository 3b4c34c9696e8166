package chart

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg/draw"
)

// apartLines are two lines far from each other.
func apartLines() *Chart {
	p := New("x", "y")
	p.Line(Curve{{X: 1, Y: 1}, {X: 10, Y: 1}}, 0, "flat")
	p.Line(Curve{{X: 1, Y: 5}, {X: 10, Y: 8}}, 1, "rising")
	p.Y.Min, p.Y.Max = 0, 10
	return p
}

var anyText = regexp.MustCompile(`<text x="[-\d.]+" y="([-\d.]+)"[^>]*>([^<]*)<`)

// heightOf is the height of an SVG, and texts where its words stand, upwards.
func heightOf(t *testing.T, p *Chart) (height float64, texts map[string]float64) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "svg", 5, p); err != nil {
		t.Fatal(err)
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	texts = map[string]float64{}
	for _, m := range anyText.FindAllStringSubmatch(b.String(), -1) {
		texts[m[2]] = -number(m[1])
	}
	return number(regexp.MustCompile(`viewBox="0 0 [\d.]+ ([\d.]+)"`).FindStringSubmatch(b.String())[1]), texts
}

// Where there is room, names stand beside their lines, and no legend takes any; else all are in the legend.
func TestNamesBesideLines(t *testing.T) {
	bare, texts := heightOf(t, apartLines())
	if !(texts["flat"] > texts["x"] && texts["rising"] > texts["flat"]+20) {
		t.Errorf("names at %v", texts)
	}
	crowded := apartLines()
	for i := range 8 {
		crowded.Line(Curve{{X: 1, Y: float64(i)}, {X: 10, Y: float64(8 - i)}}, i, "line "+strconv.Itoa(i))
	}
	one := New("x", "y")
	one.Line(Curve{{X: 1, Y: 1}, {X: 10, Y: 2}}, 0, "alone")
	long := apartLines()
	long.Line(Curve{{X: 1, Y: 9}, {X: 10, Y: 9}}, 2, strings.Repeat("a long name ", 10))
	marked := apartLines()
	marked.Named(Curve{{X: 2, Y: 3}}, []string{"here"}, "named")
	for name, p := range map[string]*Chart{"alone": one, "flat": crowded, "rising": long, "named": marked} {
		high, texts := heightOf(t, p)
		if at, ok := texts[name]; !ok || at > texts["x"] || high < bare+rowHeight {
			t.Errorf("%s is at %v, the axis at %v; %v high", name, at, texts["x"], high)
		}
	}
	theory := apartLines()
	theory.Theory(Curve{{X: 1, Y: 9}, {X: 10, Y: 9.5}}, 0, "a bound", "")
	if high, texts := heightOf(t, theory); texts["flat"] < texts["x"] || texts["theory: a bound"] > texts["x"] || high != bare+rowHeight {
		t.Errorf("a theorem: %v", texts)
	}
}

// A name is near its own line, far from the others, and within the axes.
func TestPlacesOfNames(t *testing.T) {
	p := apartLines()
	if err := p.settle(); err != nil {
		t.Fatal(err)
	}
	canvas, err := newCanvas(150, "svg")
	if err != nil {
		t.Fatal(err)
	}
	data := drawPanels(draw.New(canvas), []*Chart{p}, 100)
	labels := direct([]*Chart{p}, data)
	if len(labels) != 1 || len(labels[0]) != 2 {
		t.Fatalf("labels %v", labels)
	}
	for i, l := range labels[0] {
		own, other := p.path(&p.series[i], data[0]), p.path(&p.series[1-i], data[0])
		if d := distance(l.box, own); d < nearest || d > farthest {
			t.Errorf("%s is %v points from its line", l.series.name, d)
		}
		if d := distance(l.box, other); d < clear {
			t.Errorf("%s is %v points from the other line", l.series.name, d)
		}
		if !inside(l.box, data[0].Rectangle) {
			t.Errorf("%s is at %v, outside %v", l.series.name, l.box, data[0].Rectangle)
		}
	}
}
