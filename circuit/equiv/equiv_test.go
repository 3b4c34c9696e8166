package equiv_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/internal/tooltest"
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

// equivalent checks two circuits. If no time limit is given, then solvers may take as long as
// the tests of this package have, and a test whose solver is late is skipped.
func equivalent(t rapid.TB, a, b *circuit.Circuit, cfg equiv.Config) *equiv.Result {
	t.Helper()
	given := cfg.Timeout > 0
	cfg.Timeout = cmp.Or(cfg.Timeout, tooltest.Limit(t))
	e, err := equiv.Check(context.Background(), a, b, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range e.Solvers {
		tooltest.SkipIf(t, !given && s.Answer == "no answer in time", s.Name)
	}
	return e
}

func TestEquivalentAllInputs(t *testing.T) {
	a := majorityOf(t, 20)
	e := equivalent(t, a, express(t, a, basis.Repertoire{}), equiv.Config{Seed: 3})
	if e.Verdict != equiv.Proved || e.Exhaustive != 1<<20 || e.InputsBy != equiv.ByPort || e.OutputsBy != equiv.ByPort {
		t.Errorf("%+v", e)
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
	e := equivalent(t, build(false), build(true), equiv.Config{Solvers: own})
	if e.Verdict != equiv.Refuted || e.Random != equiv.DefaultRandomInputs || e.Difference == nil {
		t.Fatalf("%+v", e)
	}
	for i, bit := range e.Difference.Bits {
		if bit != (i%3 == 0) {
			t.Errorf("input bit %d is %v", i, bit)
		}
	}
	if got, want := vector.PortText(e.Difference.Inputs), fmt.Sprintf("x=%d", 0o11111111+1<<24); got != want {
		t.Errorf("the input is shown as %s, want %s", got, want)
	}
	if got := vector.PortText(e.Difference.A) + " " + vector.PortText(e.Difference.B); got != "y=0 y=1" {
		t.Errorf("the outputs are shown as %s", got)
	}
}

// Random circuits and what Express makes of them are equivalent; with one gate changed,
// the verdict is that of trying all inputs by the simple evaluator.
func TestEquivalentProperty(t *testing.T) {
	methods := []equiv.Method{equiv.Automatic, equiv.Exhaustive, equiv.Solve}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		change := rapid.IntRange(-1, 9).Draw(t, "change")
		a, b := randomGates(t, seed, -1), randomGates(t, seed, change)
		if rapid.Bool().Draw(t, "express") {
			b = express(t, b, basis.Repertoire{Xor: true})
		}
		want, first := equiv.Proved, ""
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
				want, first = equiv.Refuted, fmt.Sprint(bits)
				break
			}
		}
		for i, m := range append(methods, equiv.Solve) {
			solvers := own
			if i == len(methods) {
				solvers = ownSum
			}
			e := equivalent(t, a, b, equiv.Config{Method: m, Solvers: solvers})
			if e.Verdict != want {
				t.Fatalf("method %q: %v, want %v (differ on %s)", m, e.Verdict, want, first)
			}
			if want == equiv.Refuted {
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
			s.AddLit(circuit.NewInt(int64(r.IntN(9)-4)), in[k])
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
			l = b.Threshold(s.Sum(), circuit.NewInt(bound))
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
		e := equivalent(t, a, b, equiv.Config{Method: equiv.Simulate})
		if e.Verdict != equiv.Refuted || e.Random > equiv.DefaultRandomInputs {
			t.Errorf("gate %d: %v after %d inputs", planted, e.Verdict, e.Random)
		}
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
	e := equivalent(t, a, b, equiv.Config{Signals: [2][]string{namesA, namesB}})
	if e.Difference == nil {
		t.Fatal(e.Verdict)
	}
	if got := fmt.Sprint(e.Difference.Signals); got != "[{p 1 0 1} {r 2 0 1}]" {
		t.Errorf("signals %s", got)
	}
}

func TestEquivalentStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, m := range []equiv.Method{equiv.Automatic, equiv.Exhaustive, equiv.Solve} {
		if _, err := equiv.Check(ctx, majorityOf(t, 20), halvesOf(t, 20), equiv.Config{Method: m}); !errors.Is(
			err,
			context.Canceled,
		) {
			t.Errorf("method %q: error %v", m, err)
		}
	}
	// Nothing is decided in no time.
	e := equivalent(
		t,
		majorityOf(t, 24),
		express(t, majorityOf(t, 24), basis.Repertoire{}),
		equiv.Config{Timeout: time.Nanosecond},
	)
	if e.Verdict != equiv.Consistent || !strings.Contains(e.How, "time limit of 1ns") {
		t.Errorf("%v: %s", e.Verdict, e.How)
	}
}
