package draw_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
)

func svgText(t testing.TB, c *circuit.Circuit, cfg draw.Config) string {
	t.Helper()
	var w bytes.Buffer
	if err := draw.SVG(&w, c, cfg); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// checkXML reads all of an SVG and returns the texts and titles in it.
func checkXML(t testing.TB, svg string) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	dec := xml.NewDecoder(strings.NewReader(svg))
	var in []string
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			in = append(in, token.Name.Local)
		case xml.EndElement:
			in = in[:len(in)-1]
		case xml.CharData:
			if last := len(in) - 1; last >= 0 && (in[last] == "text" || in[last] == "title") {
				texts[strings.ReplaceAll(string(token), "\u00a0", " ")] = true
			}
		}
	}
}

func TestSVG(t *testing.T) {
	for _, f := range figures(t) {
		svg := svgText(t, f.c, f.cfg)
		texts := checkXML(t, svg)
		if f.cfg.Title != "" && !texts[f.cfg.Title] {
			t.Errorf("%s: no title %q", f.name, f.cfg.Title)
		}
		root := regexp.MustCompile(`<svg [^>]*>`).FindString(svg)
		if strings.Contains(root, "width") || !strings.Contains(root, "viewBox") {
			t.Errorf("%s: the root is %s", f.name, root)
		}
		if strings.Contains(svg, "<!--") || strings.Contains(svg, "&#45;&gt;") {
			t.Errorf("%s: Graphviz's own remarks are left", f.name)
		}
	}
	texts := checkXML(t, svgText(t, mlp(t), draw.Config{Width: 17}))
	for _, want := range []string{
		"hidden", "output", "x[0]", "y", "raw", "4 + …", "≥ −1", "× −1", "Σ", "−2", "depth 0", "depth 2",
		"depth 2 (standard depth model), 9 gates, 54 wires",
		"g8, THRESHOLD of fan-in 6, level 1, hidden",
	} {
		if !texts[want] {
			t.Errorf("no text %q among %v", want, texts)
		}
	}
	texts = checkXML(t, svgText(t, attention(t, 2), draw.Config{Fold: true}))
	for _, want := range []string{"quotient", "3 gates", "54 wires", "depth 4", "2 values", "36"} {
		if !texts[want] {
			t.Errorf("no text %q among %v", want, texts)
		}
	}
}

// Labels of lines are written after all lines, so that none is crossed out.
func TestLabelsComeLast(t *testing.T) {
	svg := svgText(t, mlp(t), draw.Config{Width: 17})
	labels := strings.Index(svg, `<g class="labels"`)
	if labels < 0 || strings.Contains(svg[labels:], "<path") {
		t.Errorf("labels at %d of %d bytes", labels, len(svg))
	}
	if strings.Index(svg, ">−2</text>") < labels {
		t.Error("a weight is written before the labels")
	}
}

func TestSVGFromManyGoroutines(t *testing.T) {
	c := fullAdder(t)
	want := svgText(t, c, draw.Config{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var w bytes.Buffer
			if err := draw.SVG(&w, c, draw.Config{}); err != nil || w.String() != want {
				t.Errorf("%v, or another figure", err)
			}
		})
	}
	wg.Wait()
}

func TestFormats(t *testing.T) {
	starts := map[string]string{"dot": "digraph", "svg": "<?xml", "png": "\x89PNG", "pdf": "%PDF", "tex": "% "}
	for _, f := range draw.Formats() {
		var w bytes.Buffer
		_, err := f.Write(t.Context(), &w, majority(t), draw.Config{})
		var missing *draw.NoRasteriserError
		if errors.As(err, &missing) {
			t.Logf("%s: %v", f.Name, err)
		} else if err != nil || starts[f.Name] == "" || !strings.HasPrefix(w.String(), starts[f.Name]) {
			t.Errorf("%s: %v, starts with %.20q", f.Name, err, w.String())
		}
		delete(starts, f.Name)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := f.Write(ctx, &w, majority(t), draw.Config{}); err == nil {
			t.Errorf("%s is written though the context has ended", f.Name)
		}
	}
	if len(starts) > 0 {
		t.Errorf("no formats %v", starts)
	}
}

// The gates of a thermometer and the ports stand in order, whatever Graphviz would
// rather do with them.
func TestOrder(t *testing.T) {
	for _, f := range []struct {
		name   string
		c      *circuit.Circuit
		orders []string
	}{
		{"mlp", mlp(t), []string{"g7 g8 g9", "g10 g11 g12", "g13 g14 g15", "in0 in1 in2", "out0 out1"}},
		{"attention", attention(t, 2), []string{"g37 g38 g39", "in0 in1 in2 in3 in4"}},
	} {
		for _, d := range []draw.Direction{draw.LeftRight, draw.BottomTop, draw.TopBottom} {
			svg := svgText(t, f.c, draw.Config{Direction: d, Bundle: -1})
			for _, order := range f.orders {
				last := math.Inf(-1)
				for id := range strings.FieldsSeq(order) {
					m := regexp.MustCompile(`<g id="` + id + `" class="node">(?s:.*?)<text [^>]*x="([^"]*)" y="([^"]*)"`).
						FindStringSubmatch(svg)
					if m == nil {
						t.Fatalf("%s: no %s", f.name, id)
					}
					across := m[1]
					if d == draw.LeftRight {
						across = m[2]
					}
					at, err := strconv.ParseFloat(across, 64)
					if err != nil || at <= last {
						t.Errorf("%s, %s: %s is out of order in %s (%v)", f.name, d, id, order, err)
					}
					last = at
				}
			}
		}
	}
}
