package blif

import (
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
)

// mostParity is the greatest fan-in of a XOR that is recognised and written: its cover
// takes 2^(n−1) rows.
const mostParity = 4

// cover is a disjunction of cubes, or its complement.
type cover struct {
	first int  // of its cubes in file.cubes
	rows  int  // how many
	off   bool // they say where the signal is 0
}

// gate makes the gates of a cover. Its cubes have one sign for each input.
//
// Gates come in one form only, so that a written gate is read as the same gate: NAND and NOR do not
// read complements, and AND and OR read at least one plain literal.
func (c *cover) gate(b *circuit.Builder, cubes []byte, in []circuit.Lit, scratch *shape) circuit.Lit {
	switch {
	case c.rows == 0:
		return circuit.False
	case len(in) == 0:
		return circuit.False.NotIf(!c.off)
	case c.isParity(cubes, in):
		if odd(cubes[:len(in)]) != c.off {
			return b.Xor(in...)
		}
		return b.Xnor(in...)
	}
	counts := scratch.counts[:0] // of literals, by row
	for r := range c.rows {
		counts = append(counts, 0)
		for _, sign := range cubes[r*len(in) : (r+1)*len(in)] {
			if sign != '-' {
				counts[r]++
			}
		}
		if counts[r] == 0 { // everything is in this cube
			return circuit.False.NotIf(!c.off)
		}
	}
	lits, terms := scratch.lits, scratch.terms[:0]
	for r := range c.rows {
		lits = literals(lits[:0], cubes[r*len(in):(r+1)*len(in)], in)
		if counts[r] == 1 && c.rows > 1 {
			terms = append(terms, lits[0])
			continue
		}
		for i, l := range lits { // a conjunction is a complemented disjunction of complements
			lits[i] = l.Not()
		}
		if c.rows == 1 {
			scratch.counts, scratch.lits = counts, lits
			return disjunction(b, lits, !c.off)
		}
		terms = append(terms, disjunction(b, lits, true))
	}
	*scratch = shape{counts, lits, terms}
	return disjunction(b, terms, c.off)
}

// shape is memory that covers use one after another.
type shape struct {
	counts []int
	lits   []circuit.Lit
	terms  []circuit.Lit
}

// literals appends the literals of a cube.
func literals(lits []circuit.Lit, cube []byte, in []circuit.Lit) []circuit.Lit {
	for i, sign := range cube {
		if sign != '-' {
			lits = append(lits, in[i].NotIf(sign == '0'))
		}
	}
	return lits
}

// disjunction makes the OR of the literals, complemented if off. It may overwrite them.
func disjunction(b *circuit.Builder, lits []circuit.Lit, off bool) circuit.Lit {
	complements := 0
	for _, l := range lits {
		if l.IsComplement() {
			complements++
		}
	}
	flip := func() {
		for i, l := range lits {
			lits[i] = l.Not()
		}
	}
	switch {
	case len(lits) == 1 && lits[0].IsComplement() != off:
		return b.Not(lits[0].NotIf(lits[0].IsComplement()))
	case len(lits) == 1:
		return b.Buf(lits[0].NotIf(lits[0].IsComplement()))
	case !off && complements == len(lits):
		flip()
		return b.Nand(lits...)
	case !off:
		return b.Or(lits...)
	case complements == 0:
		return b.Nor(lits...)
	}
	flip()
	return b.And(lits...)
}

// isParity reports whether the cubes are all cubes of full length with an even number of 1s, or all
// with an odd number.
func (c *cover) isParity(cubes []byte, in []circuit.Lit) bool {
	n := len(in)
	if n < 2 || n > mostParity || c.rows != 1<<(n-1) {
		return false
	}
	seen := 0
	for at := 0; at < len(cubes); at += n {
		m := 0
		for i, sign := range cubes[at : at+n] {
			if sign == '-' {
				return false
			}
			m |= int(sign-'0') << i
		}
		if seen>>m&1 != 0 || odd(cubes[at:at+n]) != odd(cubes[:n]) {
			return false
		}
		seen |= 1 << m
	}
	return true
}

// odd reports whether a full cube has an odd number of 1s.
func odd(cube []byte) bool {
	ones := 0
	for _, sign := range cube {
		ones += int(sign - '0')
	}
	return ones%2 == 1
}

// parity appends the rows that are 1 where an odd number of n inputs is 1, or an even one.
func parity(text []byte, n int, odd bool) []byte {
	for m := range 1 << n {
		if bits.OnesCount(uint(m))%2 == 1 != odd {
			continue
		}
		for i := range n {
			text = append(text, '0'+byte(m>>i&1))
		}
		if n > 0 {
			text = append(text, ' ')
		}
		text = append(text, '1', '\n')
	}
	return text
}
