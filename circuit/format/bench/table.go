package bench

import (
	"bytes"
	"math/big"
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// mostInputs is how many inputs a LUT may have. ABC reads as many.
const mostInputs = 15

// table is the truth table of a LUT: bit m of ones is its value for the inputs whose
// number is m.
type table struct {
	inputs int
	ones   *big.Int
}

func newTable(t netlist.Token, inputs int) (table, error) {
	if inputs > mostInputs {
		return table{}, t.Errorf("a LUT of %d inputs; at most %d are read", inputs, mostInputs)
	}
	digits, ok := bytes.CutPrefix(bytes.ToLower(t.Text), []byte("0x"))
	if !ok || len(digits) == 0 || len(bytes.Trim(digits, "0123456789abcdef")) > 0 {
		return table{}, t.Errorf("the table of a LUT is 0x and hexadecimal digits")
	}
	digits = bytes.TrimLeft(digits, "0")
	tb := table{inputs, &big.Int{}}
	fits := 4*len(digits) <= max(4, 1<<inputs) // otherwise reading them could take long
	if fits {
		tb.ones.SetString("0"+string(digits), 16)
	}
	if !fits || tb.ones.BitLen() > 1<<inputs {
		return table{}, t.Errorf("a LUT of %d inputs has a table of %d bits", inputs, 1<<inputs)
	}
	return tb, nil
}

func (tb table) bit(m int) bool { return tb.ones.Bit(m) != 0 }

// gate makes the gates of the table.
func (tb table) gate(b *circuit.Builder, in []circuit.Lit) circuit.Lit {
	size, ones, first, odd := 1<<tb.inputs, 0, 0, 0
	for m := range tb.ones.BitLen() {
		if tb.bit(m) {
			first = m
			ones++
			odd += bits.OnesCount(uint(m)) & 1
		}
	}
	switch {
	case ones == 0:
		return circuit.False
	case ones == size:
		return circuit.True
	case size == 2 && tb.bit(1):
		return b.Buf(in[0])
	case size == 2:
		return b.Not(in[0])
	case ones == size/2 && odd == ones:
		return b.Xor(in...)
	case ones == size/2 && odd == 0:
		return b.Xnor(in...)
	}
	not := make([]circuit.Lit, len(in)) // the NOT gates so far
	switch ones {
	case 1:
		if first == 0 {
			return b.Nor(in...)
		}
		return b.And(literals(b, in, not, first)...)
	case size - 1:
		zero := 0
		for tb.bit(zero) {
			zero++
		}
		if zero == size-1 {
			return b.Nand(in...)
		}
		return b.Or(literals(b, in, not, size-1-zero)...)
	}
	var terms []circuit.Lit
	for m := range tb.ones.BitLen() {
		if tb.bit(m) {
			terms = append(terms, b.And(literals(b, in, not, m)...))
		}
	}
	return b.Or(terms...)
}

// literals returns the inputs, in memory of their own. An input is complemented if its bit in m is
// 0.
func literals(b *circuit.Builder, in, not []circuit.Lit, m int) []circuit.Lit {
	lits := make([]circuit.Lit, len(in))
	for i, l := range in {
		if m>>i&1 == 0 {
			if not[i] == circuit.False {
				not[i] = b.Not(l)
			}
			l = not[i]
		}
		lits[i] = l
	}
	return lits
}
