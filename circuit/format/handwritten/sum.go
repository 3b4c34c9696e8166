package handwritten

import "github.com/tc0lab/tc0/circuit"

// sum reads terms. One sum alone, with a constant or none, is that sum and not a sum of it.
func (f *file) sum() (circuit.Sum, error) {
	l := &f.line
	var alone circuit.Sum
	isAlone := false
	count, constant := 0, circuit.Int{} // of terms that are no constants; the sum of those that are
	for first := true; ; first = false {
		sign := int64(1)
		switch {
		case l.accept('-'):
			sign = -1
		case first || l.accept('+'):
		default:
			if count == 1 && isAlone {
				f.terms.Sum() // empties it
				return alone.Plus(constant), nil
			}
			f.terms.AddConst(constant)
			return f.terms.Sum(), nil
		}
		s, weight, err := f.term(sign)
		if err != nil {
			f.terms.Sum()
			return s, err
		}
		if k, ok := s.IsConst(); ok {
			constant = constant.Add(k.Mul(weight))
			continue
		}
		if count++; count == 1 && weight.Cmp(circuit.NewInt(1)) == 0 && !isLit(s) {
			alone, isAlone = s, true
		}
		f.terms.Add(weight, s)
	}
}

func isLit(s circuit.Sum) bool {
	_, ok := s.Lit()
	return ok
}

// term reads a term, and returns its weight apart.
func (f *file) term(sign int64) (s circuit.Sum, weight circuit.Int, err error) {
	l := &f.line
	weight = circuit.NewInt(sign)
	if t := l.peek(); t.kind == number {
		l.at++
		v, err := circuit.ParseInt(string(t.Text))
		if err != nil {
			return s, weight, t.Errorf("more digits than a circuit holds, which has numbers up to 2^65536")
		}
		weight = weight.Mul(v)
		switch next := l.peek(); {
		case next.kind == '*':
			l.at++
		case !next.isName() && next.kind != '(': // a constant
			return circuit.Constant(circuit.NewInt(1)), weight, nil
		}
	}
	if t := l.peek(); t.isName() && !t.is("not") {
		if m, ok := f.meaning(t); ok && m.sum > 0 {
			l.at++
			f.wires++
			return f.sums[m.sum-1], weight, nil
		}
	}
	lit, err := f.literal()
	if err == nil {
		f.wires++
	}
	return lit.Value(), weight, err
}
