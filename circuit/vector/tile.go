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
	return l.SomeTiles(ctx, l.Tiles(), func(k int) int { return k }, f)
}

// SomeTiles is EachTile for n tiles only, of which the k-th is tile number at(k); f is called with k.
func (l *List) SomeTiles(
	ctx context.Context, n int, at func(k int) int, f func(k int, vectors [][]int64) error,
) error {
	group, limited := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for k := range n {
		if limited.Err() != nil {
			break
		}
		group.Go(func() error { return f(k, l.Tile(at(k))) })
	}
	return cmp.Or(group.Wait(), context.Cause(ctx))
}
