package tune

import (
	"context"
	"math/big"
	"runtime"
	"sync"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// Setting is a quantisation that was tried.
type Setting struct {
	Quantisation model.Quantisation `json:"quantization"` // with no field 0 that counts
	// Kept counts the inputs that the network in integers answers as it should, of those that the network in
	// floating point does. Asked is how many these are.
	Kept  int `json:"kept"`
	Asked int `json:"asked"`
	// Depth and Gates bound the circuit, as formula.Of derives them. Gates is nil if there is no derivation.
	Depth *big.Int `json:"depth,omitempty"`
	Gates *big.Int `json:"gates,omitempty"`
	// Weight bounds Σ|w| of all gates: the wires of the circuit without weights.
	Weight *big.Int `json:"weight,omitempty"`
	// Failed says why the network cannot be written in integers like this; "" if it can.
	Failed string `json:"failed,omitempty"`
	// Undominated says that no setting that was tried keeps as many answers with as few gates and as little depth,
	// and is better in one of them.
	Undominated bool `json:"undominated"`

	Quantised *model.Quantised `json:"-"` // nil if it failed
}

// Share returns the part of the answers that are kept, from 0 to 1.
func (s *Setting) Share() float64 { return float64(s.Kept) / float64(max(s.Asked, 1)) }

// try measures a quantisation.
func (s *search) try(ctx context.Context, q model.Quantisation) (*Setting, error) {
	t := &Setting{Quantisation: q, Asked: len(s.asked)}
	quantised, err := s.model.Quantise(q)
	if err != nil {
		t.Failed = err.Error()
		return t, ctx.Err()
	}
	t.Quantised, t.Quantisation = quantised, quantised.Quantisation
	t.bound(s.config.Strategy)
	t.Kept, err = kept(ctx, quantised, s.asked)
	return t, err
}

// bound fills in what a derivation allows, if there is one.
func (s *Setting) bound(strategy lower.Strategy) {
	costs, err := formula.Of(s.Quantised.Program, strategy)
	if err != nil {
		return
	}
	n := big.NewInt(int64(max(s.Quantised.Model.Config.Input.Length, 1)))
	depth, okDepth := costs.At(costs.Depth, n)
	gates, okGates := costs.At(costs.Gates, n)
	weight, okWeight := costs.At(costs.Weight, n)
	if okDepth && okGates && okWeight {
		s.Depth, s.Gates, s.Weight = depth, gates, weight
	}
}

// kept counts the questions that the network in integers answers rightly, on all cores.
func kept(ctx context.Context, q *model.Quantised, asked []question) (count int, err error) {
	var lock sync.Mutex
	var next int
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(len(asked), 1)) {
		all.Go(func() {
			for {
				lock.Lock()
				i := next
				next++
				stop := err != nil || ctx.Err() != nil
				lock.Unlock()
				if stop || i >= len(asked) {
					return
				}
				answers, wrong := q.Predict(asked[i].input)
				lock.Lock()
				if wrong != nil && err == nil {
					err = wrong
				}
				if wrong == nil && asked[i].right(answers) {
					count++
				}
				lock.Unlock()
			}
		})
	}
	all.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return count, err
}
