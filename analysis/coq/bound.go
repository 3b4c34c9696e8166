package coq

import (
	"math/big"

	"github.com/tc0lab/tc0/compile/program"
)

// This file computes what the analysis of the library does: ana1, count1 and anas of its Analysis.v. Coq computes them
// again, and compares the lists as they are.

// count is a polynomial in n: its coefficients, the constant first.
type count []*big.Int

func number(k int) count { return count{big.NewInt(int64(k))} }

func (p count) plus(q count) count {
	if len(p) < len(q) {
		p, q = q, p
	}
	out := make(count, len(p))
	for i, c := range p {
		out[i] = new(big.Int).Set(c)
		if i < len(q) {
			out[i].Add(c, q[i])
		}
	}
	return out
}

func (p count) times(q count) count {
	var out count
	for i := len(p) - 1; i >= 0; i-- {
		scaled := make(count, len(q))
		for k, c := range q {
			scaled[k] = new(big.Int).Mul(p[i], c)
		}
		out = scaled.plus(append(count{new(big.Int)}, out...))
	}
	return out
}

// product is the number of elements of a shape.
func product(s program.Shape) count {
	out := number(1)
	for k := len(s) - 1; k >= 0; k-- {
		size := number(0)
		if s[k].Open() {
			size = append(size, big.NewInt(int64(s[k].Factor())))
		} else {
			size = number(s[k].Size())
		}
		out = size.times(out)
	}
	return out
}

// state is what the analysis knows of a value.
type state struct {
	shape    program.Shape
	level    int              // no literal is on a higher one
	open     bool             // those on that level are gates that take others in
	literals count            // of an element
	matters  func(k int) bool // by axis: whether they depend on its index
}

func everywhere(int) bool { return true }

// inputState is what is known of an input.
func inputState(n port) state { return state{n.shape, 0, false, number(n.literals), everywhere} }

// relevant are the coordinates that matter for an operand that is read at some indices.
func (s *state) relevant(at []*index) func(k int) bool {
	return func(k int) bool {
		for axis, e := range at {
			if s.matters(axis) && e.uses(k) {
				return true
			}
		}
		return false
	}
}

// bounds returns the level of the deepest gate, and how many gates there are.
func (t *term) bounds() (level int, gates count) {
	var states []state
	for _, n := range t.inputs {
		states = append(states, inputState(n))
	}
	for i := range t.operations {
		s, made := t.operations[i].derive(states)
		states, gates, level = append(states, s), gates.plus(made), max(level, s.level)
	}
	return level, gates
}

func (o *operation) derive(states []state) (s state, made count) {
	x := &states[o.args[0]]
	y := &states[o.args[len(o.args)-1]]
	coded := func(level int) state { return state{x.shape, level, true, number(o.literals), everywhere} }
	switch o.kind {
	case sum:
		return state{o.shape, x.level, x.open, product(o.summed).times(x.literals), x.relevant(o.left)}, nil
	case add:
		level := max(x.level, y.level)
		open := (x.open || x.level < level) && (y.open || y.level < level)
		matters := func(k int) bool { return x.matters(k) || y.matters(k) }
		return state{x.shape, level, open, x.literals.plus(y.literals), matters}, nil
	case step:
		return coded(x.level + 1), product(x.shape).times(number(o.literals))
	case quotient:
		return coded(max(x.level, y.level) + 1), product(x.shape).times(number(o.literals))
	case maximum:
		each := number(o.literals).times(product(o.summed).plus(number(1)))
		return coded(x.level + 2), product(x.shape).times(each)
	}
	left, right := x.relevant(o.left), y.relevant(o.right)
	matters := func(k int) bool { return left(k) || right(k) }
	level := max(x.level, y.level) + 1
	if x.level > y.level && x.open || y.level > x.level && y.open { // its gates take the other literals in
		level--
	}
	var axes program.Shape // those that matter
	for k, d := range append(o.shape[:len(o.shape):len(o.shape)], o.summed...) {
		if !matters(k) {
			d = program.NewDim(d.Name, 1)
		}
		axes = append(axes, d)
	}
	both := x.literals.times(y.literals)
	of := product(o.summed).times(x.literals.plus(y.literals.plus(both)))
	return state{o.shape, level, true, of, matters}, product(axes).times(both)
}
