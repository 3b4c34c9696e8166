package program

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRoundIsRoundHalfUpClipped(t *testing.T) {
	for unit := int64(1); unit <= 9; unit++ {
		out := Range{-3, 4}
		f := Round(unit, out)
		for x := int64(-50); x <= 50; x++ {
			want := int64(math.Floor(float64(x)/float64(unit) + 0.5))
			want = min(max(want, out.Lo), out.Hi)
			if got := f.Apply(x); got != want {
				t.Fatalf("Round(%d)(%d) = %d, want %d", unit, x, got, want)
			}
		}
		if step, ok := f.Uniform(); !ok || step != unit {
			t.Errorf("Round(%d) is uniform %v with step %d", unit, ok, step)
		}
	}
}

func TestTabulateAndMonotoneAgree(t *testing.T) {
	domain := Range{-70, 90}
	for name, f := range map[string]func(int64) int64{
		"cube root": func(x int64) int64 { return int64(math.Cbrt(float64(x) * 3)) },
		"falling":   func(x int64) int64 { return -x / 7 },
		"constant":  func(int64) int64 { return 5 },
		"identity":  func(x int64) int64 { return x },
	} {
		a, b := Tabulate(domain, f), Monotone(domain, f)
		if diff := cmp.Diff(a, b, cmp.AllowUnexported(Staircase{})); diff != "" {
			t.Errorf("%s: Tabulate and Monotone differ:\n%s", name, diff)
		}
		for x := domain.Lo; x <= domain.Hi; x++ {
			if got, want := a.Apply(x), f(x); got != want {
				t.Fatalf("%s(%d) = %d, want %d", name, x, got, want)
			}
		}
		if got := a.Apply(domain.Lo - 100); got != f(domain.Lo) {
			t.Errorf("%s below the domain is %d, not constant", name, got)
		}
	}
}

func TestStaircaseRange(t *testing.T) {
	f := Tabulate(Range{0, 9}, func(x int64) int64 { return (x - 5) * (x - 5) })
	for _, test := range []struct{ domain, want Range }{
		{Range{0, 9}, Range{0, 25}},
		{Range{6, 8}, Range{1, 9}},
		{Range{5, 5}, Range{0, 0}},
		{Range{-9, -3}, Range{25, 25}},
	} {
		if got := f.Range(test.domain); got != test.want {
			t.Errorf("range on %v is %v, want %v", test.domain, got, test.want)
		}
	}
}

func TestStaircaseRangeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-5, 5), 1, 30).Draw(t, "values")
		f := Tabulate(Range{0, int64(len(values) - 1)}, func(x int64) int64 { return values[x] })
		lo := rapid.Int64Range(-3, 33).Draw(t, "lo")
		hi := rapid.Int64Range(lo, 34).Draw(t, "hi")
		want := Range{f.Apply(lo), f.Apply(lo)}
		for x := lo; x <= hi; x++ {
			y := f.Apply(x)
			want = Range{min(want.Lo, y), max(want.Hi, y)}
		}
		if got := f.Range(Range{lo, hi}); got != want {
			t.Fatalf("range on %d..%d is %v, want %v", lo, hi, got, want)
		}
	})
}

func TestExpIsWithinItsErrorBound(t *testing.T) {
	const alpha, guard = 0.01, 8
	domain := Range{-200, 340}
	for _, levels := range []int{1, 7, 31, 200} {
		f, err := Exp(alpha, domain, levels, guard)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.At) > levels {
			t.Errorf("%d levels became %d jumps", levels, len(f.At))
		}
		width := float64(domain.Hi - domain.Lo)
		top := math.Exp2(math.Ceil(alpha*width/math.Ln2) + guard)
		// Half a piece, and up to one integer more where a piece's edge is rounded.
		bound := math.Exp(alpha*(width/(2*float64(levels+1))+1)) - 1 + math.Exp2(-guard)
		for x := domain.Lo; x <= domain.Hi; x++ {
			want := math.Exp(alpha * float64(x-domain.Hi))
			if e := math.Abs(float64(f.Apply(x))/top/want - 1); e > bound {
				t.Fatalf("%d levels: relative error %.4f at %d, bound %.4f", levels, e, x, bound)
			}
		}
	}
}

func TestExpRefusesWhatDoesNotFit(t *testing.T) {
	if _, err := Exp(1, Range{0, 100}, 8, 6); err == nil {
		t.Error("a factor of exp(100) was accepted")
	}
	if _, err := Exp(1, Range{0, 1}, 0, 6); err == nil {
		t.Error("0 levels were accepted")
	}
}

func TestStepRefusesABrokenStaircase(t *testing.T) {
	for _, f := range []Staircase{
		{At: []int64{1}},
		{At: []int64{1, 1}, Jump: []int64{1, 1}},
		{At: []int64{1}, Jump: []int64{0}},
	} {
		p := New("broken")
		p.Step(p.Input("x", nil, 3, true), f)
		if p.Err() == nil {
			t.Errorf("%+v was accepted", f)
		}
	}
}

// ExpMost holds on every domain that is not longer, and is not far above the greatest value.
func TestExpMost(t *testing.T) {
	for _, alpha := range []float64{0, 0.004, 0.03, 0.4} {
		for levels := 1; levels < 9; levels += 3 {
			domain := Range{-40, 43}
			most, greatest := ExpMost(alpha, domain, levels, 4), int64(0)
			for lo := domain.Lo; lo <= domain.Hi; lo++ {
				f, err := Exp(alpha, Range{lo, domain.Hi}, levels, 4)
				if err != nil {
					t.Fatal(err)
				}
				greatest = max(greatest, f.Apply(domain.Hi))
			}
			if greatest > most || float64(most) > 1.5*float64(greatest)+2 {
				t.Errorf("alpha %g, %d levels: at most %d by formula, and %d is the greatest", alpha, levels, most, greatest)
			}
		}
	}
}
