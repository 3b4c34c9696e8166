package figure

import (
	"fmt"

	"github.com/tc0lab/tc0/internal/figure/graphviz"
)

// Layout places a graph in the language of Graphviz, by dot in this process. The format
// is one of Graphviz's, such as "svg" or "json".
func Layout(text, format string) ([]byte, error) {
	out, err := graphviz.Layout(text, format)
	if err != nil {
		return nil, fmt.Errorf("draw: Graphviz: %w", err)
	}
	return out, nil
}
