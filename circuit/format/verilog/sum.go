package verilog

import (
	"fmt"
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
)

// bitsOf returns how many bits a signed number needs that can be v and −v.
func bitsOf(v circuit.Int) int { return v.BitLen() + 1 }

// width returns the bits of the wire of s: enough for its limits and for its weights.
func (w *writer) width(s circuit.SumID) int {
	lo, hi := w.c.Limits(s)
	k := max(bitsOf(lo), bitsOf(hi))
	if weights, ok := w.c.SmallWeights(s); ok {
		for _, a := range weights {
			k = max(k, bits.Len64(uint64(max(a, -a)))+1)
		}
		return max(k, 2)
	}
	for i := range w.c.Refs(s) {
		k = max(k, bitsOf(w.c.Weight(s, i)))
	}
	return max(k, 2)
}

// constant returns v as an expression of k bits, signed.
func constant(v circuit.Int, k int) string {
	sign := ""
	if v.Sign() < 0 {
		sign, v = "-", v.Neg()
	}
	if v.BitLen() > 31 { // beyond, decimals are not safe with every tool
		return fmt.Sprintf("%s%d'sh%x", sign, k, v.Big())
	}
	return fmt.Sprintf("%s%d'sd%v", sign, k, v)
}

// sum declares s and the sums that it reads, those first, unless they are declared.
func (w *writer) sum(s circuit.SumID) {
	if w.made == nil {
		w.made = make([]bool, w.c.SumCount())
	}
	for _, t := range w.c.Unmarked(s, w.made) {
		w.declare(t)
	}
}

// mostTerms is how many terms are added one after another. Those of a longer sum are
// added up in groups, lest the expression is nested as deep as it is long.
const mostTerms = 64

func (w *writer) declare(s circuit.SumID) {
	k := w.width(s)
	w.Text("wire signed [", k-1, ":0] ", w.names.sum(s), " = ")
	refs := w.c.Refs(s)
	if len(refs) == 0 {
		w.Text(constant(circuit.Int{}, k))
	}
	w.grouped(len(refs), func(i int, first bool) { w.term(s, i, refs[i], k, first) })
	w.Text(";\n")
}

// grouped writes n terms, in groups if they are many. Each except the first of a group begins with
// its sign.
func (w *writer) grouped(n int, term func(i int, first bool)) {
	for i := range n {
		first := i%mostTerms == 0
		switch {
		case n <= mostTerms || !first:
		case i == 0:
			w.Text("(")
		default:
			w.Text(")\n\t+ (")
		}
		term(i, first)
	}
	if n > mostTerms {
		w.Text(")")
	}
}

// term writes a term of a sum of k bits, with its sign.
func (w *writer) term(s circuit.SumID, i int, r circuit.Ref, k int, first bool) {
	weight := w.c.Weight(s, i)
	switch {
	case weight.Sign() < 0 && first:
		w.Text("-")
	case weight.Sign() < 0:
		w.Text(" - ")
	case !first:
		w.Text(" + ")
	}
	weight = weight.Abs()
	isOne := weight.Cmp(circuit.NewInt(1)) == 0
	switch {
	case r.IsSum() && isOne:
		w.Text(w.names.sum(r.Sum()))
	case r.IsSum():
		w.Text(constant(weight, k), " * ", w.names.sum(r.Sum()))
	case isOne:
		w.Text("$signed({1'b0, ", w.lit(r.Gate().Lit()), "})")
	default:
		w.Text("(", w.lit(r.Gate().Lit()), " ? ", constant(weight, k), " : ", constant(circuit.Int{}, k), ")")
	}
}
