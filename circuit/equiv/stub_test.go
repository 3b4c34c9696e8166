//go:build unix

package equiv_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// stub is a solver that a test makes: a shell script.
type stub struct {
	name   string // what is wrong with it
	solver string // whose place it takes; "" for clasp
	script string

	verdict equiv.Judgement
	answer  string
	why     string // what is told of a solver that is not believed, in part
}

// faults are solvers that are not to be believed, and what is told of them. The circuits are
// equivalent.
var faults = []stub{
	{name: "wrong model", script: "echo 's SATISFIABLE'; echo 'v x1 -x2 x3'; exit 10", why: "do not differ"},
	{name: "no model", script: "echo 's SATISFIABLE'; exit 10", why: "it gave no model (exit status 10): s SATISFIABLE"},
	{name: "no literal", script: "echo 's SATISFIABLE'; echo 'v one'; exit 10", why: `"one" in the solver's model is no literal`},
	{
		name: "torn model", script: "echo 's SATISFIABLE'; echo 'v x1 -x2'; echo 'v x2'; exit 10",
		why: "variable 2 in the solver's model is both 0 and 1",
	},
	{
		name: "crash after the answer", script: "echo 's UNSATISFIABLE'; kill -SEGV $$",
		why: "it crashed: signal: segmentation fault",
	},
	{name: "crash before the answer", script: "kill -KILL $$", why: "it crashed: signal: killed"},
	{
		name: "both answers", script: "echo 's SATISFIABLE'; echo 's UNSATISFIABLE'; exit 20",
		why: "it printed 2 answers (exit status 20): s SATISFIABLE s UNSATISFIABLE",
	},
	{name: "the same answer twice", script: "echo 's UNSATISFIABLE'; echo 's UNSATISFIABLE'; exit 20", why: "it printed 2 answers"},
	{name: "wrong status", script: "echo 's UNSATISFIABLE'; exit 10", why: "its exit status is not that of its answer (exit status 10): s UNS"},
	{name: "status 0", script: "echo 's UNSATISFIABLE'", why: "its exit status is not that of its answer (exit status 0)"},
	{name: "status without an answer", script: "exit 20", why: "it printed no answer (exit status 20)"},
	{
		name: "error line", script: "echo 'c ERROR: out of memory'; echo 's UNSATISFIABLE'; exit 20",
		why: `it printed "c ERROR: out of memory" besides its answer`,
	},
	{
		name: "error on standard error", script: "echo 's UNSATISFIABLE'; echo 'clasp: fatal: no clause' >&2; exit 20",
		why: `it printed "clasp: fatal: no clause" besides its answer`,
	},
	{name: "does not know", script: "echo 's UNKNOWN'; exit 0", why: "it does not know (exit status 0): s UNKNOWN"},
	{name: "garbage", script: "echo '}{ UNSATISFIABLE s'; exit 20", why: "it printed no answer (exit status 20): }{ UNSATISFIABLE s"},
	{name: "garbage and an answer", script: "echo '}{'; echo 's UNSATISFIABLE'; exit 20", why: `it printed "}{" besides its answer`},
	{name: "silence", why: "it printed no answer (exit status 0)"},
	{name: "complaint", script: "echo oops >&2; exit 3", why: "it printed no answer (exit status 3): oops"},
	{
		name: "answer on standard error", script: "echo 's UNSATISFIABLE' >&2; exit 20",
		why: "it printed no answer (exit status 20): s UNSATISFIABLE",
	},
	{
		name: "other answer on standard error", script: "echo 's UNSATISFIABLE'; echo 's SATISFIABLE' >&2; exit 20",
		why: `it printed "s SATISFIABLE" besides its answer`,
	},
	{name: "endless output", script: "exec yes 'c still at it'", why: "it prints too much: c still at it c still"},
	{name: "endless complaint", script: "echo 's UNSATISFIABLE'; exec yes hm >&2", why: "it prints too much: hm hm"},
	{name: "never ends", script: "sleep 1000 & echo $! >> PIDS; wait", answer: "no answer in time"},
	{name: "will not end", script: "trap '' TERM INT HUP; while :; do sleep 1; done", answer: "no answer in time"},
	{
		name: "answer, and never ends", script: "echo 's UNSATISFIABLE'; exec sleep 1000", answer: "no answer in time",
	},
	{name: "z3 with an error", solver: "z3", script: `echo '(error "line 1")'; echo unsat; exit 1`, why: `it printed "(error \"line 1\")" besides`},
	{name: "z3 that ends badly", solver: "z3", script: "echo unsat; exit 1", why: "its exit status is not that of its answer"},
	{
		name: "z3 with both answers", solver: "z3", script: "echo sat; echo unsat; exit 0",
		why: "it printed 2 answers (exit status 0): sat unsat",
	},
	{name: "z3 without values", solver: "z3", script: "echo sat", why: "the solver's model has 0 values of 26"},
	{name: "cadical with clasp's status", solver: "cadical", script: "echo 's SATISFIABLE'; echo 'v 1 0'; exit 30", why: "exit status"},
}

// believed are solvers that end well, whatever else they do.
var believed = []stub{
	{name: "honest", script: "echo 's UNSATISFIABLE'; exit 20"},
	{name: "talkative", script: "echo 'c a comment'; echo; echo 'warning: slow' >&2; echo 's UNSATISFIABLE'; exit 20"},
	{name: "outlived", script: "sleep 1000 & echo $! >> PIDS; echo 's UNSATISFIABLE'; exit 20"},
	{name: "outlived twice", script: "(sleep 1000 & echo $! >> PIDS; wait) & echo 's UNSATISFIABLE'; exit 20"},
	{name: "asked for a model", solver: "z3", script: `echo unsat; echo '(error "line 4 column 16: model is not available")'; exit 1`},
}

// ask has a stub take the place of a solver, and asks it alone. It has to leave nothing behind.
func (s *stub) ask(t *testing.T, a, b *circuit.Circuit) *equiv.Result {
	t.Helper()
	name, dir, temp := s.solver, t.TempDir(), t.TempDir()
	if name == "" {
		name = "clasp"
	}
	pids := filepath.Join(dir, "pids")
	script := "#!/bin/sh\necho $$ >> PIDS\n" + s.script + "\n"
	script = strings.ReplaceAll(script, "PIDS", "'"+pids+"'")
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("TMPDIR", temp)
	cfg := equiv.Config{Method: equiv.Solve, Solvers: []string{name}}
	if s.answer == "no answer in time" {
		cfg.Timeout = time.Second
	}
	e := equivalent(t, a, b, cfg)
	// Time was up before the solver was asked.
	for len(e.Solvers) == 0 && 0 < cfg.Timeout && cfg.Timeout < tooltest.Limit(t) {
		cfg.Timeout *= 4
		e = equivalent(t, a, b, cfg)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left in the folder for temporary files (%v)", left, err)
	}
	tooltest.Gone(t, pids)
	return e
}

// A solver's word counts only if it ended well. Else nothing is decided, and what was seen is told.
func TestEquivalentFaultySolvers(t *testing.T) {
	a, b := majorityOf(t, 26), halvesOf(t, 26)
	for _, s := range faults {
		t.Run(s.name, func(t *testing.T) {
			if s.answer == "" {
				s.answer = "failed"
			}
			e := s.ask(t, a, b)
			if e.Verdict != equiv.Consistent || len(e.Solvers) != 1 || e.Solvers[0].Answer != s.answer ||
				!strings.Contains(e.Solvers[0].Why, s.why) || strings.Contains(e.Solvers[0].Why, "\n") {
				t.Errorf("%v, %+v", e.Verdict, e.Solvers)
			}
		})
	}
}

func TestEquivalentSolversThatEndWell(t *testing.T) {
	a, b := majorityOf(t, 26), halvesOf(t, 26)
	for _, s := range believed {
		t.Run(s.name, func(t *testing.T) {
			e := s.ask(t, a, b)
			if e.Verdict != equiv.Proved || len(e.Solvers) != 1 || e.Solvers[0].Answer != "unsatisfiable" {
				t.Errorf("%v, %+v", e.Verdict, e.Solvers)
			}
		})
	}
}

// plantedOf is a majority of n bits but for one input, on which it is wrong: 0101…
func plantedOf(t rapid.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	code := make([]circuit.Lit, n)
	for i, l := range x {
		code[i] = l.NotIf(i%2 == 0)
	}
	b.Output("y", b.Xor(b.AtLeast(n/2+1, x...), b.And(code...)))
	return finish(t, b)
}

// Of circuits that differ, a model is tried, and proves that. That a solver finds no model cannot
// be tried; so it is told whose word it is.
func TestEquivalentSolversOfDifferentCircuits(t *testing.T) {
	const n = 40
	model := ""
	for i := range n {
		model += fmt.Sprintf(" %sx%d", []string{"-", ""}[i%2], i+1)
	}
	a, b := majorityOf(t, n), plantedOf(t, n)
	for _, s := range []stub{
		{name: "right", script: "echo 's SATISFIABLE'; echo 'v" + model + "'; exit 10", verdict: equiv.Refuted, why: "an input found by clasp"},
		{
			name: "lie", script: "echo 's UNSATISFIABLE'; exit 20", verdict: equiv.Proved,
			why: "clasp finds the miter unsatisfiable, and is taken at its word",
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			if e := s.ask(t, a, b); e.Verdict != s.verdict || e.How != s.why {
				t.Errorf("%v: %s, %+v", e.Verdict, e.How, e.Solvers)
			}
		})
	}
}
