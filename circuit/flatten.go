package circuit

import (
	"cmp"
	"slices"
)

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
	if c.flag(s)&sumFlat != 0 {
		refs := c.Refs(s)
		f.from, f.weights = slices.Grow(f.from, len(refs)), slices.Grow(f.weights, len(refs))
		for i, r := range refs {
			f.from, f.weights = append(f.from, r.Gate()), append(f.weights, c.Weight(s, i))
		}
		return
	}
	if f.marked == nil {
		f.marked = make([]bool, c.SumCount())
	}
	if f.small != nil && c.flag(s)&sumBig == 0 {
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
	f.weights = slices.Grow(f.weights, len(f.from))
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

// single is a sum of one gate and one other sum, as a threshold gate that has absorbed a literal reads. If the other
// sum reads that gate, too, its weight there is all that has to be looked up.
type single struct {
	sum    SumID
	inside int64 // the weight of the gate within the other sum, not 0
}

// inside returns the weight of a gate within s, whose numbers are small, by the sums alone whose gates span it.
func (f *flattener) inside(s SumID, g Gate, spans []span) int64 {
	c, n := f.c, f.c.Len()
	if f.marked == nil {
		f.marked = make([]bool, c.SumCount())
	}
	need := append(f.need[:0], s)
	for i := 0; i < len(need); i++ {
		for _, r := range slices.Backward(c.Refs(need[i])) {
			if !r.IsSum() { // the sums stand last
				break
			}
			if t := r.Sum(); spans[t].has(g) && !f.marked[t] {
				f.marked[t] = true
				need = append(need, t)
			}
		}
	}
	if len(need) > 1 {
		slices.Sort(need) // a sum reads earlier sums only
	}
	f.need = need
	f.small[n+int(s)] = 1
	total := int64(0)
	for _, t := range slices.Backward(need) {
		mul := f.small[n+int(t)]
		f.small[n+int(t)], f.marked[t] = 0, false
		refs := c.Refs(t)
		weights, _ := c.SmallWeights(t)
		if at, found := slices.BinarySearch(refs, gateRef(g)); found {
			total += mul * weights[at]
		}
		for i := len(refs) - 1; i >= 0 && refs[i].IsSum(); i-- {
			if spans[refs[i].Sum()].has(g) {
				f.small[n+int(refs[i].Sum())] += mul * weights[i]
			}
		}
	}
	return total
}

// withInside is the shape of a sum of one gate and one other sum, whose shape is known, in which that gate has the
// weight inside. The weights of the sum itself may be great, as those that decide are.
func (sh *Shapes) withInside(s SumID, inside int64) Shape {
	of := &sh.sums[sh.c.Refs(s)[1].Sum()]
	times := sh.c.Weight(s, 1)
	part := times.Mul(NewInt(inside))
	before, now := part.Abs(), part.Add(sh.c.Weight(s, 0)).Abs()
	times = times.Abs()
	most := times.Mul(of.MaxWeight)
	if before.Cmp(most) == 0 && now.Cmp(before) < 0 { // the greatest weight may be that of the gate: look at the others
		return sh.flattened(s, sh.f)
	}
	fanIn := of.FanIn
	if now.IsZero() {
		fanIn--
	}
	return Shape{fanIn, times.Mul(of.Weight).Sub(before).Add(now), most.Max(now)}
}

// span is an interval of gates, which may be empty: from > to.
type span struct{ from, to Gate }

func (s span) has(g Gate) bool { return s.from <= g && g <= s.to }

func (s span) empty() bool { return s.from > s.to }

// with returns the least interval that has both; t is not empty.
func (s span) with(t span) span {
	if s.empty() {
		return t
	}
	return span{min(s.from, t.from), max(s.to, t.to)}
}

// overlapping returns the sums whose terms may have gates in common: the intervals of gates that they reach overlap.
// It returns these intervals, too, by sum.
func (sh *Shapes) overlapping() (found []SumID, spans []span) {
	c := sh.c
	spans = make([]span, c.SumCount())
	var terms []span
	for s := range SumID(c.SumCount()) {
		refs := c.Refs(s)
		n := len(refs) // gates, which stand first and in order
		for n > 0 && refs[n-1].IsSum() {
			n--
		}
		whole := span{1, 0}
		if n > 0 {
			whole = span{refs[0].Gate(), refs[n-1].Gate()}
		}
		terms = terms[:0]
		for _, r := range refs[n:] {
			if t := spans[r.Sum()]; !t.empty() {
				terms = append(terms, t)
			}
		}
		if len(terms) > 0 && anyOverlap(refs[:n], terms) {
			found = append(found, s)
		}
		for _, t := range terms {
			whole = whole.with(t)
		}
		spans[s] = whole
	}
	return found, spans
}

// anyOverlap reports whether one of the intervals, none of them empty, has one of the gates or meets another interval.
// It sorts them.
func anyOverlap(gates []Ref, spans []span) bool {
	if len(spans) > 1 {
		slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	}
	for i, t := range spans {
		if i > 0 && t.from <= spans[i-1].to {
			return true
		}
		if at, _ := slices.BinarySearch(gates, gateRef(t.from)); at < len(gates) && gates[at].Gate() <= t.to {
			return true
		}
	}
	return false
}
