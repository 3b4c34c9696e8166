package circuit

import (
	"maps"
	"slices"
)

// Flatten returns the gates that s depends on, in increasing order, and the weight
// of each once nested sums are multiplied out. Gates whose weights cancel are left
// out. These are the wires of a threshold gate on s.
func (c *Circuit) Flatten(s SumID) ([]Gate, []Int) {
	f := newFlattener(c)
	f.expand(s)
	from := slices.Clone(f.touched)
	slices.Sort(from)
	weights := make([]Int, len(from))
	for i, g := range from {
		weights[i] = f.weight(g)
	}
	return from, weights
}

// Flatten returns the gates that s depends on and their weights; the constant of s
// is apart, as [Sum.Parts] gives it.
func (b *Builder) Flatten(s Sum) ([]Gate, []Int) {
	switch {
	case s.mul.IsZero():
		return nil, nil
	case !s.ref.IsSum():
		return []Gate{s.ref.Gate()}, []Int{s.mul}
	}
	from, weights := b.c.Flatten(s.ref.Sum())
	for i, w := range weights {
		weights[i] = w.Mul(s.mul)
	}
	return from, weights
}

// flattener multiplies out sums, one after another, in memory that is used again.
type flattener struct {
	c       *Circuit
	small   []int64      // weight by gate, if the sum at hand is small
	large   map[Gate]Int // and if it is not
	isLarge bool
	seen    []bool
	touched []Gate
}

func newFlattener(c *Circuit) *flattener { return &flattener{c: c} }

// expand makes touched the gates of s with non-zero weight, in no order.
func (f *flattener) expand(s SumID) {
	f.reset()
	refs := f.c.Refs(s)
	if f.isLarge = f.c.sumFlag[s]&sumBig != 0; f.isLarge {
		f.large = map[Gate]Int{}
		f.addLarge(s, I(1))
		maps.DeleteFunc(f.large, func(_ Gate, w Int) bool { return w.IsZero() })
		f.touched = slices.AppendSeq(f.touched, maps.Keys(f.large))
		return
	}
	if n := f.c.Len(); len(f.small) < n {
		f.small = append(f.small, make([]int64, n-len(f.small))...)
		f.seen = append(f.seen, make([]bool, n-len(f.seen))...)
	}
	f.touched = slices.Grow(f.touched, len(refs))
	f.addSmall(s, 1)
	out := f.touched[:0]
	for _, g := range f.touched {
		f.seen[g] = false
		if f.small[g] != 0 {
			out = append(out, g)
		}
	}
	f.touched = out
}

func (f *flattener) reset() {
	if !f.isLarge {
		for _, g := range f.touched {
			f.small[g] = 0
		}
	}
	f.touched = f.touched[:0]
}

// addSmall cannot overflow: the weights of all paths to all gates add up, in
// absolute value, to at most hi − lo of the sum that is expanded.
func (f *flattener) addSmall(s SumID, mul int64) {
	weights, _ := f.c.SmallWeights(s)
	for i, r := range f.c.Refs(s) {
		w := mul * weights[i]
		if r.IsSum() {
			f.addSmall(r.Sum(), w)
			continue
		}
		g := r.Gate()
		if !f.seen[g] {
			f.seen[g] = true
			f.touched = append(f.touched, g)
		}
		f.small[g] += w
	}
}

func (f *flattener) addLarge(s SumID, mul Int) {
	for i, r := range f.c.Refs(s) {
		w := mul.Mul(f.c.Weight(s, i))
		if r.IsSum() {
			f.addLarge(r.Sum(), w)
			continue
		}
		f.large[r.Gate()] = f.large[r.Gate()].Add(w)
	}
}

func (f *flattener) weight(g Gate) Int {
	if f.isLarge {
		return f.large[g]
	}
	return I(f.small[g])
}
