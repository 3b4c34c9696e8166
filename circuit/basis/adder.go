package basis

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// adder makes every gate of gates with two inputs; sums become adder trees.
type adder struct {
	*maker
	whole *addition
	low   map[int]*addition // by number of bits: sums modulo a power of two

	terms    []term // of the sum that logical was asked for last
	constant circuit.Int
	of       circuit.SumID
}

// addition adds up sums of the given circuit, each of them once.
type addition struct {
	*maker
	bits   int             // the lowest ones, that count; 0: all of them do
	rows   []*rows         // by sum of the given circuit; nil until asked for
	parts  [][]part        // by sum: the terms that its rows were added up from
	flat   []float64       // by sum: the weight in time (see weigh) of its literals, flattened
	binary [][]circuit.Lit // by sum
}

// part is a weighted gate or sum of the given circuit.
type part struct {
	ref    circuit.Ref
	weight circuit.Int
}

// modState is a MOD gate for which the high bits of its sum are decided: rest is the value of those
// bits.
type modState struct {
	bits int
	rest int64
}

func newAdder(m *maker) *adder {
	return &adder{maker: m, whole: newAddition(m, 0), low: map[int]*addition{}}
}

func newAddition(m *maker, bits int) *addition {
	n := m.c.SumCount()
	return &addition{
		maker: m, bits: bits, rows: make([]*rows, n), parts: make([][]part, n),
		flat: make([]float64, n), binary: make([][]circuit.Lit, n),
	}
}

// modulo returns the addition that a gate modulo m needs: if m is a power of two, bits from m on do
// not matter.
func (a *adder) modulo(m int64) *addition {
	if m&(m-1) != 0 {
		return a.whole
	}
	k := bits.TrailingZeros64(uint64(m))
	if a.low[k] == nil {
		a.low[k] = newAddition(a.maker, k)
	}
	return a.low[k]
}

func (a *adder) gate(g circuit.Gate, kind gates.Kind) (circuit.Lit, error) {
	switch kind {
	case gates.And:
		return tree(a.b, a.Fanin(g), circuit.True, a.b.And), nil
	case gates.Or:
		return tree(a.b, a.Fanin(g), circuit.False, a.b.Or), nil
	case gates.Xor:
		return tree(a.b, a.Fanin(g), circuit.False, a.b.Xor), nil
	case gates.Mod:
		s, modulus := a.c.Modulus(g)
		return a.residues(g, s, modulus)
	}
	s, t := a.c.Bound(g)
	if l, ok := a.logical(s, t); ok {
		return l, nil
	}
	r, err := a.whole.rowsOf(g, s)
	if err != nil {
		return circuit.False, err
	}
	return r.atLeast(a.b, t), nil
}

// logical returns [s ≥ t] if it is a constant, an OR or an AND of the literals, or one of four.
func (a *adder) logical(s circuit.SumID, t circuit.Int) (circuit.Lit, bool) {
	lo, hi := a.c.Limits(s)
	switch {
	case t.Cmp(lo) <= 0:
		return circuit.True, true
	case t.Cmp(hi) > 0:
		return circuit.False, true
	}
	if a.terms == nil || a.of != s {
		e := newExpression()
		a.addSum(e, s)
		a.of = s
		a.terms, a.constant = e.terms()
	}
	t = t.Sub(a.constant)
	off := total(a.terms).Sub(t) // what may be missing
	switch {
	case t.Sign() <= 0:
		return circuit.True, true
	case off.Sign() < 0:
		return circuit.False, true
	}
	and, or := true, true
	for _, x := range a.terms {
		and = and && x.weight.Cmp(off) > 0
		or = or && x.weight.Cmp(t) >= 0
	}
	if !and && !or {
		return a.ofFour(t)
	}
	var lits []circuit.Lit
	for _, x := range a.terms {
		lits = append(lits, x.lit)
	}
	if or {
		return tree(a.b, lits, circuit.False, a.b.Or), true
	}
	return tree(a.b, lits, circuit.True, a.b.And), true
}

// ofFour makes a threshold of four literals of one weight that come at once: it divides them into
// pairs, of which none, one or both are 1, in three levels and seven gates.
func (a *adder) ofFour(t circuit.Int) (circuit.Lit, bool) {
	if len(a.terms) != 4 {
		return circuit.False, false
	}
	var x [4]circuit.Lit
	for i, y := range a.terms {
		x[i] = y.lit
		if y.weight.Cmp(a.terms[0].weight) != 0 || a.b.Level(y.lit) != a.b.Level(x[0]) {
			return circuit.False, false
		}
	}
	b := a.b
	some := [2]circuit.Lit{b.Or(x[0], x[1]), b.Or(x[2], x[3])}
	both := [2]circuit.Lit{b.And(x[0], x[1]), b.And(x[2], x[3])}
	if n, _ := t.CeilDiv(a.terms[0].weight).Int64(); n == 2 { // not 1 or 4, an OR or AND
		return b.Or(b.Or(both[0], both[1]), b.And(some[0], some[1])), true
	}
	return b.Or(b.And(both[0], some[1]), b.And(some[0], both[1])), true
}

// rowsOf returns sum s as at most two rows, which it makes once. The gate is the one
// that asks.
func (a *addition) rowsOf(g circuit.Gate, s circuit.SumID) (*rows, error) {
	if a.rows[s] != nil {
		return a.rows[s], nil
	}
	for _, r := range a.c.Refs(s) {
		if r.IsSum() {
			if _, err := a.rowsOf(g, r.Sum()); err != nil {
				return nil, err
			}
		}
	}
	r := &rows{limit: a.bits}
	for _, p := range a.divide(s) {
		digits := recode(p.weight)
		if !p.ref.IsSum() {
			for _, d := range digits {
				r.add(a.Lits[p.ref.Gate()], d.place, d.negative)
			}
			continue
		}
		inner := a.rows[p.ref.Sum()]
		r.constant = r.constant.Add(p.weight.Mul(inner.constant))
		for _, d := range digits {
			for j, column := range inner.columns {
				for _, l := range column {
					r.add(l, j+d.place, d.negative)
				}
			}
			if err := a.room(g); err != nil {
				return nil, err
			}
		}
	}
	r.merge()
	// What the bits come to is s − constant, so that no bit of more than the
	// greatest value of that is ever 1.
	width := a.bits
	if a.bits == 0 {
		_, hi := a.c.Limits(s)
		width = max(0, hi.Sub(r.constant).BitLen())
	}
	r.compress(a.b, width)
	a.rows[s] = r
	return r, a.room(g)
}

// divide returns the terms to add up for s. They are its own terms. A nested sum that comes late is
// replaced by its terms, if adding these again is done much earlier.
//
// Without this, a chain of sums, such as the sums of all prefixes, would be as deep as it is long.
func (a *addition) divide(s circuit.SumID) []part {
	const slack = 6 // levels that sharing is worth
	parts := make([]part, len(a.c.Refs(s)))
	flat := math.Inf(-1)
	for i, r := range a.c.Refs(s) {
		parts[i] = part{r, a.c.Weight(s, i)}
		if r.IsSum() {
			flat = addLog(flat, a.flat[r.Sum()])
		} else {
			flat = addLog(flat, weigh(1, a.b.Level(a.Lits[r.Gate()])))
		}
	}
	a.flat[s] = flat
	for {
		shared, late := math.Inf(-1), -1
		for i, p := range parts {
			if !p.ref.IsSum() {
				shared = addLog(shared, weigh(1, a.b.Level(a.Lits[p.ref.Gate()])))
				continue
			}
			shared = addLog(shared, weigh(2, a.rows[p.ref.Sum()].level))
			if late < 0 || a.rows[p.ref.Sum()].level > a.rows[parts[late].ref.Sum()].level {
				late = i
			}
		}
		if late < 0 || shared <= flat+weigh(1, slack) {
			break
		}
		out := parts[late]
		parts = slices.Delete(parts, late, late+1)
		for _, p := range a.parts[out.ref.Sum()] {
			parts = append(parts, part{p.ref, p.weight.Mul(out.weight)})
		}
		parts = mergeParts(parts)
	}
	a.parts[s] = parts
	return parts
}

func mergeParts(parts []part) []part {
	slices.SortStableFunc(parts, func(x, y part) int { return cmp.Compare(x.ref, y.ref) })
	out := parts[:0]
	for _, p := range parts {
		if n := len(out); n > 0 && out[n-1].ref == p.ref {
			out[n-1].weight = out[n-1].weight.Add(p.weight)
		} else {
			out = append(out, p)
		}
	}
	return slices.DeleteFunc(out, func(p part) bool { return p.weight.IsZero() })
}

// weigh returns the logarithm of the weight, in time, of n rows of the given level. Full adders
// make two of three rows and take about two and a half levels for it. So a row weighs 1.5 times as
// much if it comes two and a half levels later. The weights of all rows tell when the last two are
// there.
func weigh(n, level int) float64 {
	return math.Log(float64(n)) + float64(level)*math.Log(1.5)/2.5
}

// addLog returns log(e^x + e^y).
func addLog(x, y float64) float64 {
	if x < y {
		x, y = y, x
	}
	if math.IsInf(y, -1) {
		return x
	}
	return x + math.Log1p(math.Exp(y-x))
}

// digit is 2^place, or −2^place.
type digit struct {
	place    int
	negative bool
}

// recode writes w as a sum of as few powers of two as there can be: in binary if
// that is as short as the non-adjacent form, in which no two digits are neighbours.
func recode(w circuit.Int) []digit {
	negative := w.Sign() < 0
	v := w.Abs()
	n := v.BitLen()
	var plain, signed []digit
	borrow := uint(0)
	bit := func(j int) uint {
		if j >= n {
			return 0
		}
		return v.Bit(j)
	}
	for j := range n + 1 {
		if bit(j) == 1 {
			plain = append(plain, digit{j, negative})
		}
		switch sum := bit(j) + borrow; {
		case sum == 0:
		case sum == 2: // 0, and 1 borrowed on
		case bit(j+1) == 1: // 1 is 2 − 1
			signed = append(signed, digit{j, !negative})
			borrow = 1
		default:
			signed = append(signed, digit{j, negative})
			borrow = 0
		}
	}
	if len(plain) <= len(signed) {
		return plain
	}
	return signed
}

// residues makes a MOD gate from the bits of its sum, which it goes through from the
// top, one of at most m residues at a time, as a tree of choices with shared
// branches. If m is a power of two, these are the bits below it only. Its depth is
// twice the number of bits, which is logarithmic too.
func (a *adder) residues(g circuit.Gate, s circuit.SumID, modulus circuit.Modulus) (circuit.Lit, error) {
	add := a.modulo(modulus.M)
	r, err := add.rowsOf(g, s)
	if err != nil {
		return circuit.False, err
	}
	if add.binary[s] == nil {
		add.binary[s] = r.binary(a.b)
	}
	power := make([]int64, len(add.binary[s]))
	for j := range power {
		power[j] = circuit.Pow2(j).Residue(modulus.M)
	}
	first := r.constant.Residue(modulus.M)

	made := map[modState]circuit.Lit{}
	var choose func(at modState) circuit.Lit
	choose = func(at modState) circuit.Lit {
		if at.bits == 0 {
			return circuit.False.NotIf(modulus.Accepts(circuit.NewInt(at.rest)))
		}
		if l, ok := made[at]; ok {
			return l
		}
		if err == nil {
			err = a.room(g)
		}
		if err != nil {
			return circuit.False
		}
		j := at.bits - 1
		zero := choose(modState{j, at.rest})
		one := choose(modState{j, (at.rest + power[j]) % modulus.M})
		l := zero
		if zero != one {
			l = a.b.Mux(add.binary[s][j], one, zero)
		}
		made[at] = l
		return l
	}
	return choose(modState{len(power), first}), err
}
