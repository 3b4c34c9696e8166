package circuit

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// edges are the integers around which fixed-width arithmetic goes wrong.
func edges() []*big.Int {
	var all []*big.Int
	for _, center := range []int64{0, math.MaxInt32, math.MaxUint32, limit, math.MaxInt64, math.MinInt64} {
		for d := int64(-2); d <= 2; d++ {
			v := new(big.Int).Add(big.NewInt(center), big.NewInt(d))
			all = append(all, v, new(big.Int).Neg(v))
		}
	}
	huge := new(big.Int).Lsh(big.NewInt(3), 200)
	return append(all, huge, new(big.Int).Neg(huge), new(big.Int).Lsh(big.NewInt(1), 64))
}

// isInt asserts that got is want, and that it is in place whenever it can be.
func isInt(t rapid.TB, what string, got Int, want *big.Int) {
	t.Helper()
	if got.Big().Cmp(want) != 0 {
		t.Fatalf("%s is %v, want %v", what, got, want)
	}
	if (got.big == nil) != want.IsInt64() {
		t.Fatalf("%s = %v is stored big: %v", what, want, got.big != nil)
	}
}

func compareInt(t rapid.TB, x, y *big.Int) {
	t.Helper()
	a, b := BigInt(x), BigInt(y)
	isInt(t, "x", a, x)
	isInt(t, "x+y", a.Add(b), new(big.Int).Add(x, y))
	isInt(t, "x−y", a.Sub(b), new(big.Int).Sub(x, y))
	isInt(t, "x·y", a.Mul(b), new(big.Int).Mul(x, y))
	isInt(t, "−x", a.Neg(), new(big.Int).Neg(x))
	isInt(t, "|x|", a.Abs(), new(big.Int).Abs(x))
	isInt(t, "gcd(x,y)", a.GCD(b), new(big.Int).GCD(nil, nil, new(big.Int).Abs(x), new(big.Int).Abs(y)))
	if y.Sign() != 0 {
		isInt(t, "x·y/y", a.Mul(b).Quo(b), x)
	}
	if y.Sign() > 0 {
		floor, mod := new(big.Int).DivMod(x, y, new(big.Int))
		isInt(t, "⌊x/y⌋", a.FloorDiv(b), floor)
		isInt(t, "x mod y", a.Mod(b), mod)
		ceil := new(big.Int).Set(floor)
		if mod.Sign() != 0 {
			ceil.Add(ceil, big.NewInt(1))
		}
		isInt(t, "⌈x/y⌉", a.CeilDiv(b), ceil)
	}
	least, greatest := x, y
	if x.Cmp(y) > 0 {
		least, greatest = y, x
	}
	isInt(t, "min", a.Min(b), least)
	isInt(t, "max", a.Max(b), greatest)
	if a.Cmp(b) != x.Cmp(y) || a.Sign() != x.Sign() || a.IsZero() != (x.Sign() == 0) || a.BitLen() != x.BitLen() ||
		a.String() != x.String() {
		t.Fatalf("x = %v, y = %v: Cmp %d, Sign %d, BitLen %d, String %s", x, y, a.Cmp(b), a.Sign(), a.BitLen(), a)
	}
	if v, fits := a.Int64(); fits != x.IsInt64() || fits && v != x.Int64() {
		t.Fatalf("Int64 of %v is %d, %v", x, v, fits)
	}
	if x.Sign() >= 0 {
		for _, k := range []int{0, 1, 31, 32, 62, 63, 64, 201} {
			if a.Bit(k) != x.Bit(k) {
				t.Fatalf("bit %d of %v is %d", k, x, a.Bit(k))
			}
		}
	}
}

func TestIntAtTheEdges(t *testing.T) {
	for _, x := range edges() {
		for _, y := range edges() {
			compareInt(t, x, y)
		}
	}
}

func TestIntRandom(t *testing.T) {
	number := rapid.Custom(func(t *rapid.T) *big.Int {
		v := big.NewInt(rapid.Int64().Draw(t, "v"))
		return v.Lsh(v, uint(rapid.SampledFrom([]int{0, 0, 0, 1, 40, 100}).Draw(t, "shift")))
	})
	rapid.Check(t, func(t *rapid.T) { compareInt(t, number.Draw(t, "x"), number.Draw(t, "y")) })
}

func TestPow2(t *testing.T) {
	for k := range 200 {
		isInt(t, "2^k", Pow2(k), new(big.Int).Lsh(big.NewInt(1), uint(k)))
	}
}

// TestIntIsIndependent asserts that an Int shares no memory with what it was made
// of or what it is turned into.
func TestIntIsIndependent(t *testing.T) {
	v := new(big.Int).Lsh(big.NewInt(1), 100)
	x := BigInt(v)
	v.SetInt64(1)
	x.Big().SetInt64(2)
	if x.Cmp(Pow2(100)) != 0 {
		t.Errorf("2^100 has become %v", x)
	}
}

// TestIntJSON asserts that what not every reader of JSON keeps exactly is text, and that
// nothing but whole numbers is read.
func TestIntJSON(t *testing.T) {
	for _, x := range []Int{
		NewInt(0), NewInt(-5), Pow2(53), Pow2(53).Neg(), Pow2(53).Add(NewInt(1)),
		Pow2(53).Add(NewInt(1)).Neg(), Pow2(200),
	} {
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if quoted := text[0] == '"'; quoted != (x.Abs().Cmp(Pow2(53)) > 0) {
			t.Errorf("%v is written as %s", x, text)
		}
		var back Int
		if err := json.Unmarshal(text, &back); err != nil || back.Cmp(x) != 0 {
			t.Errorf("%s is read as %v: %v", text, back, err)
		}
	}
	for _, text := range []string{`1.5`, `"x"`, `true`, `{}`, `1e3`} {
		var x Int
		if err := json.Unmarshal([]byte(text), &x); err == nil {
			t.Errorf("%s is read as %v", text, x)
		}
	}
}

// TestNear asserts that a residue is the nearest number to 0, and of two the positive one.
func TestNear(t *testing.T) {
	for m := int64(1); m < 12; m++ {
		for v := int64(-30); v <= 30; v++ {
			near, _ := NewInt(v).Near(m).Int64()
			if (v-near)%m != 0 || 2*near > m || 2*near <= -m || NewInt(v).Residue(m) != ((v%m)+m)%m {
				t.Errorf("%d modulo %d is near %d, residue %d", v, m, near, NewInt(v).Residue(m))
			}
		}
	}
}
