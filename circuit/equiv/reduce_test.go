package equiv

import (
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
)

func silent(int, int) {}

// sameOnAll compares two circuits on all inputs.
func sameOnAll(t rapid.TB, a, b *circuit.Circuit) {
	t.Helper()
	n := len(a.Inputs())
	in := eval.NewVectors(n, 1<<n)
	vector.NewCodec(a.InputPorts()).Counted(in, 0)
	x, err := eval.Compile(a, eval.Config{}).Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	y, err := eval.Compile(b, eval.Config{}).Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Wires() {
		for w, word := range x.Row(i) {
			if y.Row(i)[w] != word {
				t.Fatalf("output %d differs in word %d", i, w)
			}
		}
	}
}

// A reduced circuit computes the same, however few random inputs suggest what is equal:
// with 64 of them most suggestions are wrong.
func TestReduceKeepsTheFunction(t *testing.T) {
	suggested, merged := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := 3 + r.IntN(9)
		b := circuit.NewBuilder()
		lits := b.Inputs("x", n)
		for range 5 + r.IntN(120) {
			in := make([]circuit.Lit, 2+r.IntN(3)*r.IntN(3))
			for i := range in {
				in[i] = lits[max(r.IntN(len(lits)), r.IntN(len(lits)))].NotIf(r.IntN(2) == 1)
			}
			lits = append(lits, []func(...circuit.Lit) circuit.Lit{b.And, b.Or, b.Xor}[r.IntN(3)](in...))
		}
		b.Output("y", lits[len(lits)-4:]...)
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		got, found, err := reduce(context.Background(), c, 64<<r.IntN(4), 1, nil, nil, silent)
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Check(); err != nil {
			t.Fatal(err)
		}
		if got.Size() > c.Size() {
			t.Fatalf("%d gates became %d", c.Size(), got.Size())
		}
		sameOnAll(t, c, got)
		suggested, merged = suggested+found.Candidates, merged+found.Merged
	})
	if merged == 0 || merged == suggested {
		t.Errorf("%d pairs were suggested and %d merged", suggested, merged)
	}
}

// adders is the miter of two adders of n bits that write XOR and carries in other ways.
func adders(t *testing.T, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x, y := b.InputPort("x", circuit.Format{}, n), b.InputPort("y", circuit.Format{}, n)
	c, d := circuit.False, circuit.False
	var differ []circuit.Lit
	for i := range n {
		p := b.Xor(x[i], y[i])
		s := b.Xor(p, c)
		c = b.Or(b.And(x[i], y[i]), b.And(p, c)) // generate, propagate
		q := b.Or(b.And(x[i], y[i].Not()), b.And(x[i].Not(), y[i]))
		u := b.And(b.Or(q, d), b.And(q, d).Not())
		d = b.Or(b.And(x[i], y[i]), b.And(x[i], d), b.And(y[i], d)) // majority
		differ = append(differ, b.Xor(s, u))
	}
	b.Output("differ", b.Or(append(differ, b.Xor(c, d))...))
	m, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Two ways to write XOR, carries and so on become one, from the inputs to the outputs.
func TestReduceMergesAdders(t *testing.T) {
	const n = 64
	got, found, err := reduce(t.Context(), adders(t, n), reduceLanes, 1, nil, nil, silent)
	if err != nil {
		t.Fatal(err)
	}
	if got.Outputs()[0] != circuit.False || found.Merged < n-1 {
		t.Errorf("%d gates are left, %d pairs were merged", got.Size(), found.Merged)
	}
}

// What differs on one input of 2^n only is not merged.
func TestReduceRareDifference(t *testing.T) {
	for _, n := range []int{6, 10, 12, 13, 30} {
		b := circuit.NewBuilder()
		x := b.Inputs("x", n)
		chain := x[0]
		for _, l := range x[1:] {
			chain = b.And(chain, l.Not())
		}
		b.Output("y", chain)
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := reduce(t.Context(), c, 64, 1, nil, nil, silent)
		if err != nil {
			t.Fatal(err)
		}
		if got.Outputs()[0].IsConst() {
			t.Errorf("a conjunction of %d literals became constant", n)
		}
	}
}

func BenchmarkReduce(b *testing.B) {
	builder := circuit.NewBuilder()
	builder.Output("y", builder.Majority(builder.Inputs("x", 1001)...))
	c, err := builder.Circuit()
	if err != nil {
		b.Fatal(err)
	}
	if c, err = basis.Express(b.Context(), c, basis.Repertoire{Xor: true}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := reduce(b.Context(), c, reduceLanes, 1, nil, nil, silent); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(c.Size()*b.N)/b.Elapsed().Seconds()/1e6, "Mgates/s")
}
