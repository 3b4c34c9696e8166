package program

import (
	"fmt"
	"slices"
)

// Repeat appends count copies of a body. The first copy gets the given state. Each later copy gets
// the state that the copy before it returned. The operations of a copy stand in a stage "name t",
// counted from 1.
func (p *Program) Repeat(name string, count int, state []Value, body func(t int, state []Value) []Value) []Value {
	r := Repeated{Name: name, Count: count, First: len(p.nodes)}
	for t := range count {
		p.Begin(fmt.Sprintf("%s %d", name, t+1))
		state = body(t, state)
		p.End()
	}
	r.End = len(p.nodes)
	p.repeats = append(p.repeats, r)
	return state
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
	step := func(t int, state []Value) []Value { return body(p.Select(x, t), state) }
	if !shape[0].Open() {
		return p.Repeat(name, shape[0].Size(), state, step)
	}
	// An open program has the first copies, until the ranges of the state stop changing. Then it
	// has three copies that are alike. The reading shows that they are alike.
	var ranges []Range
	same, count := 0, 0
	r := Repeated{Name: name, First: len(p.nodes), Open: true}
	for ; same < 3 && count < mostScanCopies; count++ {
		label := name + " t"
		if count == 0 {
			label = name + " 1"
		}
		p.Begin(label)
		state = step(count, state)
		p.End()
		var now []Range
		for _, v := range state {
			now = append(now, v.Bounds())
		}
		if same++; !slices.Equal(now, ranges) {
			same = 0
		}
		ranges = now
	}
	r.Count, r.End = count, len(p.nodes)
	p.repeats = append(p.repeats, r)
	return state
}

// mostScanCopies is the number of copies after which a Scan stops waiting for constant ranges.
const mostScanCopies = 64

// Repeats returns the copies of bodies in the program, in the order in which they end. So a repeat
// within another one comes before it, once for each copy.
func (p *Program) Repeats() []Repeated { return p.repeats }

// Repeated says that operations First to End−1 are Count copies of one body, of
// [Program.Repeat] or [Program.Scan].
type Repeated struct {
	Name              string
	Count, First, End int
	Open              bool // the copies stand for any number of copies, as n says
}
