package circuit_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

func TestSumHandles(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	for _, test := range []struct {
		sum  circuit.Sum
		want circuit.Lit
		ok   bool
	}{
		{circuit.Sum{}, circuit.False, true},
		{circuit.Constant(circuit.NewInt(1)), circuit.True, true},
		{circuit.Constant(circuit.NewInt(2)), 0, false},
		{circuit.Constant(circuit.NewInt(-1)), 0, false},
		{circuit.False.Value(), circuit.False, true},
		{circuit.True.Value(), circuit.True, true},
		{x[0].Value(), x[0], true},
		{x[1].Not().Value(), x[1].Not(), true},
		{b.Sum(circuit.Weigh(-1, x[0])).Plus(circuit.NewInt(1)), x[0].Not(), true},
		{b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[0]), circuit.Weigh(0, x[1])), x[0], true},
		{x[0].Value().Times(circuit.NewInt(0)).Plus(circuit.NewInt(1)), circuit.True, true},
		{x[0].Value().Times(circuit.NewInt(-1)), 0, false},
		{x[0].Value().Times(circuit.NewInt(2)), 0, false},
		{x[0].Value().Plus(circuit.NewInt(1)), 0, false},
		{b.Count(x...), 0, false},
	} {
		if got, ok := test.sum.Lit(); ok != test.ok || ok && got != test.want {
			t.Errorf("%+v is the literal %v, %v; want %v, %v", test.sum, got, ok, test.want, test.ok)
		}
	}
	if k, ok := b.Sum(circuit.Weigh(5, x[0]), circuit.Weigh(5, x[0].Not())).IsConst(); !ok ||
		k.Cmp(circuit.NewInt(5)) != 0 {
		t.Errorf("5x + 5¬x is %v, %v", k, ok)
	}
	if _, ok := b.Count(x...).IsConst(); ok {
		t.Error("x + y is constant")
	}
}

// TestSumsAreShared lists expressions that must be one node up to an affine change.
func TestSumsAreShared(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	want, _, _ := b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(-3, x[2])).Parts()
	huge := circuit.Pow2(200)
	for i, s := range []circuit.Sum{
		b.Sum(circuit.Weigh(-3, x[2]), circuit.Weigh(2, x[0])),
		b.Sum(circuit.Weigh(-2, x[0]), circuit.Weigh(3, x[2])),
		b.Sum(circuit.Weigh(20, x[0]), circuit.Weigh(-30, x[2])).Plus(circuit.NewInt(7)),
		b.Sum(circuit.Weigh(-2, x[0].Not()), circuit.Weigh(3, x[2].Not())),
		b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(4, x[1]), circuit.Weigh(-3, x[2]), circuit.Weigh(1, x[0]),
			circuit.Weigh(-4, x[1])),
		b.Sum(circuit.Term{Weight: huge.Mul(circuit.NewInt(2)), Of: x[0].Value()},
			circuit.Term{Weight: huge.Mul(circuit.NewInt(-3)), Of: x[2].Value()}),
	} {
		if ref, _, _ := s.Parts(); ref != want {
			t.Errorf("expression %d is %v, want %v", i, ref, want)
		}
	}
	if other, _, _ := b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(-3, x[1])).Parts(); other == want {
		t.Error("2x − 3y and 2x − 3z are one node")
	}
}

// TestSumSizes asserts where numbers go over to big ones: within ±2^61 a sum is
// small, and thresholds are exact on both sides.
func TestSumSizes(t *testing.T) {
	for _, test := range []struct {
		w     circuit.Int
		small bool
	}{
		{circuit.NewInt(1), true},
		{circuit.Pow2(60), true},
		{circuit.Pow2(61).Sub(circuit.NewInt(2)), true},
		{circuit.Pow2(61).Sub(circuit.NewInt(1)), false}, // with the second term, the range reaches 2^61
		{circuit.Pow2(62), false},
		{circuit.Pow2(63), false},
		{circuit.Pow2(63).Neg(), false},
		{circuit.Pow2(200), false},
		{circuit.Pow2(61).Neg().Add(circuit.NewInt(1)), true}, // negated, −w alone
		{circuit.Pow2(61).Neg(), false},
	} {
		b := circuit.NewBuilder()
		x := b.Inputs("x", 2)
		s := b.Sum(circuit.Term{Weight: test.w, Of: x[0].Value()}, circuit.Weigh(1, x[1]))
		ref, mul, _ := s.Parts()
		b.Output(
			"at",
			b.Threshold(s, test.w),
			b.Threshold(s, test.w.Add(circuit.NewInt(1))),
			b.Threshold(s, circuit.NewInt(1)),
		)
		c := built(t, b)
		if _, small := c.SmallWeights(ref.Sum()); small != test.small {
			t.Errorf("%v·x + y (times %v): small is %v", test.w, mul, small)
		}
		for v := range 4 {
			value := new(big.Int)
			if v&1 == 1 {
				value.Add(value, test.w.Big())
			}
			value.Add(value, big.NewInt(int64(v>>1)))
			out := evalBits(t, c, v)
			next := new(big.Int).Add(test.w.Big(), big.NewInt(1))
			for i, bound := range []*big.Int{test.w.Big(), next, big.NewInt(1)} {
				if out[i] != (value.Cmp(bound) >= 0) {
					t.Errorf("[%v·x + y ≥ %v] at %02b is %v", test.w, bound, v, out[i])
				}
			}
		}
	}
}

// TestSumAgainstBig builds nested, shared, signed and huge sums and compares each
// with math/big, through OutputSum and through a threshold at its very value.
func TestSumAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const inputs = 5
		keep := rapid.Bool().Draw(t, "keep")
		b := circuit.NewBuilder()
		if keep {
			b.Keep()
		}
		x := b.Inputs("x", inputs)
		in := rapid.SliceOfN(rapid.Bool(), inputs, inputs).Draw(t, "in")
		weight := rapid.Custom(func(t *rapid.T) circuit.Int {
			w := circuit.NewInt(rapid.Int64Range(-9, 9).Draw(t, "w"))
			return w.Mul(circuit.Pow2(rapid.SampledFrom([]int{0, 0, 0, 1, 59, 61, 63, 200}).Draw(t, "shift")))
		})
		var sums []circuit.Sum
		var values []*big.Int
		var hit []circuit.Lit // [s ≥ v] and [s ≥ v+1] at the value v of s
		for range rapid.IntRange(1, 8).Draw(t, "sums") {
			a, value := b.Linear(), new(big.Int)
			for range rapid.IntRange(0, 5).Draw(t, "terms") {
				w := weight.Draw(t, "weight")
				if len(sums) > 0 && rapid.Bool().Draw(t, "nested") {
					i := rapid.IntRange(0, len(sums)-1).Draw(t, "of")
					a.Add(w, sums[i])
					value.Add(value, new(big.Int).Mul(w.Big(), values[i]))
					continue
				}
				i, flip := rapid.IntRange(0, inputs-1).Draw(t, "input"), rapid.Bool().Draw(t, "flip")
				a.AddLit(w, x[i].NotIf(flip))
				if in[i] != flip {
					value.Add(value, w.Big())
				}
			}
			k, times := weight.Draw(t, "constant"), weight.Draw(t, "times")
			a.AddConst(k)
			value.Add(value, k.Big()).Mul(value, times.Big())
			s := a.Sum().Times(times)
			sums, values = append(sums, s), append(values, value)
			hit = append(hit, b.Threshold(s, circuit.BigInt(value)),
				b.Threshold(s, circuit.BigInt(new(big.Int).Add(value, big.NewInt(1)))))
		}
		b.OutputPort("hit", circuit.Format{}, hit...)
		for i, s := range sums {
			b.OutputSum(string(rune('a'+i)), s)
		}
		c := built(t, b)
		out, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		at := len(hit)
		for i, value := range values {
			if !out[2*i] || out[2*i+1] {
				t.Fatalf("sum %d, which is %v: [s ≥ v] is %v and [s ≥ v+1] is %v", i, value, out[2*i], out[2*i+1])
			}
			p := c.OutputPorts()[1+i]
			got, err := p.Format.Decode(out[at : at+len(p.Wires)])
			if err != nil {
				t.Fatal(err)
			}
			if got.Big().Cmp(value) != 0 {
				t.Fatalf("sum %d is %v, want %v", i, got, value)
			}
			at += len(p.Wires)
		}
	})
}

// TestLinearIsReusable asserts that a collector starts afresh after Sum.
func TestLinearIsReusable(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	a := b.Linear()
	a.AddLit(circuit.NewInt(2), x[2])
	a.AddLit(circuit.NewInt(3), x[0])
	a.AddConst(circuit.NewInt(5))
	first := a.Sum()
	if k, ok := a.Sum().IsConst(); !ok || !k.IsZero() {
		t.Errorf("an empty sum is %v, %v", k, ok)
	}
	a.AddLit(circuit.NewInt(2), x[2])
	a.AddLit(circuit.NewInt(3), x[0])
	second := a.Sum()
	ref1, _, add1 := first.Parts()
	ref2, _, add2 := second.Parts()
	if ref1 != ref2 || add1.Cmp(circuit.NewInt(5)) != 0 || !add2.IsZero() {
		t.Errorf("first %v + %v, second %v + %v", ref1, add1, ref2, add2)
	}
}

// TestFlatten multiplies out (x+y) + 2(x−y) + (y−z) = 3x − z by hand.
func TestFlatten(t *testing.T) {
	for _, scale := range []circuit.Int{circuit.NewInt(1), circuit.Pow2(200)} {
		b := circuit.NewBuilder()
		x := b.Inputs("x", 3)
		plus := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(1, x[1]))
		minus := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(-1, x[1]))
		last := b.Sum(circuit.Weigh(1, x[1]), circuit.Weigh(-1, x[2]))
		top := b.Sum(
			circuit.Term{Weight: scale, Of: plus},
			circuit.Term{Weight: scale.Mul(circuit.NewInt(2)), Of: minus},
			circuit.Term{Weight: scale, Of: last},
			circuit.Weigh(1, x[2]),
		)
		from, weights := b.Flatten(top)
		want := map[circuit.Gate]circuit.Int{
			x[0].Gate(): scale.Mul(circuit.NewInt(3)),
			x[2].Gate(): circuit.NewInt(1).Sub(scale),
		}
		if want[x[2].Gate()].IsZero() {
			delete(want, x[2].Gate())
		}
		if len(from) != len(want) {
			t.Fatalf("gates %v with weights %v", from, weights)
		}
		for i, g := range from {
			if weights[i].Cmp(want[g]) != 0 {
				t.Errorf("the weight of %v is %v, want %v", g, weights[i], want[g])
			}
		}
	}
}

// TestFlattenDiamonds flattens a sum with a number of paths that grows like the
// Fibonacci numbers. Following them one by one would take longer than there is.
func TestFlattenDiamonds(t *testing.T) {
	for _, steps := range []int{80, 400} { // with small and with big numbers
		b := circuit.NewBuilder()
		x := b.Inputs("x", 2)
		s, before := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(1, x[1])), x[0].Value()
		f0, f1 := big.NewInt(1), big.NewInt(1) // weights of x₀ in before and in s
		for range steps {
			s, before = b.Sum(
				circuit.Term{Weight: circuit.NewInt(1), Of: s},
				circuit.Term{Weight: circuit.NewInt(1), Of: before},
			), s
			f0, f1 = f1, new(big.Int).Add(f0, f1)
		}
		b.OutputSum("s", s)
		b.Output("y", b.Threshold(s, circuit.NewInt(1)))
		c := built(t, b)
		got := c.OutputPorts()[0].Format.Weights
		if len(got) != 2 || got[0].Big().Cmp(f1) != 0 {
			t.Errorf("%d steps: weights %v, want %v first", steps, got, f1)
		}
		if st := c.Stats(); st.Wires != 2 || st.MaxWeight.Big().Cmp(f1) != 0 {
			t.Errorf("%d steps: %d wires of at most %v", steps, st.Wires, st.MaxWeight)
		}
	}
}
