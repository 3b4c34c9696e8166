package optimise_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

func built(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func keeper() *circuit.Builder {
	b := circuit.NewBuilder()
	b.Keep()
	return b
}

// optimised optimises c and asserts all that is promised: a sound circuit with the same
// ports and stages and the same function, of no more depth, size and wires.
func optimised(t rapid.TB, c *circuit.Circuit, cfg optimise.Config) (*circuit.Circuit, *optimise.Report) {
	t.Helper()
	got, report, err := optimise.Optimise(context.Background(), c, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Check(); err != nil {
		t.Fatal(err)
	}
	if a, b := ports(c), ports(got); a != b {
		t.Fatalf("ports before:\n%s\nafter:\n%s", a, b)
	}
	for id := range circuit.StageID(c.StageCount()) {
		if got.StageCount() != c.StageCount() || got.StagePath(id) != c.StagePath(id) {
			t.Fatalf("stage %d of %d is %q of %d", id, c.StageCount(), got.StagePath(id), got.StageCount())
		}
	}
	model := cfg.Model
	if model == (gates.DepthModel{}) {
		model = gates.Standard()
	}
	before, after := c.Stats(), got.Stats()
	switch depth := got.Levels(model).Depth; {
	case report.After.Depth != depth || report.After.Size != after.Size ||
		report.After.Wires != after.Wires || report.After.Weight.Cmp(after.Weight) != 0:
		t.Fatalf("the report says %+v of %+v, depth %d", report.After, after, depth)
	case depth > c.Levels(model).Depth || after.Size > before.Size || after.Wires > before.Wires:
		t.Fatalf("%+v became %+v", report.Before, report.After)
	}
	if after.Class > max(before.Class, cfg.Class) {
		t.Fatalf("%v became %v", before.Class, after.Class)
	}
	at := report.Before
	for _, s := range report.Savings {
		if s.Dropped {
			t.Fatalf("the result of a pass was thrown away: %+v", s)
		}
		if s.Before != at && fmt.Sprint(s.Before) != fmt.Sprint(at) || s.Changed == 0 {
			t.Fatalf("%+v comes after %+v", s, at)
		}
		if at = s.After; s.Pass != "takein" && s.After.Weight.Cmp(s.Before.Weight) > 0 {
			t.Fatalf("pass %s has raised the weight: %+v", s.Pass, s)
		}
	}
	same(t, c, got)
	return got, report
}

func ports(c *circuit.Circuit) string {
	var text strings.Builder
	for _, list := range [][]circuit.Port{c.InputPorts(), c.OutputPorts()} {
		for _, p := range list {
			fmt.Fprintln(&text, p.Name, len(p.Wires), p.Format)
		}
	}
	return text.String()
}

// same asserts that two circuits agree: on all inputs up to 2^14, on 2^13 random ones
// beyond, or 32 if there are very many inputs.
func same(t rapid.TB, a, b *circuit.Circuit) {
	t.Helper()
	n := len(a.Inputs())
	lanes := 1 << min(n, 13)
	switch {
	case n == 14:
		lanes = 1 << 14
	case n > 1000:
		lanes = 32
	}
	in := eval.NewVectors(n, lanes)
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	for lane := range lanes {
		likely := rng.IntN(9)
		for w := range n {
			if n <= 14 {
				in.Set(w, lane, lane>>w&1 == 1)
			} else {
				in.Set(w, lane, rng.IntN(8) < likely)
			}
		}
	}
	var out [2]*eval.Vectors
	for i, c := range []*circuit.Circuit{a, b} {
		var err error
		if out[i], err = eval.Compile(c, eval.Config{}).Run(context.Background(), in); err != nil {
			t.Fatal(err)
		}
	}
	for lane := range lanes {
		for w := range a.OutputCount() {
			if x, y := out[0].Bit(w, lane), out[1].Bit(w, lane); x != y {
				t.Fatalf("output %d is %v, and was %v, on vector %d", w, y, x, lane)
			}
		}
	}
}

func written(t rapid.TB, c *circuit.Circuit) string {
	t.Helper()
	var file strings.Builder
	if err := c.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// generator makes circuits by arbitrary choices, with a builder that keeps what it is
// given, so that there is something to optimise.
type generator struct {
	choose func(n int) int
	b      *circuit.Builder
	lits   []circuit.Lit
	sums   []circuit.Sum
}

func (r *generator) lit() circuit.Lit {
	if r.choose(20) == 0 {
		return circuit.False.NotIf(r.choose(2) == 0)
	}
	near := min(len(r.lits), 12)
	return r.lits[len(r.lits)-1-r.choose(near)].NotIf(r.choose(3) == 0)
}

func (r *generator) several() []circuit.Lit {
	lits := make([]circuit.Lit, r.choose(5))
	for i := range lits {
		lits[i] = r.lit()
	}
	return lits
}

func (r *generator) weight() circuit.Int {
	if r.choose(30) == 0 {
		return circuit.Pow2(50 + r.choose(20)).Mul(circuit.NewInt(int64(1 - 2*r.choose(2))))
	}
	return circuit.NewInt(int64(r.choose(13) - 5))
}

func (r *generator) sum() circuit.Sum {
	if len(r.sums) > 0 && r.choose(3) == 0 {
		return r.sums[r.choose(len(r.sums))]
	}
	a := r.b.Linear()
	factor := circuit.NewInt(int64(1 + r.choose(3)))
	for range 1 + r.choose(6) {
		if len(r.sums) > 0 && r.choose(6) == 0 {
			a.Add(r.weight().Mul(factor), r.sums[r.choose(len(r.sums))])
		} else {
			a.AddLit(r.weight().Mul(factor), r.lit())
		}
	}
	a.AddConst(r.weight())
	s := a.Sum()
	r.sums = append(r.sums, s)
	return s
}

func (r *generator) step() {
	var l circuit.Lit
	b := r.b
	switch r.choose(14) {
	case 0, 1:
		l = b.And(r.several()...)
	case 2, 3:
		l = b.Or(r.several()...)
	case 4:
		l = b.Nand(r.several()...)
	case 5:
		l = b.Nor(r.several()...)
	case 6:
		l = b.Xor(r.several()...)
	case 7:
		l = b.Xnor(r.several()...)
	case 8:
		l = b.Not(r.lit())
	case 9:
		l = b.Buf(r.lit())
	case 10:
		l = b.Majority(r.several()...)
	case 11:
		m := int64(1 + r.choose(8))
		l = b.ModSum(m, []int64{int64(r.choose(8)), int64(r.choose(8))}, r.sum())
	default:
		s := r.sum()
		lo, hi := b.Bounds(s)
		t := r.weight().Add(circuit.NewInt(4))
		if width, ok := hi.Sub(lo).Int64(); ok && width < 1<<20 {
			t = lo.Add(circuit.NewInt(int64(r.choose(int(width) + 2))))
		}
		l = b.Threshold(s, t)
	}
	r.lits = append(r.lits, l)
}

// randomCircuit makes a circuit with ports of several formats and nested stages.
func randomCircuit(t rapid.TB, choose func(int) int, inputs, steps int) *circuit.Circuit {
	t.Helper()
	r := generator{choose: choose, b: keeper()}
	b := r.b
	half := inputs / 2
	r.lits = append(r.lits, b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, half)...)
	b.Begin("in")
	r.lits = append(
		r.lits,
		b.InputPort("y", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-3)}, inputs-half)...)
	b.End()
	for i := range steps {
		b.Begin(fmt.Sprint("block", i%3))
		b.Begin("inner")
		r.step()
		b.End()
		if i%2 == 0 {
			r.step()
		}
		b.End()
	}
	b.OutputPort("last", circuit.Format{Kind: circuit.Unsigned}, r.lits[max(0, len(r.lits)-6):]...)
	b.OutputPort("hot", circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(5)}, r.lit(), r.lit())
	if len(r.sums) > 0 {
		b.OutputSum("sum", r.sums[len(r.sums)-1])
	}
	return built(t, b)
}

func seeded(seed uint64) func(int) int { return rand.New(rand.NewPCG(seed, 7)).IntN }

func names() []string {
	var list []string
	for _, p := range optimise.Passes() {
		list = append(list, p.Name)
	}
	return list
}

// mustCircuit makes a circuit whose outputs are what make returns.
func mustCircuit(
	t testing.TB,
	inputs int,
	make func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit,
) *circuit.Circuit {
	b := keeper()
	for i, y := range make(b, b.Inputs("x", inputs)) {
		b.Output(fmt.Sprint("y", i), y)
	}
	return built(t, b)
}
