package draw

import (
	"bytes"
	"context"
	"io"

	"github.com/tc0lab/tc0/circuit"
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
func quick(write func(io.Writer, *circuit.Circuit, Config) error) func(context.Context, io.Writer, *circuit.Circuit, Config) error {
	return func(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return write(w, c, cfg)
	}
}

// PNG writes c as a picture of pixels, by [SVG] and [Rasterise].
func PNG(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	return picture(ctx, w, c, cfg, "png")
}

// PDF writes c as one page of the size of the figure, by [SVG] and [Rasterise].
func PDF(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config) error {
	return picture(ctx, w, c, cfg, "pdf")
}

func picture(ctx context.Context, w io.Writer, c *circuit.Circuit, cfg Config, format string) error {
	var svg bytes.Buffer
	if err := SVG(&svg, c, cfg); err != nil {
		return err
	}
	data, err := Rasterise(ctx, svg.Bytes(), format, RasterConfig{Width: cfg.Pixels})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
