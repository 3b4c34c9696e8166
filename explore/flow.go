package explore

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// flow counts the wires of a view: of a gate on a sum all gates that come into the sum, each once. That
// is their number once the sum is multiplied out, as [circuit.Stats] counts them, unless weights
// cancel. Where they may, sums are multiplied out, as far as the circuit is small; in others such a
// gate is counted here and not there, and atMost says so.
type flow struct {
	x      *Circuit
	like   []circuit.SumID         // by sum: the first one with the same parts, or with parts that are alike
	gates  []int32                 // by sum: its index in sets, or −1
	exact  map[circuit.SumID]int32 // the same of sums of which weights may cancel, without what cancels
	atMost bool
	paths  []float64 // by sum: the paths from gates to it, of which there may be very many
	sets   [][]run   // different sets of gates
	byHash map[uint64][]int32
	runs   int    // in sets
	marked []bool // scratch, by sum
}

// run is a range of gates that follow one another.
type run struct{ lo, hi circuit.Gate }

// mostRuns is how many runs are kept. Beyond it the gates of a sum are found again for each view.
const mostRuns = 1 << 24

// newFlow finds the gates of each sum. Many sums have the same gates: those of the parts that they
// share, with other weights. Time: that of merging the runs of the parts of each sum, once for the
// sums with the same parts.
func newFlow(x *Circuit) *flow {
	n := x.c.SumCount()
	f := &flow{
		x: x, like: make([]circuit.SumID, n), gates: make([]int32, n), paths: make([]float64, n),
		byHash: map[uint64][]int32{},
	}
	byParts := map[string]circuit.SumID{}
	var key []byte
	for s := range circuit.SumID(n) {
		refs := x.c.Refs(s)
		const mostKept = 32 // terms: keys take memory
		f.like[s] = s
		for _, r := range refs {
			if r.IsSum() {
				f.paths[s] += f.paths[r.Sum()]
			} else {
				f.paths[s]++
			}
		}
		if len(refs) <= mostKept {
			key = key[:0]
			for _, r := range refs {
				if r.IsSum() {
					r = r - circuit.Ref(r.Sum()) + circuit.Ref(f.like[r.Sum()])
				}
				key = binary.LittleEndian.AppendUint32(key, uint32(r))
			}
			if first, ok := byParts[string(key)]; ok {
				f.like[s], f.gates[s] = first, f.gates[first]
				continue
			}
			byParts[string(key)] = s
		}
		f.gates[s] = -1
		if runs, ok := f.merge(s); ok {
			f.gates[s] = f.intern(runs)
		}
	}
	f.multiplyOut()
	f.byHash, f.paths = nil, nil
	return f
}

// mostMultiplied is how many terms are multiplied out to see what cancels.
const mostMultiplied = 1 << 20

// multiplyOut finds what cancels in the sums that gates read and that a gate comes into on several ways.
func (f *flow) multiplyOut() {
	var list []circuit.SumID
	total, last := 0.0, circuit.SumID(0)
	for g := range circuit.Gate(f.x.c.Len()) {
		s, ok := f.x.c.ReadsSum(g)
		if !ok || s == last || f.paths[s] == float64(f.fanIn(s)) {
			continue
		}
		last = s
		list = append(list, s)
		if total += f.paths[s]; total > mostMultiplied {
			f.atMost = true
			return
		}
	}
	f.exact = map[circuit.SumID]int32{}
	for _, s := range list {
		if _, done := f.exact[s]; done {
			continue
		}
		from, _ := f.x.c.Flatten(s)
		var runs []run
		for _, g := range from {
			runs = append(runs, run{g, g})
		}
		if set := f.intern(union(runs)); set >= 0 {
			f.exact[s] = set
		} else {
			f.atMost = true
		}
	}
}

// set returns the index of the gates of a sum in sets, or −1.
func (f *flow) set(s circuit.SumID) int32 {
	if set, ok := f.exact[s]; ok {
		return set
	}
	return f.gates[s]
}

// merge finds the runs of the gates of a sum from those of its parts.
func (f *flow) merge(s circuit.SumID) ([]run, bool) {
	var all []run
	last := int32(-1)
	for _, r := range f.x.c.Refs(s) {
		if !r.IsSum() {
			all = append(all, run{r.Gate(), r.Gate()})
			continue
		}
		set := f.gates[r.Sum()]
		if set < 0 {
			return nil, false
		}
		if set != last {
			all = append(all, f.sets[set]...)
		}
		last = set
	}
	return union(all), true
}

// union joins runs that meet or overlap, in place.
func union(all []run) []run {
	if !slices.IsSortedFunc(all, byStart) {
		slices.SortFunc(all, byStart)
	}
	joined := all[:0]
	for _, r := range all {
		if k := len(joined) - 1; k >= 0 && joined[k].hi+1 >= r.lo {
			joined[k].hi = max(joined[k].hi, r.hi)
		} else {
			joined = append(joined, r)
		}
	}
	return joined
}

func byStart(a, b run) int { return cmp.Compare(a.lo, b.lo) }

// intern returns the index of a set of gates, or −1 if there is no room for it.
func (f *flow) intern(runs []run) int32 {
	h := uint64(len(runs))
	for _, r := range runs {
		h = (h ^ uint64(r.lo)<<32 ^ uint64(r.hi)) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	for _, set := range f.byHash[h] {
		if slices.Equal(f.sets[set], runs) {
			return set
		}
	}
	if f.runs+len(runs) > mostRuns {
		return -1
	}
	f.runs += len(runs)
	set := int32(len(f.sets))
	f.sets = append(f.sets, slices.Clone(runs))
	f.byHash[h] = append(f.byHash[h], set)
	return set
}

// fanIn returns how many gates come into a sum.
func (f *flow) fanIn(s circuit.SumID) int {
	n := 0
	for _, r := range f.of(s) {
		n += int(r.hi-r.lo) + 1
	}
	return n
}

// of returns the gates of a sum.
func (f *flow) of(s circuit.SumID) []run {
	if set := f.set(s); set >= 0 {
		return f.sets[set]
	}
	if f.marked == nil {
		f.marked = make([]bool, f.x.c.SumCount())
	}
	var all []run
	for _, t := range f.x.c.Unmarked(s, f.marked) {
		f.marked[t] = false
		for _, r := range f.x.c.Refs(t) {
			if !r.IsSum() {
				all = append(all, run{r.Gate(), r.Gate()})
			}
		}
	}
	return union(all)
}

// wires is how many wires come from an item.
type wires struct {
	from int32
	n    int64
}

// bundles counts the wires into sums from the items of a view.
type bundles struct {
	f       *flow
	item    []int32
	end     []circuit.Gate // by gate: the first one behind it that lies in another item
	count   []int64        // by item, scratch
	touched []int32
}

func (f *flow) bundles(item []int32, items int) *bundles {
	b := &bundles{f: f, item: item, end: make([]circuit.Gate, len(item)), count: make([]int64, items)}
	for g := len(item) - 1; g >= 0; g-- {
		if b.end[g] = circuit.Gate(g + 1); g+1 < len(item) && item[g+1] == item[g] {
			b.end[g] = b.end[g+1]
		}
	}
	return b
}

// into counts the wires into a sum.
func (b *bundles) into(s circuit.SumID) []wires {
	b.touched = b.touched[:0]
	for _, r := range b.f.of(s) {
		for g := r.lo; g <= r.hi; {
			next := min(b.end[g], r.hi+1)
			if from := b.item[g]; from >= 0 {
				if b.count[from] == 0 {
					b.touched = append(b.touched, from)
				}
				b.count[from] += int64(next - g)
			}
			g = next
		}
	}
	list := make([]wires, len(b.touched))
	for i, from := range b.touched {
		list[i] = wires{from, b.count[from]}
		b.count[from] = 0
	}
	return list
}
