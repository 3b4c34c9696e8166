package poly

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	n, d, p, levels := Symbol("n"), Symbol("d"), Symbol("p"), Symbol("2^p")
	pairs := Half(n.Times(n.Minus(Int(1))))
	for _, test := range []struct {
		p             Poly
		text, pretty  string
		latex         string
		degree, atTwo int64
	}{
		{Poly{}, "0", "0", "0", 0, 0},
		{Int(-7), "-7", "−7", "-7", 0, -7},
		{pairs, "1/2·n^2 - 1/2·n", "1/2·n² − 1/2·n", `\tfrac{1}{2} \, n^{2} - \tfrac{1}{2} \, n`, 2, 1},
		{d.Times(n).Times(levels.Minus(Int(1))), "n·d·2^p - n·d", "n·d·2^p − n·d", `n \, d \, 2^{p} - n \, d`, 1, 2*5*8 - 2*5},
		{levels.Times(levels).Times(p).Times(Int(3)), "3·p·(2^p)^2", "3·p·(2^p)²", `3 \, p \, 2^{2p}`, 0, 3 * 3 * 64},
		{Product(n, n, n).Minus(n).Plus(Symbol("heads")), "n^3 - n + heads", "n³ − n + heads", `n^{3} - n + \mathit{heads}`, 3, 8 - 2 + 4},
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
		back, err := Parse(test.text)
		if err != nil || !back.Equal(test.p) {
			t.Errorf("%q reads back as %v, %v", test.text, back, err)
		}
		if got := test.p.Degree("n"); got != int(test.degree) {
			t.Errorf("%q has degree %d, want %d", test.text, got, test.degree)
		}
		values := map[string]*big.Int{
			"n":     big.NewInt(2),
			"d":     big.NewInt(5),
			"p":     big.NewInt(3),
			"2^p":   big.NewInt(8),
			"heads": big.NewInt(4),
		}
		if got, ok := test.p.At(values); !ok || got.Int64() != test.atTwo {
			t.Errorf("%q is %v, want %d", test.text, got, test.atTwo)
		}
	}
}

func TestBadText(t *testing.T) {
	for _, text := range []string{"", "n^0", "n·", "n + ", "+n", "n^2·n", "1·n", "n + n", "2/4·n", "n n", "n^x", "(n", "n - -1", "01", "1/0", "n·3", "d·n", "--1"} {
		if p, err := Parse(text); err == nil {
			t.Errorf("%q is read as %v", text, p)
		}
	}
}

// TestArithmetic checks the ring laws and that evaluation respects them.
func TestArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Poly {
			p := Poly{}
			for i := range rapid.IntRange(0, 4).Draw(t, name) {
				q := Int(rapid.Int64Range(-5, 5).Draw(t, fmt.Sprint(name, i)))
				for _, s := range []string{"n", "d", "2^p"} {
					for range rapid.IntRange(0, 2).Draw(t, s) {
						q = q.Times(Symbol(s))
					}
				}
				p = p.Plus(q)
			}
			return p
		}
		p, q, r := draw("p"), draw("q"), draw("r")
		at := map[string]*big.Int{}
		for _, s := range []string{"n", "d", "2^p"} {
			at[s] = big.NewInt(rapid.Int64Range(-9, 9).Draw(t, "at "+s))
		}
		value := func(p Poly) *big.Int {
			v, ok := p.At(at)
			if !ok {
				t.Fatalf("%v has no value", p)
			}
			return v
		}
		if !p.Times(q.Plus(r)).Equal(p.Times(q).Plus(r.Times(p))) {
			t.Fatalf("p(q + r) ≠ pq + rp for %v, %v, %v", p, q, r)
		}
		if want := new(big.Int).Mul(value(p), value(q)); value(p.Times(q)).Cmp(want) != 0 {
			t.Fatalf("(%v)(%v) is %v, want %v", p, q, value(p.Times(q)), want)
		}
		if want := new(big.Int).Sub(value(p), value(q)); value(p.Minus(q)).Cmp(want) != 0 {
			t.Fatalf("%v − (%v) is %v, want %v", p, q, value(p.Minus(q)), want)
		}
		if back, err := Parse(p.String()); err != nil || !back.Equal(p) {
			t.Fatalf("%v reads back as %v, %v", p, back, err)
		}
		// Substituting constants is evaluation.
		constants := map[string]Poly{}
		for s, v := range at {
			constants[s] = Big(v)
		}
		if got := p.Substitute(constants); !got.Equal(Big(value(p))) {
			t.Fatalf("%v with constants is %v, want %v", p, got, value(p))
		}
	})
}

func TestInterpolate(t *testing.T) {
	want := Half(Product(Symbol("n"), Symbol("n").Minus(Int(1)))).Times(Int(3)).Plus(Int(7))
	var values []*big.Int
	for n := range int64(5) {
		v, _ := want.AtN(big.NewInt(n + 4))
		values = append(values, v)
	}
	for _, points := range []int{3, 4, 5} {
		if got := Interpolate(4, values[:points]); !got.Equal(want) {
			t.Errorf("through %d points: %v, want %v", points, got, want)
		}
	}
	if got := Interpolate(4, values[:1]); !got.Equal(Int(25)) {
		t.Errorf("through one point: %v, want 25", got)
	}
}

func TestNoValue(t *testing.T) {
	n := Symbol("n")
	if v, ok := Half(n).AtN(big.NewInt(3)); ok {
		t.Errorf("3/2 is %v", v)
	}
	if v, ok := n.Times(Symbol("d")).AtN(big.NewInt(3)); ok {
		t.Errorf("3·d is %v", v)
	}
}
