package basis

import (
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// truth evaluates a cover.
func truth(cubes []cube, i int) bool {
	for _, c := range cubes {
		if uint32(i)&c.plain == c.plain && uint32(i)&c.complemented == 0 {
			return true
		}
	}
	return false
}

// TestCoverIsIrredundant asserts that a cover is the function, and is none any more
// if one of its products or literals is left out.
func TestCoverIsIrredundant(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 60 {
		n := 1 + round%9
		density := r.Float64()
		values := make([]bool, 1<<n)
		for i := range values {
			values[i] = r.Float64() < density
		}
		f := tableOf(n, func(i int) bool { return values[i] })
		cubes, is := cover(f, f, n)
		for i, w := range is {
			if w != f[i] {
				t.Fatalf("%d variables: the cover claims to be another function", n)
			}
		}
		same := func(cubes []cube) bool {
			for i, v := range values {
				if truth(cubes, i) != v {
					return false
				}
			}
			return true
		}
		if !same(cubes) {
			t.Fatalf("%d variables: the cover is another function", n)
		}
		for i := range cubes {
			if same(append(append([]cube(nil), cubes[:i]...), cubes[i+1:]...)) {
				t.Errorf("%d variables: product %d of %d is not needed", n, i, len(cubes))
			}
		}
	}
}

func TestRecode(t *testing.T) {
	value := func(digits []digit) (v circuit.Int) {
		for _, d := range digits {
			p := circuit.Pow2(d.place)
			if d.negative {
				p = p.Neg()
			}
			v = v.Add(p)
		}
		return v
	}
	for w := int64(-2000); w <= 2000; w++ {
		if got := value(recode(circuit.NewInt(w))); got.Cmp(circuit.NewInt(w)) != 0 {
			t.Fatalf("%d is recoded as %v", w, got)
		}
	}
	large := circuit.Pow2(200).Sub(circuit.NewInt(17))
	if got := recode(large); value(got).Cmp(large) != 0 || len(got) != 3 {
		t.Errorf("2^200 − 17 is recoded as %v, want 3 digits", got)
	}
	for w, want := range map[int64]int{0: 0, 1: 1, 3: 2, 7: 2, -7: 2, 11: 3, 15: 2, 85: 4, 119: 3} {
		if got := len(recode(circuit.NewInt(w))); got != want {
			t.Errorf("%d takes %d digits, want %d", w, got, want)
		}
	}
}

// TestReduceBound asserts that the function stays and no weight grows.
func TestReduceBound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		terms := make([]term, 1+r.IntN(7))
		sum := 0
		for i := range terms {
			w := 1 + r.IntN(12)
			sum += w
			terms[i] = term{circuit.Gate(i + 1).Lit(), circuit.NewInt(int64(w))}
		}
		bound := circuit.NewInt(int64(1 + r.IntN(sum)))
		less, t2 := reduceBound(terms, bound)
		before, after := linearValues(terms), linearValues(less)
		for i := range before {
			if (before[i].Cmp(bound) >= 0) != (after[i].Cmp(t2) >= 0) {
				t.Fatalf("%v ≥ %v is not %v ≥ %v", terms, bound, less, t2)
			}
		}
		if total(less).Cmp(total(terms)) > 0 {
			t.Fatalf("%v ≥ %v has less weight than %v ≥ %v", terms, bound, less, t2)
		}
	}
}
