package diagram

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/program"
)

// Formats returns the names of the kinds of file there are, which are also their
// extensions, without the dot.
func Formats() []string { return []string{"dot", "svg", "png", "pdf"} }

// Write writes p in one of [Formats].
//
// Error: those of [DOT] and [draw.Rasterise].
func Write(ctx context.Context, w io.Writer, p *program.Program, format string, cfg Config) error {
	switch {
	case format == "dot":
		return DOT(w, p, cfg)
	case format == "svg":
		return SVG(w, p, cfg)
	case !slices.Contains(Formats(), format):
		return fmt.Errorf("diagram: unknown format %q; known: %s", format, strings.Join(Formats(), " "))
	}
	svg, err := layOut(p, cfg)
	if err != nil {
		return err
	}
	picture, err := draw.Rasterise(ctx, svg, format, draw.RasterConfig{Width: cfg.Pixels})
	if err != nil {
		return err
	}
	_, err = w.Write(picture)
	return err
}

// SVG writes p as a block diagram in SVG, laid out by Graphviz in this process. It has a
// view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, p *program.Program, cfg Config) error {
	svg, err := layOut(p, cfg)
	if err != nil {
		return err
	}
	_, err = w.Write(svg)
	return err
}

func layOut(p *program.Program, cfg Config) ([]byte, error) {
	text, err := text(p, cfg)
	if err != nil {
		return nil, err
	}
	svg, err := draw.Layout(text)
	if err != nil {
		return nil, err
	}
	return polish(svg), nil
}
