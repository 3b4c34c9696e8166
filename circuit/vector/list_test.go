package vector_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
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

// The integers of a port are those that its format has codes for, offsets included.
func TestRanges(t *testing.T) {
	port := func(f circuit.Format, wires int) circuit.Port {
		return circuit.Port{Name: "x", Format: f, Wires: make([]circuit.Lit, wires)}
	}
	three := circuit.NewInt(3)
	got, err := vector.Ranges([]circuit.Port{
		port(circuit.Format{}, 4), port(circuit.Format{Kind: circuit.TwosComplement}, 4),
		port(
			circuit.Format{Kind: circuit.OneHot, Offset: three},
			4,
		), port(circuit.Format{Kind: circuit.Thermometer, Offset: three}, 4),
	})
	want := []vector.Range{{Lo: 0, Hi: 15}, {Lo: -8, Hi: 7}, {Lo: 3, Hi: 6}, {Lo: 3, Hi: 7}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, p := range []circuit.Port{
		port(circuit.Format{}, 63), port(circuit.Format{Kind: circuit.Weighted, Weights: []circuit.Int{three}}, 1),
		port(circuit.Format{Kind: circuit.Thermometer, Offset: circuit.Pow2(64)}, 2),
	} {
		var wrong *vector.PortError
		if _, err := vector.Ranges([]circuit.Port{p}); !errors.As(err, &wrong) || wrong.Port != "x" {
			t.Errorf("%v: error %v", p.Format, err)
		}
	}
}

// All tiles come, each once; the first error ends the list.
func TestEachTile(t *testing.T) {
	list := vector.Sample([]vector.Range{{Lo: 0, Hi: 1 << 20}}, 10_000, 1)
	var lock sync.Mutex
	seen := map[int]int{}
	err := list.EachTile(t.Context(), func(tile int, vectors [][]int64) error {
		lock.Lock()
		defer lock.Unlock()
		seen[tile] += len(vectors)
		return nil
	})
	total := 0
	for _, n := range seen {
		total += n
	}
	if err != nil || len(seen) != list.Tiles() || total != list.Len() {
		t.Errorf("%d vectors in %d tiles, %v", total, len(seen), err)
	}
	failed := errors.New("failed")
	if err := list.EachTile(t.Context(), func(int, [][]int64) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("error %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := list.EachTile(stopped, func(int, [][]int64) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of a context that has ended", err)
	}
}
