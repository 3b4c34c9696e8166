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
	Write func(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) (*Report, error)
}

// Formats returns the kinds of file there are.
func Formats() []Format {
	var list []Format
	for _, name := range []string{"dot", "svg", "png", "pdf", "tex"} {
		format := func(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) (*Report, error) {
			return Write(ctx, w, c, name, cfg)
		}
		list = append(list, Format{name, format})
	}
	return list
}

// DOT writes c as a figure in the language of Graphviz. The text is the same every
// time, so that a figure can be kept under version control.
func DOT(w io.Writer, c *circuit.Circuit, cfg Config) error {
	_, err := Write(context.Background(), w, c, "dot", cfg)
	return err
}

// SVG writes c as a figure in SVG, laid out by Graphviz in this process. The figure
// has a view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, c *circuit.Circuit, cfg Config) error {
	_, err := Write(context.Background(), w, c, "svg", cfg)
	return err
}

// TikZ writes c as a figure in TikZ, as wide as [Config] says: a document that pdflatex
// makes one page of, and that a paper can take in by \input. Positions are those of
// Graphviz. A direction that is left open is the one in which text stays larger, and
// where that is too small, columns stand closer.
func TikZ(w io.Writer, c *circuit.Circuit, cfg Config) error {
	_, err := Write(context.Background(), w, c, "tex", cfg)
	return err
}

// PNG writes c as a picture of pixels. It and [PDF] are made of the SVG by rsvg-convert or
// a headless browser. Fonts are those of the machine, so that pictures differ between
// machines.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func PNG(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	_, err := Write(ctx, w, c, "png", cfg)
	return err
}

// PDF writes c as one page of the size of the figure. It is dated by SOURCE_DATE_EPOCH, or
// 1970 where that is not set.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func PDF(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	_, err := Write(ctx, w, c, "pdf", cfg)
	return err
}

// What making a picture may end with, see [PNG] and [PDF].
type (
	NoRasteriserError = figure.NoRasteriserError // no program is installed that makes pictures
	RasteriseError    = figure.RasteriseError    // the program failed
)

// Write writes c in one of [Formats] and says what the figure shows.
//
// Error: those of [PNG]; *TooLargeError and *UnknownStageError of stages that are to be drawn gate
// by gate.
func Write(ctx context.Context, w io.Writer, c *circuit.Circuit, format string, cfg Config) (*Report, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	text, report, err := render(c, cfg, format)
	if err != nil {
		return nil, err
	}
	return report, figure.Write(ctx, w, text, format, cfg.Pixels)
}

// render returns the text of a figure: the SVG of a picture.
func render(c *circuit.Circuit, cfg Config, format string) ([]byte, *Report, error) {
	if format == "dot" {
		s, err := newScene(c, cfg)
		if err != nil {
			return nil, nil, err
		}
		return []byte(s.dot()), s.report(), nil
	}
	t, err := bestSheet(c, cfg)
	switch {
	case err != nil:
		return nil, nil, err
	case format == "tex":
		return t.tikz(), t.report(), nil
	}
	return t.svg(), t.report(), nil
}
