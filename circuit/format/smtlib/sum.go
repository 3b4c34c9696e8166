package smtlib

import (
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
	refs := w.c.Refs(s)
	if len(refs) == 0 {
		w.text("0")
		return
	}
	if len(refs) > 1 {
		w.text("(+")
	}
	for i, r := range refs {
		if len(refs) > 1 {
			w.text(" ")
		}
		weight := w.c.Weight(s, i)
		switch {
		case !r.IsSum():
			w.text("(ite ", symbol(w.names.Gate(r.Gate())), " ")
			w.number(weight)
			w.text(" 0)")
		case weight.Cmp(circuit.I(1)) == 0:
			w.text(w.sumName(r.Sum()))
		default:
			w.text("(* ")
			w.number(weight)
			w.text(" ", w.sumName(r.Sum()), ")")
		}
	}
	if len(refs) > 1 {
		w.text(")")
	}
}

// number writes v; numerals have no sign.
func (w *writer) number(v circuit.Int) {
	if v.Sign() < 0 {
		w.text("(- ", v.Neg().String(), ")")
		return
	}
	w.text(v.String())
}

// mod writes a MOD gate. The mod of the standard is that of mathematics, never negative.
func (w *writer) mod(g circuit.Gate) {
	s, m := w.c.Modulus(g)
	value := "(mod " + w.sumName(s) + " " + strconv.FormatInt(m.M, 10) + ")"
	switch len(m.Residues) {
	case 0:
		w.text("false")
	case 1:
		w.text("(= ", value, " ", strconv.FormatInt(m.Residues[0], 10), ")")
	default:
		w.text("(let ((r ", value, ")) (or")
		for _, r := range m.Residues {
			w.text(" (= r ", strconv.FormatInt(r, 10), ")")
		}
		w.text("))")
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
		w.text(strconv.FormatBool(t.Sign() <= 0))
		return
	}
	w.text("((_ pbge ", t.String())
	for _, a := range weights {
		w.text(" ", a.Abs().String())
	}
	w.text(")")
	for i, x := range from {
		w.text(" ")
		w.lit(x.Lit().NotIf(weights[i].Sign() < 0))
	}
	w.text(")")
}
