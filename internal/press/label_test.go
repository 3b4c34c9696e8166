package press

import (
	"math/big"
	"strings"
	"testing"
)

func TestRounded(t *testing.T) {
	for _, test := range []struct {
		v        int64
		decimals int
		want     string
	}{
		{31000000217, 2, "≈ 3.10·10¹⁰"},
		{-31000000217, 2, "≈ −3.10·10¹⁰"},
		{123456789, 1, "≈ 1.2·10⁸"},
		{-1 << 63, 1, "≈ −9.2·10¹⁸"},
	} {
		if got := Rounded(big.NewInt(test.v), test.decimals); got != test.want {
			t.Errorf("%d is written %q, want %q", test.v, got, test.want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 9999: "9,999", 10000: "10,000", 1234567: "1,234,567"} {
		if got := Count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

// All commas within a number are those of the number, also the second.
func TestCommasWithinNumbers(t *testing.T) {
	if got, want := Maths("≥ 1,234,567"), `1{,}234{,}567`; !strings.Contains(got, want) {
		t.Errorf("%q, want %q in it", got, want)
	}
	for text, want := range map[string]string{
		"": "", "n": "n", "1234": "1,234", "a 1234567 of 12 and 999": "a 1,234,567 of 12 and 999", "12345x": "12,345x",
	} {
		if got := GroupedIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
