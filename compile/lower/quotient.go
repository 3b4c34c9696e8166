package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// quotient makes the thresholds [num − t·den ≥ 0]. They are a thermometer code of the quotient,
// because den > 0.
func (l *lowerer) quotient(n *program.Node, num, den, out tensor) {
	l.levels(n, func(i int) func(t int64) circuit.Lit {
		return func(t int64) circuit.Lit {
			return l.b.Threshold(l.b.Sum(term(1, num[i]), term(-t, den[i/(len(out)/len(den))])), circuit.NewInt(0))
		}
	}, out)
}

// levels makes a literal for each level of a quotient except the least. The literal reaches(i)(t) says
// whether element i is at least t.
func (l *lowerer) levels(n *program.Node, reaches func(i int) func(t int64) circuit.Lit, out tensor) {
	lits := make([]circuit.Lit, n.Literals())
	l.each(n, func(i int) {
		reaches := reaches(i)
		for k := range lits {
			lits[k] = reaches(n.Bounds.Lo + 1 + int64(k))
		}
		out[i] = l.coded(n, lits)
	})
}

// rootQuotient makes the thresholds x ≥ τ·√y of a RootQuotient, as its comment says.
// The square of x is multiplied out once for all of them.
func (l *lowerer) rootQuotient(n *program.Node, x, y, out tensor) {
	line := l.b.Linear()
	cache := make([]factor, len(x))
	l.levels(n, func(i int) func(t int64) circuit.Lit {
		if c := x[i].code; c != nil {
			c.addProduct(line, c)
		} else {
			f := l.factor(cache, x, i)
			l.product(line, f, f, x[i].sum, x[i].sum)
		}
		square, radicand := line.Sum(), y[i/(len(out)/len(y))]
		sign := l.comparer(x[i])(circuit.NewInt(0))
		return func(t int64) circuit.Lit {
			tau := circuit.NewInt(n.Unit*t - n.OffsetOf(i))
			if tau.IsZero() {
				return sign
			}
			weight := tau.Mul(tau).Neg()
			s := l.b.Sum(
				circuit.Term{Weight: circuit.NewInt(1), Of: square},
				circuit.Term{Weight: weight, Of: radicand.sum},
			)
			return l.signed(s.Times(circuit.NewInt(int64(tau.Sign()))), sign, tau.Sign() > 0)
		}
	}, out)
}

// signed returns [s ≥ 0] ∧ sign or [s ≥ 0] ∨ sign as one threshold gate. The weight of the sign is
// greater than every value of s.
func (l *lowerer) signed(s circuit.Sum, sign circuit.Lit, and bool) circuit.Lit {
	lo, hi := l.b.Bounds(s)
	line := l.b.Linear()
	line.Add(circuit.NewInt(1), s)
	if and {
		// s − B·(1 − sign) with B > max(s).
		weight := hi.Add(circuit.NewInt(1))
		line.AddLit(weight, sign)
		line.AddConst(weight.Neg())
	} else {
		// s + B·sign with B ≥ −min(s).
		line.AddLit(lo.Neg(), sign)
	}
	return l.b.Threshold(line.Sum(), circuit.NewInt(0))
}
