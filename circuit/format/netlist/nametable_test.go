package netlist

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A table of names is a map that numbers them.
func TestNameTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, want := newNameTable(), map[string]signalID{}
		name := rapid.OneOf(
			rapid.StringMatching(`[ag]?[0-9]{1,5}`), rapid.StringMatching(`[a-c]{0,12}[0-9]?`), rapid.StringN(0, 20, -1))
		many := name
		if rapid.Bool().Draw(t, "alike") { // so that groups are full
			many = rapid.StringMatching(`[A-Za-z]{1,9}1`)
		}
		for range rapid.IntRange(0, 2000).Draw(t, "names") {
			text := many.Draw(t, "name")
			if other := name.Draw(t, "other"); rapid.IntRange(0, 9).Draw(t, "which") == 0 {
				text = other
			}
			s, there := want[text]
			if got, ok := table.find([]byte(text)); ok != there || ok && got != s {
				t.Fatalf("%q has the number %d, %v; want %d, %v", text, got, ok, s, there)
			}
			if !there {
				s = signalID(len(want))
				want[text] = s
			}
			if got := table.take([]byte(text)); got != s {
				t.Fatalf("%q gets the number %d, want %d", text, got, s)
			}
		}
		for text, s := range want {
			if got := table.of(s); got != text {
				t.Fatalf("name %d is %q, want %q", s, got, text)
			}
		}
	})
}

// Names that want to be in one place are all found.
func TestNameTableCrowded(t *testing.T) {
	table := newNameTable()
	for i := range 5000 {
		if got := table.take(crowded(i)); int(got) != i {
			t.Fatalf("name %d gets the number %d", i, got)
		}
	}
	for i := range 5000 {
		if got, ok := table.find(crowded(i)); !ok || int(got) != i {
			t.Fatalf("name %d has the number %d, %v", i, got, ok)
		}
	}
}

// crowded returns names with the same last eight bytes.
func crowded(i int) []byte { return []byte(strconv.Itoa(i) + "/00000001") }

// BenchmarkNames looks up a million names three times each, as a file of gates does, in a table and in
// a map, by turns.
func BenchmarkNames(b *testing.B) {
	const n = 1_000_000
	var names [][]byte
	for i := range n {
		names = append(names, []byte("g"+strconv.Itoa(i)))
	}
	order := func(i int) [3]int { return [3]int{i, max(i-1-i%60, 0), max(i-1-i%4999, 0)} }
	var ratio []float64
	for range b.N {
		start := time.Now()
		table := newNameTable()
		for i := range n {
			for _, k := range order(i) {
				table.take(names[k])
			}
		}
		ours := time.Since(start)
		start = time.Now()
		numbers := map[string]signalID{}
		for i := range n {
			for _, k := range order(i) {
				if _, ok := numbers[string(names[k])]; !ok {
					numbers[string(names[k])] = signalID(len(numbers))
				}
			}
		}
		ratio = append(ratio, float64(time.Since(start))/float64(ours))
	}
	slices.Sort(ratio)
	b.ReportMetric(ratio[len(ratio)/2], "map/table")
}
