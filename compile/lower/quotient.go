package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// quotient makes the thresholds [num − t·den ≥ 0]. They are a thermometer code of the quotient,
// because den > 0.
func (l *lowerer) quotient(n *program.Node, num, den, out tensor) {
	l.levels(n, func(i int) func(t int64) literal {
		return func(t int64) literal {
			s := l.b.Sum(term1(1, num[i]), term1(-t, den[i/(len(out)/len(den))]))
			return l.threshold(s, circuit.NewInt(0), l.firstClass(n))
		}
	}, out)
}

// levels makes a literal for each level of a quotient except the least. The literal reaches(i)(t) says
// whether element i is at least t. Levels that were asked for and that no value reaches are constants.
func (l *lowerer) levels(n *program.Node, reaches func(i int) func(t int64) literal, out tensor) {
	lits := make([]literal, n.Asked.Hi-n.Asked.Lo)
	l.each(n, func(i int) {
		reaches := reaches(i)
		for k := range lits {
			switch t := n.Asked.Lo + 1 + int64(k); {
			case t <= n.Bounds.Lo:
				lits[k] = literal{lit: circuit.True, class: l.firstClass(n)}
			case t > n.Bounds.Hi:
				lits[k] = literal{lit: circuit.False, class: l.firstClass(n)}
			default:
				lits[k] = reaches(t)
			}
		}
		l.coded(n, &out[i], lits)
	})
}

// rootQuotient makes the thresholds x ≥ τ·√y of a RootQuotient, as its comment says.
// The square of x is multiplied out once for all of them.
func (l *lowerer) rootQuotient(n *program.Node, x, y, out tensor) {
	l.levels(n, func(i int) func(t int64) literal {
		if c := x[i].code; c != nil {
			l.emit(nil, c.square(c))
		} else {
			f := l.list(n.Args[0], i, false)
			l.product(nil, f, f, x[i].sum, x[i].sum)
		}
		square, radicand := l.line.Sum(), y[i/(len(out)/len(y))]
		sign := l.comparer(x[i], l.firstClass(n))(circuit.NewInt(0))
		return func(t int64) literal {
			tau := circuit.NewInt(n.Unit*t - n.OffsetOf(i))
			if tau.IsZero() {
				sign.made = false // it is made for a lower level
				return sign
			}
			weight := tau.Mul(tau).Neg()
			s := l.b.Sum(
				circuit.Term{Weight: circuit.NewInt(1), Of: square},
				circuit.Term{Weight: weight, Of: radicand.sum},
			)
			s = l.signed(s.Times(circuit.NewInt(int64(tau.Sign()))), sign.lit, tau.Sign() > 0)
			return l.threshold(s, circuit.NewInt(0), l.firstClass(n))
		}
	}, out)
}

// signed returns a sum that is at least 0 where [s ≥ 0] ∧ sign is 1, or where [s ≥ 0] ∨ sign is 1. The weight
// of the sign is greater than every value of s.
func (l *lowerer) signed(s circuit.Sum, sign circuit.Lit, and bool) circuit.Sum {
	lo, hi := l.b.Bounds(s)
	l.line.Add(circuit.NewInt(1), s)
	if and {
		// s − B·(1 − sign) with B > max(s).
		weight := hi.Add(circuit.NewInt(1))
		l.line.AddLit(weight, sign)
		l.line.AddConst(weight.Neg())
	} else {
		// s + B·sign with B ≥ −min(s).
		l.line.AddLit(lo.Neg(), sign)
	}
	return l.line.Sum()
}
