package smtlib

import (
	"fmt"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
)

// sum defines s and the sums that it reads, those first, unless they are defined.
func (w *writer) sum(s circuit.SumID) {
	if w.made == nil {
		w.made = make([]bool, w.c.SumCount())
	}
	for _, t := range w.c.Unmarked(s, w.made) {
		w.define(w.names.Aux("s", circuit.Gate(t)), "Int", func() { w.terms(t) })
	}
}

func (w *writer) sumName(s circuit.SumID) string {
	return symbol(w.names.Aux("s", circuit.Gate(s)))
}

func (w *writer) terms(s circuit.SumID) {
	refs, end := w.c.Refs(s), ""
	switch {
	case len(refs) == 0:
		w.Text("0")
	case len(refs) > 1:
		w.Text("(+ ")
		end = ")"
	}
	w.List(" ", len(refs), func(i int) {
		r, weight := refs[i], w.c.Weight(s, i)
		switch {
		case !r.IsSum():
			w.Text("(ite ", symbol(w.names.Gate(r.Gate())), " ", numeral(weight), " 0)")
		case weight.Cmp(circuit.NewInt(1)) == 0:
			w.Text(w.sumName(r.Sum()))
		default:
			w.Text("(* ", numeral(weight), " ", w.sumName(r.Sum()), ")")
		}
	})
	w.Text(end)
}

// numeral returns the term of v; numerals do not have a sign.
func numeral(v circuit.Int) string {
	if v.Sign() < 0 {
		return "(- " + v.Neg().String() + ")"
	}
	return v.String()
}

// mod writes a MOD gate. The mod of the standard is the mathematical one, which is never negative.
func (w *writer) mod(g circuit.Gate) {
	s, m := w.c.Modulus(g)
	value := fmt.Sprintf("(mod %s %d)", w.sumName(s), m.M)
	switch len(m.Residues) {
	case 0:
		w.Text("false")
	case 1:
		w.Text("(= ", value, " ", m.Residues[0], ")")
	default:
		w.Text("(let ((r ", value, ")) (or")
		for _, r := range m.Residues {
			w.Text(" (= r ", r, ")")
		}
		w.Text("))")
	}
}

// pseudo writes a threshold gate with positive weights: where one is negative, w·x is
// w + |w|·¬x.
func (w *writer) pseudo(g circuit.Gate) {
	s, t := w.c.Bound(g)
	from, weights := w.c.Flatten(s)
	total := circuit.Int{}
	for _, a := range weights {
		if a.Sign() < 0 {
			t = t.Sub(a)
		}
		total = total.Add(a.Abs())
	}
	if t.Sign() <= 0 || t.Cmp(total) > 0 {
		w.Text(strconv.FormatBool(t.Sign() <= 0))
		return
	}
	w.Text("((_ pbge ", t)
	for _, a := range weights {
		w.Text(" ", a.Abs())
	}
	w.Text(")")
	for i, x := range from {
		w.Text(" ", w.lit(x.Lit().NotIf(weights[i].Sign() < 0)))
	}
	w.Text(")")
}
