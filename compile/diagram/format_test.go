package diagram

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	for name, f := range map[string]struct {
		spec string
		cfg  Config
	}{
		"mlp":        {"mlp:n=2,hidden=2,out=1", Config{Title: "A small network", Strategy: lower.MinDepth}},
		"attention":  {"attention", Config{Strategy: lower.MinDepth}},
		"rnn":        {"rnn:n=3", Config{Strategy: lower.MinDepth, Palette: draw.Grey()}},
		"rnn_unroll": {"rnn:n=2", Config{Unroll: true, NoCaption: true, Direction: draw.LeftRight}},
		"looped":     {"looped:n=2,steps=3", Config{Strategy: lower.MinDepth, Fold: true}},
	} {
		got := drawn(t, programOf(t, f.spec), f.cfg)
		path := filepath.Join("testdata", name+".dot")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs from what is drawn now; go test -update rewrites it:\n%s", path, diff)
		}
	}
}

// wellFormed returns the texts of an SVG, one a line.
func wellFormed(t testing.TB, svg []byte) string {
	t.Helper()
	var texts strings.Builder
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			texts.WriteString(string(text) + "\n")
		}
	}
}

func TestSVG(t *testing.T) {
	p := programOf(t, "layer:n=2")
	var a, b bytes.Buffer
	for _, w := range []io.Writer{&a, &b} {
		if err := SVG(w, p, Config{Strategy: lower.MinDepth, NoFold: true}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("drawn twice, it differs")
	}
	texts := wellFormed(t, a.Bytes())
	for _, want := range []string{
		"depth at most 9 (standard depth model)", "attention", "RootQuotient", "n×h×e", "numerator",
	} {
		if !strings.Contains(texts, want) {
			t.Errorf("%q is not in the figure", want)
		}
	}
	// Labels of arrows and frames come after all lines.
	svg := a.String()
	if at := strings.Index(svg, `<g class="labels"`); at < 0 || at < strings.LastIndex(svg, "<path") ||
		!strings.Contains(svg[at:], "numerator</text>") {
		t.Error("labels do not come last")
	}
	if strings.Count(svg, "<g") != strings.Count(svg, "</g>") {
		t.Error("groups are not closed")
	}
}

func TestDOTIsTheSame(t *testing.T) {
	for _, spec := range specs() {
		for _, cfg := range []Config{{}, {Fold: true}} {
			p := programOf(t, spec)
			if drawn(t, p, cfg) != drawn(t, programOf(t, spec), cfg) {
				t.Errorf("%s: drawn twice, it differs", spec)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	p := programOf(t, "mlp:n=2")
	if err := DOT(io.Discard, p, Config{Direction: "up"}); err == nil ||
		err.Error() != `diagram: unknown direction "up"; known: LR BT TB` {
		t.Errorf("direction: %v", err)
	}
	if _, err := Write(context.Background(), io.Discard, p, "gif", Config{}); err == nil ||
		err.Error() != `diagram: unknown format "gif"; known: dot svg png pdf tex` {
		t.Errorf("format: %v", err)
	}
	bad := program.New("bad")
	bad.Input("x", nil, 99, false)
	for _, f := range Formats() {
		if _, err := Write(context.Background(), io.Discard, bad, f, Config{}); err == nil || err != bad.Err() {
			t.Errorf("%s of a bad program: %v", f, err)
		}
	}
}

func TestFormats(t *testing.T) {
	p := programOf(t, "mlp:n=2")
	for _, f := range []struct{ name, start string }{{"dot", "digraph"}, {"svg", "<svg"}, {"png", "\x89PNG"}, {"pdf", "%PDF"}, {"tex", "%"}} {
		t.Run(f.name, func(t *testing.T) {
			var b bytes.Buffer
			_, err := Write(context.Background(), &b, p, f.name, Config{})
			var none *draw.NoRasteriserError
			switch {
			case errors.As(err, &none):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			case !bytes.Contains(b.Bytes()[:min(b.Len(), 200)], []byte(f.start)):
				t.Errorf("the file begins with %q", b.String()[:min(b.Len(), 200)])
			}
		})
	}
	if names := Formats(); !slices.Equal(names, []string{"dot", "svg", "png", "pdf", "tex"}) {
		t.Errorf("formats %v", names)
	}
	var wide bytes.Buffer
	switch _, err := Write(context.Background(), &wide, p, "png", Config{Pixels: 300}); {
	case errors.As(err, new(*draw.NoRasteriserError)):
	case err != nil:
		t.Error(err)
	default:
		if c, err := png.DecodeConfig(&wide); err != nil || c.Width != 300 {
			t.Errorf("the PNG is %d pixels wide, want 300: %v", c.Width, err)
		}
	}
}
