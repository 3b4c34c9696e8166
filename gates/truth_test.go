package gates

import (
	"math/big"
	"math/bits"
	"strings"
	"testing"
)

// bitsOf returns the low n bits of v.
func bitsOf(v, n int) []bool {
	in := make([]bool, n)
	for i := range in {
		in[i] = v>>i&1 == 1
	}
	return in
}

func truth(t *testing.T, g Gate, in []bool) bool {
	t.Helper()
	out, err := g.Truth(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTruthTables compares the kinds that need no more than their inputs with the
// number of ones, for all inputs of up to 8 bits.
func TestTruthTables(t *testing.T) {
	for n := range 9 {
		for v := range 1 << n {
			in, ones := bitsOf(v, n), bits.OnesCount(uint(v))
			want := map[Kind]bool{
				And:      v == 1<<n-1,
				Nand:     v != 1<<n-1,
				Or:       v != 0,
				Nor:      v == 0,
				Xor:      ones&1 == 1,
				Xnor:     ones&1 == 0,
				Majority: ones > n-ones,
			}
			if n == 0 {
				want[Const] = false
			}
			if n == 1 {
				want[Buf], want[Not] = v == 1, v == 0
			}
			for k, want := range want {
				if got := truth(t, Gate{Kind: k}, in); got != want {
					t.Errorf("%v of %0*b is %v", k, n, v, got)
				}
			}
		}
	}
}

// TestComplementKinds asserts that the kind which the table names as the complement
// is that.
func TestComplementKinds(t *testing.T) {
	pairs := 0
	for _, k := range Kinds() {
		other, ok := k.Complement()
		if !ok {
			if other != k {
				t.Errorf("%v has no complement and yet %v", k, other)
			}
			continue
		}
		pairs++
		if back, _ := other.Complement(); back != k {
			t.Errorf("the complement of the complement of %v is %v", k, back)
		}
		for n := range 6 {
			if want := k.FanIn(); want >= 0 && n != want {
				continue
			}
			for v := range 1 << n {
				if truth(t, Gate{Kind: k}, bitsOf(v, n)) == truth(t, Gate{Kind: other}, bitsOf(v, n)) {
					t.Errorf("%v and %v agree on %0*b", k, other, n, v)
				}
			}
		}
	}
	if pairs != 8 {
		t.Errorf("%d kinds have a complement, want 8", pairs)
	}
}

// TestThresholdTruth tries all weights in −2..2 on three inputs and all bounds.
func TestThresholdTruth(t *testing.T) {
	for code := range 125 {
		w := [3]int64{int64(code%5 - 2), int64(code/5%5 - 2), int64(code/25 - 2)}
		weights := []*big.Int{big.NewInt(w[0]), big.NewInt(w[1]), big.NewInt(w[2])}
		for v := range 8 {
			sum := w[0]*int64(v&1) + w[1]*int64(v>>1&1) + w[2]*int64(v>>2)
			for bound := int64(-7); bound <= 7; bound++ {
				g := Gate{Kind: Threshold, Weights: weights, Bound: big.NewInt(bound)}
				if got := truth(t, g, bitsOf(v, 3)); got != (sum >= bound) {
					t.Errorf("[%v·%03b ≥ %d] is %v", w, v, bound, got)
				}
			}
			for m := int64(1); m <= 5; m++ {
				r := ((sum % m) + m) % m
				g := Gate{Kind: Mod, Weights: weights, Modulus: m, Residues: []int64{r}}
				if !truth(t, g, bitsOf(v, 3)) {
					t.Errorf("[%v·%03b ≡ %d mod %d] is false", w, v, r, m)
				}
				g.Residues = []int64{(r + 1) % m, (r + 2) % m}
				if m > 2 && truth(t, g, bitsOf(v, 3)) {
					t.Errorf("[%v·%03b ∈ %v mod %d] is true", w, v, g.Residues, m)
				}
			}
		}
	}
}

// TestHugeWeights compares in numbers that no machine word holds.
func TestHugeWeights(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 200)
	minus := new(big.Int).Neg(huge)
	g := Gate{Kind: Threshold, Weights: []*big.Int{huge, minus, big.NewInt(1)}, Bound: big.NewInt(1)}
	for v, want := range []bool{false, true, false, false, true, true, false, true} {
		if got := truth(t, g, bitsOf(v, 3)); got != want {
			t.Errorf("[2^200·x − 2^200·y + z ≥ 1] of %03b is %v", v, got)
		}
	}
	mod := Gate{Kind: Mod, Weights: []*big.Int{huge}, Modulus: 7, Residues: []int64{4}} // 2^200 = 2^(3·66+2) ≡ 4
	if !truth(t, mod, []bool{true}) {
		t.Error("2^200 is not 4 modulo 7")
	}
}

func TestTruthErrors(t *testing.T) {
	one := []*big.Int{big.NewInt(1)}
	for _, test := range []struct {
		gate Gate
		in   int
		want string
	}{
		{Gate{Kind: Input}, 0, "no truth of its own"},
		{Gate{Kind: Kind(200)}, 0, "Kind(200) is no kind of gate"},
		{Gate{Kind: Not}, 2, "NOT takes 1 inputs, got 2"},
		{Gate{Kind: Buf}, 0, "BUF takes 1 inputs, got 0"},
		{Gate{Kind: Const}, 1, "CONST takes 0 inputs, got 1"},
		{Gate{Kind: Threshold, Weights: one}, 1, "without a bound"},
		{Gate{Kind: Threshold, Weights: one, Bound: one[0]}, 2, "1 weights for 2 inputs"},
		{Gate{Kind: Mod, Residues: []int64{0}}, 2, "modulus 0"},
		{Gate{Kind: Mod, Modulus: -3}, 2, "modulus -3"},
	} {
		_, err := test.gate.Truth(make([]bool, test.in))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v on %d inputs: error %v, want %q", test.gate, test.in, err, test.want)
		}
	}
}
