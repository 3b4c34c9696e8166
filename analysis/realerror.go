package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
)

// RealError is the distance of the integer reference from the same model computed in real numbers,
// over all output ports and the inputs tried. It is the error of quantisation. It is also the error
// of the circuit wherever the circuit equals the reference.
type RealError struct {
	Inputs   int     `json:"inputs"`    // input vectors tried
	Outputs  int     `json:"outputs"`   // numbers compared
	Same     int     `json:"same"`      // those that are less than half a unit apart
	Max      float64 `json:"max"`       // greatest absolute error, in real units
	Mean     float64 `json:"mean"`      // mean absolute error, in real units
	MaxUnit  float64 `json:"max_unit"`  // the same in units of an output port
	MeanUnit float64 `json:"mean_unit"` // the same in units of an output port
	Scale    float64 `json:"scale"`     // real value of one unit of an output port
	Size     float64 `json:"mean_size"` // mean absolute value of an output in real numbers, to compare with
}

// MeasureRealError compares the integer reference of an instance with its real-valued
// one on the given inputs. All cores share the work.
func MeasureRealError(ctx context.Context, i *compile.Instance, vectors *vector.List) (*RealError, error) {
	if i.Real == nil {
		return nil, fmt.Errorf("analysis: %s has no real-valued reference", i.Program.Name())
	}
	// One result a tile, added up in order, so that the sums are the same in every run.
	tiles, err := shard.List(ctx, "real errors", vectors.Tiles(), func(ctx context.Context, u shard.Units) (
		[]RealError, error,
	) {
		tiles := make([]RealError, u.Len)
		return tiles, vectors.SomeTiles(ctx, u.Len, u.At, func(k int, vectors [][]int64) error {
			return tiles[k].measure(i, vectors)
		})
	})
	if err != nil {
		return nil, err
	}
	tiles = slices.DeleteFunc(tiles, func(t *RealError) bool { return t == nil }) // of other shards
	e := &RealError{Inputs: vectors.Len(), Scale: i.Scale}
	for _, t := range tiles {
		e.Outputs += t.Outputs
		e.Same += t.Same
		e.MaxUnit = max(e.MaxUnit, t.MaxUnit)
	}
	for _, t := range tiles {
		e.MeanUnit += t.MeanUnit / float64(max(e.Outputs, 1))
		e.Size += t.Size / float64(max(e.Outputs, 1))
	}
	e.Max, e.Mean = e.MaxUnit*i.Scale, e.MeanUnit*i.Scale
	return e, nil
}

// measure adds up what some vectors say.
func (e *RealError) measure(i *compile.Instance, vectors [][]int64) error {
	for _, in := range vectors {
		got, err := i.Program.Reference(in)
		if err != nil {
			return err
		}
		for k, real := range i.Real(in) {
			apart := math.Abs(float64(got[k]) - real/i.Scale)
			e.MeanUnit += apart
			e.Size += math.Abs(real)
			e.MaxUnit = max(e.MaxUnit, apart)
			e.Outputs++
			if apart < 0.5 {
				e.Same++
			}
		}
	}
	return nil
}
