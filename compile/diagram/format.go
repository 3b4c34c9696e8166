package diagram

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/figure"
)

// Formats returns the names of the kinds of file there are, which are also their
// extensions, without the dot.
func Formats() []string { return []string{"dot", "svg", "png", "pdf"} }

// Write writes p in one of [Formats].
//
// Error: those of [DOT] and of draw.PNG.
func Write(ctx context.Context, w io.Writer, p *program.Program, format string, cfg Config) error {
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("diagram: unknown format %q; known: %s", format, strings.Join(Formats(), " "))
	}
	s, err := newScene(p, cfg)
	if err != nil {
		return err
	}
	text := []byte(s.dot())
	if format != "dot" {
		if text, err = figure.Layout(string(text), "svg"); err != nil {
			return err
		}
		// Labels have a halo, so that no arrow crosses them.
		polisher := figure.Polisher{Order: []string{"cluster", "edge"}, Halo: `stroke="white" stroke-opacity="0.85"`}
		text = polisher.Polish(text)
	}
	return figure.Write(ctx, w, text, format, cfg.Pixels)
}

// DOT writes p as a block diagram in the language of Graphviz.
//
// Error: p was not built without an error, or has no formulas.
func DOT(w io.Writer, p *program.Program, cfg Config) error {
	return Write(context.Background(), w, p, "dot", cfg)
}

// SVG writes p as a block diagram in SVG, laid out by Graphviz in this process. It has a
// view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, p *program.Program, cfg Config) error {
	return Write(context.Background(), w, p, "svg", cfg)
}
