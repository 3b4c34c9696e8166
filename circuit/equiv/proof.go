package equiv

import (
	"context"
	"errors"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/gates"
)

// flatWires is up to how many wires sums are multiplied out in a miter.
const flatWires = 1 << 24

// solve makes the miter, makes it smaller, and asks solvers whether it can be 1.
//
// Two circuits may differ in how their sums are nested, and adder trees of sums depend on
// that; so both ways are looked at.
func (e *comparison) solve(ctx context.Context) error {
	miters, err := e.miters()
	if err != nil {
		return err
	}
	miter := miters[0]
	for _, m := range miters {
		if m.Outputs()[0] == circuit.False {
			e.found.Verdict, e.found.How = Proved, "both are the same gates, once constants are folded and equal "+
				"gates merged"
			return nil
		}
	}
	var logic *circuit.Circuit
	for i, m := range miters {
		reduced, err := e.reduceMiter(ctx, m, i == 0)
		if err != nil || e.found.Verdict == Proved {
			return err
		}
		if i == 0 {
			logic = reduced
		}
	}
	if len(e.solvers) == 0 {
		e.found.How = "no solver was to be asked"
		return nil
	}
	if logic != nil && cnf.Repertoire().Holds(miter) {
		miter = logic
	}
	expressed, err := basis.Express(ctx, miter, pb.Repertoire()) // for MOD gates
	var refused *basis.Error
	switch {
	case errors.As(err, &refused):
		e.found.How = "the miter has a gate that no solver is given: " + refused.What
		return nil
	case err != nil:
		return err
	}
	return e.ask(ctx, expressed, logic)
}

// miters returns the miter, and where sums are nested and few, that with sums multiplied out.
func (e *comparison) miters() ([]*circuit.Circuit, error) {
	if e.given != nil {
		e.found.Miter = &MiterSize{}
		return e.given, nil
	}
	e.progress("making the miter", 0, 0)
	miter, err := e.pairing.miter(e.a, e.b, false)
	if err != nil {
		return nil, err
	}
	st := miter.Stats()
	e.found.Miter = &MiterSize{Size: st.Size, Wires: st.Wires, Depth: st.Depth, Model: gates.Standard().Name}
	miters := []*circuit.Circuit{miter}
	if st.Wires <= flatWires && nested(miter) {
		flat, err := e.pairing.miter(e.a, e.b, true)
		if err != nil {
			return nil, err
		}
		miters = append(miters, flat)
	}
	return miters, nil
}

// nested reports whether a sum of c reads another.
func nested(c *circuit.Circuit) bool {
	for s := range circuit.SumID(c.SumCount()) {
		if refs := c.Refs(s); len(refs) > 0 && refs[len(refs)-1].IsSum() {
			return true
		}
	}
	return false
}

// reduceMiter writes the miter without threshold gates and merges gates that are shown equal. It is
// a proof if the output becomes 0. It returns nil for a miter that is too large. The first miter is
// the one with the size that is reported.
func (e *comparison) reduceMiter(ctx context.Context, miter *circuit.Circuit, first bool) (*circuit.Circuit, error) {
	e.progress("making clauses", 0, 0)
	logic, err := basis.Express(ctx, miter, cnf.Repertoire())
	var refused *basis.Error
	if errors.As(err, &refused) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	progress := func(done, all int) { e.progress("merging equal gates", done, all) }
	logic, found, err := reduce(ctx, logic, reduceLanes, e.cfg.Seed, nil, nil, progress)
	if err != nil {
		return nil, err
	}
	done := logic.Outputs()[0] == circuit.False
	if first || done {
		e.found.Miter.Merged, e.found.Miter.Left = found.Merged, logic.Size()
	}
	if done {
		e.found.Verdict, e.found.How = Proved, "both are the same gates, once thresholds are adder trees"
		if found.Merged > 0 {
			e.found.How = fmt.Sprintf("both are the same gates, once %d pairs of inner gates are merged, "+
				"each checked on all values of at most %d gates before it", found.Merged, reduceLeaves)
		}
	}
	return logic, nil
}
