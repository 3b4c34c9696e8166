package graphml

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// flattener multiplies out sums, one after another, in memory that is used again.
// [circuit.Circuit.Flatten] would take arrays of its own each time.
//
// It takes the sums within a sum latest first, so that each hands its weight on to its
// terms once, when all of it has come in. Following the paths would take exponential
// time where sums are shared.
type flattener struct {
	c         *circuit.Circuit
	gate, sum []circuit.Int // weight so far; zero between calls
	seenGate  []bool
	seenSum   []bool
	nested    []circuit.SumID

	last    circuit.SumID // whose result is at hand; 0 for none
	from    []circuit.Gate
	weights []circuit.Int
}

func newFlattener(c *circuit.Circuit) *flattener { return &flattener{c: c} }

// flatten returns the gates that s depends on, in increasing order, and their weights,
// none of them zero. They hold until the next call.
func (f *flattener) flatten(s circuit.SumID) ([]circuit.Gate, []circuit.Int) {
	if s == f.last { // thresholds of one number follow each other
		return f.from, f.weights
	}
	if f.gate == nil {
		f.gate, f.seenGate = make([]circuit.Int, f.c.Len()), make([]bool, f.c.Len())
		f.sum, f.seenSum = make([]circuit.Int, f.c.SumCount()), make([]bool, f.c.SumCount())
	}
	f.last, f.from, f.weights = s, f.from[:0], f.weights[:0]
	f.reach(s)
	f.sum[s] = circuit.I(1)
	for _, t := range f.nested {
		f.handOn(t)
	}
	slices.Sort(f.from)
	kept := f.from[:0]
	for _, g := range f.from {
		if w := f.gate[g]; !w.IsZero() { // else its wires cancel
			kept, f.weights = append(kept, g), append(f.weights, w)
		}
		f.gate[g], f.seenGate[g] = circuit.Int{}, false
	}
	f.from = kept
	return f.from, f.weights
}

// reach makes nested the sums within s, s included, the latest first.
func (f *flattener) reach(s circuit.SumID) {
	f.nested = append(f.nested[:0], s)
	f.seenSum[s] = true
	for i := 0; i < len(f.nested); i++ {
		for _, r := range f.c.Refs(f.nested[i]) {
			if r.IsSum() && !f.seenSum[r.Sum()] {
				f.seenSum[r.Sum()] = true
				f.nested = append(f.nested, r.Sum())
			}
		}
	}
	for _, t := range f.nested {
		f.seenSum[t] = false
	}
	slices.SortFunc(f.nested, func(a, b circuit.SumID) int { return int(b) - int(a) })
}

// handOn adds the weight of t to its terms.
func (f *flattener) handOn(t circuit.SumID) {
	times := f.sum[t]
	f.sum[t] = circuit.Int{}
	for i, r := range f.c.Refs(t) {
		w := times.Mul(f.c.Weight(t, i))
		if r.IsSum() {
			f.sum[r.Sum()] = f.sum[r.Sum()].Add(w)
			continue
		}
		g := r.Gate()
		if !f.seenGate[g] {
			f.seenGate[g] = true
			f.from = append(f.from, g)
		}
		f.gate[g] = f.gate[g].Add(w)
	}
}
