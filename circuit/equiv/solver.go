package equiv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/format/smtlib"
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

// given returns the inputs of the answer; nil if there are none.
func (a *solverAnswer) given() []bool {
	if a == nil || !a.sat {
		return nil
	}
	return a.inputs
}

// solver is one of those that may be asked. One without args is part of this program.
type solver struct {
	name   string
	format string // the file that it is given
	// limit is bits of the numbers it adds up in; beyond, it is given clauses. 0: any.
	limit int
	// args have a time limit, if it takes one, in case this program ends before it.
	args func(file string, seconds int) []string
	// inputs reads the output of the solver for a satisfiable query.
	inputs func(out []byte, n int) ([]bool, error)
}

// solvers lists all solvers. The first two are one program, which is always there. One works on
// clauses, which have the bits of every sum, so the solver can learn about them. The other works on
// the inequalities of the threshold gates, which are fewer. On the miter of two majorities of 20
// inputs, clauses take 0.3 s and inequalities take 11 s. Only one of the two can run at a time, so
// one of them is the default.
var solvers = []solver{
	{name: "gophersat", format: "cnf"},
	{name: "gophersat-pb", format: "opb"},
	{"clasp", "opb", 30, func(f string, s int) []string {
		return []string{"--outf=1", fmt.Sprintf("--time-limit=%d", s), f}
	}, competitionModel},
	{"minisat+", "opb", 0, func(f string, _ int) []string { return []string{"-v0", f} }, competitionModel},
	{"z3", "smt2", 0, func(f string, s int) []string {
		return []string{"-smt2", fmt.Sprintf("-T:%d", s), f}
	}, smtModel},
	{"cadical", "cnf", 0, func(f string, s int) []string {
		return []string{"-q", "-t", fmt.Sprint(s), f}
	}, competitionModel},
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
	var out, complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, s.name, s.args(path, secondsLeft(ctx))...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	cmd.WaitDelay = time.Second
	runErr := cmd.Run() // solvers tell their answer by the exit status as well, each its own way
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for line := range bytes.Lines(out.Bytes()) {
		switch string(bytes.TrimSpace(line)) {
		case "s UNSATISFIABLE", "unsat":
			return &solverAnswer{}, nil
		case "s SATISFIABLE", "s OPTIMUM FOUND", "sat":
			in, err := s.inputs(out.Bytes(), len(q.miter.Inputs()))
			if err != nil {
				return nil, err
			}
			return &solverAnswer{true, in}, nil
		}
	}
	text := strings.TrimSpace(complaint.String() + " " + out.String())
	if text == "" && runErr != nil {
		text = runErr.Error()
	}
	text, _, _ = strings.Cut(text, "\n")
	const most = 120
	if len(text) > most {
		text = text[:most] + "…"
	}
	return nil, fmt.Errorf("it printed no answer: %s", text)
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

// competitionModel reads the lines that begin with v, in which the literal of variable k
// is k, −k, xk or −xk. A variable that is not named is 0.
func competitionModel(out []byte, n int) ([]bool, error) {
	in := make([]bool, n)
	for line := range bytes.Lines(out) {
		text, ok := bytes.CutPrefix(line, []byte("v "))
		if !ok {
			continue
		}
		for _, word := range strings.Fields(string(text)) {
			positive, negative := strings.CutPrefix(word, "-")
			k, err := strconv.Atoi(strings.TrimPrefix(positive, "x"))
			if err != nil {
				return nil, fmt.Errorf("%q in the solver's model is no literal", word)
			}
			if k >= 1 && k <= n {
				in[k-1] = !negative
			}
		}
	}
	return in, nil
}

// quotedName is a name of SMT-LIB that may hold blanks and parentheses.
var quotedName = regexp.MustCompile(`\|[^|]*\|`)

// smtModel reads the answer to get-value: a list of pairs of a name and its value, in
// the order of the inputs.
func smtModel(out []byte, n int) ([]bool, error) {
	_, text, _ := bytes.Cut(out, []byte("\n"))
	plain := quotedName.ReplaceAllString(string(text), " name ")
	if strings.Contains(plain, "|") {
		return nil, errors.New("a name in the solver's model does not end")
	}
	words := strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(" \n\r\t()", r) })
	if len(words) < 2*n {
		return nil, fmt.Errorf("the solver's model has %d values of %d", len(words)/2, n)
	}
	in := make([]bool, n)
	for i := range in {
		value := words[2*i+1]
		if value != "true" && value != "false" {
			return nil, fmt.Errorf("%q in the solver's model is no value", value)
		}
		in[i] = value == "true"
	}
	return in, nil
}
