package analysis

import (
	"math"
	"math/big"
	"math/bits"
	"strings"
	"testing"
)

func numbersOf(ns []int, f func(n int) int64) (y []*big.Int) {
	for _, n := range ns {
		y = append(y, big.NewInt(f(n)))
	}
	return y
}

func between(from, to int) (ns []int) {
	for n := from; n <= to; n++ {
		ns = append(ns, n)
	}
	return ns
}

func TestFindPattern(t *testing.T) {
	doubling, log2 := []int{2, 4, 8, 16}, func(n int) int64 { return int64(bits.Len(uint(n - 1))) }
	parity := func(n int) int64 { return int64(n/2 + 1) }
	exponential := func(n int) int64 { return 1<<(n-1) + 1 }
	for _, test := range []struct {
		ns            []int
		f             func(n int) int64
		kind, formula string
		degree        int
	}{
		{doubling, func(int) int64 { return 7 }, "constant", "7", 0},
		{doubling, func(n int) int64 { return int64(9*n - 1) }, "polynomial", "9·n − 1", 1},
		{[]int{2, 3, 5, 9, 10}, func(n int) int64 { return int64(3 * n * n) }, "polynomial", "3·n²", 2},
		{doubling, parity, "polynomial", "⌊n/2⌋ + 1", 1},
		{between(2, 9), parity, "residue", "⌊n/2⌋ + 1", 1},
		{between(2, 9), func(n int) int64 { return int64((n + 1) / 2) }, "residue", "⌈n/2⌉", 1},
		{between(1, 12), func(n int) int64 { return int64((2*n+1)/3 - 4) }, "residue", "⌊(2·n + 1)/3⌋ − 4", 1},
		{
			between(3, 12), func(n int) int64 { return int64(n * n / 4) }, "residue",
			"1/4·n² for n ≡ 0 (mod 2), 1/4·n² − 1/4 for n ≡ 1 (mod 2)", 2,
		},
		{
			between(2, 9), func(n int) int64 { return int64(2 + n%2) }, "residue",
			"2 for n ≡ 0 (mod 2), 3 for n ≡ 1 (mod 2)", 0,
		},
		{between(2, 17), func(n int) int64 { return log2(n) + 1 }, "logarithmic", "L + 1 with L = ⌈log₂ n⌉", 1},
		{between(2, 17), func(n int) int64 { return log2(n + 1) }, "logarithmic", "L + 1 with L = ⌊log₂ n⌋", 1},
		{between(2, 9), func(n int) int64 { return 2 * log2(n-1) }, "logarithmic", "2·L with L = ⌈log₂(n − 1)⌉", 1},
		{doubling, func(n int) int64 { return 2 * log2(n-1) }, "logarithmic", "2·L with L = ⌈log₂(n − 1)⌉", 1},
		{[]int{2, 4, 8, 16, 32}, func(n int) int64 { return log2(n) * log2(n) }, "logarithmic", "L² with L = ⌈log₂ n⌉", 2},
		{doubling, exponential, "exponential", "2^(n − 1) + 1", 0},
		{between(2, 9), exponential, "exponential", "2^(n − 1) + 1", 0},
		{between(2, 9), func(n int) int64 { return int64(3*math.Pow(4, float64(n))) - 2 }, "exponential", "3·4^n − 2", 0},
		{between(2, 9), func(n int) int64 { return 8 << n }, "exponential", "2^(n + 3)", 0},
		{between(2, 9), func(n int) int64 { return int64(3*n-6) << n }, "exponential", "3·(n − 2)·2^n", 0},
		{between(2, 9), func(n int) int64 { return int64(n) << (n - 1) }, "exponential", "n·2^(n − 1)", 0},
	} {
		p, ok := FindPattern(test.ns, numbersOf(test.ns, test.f))
		if !ok || p.Kind != test.kind || p.Formula != test.formula || p.Degree != test.degree {
			t.Errorf("%s at %v: %v, %+v", test.formula, test.ns, ok, p)
		}
	}
}

// Each formula must meet two numbers more than it has parameters, for each residue, too.
func TestNoPatternInFewNumbers(t *testing.T) {
	for name, test := range map[string]struct {
		ns []int
		f  func(n int) int64
	}{
		"a square at four n":           {between(2, 5), func(n int) int64 { return int64(n * n) }},
		"three odd n":                  {between(2, 8), func(n int) int64 { return int64(n/2 + 1) }},
		"three logarithms":             {between(2, 8), func(n int) int64 { return int64(bits.Len(uint(n - 1))) }},
		"three powers":                 {between(2, 4), func(n int) int64 { return 1 << n }},
		"n·2^n at four n":              {between(2, 5), func(n int) int64 { return int64(n) << n }},
		"two n":                        {[]int{2, 4}, func(int) int64 { return 1 }},
		"squares but for the last one": {between(2, 9), func(n int) int64 { return int64(n*n + n/9) }},
	} {
		if p, ok := FindPattern(test.ns, numbersOf(test.ns, test.f)); ok {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if p, ok := FindPattern([]int{2, 2, 4, 8}, numbersOf([]int{2, 2, 4, 8}, func(int) int64 { return 1 })); ok {
		t.Errorf("an n twice: %+v", p)
	}
}

func TestNoPowerIsFittedToAnExponential(t *testing.T) {
	for name, test := range map[string]struct {
		ns    []int
		f     func(n float64) float64
		rises bool
	}{
		"2^(n − 1) + 1":        {[]int{2, 4, 8, 16}, func(n float64) float64 { return math.Exp2(n-1) + 1 }, true},
		"2^n at following n":   {between(2, 9), math.Exp2, true},
		"1.1^n":                {[]int{2, 4, 8, 16, 32}, func(n float64) float64 { return 5 * math.Pow(1.1, n) }, true},
		"n^log n":              {[]int{2, 4, 8, 16}, func(n float64) float64 { return math.Pow(n, math.Log2(n)) }, true},
		"150·n² + 9·n":         {between(2, 9), func(n float64) float64 { return 150*n*n + 9*n }, false},
		"n³":                   {[]int{2, 4, 8, 16}, func(n float64) float64 { return n * n * n }, false},
		"n² − n":               {[]int{2, 4, 8, 16}, func(n float64) float64 { return n*n - n }, false},
		"a line at two n only": {[]int{2, 4}, func(n float64) float64 { return n }, false},
	} {
		var y []float64
		for _, n := range test.ns {
			y = append(y, test.f(float64(n)))
		}
		g, ok := FitGrowth(test.ns, y)
		if !ok || g.Rises != test.rises || test.rises != strings.HasPrefix(g.String(), "faster than any power that fits") {
			t.Errorf("%s grows %v, rises %v", name, g, g.Rises)
		}
		for _, fit := range Fits(test.ns, y) {
			if test.rises && fit.Curve == "n^k" {
				t.Errorf("%s is fitted by %s", name, fit.Formula)
			}
		}
	}
}

// A depth that is less at small n and then stays is not refuted; one that goes on growing is.
func TestDepthThatStays(t *testing.T) {
	for _, test := range []struct {
		ns, depths    []int
		want          Judgement
		claim, reason string
	}{
		{
			[]int{2, 4, 8, 16},
			[]int{1, 2, 2, 2},
			Consistent,
			"the circuits of this family have depth at most 2 at every n, and 2 from n=4 on",
			"measured only: depth 1 at n=2, then 2 at n=4",
		},
		{
			[]int{2, 4, 8, 16},
			[]int{3, 2, 2, 2},
			Consistent,
			"the circuits of this family have depth at most 3 at every n, and 2 from n=4 on", "then 2 at n=4",
		},
		{
			between(2, 9),
			[]int{2, 3, 2, 3, 2, 3, 2, 3},
			Consistent, "the circuits of this family have depth at most 3 at every n",
			"at all of them it is 2 for n ≡ 0 (mod 2), 3 for n ≡ 1 (mod 2)",
		},
		{
			between(2, 16),
			[]int{1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4},
			Refuted,
			"the circuits of this family have the same depth at every n", "it is L with L = ⌈log₂ n⌉",
		},
		{
			[]int{2, 4, 8, 16},
			[]int{1, 2, 3, 3},
			Refuted,
			"the circuits of this family have the same depth at every n", "measured: depth 1 at n=2, then 2 at n=4, 3 at n=8",
		},
		{
			[]int{2, 4, 8, 16, 32},
			[]int{1, 2, 3, 3, 3},
			Consistent,
			"the circuits of this family have depth at most 3 at every n, and 3 from n=8 on", "3 at n=8",
		},
		{[]int{2, 4}, []int{1, 2}, Refuted, "the circuits of this family have the same depth at every n", "2 at n=4"},
	} {
		var points []Point
		for i, n := range test.ns {
			points = append(points, Point{N: n, Measures: &Measures{Depth: test.depths[i]}})
		}
		v := judgeDepth(points)
		if v.Verdict != test.want || v.Claim != test.claim || !strings.Contains(v.Reason, test.reason) {
			t.Errorf("%v at %v: %s: %s: %s", test.depths, test.ns, v.Verdict, v.Claim, v.Reason)
		}
		if v.Verdict == Refuted && v.Class != "none: depth not constant" && v.Class != "NC1" {
			t.Errorf("%v at %v: class %s", test.depths, test.ns, v.Class)
		}
	}
}
