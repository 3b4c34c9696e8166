package eval

// column holds the literals that count 2^k for one k, plain ones and complemented
// ones apart.
type column [2][]lit

// columns is a number under construction: the sum of its literals, each times the
// weight of its column.
type columns []column

// add puts x, which is no constant, into column k.
func (c *columns) add(k int, x lit) {
	for len(*c) <= k {
		*c = append(*c, column{})
	}
	q := &(*c)[k][x&1]
	*q = append(*q, x)
}

// count returns the number of literals.
func (c columns) count() int {
	n := 0
	for k := range c {
		n += len(c[k][0]) + len(c[k][1])
	}
	return n
}

// Groups of literals in a column that are worth an instruction of their own.
const (
	leastBlocks = blockInputs + 1
	leastCount7 = 7
)

// reduce returns the low planes of the number, the lowest first, by repeated
// addition within columns. It stops at the given width: carries beyond it are
// dropped. A plane that is missing at the end, or constant false, is zero. It uses
// the columns up.
func (a *assembler) reduce(c columns, width int) []lit {
	planes := make([]lit, 0, width)
	last := -1
	for k := 0; k < width && k < len(c); k++ {
		if k == width-1 {
			planes = append(planes, a.parity(append(c[k][0], c[k][1]...)))
		} else {
			planes = append(planes, a.reduceColumn(&c, k, width))
		}
		c[k] = column{}
		if planes[k] != falseLit {
			last = k
		}
	}
	return planes[:last+1]
}

// reduceColumn adds up column k, hands the carries on to the next columns, and
// returns the digit that stays.
func (a *assembler) reduceColumn(c *columns, k, width int) lit {
	push := func(k int, x lit) {
		if k < width {
			c.add(k, x)
		}
	}
	for p := range 2 {
		q := (*c)[k][p]
		for len(q) >= leastBlocks {
			steps := min((len(q)-1)/blockInputs, maxBlocks)
			var state [blockState]lit
			state[0], q = q[len(q)-1], q[:len(q)-1]
			for i := 1; i < blockState; i++ {
				state[i] = c.pop(k+i, p)
			}
			carry := a.blocks(&state, q[:steps*blockInputs], lit(p))
			q = append(q[steps*blockInputs:], state[0])
			for i := 1; i < blockState; i++ {
				push(k+i, state[i])
			}
			for i := range steps {
				push(k+blockState, carry+lit(2*i))
			}
		}
		for len(q) >= leastCount7 {
			s1, s2, s4 := a.count7(q)
			q = append(q[7:], s1)
			push(k+1, s2)
			push(k+2, s4)
		}
		for len(q) >= 3 {
			sum, carry := a.full(q[0], q[1], q[2])
			q = append(q[3:], sum)
			push(k+1, carry)
		}
		(*c)[k][p] = q
	}
	q := append((*c)[k][0], (*c)[k][1]...)
	for len(q) >= 3 {
		sum, carry := a.full(q[0], q[1], q[2])
		q = append(q[3:], sum)
		push(k+1, carry)
	}
	switch len(q) {
	case 0:
		return falseLit
	case 1:
		return q[0]
	}
	sum, carry := a.half(q[0], q[1])
	push(k+1, carry)
	return sum
}

// pop takes a literal of polarity p out of column k, or makes up a false one.
func (c *columns) pop(k, p int) lit {
	if k < len(*c) {
		if q := (*c)[k][p]; len(q) > 0 {
			(*c)[k][p] = q[:len(q)-1]
			return q[len(q)-1]
		}
	}
	if p == 1 {
		return onesLit.not()
	}
	return falseLit
}
