package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// rootQuotient makes the thresholds x ≥ τ·√y of a RootQuotient, as its comment says.
// The square of x is multiplied out once for all of them.
func (l *lowerer) rootQuotient(n *program.Node, x, y, out tensor) {
	each := len(out) / len(y)
	lits := make([]circuit.Lit, 0, n.Bounds.Hi-n.Bounds.Lo)
	line := l.b.Linear()
	cache := make([]factor, len(x))
	l.each(n, func(i int) {
		if c := x[i].code; c != nil {
			c.addProduct(line, c)
		} else {
			f := l.factor(cache, x, i)
			l.product(line, f, f, x[i].sum, x[i].sum)
		}
		square, radicand := line.Sum(), y[i/each].sum
		sign := l.comparer(x[i])(circuit.I(0))
		lits = lits[:0]
		for t := n.Bounds.Lo + 1; t <= n.Bounds.Hi; t++ {
			tau := n.Unit*t - n.OffsetOf(i)
			weight := circuit.I(tau).Mul(circuit.I(tau))
			if tau == 0 {
				lits = append(lits, sign)
				continue
			}
			s := l.b.Sum(circuit.Term{Weight: circuit.I(1), Of: square}, circuit.Term{Weight: weight.Neg(), Of: radicand})
			if tau < 0 {
				s = s.Times(circuit.I(-1))
			}
			lits = append(lits, l.signed(s, sign, tau > 0))
		}
		out[i] = l.quantised(n, lits)
	})
}

// signed returns [s ≥ 0] ∧ sign or [s ≥ 0] ∨ sign as one threshold gate: the sign
// enters with a weight that no value of s outdoes.
func (l *lowerer) signed(s circuit.Sum, sign circuit.Lit, and bool) circuit.Lit {
	lo, hi := l.b.Bounds(s)
	line := l.b.Linear()
	line.Add(circuit.I(1), s)
	if and {
		// s − B·(1 − sign) with B > max(s).
		weight := hi.Add(circuit.I(1))
		line.AddLit(weight, sign)
		line.AddConst(weight.Neg())
	} else {
		// s + B·sign with B ≥ −min(s).
		line.AddLit(lo.Neg(), sign)
	}
	return l.b.Threshold(line.Sum(), circuit.I(0))
}
