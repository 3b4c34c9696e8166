package lower

import (
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// step makes the threshold gates of a Step, in the code that the strategy asks for.
func (l *lowerer) step(n *program.Node, x, _, out tensor) {
	domain := n.Arg(0).Bounds
	widths := l.strategy.Widths(n.Steps)
	l.each(n, func(i int) {
		if widths != nil && x[i].code == nil {
			out[i].sum = l.subrange(n.Steps, widths, x[i].sum)
		} else {
			out[i] = l.thermometer(n, domain, x[i])
		}
	})
}

// thermometer makes one gate for each jump. If the range of the program decides a jump, it becomes a
// constant.
func (l *lowerer) thermometer(n *program.Node, domain program.Range, x element) element {
	f := n.Steps
	lits := make([]circuit.Lit, len(f.At))
	reaches := l.comparer(x)
	for i, at := range f.At {
		switch {
		case at <= domain.Lo:
			lits[i] = circuit.True
		case at > domain.Hi:
			lits[i] = circuit.False
		default:
			lits[i] = reaches(circuit.NewInt(at))
		}
	}
	return l.coded(n, lits)
}

// comparer returns the function that makes [x ≥ t]. If x is quantised already, this is a literal of
// its code, and costs nothing.
func (l *lowerer) comparer(x element) func(t circuit.Int) circuit.Lit {
	chain, ok := circuit.Chain{}, false
	if x.code != nil {
		chain, ok = x.code.Chain, true
	} else {
		chain, ok = l.b.Chain(x.sum)
	}
	return func(t circuit.Int) circuit.Lit {
		if ok {
			if lit, ok := chain.AtLeast(t); ok {
				return lit
			}
		}
		return l.b.Threshold(x.sum, t)
	}
}

// coded returns the value of a Step, a MaxStep or a quotient; the literals are its jumps. It is in
// binary if the strategy wants that. It copies lits.
func (l *lowerer) coded(n *program.Node, lits []circuit.Lit) element {
	base, unit := n.Bounds.Lo, true
	jump := func(int) int64 { return 1 }
	if n.Op == program.OpStep || n.Op == program.OpMaxStep {
		base, unit = n.Steps.Base, n.Steps.Unit()
		jump = func(i int) int64 { return n.Steps.Jump[i] }
	}
	if unit && l.strategy.Binary && l.multiplied[n.ID] && len(lits) > 2 {
		return element{sum: l.binary(lits).Plus(circuit.NewInt(base))}
	}
	lits = slices.Clone(lits)
	line := l.b.Linear()
	line.AddConst(circuit.NewInt(base))
	for i, x := range lits {
		line.AddLit(circuit.NewInt(jump(i)), x)
	}
	e := element{sum: line.Sum(), base: base}
	if unit {
		e.thermometer = lits
	}
	if unit || n.Op == program.OpStep {
		e.code = codeOf(lits, base, jump)
	}
	return e
}

// binary returns the number of ones in a thermometer code as a sum of its binary digits. With
// t_j = [v ≥ j], bit k of v is 1 if v is in one of the intervals from an odd multiple of 2^k up to
// the next even multiple:
//
//	bit k = [Σ_{j odd} t_{j·2^k} − t_{(j+1)·2^k} ≥ 1],
//
// This is one threshold gate, because at most one of the differences is 1. The top bit is a literal of
// the code itself.
func (l *lowerer) binary(lits []circuit.Lit) circuit.Sum {
	value, bit := l.b.Linear(), l.b.Linear()
	for k := range bits.Len(uint(len(lits))) {
		for j := 1; j<<k <= len(lits); j++ {
			w := int64(1)
			if j%2 == 0 {
				w = -1
			}
			bit.AddLit(circuit.NewInt(w), lits[j<<k-1])
		}
		value.AddLit(circuit.Pow2(k), l.b.Threshold(bit.Sum(), circuit.NewInt(1)))
	}
	return value.Sum()
}

// subrange converts x digit by digit. With z = x − At[0] + step, the value above Base is
// v = ⌊z/step⌋, clipped. The high digit is read from z, and its value is subtracted from z. The
// remainder is a sum and costs no gate. It goes on to the next digit. Clipping needs no extra work:
// below the range all digits are 0, and above it all digits are at their greatest.
func (l *lowerer) subrange(f program.Staircase, widths []int, x circuit.Sum) circuit.Sum {
	step, _ := f.Uniform()
	rest := x.Plus(circuit.NewInt(step).Sub(circuit.NewInt(f.At[0])))
	value, line := l.b.Linear(), l.b.Linear()
	value.AddConst(circuit.NewInt(f.Base))
	left := 0
	for _, w := range widths {
		left += w
	}
	for _, w := range widths {
		left -= w
		unit := circuit.NewInt(step).Mul(circuit.Pow2(left))
		for t := int64(1); t < 1<<w; t++ {
			g := l.b.Threshold(rest, unit.Mul(circuit.NewInt(t)))
			value.AddLit(circuit.Pow2(left), g)
			line.AddLit(unit.Neg(), g)
		}
		line.Add(circuit.NewInt(1), rest)
		rest = line.Sum()
	}
	return value.Sum()
}
