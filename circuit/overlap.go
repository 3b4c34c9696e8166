package circuit

// decider finds the shapes of sums whose terms may have gates in common.
type decider struct {
	sh     *Shapes
	f      *flattener
	round  uint32
	seen   []uint32 // by gate: the round in which a term reached it,
	weight []int64  // and with what weight, if it is small
	last   reached  // what the latest second term of a pair reached: mostly that of the next one, too
	shared []sharedGate
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

func newDecider(sh *Shapes) *decider {
	n := sh.c.Len()
	return &decider{sh: sh, f: newFlattener(sh.c), seen: make([]uint32, n), weight: make([]int64, n)}
}

// decide finds the shapes of a group of sums that have the same terms but for the weights, if some gates come twice in
// them; otherwise it leaves them.
func (d *decider) decide(group []SumID) {
	refs := d.sh.c.Refs(group[0])
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
		if r.IsSum() && c.sumFlag[r.Sum()]&sumBig != 0 {
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
