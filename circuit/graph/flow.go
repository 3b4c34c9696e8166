package graph

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Flow counts the wires from group to group of the gates of a circuit. It counts them as
// [circuit.Stats] does: flattened, and not into NOT and BUF.
type Flow struct {
	Wires map[[2]int]int64 // from a group to a group
	Into  []int64          // by group: all wires into it, also those from gates of no group

	c      *circuit.Circuit
	shapes *circuit.Shapes
	group  []int               // by gate
	paths  []float64           // by sum: the paths from gates to it, of which there may be very many
	cache  map[string]*SumFlow // by the refs of a sum
}

// SumFlow is the wires of one gate on a sum.
type SumFlow struct {
	Wires map[int]int // by the group that they come from
	FanIn int
}

// NewFlow counts the wires of c. group is the group of each gate, from 0 on and less than
// groups; −1 stands for no group.
//
// Time: linear in the flattened wires of each sum, once, and in the wires of logic gates.
func NewFlow(c *circuit.Circuit, group []int, groups int) *Flow {
	f := &Flow{
		map[[2]int]int64{},
		make([]int64, groups), c, c.Shapes(), group,
		make([]float64, c.SumCount()),
		map[string]*SumFlow{},
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
			f.Into[to]++
			if from := group[x.Gate()]; from >= 0 {
				f.Wires[[2]int{from, to}]++
			}
		}
	}
	// Many gates read one sum. It is multiplied out once for all of them.
	slices.SortFunc(readers, func(a, b reader) int {
		return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.to, b.to))
	})
	var last *SumFlow
	for i := 0; i < len(readers); {
		r, n := readers[i], int64(0)
		if i == 0 || readers[i-1].sum != r.sum {
			last = f.Of(r.sum)
		}
		for ; i < len(readers) && readers[i] == r; i++ {
			n++
		}
		f.Into[r.to] += n * int64(last.FanIn)
		for from, wires := range last.Wires {
			f.Wires[[2]int{from, r.to}] += n * int64(wires)
		}
	}
	return f
}

// mostCached bounds the memory that the cache takes for a sum.
const mostCached = 32

// Of returns the wires of a gate on s.
//
// A sum nested in others is often one of very many over the same few, such as
// num − t·den for every t. If no gate is reached twice when it is multiplied out,
// its wires are the same whatever its weights, and they are counted only once.
func (f *Flow) Of(s circuit.SumID) *SumFlow {
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
	in := &SumFlow{map[int]int{}, len(from)}
	for i := 0; i < len(from); { // the gates of a group mostly follow one another
		first, group := i, f.group[from[i]]
		for ; i < len(from) && f.group[from[i]] == group; i++ {
		}
		if group >= 0 {
			in.Wires[group] += i - first
		}
	}
	if key != nil && f.paths[s] == float64(len(from)) {
		f.cache[string(key)] = in
	}
	return in
}
