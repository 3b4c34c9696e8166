package pb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crillab/gophersat/solver"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
	"github.com/tc0lab/tc0/gates"
)

func encoded(t testing.TB, c *circuit.Circuit, cfg pb.Config) (*pb.Encoding, []pb.Constraint) {
	t.Helper()
	e, err := pb.New(c, cfg)
	if err != nil {
		t.Fatal(err)
	}
	var all []pb.Constraint
	err = e.Constraints(func(k pb.Constraint) error {
		all = append(all, pb.Constraint{Lits: slices.Clone(k.Lits), Weights: slices.Clone(k.Weights), Bound: k.Bound})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := e.Count(); n != len(all) || err != nil {
		t.Fatalf("%d constraints, %v; want %d", n, err, len(all))
	}
	checkForm(t, e, all)
	return e, all
}

// checkForm asserts what is promised of a constraint's form.
func checkForm(t testing.TB, e *pb.Encoding, all []pb.Constraint) {
	t.Helper()
	for _, k := range all {
		seen := map[int]bool{}
		if len(k.Lits) == 0 || k.Weights != nil && len(k.Weights) != len(k.Lits) || k.Bound.Sign() <= 0 {
			t.Fatalf("constraint %v", k)
		}
		for i, l := range k.Lits {
			v := max(l, -l)
			if v < 1 || v > e.Variables() || seen[v] {
				t.Fatalf("constraint %v has variable %d out of place", k, v)
			}
			seen[v] = true
			if k.Weights != nil && (k.Weights[i].Sign() <= 0 || k.Weights[i].Cmp(k.Bound) > 0) {
				t.Fatalf("constraint %v has a weight %v", k, k.Weights[i])
			}
		}
	}
}

func holds(k pb.Constraint, model []bool) bool {
	var s circuit.Int
	for i, l := range k.Lits {
		if model[max(l, -l)-1] != (l > 0) {
			continue
		}
		if k.Weights == nil {
			s = s.Add(circuit.NewInt(1))
		} else {
			s = s.Add(k.Weights[i])
		}
	}
	return s.Cmp(k.Bound) >= 0
}

func satisfied(all []pb.Constraint, model []bool) bool {
	return !slices.ContainsFunc(all, func(k pb.Constraint) bool { return !holds(k, model) })
}

func text(all []pb.Constraint) string {
	var lines []string
	for _, k := range all {
		var b strings.Builder
		for i, l := range k.Lits {
			if k.Weights != nil {
				fmt.Fprintf(&b, "%v*", k.Weights[i])
			}
			fmt.Fprintf(&b, "%d ", l)
		}
		lines = append(lines, fmt.Sprintf("%s>= %v", b.String(), k.Bound))
	}
	return strings.Join(lines, "; ")
}

// TestOneGate asserts the constraints of each kind of gate.
func TestOneGate(t *testing.T) {
	three := func(x []circuit.Lit) []circuit.Lit { return []circuit.Lit{x[0], x[1].Not(), x[2]} }
	sum := func(b *circuit.Builder, x []circuit.Lit, weights ...int64) circuit.Sum {
		var terms []circuit.Term
		for i, w := range weights {
			terms = append(terms, circuit.Weigh(w, x[i]))
		}
		return b.Sum(terms...)
	}
	for _, test := range []struct {
		name string
		make func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		want string
	}{
		{
			"and", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(three(x)...) },
			"3*-4 1*1 1*-2 1*3 >= 3; 4 -1 2 -3 >= 1",
		},
		{
			"or", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(three(x)...) },
			"3*4 1*-1 1*2 1*-3 >= 3; -4 1 -2 3 >= 1",
		},
		{
			"nand", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nand(three(x)...) },
			"3*4 1*1 1*-2 1*3 >= 3; -4 -1 2 -3 >= 1",
		},
		{
			"nor", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Nor(three(x)...) },
			"3*-4 1*-1 1*2 1*-3 >= 3; 4 1 -2 3 >= 1",
		},
		{
			"xor", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[0], x[1].Not()) },
			"1 -2 -4 >= 1; -1 2 -4 >= 1; -1 -2 4 >= 1; 1 2 4 >= 1",
		},
		{
			"xnor", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xnor(x[0], x[1]) },
			"1 2 4 >= 1; -1 -2 4 >= 1; -1 2 -4 >= 1; 1 -2 -4 >= 1",
		},
		{"not", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Not(x[0]) }, ""},
		{
			"majority", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(three(x)...) },
			"2*-4 1*1 1*-2 1*3 >= 2; 2*4 1*-1 1*2 1*-3 >= 2",
		},
		// 3x − 2y + 5z ≥ 4 is 3x + 2¬y + 5z ≥ 6 of 10.
		{"threshold", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(sum(b, x, 3, -2, 5), circuit.NewInt(4))
		}, "6*-4 3*1 2*-2 5*3 >= 6; 5*4 3*-1 2*2 5*-3 >= 5"},
		{"saturated", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(sum(b, x, 30, 2, 1), circuit.NewInt(3))
		}, "3*-4 3*1 2*2 1*3 >= 3; 31*4 30*-1 2*-2 1*-3 >= 31"},
		{"always", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(sum(b, x, 3, -2), circuit.NewInt(-2))
		}, "4 >= 1"},
		{"never", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(sum(b, x, 3, -2), circuit.NewInt(4))
		}, "-4 >= 1"},
		{"empty sum", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Threshold(sum(b, x), circuit.NewInt(1))
		}, "-4 >= 1"},
		{"and of none", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And() }, "4 >= 1"},
		{"or of none", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or() }, "-4 >= 1"},
		{
			"repeated", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[0], x[0]) },
			"-4 1 >= 1; 4 -1 >= 1",
		},
		{
			"contradiction",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x[0], x[1], x[0].Not()) },
			"-4 >= 1",
		},
		{
			"xor of equals", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[0], x[0]) },
			"-4 >= 1",
		},
		{
			"xor of opposites", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[0], x[0].Not()) },
			"4 >= 1",
		},
		{
			"constant", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(circuit.True, x[0]) },
			"-4 >= 1; 2*-5 1*1 1*-4 >= 2; 5 -1 4 >= 1",
		},
		{"constant output", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return circuit.True }, "-4 >= 1"},
		{"input", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return x[1] }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := circuit.NewBuilder()
			b.Keep()
			x := b.Inputs("x", 3)
			b.Output("y", test.make(b, x))
			_, all := encoded(t, formattest.Built(t, b), pb.Config{})
			if got := text(all); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestModels goes through all inputs: with the gates' own values they satisfy the
// constraints just where the asserted literals are 1, and with any other value of one
// gate they do not.
func TestModels(t *testing.T) {
	for seed := range uint64(120) {
		c := formattest.Random(
			t,
			random.Config{
				Seed:   seed,
				Inputs: 5,
				Gates:  12,
				Set:    pb.Repertoire(),
				Keep:   seed%2 == 0,
				Bits:   int(seed%4) * 31,
			},
		)
		out := c.Outputs()
		for _, assert := range [][]circuit.Lit{nil, out[:1], {out[1], out[2].Not()}, {circuit.True}, {circuit.False}} {
			e, all := encoded(t, c, pb.Config{Assert: assert})
			for v := range 1 << 5 {
				value, model := modelOf(t, c, e, v)
				want := true
				for _, l := range assert {
					want = want && value[l.Gate()] != l.IsComplement()
				}
				if got := satisfied(all, model); got != want {
					t.Fatalf("seed %d, asserting %v, input %05b: satisfied %v, want %v", seed, assert, v, got, want)
				}
				for i := 5; i < len(model); i++ {
					if model[i] = !model[i]; satisfied(all, model) {
						t.Fatalf(
							"seed %d, asserting %v, input %05b: satisfied with variable %d wrong",
							seed,
							assert,
							v,
							i+1,
						)
					}
					model[i] = !model[i]
				}
			}
		}
	}
}

// modelOf evaluates c on the bits of v.
func modelOf(t testing.TB, c *circuit.Circuit, e *pb.Encoding, v int) (value, model []bool) {
	t.Helper()
	in := make([]bool, len(c.Inputs()))
	for i := range in {
		in[i] = v>>i&1 == 1
	}
	value, err := c.EvalAll(in)
	if err != nil {
		t.Fatal(err)
	}
	model = make([]bool, e.Variables())
	copy(model, in)
	for g := range circuit.Gate(c.Len()) {
		if l := e.Lit(g.Lit()); l != 0 {
			model[max(l, -l)-1] = value[g] == (l > 0)
		}
	}
	if got := e.Inputs(model); !slices.Equal(got, in) {
		t.Fatalf("the model's inputs are %v, want %v", got, in)
	}
	return value, model
}

// TestOneSided asserts that leaving out directions changes no answer, by a solver.
func TestOneSided(t *testing.T) {
	fewer := 0
	for seed := range uint64(60) {
		c := formattest.Random(
			t,
			random.Config{Seed: seed, Inputs: 5, Gates: 14, Set: pb.Repertoire(), Keep: seed%2 == 0},
		)
		assert := c.Outputs()[:1]
		want := false
		for v := range 1 << 5 {
			value, _ := modelOf(t, c, must(pb.New(c, pb.Config{})), v)
			want = want || value[assert[0].Gate()] != assert[0].IsComplement()
		}
		var sizes [2]int
		for i, oneSided := range []bool{false, true} {
			e, all := encoded(t, c, pb.Config{Assert: assert, OneSided: oneSided})
			sizes[i] = len(all)
			model, sat := solve(e, all)
			if sat != want {
				t.Fatalf("seed %d, one-sided %v: satisfiable %v, want %v", seed, oneSided, sat, want)
			}
			if !sat {
				continue
			}
			if out, err := c.Eval(e.Inputs(model)); err != nil || !out[0] {
				t.Fatalf("seed %d, one-sided %v: the model's inputs give %v, %v", seed, oneSided, out, err)
			}
		}
		if sizes[1] > sizes[0] {
			t.Fatalf("seed %d: one-sided %d constraints, else %d", seed, sizes[1], sizes[0])
		}
		fewer += sizes[0] - sizes[1]
	}
	if fewer == 0 {
		t.Error("one-sided constraints are not fewer")
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// solve asks gophersat, for constraints of small weights.
func solve(e *pb.Encoding, all []pb.Constraint) (model []bool, sat bool) {
	var problem []solver.PBConstr
	for _, k := range all {
		var weights []int
		for _, w := range k.Weights {
			v, _ := w.Int64()
			weights = append(weights, int(v))
		}
		bound, _ := k.Bound.Int64()
		problem = append(problem, solver.GtEq(slices.Clone(k.Lits), weights, int(bound)))
	}
	for v := 1; v <= e.Variables(); v++ { // so that the model has all variables
		problem = append(problem, solver.PropClause(v, -v))
	}
	s := solver.New(solver.ParsePBConstrs(problem))
	if s.Solve() != solver.Sat {
		return nil, false
	}
	return s.Model(), true
}

func TestErrors(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := b.And(x[0], x[1])
	m := b.Mod(3, []int64{1}, x...)
	b.Output("y", y)
	b.Output("m", m)
	c := formattest.Built(t, b)
	var unfit *netlist.UnfitError
	_, err := pb.Encode(c, nil, func(pb.Constraint) error { return nil })
	if !errors.As(err, &unfit) || unfit.Gate != m.Gate() ||
		err.Error() != "a pseudo-Boolean constraint has no words for gate 5, a MOD gate" {
		t.Errorf("MOD: %v", err)
	}
	// A gate that is not asked for may be anything.
	if _, err = pb.Encode(c, []circuit.Lit{y}, func(pb.Constraint) error { return nil }); err != nil {
		t.Error(err)
	}
	var assert *pb.AssertError
	_, err = pb.New(c, pb.Config{Assert: []circuit.Lit{circuit.Gate(6).Lit().Not()}})
	if !errors.As(err, &assert) || err.Error() != "pb: literal ¬g6 cannot be asserted: the circuit has gates 0 to 5" {
		t.Errorf("assert: %v", err)
	}
	stop := errors.New("stop")
	calls := 0
	_, err = pb.Encode(c, []circuit.Lit{y}, func(pb.Constraint) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// TestNumbering asserts what is promised of variables.
func TestNumbering(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Input("x")
	unused := b.And(x, x)
	y := b.Input("y")
	not := b.Not(y)
	and := b.And(x, not)
	b.Output("and", and, and.Not())
	b.Output("true", circuit.True)
	c := formattest.Built(t, b)
	e := must(pb.New(c, pb.Config{}))
	for _, test := range []struct {
		lit  circuit.Lit
		want int
	}{
		{x, 1},
		{y, 2},
		{y.Not(), -2},
		{circuit.False, 3},
		{circuit.True, -3},
		{not, -2},
		{not.Not(), 2},
		{and, 4},
		{unused, 0},
	} {
		if got := e.Lit(test.lit); got != test.want {
			t.Errorf("literal %v is %d, want %d", test.lit, got, test.want)
		}
	}
	if e.Variables() != 4 || e.Lit(c.Inputs()[1].Lit()) != 2 || c.Kind(not.Gate()) != gates.Not {
		t.Errorf("%d variables, input 1 is %d", e.Variables(), e.Lit(c.Inputs()[1].Lit()))
	}
	if got := e.Inputs([]bool{true}); !slices.Equal(got, []bool{true, false}) {
		t.Errorf("inputs of a short model: %v", got)
	}
}

// TestDeep asserts that the depth of a circuit costs no stack.
func TestDeep(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 2)
	l := x[0]
	const n = 1_000_000
	for range n {
		l = b.And(l, x[1])
	}
	b.Output("y", l)
	e := must(pb.New(formattest.Built(t, b), pb.Config{Assert: []circuit.Lit{l}, OneSided: true}))
	if got, err := e.Count(); got != n+1 || err != nil {
		t.Errorf("%d constraints, %v", got, err)
	}
}
