package optimise

import (
	"context"

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
	sums   []affine        // by sum of c, as far as they are made
	reduce bool            // divide sums by their common factor and sign

	levels    *circuit.Levels // of the new one
	nodes     []circuit.Sum   // by sum of the new circuit: itself, to build with
	linear    *circuit.Linear
	look      bool          // see looks
	wrote     bool          // a sum would not be copied as it is
	looked    circuit.SumID // the first sum of c that it has not looked at
	readers   []uint32      // by gate of c: how often it is read, by outputs as well
	sumReader []uint32      // by sum of c
}

// affine is mul·node + add.
type affine struct {
	node     circuit.SumID // 0, the empty sum, if it is a constant
	mul, add circuit.Int
}

// newRewriter starts the new circuit: it has the stages of c, under the same ids, and
// its input ports.
func newRewriter(ctx context.Context, c *circuit.Circuit, model gates.DepthModel) *rewriter {
	r := &rewriter{
		ctx: ctx, c: c, b: circuit.NewBuilderLike(c), model: model,
		before: c.Levels(model), since: make([]uint32, c.Len()),
		sums: make([]affine, 0, c.SumCount()), nodes: make([]circuit.Sum, 1, c.SumCount()+1),
	}
	r.b.Keep()
	r.made, r.linear = r.b.Made(), r.b.Linear()
	r.levels, r.Follower = r.b.Levels(model), r.b.Follow(c)
	r.Inputs()
	r.countReaders()
	return r
}

// newLooker returns a rewriter that makes nothing, for looks.
func newLooker(ctx context.Context, c *circuit.Circuit, model gates.DepthModel) *rewriter {
	r := &rewriter{
		ctx: ctx, c: c, b: circuit.NewBuilder(), made: &c.Nodes, model: model, before: c.Levels(model), look: true,
		since: make([]uint32, c.Len()), nodes: make([]circuit.Sum, c.SumCount()+1),
	}
	r.b.Keep()
	r.linear, r.levels, r.Follower = r.b.Linear(), r.before, r.b.Follow(c)
	for g := range circuit.Gate(c.Len()) {
		r.Lits[g], r.since[g] = g.Lit(), uint32(g)
	}
	r.countReaders()
	return r
}

// looks reports whether the rule changes any gate. The circuit must be one that a rewriter has made:
// then copying its gates one after another makes the same gates and sums again, under the same
// numbers, so that the rule may look at the circuit itself. A rule that begins to make something is
// not let go on: see write.
func (r *rewriter) looks(apply rule) (any bool, err error) {
	defer func() {
		switch wrote := recover().(type) {
		case nil:
		case writes:
			any = true
		default:
			panic(wrote)
		}
	}()
	for g := range circuit.Gate(r.c.Len()) {
		if err := r.tick(g); err != nil {
			return false, err
		}
		if r.c.Kind(g).IsSource() {
			continue
		}
		if _, other := apply(g); other || r.wrote {
			return true, nil
		}
	}
	return false, nil
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

// tick is called before each gate: it tells of the progress from time to time, and whether to go on.
func (r *rewriter) tick(g circuit.Gate) error {
	const every = 1 << 12
	if g%every != 0 {
		return nil
	}
	if r.progress != nil {
		r.progress(int(g), r.c.Len())
	}
	return r.ctx.Err()
}

func (r *rewriter) countReaders() {
	c := r.c
	r.readers, r.sumReader = make([]uint32, c.Len()), make([]uint32, c.SumCount())
	for g := range circuit.Gate(c.Len()) {
		if s, ok := c.ReadsSum(g); ok {
			r.sumReader[s]++
		}
		for _, l := range c.Fanin(g) {
			r.readers[l.Gate()]++
		}
	}
	for s := range circuit.SumID(c.SumCount()) {
		for _, f := range c.Refs(s) {
			if f.IsSum() {
				r.sumReader[f.Sum()]++
			} else {
				r.readers[f.Gate()]++
			}
		}
	}
	for _, l := range c.Outputs() {
		r.readers[l.Gate()]++
	}
}

// run makes every gate by the rule and ends the circuit.
func (r *rewriter) run(apply rule) (*circuit.Circuit, int, error) {
	changed := 0
	for g := range circuit.Gate(r.c.Len()) {
		if err := r.tick(g); err != nil {
			return nil, 0, err
		}
		if r.c.Kind(g).IsSource() {
			continue
		}
		r.Enter(r.c.StageOf(g))
		r.since[g] = uint32(r.made.Len())
		l, other := apply(g)
		if other {
			changed++
		}
		r.Lits[g] = l
	}
	if changed == 0 {
		return r.c, 0, nil
	}
	r.Outputs()
	made, err := r.b.Circuit()
	if err != nil {
		return nil, 0, err
	}
	return made.Prune(), changed, nil
}

// fits reports whether l may replace g: whether it is as early.
func (r *rewriter) fits(g circuit.Gate, l circuit.Lit) bool {
	return r.levels.Of(l) <= r.before.Gate[g]
}

// alone reports whether gate h of c has one reader and was made as a gate of its own, so
// that the new gate is not needed any more once the reader does without it.
func (r *rewriter) alone(h circuit.Gate) bool {
	return r.readers[h] == 1 && !r.c.Kind(h).IsSource() && uint32(r.Lits[h].Gate()) >= r.since[h]
}

// copy makes g as it is.
func (r *rewriter) copy(g circuit.Gate) circuit.Lit {
	if r.look {
		return g.Lit()
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
