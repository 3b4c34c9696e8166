package analysis

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/compile/program"
)

func ports(bounds ...program.Range) []program.Port {
	list := make([]program.Port, len(bounds))
	for i, r := range bounds {
		list[i] = program.Port{Name: string(rune('a' + i)), Bounds: r}
	}
	return list
}

func everyVector(v *Vectors) [][]int64 {
	var list [][]int64
	for i := range v.Tiles() {
		list = append(list, v.Tile(i)...)
	}
	return list
}

func TestAllVectorsAreAll(t *testing.T) {
	p := ports(program.Range{Lo: -2, Hi: 1}, program.Range{Lo: 0, Hi: 2}, program.Range{Lo: 5, Hi: 5})
	if n := InputCount(p); n != 12 {
		t.Fatalf("%d inputs, want 12", n)
	}
	seen := map[[3]int64]bool{}
	for _, in := range everyVector(AllVectors(p)) {
		for i, x := range in {
			if !p[i].Bounds.Contains(x) {
				t.Errorf("%v is outside the bounds", in)
			}
		}
		seen[[3]int64(in)] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d different vectors, want 12", len(seen))
	}
	wide := program.Range{Lo: math.MinInt32, Hi: math.MaxInt32}
	if n := InputCount(ports(wide, wide, wide)); n != math.MaxUint64 {
		t.Errorf("%d inputs of 96 bits", n)
	}
}

func TestSampleVectorsHoldTheExtremes(t *testing.T) {
	r := program.Range{Lo: -4, Hi: 3}
	p := ports(r, r, r, r)
	v := SampleVectors(p, 1300, 7)
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
			if !p[i].Bounds.Contains(x) {
				t.Fatalf("%v is outside the bounds", in)
			}
		}
	}
	if diff := cmp.Diff(list, everyVector(SampleVectors(p, 1300, 7))); diff != "" {
		t.Error("the same seed gives other vectors")
	}
	if cmp.Equal(list, everyVector(SampleVectors(p, 1300, 8))) {
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

func TestSampleVectorsOfOddPorts(t *testing.T) {
	for _, p := range [][]program.Port{
		nil,
		ports(program.Range{Lo: 7, Hi: 7}),
		ports(program.Range{Lo: 3, Hi: 9}, program.Range{Lo: -9, Hi: -3}),
		ports(program.Range{Lo: -1 << 61, Hi: 1<<61 - 1}),
	} {
		for _, in := range everyVector(SampleVectors(p, 100, 1)) {
			for i, x := range in {
				if !p[i].Bounds.Contains(x) {
					t.Fatalf("%v is outside the bounds %v", in, p)
				}
			}
		}
	}
}
