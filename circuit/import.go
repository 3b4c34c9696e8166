package circuit

import (
	"fmt"

	"github.com/tc0lab/tc0/gates"
)

// Import makes the gates of c with the given literals in place of its input wires, and returns the
// literal that each gate of c has become. A builder that normalises folds and merges on the way:
// gates that are decided become constants, and gates that were made before, for any circuit, are
// not made again. A stage of c continues the stage of the same name inside the one that is open.
//
// Every gate is made, whether an output depends on it or not. There must be one literal for each
// input wire.
func (b *Builder) Import(c *Circuit, inputs []Lit) ([]Lit, error) {
	m, err := b.follow(c, inputs)
	if err != nil {
		return nil, err
	}
	return m.all(m.Sum), nil
}

// ImportFlat is [Builder.Import] with every sum multiplied out, so that threshold gates on
// sums that are equal, and only nested otherwise, become the same. It takes memory for
// every wire of c.
func (b *Builder) ImportFlat(c *Circuit, inputs []Lit) ([]Lit, error) {
	m, err := b.follow(c, inputs)
	if err != nil {
		return nil, err
	}
	flat, sums := newFlattener(&c.Nodes), make([]Sum, c.SumCount())
	done := SumID(0) // thresholds on one sum mostly come together
	return m.all(func(s SumID) Sum {
		if s != done {
			flat.expand(s)
			terms := b.Linear()
			for i, g := range flat.from {
				terms.AddLit(flat.weights[i], m.Lits[g])
			}
			sums[s], done = terms.Sum(), s
		}
		return sums[s]
	}), nil
}

// follow returns a Follower of c with the given literals in place of its inputs.
func (b *Builder) follow(c *Circuit, inputs []Lit) (*Follower, error) {
	if len(inputs) != len(c.inputs) {
		return nil, fmt.Errorf("circuit: %d literals for %d input wires", len(inputs), len(c.inputs))
	}
	m := b.Follow(c)
	for i, g := range c.inputs {
		m.Lits[g] = inputs[i]
	}
	return m, nil
}

// Gates makes all the gates of the circuit, whose input literals must be known.
func (f *Follower) Gates() { f.all(f.Sum) }

// all makes all the gates, with the sums that it is given, and returns the literals that they have
// become.
func (f *Follower) all(sum func(SumID) Sum) []Lit {
	b, c := f.b, f.c
	for g := range Gate(c.Len()) {
		k := c.kind[g]
		if k.IsSource() {
			continue
		}
		f.Enter(c.StageOf(g))
		switch {
		case k.HasBound():
			s, t := c.Bound(g)
			f.Lits[g] = b.Threshold(sum(s), t)
		case k == gates.Mod:
			s, modulus := c.Modulus(g)
			f.Lits[g] = b.ModSum(modulus.M, modulus.Residues, sum(s))
		default:
			f.Lits[g] = b.Logic(k, f.Fanin(g)...)
		}
	}
	f.Enter(0)
	return f.Lits
}

// Restrict returns the circuit with some inputs fixed: value[i] is False or True for an input wire
// i that is fixed, and any other literal for one that stays free. It folds away what the constants
// decide: gates whose bounds leave them one value, equal gates, and gates that no output needs. The
// ports stay as they are. Inputs that are fixed or not needed any more are still there, and outputs
// that are decided are constants.
//
// There must be one value for each input wire.
func (c *Circuit) Restrict(value []Lit) (*Circuit, error) {
	if len(value) != len(c.Inputs()) {
		return nil, fmt.Errorf("circuit: %d values for %d input wires", len(value), len(c.Inputs()))
	}
	b := NewBuilderSize(c.Len())
	inputs := make([]Lit, 0, len(value))
	for _, p := range c.InputPorts() {
		inputs = append(inputs, b.InputPort(p.Name, p.Format, len(p.Wires))...)
	}
	for i, v := range value {
		if v.IsConst() {
			inputs[i] = v
		}
	}
	m, err := b.follow(c, inputs)
	if err != nil {
		return nil, err
	}
	m.all(m.Sum)
	m.Outputs()
	out, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return out.Prune(), nil
}

// Follower helps to remake a circuit gate by gate in a builder. It knows the literal that each gate
// has become. It also opens and closes the stages: a stage continues the stage of the same name
// inside the one that was open at first.
type Follower struct {
	Lits []Lit // by gate of the circuit: what computes it in the builder

	b       *Builder
	c       *Circuit
	sums    []Sum     // by sum of c, as far as they are made
	copies  []SumID   // the same, for CopySum: 0 where there is none
	forms   []uint32  // by form of c: that of the builder, or 0
	adopted bool      // each form of c is that of the same number
	plain   Plain     // for CopyPlain
	in      []Lit     // scratch
	open    []StageID // of c, outermost first, the root left out
	path    []StageID // scratch
}

// Follow returns a Follower of c, which is in stage 0 and has not made any gate of c.
func (b *Builder) Follow(c *Circuit) *Follower { return b.FollowIn(make([]Lit, c.Len()), c) }

// FollowIn is [Builder.Follow] with a list for the literals.
func (b *Builder) FollowIn(lits []Lit, c *Circuit) *Follower {
	return &Follower{Lits: lits, b: b, c: c}
}

// Of returns the literal that a literal of the circuit has become.
func (f *Follower) Of(l Lit) Lit { return f.Lits[l.Gate()].NotIf(l.IsComplement()) }

// Fanin returns the literals that the inputs of logic gate g of the circuit have become. The next
// call uses the same memory again.
func (f *Follower) Fanin(g Gate) []Lit {
	f.in = f.in[:0]
	for _, l := range f.c.Fanin(g) {
		f.in = append(f.in, f.Of(l))
	}
	return f.in
}

// Sum remakes sum s of the circuit, nested as it is. The gates that s and the sums before it
// read must have been remade.
func (f *Follower) Sum(s SumID) Sum {
	for at := SumID(len(f.sums)); at <= s; at++ {
		terms := f.b.Linear()
		for i, r := range f.c.Refs(at) {
			if r.IsSum() {
				terms.Add(f.c.Weight(at, i), f.sums[r.Sum()])
			} else {
				terms.AddLit(f.c.Weight(at, i), f.Lits[r.Gate()])
			}
		}
		f.sums = append(f.sums, terms.Sum())
	}
	return f.sums[s]
}

// Enter makes stage id of the circuit the one that new gates belong to.
func (f *Follower) Enter(id StageID) {
	if n := len(f.open); n > 0 && f.open[n-1] == id || n == 0 && id == 0 {
		return
	}
	f.path = f.path[:0] // from id up to the root, which is left out
	for s := id; s != 0; s = f.c.stages[s].Parent {
		f.path = append(f.path, s)
	}
	common := 0
	for common < min(len(f.path), len(f.open)) && f.open[common] == f.path[len(f.path)-1-common] {
		common++
	}
	for len(f.open) > common {
		f.b.End()
		f.open = f.open[:len(f.open)-1]
	}
	for i := len(f.path) - 1 - common; i >= 0; i-- {
		f.b.Begin(f.c.stages[f.path[i]].Name)
		f.open = append(f.open, f.path[i])
	}
}

// Inputs makes all stages of the circuit, in a builder that has none yet under the same
// ids, and its input ports, each in its stage.
func (f *Follower) Inputs() {
	for id := range StageID(f.c.StageCount()) {
		f.Enter(id)
	}
	for _, p := range f.c.InputPorts() {
		if len(p.Wires) > 0 {
			f.Enter(f.c.StageOf(p.Wires[0].Gate()))
		}
		for i, l := range f.b.InputPort(p.Name, p.Format, len(p.Wires)) {
			f.Lits[p.Wires[i].Gate()] = l
		}
	}
}

// Outputs makes the output ports of the circuit, and goes back to stage 0.
func (f *Follower) Outputs() {
	for _, p := range f.c.OutputPorts() {
		wires := make([]Lit, len(p.Wires))
		for i, l := range p.Wires {
			wires[i] = f.Of(l)
		}
		f.b.OutputPort(p.Name, p.Format, wires...)
	}
	f.Enter(0)
}

// Copy makes a gate of the circuit as it is, on the literals and on the copy of the sum that it reads, and returns its
// literal. It does not unpack any number. It makes nothing and reports false if there is no copy of the sum.
//
// The builder must keep gates.
func (f *Follower) Copy(g Gate) (Lit, bool) {
	c, b, k := &f.c.Nodes, f.b, f.c.kind[g]
	args := c.reads(g)
	switch {
	case k.IsLogic() && len(args) == 2:
		x, y := Lit(args[0]), Lit(args[1])
		return b.add(k, uint32(f.Lits[x.Gate()]^x&1), uint32(f.Lits[y.Gate()]^y&1)).Lit(), true
	case k.IsLogic():
		return b.raw(k, f.Fanin(g)), true
	case !k.HasBound() || int(args[0]) >= len(f.copies) || f.copies[args[0]] == 0:
		return 0, false
	}
	var copied [3]uint32
	copied[0] = uint32(f.copies[args[0]])
	copy(copied[1:], args[1:])
	return b.add(k, copied[:len(args)]...).Lit(), true
}

// CopySum makes the next sum of the circuit with the same weights, if what it reads has become as many gates, not
// complemented, and copies of sums, in the same order. Otherwise, or if it has numbers beyond int64, it returns sum 0.
// It reports true for fresh if there was no such sum before. For each sum, one after another, there must be a call of
// it or of [Follower.SkipSum].
func (f *Follower) CopySum() (node SumID, fresh bool) {
	s := SumID(len(f.copies))
	if f.copies == nil {
		f.copies = make([]SumID, 0, f.c.SumCount())
	}
	node, fresh = f.copySum(s)
	f.copies = append(f.copies, node)
	return node, fresh
}

// Copied returns the copy of a sum of the circuit, or sum 0.
func (f *Follower) Copied(s SumID) SumID { return f.copies[s] }

// CopiedSums returns how many sums of the circuit are copied or skipped.
func (f *Follower) CopiedSums() int { return len(f.copies) }

// SkipSum makes no copy of the next sum of the circuit.
func (f *Follower) SkipSum() { f.copies = append(f.copies, 0) }

func (f *Follower) copySum(s SumID) (node SumID, fresh bool) {
	c, b := &f.c.Nodes, f.b
	m := &b.c
	weights, small := c.SmallWeights(s)
	if !small || len(weights) == 0 || !b.sumRoom(len(weights)) {
		return 0, false
	}
	refs := m.termRef.next(len(weights))
	for i, r := range c.Refs(s) {
		if r.IsSum() {
			t := f.copies[r.Sum()]
			if t == 0 {
				return 0, false
			}
			r = sumRef(t)
		} else {
			l := f.Lits[r.Gate()]
			if l.IsComplement() || l == False {
				return 0, false
			}
			r = gateRef(l.Gate())
		}
		if i > 0 && refs[i-1] >= r {
			return 0, false
		}
		refs[i] = r
	}
	return b.lastSum(refs, weights, *c.form(s), func() uint32 { return f.form(s) })
}

// form returns the builder's form of sum s of the circuit, which is not big.
func (f *Follower) form(s SumID) uint32 {
	of := f.c.sumForm[s]
	if f.adopted {
		return of
	}
	if f.forms == nil {
		f.forms = make([]uint32, len(f.c.forms))
	}
	if f.forms[of] == 0 {
		f.forms[of] = f.b.forms.of(f.c.stored(s), f.c.forms[of])
	}
	return f.forms[of]
}

// Plain says what [Follower.CopyPlain] copies. The lists are the caller's, who may change them from call to call.
type Plain struct {
	Live    []bool // by gate: it is not passed over; nil: none is
	LiveSum []bool // by sum: the same
	Other   []bool // by gate: it has become something else than a copy of its own, or one that reads something else
	Moved   []bool // by gate: it has not become a gate that was made for it, not complemented

	// By sum: it has become something else than a copy of its own. CopyPlain says so of those passed over.
	OtherSum []bool

	Sums     int  // how many sums are expected that are no plain copies
	Distinct bool // no two sums have the same terms, and the sources come first; if not, no sum is copied

	Gate func(Gate) bool  // says whether a gate may be copied; nil: each may
	Sum  func(SumID) bool // the same for sums
}

// Plain says what CopyPlain copies from now on.
func (f *Follower) Plain(p Plain) {
	f.plain, f.adopted = p, f.b.forms.adopt(&f.c.Nodes)
	if f.copies = make([]SumID, 0, f.c.SumCount()); p.Distinct {
		n := f.c.Len()
		f.b.sums.hint = p.Sums
		f.b.plain = plainSums{make([]uint32, n+n/slack+1), make([]uint32, 0, f.c.SumCount()+1)}
	}
}

// CopyPlain makes the gates from the given ones on as they are, as [Follower.Copy] does, with the copies of the sums
// that they read. It stops at the first that reads something else than a copy, and returns where it has stopped.
//
// The builder must keep gates.
func (f *Follower) CopyPlain(from, to Gate) Gate {
	c, b, p := &f.c.Nodes, f.b, &f.plain
	m := &b.c
	to = min(to, c.stageEnd(from))
	if from >= to || !b.gateRoom(int(to-from)) {
		return from
	}
	f.Enter(c.StageOf(from))
	kind, first, lits, other := m.kind, m.first, f.Lits, p.Other
	args, at := m.args.rest(), m.args.end()
	g := from
gates:
	for ; g < to; g++ {
		k := c.kind[g]
		if k.IsSource() || p.Live != nil && !p.Live[g] {
			continue
		}
		in := c.reads(g)
		if k.IsLogic() {
			for _, x := range in {
				if other[x>>1] {
					break gates
				}
			}
		} else if !k.HasBound() || int(in[0]) >= len(f.copies) && !f.CopyPlainSums(SumID(in[0])) || p.OtherSum[in[0]] {
			break
		}
		if p.Gate != nil && !p.Gate(g) {
			break
		}
		if len(args) < len(in) {
			if m.args.take(int(at - m.args.end())); !pageRoom(b, &m.args, len(in), &first) {
				break
			}
			args, at = m.args.rest(), m.args.end()
		}
		if k.IsLogic() {
			for i, x := range in {
				args[i] = uint32(lits[x>>1]) ^ x&1
			}
		} else {
			args[0] = uint32(f.copies[in[0]])
			if args[1] = in[1]; len(in) > 2 {
				args[2] = in[2]
			}
		}
		args, at = args[len(in):], at+uint32(len(in))
		lits[g] = Gate(len(kind)).Lit()
		kind, first = append(kind, k), append(first, at)
	}
	if m.args.take(int(at - m.args.end())); len(kind) > len(m.kind) {
		m.stageAt(Gate(len(m.kind)), b.stage)
	}
	m.kind, m.first = kind, first
	return g
}

// CopyPlainSums makes the sums up to s as they are, in the same way. It reports false if it has stopped before.
func (f *Follower) CopyPlainSums(s SumID) bool {
	p := &f.plain
	for at := SumID(len(f.copies)); at <= s; at++ {
		if p.LiveSum != nil && !p.LiveSum[at] {
			p.OtherSum[at] = true
			f.copies = append(f.copies, 0)
		} else if !p.Distinct || p.Sum != nil && !p.Sum(at) || !f.copyPlainSum(at) {
			return false
		}
	}
	return true
}
