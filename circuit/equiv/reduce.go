package equiv

import (
	"context"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/gates"
)

// Bounds on the reduction of a miter.
const (
	reduceLanes   = 4096    // random inputs that gates are compared on, if memory allows
	reduceWords   = 1 << 25 // most words for the values of all gates
	reduceLeaves  = 12      // most gates at the border of a window
	reduceGates   = 200     // most gates within a window
	reduceRivals  = 8       // most gates of a class that another one is compared with
	reduceClass   = 256     // most gates of a class
	reduceStopped = 1 << 10 // gates between two looks at the context
)

// reduction counts the work of reduce.
type reduction struct {
	Candidates int // pairs of gates that agree on all random inputs and are not the same
	Merged     int // of them, those that were shown equal
}

// reduce returns a circuit of AND, OR and XOR gates in which gates that compute the same
// function are one, as far as that can be shown nearby: for two gates that agree on
// random inputs, a window is opened before them, gate by gate from the latest on, and if
// both are equal for all values of at most 12 gates at its border, one takes the place of
// the other. What is behind them is then more alike than before.
//
// If fixed is not nil, some inputs have one value: it is the constant there, and any other literal for an
// input that is free, as in [circuit.Circuit.Restrict].
//
// If t is not nil, all this is written as a proof.
//
// Source: SAT sweeping (Kuehlmann, Paruthi, Krohm and Ganai 2002; FRAIGs of Mishchenko, Chatterjee,
// Jiang and Brayton 2005), with truth tables in place of a solver.
func reduce(
	ctx context.Context, c *circuit.Circuit, lanes int, seed uint64, fixed []circuit.Lit, t *trace,
	progress func(done, all int),
) (*circuit.Circuit, *reduction, error) {
	r := &reducer{
		c: c, trace: t, b: circuit.NewBuilderSize(c.Len()),
		classes: map[uint64][]circuit.Gate{}, column: make([]int32, 0, 2*c.Len()),
	}
	r.words = max(1, min(lanes/64, reduceWords/c.Len()))
	r.evaluate(seed, fixed)
	ports := r.b.Follow(c)
	ports.Inputs()
	r.lits = ports.Lits
	r.view = r.b.Made()
	if t != nil {
		t.begin(r.view, c.Inputs(), r.lits)
	}
	for i, v := range fixed {
		if v.IsConst() {
			r.lits[c.Inputs()[i]] = v
		}
	}
	for g := range circuit.Gate(c.Len()) {
		if g%reduceStopped == 0 {
			progress(int(g), c.Len())
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
		}
		if k := c.Kind(g); !k.IsSource() {
			r.lits[g] = r.make(k, c.Fanin(g))
			if t != nil {
				t.became(g, r.lits)
			}
		}
		r.place(g)
	}
	if t != nil {
		t.end(r.lits)
	}
	ports.Outputs()
	made, err := r.b.Circuit()
	if err != nil {
		return nil, nil, err
	}
	return made.Prune(), &r.found, nil
}

type reducer struct {
	c     *circuit.Circuit
	b     *circuit.Builder
	trace *trace         // nil: no proof is asked for
	view  *circuit.Nodes // the nodes that b has made
	lits  []circuit.Lit  // by gate of c: the literal that it has become

	words  int
	values []uint64 // by gate of c: its values on random inputs
	// classes has, by the hash of their values, gates of c that became gates of their own.
	classes map[uint64][]circuit.Gate
	found   reduction
	marked  []circuit.Gate // scratch

	// The window: gates of the new circuit.
	border, inside []circuit.Gate
	column         []int32  // by gate: its place in tables plus 1, while a window is open
	tables         []uint64 // truth tables of the window
}

func (r *reducer) row(g circuit.Gate) []uint64 {
	return r.values[int(g)*r.words : (int(g)+1)*r.words]
}

// evaluate computes the values of all gates on random inputs, of which some are fixed.
func (r *reducer) evaluate(seed uint64, fixed []circuit.Lit) {
	r.values = make([]uint64, r.c.Len()*r.words)
	in := eval.NewVectors(len(r.c.Inputs()), r.words*64)
	vector.NewCodec(r.c.InputPorts()).Random(in, 0, seed)
	for i, g := range r.c.Inputs() {
		copy(r.row(g), in.Row(i))
		if i < len(fixed) && fixed[i].IsConst() {
			for w := range r.row(g) {
				r.row(g)[w] = -uint64(fixed[i])
			}
		}
	}
	for g := range circuit.Gate(r.c.Len()) {
		if k := r.c.Kind(g); !k.IsSource() {
			combine(k, r.row(g), r.c.Fanin(g), r.row)
		}
	}
}

// combine computes the values of an AND, OR or XOR gate from those of its inputs.
func combine(k gates.Kind, to []uint64, fanin []circuit.Lit, row func(g circuit.Gate) []uint64) {
	clear(to)
	if k == gates.And {
		for w := range to {
			to[w] = ^uint64(0)
		}
	}
	for _, l := range fanin {
		flip := -uint64(l & 1)
		from := row(l.Gate())
		switch k {
		case gates.And:
			for w, x := range from {
				to[w] &= x ^ flip
			}
		case gates.Or:
			for w, x := range from {
				to[w] |= x ^ flip
			}
		default:
			for w, x := range from {
				to[w] ^= x ^ flip
			}
		}
	}
}

func (r *reducer) make(k gates.Kind, fanin []circuit.Lit) circuit.Lit {
	in := make([]circuit.Lit, len(fanin))
	for i, l := range fanin {
		in[i] = r.lits[l.Gate()].NotIf(l.IsComplement())
	}
	switch k {
	case gates.And, gates.Or:
		or := k == gates.Or
		if len(in) == 2 {
			if l, ok := r.parity(in[0].NotIf(or), in[1].NotIf(or)); ok {
				return l.NotIf(or)
			}
		}
		if or {
			return r.b.Or(in...)
		}
		return r.b.And(in...)
	case gates.Xor:
		return r.b.Xor(in...)
	}
	panic("equiv: a miter of clauses has a gate of kind " + k.String())
}

// parity returns x ∧ y as a XOR, if it is ¬(p ∧ q) ∧ ¬(¬p ∧ ¬q), which is the form of a XOR in
// AIGs.
func (r *reducer) parity(x, y circuit.Lit) (circuit.Lit, bool) {
	p, q, ok := r.nand(x)
	if !ok {
		return circuit.False, false
	}
	s, t, ok := r.nand(y)
	if !ok || (s != p.Not() || t != q.Not()) && (s != q.Not() || t != p.Not()) {
		return circuit.False, false
	}
	return r.b.Xor(p, q), true
}

// nand returns two literals, if l is the complement of their conjunction.
func (r *reducer) nand(l circuit.Lit) (p, q circuit.Lit, ok bool) {
	k, in := r.view.Kind(l.Gate()), r.view.Fanin(l.Gate())
	if len(in) != 2 {
		return 0, 0, false
	}
	switch {
	case k == gates.And && l.IsComplement():
		return in[0], in[1], true
	case k == gates.Or && !l.IsComplement():
		return in[0].Not(), in[1].Not(), true
	}
	return 0, 0, false
}

// place compares gate g with the gates of its class. It merges g with one of them, or adds g to the
// class.
func (r *reducer) place(g circuit.Gate) {
	flip := r.row(g)[0]&1 != 0 // a class has gates and complements of gates
	key := uint64(0)
	for _, x := range r.row(g) {
		if flip {
			x = ^x
		}
		key = (bits.RotateLeft64(key, 5) ^ x) * 0x9E3779B97F4A7C15
	}
	class, tried := r.classes[key], 0
	for _, other := range class {
		opposite := flip != (r.row(other)[0]&1 != 0)
		want := r.lits[other].NotIf(opposite)
		if r.lits[g] == want {
			return
		}
		if tried == reduceRivals || !r.near(r.lits[g].Gate(), want.Gate()) ||
			!sameWords(r.row(g), r.row(other), opposite) {
			continue
		}
		tried++
		if r.found.Candidates++; r.equal(r.lits[g], want) &&
			(r.trace == nil || r.trace.merged(g, r.lits[g], want, r.inside)) {
			r.found.Merged++
			r.lits[g] = want
			return
		}
	}
	if len(class) < reduceClass {
		r.classes[key] = append(class, g)
	}
}

// near reports whether two gates of the new circuit are near each other: whether they, the gates
// they read, and the gates that those read have a gate in common. Only then can a window of few
// gates show that they are equal. Classes of gates that are hardly ever 1 are large.
func (r *reducer) near(x, y circuit.Gate) bool {
	if x == 0 || y == 0 {
		return true
	}
	r.marked = append(r.marked[:0], x)
	for _, l := range r.view.Fanin(x) {
		r.marked = append(r.marked, l.Gate())
		for _, m := range r.view.Fanin(l.Gate()) {
			r.marked = append(r.marked, m.Gate())
		}
		if len(r.marked) > reduceGates {
			break
		}
	}
	marked := func(l circuit.Lit) bool { return slices.Contains(r.marked, l.Gate()) }
	return slices.Contains(r.marked, y) || slices.ContainsFunc(r.view.Fanin(y), func(l circuit.Lit) bool {
		return marked(l) || slices.ContainsFunc(r.view.Fanin(l.Gate()), marked)
	})
}

// sameWords reports whether b has the values of a, or the opposite ones.
func sameWords(a, b []uint64, opposite bool) bool {
	flip := uint64(0)
	if opposite {
		flip = ^flip
	}
	for w := range a {
		if a[w] != b[w]^flip {
			return false
		}
	}
	return true
}

// equal opens a window before two literals of the new circuit, and reports whether they are equal
// for all values at its border.
func (r *reducer) equal(x, y circuit.Lit) bool {
	r.border, r.inside = r.border[:0], r.inside[:0]
	defer func() {
		for _, g := range append(r.inside, r.border...) {
			r.column[g] = 0
		}
	}()
	r.column = append(r.column, make([]int32, r.view.Len()-len(r.column))...)
	r.open(x.Gate())
	r.open(y.Gate())
	tested := 0 // how many gates were inside when the window was last looked through
	for len(r.inside) < reduceGates {
		latest := len(r.border) - 1
		if latest < 0 || r.view.Kind(r.border[latest]).IsSource() {
			break
		}
		g := r.border[latest]
		before := len(r.border)
		if before <= reduceLeaves && len(r.inside) > tested && before-1+len(r.view.Fanin(g)) > before {
			if tested = len(r.inside); r.agree(x, y) {
				return true
			}
		}
		r.border = r.border[:latest]
		r.inside = append(r.inside, g)
		for _, l := range r.view.Fanin(g) {
			r.open(l.Gate())
		}
		if len(r.border) > 3*reduceLeaves {
			return false
		}
	}
	return len(r.border) <= reduceLeaves && len(r.inside) > tested && r.agree(x, y)
}

// open puts a gate at the border, which is in rising order, unless it is there already.
// The constant is known and needs no place.
func (r *reducer) open(g circuit.Gate) {
	if g == 0 || r.column[g] != 0 {
		return
	}
	r.column[g] = 1
	at, _ := slices.BinarySearch(r.border, g)
	r.border = slices.Insert(r.border, at, g)
}

// agree computes the truth tables of the window over its border, and compares x with y.
func (r *reducer) agree(x, y circuit.Lit) bool {
	words := max(1, 1<<len(r.border)/64)
	if need := words * (1 + len(r.border) + len(r.inside)); len(r.tables) < need {
		r.tables = make([]uint64, 2*need)
	}
	table := func(place int32) []uint64 { return r.tables[int(place)*words : int(place+1)*words] }
	clear(table(0)) // the constant
	for i, g := range r.border {
		r.column[g] = int32(i + 1)
		vector.CountBit(table(int32(i+1)), i, 0)
	}
	row := func(g circuit.Gate) []uint64 {
		if g == 0 {
			return table(0)
		}
		return table(r.column[g])
	}
	for i := len(r.inside) - 1; i >= 0; i-- { // the latest was taken in first
		g := r.inside[i]
		r.column[g] = int32(len(r.border) + len(r.inside) - i)
		combine(r.view.Kind(g), row(g), r.view.Fanin(g), row)
	}
	return sameWords(row(x.Gate()), row(y.Gate()), (x^y)&1 != 0)
}
