package analysis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

func finish(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// majorityOf returns the majority of n bits as one gate.
func majorityOf(t rapid.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Output("y", b.Majority(b.Inputs("x", n)...))
	return finish(t, b)
}

func express(t rapid.TB, c *circuit.Circuit, r basis.Repertoire) *circuit.Circuit {
	t.Helper()
	d, err := basis.Express(context.Background(), c, r)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func equivalent(t rapid.TB, a, b *circuit.Circuit, cfg analysis.EquivalenceConfig) *analysis.Equivalence {
	t.Helper()
	e, err := analysis.Equivalent(context.Background(), a, b, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// own is the solver that is always there, on clauses and on inequalities.
var (
	own    = []string{"gophersat"}
	ownSum = []string{"gophersat-pb"}
)

func TestEquivalentAllInputs(t *testing.T) {
	a := majorityOf(t, 20)
	e := equivalent(t, a, express(t, a, basis.Repertoire{}), analysis.EquivalenceConfig{Seed: 3})
	if e.Verdict != analysis.Proved || e.Exhaustive != 1<<20 || e.InputsBy != analysis.ByPort || e.OutputsBy != analysis.ByPort {
		t.Errorf("%+v", e)
	}
}

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
		e := equivalent(t, majorityOf(t, n), halvesOf(t, n), analysis.EquivalenceConfig{Method: analysis.Solve, Solvers: solvers})
		if e.Verdict != analysis.Proved || e.Miter == nil || e.Miter.Size < n || len(e.Solvers) != 1 || e.How != solvers[0]+" finds the miter unsatisfiable, and is taken at its word" {
			t.Errorf("%d inputs: %+v", n, e)
		}
	}
}

// A difference on one input of 2^26 is found by a solver: random inputs hardly would.
func TestEquivalentRareDifference(t *testing.T) {
	const n = 26
	build := func(planted bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, n)
		y := b.AtLeast(n/2, x...)
		if planted {
			var code []circuit.Lit
			for i, l := range x {
				code = append(code, l.NotIf(i%3 != 0))
			}
			y = b.Xor(y, b.And(code...))
		}
		b.Output("y", y)
		return finish(t, b)
	}
	e := equivalent(t, build(false), build(true), analysis.EquivalenceConfig{Solvers: own})
	if e.Verdict != analysis.Refuted || e.Random != analysis.DefaultRandomInputs || e.Difference == nil {
		t.Fatalf("%+v", e)
	}
	for i, bit := range e.Difference.Bits {
		if bit != (i%3 == 0) {
			t.Errorf("input bit %d is %v", i, bit)
		}
	}
	if got, want := analysis.PortText(e.Difference.Inputs), fmt.Sprintf("x=%d", 0o11111111+1<<24); got != want {
		t.Errorf("the input is shown as %s, want %s", got, want)
	}
	if got := analysis.PortText(e.Difference.A) + " " + analysis.PortText(e.Difference.B); got != "y=0 y=1" {
		t.Errorf("the outputs are shown as %s", got)
	}
}

// Random circuits and what Express makes of them are equivalent; with one gate changed,
// the verdict is that of trying all inputs by the simple evaluator.
func TestEquivalentProperty(t *testing.T) {
	methods := []analysis.EquivalenceMethod{analysis.Automatic, analysis.Exhaustive, analysis.Solve}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		change := rapid.IntRange(-1, 9).Draw(t, "change")
		a, b := randomGates(t, seed, -1), randomGates(t, seed, change)
		if rapid.Bool().Draw(t, "express") {
			b = express(t, b, basis.Repertoire{Xor: true})
		}
		want, first := analysis.Proved, ""
		for in := range 1 << 6 {
			bits := make([]bool, 6)
			for i := range bits {
				bits[i] = in>>i&1 != 0
			}
			x, errA := a.Eval(bits)
			y, errB := b.Eval(bits)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if !slices.Equal(x, y) {
				want, first = analysis.Refuted, fmt.Sprint(bits)
				break
			}
		}
		for i, m := range append(methods, analysis.Solve) {
			solvers := own
			if i == len(methods) {
				solvers = ownSum
			}
			e := equivalent(t, a, b, analysis.EquivalenceConfig{Method: m, Solvers: solvers})
			if e.Verdict != want {
				t.Fatalf("method %q: %v, want %v (differ on %s)", m, e.Verdict, want, first)
			}
			if want == analysis.Refuted {
				x, _ := a.Eval(e.Difference.Bits)
				y, _ := b.Eval(e.Difference.Bits)
				if slices.Equal(x, y) {
					t.Fatalf("method %q: the circuits agree on the witness", m)
				}
			}
		}
	})
}

// randomGates returns a circuit of ten gates over six inputs; gate number change is of
// another kind.
func randomGates(t rapid.TB, seed uint64, change int) *circuit.Circuit {
	r := rand.New(rand.NewPCG(seed, 1))
	b := circuit.NewBuilder()
	lits := b.Inputs("x", 6)
	for i := range 10 {
		in := make([]circuit.Lit, 2+r.IntN(3))
		s := b.Linear()
		for k := range in {
			in[k] = lits[r.IntN(len(lits))].NotIf(r.IntN(2) == 1)
			s.AddLit(circuit.I(int64(r.IntN(9)-4)), in[k])
		}
		kind, bound := r.IntN(5), int64(r.IntN(5)-2)
		if i == change {
			kind = (kind + 1) % 5
		}
		var l circuit.Lit
		switch kind {
		case 0:
			l = b.And(in...)
		case 1:
			l = b.Or(in...)
		case 2:
			l = b.Xor(in...)
		case 3:
			l = b.Mod(3, []int64{1}, in...)
		default:
			l = b.Threshold(s.Sum(), circuit.I(bound))
		}
		lits = append(lits, l)
	}
	b.Output("y", lits[len(lits)-3:]...)
	return finish(t, b)
}

// A single gate that is changed in a circuit of 10^5 gates is found by random inputs.
func TestEquivalentPlantedDifference(t *testing.T) {
	const gates = 100_000
	build := func(planted int) (*circuit.Circuit, int) {
		r := rand.New(rand.NewPCG(5, 5))
		b := circuit.NewBuilder()
		lits := b.Inputs("x", 64)
		i := 0
		for ; b.Len() < gates; i++ {
			near := func() circuit.Lit { return lits[len(lits)-1-r.IntN(min(len(lits), 400))].NotIf(r.IntN(2) == 1) }
			x, y := near(), near()
			z := b.Xor(x, y)
			if i%3 == 0 != (i == planted) {
				z = b.And(x, y)
			}
			lits = append(lits, z)
		}
		b.Output("y", lits[len(lits)-256:]...)
		return finish(t, b), i
	}
	a, made := build(-1)
	for _, planted := range []int{made / 2, made - 3} {
		b, _ := build(planted)
		e := equivalent(t, a, b, analysis.EquivalenceConfig{Method: analysis.Simulate})
		if e.Verdict != analysis.Refuted || e.Random > analysis.DefaultRandomInputs {
			t.Errorf("gate %d: %v after %d inputs", planted, e.Verdict, e.Random)
		}
	}
}

// Outputs of one name in other codes are compared as integers, and codes that are not
// valid do not count.
func TestEquivalentCodes(t *testing.T) {
	build := func(f circuit.Format, strict bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{Kind: circuit.OneHot, Offset: circuit.I(2)}, 4)
		s := b.PortSum(circuit.Format{Kind: circuit.OneHot, Offset: circuit.I(2)}, x...)
		var wires []circuit.Lit
		switch f.Kind {
		case circuit.Thermometer: // offset 2, three wires
			for v := range int64(3) {
				wires = append(wires, b.Threshold(s, circuit.I(3+v)))
			}
		case circuit.Unsigned: // 2 to 5 in binary
			wires = []circuit.Lit{b.Or(x[1], x[3]), b.Or(x[0], x[1]), b.Or(x[2], x[3])}
		default:
			wires = x
		}
		if strict { // 1 where two inputs are, which is no code
			wires[0] = b.And(wires[0], b.AtLeast(2, x...).Not())
		}
		b.OutputPort("y", f, wires...)
		return finish(t, b)
	}
	formats := []circuit.Format{
		{Kind: circuit.Thermometer, Offset: circuit.I(2)},
		{},
		{Kind: circuit.OneHot, Offset: circuit.I(2)},
		{Kind: circuit.Weighted, Offset: circuit.I(2), Weights: []circuit.Int{circuit.I(0), circuit.I(1), circuit.I(2), circuit.I(3)}},
		{Kind: circuit.Weighted, Offset: circuit.I(1), Weights: []circuit.Int{circuit.I(1), circuit.I(2), circuit.I(3), circuit.I(4)}},
	}
	for i, f := range formats {
		for k, g := range formats {
			for _, m := range []analysis.EquivalenceMethod{analysis.Automatic, analysis.Simulate, analysis.Solve} {
				e := equivalent(t, build(f, false), build(g, i == k), analysis.EquivalenceConfig{Method: m, Solvers: own})
				want := analysis.Proved
				if m == analysis.Simulate {
					want = analysis.Consistent
				}
				if e.Verdict != want {
					t.Errorf("formats %d and %d, method %q: %v (%s)", i, k, m, e.Verdict, e.How)
				}
			}
		}
	}
	// Off by one.
	wrong := formats[0]
	wrong.Offset = circuit.I(3)
	for _, m := range []analysis.EquivalenceMethod{analysis.Automatic, analysis.Solve} {
		e := equivalent(t, build(formats[1], false), build(wrong, false), analysis.EquivalenceConfig{Method: m, Solvers: own})
		if e.Verdict != analysis.Refuted {
			t.Fatalf("method %q: %v", m, e.Verdict)
		}
		x, y := e.Difference.A[0].Value, e.Difference.B[0].Value
		if x.Add(circuit.I(1)).Cmp(y.Int) != 0 {
			t.Errorf("method %q: %v and %v", m, x, y)
		}
	}
}

func TestEquivalentPorts(t *testing.T) {
	build := func(inputs, outputs []string, swap bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		var x []circuit.Lit
		for _, name := range inputs {
			name, wide := strings.CutSuffix(name, "*") // two wires
			if wide {
				x = append(x, b.InputPort(name, circuit.Format{}, 2)...)
			} else {
				x = append(x, b.Input(name))
			}
		}
		y := []circuit.Lit{b.And(x[0], x[1].Not()), b.Or(x[0], x[1])}
		if swap {
			y[0] = b.And(x[1], x[0].Not())
		}
		for i, name := range outputs {
			b.Output(name, y[i])
		}
		return finish(t, b)
	}
	ab, yz := []string{"a", "b"}, []string{"y", "z"}
	for _, test := range []struct {
		what    string
		b       *circuit.Circuit
		cfg     analysis.EquivalenceConfig
		in, out string
		want    analysis.Judgement
	}{
		{"the same", build(ab, yz, false), analysis.EquivalenceConfig{}, analysis.ByPort, analysis.ByPort, analysis.Proved},
		{"other order", build([]string{"b", "a"}, yz, true), analysis.EquivalenceConfig{}, analysis.ByPort, analysis.ByPort, analysis.Proved},
		{"other names", build([]string{"p", "q"}, []string{"r", "s"}, false), analysis.EquivalenceConfig{}, analysis.ByOrder, analysis.ByOrder, analysis.Proved},
		{"outputs turned", build(ab, []string{"z", "y"}, false), analysis.EquivalenceConfig{}, analysis.ByPort, analysis.ByPort, analysis.Refuted},
		{"outputs in the order given", build(ab, []string{"z", "y"}, false), analysis.EquivalenceConfig{OutputOrder: []int{0, 1}}, analysis.ByPort, analysis.ByList, analysis.Proved},
		{"inputs in the order given", build(ab, yz, true), analysis.EquivalenceConfig{InputOrder: []int{1, 0}}, analysis.ByList, analysis.ByPort, analysis.Proved},
		{"a wide port", build([]string{"ab*"}, yz, false), analysis.EquivalenceConfig{}, analysis.ByOrder, analysis.ByPort, analysis.Proved},
	} {
		e := equivalent(t, build(ab, yz, false), test.b, test.cfg)
		if e.Verdict != test.want || e.InputsBy != test.in || e.OutputsBy != test.out {
			t.Errorf("%s: %v by %s and %s, want %v by %s and %s", test.what, e.Verdict, e.InputsBy, e.OutputsBy, test.want, test.in, test.out)
		}
	}
	e := equivalent(t, build([]string{"ab*"}, yz, false), build([]string{"ab.1", "ab.0"}, yz, true), analysis.EquivalenceConfig{})
	if e.Verdict != analysis.Proved || e.InputsBy != analysis.ByWire {
		t.Errorf("wires by name: %v by %s", e.Verdict, e.InputsBy)
	}
	for want, cfg := range map[string]analysis.EquivalenceConfig{
		"names 1 wires; there are 2":                  {InputOrder: []int{0}},
		"names wire 2; there are wires 0 to 1":        {OutputOrder: []int{0, 2}},
		"names wire 1 twice":                          {InputOrder: []int{1, 1}},
		`unknown method "guess"`:                      {Method: "guess"},
		`unknown solver "oracle"; known: gophersat, `: {Method: analysis.Solve, Solvers: []string{"oracle"}},
	} {
		b := build(ab, yz, false)
		if strings.Contains(want, "solver") {
			b = build(ab, yz, true)
		}
		if _, err := analysis.Equivalent(t.Context(), build(ab, yz, false), b, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	var ports *analysis.PortError
	if _, err := analysis.Equivalent(t.Context(), build(ab, yz, false), build([]string{"a", "b", "c"}, yz, false), analysis.EquivalenceConfig{}); !errors.As(err, &ports) {
		t.Errorf("three inputs against two: %v", err)
	}
	if _, err := analysis.Equivalent(t.Context(), build(ab, yz, false), build(ab, yz[:1], false), analysis.EquivalenceConfig{}); !errors.As(err, &ports) {
		t.Errorf("one output against two: %v", err)
	}
}

// Where gates have names, those that differ are told, the first ones first.
func TestEquivalentSignals(t *testing.T) {
	build := func(or bool) (*circuit.Circuit, []string) {
		b := circuit.NewBuilder()
		b.Keep()
		x := b.Inputs("x", 3)
		p := b.And(x[0], x[1])
		if or {
			p = b.Or(x[0], x[1])
		}
		q := b.Xor(x[1], x[2])
		r := b.And(p, q)
		b.Output("y", r)
		c := finish(t, b)
		names := make([]string, c.Len())
		names[p.Gate()], names[q.Gate()], names[r.Gate()] = "p", "q", "r"
		return c, names
	}
	a, namesA := build(false)
	b, namesB := build(true)
	e := equivalent(t, a, b, analysis.EquivalenceConfig{Signals: [2][]string{namesA, namesB}})
	if e.Difference == nil {
		t.Fatal(e.Verdict)
	}
	if got := fmt.Sprint(e.Difference.Signals); got != "[{p 1 0 1} {r 2 0 1}]" {
		t.Errorf("signals %s", got)
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
			s.AddLit(w.Mul(circuit.I(int64(i%3+1))), l)
		}
		b.Output("y", b.Threshold(s.Sum(), w.Mul(circuit.I(int64(n)))))
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
			s := b.Sum(circuit.Term{Weight: w, Of: b.Count(part[0]...)}, circuit.Term{Weight: w.Mul(circuit.I(2)), Of: b.Count(part[1]...)})
			all = append(all, b.And(b.AtLeast(i, part[2]...), b.Threshold(s, w.Mul(circuit.I(int64(n-3*i))))))
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
	for _, solver := range analysis.SolverNames() {
		t.Run(solver, func(t *testing.T) {
			if _, err := exec.LookPath(solver); err != nil && !strings.HasPrefix(solver, "gophersat") {
				t.Skipf("%s is not installed", solver)
			}
			for _, w := range []circuit.Int{circuit.I(1), circuit.Pow2(40)} {
				for _, planted := range []bool{false, true} {
					e := equivalent(t, flawed(n, w), cases(n, w, planted), analysis.EquivalenceConfig{Method: analysis.Solve, Solvers: []string{solver}})
					want := map[bool]analysis.Judgement{false: analysis.Proved, true: analysis.Refuted}[planted]
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

// fakeSolver puts a program of the name first on PATH. It is given to the shell.
func fakeSolver(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// A solver is not believed where that can be helped, and its failures are told.
func TestEquivalentFaultySolvers(t *testing.T) {
	a, b := majorityOf(t, 26), halvesOf(t, 26)
	for _, test := range []struct {
		script, answer, why string
	}{
		{"echo 's SATISFIABLE'; echo 'v x1 -x2 x3'", "failed", "do not differ"},
		{"echo 's SATISFIABLE'; echo 'v one'", "failed", `"one" in the solver's model is no literal`},
		{"echo oops >&2; exit 3", "failed", "it printed no answer: oops"},
		{"", "failed", "it printed no answer"},
		{"sleep 20", "no answer in time", ""},
	} {
		t.Run(test.script, func(t *testing.T) {
			fakeSolver(t, "clasp", test.script)
			e := equivalent(t, a, b, analysis.EquivalenceConfig{Method: analysis.Solve, Solvers: []string{"clasp"}, Timeout: 2 * time.Second})
			if e.Verdict != analysis.Consistent || len(e.Solvers) != 1 || e.Solvers[0].Answer != test.answer || !strings.Contains(e.Solvers[0].Why, test.why) {
				t.Errorf("%v, %+v", e.Verdict, e.Solvers)
			}
		})
	}
	t.Setenv("PATH", t.TempDir())
	_, err := analysis.Equivalent(t.Context(), a, b, analysis.EquivalenceConfig{Method: analysis.Solve, Solvers: []string{"minisat+"}})
	if err == nil || !strings.Contains(err.Error(), "solver minisat+: the program is not here") {
		t.Errorf("a solver that is not here: %v", err)
	}
}

func TestEquivalentStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, m := range []analysis.EquivalenceMethod{analysis.Automatic, analysis.Exhaustive, analysis.Solve} {
		if _, err := analysis.Equivalent(ctx, majorityOf(t, 20), halvesOf(t, 20), analysis.EquivalenceConfig{Method: m}); !errors.Is(err, context.Canceled) {
			t.Errorf("method %q: error %v", m, err)
		}
	}
	// Nothing is decided in no time.
	e := equivalent(t, majorityOf(t, 24), express(t, majorityOf(t, 24), basis.Repertoire{}), analysis.EquivalenceConfig{Timeout: time.Nanosecond})
	if e.Verdict != analysis.Consistent || !strings.Contains(e.How, "time limit of 1ns") {
		t.Errorf("%v: %s", e.Verdict, e.How)
	}
}
