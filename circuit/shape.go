package circuit

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Shape describes the inputs of a gate, flattened.
type Shape struct {
	FanIn     int
	Weight    Int // Σ|w|
	MaxWeight Int // greatest |w|
}

// Shapes tells the shape of gates. It remembers the shape of each sum, since many gates share one.
// It is not safe for concurrent use.
type Shapes struct {
	c    *Nodes
	f    *flattener
	sums []Shape
	done []bool
}

// Shapes returns a teller of shapes.
func (c *Circuit) Shapes() *Shapes {
	return &Shapes{&c.Nodes, newFlattener(&c.Nodes), make([]Shape, c.SumCount()), make([]bool, c.SumCount())}
}

// AllShapes returns a teller that has the shapes of all sums already: for those who ask for most of
// them, on all cores.
func (c *Circuit) AllShapes() *Shapes {
	sh := c.Shapes()
	sh.fill()
	return sh
}

// Of returns the shape of g. The shape of a source is all zeros.
func (sh *Shapes) Of(g Gate) Shape {
	if s, ok := sh.c.ReadsSum(g); ok {
		return sh.OfSum(s)
	}
	return unitShape(len(sh.c.Fanin(g)))
}

// unitShape is the shape of a gate with n inputs of weight 1.
func unitShape(n int) Shape { return Shape{n, NewInt(int64(n)), NewInt(int64(min(n, 1)))} }

// OfSum returns the shape of a gate on s.
func (sh *Shapes) OfSum(s SumID) Shape {
	if !sh.done[s] {
		sh.sums[s], sh.done[s] = sh.flattened(s, sh.f), true
	}
	return sh.sums[s]
}

// flattened multiplies s out.
func (sh *Shapes) flattened(s SumID, f *flattener) Shape {
	if sh.c.sumFlag[s]&sumUnit != 0 {
		return unitShape(len(sh.c.Refs(s)))
	}
	f.expand(s)
	shape := Shape{FanIn: len(f.from)}
	if sh.c.sumFlag[s]&sumBig == 0 { // the weights add up to at most the range
		var all, most int64
		for _, w := range f.weights {
			size := max(w.small, -w.small)
			all, most = all+size, max(most, size)
		}
		shape.Weight, shape.MaxWeight = NewInt(all), NewInt(most)
		return shape
	}
	for _, w := range f.weights {
		shape.Weight = shape.Weight.Add(w.Abs())
		shape.MaxWeight = shape.MaxWeight.Max(w.Abs())
	}
	return shape
}

// Gates returns the gates that a gate on s reads, in no order. They are valid until the next
// call.
func (sh *Shapes) Gates(s SumID) []Gate {
	sh.f.expand(s)
	return sh.f.from
}

// span is an interval of gates, which may be empty: from > to.
type span struct{ from, to Gate }

// fill finds the shape of every sum. What a sum reads mostly stands in places of its own: where its terms have no gate
// in common, no weights add up or cancel, and the shapes of the terms add up. Only the other sums are multiplied out.
// Whether terms have gates in common is looked up once for all sums of the same terms, whatever their weights.
func (sh *Shapes) fill() {
	groups := sh.alike(sh.overlapping())
	sh.decide(groups)
	for s := range SumID(sh.c.SumCount()) {
		if !sh.done[s] {
			sh.sums[s], sh.done[s] = sh.added(s), true
		}
	}
}

// overlapping returns the sums whose terms may have gates in common: the intervals of gates that they reach overlap.
func (sh *Shapes) overlapping() []SumID {
	c := sh.c
	spans := make([]span, c.SumCount())
	var found []SumID
	var terms []span
	for s := range SumID(c.SumCount()) {
		terms = terms[:0]
		whole := span{1, 0}
		for _, r := range c.Refs(s) {
			at := span{r.Gate(), r.Gate()}
			if r.IsSum() {
				at = spans[r.Sum()]
			}
			if at.from <= at.to {
				terms = append(terms, at)
			}
		}
		if c.sumFlag[s]&sumFlat == 0 { // the gates of a flat one are in order
			slices.SortFunc(terms, func(x, y span) int { return cmp.Compare(x.from, y.from) })
		}
		ok := true
		for i, t := range terms {
			if i == 0 {
				whole = t
				continue
			}
			ok = ok && whole.to < t.from
			whole.to = max(whole.to, t.to)
		}
		spans[s] = whole
		if !ok {
			found = append(found, s)
		}
	}
	return found
}

// alike puts together those of the sums that have the same terms but for the weights.
func (sh *Shapes) alike(sums []SumID) [][]SumID {
	var groups [][]SumID
	first := map[uint32][]int{} // the groups of a hash
next:
	for _, s := range sums {
		refs := sh.c.Refs(s)
		hash := uint32(len(refs))
		for _, r := range refs {
			hash = hash2(hash, uint32(r))
		}
		for _, g := range first[hash] {
			if slices.Equal(refs, sh.c.Refs(groups[g][0])) {
				groups[g] = append(groups[g], s)
				continue next
			}
		}
		first[hash] = append(first[hash], len(groups))
		groups = append(groups, []SumID{s})
	}
	return groups
}

// decide finds the shapes of the sums of groups whose terms have gates in common, on all cores.
func (sh *Shapes) decide(groups [][]SumID) {
	const chunk = 64
	var taken atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (len(groups)+chunk-1)/chunk) {
		all.Go(func() {
			d := newDecider(sh)
			for {
				to := int(taken.Add(chunk))
				from := to - chunk
				if from >= len(groups) {
					return
				}
				for _, group := range groups[from:min(to, len(groups))] {
					d.decide(group)
				}
			}
		})
	}
	all.Wait()
}

// added is the shape of a sum whose terms have no gate in common, from theirs.
func (sh *Shapes) added(s SumID) Shape {
	c := sh.c
	if weights, small := c.SmallWeights(s); small { // as are the numbers of its terms
		var shape Shape
		var all, most int64
		for i, r := range c.Refs(s) {
			w := max(weights[i], -weights[i])
			if !r.IsSum() {
				shape.FanIn, all, most = shape.FanIn+1, all+w, max(most, w)
				continue
			}
			of := &sh.sums[r.Sum()]
			shape.FanIn += of.FanIn
			all, most = all+w*of.Weight.small, max(most, w*of.MaxWeight.small)
		}
		shape.Weight, shape.MaxWeight = NewInt(all), NewInt(most)
		return shape
	}
	var shape Shape
	for i, r := range c.Refs(s) {
		of := unitShape(1)
		if r.IsSum() {
			of = sh.sums[r.Sum()]
		}
		w := c.Weight(s, i).Abs()
		shape.FanIn += of.FanIn
		shape.Weight, shape.MaxWeight = shape.Weight.Add(w.Mul(of.Weight)), shape.MaxWeight.Max(w.Mul(of.MaxWeight))
	}
	return shape
}
