package handwritten

import "github.com/tc0lab/tc0/circuit"

// expression is terms that are collected in the scratch sum of a file.
type expression struct {
	count    int         // of terms that are no constants
	constant circuit.Int // the sum of those that are
	alone    circuit.Sum // the first term, if it is a sum as it is
	isAlone  bool
}

// sum reads the terms of a sum.
func (f *file) sum() (circuit.Sum, error) {
	var e expression
	err := f.collect(&e, 1)
	return f.total(&e), err
}

// total returns the sum of what was collected. One sum alone, with a constant or none, is that sum and not a
// sum of it, so that its readers share it.
func (f *file) total(e *expression) circuit.Sum {
	if e.count == 1 && e.isAlone {
		f.terms.Sum() // empties it
		return e.alone.Plus(e.constant)
	}
	f.terms.AddConst(e.constant)
	return f.terms.Sum()
}

// collect reads terms, each times 1 or −1.
func (f *file) collect(e *expression, side int64) error {
	l := &f.line
	for first := true; ; first = false {
		sign := side
		switch {
		case l.accept('-'):
			sign = -side
		case !first && !l.accept('+'):
			return nil
		}
		s, weight, err := f.term(sign)
		if err != nil {
			return err
		}
		if k, ok := s.IsConst(); ok {
			e.constant = e.constant.Add(k.Mul(weight))
			continue
		}
		if e.count++; e.count == 1 && weight.Cmp(circuit.NewInt(1)) == 0 && !isLit(s) {
			e.alone, e.isAlone = s, true
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
