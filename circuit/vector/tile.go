package vector

import (
	"cmp"
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// EachTile calls f for each tile from as many goroutines as there are cores, until
// one fails or ctx is done.
func (l *List) EachTile(ctx context.Context, f func(tile int, vectors [][]int64) error) error {
	group, limited := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for tile := range l.Tiles() {
		if limited.Err() != nil {
			break
		}
		group.Go(func() error { return f(tile, l.Tile(tile)) })
	}
	return cmp.Or(group.Wait(), context.Cause(ctx))
}
