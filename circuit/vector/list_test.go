package vector_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit/vector"
)

func everyVector(v *vector.List) [][]int64 {
	var list [][]int64
	for i := range v.Tiles() {
		list = append(list, v.Tile(i)...)
	}
	return list
}

func TestAllAreAll(t *testing.T) {
	p := []vector.Range{{Lo: -2, Hi: 1}, {Lo: 0, Hi: 2}, {Lo: 5, Hi: 5}}
	if n := vector.Count(p); n != 12 {
		t.Fatalf("%d inputs, want 12", n)
	}
	seen := map[[3]int64]bool{}
	for _, in := range everyVector(vector.All(p)) {
		for i, x := range in {
			if x < p[i].Lo || x > p[i].Hi {
				t.Errorf("%v is outside the bounds", in)
			}
		}
		seen[[3]int64(in)] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d different vectors, want 12", len(seen))
	}
	wide := vector.Range{Lo: math.MinInt32, Hi: math.MaxInt32}
	if n := vector.Count([]vector.Range{wide, wide, wide}); n != math.MaxUint64 {
		t.Errorf("%d inputs of 96 bits", n)
	}
}

func TestSampleHoldsTheExtremes(t *testing.T) {
	r := vector.Range{Lo: -4, Hi: 3}
	p := []vector.Range{r, r, r, r}
	v := vector.Sample(p, 1300, 7)
	list := everyVector(v)
	if len(list) != 1300 || v.Len() != 1300 {
		t.Fatalf("%d vectors, want 1300", len(list))
	}
	for _, want := range [][]int64{
		{-4, -4, -4, -4},
		{3, 3, 3, 3},
		{0, 0, 0, 0},
		{2, 2, 2, 2},
		{-4, 3, -4, 3},
		{3, 3, -4, -4},
		{0, 0, 3, 0},
		{-4, 0, 0, 0},
		{1, 2, 1, 2},
		{1, 1, 2, 2},
	} {
		if !slices.ContainsFunc(list, func(in []int64) bool { return slices.Equal(in, want) }) {
			t.Errorf("%v is not tried", want)
		}
	}
	for _, in := range list {
		for i, x := range in {
			if x < p[i].Lo || x > p[i].Hi {
				t.Fatalf("%v is outside the bounds", in)
			}
		}
	}
	if diff := cmp.Diff(list, everyVector(vector.Sample(p, 1300, 7))); diff != "" {
		t.Error("the same seed gives other vectors")
	}
	if cmp.Equal(list, everyVector(vector.Sample(p, 1300, 8))) {
		t.Error("another seed gives the same vectors")
	}
	distinct := map[[4]int64]bool{}
	for _, in := range list {
		distinct[[4]int64(in)] = true
	}
	if len(distinct) < 500 {
		t.Errorf("only %d different vectors of 1300", len(distinct))
	}
}

func TestSampleOfOddPorts(t *testing.T) {
	for _, p := range [][]vector.Range{
		nil,
		{{Lo: 7, Hi: 7}},
		{{Lo: 3, Hi: 9}, {Lo: -9, Hi: -3}},
		{{Lo: -1 << 61, Hi: 1<<61 - 1}},
	} {
		for _, in := range everyVector(vector.Sample(p, 100, 1)) {
			for i, x := range in {
				if x < p[i].Lo || x > p[i].Hi {
					t.Fatalf("%v is outside the bounds %v", in, p)
				}
			}
		}
	}
}
