package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

func boolean(t *testing.T, samples int, build func(b *circuit.Builder)) *analysis.Boolean {
	t.Helper()
	b := circuit.NewBuilder()
	build(b)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	f, err := analysis.AnalyseBoolean(t.Context(), c, 0, samples, 1)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func near(x, y, by float64) bool { return math.Abs(x-y) <= by }

func TestBooleanOfKnownFunctions(t *testing.T) {
	// Parity has all its weight on the highest level, and every input always matters.
	f := boolean(t, 0, func(b *circuit.Builder) { b.Output("y", b.Xor(b.Inputs("x", 9)...)) })
	if !f.Exact || f.Weights[9] != 1 || f.Sensitivity != 9 || f.Ones != 0.5 {
		t.Errorf("parity: %+v", f)
	}
	// AND of n: influence 2^(1−n), f̂(S)² = 4^(1−n) but for f̂(∅) = 1 − 2^(1−n).
	f = boolean(t, 0, func(b *circuit.Builder) { b.Output("y", b.And(b.Inputs("x", 5)...)) })
	if f.Ones != 1.0/32 || f.Influences[3] != 1.0/16 || !near(f.Weights[0], 15.0/16*15/16, 1e-12) ||
		!near(f.Weights[2], 10.0/256, 1e-12) {
		t.Errorf("and: %+v", f)
	}
	// Majority of 3: f̂ of single inputs 1/2, of all three −1/2.
	f = boolean(t, 0, func(b *circuit.Builder) { b.Output("y", b.Majority(b.Inputs("x", 3)...)) })
	if !near(f.Weights[1], 0.75, 1e-12) || !near(f.Weights[3], 0.25, 1e-12) || f.Weights[0] != 0 ||
		f.Sensitivity != 1.5 {
		t.Errorf("majority: %+v", f)
	}
	// The total influence is Σ k·W_k (Parseval).
	f = boolean(t, 0, func(b *circuit.Builder) {
		x := b.Inputs("x", 10)
		b.Output(
			"y",
			b.Or(b.And(x[0], x[1], x[2]), b.And(x[3], x[4].Not(), x[5]), b.Xor(x[6:8]...), b.AtLeast(2, x[7:]...)),
		)
	})
	sum, total := 0.0, 0.0
	for k, w := range f.Weights {
		sum += float64(k) * w
		total += w
	}
	if !near(sum, f.Sensitivity, 1e-9) || !near(total, 1, 1e-12) {
		t.Errorf("Σ k·W_k = %v, sensitivity %v, ΣW = %v", sum, f.Sensitivity, total)
	}
}

// Samples agree with what is known: majority of 41.
func TestBooleanSampled(t *testing.T) {
	f := boolean(t, 40_000, func(b *circuit.Builder) { b.Output("y", b.Majority(b.Inputs("x", 41)...)) })
	influence := 1.0 // C(40, 20)/2^40
	for k := range 20 {
		influence *= float64(21+k) / float64(k+1) / 4
	}
	if f.Exact || len(f.Weights) != 3 || !near(f.Influences[7], influence, 0.01) ||
		!near(f.Sensitivity, 41*influence, 0.15) {
		t.Errorf("influence %v, want %v; sensitivity %v", f.Influences[7], influence, f.Sensitivity)
	}
	for k, want := range []float64{0, 41 * influence * influence, 0} {
		if !near(f.Weights[k], want, 5*f.Errors[k]) || f.Errors[k] <= 0 {
			t.Errorf("level %d: %v ± %v, want %v", k, f.Weights[k], f.Errors[k], want)
		}
	}
	if _, err := analysis.AnalyseBoolean(t.Context(), mustCircuit(t, 30), 0, 1, 1); err == nil {
		t.Error("one sample is enough")
	}
	if _, err := analysis.AnalyseBoolean(t.Context(), mustCircuit(t, 3), 1, 1, 1); err == nil {
		t.Error("there is a second output")
	}
}

func mustCircuit(t *testing.T, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	b.Output("odd", b.Xor(b.Inputs("x", n)...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Parity stays parity of what is left, and an OR of ANDs collapses.
func TestRestrict(t *testing.T) {
	fractions := []float64{0, 0.25, 1}
	odd, err := analysis.Restrict(t.Context(), mustCircuit(t, 64), fractions, 50, 3, gates.Standard(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if odd[0].Constant != 1 || odd[0].Size != 0 || odd[1].Constant != 0 || odd[1].Live != odd[1].Inputs ||
		odd[2].Share != 1 ||
		odd[2].Live != 64 {
		t.Errorf("parity: %+v", odd)
	}
	b := circuit.NewBuilder()
	x := b.Inputs("x", 64)
	var terms []circuit.Lit
	for i := range 16 {
		terms = append(terms, b.And(x[4*i:4*i+4]...))
	}
	b.Output("y", b.Or(terms...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	dnf, err := analysis.Restrict(t.Context(), c, fractions, 200, 3, gates.Standard(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if dnf[0].Constant != 1 || dnf[1].Constant < 0.2 || dnf[1].Share > 0.2 || dnf[2].Size != 17 || dnf[2].Depth != 2 {
		t.Errorf("an OR of ANDs: %+v", dnf)
	}
	for _, bad := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := analysis.Restrict(t.Context(), c, []float64{bad}, 2, 3, gates.Standard(), nil); err == nil {
			t.Errorf("fraction %v: no error", bad)
		}
	}
	if _, err := analysis.Restrict(t.Context(), c, nil, 0, 3, gates.Standard(), nil); err == nil {
		t.Error("no trials")
	}
}

// The switching lemma is for ORs of ANDs and ANDs of ORs, as they are built.
func TestSwitchingWidth(t *testing.T) {
	for name, test := range map[string]struct {
		build func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		width int
		ok    bool
	}{
		"OR of ANDs": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(x[0], x[1].Not(), x[2]), b.And(x[3], x[4]), x[5])
		}, 3, true},
		"AND of ORs": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.And(b.Or(x[0], x[1]), b.Nand(x[2], x[3]))
		}, 2, true},
		"NOR of ANDs": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Nor(b.And(x[0], x[1]), b.Nor(x[2], x[3], x[4], x[5]))
		}, 4, true},
		"NOTs that are kept": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			b.Keep()
			return b.Logic(gates.Not, b.Or(b.Logic(gates.Not, x[0]), b.Nor(x[1], b.Logic(gates.Not, x[2]))))
		}, 2, true},
		"an AND":   {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, 1, true},
		"an input": {func(_ *circuit.Builder, x []circuit.Lit) circuit.Lit { return x[0] }, 1, true},
		"constant": {func(*circuit.Builder, []circuit.Lit) circuit.Lit { return circuit.True }, 0, true},
		"depth 3": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(x[0], b.Or(x[1], x[2])), x[3])
		}, 0, false},
		"an XOR": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x[0], x[1]) }, 0, false},
		"OR of XORs": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.Xor(x[0], x[1]), x[2])
		}, 0, false},
	} {
		b := circuit.NewBuilder()
		b.Output("y", test.build(b, b.Inputs("x", 6)))
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		if width, ok := analysis.SwitchingWidth(c); width != test.width || ok != test.ok {
			t.Errorf("%s: width %d, %v; want %d, %v", name, width, ok, test.width, test.ok)
		}
	}
}

// Over all restrictions of six inputs the share of decided outputs is at least what the lemma says.
func TestSwitching(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		b := circuit.NewBuilder()
		x := b.Inputs("x", 6)
		var terms []circuit.Lit
		for range 5 {
			i := rng.IntN(5)
			terms = append(terms, b.And(x[i].NotIf(rng.IntN(2) == 0), x[i+1+rng.IntN(5-i)].NotIf(rng.IntN(2) == 0)))
		}
		b.Output("y", b.Or(terms...))
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		width, ok := analysis.SwitchingWidth(c)
		if !ok || width > 2 {
			t.Fatalf("width %d, %v", width, ok)
		}
		for _, free := range []float64{0.01, 0.05, 0.09} {
			decided := 0.0
			for code := range 729 {
				value, chance := make([]circuit.Lit, 6), 1.0
				for i := range value {
					value[i] = circuit.Lit(code % 3) // the third one is neither of the constants
					if code /= 3; value[i].IsConst() {
						chance *= (1 - free) / 2
					} else {
						chance *= free
					}
				}
				left, err := c.Restrict(value)
				if err != nil {
					t.Fatal(err)
				}
				if left.Outputs()[0].IsConst() {
					decided += chance
				}
			}
			if least := analysis.Switching(free, width); decided < least || decided > 1.000001 || least < 0.09 {
				t.Errorf("ρ=%v, width %d: %v is decided, at least %v by the lemma", free, width, decided, least)
			}
		}
	}
}

// Of many inputs the neighbours of a point are tried in parts.
func TestSampledWithManyInputs(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5000)
	b.Output("y", b.Xor(b.And(x[0], x[4999]), x[4500]))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	f, err := analysis.AnalyseBoolean(t.Context(), c, 0, 400, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range f.Influences {
		want, slack := 0.0, 0.0
		switch i {
		case 0, 4999:
			want, slack = 0.5, 0.1
		case 4500:
			want = 1
		}
		if math.Abs(v-want) > slack {
			t.Errorf("input %d: influence %v, want %v", i, v, want)
		}
	}
	b = circuit.NewBuilder()
	b.Output("y", b.And(b.Inputs("x", 1<<17)...))
	if c, err = b.Circuit(); err != nil {
		t.Fatal(err)
	}
	if _, err := analysis.AnalyseBoolean(t.Context(), c, 0, 100, 2); err == nil {
		t.Error("2^17 inputs: no error")
	}
}

// tailOf returns what theorems say of the first output of a circuit, by their formulas.
func tailOf(
	t *testing.T, build func(b *circuit.Builder, x []circuit.Lit) circuit.Lit,
) (*circuit.Circuit, []analysis.Tail) {
	t.Helper()
	b := circuit.NewBuilder()
	b.Output("y", build(b, b.Inputs("x", 6)))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c, analysis.Tails(c, 0)
}

// The theorems about AND and OR gates say what their formulas do, from the least level on where that is below 1.
func TestTails(t *testing.T) {
	for name, test := range map[string]struct {
		build func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		want  []string
	}{
		"an AND": {
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) },
			[]string{"1/k from 2", "4·2^(−(k−1)/20) from 42"},
		},
		"OR of ANDs": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(x[0], x[1].Not(), x[2]), b.And(x[3], x[4]))
		}, []string{"3/k from 4", "12·2^(−(k−1)^(1/2)/20) from 5142"}},
		"depth 3": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(x[0], b.Or(x[1], x[2])), x[3])
		}, []string{"12·2^(−(k−1)^(1/3)/20) from 368592"}},
		"an input":    {func(_ *circuit.Builder, x []circuit.Lit) circuit.Lit { return x[0] }, []string{"1/k from 2"}},
		"an XOR":      {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }, nil},
		"AND of XORs": {func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(b.Xor(x[0], x[1]), x[2]) }, nil},
		"constant":    {func(*circuit.Builder, []circuit.Lit) circuit.Lit { return circuit.True }, nil},
	} {
		_, tails := tailOf(t, test.build)
		var got []string
		for _, tail := range tails {
			got = append(got, fmt.Sprintf("%s from %d", tail.Formula, tail.From))
			if before, at := tail.At(tail.From-1), tail.At(tail.From); !(before >= 1-1e-9 && at < 1) {
				t.Errorf("%s: %s is %v before level %d and %v there", name, tail.Formula, before, tail.From, at)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// No OR of ANDs has more weight on high levels than the theorems say.
func TestTailsHold(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		c, tails := tailOf(t, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			var terms []circuit.Lit
			for range 1 + rng.IntN(6) {
				var term []circuit.Lit
				for _, i := range rng.Perm(6)[:2+rng.IntN(2)] {
					term = append(term, x[i].NotIf(rng.IntN(2) == 0))
				}
				terms = append(terms, b.And(term...))
			}
			return b.Or(terms...)
		})
		f, err := analysis.AnalyseBoolean(t.Context(), c, 0, 100, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(tails) == 0 && f.Ones > 0 && f.Ones < 1 {
			t.Error("nothing is said of an OR of ANDs")
		}
		left := 0.0
		for k := len(f.Weights) - 1; k >= 1; k-- {
			left += f.Weights[k]
			for _, tail := range tails {
				if most := tail.At(k); left > most+1e-9 {
					t.Errorf("the weight from level %d on is %v, and at most %s = %v", k, left, tail.Formula, most)
				}
			}
		}
	}
}
