package equiv_test

import (
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
)

// own is the solver that is always there, on clauses and on inequalities.
var (
	own    = []string{"gophersat"}
	ownSum = []string{"gophersat-pb"}
)

// halvesOf returns the majority of n bits, n even, by cases: at least n/2 + 1 − k of the
// last half are 1 where k of the first half are.
func halvesOf(t rapid.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	var cases []circuit.Lit
	for k := 1; k <= n/2; k++ {
		cases = append(cases, b.And(b.AtLeast(k, x[:n/2]...), b.AtLeast(n/2+1-k, x[n/2:]...)))
	}
	b.Output("y", b.Or(cases...))
	return finish(t, b)
}

// The miter of two majority circuits of 20 inputs, built in other ways, is decided by the
// solver in this process.
func TestEquivalentSolver(t *testing.T) {
	for n, solvers := range map[int][]string{20: own, 14: ownSum} {
		e := equivalent(t, majorityOf(t, n), halvesOf(t, n), equiv.Config{Method: equiv.Solve, Solvers: solvers})
		if e.Verdict != equiv.Proved || e.Miter == nil || e.Miter.Size < n || len(e.Solvers) != 1 ||
			e.How != solvers[0]+" finds the miter unsatisfiable, and is taken at its word" {
			t.Errorf("%d inputs: %+v", n, e)
		}
	}
}

// Every solver that is installed agrees with trying all inputs, on circuits that are the
// same and on circuits that differ on one input in 4096; weights of 2^40 are no matter.
func TestEquivalentInstalledSolvers(t *testing.T) {
	flawed := func(n int, w circuit.Int) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{}, n)
		s := b.Linear()
		for i, l := range x {
			s.AddLit(w.Mul(circuit.NewInt(int64(i%3+1))), l)
		}
		b.Output("y", b.Threshold(s.Sum(), w.Mul(circuit.NewInt(int64(n)))))
		return finish(t, b)
	}
	cases := func(n int, w circuit.Int, planted bool) *circuit.Circuit { // by the number of ones of each weight
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{}, n)
		var part [3][]circuit.Lit
		for i, l := range x {
			part[i%3] = append(part[i%3], l)
		}
		var all []circuit.Lit
		for i := range len(part[2]) + 1 {
			s := b.Sum(
				circuit.Term{Weight: w, Of: b.Count(part[0]...)},
				circuit.Term{Weight: w.Mul(circuit.NewInt(2)), Of: b.Count(part[1]...)},
			)
			all = append(all, b.And(b.AtLeast(i, part[2]...), b.Threshold(s, w.Mul(circuit.NewInt(int64(n-3*i))))))
		}
		y := b.Or(all...)
		if planted {
			code := make([]circuit.Lit, n)
			for i, l := range x {
				code[i] = l.NotIf(i%2 == 0)
			}
			y = b.Xor(y, b.And(code...))
		}
		b.Output("y", y)
		return finish(t, b)
	}
	const n = 12
	for _, solver := range equiv.Solvers() {
		t.Run(solver, func(t *testing.T) {
			if _, err := exec.LookPath(solver); err != nil && !strings.HasPrefix(solver, "gophersat") {
				t.Skipf("%s is not installed", solver)
			}
			for _, w := range []circuit.Int{circuit.NewInt(1), circuit.Pow2(40)} {
				for _, planted := range []bool{false, true} {
					e := equivalent(
						t,
						flawed(n, w),
						cases(n, w, planted),
						equiv.Config{Method: equiv.Solve, Solvers: []string{solver}},
					)
					want := map[bool]equiv.Judgement{false: equiv.Proved, true: equiv.Refuted}[planted]
					refusal := solver == "gophersat-pb" && w.BitLen() > 1 // of numbers beyond its 30 bits
					if planted && e.Random > 0 && len(e.Solvers) == 0 {
						continue // a random input was enough
					}
					if e.Verdict != want && !refusal {
						t.Errorf("weight %v, planted %v: %v: %s %+v", w, planted, e.Verdict, e.How, e.Solvers)
					}
				}
			}
		})
	}
}

func TestSolverThatIsNotHere(t *testing.T) {
	a, b := majorityOf(t, 26), halvesOf(t, 26)
	t.Setenv("PATH", t.TempDir())
	_, err := equiv.Check(t.Context(), a, b, equiv.Config{Method: equiv.Solve, Solvers: []string{"minisat+"}})
	if err == nil || !strings.Contains(err.Error(), "solver minisat+: the program is not here") {
		t.Errorf("a solver that is not here: %v", err)
	}
}
