package equiv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
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
	logic, err := e.formula(ctx, miter, to.Formula)
	if err != nil {
		return false, err
	}
	return e.certifyFormula(ctx, logic, to, last)
}

// formula writes the clauses of a miter, and returns it as the gates that they are about.
func (e *comparison) formula(ctx context.Context, miter *circuit.Circuit, path string) (*circuit.Circuit, error) {
	e.progress("making clauses", 0, 0)
	logic, err := basis.Express(ctx, miter, cnf.Repertoire())
	if err != nil {
		return nil, err
	}
	logic = logic.Prune()
	return logic, written(path, func(w io.Writer) error {
		return cnf.Write(w, netlist.Of(logic), cnf.Config{Assert: logic.Outputs()})
	})
}

// certifyFormula is [comparison.tryCertify] once the clauses are written.
func (e *comparison) certifyFormula(
	ctx context.Context, logic *circuit.Circuit, to *Certificate, last bool,
) (bool, error) {
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
	var err error
	if to.Checked, err = checked(ctx, to, e.cube); err != nil {
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

// checked goes through a proof, under the literals of a cube.
func checked(ctx context.Context, c *Certificate, cube []int) (*drat.Report, error) {
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
	return drat.Check(ctx, formula, proof, cube...)
}

// prove writes the proof. It returns how, or "" if there is none.
func (e *comparison) prove(ctx context.Context, t *trace, last bool) (string, error) {
	progress := func(done, all int) { e.progress("merging equal gates", done, all) }
	logic, found, err := reduce(ctx, t.old, reduceLanes, e.cfg.Seed, fixedBy(e.cube, len(t.old.Inputs())), t, progress)
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
		s := solverNamed(name)
		if !slices.Contains(e.solvers, s) {
			continue
		}
		e.progress("asking "+name, 0, 0)
		run, start := SolverRun{Name: name}, time.Now()
		answer, err := t.rest.ask(ctx, s)
		run.Seconds = time.Since(start).Seconds()
		switch {
		case err != nil:
			run.Answer, run.Why, failed = answerFailed, err.Error(), err
		case answer.sat:
			run.Answer = answerSat
		default:
			run.Answer = answerUnsat
		}
		e.found.Solvers = append(e.found.Solvers, run)
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err != nil:
			continue
		case !answer.sat:
			return fmt.Sprintf("%s finds the miter unsatisfiable, by a proof that was checked", name), nil
		}
		if ok, err := e.differs(answer.inputs); err != nil || !ok {
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
