package poly

import (
	"math/big"
	"testing"
)

// TestFunctionsOfN reads 2^n and ⌊n/2⌋ at n, in texts and as degrees.
func TestFunctionsOfN(t *testing.T) {
	n := Symbol("n")
	for _, test := range []struct {
		p                   Poly
		text, pretty, latex string
		degree              int
		atFive              int64
	}{
		{PowerOfTwo(), "2^n", "2^n", "2^{n}", Exponential, 32},
		{HalfOfN().Plus(Int(1)), "⌊n/2⌋ + 1", "⌊n/2⌋ + 1", `\lfloor n/2 \rfloor + 1`, 1, 3},
		{
			n.Times(HalfOfN()).Minus(n.Times(n)), "-n^2 + n·⌊n/2⌋", "−n² + n·⌊n/2⌋",
			`-n^{2} + n \, \lfloor n/2 \rfloor`, 2, -15,
		},
		{Half(n.Times(PowerOfTwo())).Plus(n), "1/2·n·2^n + n", "1/2·n·2^n + n", `\tfrac{1}{2} \, n \, 2^{n} + n`, Exponential, 85},
		{
			Product(PowerOfTwo(), PowerOfTwo(), HalfOfN(), HalfOfN()), "⌊n/2⌋^2·(2^n)^2", "⌊n/2⌋²·(2^n)²",
			`\lfloor n/2 \rfloor^{2} \, 2^{2n}`, Exponential, 4 * 1024,
		},
	} {
		if got := test.p.String(); got != test.text {
			t.Errorf("text %q, want %q", got, test.text)
		}
		if got := test.p.Pretty(); got != test.pretty {
			t.Errorf("pretty %q, want %q", got, test.pretty)
		}
		if got := test.p.LaTeX(); got != test.latex {
			t.Errorf("LaTeX %q, want %q", got, test.latex)
		}
		if back, err := Parse(test.text); err != nil || !back.Equal(test.p) {
			t.Errorf("%q reads back as %v, %v", test.text, back, err)
		}
		if got := test.p.Degree("n"); got != test.degree {
			t.Errorf("%v has degree %d, want %d", test.p, got, test.degree)
		}
		if got, ok := test.p.AtN(big.NewInt(5)); !ok || got.Int64() != test.atFive {
			t.Errorf("%v is %v at 5, want %d", test.p, got, test.atFive)
		}
		if got := test.p.Substitute(map[string]Poly{"n": Int(5)}); !got.Equal(Int(test.atFive)) {
			t.Errorf("%v is %v for n = 5, want %d", test.p, got, test.atFive)
		}
	}
}

// TestFunctionsWithoutValue asks for values that there are not.
func TestFunctionsWithoutValue(t *testing.T) {
	both := PowerOfTwo().Plus(HalfOfN())
	if v, ok := both.AtN(big.NewInt(mostBits + 1)); ok {
		t.Errorf("2^n has a value of %d bits beyond the greatest", v.BitLen())
	}
	if v, ok := PowerOfTwo().AtN(big.NewInt(mostBits)); !ok || v.BitLen() != mostBits+1 {
		t.Errorf("2^n at the greatest n: %v", ok)
	}
	if v, ok := both.AtN(big.NewInt(-1)); ok {
		t.Errorf("%v at n = -1", v)
	}
	if v, ok := both.At(map[string]*big.Int{"d": big.NewInt(1)}); ok {
		t.Errorf("%v without n", v)
	}
	// Of another polynomial they are other symbols, so that nobody takes them for 2^n.
	got := both.Substitute(map[string]Poly{"n": Symbol("n").Minus(Int(1))})
	if want := "⌊(n - 1)/2⌋ + 2^(n - 1)"; got.String() != want {
		t.Errorf("for n − 1: %v, want %s", got, want)
	}
	if v, ok := got.AtN(big.NewInt(4)); ok {
		t.Errorf("%v has the value %v", got, v)
	}
}
