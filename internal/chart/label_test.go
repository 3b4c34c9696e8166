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

// parsed is the number that a text is.
func parsed(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// heightOf is the height of an SVG, and texts where its words stand, upwards.
func heightOf(t *testing.T, p *Chart) (height float64, texts map[string]float64) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "svg", 5, p); err != nil {
		t.Fatal(err)
	}
	texts = map[string]float64{}
	for _, m := range anyText.FindAllStringSubmatch(b.String(), -1) {
		texts[m[2]] = -parsed(t, m[1])
	}
	return parsed(t, regexp.MustCompile(`viewBox="0 0 [\d.]+ ([\d.]+)"`).FindStringSubmatch(b.String())[1]), texts
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

// In pgfplots they stand where they do in a picture, as shares of the axes, and only a theorem is in the legend.
func TestNamesBesideLinesInTeX(t *testing.T) {
	p := apartLines()
	p.Theory(Curve{{X: 1, Y: 9}, {X: 10, Y: 9.5}}, 0, "a bound", "")
	var b strings.Builder
	if err := Write(&b, "tex", 5, p); err != nil {
		t.Fatal(err)
	}
	height := map[string]float64{}
	for _, m := range regexp.MustCompile(`at \(rel axis cs:([\d.]+),([\d.]+)\) \{(\w+)\};`).FindAllStringSubmatch(b.String(), -1) {
		if x := parsed(t, m[1]); x <= 0 || x > 0.9 {
			t.Errorf("%s begins at %v", m[3], x)
		}
		height[m[3]] = parsed(t, m[2])
	}
	if len(height) != 2 || !(height["rising"] > height["flat"]) {
		t.Errorf("names at %v", height)
	}
	if entries := strings.Count(b.String(), `\addlegendentry{`); entries != 1 || !strings.Contains(b.String(), `\addlegendentry{theory: a bound}`) {
		t.Errorf("%d names in the legend\n%s", entries, b.String())
	}
	one := New("x", "y")
	one.Line(Curve{{X: 1, Y: 1}, {X: 10, Y: 2}}, 0, "alone")
	b.Reset()
	if err := Write(&b, "tex", 5, one); err != nil || !strings.Contains(b.String(), `\addlegendentry{alone}`) || strings.Contains(b.String(), "rel axis") {
		t.Errorf("%v\n%s", err, b.String())
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
