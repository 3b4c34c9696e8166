package equiv

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	sat "github.com/crillab/gophersat/solver"

	"github.com/tc0lab/tc0/internal/scratch"
)

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

// ask asks a solver about the rest, and appends its proof if there is no model.
func (r *rest) ask(ctx context.Context, s *solver) (*solverAnswer, error) {
	prove := r.gophersat
	if s.args != nil {
		prove = func(ctx context.Context) (*solverAnswer, error) { return r.program(ctx, s) }
	}
	answer, err := prove(ctx)
	if err == nil && !answer.sat {
		r.t.add(nil)
	}
	return answer, err
}

// gophersat asks the solver that is part of this program, which sends each clause that it learns.
func (r *rest) gophersat(ctx context.Context) (*solverAnswer, error) {
	lines := make(chan string, 1024)
	done, err := runGophersat(ctx, func() *sat.Solver {
		list := make([][]int, len(r.clauses)) // since the solver changes it
		for i, c := range r.clauses {
			list[i] = slices.Clone(c)
		}
		s := sat.New(sat.ParseSliceNb(list, len(r.vars)))
		s.Certified, s.CertChan = true, lines
		return s
	}, func() { close(lines) })
	if err != nil {
		return nil, err
	}
	for line := range lines {
		if err := cmp.Or(ctx.Err(), r.line([]byte(line))); err != nil {
			go func() { // it cannot be stopped, and what it sends is not wanted any more
				for range lines { //nolint:revive // as said
				}
			}()
			return nil, err
		}
	}
	answer := <-done
	if answer.err == nil && answer.answer.sat {
		answer.answer.inputs = answer.answer.inputs[:len(r.t.old.Inputs())]
	}
	return answer.answer, answer.err
}

// program asks a program, which writes its proof to a file. What needs definitions is switched off
// in cadical, as by default.
func (r *rest) program(ctx context.Context, s *solver) (*solverAnswer, error) {
	dir, remove, err := scratch.Folder("", "tc0-miter-")
	if err != nil {
		return nil, err
	}
	defer remove()
	formula, proof := filepath.Join(dir, "rest.cnf"), filepath.Join(dir, "rest.drat")
	if err := written(formula, r.write); err != nil {
		return nil, err
	}
	answer, err := s.runOn(ctx, len(r.t.old.Inputs()), []string{"--no-binary"}, formula, proof)
	if err != nil || answer.sat {
		return answer, err
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
			return answer, nil
		}
	}
}
