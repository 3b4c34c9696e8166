package netlist_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// An index is a map.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := &netlist.Index{}
		if rapid.Bool().Draw(t, "with room") {
			x = netlist.NewIndex(rapid.Uint32().Draw(t, "most"), rapid.IntRange(0, 1000).Draw(t, "count"))
		}
		number := rapid.OneOf(rapid.Uint32Range(0, 3000), rapid.Uint32Range(0, 30000), rapid.Uint32())
		want := map[uint32]uint32{}
		for range rapid.IntRange(0, 500).Draw(t, "numbers") {
			n, v := number.Draw(t, "number"), rapid.Uint32Range(1, math.MaxUint32).Draw(t, "value")
			if want[n] == 0 {
				x.Set(n, v)
				want[n] = v
			}
			if m := number.Draw(t, "other"); x.Of(m) != want[m] {
				t.Fatalf("%d has the value %d, want %d", m, x.Of(m), want[m])
			}
		}
		for n, v := range want {
			if x.Of(n) != v {
				t.Fatalf("%d has the value %d, want %d", n, x.Of(n), v)
			}
		}
	})
}
