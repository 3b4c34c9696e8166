package vector

import (
	"context"
	"runtime"
	"sync"
)

// EachTile calls f for each tile from as many goroutines as there are cores, until
// one fails or ctx is done.
func (l *List) EachTile(ctx context.Context, f func(tile int, vectors [][]int64) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tiles := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(l.Tiles(), 1)) {
		workers.Go(func() {
			for tile := range tiles {
				if err := f(tile, l.Tile(tile)); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for tile := range l.Tiles() {
		select {
		case tiles <- tile:
		case <-ctx.Done():
			break feed
		}
	}
	close(tiles)
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
