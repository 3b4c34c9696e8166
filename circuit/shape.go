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
	if sh.c.flag(s)&sumUnit != 0 {
		return unitShape(len(sh.c.Refs(s)))
	}
	f.expand(s)
	shape := Shape{FanIn: len(f.from)}
	if sh.c.flag(s)&sumBig == 0 { // the weights add up to at most the range
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

// fill finds the shape of every sum. What a sum reads mostly stands in places of its own: where its terms have no gate
// in common, no weights add up or cancel, and the shapes of the terms add up. Only the other sums are multiplied out.
// Whether terms have gates in common is looked up once for all sums of the same terms, whatever their weights.
func (sh *Shapes) fill() {
	found, spans := sh.overlapping()
	singles := sh.decide(sh.alike(found), spans)
	for s := range SumID(sh.c.SumCount()) {
		switch {
		case sh.done[s]:
			continue
		case len(singles) > 0 && singles[0].sum == s:
			sh.sums[s] = sh.withInside(s, singles[0].inside)
			singles = singles[1:]
		default:
			sh.sums[s] = sh.added(s)
		}
		sh.done[s] = true
	}
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

// decide finds the shapes of the sums of groups whose terms have gates in common, on all cores. It returns those of
// them that have one gate in common and are left, in order.
func (sh *Shapes) decide(groups [][]SumID, spans []span) (singles []single) {
	const chunk = 64
	var taken atomic.Int64
	var all sync.WaitGroup
	var mutex sync.Mutex
	for range min(runtime.GOMAXPROCS(0), (len(groups)+chunk-1)/chunk) {
		all.Go(func() {
			d := newDecider(sh, spans)
			for {
				to := int(taken.Add(chunk))
				from := to - chunk
				if from >= len(groups) {
					mutex.Lock()
					defer mutex.Unlock()
					singles = append(singles, d.singles...)
					return
				}
				for _, group := range groups[from:min(to, len(groups))] {
					d.decide(group)
				}
			}
		})
	}
	all.Wait()
	slices.SortFunc(singles, func(x, y single) int { return cmp.Compare(x.sum, y.sum) })
	return singles
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

// decider finds the shapes of sums whose terms may have gates in common.
type decider struct {
	sh     *Shapes
	spans  []span // by sum
	f      *flattener
	round  uint32
	seen   []uint32 // by gate: the round in which a term reached it,
	weight []int64  // and with what weight, if it is small
	last   reached  // what the latest second term of a pair reached: mostly that of the next one, too
	shared []sharedGate

	singles []single
}

// reached is what a term reaches: its gates, marked in a round, and their number and weights.
type reached struct {
	ref   Ref
	round uint32
	from  []Gate
	reach
}

// reach counts gates, their Σ|w| and greatest |w|, and how many have that one.
type reach struct{ fanIn, all, most, times int64 }

// sharedGate is a gate that two terms reach, with its weights in both.
type sharedGate struct {
	gate Gate
	x, y int64
}

func newDecider(sh *Shapes, spans []span) *decider {
	n := sh.c.Len()
	return &decider{sh: sh, spans: spans, f: newFlattener(sh.c), seen: make([]uint32, n), weight: make([]int64, n)}
}

// decide finds the shapes of a group of sums that have the same terms but for the weights, if some gates come twice in
// them; otherwise, and where only one gate comes twice, it leaves them.
func (d *decider) decide(group []SumID) {
	refs := d.sh.c.Refs(group[0])
	if len(refs) == 2 && !refs[0].IsSum() && d.sh.c.flag(refs[1].Sum())&sumBig == 0 {
		d.single(group, refs[0].Gate(), refs[1].Sum())
		return
	}
	p, isPair := d.pair(refs)
	switch {
	case isPair && len(p.shared) == 0, !isPair && !d.common(refs):
		return
	}
	for _, s := range group {
		if weights, small := d.sh.c.SmallWeights(s); isPair && small {
			d.sh.sums[s] = p.shape(weights[0], weights[1])
		} else {
			d.sh.sums[s] = d.sh.flattened(s, d.f)
		}
		d.sh.done[s] = true
	}
}

// single is decide for sums of a gate and another sum.
func (d *decider) single(group []SumID, g Gate, of SumID) {
	inside := d.f.inside(of, g, d.spans)
	if inside == 0 {
		return
	}
	for _, s := range group {
		d.singles = append(d.singles, single{s, inside})
	}
}

// gates returns the gates that a term reaches, with their weights.
func (d *decider) gates(r Ref) ([]Gate, []Int) {
	if r.IsSum() {
		d.f.expand(r.Sum())
		return d.f.from, d.f.weights
	}
	return []Gate{r.Gate()}, []Int{NewInt(1)}
}

// common reports whether two of the terms reach the same gate.
func (d *decider) common(refs []Ref) bool {
	d.round++
	for _, r := range refs {
		from, _ := d.gates(r)
		for _, g := range from {
			if d.seen[g] == d.round {
				d.last = reached{} // whose marks may be gone
				return true
			}
			d.seen[g] = d.round
		}
	}
	d.last = reached{}
	return false
}

// pair is what two terms reach: apart, and in common.
type pair struct {
	x, y   reach
	shared []sharedGate
}

// pair looks at a sum of two terms; false if it has more, or great numbers.
func (d *decider) pair(refs []Ref) (p pair, ok bool) {
	c := d.sh.c
	if len(refs) != 2 {
		return p, false
	}
	for _, r := range refs {
		if r.IsSum() && c.flag(r.Sum())&sumBig != 0 {
			return p, false
		}
	}
	d.mark(refs[1])
	p.y, d.shared = d.last.reach, d.shared[:0]
	from, weights := d.gates(refs[0])
	for i, g := range from {
		if w := weights[i].small; d.seen[g] == d.last.round {
			d.shared = append(d.shared, sharedGate{g, w, d.weight[g]})
			p.y.drop(d.weight[g])
		} else {
			p.x.add(w)
		}
	}
	p.shared = d.shared
	if p.y.times == 0 { // the greatest weight is that of a shared gate: look for that of the others
		d.again(&p)
	}
	return p, true
}

// mark marks what the second term of a pair reaches.
func (d *decider) mark(r Ref) {
	if d.last.round != 0 && d.last.ref == r {
		return
	}
	d.round++
	from, weights := d.gates(r)
	d.last = reached{ref: r, round: d.round, from: append(d.last.from[:0], from...)}
	for i, g := range from {
		d.seen[g], d.weight[g] = d.round, weights[i].small
		d.last.add(weights[i].small)
	}
}

// again counts the gates that only the second term reaches.
func (d *decider) again(p *pair) {
	for _, s := range p.shared {
		d.seen[s.gate] = 0
	}
	p.y = reach{}
	for _, g := range d.last.from {
		if d.seen[g] == d.last.round {
			p.y.add(d.weight[g])
		}
	}
	for _, s := range p.shared {
		d.seen[s.gate] = d.last.round
	}
}

// add enters a gate of weight w.
func (r *reach) add(w int64) {
	w = max(w, -w)
	r.fanIn++
	r.all += w
	switch {
	case w > r.most:
		r.most, r.times = w, 1
	case w == r.most:
		r.times++
	}
}

// drop takes a gate of weight w out; the greatest weight is then right only if times is not 0.
func (r *reach) drop(w int64) {
	w = max(w, -w)
	r.fanIn--
	r.all -= w
	if w == r.most {
		r.times--
	}
}

// shape is that of a·x + b·y. Nothing overflows: no weight is beyond the range of the sum, nor do they add up to more.
func (p *pair) shape(a, b int64) Shape {
	sizeA, sizeB := max(a, -a), max(b, -b)
	fanIn, all := p.x.fanIn+p.y.fanIn, sizeA*p.x.all+sizeB*p.y.all
	most := max(sizeA*p.x.most, sizeB*p.y.most)
	for _, g := range p.shared {
		if w := a*g.x + b*g.y; w != 0 {
			w = max(w, -w)
			fanIn, all, most = fanIn+1, all+w, max(most, w)
		}
	}
	return Shape{int(fanIn), NewInt(all), NewInt(most)}
}

// FlatShape returns the fan-in and Σ|w| of a gate on s, if s reads gates only and its numbers are small.
func (c *Nodes) FlatShape(s SumID) (fanIn, weight int64, ok bool) {
	f := c.form(s)
	return int64(f.n), f.hi - f.lo, f.flag&(sumFlat|sumBig) == sumFlat
}
