package equiv

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	sat "github.com/crillab/gophersat/solver"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/internal/scratch"
)

// Certificate is a proof of equivalence in two files, which has been checked.
type Certificate struct {
	Formula string       `json:"-"` // the clauses of the miter, in DIMACS form
	Proof   string       `json:"-"` // that they cannot be satisfied, in the form of DRAT
	Checked *drat.Report `json:"checked"`
}

func certificateIn(folder string) *Certificate {
	return &Certificate{Formula: filepath.Join(folder, "miter.cnf"), Proof: filepath.Join(folder, "miter.drat")}
}

// provers are the solvers that can say how they have come to their answer.
var provers = []string{"cadical", "gophersat"}

// certify proves that the circuits are equivalent, with a proof of the whole that is checked then:
// of the miter, of the pairs of gates that are merged in it, and of what a solver finds of the rest.
//
// What is left to be trusted is that the clauses say that the circuits differ, and the checker.
func (e *comparison) certify(ctx context.Context) error {
	miters, err := e.miters()
	if err != nil {
		return err
	}
	files := certificateIn(e.cfg.ProofFolder)
	var last error
	for i, m := range miters {
		done, err := e.tryCertify(ctx, m, files, i == len(miters)-1)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if done || e.found.Verdict == Refuted {
			return err
		}
		last = err
	}
	e.found.How = "there is no proof"
	if last != nil {
		e.found.How += ": " + last.Error()
	}
	return nil
}

// tryCertify writes a proof about one miter. It reports whether there is one that was checked. Only
// for the last miter is a solver asked.
func (e *comparison) tryCertify(ctx context.Context, miter *circuit.Circuit, to *Certificate, last bool) (bool, error) {
	e.progress("making clauses", 0, 0)
	logic, err := basis.Express(ctx, miter, cnf.Repertoire())
	if err != nil {
		return false, err
	}
	logic = logic.Prune()
	if err := written(to.Formula, func(w io.Writer) error {
		return cnf.Write(w, netlist.Of(logic), cnf.Config{Assert: logic.Outputs()})
	}); err != nil {
		return false, err
	}
	how := ""
	if err := written(to.Proof, func(w io.Writer) error {
		t, err := newTrace(w, logic)
		if err != nil {
			return err
		}
		how, err = e.prove(ctx, t, last)
		return errors.Join(err, t.out.Flush())
	}); err != nil || how == "" {
		return false, err
	}
	e.progress("checking the proof", 0, 0)
	if to.Checked, err = checked(ctx, to); err != nil {
		return false, fmt.Errorf("what was written is none: %w", err)
	}
	e.found.Verdict, e.found.How, e.found.Certificate = Proved, how, to
	return true, nil
}

func written(path string, write func(w io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

func checked(ctx context.Context, c *Certificate) (*drat.Report, error) {
	formula, err := os.Open(c.Formula)
	if err != nil {
		return nil, err
	}
	defer formula.Close()
	proof, err := os.Open(c.Proof)
	if err != nil {
		return nil, err
	}
	defer proof.Close()
	return drat.Check(ctx, formula, proof)
}

// prove writes the proof. It returns how, or "" if there is none.
func (e *comparison) prove(ctx context.Context, t *trace, last bool) (string, error) {
	progress := func(done, all int) { e.progress("merging equal gates", done, all) }
	logic, found, err := reduce(ctx, t.old, reduceLanes, e.cfg.Seed, t, progress)
	if err != nil {
		return "", err
	}
	e.found.Miter.Merged, e.found.Miter.Left = found.Merged, logic.Size()
	switch {
	case t.failure != nil:
		return "", t.failure
	case t.output == circuit.False:
		return "both are the same gates, once equal ones are merged; by a proof that was checked", nil
	case !last:
		return "", nil
	}
	var failed error
	for _, name := range provers {
		if !slices.ContainsFunc(e.solvers, func(s *solver) bool { return s.name == name }) {
			continue
		}
		e.progress("asking "+name, 0, 0)
		run, start := SolverRun{Name: name}, time.Now()
		in, err := t.rest.ask(ctx, name)
		run.Seconds = time.Since(start).Seconds()
		switch {
		case err != nil:
			run.Answer, run.Why, failed = answerFailed, err.Error(), err
		case in == nil:
			run.Answer = answerUnsat
		default:
			run.Answer = answerSat
		}
		e.found.Solvers = append(e.found.Solvers, run)
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err != nil:
			continue
		case in == nil:
			return fmt.Sprintf("%s finds the miter unsatisfiable, by a proof that was checked", name), nil
		}
		if ok, err := e.differs(in); err != nil || !ok {
			return "", errors.Join(err, fmt.Errorf("the circuits do not differ on the input that %s gave", name))
		}
		e.found.Verdict, e.found.How = Refuted, "an input found by "+name
		return "", nil
	}
	if failed == nil {
		failed = errors.New("no solver was asked that can write a proof")
	}
	return "", failed
}

// rest is what is left for a solver: the clauses of the new circuit's gates that its output depends
// on, with variables of their own.
type rest struct {
	t       *trace
	vars    []int // by variable of the solver, less 1: that of the trace
	number  map[int]int
	clauses [][]int
}

func newRest(t *trace) *rest {
	r := &rest{t: t, number: map[int]int{}}
	for i := range t.old.Inputs() { // so that a model begins with the inputs
		r.variable(i + 1)
	}
	need := make([]bool, t.view.Len())
	need[t.output.Gate()] = true
	for g := t.output.Gate(); ; g-- {
		if need[g] {
			t.define(g, r.clause)
			if !t.view.Kind(g).IsSource() {
				for _, l := range t.view.Fanin(g) {
					need[l.Gate()] = true
				}
			}
		}
		if g == 0 {
			break
		}
	}
	r.clause(t.lit(t.output))
	return r
}

func (r *rest) variable(v int) int {
	n, ok := r.number[v]
	if !ok {
		r.vars = append(r.vars, v)
		n = len(r.vars)
		r.number[v] = n
	}
	return n
}

func (r *rest) clause(lits ...int) {
	own := make([]int, len(lits))
	for i, l := range lits {
		if own[i] = r.variable(max(l, -l)); l < 0 {
			own[i] = -own[i]
		}
	}
	r.clauses = append(r.clauses, own)
}

// line appends a line of a solver's proof to the proof.
func (r *rest) line(line []byte) error {
	words := bytes.Fields(line)
	remove := len(words) > 0 && string(words[0]) == "d"
	if remove {
		words = words[1:]
	}
	if len(words) == 0 || string(words[0]) == "c" {
		return nil
	}
	clause := make([]int, 0, len(words))
	for i, w := range words {
		l, err := strconv.Atoi(string(w))
		switch {
		case err != nil || max(l, -l) > len(r.vars):
			return fmt.Errorf("%q is no literal of its proof", w)
		case (l == 0) != (i == len(words)-1):
			return fmt.Errorf("a line of its proof does not end with 0")
		case l > 0:
			clause = append(clause, r.vars[l-1])
		case l < 0:
			clause = append(clause, -r.vars[-l-1])
		}
	}
	if remove {
		r.t.remove(clause)
	} else {
		r.t.add(clause)
	}
	return nil
}

// write writes the clauses in DIMACS form.
func (r *rest) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "p cnf %d %d\n", len(r.vars), len(r.clauses))
	for _, c := range r.clauses {
		for _, l := range c {
			fmt.Fprintf(out, "%d ", l)
		}
		out.WriteString("0\n")
	}
	return out.Flush()
}

// ask asks a solver about the rest, and appends its proof. It returns the inputs of a model; nil if
// there is none.
func (r *rest) ask(ctx context.Context, name string) ([]bool, error) {
	if name == "gophersat" {
		return r.gophersat(ctx)
	}
	return r.cadical(ctx)
}

// gophersat asks the solver that is part of this program, which sends each clause that it learns.
func (r *rest) gophersat(ctx context.Context) ([]bool, error) {
	select {
	case gophersatTurn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	lines := make(chan string, 1024)
	done := make(chan reply, 1)
	go func() {
		var answer reply
		defer func() {
			if fault := recover(); fault != nil { // in the solver, which is not ours
				answer.err = fmt.Errorf("it panicked: %v", fault)
			}
			<-gophersatTurn
			close(lines)
			done <- answer
		}()
		list := make([][]int, len(r.clauses))
		for i, c := range r.clauses {
			list[i] = slices.Clone(c)
		}
		s := sat.New(sat.ParseSliceNb(list, len(r.vars)))
		s.Certified, s.CertChan = true, lines
		switch status := s.Solve(); status {
		case sat.Sat:
			answer.answer = &solverAnswer{true, s.Model()[:len(r.t.old.Inputs())]}
		case sat.Unsat:
			answer.answer = &solverAnswer{}
		default:
			answer.err = fmt.Errorf("its status is %v", status)
		}
	}()
	var failed error
	for line := range lines {
		if ctx.Err() == nil && failed == nil {
			failed = r.line([]byte(line))
		} else {
			go func() { // it cannot be stopped
				for range lines { //nolint:revive // what it sends is not wanted any more
				}
			}()
			return nil, errors.Join(ctx.Err(), failed)
		}
	}
	answer := <-done
	switch {
	case answer.err != nil:
		return nil, answer.err
	case answer.answer.sat:
		return answer.answer.inputs, nil
	}
	r.t.add(nil)
	return nil, nil
}

// cadical asks the program of that name, which writes its proof to a file. What needs definitions
// is switched off in it, as by default.
func (r *rest) cadical(ctx context.Context) ([]bool, error) {
	dir, remove, err := scratch.Folder("", "tc0-miter-")
	if err != nil {
		return nil, err
	}
	defer remove()
	formula, proof := filepath.Join(dir, "rest.cnf"), filepath.Join(dir, "rest.drat")
	if err := written(formula, r.write); err != nil {
		return nil, err
	}
	answer, err := solverNamed("cadical").runOn(ctx, len(r.t.old.Inputs()), []string{"--no-binary"}, formula, proof)
	if err != nil || answer.sat {
		return answer.given(), err
	}
	f, err := os.Open(proof)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	for count := 0; ; count++ {
		if count%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if err := r.line(line); err != nil {
			return nil, err
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	r.t.add(nil)
	return nil, nil
}
