package diagram

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/figure"
)

// Formats returns the names of the kinds of file there are, which are also their
// extensions, without the dot.
func Formats() []string { return []string{"dot", "svg", "png", "pdf", "tex"} }

// Write writes p in one of [Formats] and says what the figure shows.
//
// Error: those of [DOT] and of draw.PNG.
func Write(ctx context.Context, w io.Writer, p *program.Program, format string, cfg Config) (*draw.Report, error) {
	if !slices.Contains(Formats(), format) {
		return nil, fmt.Errorf("diagram: unknown format %q; known: %s", format, strings.Join(Formats(), " "))
	}
	s, err := newScene(p, cfg, 0)
	if err != nil {
		return nil, err
	}
	if format == "dot" {
		return s.report(), figure.Write(ctx, w, []byte(s.dot()), format, cfg.Pixels)
	}
	if s, err = s.readable(p, cfg); err != nil {
		return nil, err
	}
	var text []byte
	if format == "tex" {
		text, err = s.tikz()
	} else {
		text, err = s.svg()
	}
	if err != nil {
		return nil, err
	}
	return s.report(), figure.Write(ctx, w, text, format, cfg.Pixels)
}

// svg lays the scene out. Labels have a halo, so that no arrow crosses them.
func (s *scene) svg() ([]byte, error) {
	text, err := figure.Layout(s.dot(), "svg")
	if err != nil {
		return nil, err
	}
	polisher := figure.Polisher{
		Order: []string{"cluster", "edge"}, Halo: `stroke="white" stroke-opacity="0.85"`, Plates: true,
	}
	return polisher.Polish(text), nil
}

// DOT writes p as a block diagram in the language of Graphviz.
//
// Error: p was not built without an error, or has no formulas.
func DOT(w io.Writer, p *program.Program, cfg Config) error {
	_, err := Write(context.Background(), w, p, "dot", cfg)
	return err
}

// SVG writes p as a block diagram in SVG, laid out by Graphviz in this process. It has a
// view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, p *program.Program, cfg Config) error {
	_, err := Write(context.Background(), w, p, "svg", cfg)
	return err
}
