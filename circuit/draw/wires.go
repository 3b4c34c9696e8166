package draw

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// flow counts the wires from group to group of nodes. Wires are counted as
// [circuit.Stats] counts them: flattened, and only into gates that the standard
// depth model charges for.
type flow struct {
	c     *circuit.Circuit
	group []int // by gate; −1: in no group
	wires map[[2]int]int64
	into  []int64 // all wires into a group, those from no group included

	hist    []int64 // scratch: wires of one sum by group of their source
	touched []int   // groups with a non-zero hist
	fanIn   int64

	weight []int64 // scratch, by gate
	seen   []bool
	from   []circuit.Gate // the gates that were seen
	twice  bool           // one of them more than once
	key    []byte
	cache  map[string]*histogram // by the refs of a nested sum
}

type histogram struct {
	groups []int
	counts []int64
	fanIn  int64
}

func countFlow(c *circuit.Circuit, group []int, groups int) *flow {
	f := &flow{
		c: c, group: group, wires: map[[2]int]int64{}, into: make([]int64, groups),
		hist: make([]int64, groups), cache: map[string]*histogram{},
	}
	cost := gates.Standard().Cost
	type reader struct {
		sum circuit.SumID
		to  int
	}
	var readers []reader
	for g := range circuit.Gate(c.Len()) {
		to := group[g]
		if cost[c.Kind(g)] == 0 {
			continue
		}
		if s, ok := c.ReadsSum(g); ok {
			readers = append(readers, reader{s, to})
		}
		for _, x := range c.Fanin(g) {
			f.into[to]++
			if from := group[x.Gate()]; from >= 0 {
				f.wires[[2]int{from, to}]++
			}
		}
	}
	// Many gates read one sum: it is multiplied out once for all of them.
	slices.SortFunc(readers, func(a, b reader) int {
		return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.to, b.to))
	})
	for i := 0; i < len(readers); {
		r, n := readers[i], int64(0)
		if i == 0 || readers[i-1].sum != r.sum {
			f.expand(r.sum)
		}
		for ; i < len(readers) && readers[i] == r; i++ {
			n++
		}
		f.into[r.to] += n * f.fanIn
		for _, from := range f.touched {
			f.wires[[2]int{from, r.to}] += n * f.hist[from]
		}
	}
	return f
}

// expand sets hist and fanIn to the wires of a gate on s.
//
// A sum nested in others is often one of very many over the same few, such as
// num − t·den for every t. If no gate is reached twice when it is multiplied out,
// its wires are the same whatever its weights, and they are counted only once.
func (f *flow) expand(s circuit.SumID) {
	for _, g := range f.touched {
		f.hist[g] = 0
	}
	f.touched, f.fanIn = f.touched[:0], 0

	refs := f.c.Refs(s)
	if !slices.ContainsFunc(refs, circuit.Ref.IsSum) {
		for _, r := range refs {
			f.addWire(r.Gate())
		}
		return
	}
	f.key = f.key[:0]
	for _, r := range refs {
		f.key = binary.LittleEndian.AppendUint32(f.key, uint32(r))
	}
	if h, ok := f.cache[string(f.key)]; ok {
		f.fanIn = h.fanIn
		f.touched = append(f.touched, h.groups...)
		for i, from := range h.groups {
			f.hist[from] = h.counts[i]
		}
		return
	}
	if !f.multiplyOut(s) || len(refs) > mostCached {
		return
	}
	h := &histogram{groups: slices.Clone(f.touched), fanIn: f.fanIn}
	for _, from := range h.groups {
		h.counts = append(h.counts, f.hist[from])
	}
	f.cache[string(f.key)] = h
}

// mostCached bounds the memory that the cache takes for a sum.
const mostCached = 32

// multiplyOut adds the wires of s and reports whether each gate was reached once.
func (f *flow) multiplyOut(s circuit.SumID) (once bool) {
	if _, small := f.c.SmallWeights(s); !small {
		from, _ := f.c.Flatten(s)
		for _, g := range from {
			f.addWire(g)
		}
		return false
	}
	if f.weight == nil {
		f.weight = make([]int64, f.c.Len())
		f.seen = make([]bool, f.c.Len())
	}
	f.from, f.twice = f.from[:0], false
	f.addTerms(s, 1)
	for _, g := range f.from {
		if f.weight[g] != 0 {
			f.addWire(g)
		}
		f.weight[g], f.seen[g] = 0, false
	}
	return !f.twice
}

// addTerms cannot overflow where the weights of s are small: those of all paths add
// up, in absolute value, to no more than the range of s.
func (f *flow) addTerms(s circuit.SumID, mul int64) {
	weights, _ := f.c.SmallWeights(s)
	for i, r := range f.c.Refs(s) {
		w := mul * weights[i]
		if r.IsSum() {
			f.addTerms(r.Sum(), w)
			continue
		}
		g := r.Gate()
		if f.seen[g] {
			f.twice = true
		} else {
			f.seen[g] = true
			f.from = append(f.from, g)
		}
		f.weight[g] += w
	}
}

func (f *flow) addWire(g circuit.Gate) {
	f.fanIn++
	from := f.group[g]
	if from < 0 {
		return
	}
	if f.hist[from] == 0 {
		f.touched = append(f.touched, from)
	}
	f.hist[from]++
}
