package pb

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Constraint is Σ Weights·Lits ≥ Bound, over literals numbered as in DIMACS: a positive
// number is a variable, a negative one its complement. No variable occurs twice, weights
// are positive, at most the bound and without a common factor, and the bound is at least 1.
type Constraint struct {
	Lits    []int
	Weights []circuit.Int // nil: all are 1
	Bound   circuit.Int
}

// Encode calls emit with each constraint that defines a gate of c that the asserted literals depend
// on, or the outputs if no literal is asserted. It also calls emit with a constraint for each
// asserted literal. The memory of a constraint is used again: it is valid, and may be written to,
// until emit returns. An error of emit ends Encode.
//
// It fails with an [*AssertError], or a [*netlist.UnfitError] for a gate that is not in
// the [Repertoire].
func Encode(c *circuit.Circuit, assert []circuit.Lit, emit func(Constraint) error) (*Encoding, error) {
	e, err := New(c, Config{Assert: assert})
	if err != nil {
		return nil, err
	}
	return e, e.Constraints(emit)
}

// Count returns the number of constraints. It takes the time of making them.
func (e *Encoding) Count() (int, error) {
	n := 0
	err := e.Constraints(func(Constraint) error {
		n++
		return nil
	})
	return n, err
}

// Constraints calls emit with each constraint, as [Encode] does.
func (e *Encoding) Constraints(emit func(Constraint) error) error {
	if err := e.Fit("a pseudo-Boolean constraint", Repertoire()); err != nil {
		return err
	}
	w := &writer{e: e, emit: emit}
	if v := int(e.literal[0]); v != 0 {
		w.clause(-v)
	}
	for g := circuit.Gate(1); int(g) < e.c.Len() && w.err == nil; g++ {
		if e.need[g] != 0 {
			w.gate(g)
		}
	}
	for _, l := range e.assert {
		w.clause(e.Lit(l))
	}
	return w.err
}

// writer makes constraints, one after another, in the same memory.
type writer struct {
	e    *Encoding
	emit func(Constraint) error
	err  error

	lits    []int
	weights []circuit.Int
	in      []int // of the logic gate at hand

	logic  form
	linear form // of sum, if hasSum
	hasSum bool
	sum    circuit.SumID
}

// clause emits the disjunction of the literals.
func (w *writer) clause(lits ...int) {
	w.lits = append(w.lits[:0], lits...)
	w.send(nil, circuit.NewInt(1))
}

func (w *writer) send(weights []circuit.Int, bound circuit.Int) {
	if w.err == nil {
		w.err = w.emit(Constraint{w.lits, weights, bound})
	}
}

func (w *writer) gate(g circuit.Gate) {
	switch k := w.e.c.Kind(g); {
	case k == gates.Buf || k == gates.Not || k.IsSource():
	case k.ReadsSum():
		s, t := w.e.c.Bound(g)
		w.threshold(int(w.e.literal[g]), w.e.need[g], s, t)
	default:
		var y int
		var need Side
		y, need, w.in = w.e.Logic(g, w.in[:0])
		if k == gates.Xor || k == gates.Xnor {
			Xor(y, w.in[0], w.in[1], need, w.clause)
		} else {
			w.and(y, need)
		}
	}
}

// and says that y is the conjunction of the inputs: that their number is reached.
func (w *writer) and(y int, need Side) {
	f := &w.logic
	f.reset()
	for _, l := range w.in {
		f.push(l, circuit.NewInt(1))
	}
	f.merge()
	w.compare(f, y, need, circuit.NewInt(int64(len(w.in))))
}

func (w *writer) threshold(y int, need Side, s circuit.SumID, t circuit.Int) {
	f := &w.linear
	if !w.hasSum || w.sum != s { // thresholds on one sum mostly come together
		f.reset()
		w.hasSum, w.sum = true, s
		from, weights := w.e.c.Flatten(s)
		for i, g := range from {
			f.push(int(w.e.literal[g]), weights[i])
		}
		f.merge()
	}
	w.compare(f, y, need, t)
}

// compare says that y is [f ≥ t].
func (w *writer) compare(f *form, y int, need Side, t circuit.Int) {
	one := circuit.NewInt(1)
	f.reduce()
	t = t.Sub(f.add).CeilDiv(f.factor) // and all of f is divided by its factor
	if need&IfOne != 0 && t.Sign() > 0 {
		if t.Cmp(f.total) > 0 {
			w.clause(-y)
		} else {
			w.bounded(f, -y, t, 1)
		}
	}
	if rest := f.total.Sub(t).Add(one); need&IfZero != 0 && rest.Sign() > 0 {
		if t.Sign() <= 0 {
			w.clause(y)
		} else {
			w.bounded(f, y, rest, -1)
		}
	}
}

// bounded emits bound·y + Σ terms ≥ bound, the literals of the terms times sign. Weights above the
// bound become the bound, and then all are divided by what they have in common.
func (w *writer) bounded(f *form, y int, bound circuit.Int, sign int) {
	w.lits, w.weights = append(w.lits[:0], y), append(w.weights[:0], bound)
	clause, factor := true, circuit.Int{}
	for i, l := range f.lits {
		a := f.weights[i].Min(bound)
		clause = clause && a.Cmp(bound) == 0
		factor = factor.GCD(a)
		w.lits, w.weights = append(w.lits, sign*l), append(w.weights, a)
	}
	if clause {
		w.send(nil, circuit.NewInt(1))
		return
	}
	if factor.Cmp(circuit.NewInt(1)) > 0 { // y = 0 asks the terms for the bound, which they reach in such steps
		bound = bound.CeilDiv(factor)
		w.weights[0] = bound
		for i, a := range w.weights[1:] {
			w.weights[1+i] = a.Quo(factor)
		}
	}
	w.send(w.weights, bound)
}
