package pla

import "github.com/tc0lab/tc0/circuit"

// table is rows of signs: 0, 1 and - for the inputs; 0, 1, - and ~ for the outputs.
type table struct {
	inputs, outputs int
	signs           []byte  // row by row
	rows            []int32 // their lines
	wires           int64   // of the gates made
}

// row returns the signs of a row.
func (t *table) row(r int) (in, out []byte) {
	all := t.signs[r*(t.inputs+t.outputs):][:t.inputs+t.outputs]
	return all[:t.inputs], all[t.inputs:]
}

// words returns how many words of 64 signs a row takes.
func (t *table) words() int { return max(1, (t.inputs+63)/64+(t.outputs+63)/64) }

// make makes the gates, and returns what the outputs are.
func (t *table) make(b *circuit.Builder, in []circuit.Lit) []circuit.Lit {
	rowsOf := make([][]circuit.Lit, t.outputs)
	for r := range t.rows {
		signs, out := t.row(r)
		made := false
		var and circuit.Lit
		for o, sign := range out {
			if sign != '1' {
				continue
			}
			if !made {
				and, made = t.product(b, in, signs), true
			}
			rowsOf[o] = append(rowsOf[o], and)
		}
	}
	lits := make([]circuit.Lit, t.outputs)
	for o, rows := range rowsOf {
		switch len(rows) {
		case 0:
			lits[o] = circuit.False
		case 1:
			lits[o] = rows[0]
		default:
			t.wires += int64(len(rows))
			lits[o] = b.Or(rows...)
		}
	}
	return lits
}

// product returns the AND of the literals of a row.
func (t *table) product(b *circuit.Builder, in []circuit.Lit, signs []byte) circuit.Lit {
	var lits []circuit.Lit
	for i, sign := range signs {
		if sign != '-' {
			lits = append(lits, in[i].NotIf(sign == '0'))
		}
	}
	switch len(lits) {
	case 0:
		return circuit.True
	case 1:
		return lits[0]
	}
	t.wires += int64(len(lits))
	return b.And(lits...)
}

// conflict finds a row that says 1 and another that says 0 of one output where both cubes are 1.
func (t *table) conflict() (one, zero int, ok bool) {
	type masks struct{ plain, complemented, on, off []uint64 }
	all := make([]masks, len(t.rows))
	for r := range all {
		in, out := t.row(r)
		all[r] = masks{bitsOf(in, '1'), bitsOf(in, '0'), bitsOf(out, '1'), bitsOf(out, '0')}
	}
	meet := func(a, b []uint64) bool {
		for i := range a {
			if a[i]&b[i] != 0 {
				return true
			}
		}
		return false
	}
	for r := range all {
		for q := range r {
			x, y := &all[r], &all[q]
			onOff, offOn := meet(x.on, y.off), meet(x.off, y.on)
			if !onOff && !offOn || meet(x.plain, y.complemented) || meet(x.complemented, y.plain) {
				continue
			}
			if onOff {
				return r, q, true
			}
			return q, r, true
		}
	}
	return 0, 0, false
}

// bitsOf returns where a sign stands.
func bitsOf(signs []byte, sign byte) []uint64 {
	words := make([]uint64, (len(signs)+63)/64)
	for i, s := range signs {
		if s == sign {
			words[i/64] |= 1 << (i % 64)
		}
	}
	return words
}
