package pb

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// form is an expression add + Σ weights·lits. Its weights are positive, and its variables are
// different.
type form struct {
	lits    []int
	weights []circuit.Int
	add     circuit.Int
	total   circuit.Int // Σ weights
	factor  circuit.Int // that was common to the weights and is divided out; 0 before reduce

	disordered bool // variables do not increase
	order      []int
}

func (f *form) reset() {
	f.lits, f.weights = f.lits[:0], f.weights[:0]
	f.add, f.total, f.factor, f.disordered = circuit.Int{}, circuit.Int{}, circuit.Int{}, false
}

// reduce divides the weights, once, by what they have in common.
func (f *form) reduce() {
	if !f.factor.IsZero() {
		return
	}
	one := circuit.NewInt(1)
	for _, w := range f.weights {
		if f.factor = f.factor.GCD(w); f.factor.Cmp(one) == 0 {
			return
		}
	}
	if f.factor.IsZero() { // there are no weights
		f.factor = one
		return
	}
	for i, w := range f.weights {
		f.weights[i] = w.Quo(f.factor)
	}
	f.total = f.total.Quo(f.factor)
}

// push adds w·l. Once all the terms are there, merge has to be called.
func (f *form) push(l int, w circuit.Int) {
	if w.Sign() < 0 { // w·l = w + |w|·¬l
		f.add = f.add.Add(w)
		l, w = -l, w.Neg()
	}
	if n := len(f.lits); n > 0 && variable(f.lits[n-1]) >= variable(l) {
		f.disordered = true
	}
	f.lits, f.weights = append(f.lits, l), append(f.weights, w)
	f.total = f.total.Add(w)
}

func variable(l int) int { return max(l, -l) }

// merge adds up the terms of each variable. A variable occurs twice where a gate reads
// something twice, or something and its complement.
func (f *form) merge() {
	if !f.disordered {
		return
	}
	f.order = f.order[:0]
	for i := range f.lits {
		f.order = append(f.order, i)
	}
	slices.SortFunc(f.order, func(i, j int) int {
		return cmp.Or(cmp.Compare(variable(f.lits[i]), variable(f.lits[j])), cmp.Compare(i, j))
	})
	lits, weights := f.lits, f.weights
	f.lits, f.weights = make([]int, 0, len(lits)), make([]circuit.Int, 0, len(lits))
	f.total = circuit.Int{}
	for at := 0; at < len(f.order); {
		v := variable(lits[f.order[at]])
		var w circuit.Int // of v; a weight of ¬v becomes w·¬v = w − w·v
		for ; at < len(f.order) && variable(lits[f.order[at]]) == v; at++ {
			i := f.order[at]
			if lits[i] > 0 {
				w = w.Add(weights[i])
			} else {
				w = w.Sub(weights[i])
				f.add = f.add.Add(weights[i])
			}
		}
		if !w.IsZero() {
			f.push(v, w)
		}
	}
	f.disordered = false
}
