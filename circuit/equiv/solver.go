package equiv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/format/smtlib"
	"github.com/tc0lab/tc0/internal/child"
)

// The answers of a solver.
const (
	answerSat     = "satisfiable"
	answerUnsat   = "unsatisfiable"
	answerTimeout = "no answer in time"
	answerFailed  = "failed"
	answerStopped = "stopped, since another one answered"
)

// SolverRun is the result of asking a solver.
type SolverRun struct {
	Name    string  `json:"name"`
	Answer  string  `json:"answer"`
	Why     string  `json:"why,omitempty"` // if it failed
	Seconds float64 `json:"seconds"`
}

// query is a miter that solvers are asked about: whether its output can be 1.
type query struct {
	miter *circuit.Circuit
	dir   string // for files

	// logic is the same without threshold gates, for solvers of clauses; nil if that is too
	// large.
	logic *circuit.Circuit
	// most is the greatest number that adding up a constraint comes to.
	most circuit.Int
}

func (q *query) measure() {
	for s := range circuit.SumID(q.miter.SumCount()) {
		lo, hi := q.miter.Limits(s)
		q.most = q.most.Max(hi.Sub(lo))
	}
}

// errClauses is why a solver of clauses is not asked.
var errClauses = errors.New("the miter is too large without threshold gates")

// solverAnswer is the answer of a solver: satisfiable, with the input wires, or not.
type solverAnswer struct {
	sat    bool
	inputs []bool
}

// solver is one of those that may be asked. One without args is part of this program.
type solver struct {
	name   string
	format string // the file that it is given
	// limit is bits of the numbers it adds up in; beyond, it is given clauses. 0: any.
	limit int
	// args have a time limit, if it takes one, in case this program ends before it.
	args func(file string, seconds int) []string
	// language is that of what it prints.
	language *language
	// sat and unsat are the exit statuses that it documents for these answers.
	sat, unsat []int
}

// solvers lists all solvers. The first two are one program, which is always there. One works on
// clauses, which have the bits of every sum, so the solver can learn about them. The other works on
// the inequalities of the threshold gates, which are fewer. On the miter of two majorities of 20
// inputs, clauses take 0.3 s and inequalities take 11 s. Only one of the two can run at a time, so
// one of them is the default.
var solvers = []solver{
	{name: "gophersat", format: "cnf"},
	{name: "gophersat-pb", format: "opb"},
	{
		name: "clasp", format: "opb", limit: 30,
		args: func(f string, s int) []string {
			return []string{"--outf=1", fmt.Sprintf("--time-limit=%d", s), f}
		},
		language: competition, sat: []int{10, 30}, unsat: []int{20}, // 30: and there is no other model
	},
	{
		name: "minisat+", format: "opb",
		args:     func(f string, _ int) []string { return []string{"-v0", f} },
		language: competition, sat: []int{0}, unsat: []int{0},
	},
	{
		name: "z3", format: "smt2",
		args: func(f string, s int) []string {
			return []string{"-smt2", fmt.Sprintf("-T:%d", s), f}
		},
		language: smt, sat: []int{0}, unsat: []int{0},
	},
	{
		name: "cadical", format: "cnf",
		args: func(f string, s int) []string {
			return []string{"-q", "-t", fmt.Sprint(s), f}
		},
		language: competition, sat: []int{10}, unsat: []int{20},
	},
}

// here returns an error if the solver is a program that is not installed.
func (s *solver) here() error {
	if s.args == nil {
		return nil
	}
	_, err := exec.LookPath(s.name)
	return err
}

// Solvers returns the names of the solvers that [Check] may ask, whether they are there or
// not. The first two are part of this program.
func Solvers() []string {
	var names []string
	for _, s := range solvers {
		names = append(names, s.name)
	}
	return names
}

// ask asks the solver. The error is why it gave no answer.
func (s *solver) ask(ctx context.Context, q *query) (*solverAnswer, error) {
	switch {
	case s.args != nil:
		return s.run(ctx, q)
	case s.format == "opb":
		return gophersat(ctx, q.miter)
	case q.logic == nil:
		return nil, errClauses
	}
	return gophersat(ctx, q.logic)
}

// write writes the question in a format.
func (q *query) write(w io.Writer, format string) error {
	switch format {
	case "opb":
		return opb.Write(w, netlist.Of(q.miter), opb.Config{Assert: q.miter.Outputs()})
	case "smt2":
		return smtlib.Write(w, netlist.Of(q.miter), smtlib.Config{Assert: q.miter.Outputs(), Pseudo: true})
	}
	if q.logic == nil {
		return errClauses
	}
	return cnf.Write(w, netlist.Of(q.logic), cnf.Config{Assert: q.logic.Outputs()})
}

// run asks a solver that is a program of its own.
func (s *solver) run(ctx context.Context, q *query) (*solverAnswer, error) {
	format := s.format
	if s.limit > 0 && q.most.BitLen() >= s.limit {
		format = "cnf"
	}
	path := filepath.Join(q.dir, s.name+"."+format)
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(q.write(&stoppable{f, ctx}, format), f.Close()); err != nil {
		return nil, err
	}
	return s.runOn(ctx, len(q.miter.Inputs()), nil, path)
}

// runOn asks it about a file. There may be more arguments, before those that it is always given and
// after them.
func (s *solver) runOn(
	ctx context.Context, inputs int, before []string, path string, after ...string,
) (*solverAnswer, error) {
	args := slices.Concat(before, s.args(path, secondsLeft(ctx)), after)
	found, err := child.Run(ctx, child.Command{Name: s.name, Args: args})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w%s", err, seen(found))
	}
	return s.judge(found, inputs)
}

// solverNamed returns nil for a name that no solver has.
func solverNamed(name string) *solver {
	for i := range solvers {
		if solvers[i].name == name {
			return &solvers[i]
		}
	}
	return nil
}

// stoppable is a writer that fails once its context has ended.
type stoppable struct {
	w   io.Writer
	ctx context.Context
}

func (s *stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

// secondsLeft returns how long ctx goes on, and a little more.
func secondsLeft(ctx context.Context) int {
	const most = 1 << 30
	end, ok := ctx.Deadline()
	if !ok {
		return most
	}
	return int(min(time.Until(end).Seconds()+5, most))
}
