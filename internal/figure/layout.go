package figure

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/goccy/go-graphviz"

	"github.com/tc0lab/tc0/internal/figure/layoutcache"
)

// By now go-graphviz has found its cache.
func init() { layoutcache.Restore() }

// layoutLock is held while Graphviz runs, because its state is global.
var layoutLock sync.Mutex

// Layout places a graph in the language of Graphviz, by dot in this process. The format
// is one of Graphviz's, such as "svg" or "json".
func Layout(text, format string) ([]byte, error) {
	layoutLock.Lock()
	defer layoutLock.Unlock()
	out, err := layOut(text, format)
	if err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	return out, nil
}

func layOut(text, format string) ([]byte, error) {
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
	err = g.Render(ctx, graph, graphviz.Format(format), &out)
	return out.Bytes(), err
}
