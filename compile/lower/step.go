package lower

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// step makes the threshold gates of a Step, in the code that the plan says.
func (l *lowerer) step(n *program.Node, x, _, out tensor) {
	domain, facts := n.Arg(0).Bounds, &l.plan.Facts[n.ID]
	l.each(n, func(i int) {
		switch {
		case len(facts.Classes) == 0: // the elements are constants
			at, _ := x[i].sum.IsConst()
			reached := n.Steps.Base
			for k, t := range n.Steps.At {
				if at.Cmp(circuit.NewInt(t)) >= 0 {
					reached += n.Steps.Jump[k]
				}
			}
			l.finish(n, &out[i], &list{constant: circuit.NewInt(reached)})
		case facts.Code == Digits:
			l.subrange(n, facts, x[i].sum, &out[i])
		default:
			l.coded(n, &out[i], l.thermometer(n, domain, x[i]))
		}
	})
}

// firstClass is the class of the gates that an operation makes from its operands: of the literals of a thermometer, of
// the conjunctions of a MaxStep or an ArgMax. Above them there may be a binary code.
func (l *lowerer) firstClass(n *program.Node) Class { return l.plan.Facts[n.ID].Classes[0] }

// thermometer makes one gate for each jump. If the range of the program decides a jump, it becomes a
// constant.
func (l *lowerer) thermometer(n *program.Node, domain program.Range, x element) []literal {
	f, class := n.Steps, l.firstClass(n)
	lits := make([]literal, len(f.At))
	reaches := l.comparer(x, class)
	for i, at := range f.At {
		switch {
		case at <= domain.Lo:
			lits[i] = literal{lit: circuit.True, class: class}
		case at > domain.Hi:
			lits[i] = literal{lit: circuit.False, class: class}
		default:
			lits[i] = reaches(circuit.NewInt(at))
		}
	}
	return lits
}

// comparer returns the function that makes [x ≥ t]. If x is quantised already, this is a literal of
// its code, and costs nothing.
func (l *lowerer) comparer(x element, class Class) func(t circuit.Int) literal {
	if x.code != nil {
		return func(t circuit.Int) literal {
			lit := x.code.atLeast(t)
			lit.class = class // also of one that is a constant
			return lit
		}
	}
	chain, ok := l.b.Chain(x.sum)
	return func(t circuit.Int) literal {
		if ok {
			if lit, ok := chain.AtLeast(t); ok {
				return literal{lit: lit, class: class}
			}
		}
		return l.threshold(x.sum, t, class)
	}
}

// threshold returns [s ≥ t] as a literal of a class.
func (l *lowerer) threshold(s circuit.Sum, t circuit.Int, class Class) literal {
	l.look()
	z, made := l.b.ThresholdMade(s, t)
	return l.noted(literal{class, z, made})
}

// coded sets an element to the value of a Step, a MaxStep or a quotient; the literals are its jumps. It is in
// binary if the plan says so.
func (l *lowerer) coded(n *program.Node, e *element, lits []literal) {
	facts, base, unit := &l.plan.Facts[n.ID], n.Asked.Lo, true
	jump := func(int) int64 { return 1 }
	if n.Op == program.OpStep || n.Op == program.OpMaxStep {
		base, unit = n.Steps.Base, n.Steps.Unit()
		jump = func(i int) int64 { return n.Steps.Jump[i] }
	}
	if facts.Code == Binary {
		l.binary(n, base, lits, e)
		return
	}
	lits = slices.Clone(lits)
	c := codeOf(lits, base, jump)
	l.finish(n, e, c.list())
	if facts.Chain {
		e.code = c
	}
	if unit {
		l.thermometerPort(n, e, base, lits)
	}
}

// finish sets an element to a list.
func (l *lowerer) finish(n *program.Node, e *element, all *list) {
	l.emit(nil, all)
	e.sum = l.line.Sum()
	l.keep(n, e, all)
}

// thermometerPort notes the wires that an output of the element has: those of the levels in its range.
func (l *lowerer) thermometerPort(n *program.Node, e *element, base int64, lits []literal) {
	e.base = base
	for _, z := range lits {
		e.thermometer = append(e.thermometer, z.lit)
	}
	if n.Op != program.OpStep && n.Op != program.OpMaxStep {
		e.base = n.Bounds.Lo
		e.thermometer = e.thermometer[n.Bounds.Lo-base : n.Bounds.Hi-base]
	}
}

// binary sets an element to the number of ones in a thermometer code, as a sum of its binary digits. With
// t_j = [v ≥ j], bit k of v is 1 if v is in one of the intervals from an odd multiple of 2^k up to
// the next even multiple:
//
//	bit k = [Σ_{j odd} t_{j·2^k} − t_{(j+1)·2^k} ≥ 1],
//
// This is one threshold gate, because at most one of the differences is 1. The top bit is a literal of
// the code itself.
func (l *lowerer) binary(n *program.Node, base int64, lits []literal, e *element) {
	classes, all := l.plan.Facts[n.ID].Classes, &list{constant: circuit.NewInt(base)}
	defer func() { l.finish(n, e, all) }()
	if n.Op == program.OpStep && n.Func && !n.Even {
		l.bits(n, lits, classes[len(classes)-1], all)
		return
	}
	top := Width(len(lits)) - 1
	for k := range top {
		for j := 1; j<<k <= len(lits); j++ {
			w := int64(1)
			if j%2 == 0 {
				w = -1
			}
			l.line.AddLit(circuit.NewInt(w), lits[j<<k-1].lit)
		}
		bit := l.threshold(l.line.Sum(), circuit.NewInt(1), classes[len(classes)-1])
		all.terms = append(all.terms, term{bit, circuit.Pow2(k)})
	}
	all.terms = append(all.terms, term{lits[1<<top-1], circuit.Pow2(top)})
}

// bits lists the binary digits of the value of any staircase above the least value that was asked for. With
// more and more ones in the thermometer a digit is 1, 0, 1, ... in turn. So the sum of the literals at
// which it changes, with signs, is the digit.
func (l *lowerer) bits(n *program.Node, lits []literal, class Class, all *list) {
	all.constant = circuit.NewInt(n.Asked.Lo)
	for k := range Width(int(n.Asked.Hi - n.Asked.Lo)) {
		y := n.Steps.Base - n.Asked.Lo
		digit := y >> k & 1
		l.line.AddConst(circuit.NewInt(digit))
		for i, jump := range n.Steps.Jump {
			y += jump
			now := y >> k & 1
			l.line.AddLit(circuit.NewInt(now-digit), lits[i].lit)
			digit = now
		}
		bit := l.threshold(l.line.Sum(), circuit.NewInt(1), class)
		all.terms = append(all.terms, term{bit, circuit.Pow2(k)})
	}
}

// subrange converts x digit by digit. With z = x − At[0] + step, the value above Base is
// v = ⌊z/step⌋, clipped. The high digit is read from z, and its value is subtracted from z. The
// remainder is a sum and costs no gate. It goes on to the next digit. Clipping needs no extra work:
// below the range all digits are 0, and above it all digits are at their greatest.
func (l *lowerer) subrange(n *program.Node, facts *Facts, x circuit.Sum, e *element) {
	f := n.Steps
	step, _ := f.Uniform()
	rest := x.Plus(circuit.NewInt(step).Sub(circuit.NewInt(f.At[0])))
	all := &list{constant: circuit.NewInt(f.Base)}
	left := 0
	for _, w := range facts.Widths {
		left += w
	}
	for k, w := range facts.Widths {
		left -= w
		unit := circuit.NewInt(step).Mul(circuit.Pow2(left))
		digit := &list{}
		for t := int64(1); t < 1<<w; t++ {
			g := l.threshold(rest, unit.Mul(circuit.NewInt(t)), facts.Classes[k])
			digit.terms = append(digit.terms, term{g, circuit.Pow2(left)})
		}
		all.add(circuit.NewInt(1), digit)
		l.line.Add(circuit.NewInt(1), rest)
		for _, t := range digit.terms {
			l.line.AddLit(unit.Neg(), t.lit)
		}
		rest = l.line.Sum()
	}
	l.finish(n, e, all)
}
