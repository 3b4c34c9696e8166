package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
)

// Repeat appends count copies of a body. The first copy gets the given state. Each later copy gets
// the state that the copy before it returned. The operations of a copy stand in a stage "name t",
// counted from 1.
func (p *Program) Repeat(name string, count int, state []Value, body func(t int, state []Value) []Value) []Value {
	r := p.repeated(name, state)
	for t := range count {
		state = r.copy(p, fmt.Sprintf("%s %d", name, t+1), state, func(state []Value) []Value { return body(t, state) })
	}
	p.repeats = append(p.repeats, *r)
	return state
}

// repeated begins a repeat with its first state.
func (p *Program) repeated(name string, state []Value) *Repeated {
	return &Repeated{Name: name, First: len(p.nodes), End: len(p.nodes), States: [][]int{ids(state)}}
}

// copy appends one copy of a body.
func (r *Repeated) copy(p *Program, label string, state []Value, body func(state []Value) []Value) []Value {
	p.Begin(label)
	state = body(state)
	p.End()
	r.Count, r.End = r.Count+1, len(p.nodes)
	r.States = append(r.States, ids(state))
	return state
}

// ids returns the numbers of values.
func ids(values []Value) []int {
	var out []int
	for _, v := range values {
		out = append(out, v.id)
	}
	return out
}

// Iterate is [Program.Repeat] for a state of one value.
func (p *Program) Iterate(name string, count int, x Value, body func(t int, x Value) Value) Value {
	return p.Repeat(name, count, []Value{x}, func(t int, state []Value) []Value {
		return []Value{body(t, state[0])}
	})[0]
}

// Scan is Repeat over the first axis of x: copy t of the body gets element t of x. The body does
// not know t. An open program has as many copies as x has elements, and all of them are the same.
func (p *Program) Scan(name string, x Value, state []Value, body func(x Value, state []Value) []Value) []Value {
	shape := p.node(x).Shape
	if len(shape) == 0 {
		p.Failf(OpGather, "a scan of a scalar")
		return state
	}
	state = p.apart(state)
	step := func(t int, state []Value) []Value {
		element := p.Select(x, t)
		p.node(element).Least = 0 // a copy is there only if its element is
		return body(element, state)
	}
	if !shape[0].Open() {
		state = p.Repeat(name, shape[0].Size(), state, step)
		p.repeats[len(p.repeats)-1].Scan = true
		return p.ended(state)
	}
	if shape[0].Factor() > 1 {
		p.Failf(OpGather, "a scan over %v: it can be read for every n if it has n copies", shape[0])
		return state
	}
	r := p.repeated(name, state)
	r.Scan = true
	state = p.ended(r.grow(p, []string{p.known(state)}, state, step))
	p.widen(r, state)
	p.repeats = append(p.repeats, *r)
	return state
}

// ended returns copies of the last states of a scan. What reads them reads the state after any number of copies. So
// it knows of them only what holds of all: not that one is a constant, or one-hot.
func (p *Program) ended(state []Value) []Value {
	out := make([]Value, len(state))
	for k, v := range state {
		out[k] = p.sameAs(v)
		if n := p.node(out[k]); n.OneHot {
			n.OneHot, n.Given = false, true
		}
	}
	return out
}

// grow appends the first copies of an open repeat, until what the body can know of its state is what it
// was some copies before. From there on the copies repeat, since the body is the same each time. What
// was known before some copies is in seen.
func (r *Repeated) grow(
	p *Program, seen []string, state []Value, body func(t int, state []Value) []Value,
) []Value {
	for r.Open = true; r.Period == 0; {
		if r.Count == mostScanCopies {
			p.Failf(OpGather, "after %d copies of scan %q the ranges of its state still change", r.Count, r.Name)
			break
		}
		label := r.Name + " t"
		if r.Count == 0 {
			label = r.Name + " 1"
		}
		state = r.copy(p, label, state, func(state []Value) []Value { return body(r.Count, state) })
		now := p.known(state)
		for _, v := range state {
			if r.Symbol != "" && v.id < r.First {
				now += " from before" // it is the state only as long as no more copies were made
			}
		}
		for t, before := range seen {
			if before == now {
				r.Period = len(seen) - t
			}
		}
		seen = append(seen, now)
	}
	return state
}

// Count is a number of copies. It may be left open, as the size of a [Dim]: that makes a program that
// is read for every number of steps T.
type Count struct{ copies int }

// CountOf returns the count of some copies, at least 1.
func CountOf(copies int) Count { return Count{max(copies, 1)} }

// OpenCount returns a count that is left open. A program with one must also have an open dimension.
func OpenCount() Count { return Count{-1} }

// Open reports whether the count is left open.
func (c Count) Open() bool { return c.copies < 0 }

// Number returns the number of copies. Code that makes an open program must not ask for an open one,
// as for [Dim.Size].
func (c Count) Number() int {
	if c.Open() {
		panic(&OpenSizeError{c.String()})
	}
	return c.copies
}

// String returns the number, or T if it is left open.
func (c Count) String() string {
	if c.Open() {
		return "T"
	}
	return fmt.Sprint(c.copies)
}

// Turn is one copy of a body, as [Program.Steps] makes it.
type Turn struct {
	First bool
	Last  bool // it is the last copy, which stands apart
	at    int
	of    Count
}

// Number returns the number of the copy, from 0. It is not known if the number of copies is open; see
// [Count.Number].
func (t Turn) Number() int {
	t.of.Number()
	return t.at
}

// String is the number of the copy from 1, for names.
func (t Turn) String() string {
	if t.Last && t.of.Open() {
		return t.of.String()
	}
	return fmt.Sprint(t.at + 1)
}

// Steps is [Program.Iterate] for a number of copies that may be left open. The body must not keep anything from
// copy to copy but the state. It may do something else in the first copy; and with apart, in the last
// one. Then the last copy is not one of those of the [Repeated], but stands after them.
func (p *Program) Steps(
	name string, count Count, apart bool, x Value, body func(t Turn, x Value) Value,
) Value {
	r, state := p.repeated(name, []Value{x}), []Value{x}
	step := func(at int) func(state []Value) []Value {
		t := Turn{First: at == 0, at: at, of: count}
		return func(state []Value) []Value { return []Value{body(t, state[0])} }
	}
	last := 0
	switch {
	case !count.Open():
		for last < count.Number()-btoi(apart) {
			state = r.copy(p, fmt.Sprintf("%s %d", name, last+1), state, step(last))
			last++
		}
	default:
		state = r.unending(p, state, func(at int, state []Value) []Value { return step(at)(state) })
		last = r.Count
	}
	if apart {
		t := Turn{last == 0 && !count.Open(), true, last, count}
		p.Begin(name + " " + t.String())
		state = []Value{body(t, state[0])}
		p.End()
		r.Last = len(p.nodes)
	}
	p.repeats = append(p.repeats, *r)
	return state[0]
}

// unending makes the copies of a repeat whose number is open. What the first copy does says nothing of the others.
func (r *Repeated) unending(p *Program, state []Value, body func(at int, state []Value) []Value) []Value {
	if !p.open {
		p.Failf(OpGather, "the number of copies of %q is open, and no dimension is", r.Name)
		return state
	}
	r.Symbol = OpenCount().String()
	return r.grow(p, []string{"before " + p.known(state)}, state, body)
}

// Unending appends the copies of a body after the first few of T steps, if T is open. It returns the state after
// the last one. The body must not keep anything from copy to copy but the state.
func (p *Program) Unending(name string, before int, state []Value, body func(state []Value) []Value) []Value {
	r := p.repeated(name, state)
	r.Before = before
	state = r.unending(p, state, func(_ int, state []Value) []Value { return body(state) })
	p.repeats = append(p.repeats, *r)
	return state
}

// Stand says that operations Older to Newer−1 of one copy stand for as many more like them as there were
// copies before. Those from Newer on are the same, on what the copy before made. Those from Older on
// are on what the copy before that one made, and each other on what a still earlier copy made. The sums that
// they end with go on over all of them.
type Stand struct{ Older, Newer int }

// Stand notes a [Stand] within a body of [Program.Unending].
func (p *Program) Stand(older, newer int) { p.stands = append(p.stands, Stand{older, newer}) }

// Stands returns what stands for more.
func (p *Program) Stands() []Stand { return p.stands }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// AffineAt is Affine for a factor k that may depend on the number of the copy, or on how many there
// are. The formula most bounds |k|. A program that breaks the bound fails.
func (p *Program) AffineAt(t Turn, x Value, most poly.Poly, make func() (k int64)) Value {
	if !t.of.Open() {
		k := make()
		p.within(OpAffine, most, k)
		return p.Affine(k, x, 0)
	}
	return p.push(Node{
		Op: OpAffine, Shape: p.node(x).Shape, Bounds: everything, Given: true, Scale: 1, Func: true, Most: &most,
	}, x)
}

// LinearAt is Linear with a bias that may depend on the number of the copy, as in AffineAt. The formula most
// bounds the absolute entries of the matrix and of the bias.
func (p *Program) LinearAt(
	t Turn, x Value, w *Matrix, most poly.Poly, bias func() []int64, out string,
) Value {
	if !t.of.Open() {
		b := bias()
		p.within(OpLinear, most, w.Data...)
		p.within(OpLinear, most, b...)
		return p.Linear(x, w, b, out)
	}
	v := p.Linear(x, w, make([]int64, w.Rows), out)
	if n := p.node(v); n.Op == OpLinear {
		n.Bounds, n.Given, n.Func, n.Most, n.Matrix, n.Bias = everything, true, true, &most, nil, nil
	}
	return v
}

// apart returns the values with a copy in place of one that is there twice, or that is read elsewhere. So what
// reads a state of the first copy is told from what reads another state. A constant gets a copy, too: later
// states are not constants, and what reads them is lowered in one way.
func (p *Program) apart(state []Value) []Value {
	out := slices.Clone(state)
	for k, v := range out {
		n := p.node(v)
		reads := func(m Node) bool { return slices.Contains(m.Args, v.id) }
		if n.Op == OpConst || slices.Contains(out[:k], v) || slices.ContainsFunc(p.nodes, reads) {
			out[k] = p.sameAs(v)
		}
	}
	return out
}

// sameAs returns a copy of a state.
func (p *Program) sameAs(v Value) Value {
	shape := p.node(v).Shape
	return p.gather(v, shape, "state", straight(0, len(shape)), func(i int) int { return i })
}

// widen gives what is read after an open scan the range of all states, since there may be any number of copies.
func (p *Program) widen(r *Repeated, last []Value) {
	for k, v := range last {
		to := p.node(v)
		for _, state := range r.States[1:] {
			from := p.nodes[state[k]].Bounds
			if from.Lo < to.Bounds.Lo || from.Hi > to.Bounds.Hi {
				to.Bounds, to.Given = Range{min(from.Lo, to.Bounds.Lo), max(from.Hi, to.Bounds.Hi)}, true
			}
		}
	}
}

// known describes what the body of a scan can know of its state.
func (p *Program) known(state []Value) string {
	var text strings.Builder
	for _, v := range state {
		for n := p.node(v); ; n = n.Arg(0) { // [Program.Unmasked] looks under masks
			fmt.Fprint(&text, n.Op, n.Shape, n.Bounds, n.OneHot, n.Given, n.Literals(), n.Data, ";")
			if n.Op == OpMaxStep { // a Reduce looks at what is inside of it
				fmt.Fprint(&text, n.Steps, n.Arg(0).behind(), n.Keep, n.Causal)
			}
			if n.Op != OpMask {
				break
			}
			fmt.Fprint(&text, n.Offset, n.Keep, n.Causal)
		}
	}
	return text.String()
}

// mostScanCopies is the number of copies after which a Scan stops waiting for ranges that repeat.
const mostScanCopies = 64

// Copies returns the numbers of the operations of each copy; ok says that all copies have the same
// operations in the same order.
func (r *Repeated) Copies(p *Program) (first []int, each int, ok bool) {
	if r.Count == 0 || (r.End-r.First)%r.Count != 0 {
		return nil, 0, false
	}
	each = (r.End - r.First) / r.Count
	for t := range r.Count {
		first = append(first, r.First+t*each)
		for k := range each {
			if p.nodes[r.First+k].Op != p.nodes[r.First+t*each+k].Op {
				return nil, 0, false
			}
		}
	}
	return first, each, true
}

// Repeats returns the copies of bodies in the program, in the order in which they end. So a repeat
// within another one comes before it, once for each copy.
func (p *Program) Repeats() []Repeated { return p.repeats }

// Repeated says that operations First to End−1 are Count copies of one body, of
// [Program.Repeat], [Program.Scan] or [Program.Steps].
type Repeated struct {
	Name              string
	Count, First, End int
	// Last is 0, or else operations End to Last−1 are one more copy, of a body that differs.
	Last   int
	Open   bool   // the copies stand for any number of copies
	Scan   bool   // it goes over the positions of a sequence
	Symbol string // of an open repeat: the number of steps, if it is not n
	Before int    // so many of these steps stand before the first copy
	// Period is how many of the last copies of an open repeat come again and again, in order.
	Period int
	// States has the numbers of the values of the state: before the first copy, and after each copy.
	States [][]int
}
