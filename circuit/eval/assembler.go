package eval

// lit is a value of the program under construction or its complement:
// value<<1 | complement. Value 0 is the constant false.
type lit uint32

const (
	falseLit lit = 0
	trueLit  lit = 1

	// onesLit is true as well, but as a value whose memory holds ones, so that
	// ¬onesLit is a false that is stored complemented, as padding of counters of
	// complemented values.
	onesLit lit = 2

	firstInput = 2 // the value of input 0

	noLit = ^lit(0)
)

func (x lit) not() lit              { return x ^ 1 }
func (x lit) notIf(c bool) lit      { return x ^ complement(c) }
func (x lit) plain() lit            { return x &^ 1 }
func (x lit) value() uint32         { return uint32(x >> 1) }
func (x lit) isConst() bool         { return x <= trueLit }
func (x lit) isComplement() bool    { return x&1 != 0 }
func litOf(v uint32) lit            { return lit(v) << 1 }
func complement(c bool) (bit lit)   { if c { return 1 }; return 0 }

// assembler collects the program before its values have slots. An instruction is
// a header, op | results<<5 | operands<<9, the results, which are values, and the
// operands, which are literals; opCompare adds its flags, 32 to a word.
type assembler struct {
	code   []uint32
	values uint32
}

const maxOperands = 1<<23 - 1

func header(o op, results, operands int) uint32 {
	return uint32(o) | uint32(results)<<5 | uint32(operands)<<9
}

func splitHeader(h uint32) (o op, results, operands int) {
	return op(h & 31), int(h >> 5 & 15), int(h >> 9)
}

// begin starts an instruction and returns the first of its results.
func (a *assembler) begin(o op, results, operands int) lit {
	a.code = append(a.code, header(o, results, operands))
	first := a.values
	for range results {
		a.code = append(a.code, a.values)
		a.values++
	}
	return litOf(first)
}

func (a *assembler) operands(xs ...lit) {
	for _, x := range xs {
		a.code = append(a.code, uint32(x))
	}
}

// and returns x ∧ y. This and the other logic folds constants; the adders below do not.
func (a *assembler) and(x, y lit) lit {
	switch {
	case x == falseLit || y == falseLit || x == y.not():
		return falseLit
	case x == trueLit || x == y:
		return y
	case y == trueLit:
		return x
	}
	d := a.begin(opAnd, 1, 2)
	a.operands(x, y)
	return d
}

func (a *assembler) or(x, y lit) lit { return a.and(x.not(), y.not()).not() }

// xor returns x ⊕ y.
func (a *assembler) xor(x, y lit) lit {
	flip := (x ^ y) & 1
	x, y = x.plain(), y.plain()
	switch {
	case x == y:
		return falseLit ^ flip
	case x == falseLit:
		return y ^ flip
	case y == falseLit:
		return x ^ flip
	}
	d := a.begin(opXor, 1, 2)
	a.operands(x, y)
	return d ^ flip
}

// choose returns x where cond is 1 and y where it is 0.
func (a *assembler) choose(cond, x, y lit) lit {
	switch {
	case x == y:
		return x
	case x == trueLit:
		return a.or(cond, y)
	case x == falseLit:
		return a.and(cond.not(), y)
	case y == trueLit:
		return a.or(cond.not(), x)
	case y == falseLit:
		return a.and(cond, x)
	}
	return a.xor(y, a.and(cond, a.xor(x, y)))
}

// conjunction returns the AND of the literals, which it reorders.
func (a *assembler) conjunction(xs []lit) lit {
	kept := xs[:0]
	for _, x := range xs {
		switch x {
		case falseLit:
			return falseLit
		case trueLit:
		default:
			kept = append(kept, x)
		}
	}
	for len(kept) > maxOperands {
		head := a.conjunction(kept[:maxOperands])
		kept = append(kept[:0], kept[maxOperands:]...)
		kept = append(kept, head)
	}
	switch len(kept) {
	case 0:
		return trueLit
	case 1:
		return kept[0]
	case 2:
		return a.and(kept[0], kept[1])
	}
	d := a.begin(opAndMany, 1, len(kept))
	for _, c := range []lit{0, 1} {
		for _, x := range kept {
			if x&1 == c {
				a.operands(x)
			}
		}
	}
	return d
}

// parity returns the XOR of the literals, which it overwrites.
func (a *assembler) parity(xs []lit) lit {
	flip := lit(0)
	kept := xs[:0]
	for _, x := range xs {
		flip ^= x & 1
		if !x.isConst() {
			kept = append(kept, x.plain())
		}
	}
	for len(kept) > maxOperands {
		head := a.parity(kept[:maxOperands])
		kept = append(kept[:0], kept[maxOperands:]...)
		kept = append(kept, head)
	}
	switch len(kept) {
	case 0:
		return flip
	case 1:
		return kept[0] ^ flip
	case 2:
		return a.xor(kept[0], kept[1]) ^ flip
	}
	d := a.begin(opXorMany, 1, len(kept))
	a.operands(kept...)
	return d ^ flip
}

// half returns the digits of x + y, which are no constants.
func (a *assembler) half(x, y lit) (sum, carry lit) {
	sum = a.begin(opHalf, 2, 2)
	a.operands(x, y)
	return sum ^ (x^y)&1, sum + 2
}

// full returns the digits of x + y + z, which are no constants. Complementing all
// three inputs complements both outputs, so that two instructions do for all eight
// polarities.
func (a *assembler) full(x, y, z lit) (sum, carry lit) {
	flip := lit(0)
	if x&1+y&1+z&1 >= 2 {
		flip = 1
	}
	x, y, z = x^flip, y^flip, z^flip
	o := opFull
	switch {
	case y.isComplement():
		x, y, o = y, x, opFullNot
	case z.isComplement():
		x, z, o = z, x, opFullNot
	case x.isComplement():
		o = opFullNot
	}
	sum = a.begin(o, 2, 3)
	a.operands(x.plain(), y, z)
	return sum ^ x&1 ^ flip, sum + 2 ^ flip
}

// count7 returns the three digits of the sum of seven literals of one polarity.
func (a *assembler) count7(xs []lit) (s1, s2, s4 lit) {
	flip := xs[0] & 1
	s1 = a.begin(opCount7, 3, 7) ^ flip
	for _, x := range xs[:7] {
		a.operands(x ^ flip)
	}
	return s1, s1 + 2, s1 + 4
}

// blocks counts the literals xs, 16 a step, on top of a state of weights 1, 2, 4
// and 8. It changes the state and returns the first of the carries of weight 16,
// one a step. All are of one polarity.
func (a *assembler) blocks(state *[blockState]lit, xs []lit, flip lit) (carry lit) {
	steps := len(xs) / blockInputs
	d := a.begin(opBlocks, blockState+steps, blockState+len(xs)) ^ flip
	for i, x := range state {
		a.operands(x ^ flip)
		state[i] = d + lit(2*i)
	}
	for _, x := range xs {
		a.operands(x ^ flip)
	}
	return d + 2*blockState
}

// step is one step of a comparison: a conjunction with a plane, or a disjunction.
type step struct {
	plane lit
	or    bool
}

// compare returns the result of the steps on the literal first; neither it nor a
// plane is constant.
func (a *assembler) compare(first lit, steps []step) lit {
	switch {
	case len(steps) == 0:
		return first
	case len(steps) == 1 && steps[0].or:
		return a.or(first, steps[0].plane)
	case len(steps) == 1:
		return a.and(first, steps[0].plane)
	}
	d := a.begin(opCompare, 1, 1+len(steps))
	a.operands(first.plain())
	// The running value is kept complemented after a disjunction, by De Morgan, so
	// that it flips only where the kind of step changes.
	flip := first & 1
	flags := make([]uint32, (len(steps)+31)/32)
	for i, s := range steps {
		want := complement(s.or)
		a.operands(s.plane ^ want)
		flags[i/32] |= uint32(flip^want) << (i % 32)
		flip = want
	}
	a.code = append(a.code, flags...)
	return d ^ flip
}
