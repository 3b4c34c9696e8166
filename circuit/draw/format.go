package draw

import (
	"context"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/figure"
)

// Format is a kind of file that a figure can be written as.
type Format struct {
	Name  string // also the extension of the file, without the dot
	Write func(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error
}

// Formats returns the kinds of file there are.
func Formats() []Format {
	var list []Format
	for _, name := range []string{"dot", "svg", "png", "pdf", "tex"} {
		list = append(list, Format{name, func(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
			return write(ctx, w, c, cfg, name)
		}})
	}
	return list
}

// DOT writes c as a figure in the language of Graphviz. The text is the same every
// time, so that a figure can be kept under version control.
func DOT(w io.Writer, c *circuit.Circuit, cfg Config) error {
	return write(context.Background(), w, c, cfg, "dot")
}

// SVG writes c as a figure in SVG, laid out by Graphviz in this process. The figure
// has a view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, c *circuit.Circuit, cfg Config) error {
	return write(context.Background(), w, c, cfg, "svg")
}

// TikZ writes c as a figure in TikZ, as wide as [Config] says: a document that pdflatex
// makes one page of, and that a paper can take in by \input. Positions are those of
// Graphviz. A direction that is left open is the one in which text stays larger, and
// where that is too small, columns stand closer.
func TikZ(w io.Writer, c *circuit.Circuit, cfg Config) error {
	return write(context.Background(), w, c, cfg, "tex")
}

// PNG writes c as a picture of pixels. It and [PDF] are made of the SVG by rsvg-convert or
// a headless browser. Fonts are those of the machine, so that pictures differ between
// machines.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func PNG(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	return write(ctx, w, c, cfg, "png")
}

// PDF writes c as one page of the size of the figure. It is dated by SOURCE_DATE_EPOCH, or
// 1970 where that is not set.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func PDF(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	return write(ctx, w, c, cfg, "pdf")
}

// What making a picture may end with, see [PNG] and [PDF].
type (
	NoRasteriserError = figure.NoRasteriserError // no program is installed that makes pictures
	RasteriseError    = figure.RasteriseError    // the program failed
)

func write(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config, format string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	text, err := render(c, cfg, format)
	if err != nil {
		return err
	}
	return figure.Write(ctx, w, text, format, cfg.Pixels)
}

// render returns the text of a figure: the SVG of a picture.
func render(c *circuit.Circuit, cfg Config, format string) ([]byte, error) {
	if format == "tex" {
		t, err := bestSheet(c, cfg)
		if err != nil {
			return nil, err
		}
		return t.tikz(), nil
	}
	if format == "dot" {
		s, err := newScene(c, cfg)
		if err != nil {
			return nil, err
		}
		return []byte(s.dot()), nil
	}
	t, err := bestSheet(c, cfg)
	if err != nil {
		return nil, err
	}
	return t.svg(), nil
}
