package verilog

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// A residue is a wire that has a sum modulo m, as an unsigned number. It is made of the
// residues of the sums within, with weights modulo m: a division of a few bits however
// wide the sum is.
type residue struct {
	sum circuit.SumID
	m   int64
}

func (w *writer) residueName(r residue) string {
	return fmt.Sprintf("%s_r%d_%d", w.names.prefix, r.sum, r.m)
}

// residueBits returns the bits of a number modulo m.
func residueBits(m int64) int { return max(1, bits.Len64(uint64(m-1))) }

// isTrivial reports whether a modulus accepts all sums or no sum.
func isTrivial(m circuit.Modulus) bool {
	return len(m.Residues) == 0 || int64(len(m.Residues)) == m.M
}

// residue declares r and the residues of the sums within, those first, unless they are
// declared.
func (w *writer) residue(r residue) {
	if w.residues == nil {
		w.residues = map[residue]bool{}
	}
	if w.residues[r] {
		return
	}
	w.residues[r] = true
	need := []circuit.SumID{r.sum}
	modulus := circuit.NewInt(r.m)
	for i := 0; i < len(need); i++ {
		for j, t := range w.c.Refs(need[i]) {
			if !t.IsSum() || w.c.Weight(need[i], j).Mod(modulus).IsZero() {
				continue
			}
			if within := (residue{t.Sum(), r.m}); !w.residues[within] {
				w.residues[within] = true
				need = append(need, t.Sum())
			}
		}
	}
	slices.Sort(need)
	for _, s := range need {
		w.declareResidue(residue{s, r.m})
	}
}

func (w *writer) declareResidue(r residue) {
	modulus := circuit.NewInt(r.m)
	var terms []int // that count modulo m
	most := modulus
	for i, t := range w.c.Refs(r.sum) {
		weight := w.c.Weight(r.sum, i).Mod(modulus)
		if weight.IsZero() {
			continue
		}
		terms = append(terms, i)
		if t.IsSum() {
			weight = weight.Mul(circuit.NewInt(r.m - 1))
		}
		most = most.Add(weight)
	}
	k, divide := most.BitLen(), r.m&(r.m-1) != 0
	if !divide { // a power of two: the bits above are not wanted
		k = residueBits(r.m)
	}
	w.Text("wire [", residueBits(r.m)-1, ":0] ", w.residueName(r), " = ")
	end := ";\n"
	if divide {
		w.Text("(")
		end = ") % " + unsigned(r.m, k) + end
	}
	if len(terms) == 0 {
		w.Text(unsigned(0, k))
	}
	w.grouped(len(terms), func(i int, first bool) {
		if !first {
			w.Text(" + ")
		}
		t := w.c.Refs(r.sum)[terms[i]]
		weight, _ := w.c.Weight(r.sum, terms[i]).Mod(modulus).Int64()
		switch {
		case t.IsSum() && weight == 1:
			w.Text(w.residueName(residue{t.Sum(), r.m}))
		case t.IsSum():
			w.Text(unsigned(weight, k), " * ", w.residueName(residue{t.Sum(), r.m}))
		case weight == 1:
			w.Text(w.lit(t.Gate().Lit()))
		default:
			w.Text("(", w.lit(t.Gate().Lit()), " ? ", unsigned(weight, k), " : ", unsigned(0, k), ")")
		}
	})
	w.Text(end)
}

// unsigned returns v as a constant of k bits, without sign.
func unsigned(v int64, k int) string { return fmt.Sprintf("%d'd%d", k, v) }

// mod writes the comparisons of a MOD gate with the accepted residues.
func (w *writer) mod(g circuit.Gate) {
	s, m := w.c.Modulus(g)
	if isTrivial(m) {
		w.Text(value(len(m.Residues) > 0))
		return
	}
	name := w.residueName(residue{s, m.M})
	w.reduce("|", len(m.Residues), func(i int) {
		w.Text("(", name, " == ", unsigned(m.Residues[i], residueBits(m.M)), ")")
	})
}
