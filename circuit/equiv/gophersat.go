package equiv

import (
	"context"
	"errors"
	"fmt"
	"slices"

	sat "github.com/crillab/gophersat/solver"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/pb"
)

// mostBound is the greatest bound of a constraint for the solver in this process, which
// keeps it in 30 bits.
const mostBound = 1<<30 - 1

// mostTerms bounds the literals of all constraints that the solver in this process is
// given: it keeps several copies of each.
const mostTerms = 1 << 25

var (
	errTooLarge = errors.New("the constraints have too many literals for the solver in this process")
	errNumbers  = errors.New("the numbers of a constraint are too large for the solver in this process")
)

// clone returns the constraint as the solver takes it, in memory of its own, since the
// solver changes it.
func clone(c pb.Constraint) (sat.PBConstr, error) {
	lits := slices.Clone(c.Lits)
	bound, ok := c.Bound.Int64()
	switch {
	case !ok || bound > mostBound:
		return sat.PBConstr{}, errNumbers
	case bound == 1: // weights are at most the bound
		return sat.PropClause(lits...), nil
	case c.Weights == nil:
		return sat.AtLeast(lits, int(bound)), nil
	}
	weights := make([]int, len(lits))
	for i, w := range c.Weights {
		v, _ := w.Int64()
		weights[i] = int(v)
	}
	return sat.GtEq(lits, weights, int(bound)), nil
}

// gophersatTurn is taken by whoever runs the solver: it learns in a buffer of its package,
// so that two runs at a time would spoil each other.
var gophersatTurn = make(chan struct{}, 1)

// gophersat asks the solver that is part of this program whether the output of a miter
// can be 1.
func gophersat(ctx context.Context, miter *circuit.Circuit) (*solverAnswer, error) {
	var constraints []sat.PBConstr
	terms := 0
	e, err := pb.Encode(miter, miter.Outputs(), func(c pb.Constraint) error {
		if terms += len(c.Lits); terms > mostTerms {
			return errTooLarge
		}
		if len(constraints)%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		made, err := clone(c)
		constraints = append(constraints, made)
		return err
	})
	if err != nil {
		return nil, err
	}
	done, err := runGophersat(ctx, func() *sat.Solver { return sat.New(sat.ParsePBConstrs(constraints)) }, func() {})
	if err != nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-done:
		if r.err == nil && r.answer.sat {
			r.answer.inputs = e.Inputs(r.answer.inputs)
		}
		return r.answer, r.err
	}
}

// runGophersat makes a solver and runs it, when it is its turn. The answer has the whole model. After
// the last step of the solver, but before there is an answer, ended is called.
//
// The solver cannot be stopped. When ctx ends, it goes on in a goroutine of its own until it is done;
// until then, others wait for their turn.
func runGophersat(ctx context.Context, solver func() *sat.Solver, ended func()) (<-chan reply, error) {
	select {
	case gophersatTurn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	done := make(chan reply, 1)
	go func() {
		var r reply
		defer func() {
			if fault := recover(); fault != nil { // in the solver, which is not ours
				r.err = fmt.Errorf("it panicked: %v", fault)
			}
			<-gophersatTurn
			ended()
			done <- r
		}()
		s := solver()
		switch status := s.Solve(); status {
		case sat.Sat:
			r.answer = &solverAnswer{true, s.Model()}
		case sat.Unsat:
			r.answer = &solverAnswer{}
		default:
			r.err = fmt.Errorf("its status is %v", status)
		}
	}()
	return done, nil
}
