package check

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestText reads formulas, writes them and evaluates them at n = 5.
func TestText(t *testing.T) {
	for _, test := range []struct {
		text   string
		degree int
		atFive int64
	}{
		{"0", 0, 0},
		{"-7", 0, -7},
		{"1/2·n^2 - 1/2·n", 2, 10},
		{"n^3 - 2·n + 1", 3, 116},
		{"n·⌊n/2⌋ - 1", 2, 9},
		{"2·n·(2^n)^2 + 3", exponential, 10243},
	} {
		p, err := read(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := p.String(); got != test.text {
			t.Errorf("%s is written %s", test.text, got)
		}
		if v, ok := p.at(big.NewInt(5)); !ok || v.Int64() != test.atFive {
			t.Errorf("%s is %v at 5, want %d", test.text, v, test.atFive)
		}
		if got := p.degree(); got != test.degree {
			t.Errorf("%s has degree %d, want %d", test.text, got, test.degree)
		}
	}
	for _, text := range []string{"", "n^0", "n + ", "n^x", "(n", "n - -(1)", "1/0", "n·", "2^(n - 1)"} {
		if p, err := read(text); err == nil {
			t.Errorf("%q is read as %v", text, p)
		}
	}
}

func TestNoValue(t *testing.T) {
	for _, text := range []string{"1/2·n", "n·d", "2^p"} {
		p, err := read(text)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := p.at(big.NewInt(3)); ok {
			t.Errorf("%s is %v at 3", text, v)
		}
	}
	if p, _ := read("2^n"); p == nil {
		t.Error("2^n is not read")
	} else if _, ok := p.at(big.NewInt(mostExponent + 1)); ok {
		t.Error("2^n has a value beyond the greatest n")
	}
}

// TestArithmetic compares polynomials with their values.
func TestArithmetic(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) polynomial {
		p := polynomial{}
		for range rapid.IntRange(0, 4).Draw(t, "terms") {
			term := number(rapid.Int64Range(-5, 5).Draw(t, "coefficient"))
			for _, s := range []string{"n", "d", "2^p"} {
				for range rapid.IntRange(0, 2).Draw(t, s) {
					term = product(term, symbol(s))
				}
			}
			p = sum(p, term)
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := draw.Draw(t, "p"), draw.Draw(t, "q"), draw.Draw(t, "r")
		at := map[string]polynomial{}
		for _, s := range []string{"n", "d", "2^p"} {
			at[s] = number(rapid.Int64Range(1, 9).Draw(t, "at "+s))
		}
		value := func(p polynomial) *big.Int {
			v, ok := p.with(at).at(big.NewInt(0))
			if !ok {
				t.Fatalf("%v has no value", p)
			}
			return v
		}
		if !product(p, sum(q, r)).equal(sum(product(p, q), product(r, p))) {
			t.Fatalf("p(q + r) ≠ pq + rp for %v, %v, %v", p, q, r)
		}
		if want := new(big.Int).Mul(value(p), value(q)); value(product(p, q)).Cmp(want) != 0 {
			t.Fatalf("(%v)(%v) is %v, want %v", p, q, value(product(p, q)), want)
		}
		if most := above(p, q); value(most).Cmp(value(p)) < 0 || value(most).Cmp(value(q)) < 0 {
			t.Fatalf("%v is below %v or %v", most, p, q)
		}
		if back, err := read(p.String()); err != nil || !back.equal(p) {
			t.Fatalf("%v reads back as %v, %v", p, back, err)
		}
	})
}
