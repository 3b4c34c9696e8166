package explore

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// flow counts the wires of a view. Wires are counted flattened, as [circuit.Stats] counts them: those
// of a gate on a sum are all gates that the sum depends on.
type flow struct {
	x      *Circuit
	like   []circuit.SumID // by sum: the first with the same wires that is known
	apart  []bool          // by sum: its parts share no gate, so that wires add up
	tested []bool          // by sum: it was flattened to see if its parts share a gate
	paths  []float64       // by sum: the paths from gates to it, of which there may be very many
	shapes *circuit.Shapes
}

// newFlow finds the sums whose parts lie apart, since no gate of one comes between those of another,
// and those with the same parts. Time: linear in the terms, apart from sorting the parts of a sum.
func newFlow(x *Circuit) *flow {
	n := x.c.SumCount()
	f := &flow{x: x, like: make([]circuit.SumID, n), apart: make([]bool, n), tested: make([]bool, n)}
	f.paths = make([]float64, n)
	type span struct{ lo, hi circuit.Gate }
	spans := make([]span, n)
	byParts := map[string]circuit.SumID{}
	var key []byte
	var parts []span
	for s := range circuit.SumID(n) {
		f.like[s], f.apart[s] = s, true
		refs := x.c.Refs(s)
		if len(refs) == 0 {
			continue
		}
		parts = parts[:0]
		for _, r := range refs {
			if r.IsSum() {
				f.apart[s] = f.apart[s] && f.apart[r.Sum()]
				parts = append(parts, spans[r.Sum()])
				f.paths[s] += f.paths[r.Sum()]
			} else {
				parts = append(parts, span{r.Gate(), r.Gate()})
				f.paths[s]++
			}
		}
		if refs[len(refs)-1].IsSum() {
			slices.SortFunc(parts, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
		}
		spans[s] = parts[0]
		for _, p := range parts[1:] {
			f.apart[s] = f.apart[s] && p.lo > spans[s].hi
			spans[s].hi = max(spans[s].hi, p.hi)
		}
		const mostCached = 32 // terms: keys take memory
		if len(refs) > mostCached || !f.apart[s] {
			continue
		}
		key = key[:0]
		for _, r := range refs {
			if r.IsSum() { // what it is like has the same wires
				r = r - circuit.Ref(r.Sum()) + circuit.Ref(f.like[r.Sum()])
			}
			key = binary.LittleEndian.AppendUint32(key, uint32(r))
		}
		if first, ok := byParts[string(key)]; ok {
			f.like[s] = first
		} else {
			byParts[string(key)] = s
		}
	}
	return f
}

// wires is how many wires come from an item.
type wires struct {
	from int32
	n    int64
}

// bundles counts the wires into sums from the items of a view.
type bundles struct {
	f     *flow
	item  []int32
	into  [][]wires // by sum, of those that are asked for
	need  []bool
	count []int64 // by item, scratch
}

// bundle counts the wires of the sums that are marked in need.
func (f *flow) bundle(item []int32, items int, need []bool) *bundles {
	b := &bundles{f, item, make([][]wires, len(need)), need, make([]int64, items)}
	c := f.x.c
	for s := circuit.SumID(len(need) - 1); s > 0; s-- {
		if b.need[s] && f.ready(s) {
			for _, r := range slices.Backward(c.Refs(s)) {
				if !r.IsSum() {
					break
				}
				b.need[f.like[r.Sum()]] = true
			}
		}
	}
	var touched []int32
	add := func(from int32, n int64) {
		if from < 0 {
			return
		}
		if b.count[from] == 0 {
			touched = append(touched, from)
		}
		b.count[from] += n
	}
	for s := range circuit.SumID(len(need)) {
		if !b.need[s] {
			continue
		}
		touched = touched[:0]
		if f.apart[s] {
			for _, r := range c.Refs(s) {
				if !r.IsSum() {
					add(item[r.Gate()], 1)
					continue
				}
				for _, w := range b.into[f.like[r.Sum()]] {
					add(w.from, w.n)
				}
			}
		} else {
			for _, g := range f.shapes.Gates(s) {
				add(item[g], 1)
			}
		}
		slices.Sort(touched)
		b.into[s] = make([]wires, len(touched))
		for i, from := range touched {
			b.into[s][i] = wires{from, b.count[from]}
			b.count[from] = 0
		}
	}
	return b
}

// ready tells whether the wires of a sum add up from its parts. A sum that may have a gate twice is
// flattened once to see.
func (f *flow) ready(s circuit.SumID) bool {
	if !f.apart[s] && !f.tested[s] {
		if f.shapes == nil {
			f.shapes = f.x.c.Shapes()
		}
		f.tested[s] = true
		f.apart[s] = f.paths[s] == float64(len(f.shapes.Gates(s)))
	}
	return f.apart[s]
}
