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
	return []Format{
		{"dot", quick(DOT)},
		{"svg", quick(SVG)},
		{"png", PNG},
		{"pdf", PDF},
		{"tex", quick(TikZ)},
	}
}

// quick makes a format of a function that runs no other program.
func quick(
	write func(io.Writer, *circuit.Circuit, Config) error,
) func(context.Context, io.Writer, *circuit.Circuit, Config) error {
	return func(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return write(w, c, cfg)
	}
}

// What making a picture may end with, see [PNG] and [PDF].
type (
	NoRasteriserError = figure.NoRasteriserError // no program is installed that makes pictures
	RasteriseError    = figure.RasteriseError    // the program failed
)

// SVG writes c as a figure in SVG, laid out by Graphviz in this process. The figure
// has a view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, c *circuit.Circuit, cfg Config) error {
	return picture(context.Background(), w, c, cfg, "svg")
}

// PNG writes c as a picture of pixels. It and [PDF] are made of the SVG by rsvg-convert or
// a headless browser. Fonts are those of the machine, so that pictures differ between
// machines.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func PNG(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	return picture(ctx, w, c, cfg, "png")
}

// PDF writes c as one page of the size of the figure. It is dated by SOURCE_DATE_EPOCH, or
// 1970 where that is not set.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func PDF(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	return picture(ctx, w, c, cfg, "pdf")
}

func picture(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config, format string) error {
	s, err := newScene(c, cfg)
	if err != nil {
		return err
	}
	svg, err := s.svg()
	if err != nil {
		return err
	}
	return figure.Write(ctx, w, svg, format, cfg.Pixels)
}
