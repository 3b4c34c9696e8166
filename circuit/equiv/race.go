package equiv

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/scratch"
)

// toAsk returns the solvers to ask: the named ones, or for nil all that are installed except the
// second.
func toAsk(names []string) ([]*solver, error) {
	var list []*solver
	for i := range solvers {
		if names == nil && i != 1 && solvers[i].here() == nil {
			list = append(list, &solvers[i])
		}
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("solver %s is named twice", name)
		}
		s := solverNamed(name)
		if s == nil {
			return nil, fmt.Errorf("unknown solver %q; known: %s", name, strings.Join(Solvers(), ", "))
		}
		if err := s.here(); err != nil {
			return nil, fmt.Errorf("solver %s: the program is not here: %w", name, err)
		}
		list = append(list, s)
	}
	return list, nil
}

// reply is the answer of a solver, or the error of asking it.
type reply struct {
	run     *SolverRun
	answer  *solverAnswer
	err     error
	seconds float64
}

// ask runs all the solvers at the same time, until one answers. It is not known beforehand which of
// them is good for a miter.
func (e *comparison) ask(ctx context.Context, miter, logic *circuit.Circuit) error {
	dir, remove, err := scratch.Folder("", "tc0-miter-")
	if err != nil {
		return fmt.Errorf("the solvers' files: %w", err)
	}
	defer remove()
	limited, stop := context.WithCancel(ctx)
	q := &query{miter: miter, logic: logic, dir: dir}
	q.measure()
	replies, start := make(chan reply, len(e.solvers)), time.Now()
	var programs sync.WaitGroup // that read files in dir
	defer programs.Wait()
	defer stop()
	runs := make([]SolverRun, len(e.solvers))
	for i, s := range e.solvers {
		runs[i].Name = s.name
		programs.Go(func() {
			answer, err := s.ask(limited, q)
			replies <- reply{&runs[i], answer, err, time.Since(start).Seconds()}
		})
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
	for open := len(e.solvers); open > 0; {
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
			if done, err := e.judge(r); done || err != nil {
				return err
			}
		}
	}
	e.found.How = "no solver gave an answer"
	return nil
}

// judge records the answer of a solver, and reports whether the answer decides the question.
func (e *comparison) judge(r reply) (bool, error) {
	run := r.run
	run.Seconds = r.seconds
	if r.err != nil {
		run.Answer, run.Why = answerFailed, r.err.Error()
		return false, nil
	}
	if !r.answer.sat {
		run.Answer = answerUnsat
		e.found.Verdict, e.found.How = Proved, fmt.Sprintf("%s finds the miter unsatisfiable, and is taken at its word",
			run.Name)
		return true, nil
	}
	ok, err := e.differs(r.answer.inputs)
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
