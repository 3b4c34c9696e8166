package circuit

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMerge merges lists of terms, short ones and long ones, which are sorted in different ways, with refs that are
// near to each other or far apart, that come again, and whose weights cancel.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var l termList // used again
	for _, n := range []int{0, 1, 2, fewTerms - 1, fewTerms, 5000} {
		for _, width := range []uint32{1, 700, 1 << digitBits, 1 << 20, 1 << 31} {
			want := map[Ref]int64{}
			base := r.Uint32N(1<<31 - width + 1)
			for range n {
				ref, w := Ref(base+r.Uint32N(width)), r.Int64N(5)-2
				want[ref] += w
				l.push(ref, NewInt(w))
			}
			l.merge()
			last := Ref(0)
			for i, term := range l.terms {
				if i > 0 && term.ref <= last {
					t.Fatalf("%d terms of %d refs: ref %d after %d", n, width, term.ref, last)
				}
				last = term.ref
				if v, _ := term.weight.Int64(); v != want[term.ref] {
					t.Fatalf("%d terms of %d refs: ref %d has the weight %d, not %d", n, width, term.ref, v, want[term.ref])
				}
				delete(want, term.ref)
			}
			left := slices.Collect(maps.Values(want))
			if slices.ContainsFunc(left, func(w int64) bool { return w != 0 }) {
				t.Fatalf("%d terms of %d refs: the weights %v are missing", n, width, left)
			}
			l.empty(l.terms)
		}
	}
}
