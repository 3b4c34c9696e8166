package optimise

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// rewriter makes a circuit out of another, gate by gate, in a builder that keeps gates as given. So
// only rules change gates.
//
// It holds the levels of the gates that it makes. A gate may only be replaced by a literal whose
// level is at most that of the gate. By induction every literal of the new circuit, of either sign,
// is then as early as the one it replaces, and no depth rises.
type rewriter struct {
	*circuit.Follower
	ctx      context.Context
	c        *circuit.Circuit // the given circuit
	b        *circuit.Builder // of the new one
	made     *circuit.Nodes   // of the new one, as far as it is made
	model    gates.DepthModel
	class    gates.Class // that no gate may exceed
	progress func(done, all int)

	before *circuit.Levels // of c
	since  []uint32        // by gate of c: the first gate that could be made for it
	odd    []affine        // what those sums of c have become that are made and not copied
	reduce bool            // divide sums by their common factor and sign

	levels  *circuit.Levels // of the new one
	linear  *circuit.Linear
	look    bool          // see looks
	wrote   bool          // a sum would not be copied as it is
	looked  circuit.SumID // the first sum of c that it has not looked at
	refused bool          // see refuse
	nothing []bool        // by gate: what a looker has found nothing for, and the rule will not; nil: not known

	*tracked
	now, last uint32 // the number of this run, and the last one before which the pass has found nothing in what it left
	stale     bool   // the gate at work is, or may be, other than the pass has seen it
	fresh     mapped // what has changed in this run

	lent  [][]uint32            // of the pool, for this run
	desk  *desk                 // the same
	finds *[gates.NumKinds]bool // by kind of gate: the rule may do more than copy one
	end   circuit.Gate          // of the gates that need no look: see clean

	// The rule finds nothing for what it has made or seen in this run, but for the gates that it says are unsettled.
	settles bool

	// The rule wants to see gates that are not stale as well: every one, those that are marked here, or those for
	// which keep reports false.
	every bool
	seen  []bool
	keep  func(circuit.Gate) bool
}

// affine is mul·node + add.
type affine struct {
	node     circuit.SumID // 0, the empty sum, if it is a constant
	mul, add circuit.Int
}

// newRewriter starts the new circuit: it has the stages of c, under the same ids, and
// its input ports.
func newRewriter(ctx context.Context, t *tracked, model gates.DepthModel, now, last uint32) *rewriter {
	c := t.c
	r := &rewriter{
		ctx: ctx, c: c, b: t.pool.builder(c), model: model,
		before: t.levels, since: t.pool.list(c.Len()), desk: t.pool.desk(),
		tracked: t, now: now, last: last, fresh: newMapped(t),
	}
	r.b.Keep()
	r.made, r.linear, r.odd = r.b.Made(), r.b.Linear(), t.pool.odd[:0]
	r.levels, r.Follower = r.b.Levels(model), r.b.FollowIn(t.pool.literals(c.Len()), c)
	if t.own {
		r.levels.Gate = t.pool.list(c.Len() + c.Len()/32)[:0]
		r.levels.Sum = t.pool.list(c.SumCount() + c.SumCount()/32)[:0]
	}
	if c.Len() >= counted {
		r.fresh.levels = r.levels
	}
	r.Inputs()
	return r
}

// newLooker returns a rewriter that makes nothing, for looks.
func newLooker(ctx context.Context, t *tracked, model gates.DepthModel, now, last uint32) *rewriter {
	c := t.c
	r := &rewriter{
		ctx: ctx, c: c, b: circuit.NewBuilder(), made: &c.Nodes, model: model, before: t.levels, look: true,
		tracked: t, now: now, last: last, desk: t.pool.desk(),
	}
	r.b.Keep()
	r.linear, r.levels, r.Follower = r.b.Linear(), r.before, r.b.FollowIn(t.pool.identity(c.Len()), c)
	return r
}

// leave gives back what the pool has lent.
func (r *rewriter) leave() {
	r.pool.give(r.lent...)
	r.pool.desks = append(r.pool.desks, r.desk)
}

// zeros returns a list with zeros at the end, in memory of the pool, so that it has n elements, or many if it is to
// become longer. One who looks has no such list.
func (r *rewriter) zeros(list []uint32, n, many int) []uint32 {
	if n <= len(list) {
		return list
	}
	more := r.pool.list(max(n, many, 2*len(list)))
	clear(more[copy(more, list):])
	r.lent = append(r.lent, more)
	return more
}

// looks reports whether the rule changes any gate. The circuit must be one that a rewriter has made:
// then copying its gates one after another makes the same gates and sums again, under the same
// numbers, so that the rule may look at the circuit itself. A rule that begins to make something is
// not let go on: see write.
func (r *rewriter) looks(apply rule) (any bool, err error) {
	defer r.leave()
	for g := range circuit.Gate(r.c.Len()) {
		if err := r.tick(g); err != nil {
			return false, err
		}
		if r.stale = r.near[g] > r.last && r.finds[r.c.Kind(g)]; !r.stale && r.keep == nil {
			continue
		}
		if r.c.Kind(g).IsSource() || r.dead(g) {
			continue
		}
		if s, ok := r.c.ReadsSum(g); ok && r.reduce {
			r.sameSum(s)
		}
		other := false
		if r.stale || !r.keep(g) {
			other = r.changes(apply, g)
		}
		if other || r.wrote {
			return true, nil
		}
	}
	return false, nil
}

// changes reports whether the rule changes gate g, or begins to make something for it.
func (r *rewriter) changes(apply rule, g circuit.Gate) (other bool) {
	defer func() {
		switch wrote := recover().(type) {
		case nil:
		case writes:
			other, r.linear = true, r.b.Linear()
		default:
			panic(wrote)
		}
	}()
	_, other = apply(g)
	return other
}

// looksAll is looks for a rule that looks at each gate by itself: it looks at all gates, in chunks on all cores, and
// returns those for which the rule finds nothing. It gives up where it finds something for many.
func (p pass) looksAll(r *rewriter, apply rule) (nothing []bool, any bool, err error) {
	nothing = r.pool.marks(r.c.Len())
	clear(nothing)
	var taken, looked, found atomic.Int64
	look := func(r *rewriter, apply rule) error {
		for {
			from := circuit.Gate(taken.Add(1)-1) * chunk
			if int(from) >= r.c.Len() || found.Load() > mostFound && found.Load()*8 > looked.Load() {
				return nil
			}
			if err := r.tick(from); err != nil {
				return err
			}
			n, hit := r.lookAt(apply, from, min(from+chunk, circuit.Gate(r.c.Len())), nothing)
			looked.Add(n)
			found.Add(hit)
		}
	}
	var others sync.WaitGroup
	lookers := []*rewriter{r}
	for len(lookers) < min(runtime.GOMAXPROCS(0), r.c.Len()/chunk) {
		other := newLooker(r.ctx, r.tracked, r.model, r.now, r.last)
		other.class, other.finds = r.class, r.finds
		lookers = append(lookers, other)
		rule := p.start(other)
		others.Go(func() { _ = look(other, rule) }) // the context says below whether it has come to the end
	}
	err = look(r, apply)
	if others.Wait(); err == nil {
		err = r.ctx.Err()
	}
	for _, l := range lookers {
		if l.leave(); l.refused {
			r.newest = r.now
		}
	}
	return nothing, found.Load() > 0, err
}

// mostFound is for how many gates a rule may find something before it matters whether these are many of all.
const mostFound = 1 << 10

// lookAt marks the gates of some for which the rule finds nothing. It returns how many it has looked at, and for how
// many the rule finds something.
func (r *rewriter) lookAt(apply rule, from, to circuit.Gate, nothing []bool) (looked, found int64) {
	for g := from; g < to; g++ {
		if r.near[g] <= r.last || !r.finds[r.c.Kind(g)] || r.c.Kind(g).IsSource() || r.dead(g) {
			continue
		}
		looked++
		if r.changes(apply, g) {
			found++
		} else {
			nothing[g] = r.near[g] < r.now // or it was refused
		}
	}
	return looked, found
}

// writes is thrown where a rule would make a gate or a sum while it looks.
type writes struct{}

// write is called before a gate or a sum is made that is no copy. While a rule looks there is no
// circuit to make it in.
func (r *rewriter) write() {
	if r.look {
		panic(writes{})
	}
}

// logic makes a gate of literals.
func (r *rewriter) logic(k gates.Kind, lits ...circuit.Lit) circuit.Lit {
	r.write()
	return r.b.Logic(k, lits...)
}

// chunk is how many gates are done between two looks at whether to go on.
const chunk = 1 << 12

// tick is called before each gate: it tells of the progress from time to time, and whether to go on.
func (r *rewriter) tick(g circuit.Gate) error {
	if g%chunk != 0 {
		return nil
	}
	if r.progress != nil {
		r.progress(int(g), r.c.Len())
	}
	return r.ctx.Err()
}

// run makes every gate by the rule and ends the circuit. It returns nil if no gate has changed.
func (r *rewriter) run(apply rule) (*tracked, int, error) {
	defer r.fresh.give(r.pool)
	defer func() {
		r.leave()
		r.pool.give(r.since)
		r.pool.odd = r.odd
		r.pool.unmark(r.nothing)
	}()
	r.plain()
	changed := 0
	for g := circuit.Gate(0); int(g) < r.c.Len(); g++ {
		if err := r.tick(g); err != nil {
			return nil, 0, err
		}
		if r.made.Len()-r.fresh.sent >= counted {
			r.fresh.count(r.b.Snapshot(), nil)
			if r.fresh.levels == nil {
				r.levels.Of(circuit.Gate(r.made.Len() - 1).Lit())
			}
		}
		if end := r.clean(g); end > g {
			next := r.CopyPlain(g, end)
			if next > g && (next%chunk == 0 || int(next) == r.c.Len()) {
				g = next - 1
				continue
			}
			g = next
		}
		if r.c.Kind(g).IsSource() || r.dead(g) {
			continue
		}
		r.Enter(r.c.StageOf(g))
		r.since[g] = uint32(r.made.Len())
		reads := r.reads(g)
		r.stale = (reads || r.near[g] > r.last && (r.nothing == nil || !r.nothing[g])) && r.finds[r.c.Kind(g)]
		var l circuit.Lit
		other := false
		if r.stale || r.every || r.seen != nil && r.seen[g] || r.keep != nil {
			l, other = apply(g)
		} else {
			l = r.copy(g)
		}
		if other {
			changed++
		}
		r.Lits[g] = l
		latest := circuit.Gate(r.made.Len() - 1)
		r.fresh.moved[g] = l != latest.Lit() || uint32(latest) < r.since[g]
		r.fresh.other[g] = other || reads || r.changed[g] >= r.now || l != latest.Lit()
	}
	r.fresh.stop()
	if changed == 0 {
		r.Enter(0)
		if made, err := r.b.Unchecked(); err == nil {
			r.pool.old = made
		}
		r.pool.give(r.levels.Gate, r.levels.Sum)
		return nil, 0, nil
	}
	r.fresh.add(r.made)
	r.Outputs()
	made, err := r.b.Unchecked()
	if err != nil {
		return nil, 0, err
	}
	return r.fresh.end(r, made), changed, nil
}

// plain says what is copied without a look at each gate.
func (r *rewriter) plain() {
	stale := 0
	for _, n := range r.near {
		if n > r.last {
			stale++
		}
	}
	p := circuit.Plain{
		Sums: min(stale, 2*r.c.SumCount()) + r.c.SumCount()/32,
		Live: r.live, LiveSum: r.liveSum, Other: r.fresh.other, Moved: r.fresh.moved,
		OtherSum: r.fresh.otherSum, Distinct: r.own, Gate: r.keep,
	}
	if r.reduce {
		p.Sum = func(s circuit.SumID) bool { return r.changedSum[s] <= r.last || r.isReduced(s) }
	}
	r.Plain(p)
}

// clean returns the end of the gates from g on that need no look, in one chunk.
func (r *rewriter) clean(g circuit.Gate) circuit.Gate {
	if r.every || g < r.end {
		return max(g, r.end)
	}
	near, last, seen, nothing := r.near[:min(int(g&^(chunk-1)+chunk), r.c.Len())], r.last, r.seen, r.nothing
	for int(g) < len(near) && (near[g] <= last || nothing != nil && nothing[g] || !r.finds[r.c.Kind(g)]) &&
		(seen == nil || !seen[g]) {
		g++
	}
	r.end = g
	return g
}

// fits reports whether l may replace g: whether it is as early.
func (r *rewriter) fits(g circuit.Gate, l circuit.Lit) bool {
	return r.levelOf(l) <= r.before.Gate[g]
}

// refuse records that there is something else for gate g that comes too late: it may be early enough once other gates
// come earlier, so that g is looked at again.
func (r *rewriter) refuse(g circuit.Gate) {
	r.changed[g], r.near[g] = r.now, r.now
	if r.refused = true; !r.look { // otherwise others look at the same time
		r.newest = r.now
	}
}

// unsettled records that gate g, which the rule replaces, is to be looked at by it again: see settles.
func (r *rewriter) unsettled(g circuit.Gate) { r.changed[g] = r.now }

// alone reports whether gate h of c has one reader and was made as a gate of its own, so
// that the new gate is not needed any more once the reader does without it.
func (r *rewriter) alone(h circuit.Gate) bool {
	return r.readers[h] == 1 && !r.c.Kind(h).IsSource() &&
		(r.look || !r.fresh.other[h] || uint32(r.Lits[h].Gate()) >= r.since[h])
}

// copy makes g as it is.
func (r *rewriter) copy(g circuit.Gate) circuit.Lit {
	if r.look {
		return g.Lit()
	}
	if l, ok := r.Copy(g); ok {
		return l
	}
	switch k := r.c.Kind(g); k {
	case gates.Majority, gates.Threshold:
		s, t := r.c.Bound(g)
		return r.threshold(k, r.sum(s), t)
	case gates.Mod:
		s, m := r.c.Modulus(g)
		return r.modulus(r.sum(s), m)
	default:
		return r.b.Logic(k, r.Fanin(g)...)
	}
}
