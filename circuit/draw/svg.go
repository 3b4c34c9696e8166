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
	s := newScene(c, &cfg)
	svg, err := layOut(s.dot(&cfg))
	if err != nil {
		return fmt.Errorf("draw: Graphviz: %w", err)
	}
	_, err = w.Write(polish(svg, s, &cfg))
	return err
}

// layoutLock is held while Graphviz runs, which keeps its state in globals.
var layoutLock sync.Mutex

func layOut(text string) (svg []byte, err error) {
	layoutLock.Lock()
	defer layoutLock.Unlock()
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	graph, err := graphviz.ParseBytes([]byte(text))
	if err != nil {
		return nil, err
	}
	defer graph.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, graph, graphviz.SVG, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
