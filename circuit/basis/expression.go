package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// expression is a sum over gates of the new circuit: constant + Σ weight·gate.
type expression struct {
	weight   map[circuit.Gate]circuit.Int
	constant circuit.Int
}

func newExpression() *expression { return &expression{weight: map[circuit.Gate]circuit.Int{}} }

// add adds w where l is 1.
func (e *expression) add(l circuit.Lit, w circuit.Int) {
	if l.IsComplement() {
		e.constant = e.constant.Add(w)
		w = w.Neg()
	}
	if g := l.Gate(); g != 0 {
		e.weight[g] = e.weight[g].Add(w)
	}
}

// term is a literal with a weight.
type term struct {
	lit    circuit.Lit
	weight circuit.Int
}

// terms returns e as a constant and terms of positive weight, in the order of their
// gates: a gate with a negative weight is read complemented.
func (e *expression) terms() ([]term, circuit.Int) {
	terms, constant := make([]term, 0, len(e.weight)), e.constant
	for g, w := range e.weight {
		switch w.Sign() {
		case 1:
			terms = append(terms, term{g.Lit(), w})
		case -1:
			terms = append(terms, term{g.Lit().Not(), w.Neg()})
			constant = constant.Add(w)
		}
	}
	slices.SortFunc(terms, func(x, y term) int { return int(x.lit) - int(y.lit) })
	return terms, constant
}

func weightsOf(terms []term) []circuit.Int {
	weights := make([]circuit.Int, len(terms))
	for i, t := range terms {
		weights[i] = t.weight
	}
	return weights
}

// total returns the sum of the weights.
func total(terms []term) circuit.Int {
	var sum circuit.Int
	for _, t := range terms {
		sum = sum.Add(t.weight)
	}
	return sum
}

// reduceBound returns terms and a bound for the same function [Σ ≥ t] with weights that are not
// greater: they are divided by their common factor, and a weight is cut to the least one that
// decides the gate alone, either way.
func reduceBound(terms []term, t circuit.Int) ([]term, circuit.Int) {
	terms = slices.Clone(terms)
	one := circuit.NewInt(1)
	for {
		before := total(terms)
		for i := range terms { // a weight of t is enough to make the gate 1
			terms[i].weight = terms[i].weight.Min(t)
		}
		off := total(terms).Sub(t).Add(one) // and one of off, where it is missing, to make it 0
		for i := range terms {
			terms[i].weight = terms[i].weight.Min(off)
		}
		t = total(terms).Sub(off).Add(one)
		var f circuit.Int // the common factor
		for _, t := range terms {
			f = f.GCD(t.weight)
		}
		if f.Cmp(one) > 0 {
			for i := range terms {
				terms[i].weight = terms[i].weight.FloorDiv(f)
			}
			t = t.CeilDiv(f)
		}
		if total(terms).Cmp(before) == 0 {
			return terms, t
		}
	}
}
