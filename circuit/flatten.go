package circuit

import (
	"maps"
	"slices"
)

// Flatten returns the gates that s depends on, in increasing order, and the weight
// of each once nested sums are multiplied out. Gates whose weights cancel are left
// out. These are the wires of a threshold gate on s.
func (c *Circuit) Flatten(s SumID) ([]Gate, []Int) {
	if c.sumFlag[s]&sumFlat != 0 {
		refs := c.Refs(s)
		from, weights := make([]Gate, len(refs)), make([]Int, len(refs))
		for i, r := range refs {
			from[i], weights[i] = r.Gate(), c.Weight(s, i)
		}
		return from, weights
	}
	// One sum of many is not worth the arrays of the whole circuit's length that
	// the small way of a flattener needs.
	f := newFlattener(c)
	f.expandLarge(s)
	slices.Sort(f.touched)
	weights := make([]Int, len(f.touched))
	for i, g := range f.touched {
		weights[i] = f.weight(g)
	}
	return f.touched, weights
}

// Unmarked returns s and the sums that it reads, directly or not, that are not marked, each
// after those that it reads, and marks them. So a writer makes each sum once, before what
// needs it. The marks are by sum.
func (c *Circuit) Unmarked(s SumID, marked []bool) []SumID {
	if marked[s] {
		return nil
	}
	marked[s] = true
	need := []SumID{s} // a chain may be as long as the circuit: no recursion
	for i := 0; i < len(need); i++ {
		for _, r := range c.Refs(need[i]) {
			if r.IsSum() && !marked[r.Sum()] {
				marked[r.Sum()] = true
				need = append(need, r.Sum())
			}
		}
	}
	slices.Sort(need) // a sum reads earlier sums only
	return need
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
//
// It goes through the nested sums once each, the latest first, and hands the weight
// of a sum on to its terms when all of that weight has come in. Following the paths
// instead would take exponential time where sums are shared in diamonds.
type flattener struct {
	c       *Circuit
	touched []Gate // the result, in no order

	small     []int64 // weight by gate, if the sum at hand is small
	sumWeight []int64
	seen      []bool       // by gate
	large     map[Gate]Int // the same of a sum that is not small,
	dense     []Int        // or this, if many such sums come: by gate
	denseSum  []Int        // and by sum
	isLarge   bool

	nested  []SumID // the sums of the expression
	seenSum []bool
}

func newFlattener(c *Circuit) *flattener { return &flattener{c: c} }

// expand makes touched the gates of s with non-zero weight.
func (f *flattener) expand(s SumID) {
	if f.c.sumFlag[s]&sumBig != 0 {
		f.expandDense(s)
	} else {
		f.expandSmall(s)
	}
}

func (f *flattener) weight(g Gate) Int {
	switch {
	case f.isLarge && f.dense != nil:
		return f.dense[g]
	case f.isLarge:
		return f.large[g]
	}
	return I(f.small[g])
}

func (f *flattener) reset(large bool) {
	for _, g := range f.touched {
		if !f.isLarge {
			f.small[g] = 0
		} else if f.dense != nil {
			f.dense[g] = Int{}
		}
	}
	f.touched, f.isLarge = f.touched[:0], large
}

// expandSmall cannot overflow: what all paths from s add to the weight of a gate
// or of a sum that is not constant is, in absolute value, at most hi − lo of s.
func (f *flattener) expandSmall(s SumID) {
	f.reset(false)
	if f.small == nil {
		f.small, f.seen = make([]int64, f.c.Len()), make([]bool, f.c.Len())
	}
	if f.c.sumFlag[s]&sumFlat != 0 {
		f.addTerms(s, 1)
	} else {
		f.reach(s)
		if f.sumWeight == nil {
			f.sumWeight = make([]int64, f.c.SumCount())
		}
		f.sumWeight[s] = 1
		for _, t := range f.nested {
			mul := f.sumWeight[t]
			f.sumWeight[t] = 0
			f.addTerms(t, mul)
		}
	}
	out := f.touched[:0]
	for _, g := range f.touched {
		f.seen[g] = false
		if f.small[g] != 0 {
			out = append(out, g)
		}
	}
	f.touched = out
}

func (f *flattener) addTerms(s SumID, mul int64) {
	weights, _ := f.c.SmallWeights(s)
	for i, r := range f.c.Refs(s) {
		w := mul * weights[i]
		if r.IsSum() {
			f.sumWeight[r.Sum()] += w
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

// expandDense is expandLarge without maps, for many sums.
func (f *flattener) expandDense(s SumID) {
	f.reset(true)
	if f.dense == nil {
		f.dense, f.denseSum = make([]Int, f.c.Len()), make([]Int, f.c.SumCount())
	}
	if f.seen == nil {
		f.small, f.seen = make([]int64, f.c.Len()), make([]bool, f.c.Len())
	}
	f.reach(s)
	f.denseSum[s] = I(1)
	for _, t := range f.nested {
		mul := f.denseSum[t]
		f.denseSum[t] = Int{}
		for i, r := range f.c.Refs(t) {
			w := mul.Mul(f.c.Weight(t, i))
			if r.IsSum() {
				f.denseSum[r.Sum()] = f.denseSum[r.Sum()].Add(w)
				continue
			}
			g := r.Gate()
			if !f.seen[g] {
				f.seen[g] = true
				f.touched = append(f.touched, g)
			}
			f.dense[g] = f.dense[g].Add(w)
		}
	}
	out := f.touched[:0]
	for _, g := range f.touched {
		f.seen[g] = false
		if !f.dense[g].IsZero() {
			out = append(out, g)
		}
	}
	f.touched = out
}

func (f *flattener) expandLarge(s SumID) {
	f.reset(true)
	f.reach(s)
	f.large = map[Gate]Int{}
	sums := map[SumID]Int{s: I(1)}
	for _, t := range f.nested {
		mul := sums[t]
		delete(sums, t)
		for i, r := range f.c.Refs(t) {
			w := mul.Mul(f.c.Weight(t, i))
			if r.IsSum() {
				sums[r.Sum()] = sums[r.Sum()].Add(w)
			} else {
				f.large[r.Gate()] = f.large[r.Gate()].Add(w)
			}
		}
	}
	maps.DeleteFunc(f.large, func(_ Gate, w Int) bool { return w.IsZero() })
	f.touched = slices.AppendSeq(f.touched, maps.Keys(f.large))
}

// reach makes nested the sums that s consists of, the latest first, s itself
// included.
func (f *flattener) reach(s SumID) {
	if len(f.seenSum) <= int(s) {
		f.seenSum = make([]bool, max(int(s)+1, f.c.SumCount()))
	}
	f.nested = append(f.nested[:0], s)
	f.seenSum[s] = true
	for i := 0; i < len(f.nested); i++ {
		refs := f.c.Refs(f.nested[i])
		for j := len(refs) - 1; j >= 0 && refs[j].IsSum(); j-- {
			if t := refs[j].Sum(); !f.seenSum[t] {
				f.seenSum[t] = true
				f.nested = append(f.nested, t)
			}
		}
	}
	slices.SortFunc(f.nested, func(a, b SumID) int { return int(b) - int(a) })
	for _, t := range f.nested {
		f.seenSum[t] = false
	}
}
