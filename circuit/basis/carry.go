package basis

import "github.com/tc0lab/tc0/circuit"

// carry says how a group of columns changes the carry that comes in below: the group generates a
// carry, or it propagates the one below.
type carry struct {
	generate, propagate circuit.Lit
	level               [2]int // of the two
}

func newCarry(b *circuit.Builder, generate, propagate circuit.Lit) carry {
	return carry{generate, propagate, [2]int{b.Level(generate), b.Level(propagate)}}
}

// over joins a group of columns with the one below it.
func (c carry) over(b *circuit.Builder, below carry) carry {
	return newCarry(b,
		b.Or(c.generate, b.And(c.propagate, below.generate)),
		b.And(c.propagate, below.propagate))
}

// overLevel returns the level of the carry that over would generate.
func (c carry) overLevel(below carry) int {
	return max(c.level[0], max(c.level[1], below.level[0])+1) + 1
}

// carryOut returns the carry out of the columns, lowest first, if no carry comes in. It joins
// neighbours, always those that can be joined first. So the depth is logarithmic in the number of
// columns, and late columns are joined last.
func carryOut(b *circuit.Builder, columns []carry) circuit.Lit {
	if len(columns) == 0 {
		return circuit.False
	}
	for len(columns) > 1 {
		best := 1
		for i := 2; i < len(columns); i++ {
			if columns[i].overLevel(columns[i-1]) < columns[best].overLevel(columns[best-1]) {
				best = i
			}
		}
		columns[best-1] = columns[best].over(b, columns[best-1])
		columns = append(columns[:best], columns[best+1:]...)
	}
	return columns[0].generate
}

// carries returns the carry out of each prefix of the columns, by the divide and
// conquer of Ladner and Fischer: both halves at once, then the upper half takes in
// the last of the lower one.
func carries(b *circuit.Builder, columns []carry) []carry {
	if len(columns) < 2 {
		return columns
	}
	half := len(columns) / 2
	lower, upper := carries(b, columns[:half:half]), carries(b, columns[half:])
	out := append([]carry(nil), lower...)
	for _, c := range upper {
		out = append(out, c.over(b, lower[half-1]))
	}
	return out
}

// two returns the two bits of column j, which may be 0.
func (r *rows) two(j int) (x, y circuit.Lit) {
	switch column := r.columns[j]; len(column) {
	case 0:
		return circuit.False, circuit.False
	case 1:
		return column[0], circuit.False
	default:
		return column[0], column[1]
	}
}

// atLeast returns [r ≥ t] for compressed rows.
//
// The bits in k columns are less than 2^k together. So they are at least u exactly if adding 2^k −
// u to them gives 2^k or more. One full adder a column turns the three rows into two; the constant
// decides its shape. The result is the carry out of the top of those two rows.
func (r *rows) atLeast(b *circuit.Builder, t circuit.Int) circuit.Lit {
	k := len(r.columns)
	t = t.Sub(r.constant)
	switch {
	case t.Sign() <= 0:
		return circuit.True
	case t.BitLen() > k:
		return circuit.False
	}
	add := circuit.Pow2(k).Sub(t)
	columns := make([]carry, k)
	above := circuit.False // the carry of the full adder below
	for j := range columns {
		x, y := r.two(j)
		sum, next := b.Xor(x, y), circuit.False
		if add.Bit(j) == 1 {
			sum, next = sum.Not(), b.Or(x, y)
		} else {
			next = b.And(x, y)
		}
		columns[j] = newCarry(b, b.And(sum, above), b.Or(sum, above))
		above = next
	}
	return b.Or(above, carryOut(b, columns))
}

// binary returns the bits of r without its constant, lowest first.
func (r *rows) binary(b *circuit.Builder) []circuit.Lit {
	columns := make([]carry, len(r.columns))
	for j := range columns {
		x, y := r.two(j)
		columns[j] = newCarry(b, b.And(x, y), b.Xor(x, y))
	}
	in := circuit.False
	bits := make([]circuit.Lit, len(columns))
	for j, c := range carries(b, columns) {
		bits[j] = b.Xor(columns[j].propagate, in)
		in = c.generate
	}
	return bits
}
