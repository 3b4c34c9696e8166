package draw

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/goccy/go-graphviz"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw/internal/layoutcache"
)

// By now go-graphviz has found its cache.
func init() { layoutcache.Restore() }

// SVG writes c as a figure in SVG, laid out by Graphviz in this process. The figure
// has a view box and no size of its own: it takes the width it is given.
func SVG(w io.Writer, c *circuit.Circuit, cfg Config) error {
	cfg, err := cfg.complete()
	if err != nil {
		return err
	}
	s, err := newScene(c, &cfg)
	if err != nil {
		return err
	}
	svg, err := s.svg(c, &cfg)
	if err != nil {
		return err
	}
	_, err = w.Write(svg)
	return err
}

// svg lays the scene out, and once more if weights turn out not to be readable: the
// legend, which is part of the layout, then says so.
func (s *scene) svg(c *circuit.Circuit, cfg *Config) ([]byte, error) {
	svg, err := layOut(s.dot(cfg), graphviz.SVG)
	if err != nil {
		return nil, err
	}
	figure, unreadable := polish(svg, s, cfg)
	if len(unreadable) == 0 {
		return figure, nil
	}
	s.leaveOut(unreadable, c, cfg)
	if svg, err = layOut(s.dot(cfg), graphviz.SVG); err != nil {
		return nil, err
	}
	figure, _ = polish(svg, s, cfg)
	return figure, nil
}

// Layout returns the SVG of a graph in the language of Graphviz, laid out by dot in
// this process. It has a view box, in points, and no size of its own; the remarks and
// titles that Graphviz adds are left out.
func Layout(dot string) (svg []byte, err error) {
	svg, err = layOut(dot, graphviz.SVG)
	if err != nil {
		return nil, err
	}
	return titlePattern.ReplaceAll(tidy(svg), nil), nil
}

// layoutLock is held while Graphviz runs, which keeps its state in globals.
var layoutLock sync.Mutex

func layOut(text string, format graphviz.Format) ([]byte, error) {
	layoutLock.Lock()
	defer layoutLock.Unlock()
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	defer g.Close()
	graph, err := graphviz.ParseBytes([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	defer graph.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, graph, format, &out); err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	return out.Bytes(), nil
}
