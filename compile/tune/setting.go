package tune

import (
	"context"
	"math/big"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// Setting is a quantisation that was tried.
type Setting struct {
	Quantisation model.Quantisation `json:"quantization"` // with no field 0 that counts
	Measure
	// Checked is what it keeps on more inputs, which it was not found with; nil if it was not looked at again.
	Checked *Measure `json:"checked,omitempty"`
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

// try measures a quantisation. It does not wait for what cannot be stopped when the context ends.
func (s *search) try(ctx context.Context, q model.Quantisation) (*Setting, error) {
	written := make(chan *Setting, 1)
	go func() {
		t := &Setting{Quantisation: q, Measure: Measure{Asked: s.asked.count}}
		quantised, err := s.model.Quantise(q)
		if err != nil {
			t.Failed = err.Error()
		} else {
			t.Quantised, t.Quantisation = quantised, quantised.Quantisation
			t.bound(s.config.Strategy)
		}
		written <- t
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case t := <-written:
		if t.Failed != "" {
			return t, nil
		}
		var err error
		t.Measure, err = s.asked.measure(ctx, t.Quantised)
		return t, err
	}
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
