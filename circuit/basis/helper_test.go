package basis_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

var others = []basis.Basis{basis.AC0, basis.MAJ, basis.NC1}

// legalised makes c in the basis, and asserts that the result is a sound circuit of
// the basis with the ports of c.
func legalised(t rapid.TB, c *circuit.Circuit, to basis.Basis) *circuit.Circuit {
	t.Helper()
	got, err := basis.Legalise(context.Background(), c, to)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Check(); err != nil {
		t.Fatalf("%v: %v", to, err)
	}
	if err := basis.Conforms(got, to); err != nil {
		t.Fatal(err)
	}
	if !formattest.SamePorts(t, c, got) {
		t.Fatalf("in %v", to)
	}
	return got
}

// generator makes random circuits of all kinds of gate.
type generator struct {
	b      *circuit.Builder
	choose func(n int) int // a number below n
	lits   []circuit.Lit
	sums   []circuit.Sum
	large  bool // with weights around 2^40
	flat   bool // without nested sums
	logic  bool // with AND, OR and threshold gates only
	wide   int  // the greatest fan-in
}

func (r *generator) lit() circuit.Lit {
	return r.lits[r.choose(len(r.lits))].NotIf(r.choose(2) == 1)
}

func (r *generator) several() []circuit.Lit {
	lits := make([]circuit.Lit, 1+r.choose(r.wide))
	for i := range lits {
		lits[i] = r.lit()
	}
	return lits
}

func (r *generator) weight() circuit.Int {
	w := circuit.NewInt(int64(r.choose(21) - 10))
	if r.large && r.choose(3) == 0 {
		w = w.Mul(circuit.Pow2(38)).Add(circuit.NewInt(int64(r.choose(1 << 20))))
	}
	return w
}

func (r *generator) sum() circuit.Sum {
	a := r.b.Linear()
	for range 1 + r.choose(r.wide) {
		if len(r.sums) > 0 && !r.flat && r.choose(3) == 0 {
			a.Add(r.weight(), r.sums[r.choose(len(r.sums))])
		} else {
			a.AddLit(r.weight(), r.lit())
		}
	}
	a.AddConst(r.weight())
	s := a.Sum()
	r.sums = append(r.sums, s)
	return s
}

func (r *generator) old() circuit.Sum {
	if len(r.sums) == 0 || r.choose(2) == 0 {
		return r.sum()
	}
	return r.sums[r.choose(len(r.sums))]
}

func (r *generator) step() {
	kinds := 10
	if r.logic {
		kinds = 5
	}
	var l circuit.Lit
	switch r.choose(kinds) {
	case 0:
		l = r.b.And(r.several()...)
	case 1:
		l = r.b.Or(r.several()...)
	case 2:
		l = r.b.Majority(r.several()...)
	case 3, 4:
		l = r.b.Threshold(r.old(), r.weight())
	case 5:
		l = r.b.Xor(r.several()...)
	case 6:
		m := int64(2 + r.choose(7))
		l = r.b.ModSum(m, []int64{int64(r.choose(8)), int64(r.choose(8))}, r.old())
	case 7:
		l = r.b.Nand(r.several()...)
	case 8:
		l = r.b.Not(r.b.Buf(r.lit()))
	case 9:
		l = r.b.Xnor(r.several()...)
	}
	r.lits = append(r.lits, l)
}

// randomCircuit makes a circuit with ports of several formats and nested stages.
func randomCircuit(t rapid.TB, r generator, inputs, steps int, keep bool) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	if keep {
		b.Keep()
	}
	r.b = b
	half := inputs / 2
	r.lits = append(r.lits, b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, half)...)
	b.Begin("in")
	r.lits = append(
		r.lits,
		b.InputPort("y", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-3)}, inputs-half)...)
	b.End()
	if keep {
		r.lits = append(r.lits, circuit.True)
	}
	for i := range steps {
		b.Begin(fmt.Sprint("block", i%3))
		if i%2 == 0 {
			b.Begin("inner")
			r.step()
			b.End()
		} else {
			r.step()
		}
		b.End()
	}
	b.OutputPort("all", circuit.Format{Kind: circuit.Unsigned}, r.lits...)
	b.OutputPort("hot", circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(5)}, r.lit(), r.lit())
	if len(r.sums) > 0 {
		b.OutputSum("sum", r.sums[len(r.sums)-1])
	}
	return formattest.Built(t, b)
}

func seeded(seed uint64) func(int) int {
	return rand.New(rand.NewPCG(seed, 7)).IntN
}

// log2 returns ⌈log₂ n⌉.
func log2(n int) int {
	k := 0
	for 1<<k < n {
		k++
	}
	return k
}

// compareCircuit returns [x ≥ y] for two numbers of the given number of bits.
func compareCircuit(t testing.TB, bits int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, bits)
	y := b.InputPort("y", circuit.Format{}, bits)
	a := b.Linear()
	for i := range bits {
		a.AddLit(circuit.Pow2(i), x[i])
		a.AddLit(circuit.Pow2(i).Neg(), y[i])
	}
	b.Output("at least", b.Threshold(a.Sum(), circuit.Int{}))
	return formattest.Built(t, b)
}

func majorityCircuit(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Output("majority", b.Majority(b.Inputs("x", n)...))
	return formattest.Built(t, b)
}

func written(t rapid.TB, c *circuit.Circuit) string {
	t.Helper()
	return formattest.Text(t, c.Write)
}

func levelOf(c *circuit.Circuit, x circuit.Lit) int {
	return int(c.Levels(gates.Standard()).Of(x))
}
