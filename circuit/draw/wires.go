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
	c      *circuit.Circuit
	shapes *circuit.Shapes
	group  []int // by gate; −1: in no group
	wires  map[[2]int]int64
	into   []int64 // all wires into a group, those from no group included

	paths []float64          // by sum: the paths from gates to it, of which there may be very many
	cache map[string]*inflow // by the refs of a nested sum
}

// inflow is the wires of one gate.
type inflow struct {
	wires map[int]int // by group
	fanIn int
}

func countFlow(c *circuit.Circuit, group []int, groups int) *flow {
	f := &flow{
		c: c, shapes: c.Shapes(), group: group, wires: map[[2]int]int64{}, into: make([]int64, groups),
		paths: make([]float64, c.SumCount()), cache: map[string]*inflow{},
	}
	for s := range f.paths { // a sum reads earlier ones
		for _, r := range c.Refs(circuit.SumID(s)) {
			if r.IsSum() {
				f.paths[s] += f.paths[r.Sum()]
			} else {
				f.paths[s]++
			}
		}
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
	var last *inflow
	for i := 0; i < len(readers); {
		r, n := readers[i], int64(0)
		if i == 0 || readers[i-1].sum != r.sum {
			last = f.expand(r.sum)
		}
		for ; i < len(readers) && readers[i] == r; i++ {
			n++
		}
		f.into[r.to] += n * int64(last.fanIn)
		for from, wires := range last.wires {
			f.wires[[2]int{from, r.to}] += n * int64(wires)
		}
	}
	return f
}

// mostCached bounds the memory that the cache takes for a sum.
const mostCached = 32

// expand returns the wires of a gate on s.
//
// A sum nested in others is often one of very many over the same few, such as
// num − t·den for every t. If no gate is reached twice when it is multiplied out,
// its wires are the same whatever its weights, and they are counted only once.
func (f *flow) expand(s circuit.SumID) *inflow {
	var key []byte
	refs := f.c.Refs(s)
	if len(refs) <= mostCached {
		for _, r := range refs {
			key = binary.LittleEndian.AppendUint32(key, uint32(r))
		}
		if in, ok := f.cache[string(key)]; ok {
			return in
		}
	}
	from := f.shapes.Gates(s)
	in := &inflow{map[int]int{}, len(from)}
	for i := 0; i < len(from); { // the gates of a group mostly follow one another
		first, group := i, f.group[from[i]]
		for ; i < len(from) && f.group[from[i]] == group; i++ {
		}
		if group >= 0 {
			in.wires[group] += i - first
		}
	}
	if key != nil && f.paths[s] == float64(len(from)) {
		f.cache[string(key)] = in
	}
	return in
}
