package analysis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

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
func (e *equivalence) solve(ctx context.Context) error {
	e.progress("making the miter", 0, 0)
	miter, err := e.pairing.miter(e.a, e.b, false)
	if err != nil {
		return err
	}
	st := miter.Stats()
	e.found.Miter = &MiterSize{Size: st.Size, Wires: st.Wires, Depth: st.Depth, Model: gates.Standard().Name}
	miters := []*circuit.Circuit{miter}
	if st.Wires <= flatWires && nested(miter) {
		flat, err := e.pairing.miter(e.a, e.b, true)
		if err != nil {
			return err
		}
		miters = append(miters, flat)
	}
	for _, m := range miters {
		if m.Outputs()[0] == circuit.False {
			e.found.Verdict, e.found.How = Proved, "both are the same gates, once constants are folded and equal gates merged"
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
	names := e.solvers()
	if len(names) == 0 {
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
	return e.ask(ctx, expressed, logic, names)
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

// reduceMiter writes the miter without threshold gates and merges gates that are shown
// equal. That is proof enough if its output becomes 0. It returns nil for a miter that is
// too large for that. The first one is that whose size is told.
func (e *equivalence) reduceMiter(ctx context.Context, miter *circuit.Circuit, first bool) (*circuit.Circuit, error) {
	e.progress("making clauses", 0, 0)
	logic, err := basis.Express(ctx, miter, cnf.Repertoire())
	var refused *basis.Error
	if errors.As(err, &refused) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	logic, found, err := reduce(ctx, logic, reduceLanes, e.cfg.Seed, func(done, all int) { e.progress("merging equal gates", done, all) })
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
			e.found.How = fmt.Sprintf("both are the same gates, once %d pairs of inner gates are merged, each checked on all values of at most %d gates before it", found.Merged, reduceLeaves)
		}
	}
	return logic, nil
}

// solvers returns the solvers to ask.
func (e *equivalence) solvers() []string {
	if e.cfg.Solvers != nil {
		return e.cfg.Solvers
	}
	var names []string
	for _, name := range SolverNames() {
		if _, err := exec.LookPath(name); err == nil || name == inProcess {
			names = append(names, name)
		}
	}
	return names
}

// checkSolvers fails unless all of the solvers are known and here.
func checkSolvers(names []string) error {
	known := SolverNames()
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("solver %s is named twice", name)
		}
		if !slices.Contains(known, name) {
			return fmt.Errorf("unknown solver %q; known: %s", name, strings.Join(known, ", "))
		}
		if isInProcess(name) {
			continue
		}
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("solver %s: the program is not here: %w", name, err)
		}
	}
	return nil
}

// reply is what came of asking solver number at.
type reply struct {
	at      int
	answer  *solverAnswer
	err     error
	seconds float64
}

// ask runs all the solvers at the same time, until one answers: nobody knows beforehand
// which of them a miter suits.
func (e *equivalence) ask(ctx context.Context, miter, logic *circuit.Circuit, names []string) error {
	dir, err := os.MkdirTemp("", "tc0-miter-")
	if err != nil {
		return fmt.Errorf("the solvers' files: %w", err)
	}
	defer os.RemoveAll(dir)
	limited, stop := context.WithCancel(ctx)
	q := &query{miter: miter, logic: logic, dir: dir}
	q.measure()
	replies, start := make(chan reply, len(names)), time.Now()
	var programs sync.WaitGroup // that read files in dir
	defer programs.Wait()
	defer stop()
	for i, name := range names {
		programs.Add(1)
		go func() {
			defer programs.Done()
			answer, err := askOne(limited, name, q)
			replies <- reply{i, answer, err, time.Since(start).Seconds()}
		}()
	}
	runs := make([]SolverRun, len(names))
	for i, name := range names {
		runs[i] = SolverRun{Name: name}
	}
	defer func() {
		for i := range runs {
			if runs[i].Answer == "" {
				runs[i].Answer, runs[i].Seconds = answerStopped, time.Since(start).Seconds()
				if ctx.Err() != nil {
					runs[i].Answer = answerTimeout
				}
			}
		}
		e.found.Solvers = runs
	}()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for open := len(names); open > 0; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			e.progress(fmt.Sprintf("asking %d solvers, %.0f s", open, time.Since(start).Seconds()), 0, 0)
		case r := <-replies:
			open--
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if done, err := e.judge(r, &runs[r.at]); done || err != nil {
				return err
			}
		}
	}
	e.found.How = "no solver gave an answer"
	return nil
}

// judge notes what a solver says, and reports whether that settles it.
func (e *equivalence) judge(r reply, run *SolverRun) (bool, error) {
	run.Seconds = r.seconds
	if r.err != nil {
		run.Answer, run.Why = answerFailed, r.err.Error()
		return false, nil
	}
	if !r.answer.sat {
		run.Answer = answerUnsat
		e.found.Verdict, e.found.How = Proved, fmt.Sprintf("%s finds the miter unsatisfiable, and is taken at its word", run.Name)
		return true, nil
	}
	ok, err := e.witness(r.answer.inputs)
	if err != nil {
		return false, err
	}
	if !ok {
		run.Answer, run.Why = answerFailed, "the circuits do not differ on the input that it gave"
		return false, nil
	}
	run.Answer = answerSat
	e.found.Verdict, e.found.How = Refuted, fmt.Sprintf("an input found by %s", run.Name)
	return true, nil
}

func isInProcess(name string) bool { return name == inProcess || name == inProcessSum }

func askOne(ctx context.Context, name string, q *query) (*solverAnswer, error) {
	switch name {
	case inProcess:
		if q.logic == nil {
			return nil, errClauses
		}
		return gophersat(ctx, q.logic)
	case inProcessSum:
		return gophersat(ctx, q.miter)
	}
	for _, s := range solverPrograms() {
		if s.name == name {
			return s.run(ctx, q)
		}
	}
	return nil, errors.New("analysis: unknown solver " + name)
}
