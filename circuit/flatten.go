package circuit

import "slices"

// Flatten returns the gates that s depends on, in increasing order, and the weight
// of each once nested sums are multiplied out. Gates whose weights cancel are left
// out. These are the wires of a threshold gate on s.
func (c *Nodes) Flatten(s SumID) ([]Gate, []Int) {
	// One sum of many is not worth arrays of the whole circuit's length.
	weights := map[Ref]*Int{}
	f := &flattener{c: c, at: func(r Ref) *Int {
		w := weights[r]
		if w == nil {
			w = new(Int)
			weights[r] = w
		}
		return w
	}}
	f.expand(s)
	return f.from, f.weights
}

// Unmarked returns s and the sums that it reads, directly or not, that are not marked, each
// after those that it reads, and marks them. So a writer makes each sum once, before what
// needs it. The marks are by sum.
func (c *Nodes) Unmarked(s SumID, marked []bool) []SumID {
	if marked[s] {
		return nil
	}
	marked[s] = true
	need := []SumID{s} // a chain may be as long as the circuit: no recursion
	for i := 0; i < len(need); i++ {
		for _, r := range slices.Backward(c.Refs(need[i])) {
			if !r.IsSum() { // the sums stand last
				break
			}
			if !marked[r.Sum()] {
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
	c       *Nodes
	at      func(Ref) *Int // where the weight of a gate or a sum is kept: 0 except during expand
	small   []int64        // the same where every weight fits, by gate, then by sum; nil: not used
	marked  []bool         // scratch, by sum
	need    []SumID        // scratch
	from    []Gate         // the gates of the sum that was expanded last, in increasing order if small is nil,
	weights []Int          // and their weights, none of them 0
}

// newFlattener returns a flattener for many sums.
func newFlattener(c *Nodes) *flattener {
	n := c.Len()
	var weights []Int // of the gates, then of the sums
	return &flattener{c: c, small: make([]int64, n+c.SumCount()), at: func(r Ref) *Int {
		if weights == nil {
			weights = make([]Int, n+c.SumCount())
		}
		return &weights[r.index(n)]
	}}
}

// index returns the place of r where n gates stand first, then the sums.
func (r Ref) index(n int) int {
	if r.IsSum() {
		return n + int(r.Sum())
	}
	return int(r.Gate())
}

// expand multiplies out s.
func (f *flattener) expand(s SumID) {
	c := f.c
	f.from, f.weights = f.from[:0], f.weights[:0]
	if c.sumFlag[s]&sumFlat != 0 {
		for i, r := range c.Refs(s) {
			f.from, f.weights = append(f.from, r.Gate()), append(f.weights, c.Weight(s, i))
		}
		return
	}
	if f.marked == nil {
		f.marked = make([]bool, c.SumCount())
	}
	if f.small != nil && c.sumFlag[s]&sumBig == 0 {
		f.expandSmall(s)
		return
	}
	*f.at(sumRef(s)) = NewInt(1)
	for _, t := range slices.Backward(c.Unmarked(s, f.marked)) {
		f.marked[t] = false
		own := f.at(sumRef(t))
		mul := *own
		*own = Int{}
		for i, r := range c.Refs(t) {
			w := f.at(r)
			if !r.IsSum() && w.IsZero() {
				f.from = append(f.from, r.Gate())
			}
			*w = w.Add(mul.Mul(c.Weight(t, i)))
		}
	}
	slices.Sort(f.from)
	left := f.from[:0]
	for _, g := range f.from {
		if w := f.at(gateRef(g)); !w.IsZero() { // it is if the weights cancel, or the gate has been here
			left, f.weights = append(left, g), append(f.weights, *w)
			*w = Int{}
		}
	}
	f.from = left
}

// expandSmall multiplies out a sum of small numbers. Nothing overflows: the weights along all
// paths add up, in absolute value, to at most the range of s.
func (f *flattener) expandSmall(s SumID) {
	n := f.c.Len()
	f.small[n+int(s)] = 1
	for _, t := range slices.Backward(f.c.Unmarked(s, f.marked)) {
		f.marked[t] = false
		mul := f.small[n+int(t)]
		f.small[n+int(t)] = 0
		weights, _ := f.c.SmallWeights(t)
		for i, r := range f.c.Refs(t) {
			w := &f.small[r.index(n)]
			if !r.IsSum() && *w == 0 {
				f.from = append(f.from, r.Gate())
			}
			*w += mul * weights[i]
		}
	}
	left := f.from[:0]
	for _, g := range f.from {
		if w := &f.small[g]; *w != 0 { // it is if the weights cancel, or the gate has been here
			left, f.weights = append(left, g), append(f.weights, NewInt(*w))
			*w = 0
		}
	}
	f.from = left
}
