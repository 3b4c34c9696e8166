package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/press"
)

// galleryFigures are the figures of docs/gallery.md: of each a heading, the name of the file and
// the command without "tc0 draw" and the file.
var galleryFigures = []struct{ heading, name, args string }{
	{"Majority is one gate", "majority", "majority:n=5"},
	{"Parity by counting", "parity", "parity:n=8"},
	{"Numbers modulo 3", "mod", "mod:n=4"},
	{"Comparison", "comparison", "comparison:n=4"},
	{"Addition: carries are thresholds", "addition", "addition:n=4"},
	{"Multiplication: 16 products in one shape", "multiplication", "multiplication:n=4"},
	{"One bit of a product", "multiplication-cone", "multiplication:n=4 --cone product.2"},
	{"Iterated addition", "iterated-addition", "iterated-addition:n=3,bits=2"},
	{"Rule 110", "rule110", "rule110:n=4"},
	{"Brackets", "dyck1", "dyck1:n=4"},
	{"A softmax head", "attention", "attention:n=2,d=1,bits=2"},
	{"The same over a page: less is drawn together", "attention-page", "attention:n=2,d=1,bits=2 --width 17cm"},
	{"One position of it", "attention-cone", "attention:n=2,d=1,bits=2 --cone y[0,0]"},
	{"A longest path", "attention-path", "attention:n=2,d=1,bits=2 --path --width 17cm"},
	{"A head of 204 gates", "attention-large", "attention:n=3,d=2,bits=2 --width 12cm"},
	{"Average-hard attention", "attention-average", "attention:n=2,d=1,bits=2,kind=average-hard --width 12cm"},
	{"Unique-hard attention", "attention-unique", "attention:n=2,d=1,bits=2,kind=unique-hard"},
	{"Attention folded by stage", "attention-folded", "attention:n=8,d=4,bits=3"},
	{"A stage unfolded", "attention-unfolded", "attention:n=2,d=1,bits=2 --unfold quotient --width 17cm"},
	{"An MLP", "mlp", "mlp:n=3,hidden=2,out=1,bits=2"},
	{"In grey", "mlp-grey", "mlp:n=3,hidden=2,out=1,bits=2 --palette grey"},
	{"An MLP of four layers", "mlp-deep", "mlp:n=2,hidden=2,out=1,bits=2,layers=4"},
	{"A gated linear unit", "glu", "glu:n=2,bits=2"},
	{"RMS norm", "rmsnorm", "rmsnorm:n=2,bits=2"},
	{"Layer norm", "layernorm", "layernorm:n=2,bits=2"},
	{"An Elman network, unrolled", "rnn", "rnn:n=3 --width 17cm"},
	{"A gated recurrent unit", "gru", "gru:n=2 --width 17cm"},
	{"A state-space model by convolution", "ssm", "ssm:n=3"},
	{"S4", "s4", "s4:n=3"},
	{"An output of Mamba", "mamba", "mamba:n=2 --cone y[1,0] --width 17cm"},
	{"A transformer layer", "layer", "layer:n=2"},
	{"A trained network", "digits", "digits"},
	{"Attention as operations, for every n", "blocks-attention", "attention --blocks"},
	{"A layer as operations", "blocks-layer", "layer --blocks"},
	{"Four layers of a transformer", "blocks-transformer", "transformer:n=4,layers=4 --blocks"},
	{"A network of twelve layers", "blocks-mlp", "mlp:n=3,layers=12 --blocks"},
	{"A gated linear unit as operations", "blocks-glu", "glu --blocks"},
	{"Mamba as operations", "blocks-mamba", "mamba --blocks"},
	{"An LSTM: one body, four times", "blocks-lstm", "lstm:n=4 --blocks"},
	{"Steps of a diffusion model", "blocks-diffusion", "diffusion:n=4,steps=3 --blocks"},
	{"A looped transformer", "blocks-looped", "looped --blocks --fold"},
}

// TestLongGallery draws every figure of the gallery, measures it and compares it with the file.
func TestLongGallery(t *testing.T) {
	longtest.Need(t)
	docs := filepath.Join("..", "..", "docs")
	page := "# Gallery\n\nEach figure with the command that draws it. Text of the pictures has at least 6 points in a column of\n" +
		"8 cm, or of the `--width` given (of block diagrams 17 cm); where it has not, the command says so, and so does the\n" +
		"line under the figure. A test draws all again and measures that no text is on another and none outside.\n"
	for _, f := range galleryFigures {
		figure, printed := drawFigure(t, f.name+".svg", f.args)
		measureFigure(t, f.name, figure)
		page += fmt.Sprintf("\n## %s\n\n```sh\ntc0 draw %s -o %s.svg\n```\n\n![%[1]s](gallery/%[3]s.svg)\n", f.heading, f.args, f.name)
		for line := range strings.Lines(printed) {
			if strings.HasPrefix(line, "smallest text") || strings.HasPrefix(line, "less than") {
				page += "\n" + line
			}
		}
		sameOrUpdated(t, filepath.Join(docs, "gallery", f.name+".svg"), figure)
	}
	sameOrUpdated(t, filepath.Join(docs, "gallery.md"), []byte(page))
}

// sameOrUpdated compares a file of docs with what it ought to be, or writes it with -update-docs.
func sameOrUpdated(t *testing.T, path string, want []byte) {
	t.Helper()
	if *updateDocs {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what is drawn now (%v); the flag -update-docs writes it", path, err)
	}
}

// textBox is where a line of text stands in an SVG, about.
type textBox struct {
	x0, y0, x1, y1 float64
	text           string
}

// measureFigure checks that no text of an SVG is on another or outside.
func measureFigure(t *testing.T, name string, svg []byte) {
	t.Helper()
	boxes, view := readTexts(t, svg)
	const slack = 1.5 // widths of letters are known about
	for i, b := range boxes {
		if b.x0 < view[0]-slack || b.y0 < view[1]-slack ||
			b.x1 > view[0]+view[2]+slack || b.y1 > view[1]+view[3]+slack {
			t.Errorf("%s: %q is outside", name, b.text)
		}
		for _, c := range boxes[:i] {
			if b.x0+slack < c.x1 && c.x0+slack < b.x1 && b.y0+slack < c.y1 && c.y0+slack < b.y1 {
				t.Errorf("%s: %q is on %q", name, b.text, c.text)
			}
		}
	}
	if len(boxes) == 0 {
		t.Errorf("%s has no text", name)
	}
}

// readTexts returns the lines of text of an SVG and its view box. Graphviz moves all by a
// translation, which the view box has not.
func readTexts(t *testing.T, svg []byte) (boxes []textBox, view [4]float64) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	at, moved := map[string]string{}, [2]float64{}
	inText := false
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			t.Fatalf("the number %q in an SVG", s)
		}
		return v
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return boxes, view
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "text"
			if inText {
				at = map[string]string{"text-anchor": "middle"}
			}
			for _, a := range e.Attr {
				at[a.Name.Local] = a.Value
				if a.Name.Local == "viewBox" {
					for i, word := range strings.Fields(a.Value) {
						view[i] = number(word)
					}
				}
				if _, to, ok := strings.Cut(a.Value, "translate("); ok && a.Name.Local == "transform" {
					for i, word := range strings.Fields(strings.TrimSuffix(to, ")")) {
						moved[i] = number(word)
					}
				}
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			text := strings.Trim(string(e), " \u00a0\n")
			if !inText || text == "" {
				continue
			}
			size := number(at["font-size"])
			x, y, wide := number(at["x"])+moved[0], number(at["y"])+moved[1], press.TextWidth(text, size)
			if at["text-anchor"] == "middle" {
				x -= wide / 2
			}
			boxes = append(boxes, textBox{x, y - 0.7*size, x + wide, y + 0.15*size, text})
		}
	}
}
