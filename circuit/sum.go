package circuit

import (
	"cmp"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
)

// Sum is an integer expression over the gates of a circuit under construction:
// mul·node + add, where node is a gate or a sum node. The zero value is the
// constant 0. It costs no depth.
type Sum struct {
	ref Ref
	mul Int // zero if the sum is constant
	add Int
}

// Constant returns the sum that is always k.
func Constant(k Int) Sum { return Sum{add: k} }

// Value returns the sum that is 1 where l is 1 and 0 elsewhere.
func (l Lit) Value() Sum {
	s := Sum{ref: gateRef(l.Gate()), mul: NewInt(1)}
	if l.IsConst() {
		s = Sum{}
	}
	if l.IsComplement() { // ¬x is 1 − x
		s = s.Times(NewInt(-1)).Plus(NewInt(1))
	}
	return s
}

// Value returns the value of sum s of a circuit under construction.
func (s SumID) Value() Sum {
	if s == 0 { // which is empty
		return Sum{}
	}
	return Sum{ref: sumRef(s), mul: NewInt(1)}
}

// Plus returns s + k.
func (s Sum) Plus(k Int) Sum {
	s.add = s.add.Add(k)
	return s
}

// Times returns k·s.
func (s Sum) Times(k Int) Sum {
	if k.IsZero() {
		return Sum{}
	}
	s.mul = s.mul.Mul(k)
	s.add = s.add.Mul(k)
	return s
}

// IsConst reports whether s is a constant, and which.
func (s Sum) IsConst() (Int, bool) { return s.add, s.mul.IsZero() }

// Lit returns the literal that has the value s, if there is one.
func (s Sum) Lit() (Lit, bool) {
	switch {
	case s.mul.IsZero():
		return False.NotIf(!s.add.IsZero()), s.add.IsZero() || s.add.is(1)
	case s.ref.IsSum():
		return False, false
	case s.add.IsZero():
		return s.ref.Gate().Lit(), s.mul.is(1)
	}
	return s.ref.Gate().Lit().Not(), s.add.is(1) && s.mul.is(-1)
}

// Parts returns s as mul·ref + add. For a constant, mul is 0 and ref means nothing.
func (s Sum) Parts() (ref Ref, mul, add Int) { return s.ref, s.mul, s.add }

// Term is a weighted part of a sum: Weight·Of.
type Term struct {
	Weight Int
	Of     Sum
}

// Weigh returns the term w·x.
func Weigh(w int64, x Lit) Term { return Term{Weight: NewInt(w), Of: x.Value()} }

// Linear collects the terms of a sum. It is got from [Builder.Linear], may be used
// again after [Linear.Sum], and must not be used by two goroutines at once.
type Linear struct {
	b     *Builder
	gates termList
	sums  termList // apart: they come last, and would break the order of gates that were made one after another
	add   Int
}

// Add adds w·s.
func (a *Linear) Add(w Int, s Sum) {
	if w.IsZero() {
		return
	}
	a.add = a.add.Add(w.Mul(s.add))
	if !s.mul.IsZero() {
		a.push(s.ref, w.Mul(s.mul))
	}
}

// AddLit adds w where l is 1.
func (a *Linear) AddLit(w Int, l Lit) {
	if l.IsComplement() {
		a.add = a.add.Add(w)
		w = w.Neg()
	}
	if !w.IsZero() && !l.IsConst() {
		a.gates.push(gateRef(l.Gate()), w)
	}
}

// AddConst adds k.
func (a *Linear) AddConst(k Int) { a.add = a.add.Add(k) }

func (a *Linear) push(r Ref, w Int) {
	if r.IsSum() {
		a.sums.push(r, w)
	} else {
		a.gates.push(r, w)
	}
}

// Sum interns the collected expression, empties a and returns the expression.
//
// The stored node has no constant and no common factor, and its first weight is positive. So
// expressions that are equal up to an affine change share one node.
func (a *Linear) Sum() Sum {
	a.gates.merge()
	a.sums.merge()
	terms := a.gates.terms
	if len(a.sums.terms) > 0 {
		terms = append(terms, a.sums.terms...)
	}
	s := Sum{add: a.add}
	switch {
	case len(terms) == 0:
	case len(terms) == 1 && !a.b.keep:
		s.ref, s.mul = terms[0].ref, terms[0].weight
	default:
		s.mul = NewInt(1)
		if !a.b.keep {
			s.mul = extractFactor(terms)
		}
		s.ref = sumRef(a.b.internSum(terms))
	}
	a.gates.empty(terms)
	a.sums.empty(a.sums.terms)
	a.add = Int{}
	return s
}

// extractFactor divides the terms by their signed common factor and returns it.
func extractFactor(terms []refTerm) Int {
	g := terms[0].weight.Abs()
	for _, t := range terms[1:] {
		if g = g.GCD(t.weight); g.is(1) {
			break
		}
	}
	if terms[0].weight.Sign() < 0 {
		g = g.Neg()
	}
	if !g.is(1) {
		for i := range terms {
			terms[i].weight = terms[i].weight.Quo(g)
		}
	}
	return g
}

type refTerm struct {
	ref    Ref
	weight Int
}

// termList collects weighted references in any order.
type termList struct {
	terms    []refTerm
	unsorted bool      // the refs are not strictly increasing
	spare    []refTerm // scratch
}

func (l *termList) push(r Ref, w Int) {
	if n := len(l.terms); n > 0 && l.terms[n-1].ref >= r {
		l.unsorted = true
	}
	l.terms = append(l.terms, refTerm{r, w})
}

// empty empties the list. Its memory is that of terms, which nobody uses any more.
func (l *termList) empty(terms []refTerm) { l.terms, l.unsorted = terms[:0], false }

// merge sorts the terms by ref, adds up repeated ones and drops zeros.
func (l *termList) merge() {
	if !l.unsorted {
		return
	}
	l.sort()
	out := l.terms[:0]
	for _, t := range l.terms {
		if n := len(out); n > 0 && out[n-1].ref == t.ref {
			out[n-1].weight = out[n-1].weight.Add(t.weight)
			if out[n-1].weight.IsZero() {
				out = out[:n-1]
			}
			continue
		}
		out = append(out, t)
	}
	l.terms, l.unsorted = out, false
}

const (
	fewTerms  = 512 // that are sorted by comparing
	digitBits = 11
)

// sort sorts the terms by ref. Addition is exact, so that the order of equals does not matter. Long lists are sorted
// digit by digit. The refs of one sum are mostly near to each other, and so have one or two digits that differ.
func (l *termList) sort() {
	if len(l.terms) < fewTerms {
		slices.SortFunc(l.terms, func(x, y refTerm) int { return cmp.Compare(x.ref, y.ref) })
		return
	}
	least, greatest := l.terms[0].ref, l.terms[0].ref
	for i := range l.terms {
		least, greatest = min(least, l.terms[i].ref), max(greatest, l.terms[i].ref)
	}
	if len(l.spare) < len(l.terms) {
		l.spare = make([]refTerm, len(l.terms), cap(l.terms))
	}
	from, to := l.terms, l.spare[:len(l.terms)]
	for shift := 0; shift < bits.Len32(uint32(greatest-least)); shift += digitBits {
		var at [1 << digitBits]uint32
		for i := range from {
			at[uint32(from[i].ref-least)>>shift&(1<<digitBits-1)]++
		}
		next := uint32(0)
		for d, n := range at {
			at[d] = next
			next += n
		}
		for i := range from {
			digit := uint32(from[i].ref-least) >> shift & (1<<digitBits - 1)
			to[at[digit]] = from[i]
			at[digit]++
		}
		from, to = to, from
	}
	l.terms, l.spare = from, to
}

// Bounds returns bounds on the value of s in the circuit made so far. They are
// attained if no gate occurs twice once s is flattened.
func (b *Builder) Bounds(s Sum) (lo, hi Int) {
	lo, hi = NewInt(0), NewInt(1)
	if s.ref.IsSum() {
		lo, hi = b.c.Limits(s.ref.Sum())
	}
	lo, hi = s.mul.Mul(lo).Add(s.add), s.mul.Mul(hi).Add(s.add)
	return lo.Min(hi), lo.Max(hi)
}

// limit keeps the numbers of small sums so far from overflow that the sum or
// difference of any two of them still fits an int64.
const limit = 1 << 61

// smallRange reports whether a sum from lo to hi can be small.
func smallRange(lo, hi Int) bool {
	return lo.big == nil && hi.big == nil && lo.small > -limit && hi.small < limit
}

// hashed returns what a weight adds to the hash of a sum.
func hashed(w Int) int64 {
	if w.big != nil {
		return int64(w.big.Bits()[0]) ^ int64(w.big.BitLen())
	}
	return w.small
}

// hashTerm takes a term into the hash of a sum.
func hashTerm(hash uint32, r Ref, weight int64) uint32 {
	return hash2(hash^uint32(uint64(weight)*0x9E3779B97F4A7C15>>32), uint32(r))
}

// internSum returns the sum node with the given merged terms, making it if it is
// new.
func (b *Builder) internSum(terms []refTerm) SumID {
	c := &b.c
	small := true
	hash := uint32(len(terms))
	for _, t := range terms {
		small = small && t.weight.big == nil
		hash = hashTerm(hash, t.ref, hashed(t.weight))
	}
	near := hash
	if len(terms) > 0 {
		near = nearTerm(terms[len(terms)-1].ref)
		b.enterPlain(terms[len(terms)-1].ref)
	}
	p := b.sums.find(hash, near, func(id uint32) bool {
		refs := c.Refs(SumID(id))
		if len(refs) != len(terms) {
			return false
		}
		for i, t := range terms {
			if refs[i] != t.ref || c.Weight(SumID(id), i).Cmp(t.weight) != 0 {
				return false
			}
		}
		return true
	})
	if p.id != 0 {
		return SumID(p.id)
	}

	lo, hi, flag, plain := plainLimits(terms)
	if !plain {
		lo, hi, flag = c.limitsOf(len(terms), func(i int) (Ref, Int) { return terms[i].ref, terms[i].weight })
	}
	if !b.sumRoom(len(terms)) {
		return 0
	}
	id := SumID(len(c.sumFlag))
	fits := small && smallRange(lo, hi)
	if !fits {
		flag |= sumBig
	}
	c.sumFlag = append(c.sumFlag, flag)
	for _, t := range terms {
		c.termRef = append(c.termRef, t.ref)
		c.termWeight = append(c.termWeight, b.storeNumber(t.weight, fits))
	}
	c.sumFirst = append(c.sumFirst, uint32(len(c.termRef)))
	c.sumLo = append(c.sumLo, b.storeNumber(lo, fits))
	c.sumHi = append(c.sumHi, b.storeNumber(hi, fits))
	b.sums.put(p, uint32(id))
	return id
}

// lastSum returns the sum node with the last terms that are stored, from one on, in increasing order, of which no sum
// is made yet. They stay if it is new, and a sum of the given limits and flags, which is not big. Otherwise they are
// taken back. There must be room for the sum.
func (b *Builder) lastSum(from int, hash uint32, lo, hi int64, flag sumFlag) (node SumID, fresh bool) {
	c := &b.c
	refs, weights := c.termRef[from:], c.termWeight[from:]
	b.enterPlain(refs[len(refs)-1])
	p := b.sums.find(hash, nearTerm(refs[len(refs)-1]), func(id uint32) bool {
		from, to := c.sumFirst[id], c.sumFirst[id+1]
		if int(to-from) != len(refs) || c.sumFlag[id]&sumBig != 0 {
			return false
		}
		for i, r := range c.termRef[from:to] {
			if r != refs[i] || c.termWeight[int(from)+i] != weights[i] {
				return false
			}
		}
		return true
	})
	if p.id != 0 {
		b.dropTerms(from)
		return SumID(p.id), false
	}
	id := SumID(len(c.sumFlag))
	c.sumFlag = append(c.sumFlag, flag)
	c.sumFirst = append(c.sumFirst, uint32(len(c.termRef)))
	c.sumLo, c.sumHi = append(c.sumLo, lo), append(c.sumHi, hi)
	b.sums.put(p, uint32(id))
	return id, true
}

// dropTerms takes back the terms from one on.
func (b *Builder) dropTerms(from int) {
	b.c.termRef, b.c.termWeight = b.c.termRef[:from], b.c.termWeight[:from]
}

// ExpectSums makes room for so many sums with so many terms together, and a gate on each, which saves time when it is
// known.
func (b *Builder) ExpectSums(sums, terms int) {
	c := &b.c
	b.sums.hint = sums
	c.sumFlag, c.sumFirst = roomFor(c.sumFlag, sums), roomFor(c.sumFirst, sums)
	c.sumLo, c.sumHi = roomFor(c.sumLo, sums), roomFor(c.sumHi, sums)
	c.termRef, c.termWeight = roomFor(c.termRef, terms), roomFor(c.termWeight, terms)
	c.args = roomFor(c.args, 3*sums)
}

// roomFor returns a list with room for n more. Unlike slices.Grow, it does not write into the room.
func roomFor[S ~[]E, E any](s S, n int) S { return append(make(S, 0, len(s)+n), s...) }

// sumRoom makes room for a sum of n terms; false if there is none.
func (b *Builder) sumRoom(n int) bool {
	c := &b.c
	if len(c.termRef)+n > maxWires || len(c.sumFlag) >= maxGates {
		b.fail(ErrTooLarge)
		return false
	}
	if b.full || len(c.sumFlag) == cap(c.sumFlag) && !b.grows(len(c.sumFlag), sumBytes) ||
		len(c.termRef)+n > cap(c.termRef) && !b.grows(len(c.termRef), 12) {
		return false
	}
	extend(&c.sumFlag, 1)
	extend(&c.sumFirst, 1)
	extend(&c.sumLo, 1)
	extend(&c.sumHi, 1)
	extend(&c.termRef, n)
	extend(&c.termWeight, n)
	return true
}

// nearTerm is where a sum whose latest term reads r wants to be in the table of sums: sums mostly read gates that were
// made shortly before.
func nearTerm(r Ref) uint32 { return 2 * uint32(r) }

// sumKey returns where sum s is in the table, or would be; false if it is not there.
func (b *Builder) sumKey(s uint32) (hash, near uint32, ok bool) {
	c := &b.c
	refs := c.Refs(SumID(s))
	hash = uint32(len(refs))
	weights, small := c.SmallWeights(SumID(s))
	for i, r := range refs {
		w := weights[i]
		if !small {
			w = hashed(c.Weight(SumID(s), i))
		}
		hash = hashTerm(hash, r, w)
	}
	if len(refs) == 0 {
		return hash, hash, true
	}
	latest := refs[len(refs)-1]
	return hash, nearTerm(latest), !b.plain.has(latest)
}

// mostPlain bounds weights that can be added up without looking at overflow.
const mostPlain = limit >> 32

// plainLimits is limitsOf for terms that read gates with weights far from any overflow, which most
// do. It reports false for others.
func plainLimits(terms []refTerm) (lo, hi Int, flag sumFlag, ok bool) {
	var least, greatest int64
	flag = sumFlat | sumUnit
	for i := range terms {
		t := &terms[i]
		w := t.weight.small
		if t.ref.IsSum() || t.weight.big != nil || w <= -mostPlain || w >= mostPlain {
			return Int{}, Int{}, 0, false
		}
		least, greatest = least+min(w, 0), greatest+max(w, 0)
		if w != 1 && w != -1 {
			flag &^= sumUnit
		}
	}
	return NewInt(least), NewInt(greatest), flag, true
}

// limitsOf returns the range of a sum of n terms, and the flags that its shape earns.
func (c *Nodes) limitsOf(n int, term func(int) (Ref, Int)) (lo, hi Int, flag sumFlag) {
	flag = sumFlat | sumUnit
	for i := range n {
		r, w := term(i)
		tlo, thi := Int{}, w
		if r.IsSum() {
			flag = 0
			slo, shi := c.Limits(r.Sum())
			tlo, thi = w.Mul(slo), w.Mul(shi)
		} else if w.big != nil || w.small != 1 && w.small != -1 {
			flag &^= sumUnit
		}
		lo, hi = lo.Add(tlo.Min(thi)), hi.Add(tlo.Max(thi))
	}
	return lo, hi, flag
}

// storeNumber returns the stored form of v: itself, or an index into bigs.
func (b *Builder) storeNumber(v Int, small bool) int64 {
	if small {
		return v.small
	}
	if v.BitLen() > maxBits {
		b.fail(fmt.Errorf("circuit: a weight or threshold of %d bits, more than %d", v.BitLen(), maxBits))
		v = Int{}
	}
	key := string(append(v.shared().Bytes(), byte(v.Sign()+1)))
	if i, ok := b.bigIndex[key]; ok {
		return i
	}
	i := int64(len(b.c.bigs))
	b.c.bigs = append(b.c.bigs, new(big.Int).Set(v.shared()))
	b.bigIndex[key] = i
	return i
}
