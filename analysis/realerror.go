package analysis

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
)

// RealError is the distance of the integer reference from the same model computed in
// real numbers, over all output ports and the inputs tried. It is the error of
// quantisation, and the circuit's too wherever the circuit equals the reference.
type RealError struct {
	Inputs   int     `json:"inputs"`    // input vectors tried
	Outputs  int     `json:"outputs"`   // numbers compared
	Same     int     `json:"same"`      // of them, those less than half a unit apart
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
	// One sum a tile, added up in order, so that the result is the same in every run.
	sums, sizes := make([]float64, vectors.Tiles()), make([]float64, vectors.Tiles())
	counts, same, greatest := 0, 0, 0.0
	var lock sync.Mutex
	err := vectors.EachTile(ctx, func(tile int, vectors [][]int64) error {
		sum, size, count, equal, most := 0.0, 0.0, 0, 0, 0.0
		for _, in := range vectors {
			got, err := i.Program.Reference(in)
			if err != nil {
				return err
			}
			for k, real := range i.Real(in) {
				e := math.Abs(float64(got[k]) - real/i.Scale)
				sum += e
				size += math.Abs(real)
				most = max(most, e)
				count++
				if e < 0.5 {
					equal++
				}
			}
		}
		lock.Lock()
		defer lock.Unlock()
		sums[tile], sizes[tile] = sum, size
		counts += count
		same += equal
		greatest = max(greatest, most)
		return nil
	})
	if err != nil {
		return nil, err
	}
	e := &RealError{Inputs: vectors.Len(), Outputs: counts, Same: same, MaxUnit: greatest, Scale: i.Scale}
	for tile := range sums {
		e.MeanUnit += sums[tile] / float64(max(counts, 1))
		e.Size += sizes[tile] / float64(max(counts, 1))
	}
	e.Max, e.Mean = e.MaxUnit*i.Scale, e.MeanUnit*i.Scale
	return e, nil
}
