package program

import (
	"fmt"
	"slices"
	"strings"
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
	step := func(t int, state []Value) []Value { return body(p.Select(x, t), state) }
	if !shape[0].Open() {
		state = p.Repeat(name, shape[0].Size(), state, step)
		p.repeats[len(p.repeats)-1].Scan = true
		return state
	}
	// An open program has the first copies, until what the body can know of its state is what it was
	// some copies before. From there on the copies repeat, since the body is the same each time.
	r := p.repeated(name, state)
	r.Open, r.Scan = true, true
	seen := []string{p.known(state)}
	for r.Period == 0 {
		if r.Count == mostScanCopies {
			p.Failf(OpGather, "after %d copies of scan %q the ranges of its state still change", r.Count, name)
			break
		}
		label := name + " t"
		if r.Count == 0 {
			label = name + " 1"
		}
		state = r.copy(p, label, state, func(state []Value) []Value { return step(r.Count, state) })
		now := p.known(state)
		for t, before := range seen {
			if before == now {
				r.Period = r.Count - t
			}
		}
		seen = append(seen, now)
	}
	p.repeats = append(p.repeats, *r)
	return state
}

// apart returns the values with a copy in place of one that is there twice, or that is read elsewhere. So what
// reads a state of the first copy is told from what reads another state.
func (p *Program) apart(state []Value) []Value {
	out := slices.Clone(state)
	for k, v := range out {
		n := p.node(v)
		reads := func(m Node) bool { return slices.Contains(m.Args, v.id) }
		switch {
		case !slices.Contains(out[:k], v) && !slices.ContainsFunc(p.nodes, reads):
		case n.Op == OpConst:
			copied := *n
			copied.Args = nil
			out[k] = p.push(copied)
		default:
			out[k] = p.gather(v, n.Shape, "state", straight(0, len(n.Shape)), func(i int) int { return i })
		}
	}
	return out
}

// known describes what the body of a scan can know of its state.
func (p *Program) known(state []Value) string {
	var text strings.Builder
	for _, v := range state {
		for n := p.node(v); ; n = n.Arg(0) { // [Program.Unmasked] looks under masks
			fmt.Fprint(&text, n.Op, n.Shape, n.Bounds, n.OneHot, n.Given, n.Literals(), ";")
			if n.Op != OpMask {
				break
			}
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
// [Program.Repeat] or [Program.Scan].
type Repeated struct {
	Name              string
	Count, First, End int
	Open              bool // the copies stand for any number of copies, as n says
	Scan              bool // it goes over the positions of a sequence
	// Period is how many of the last copies of an open repeat come again and again, in order.
	Period int
	// States has the numbers of the values of the state: before the first copy, and after each copy.
	States [][]int
}
