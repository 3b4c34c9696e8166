package circuit

import (
	"fmt"
	"math/big"
	"slices"
)

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

// sumHash is the hash of a sum: of what it reads, mixed, and of its weights.
func sumHash(refs uint64, weights uint32) uint32 { return mixed(mix(refs, uint64(weights))) }

// hashRefs mixes what a sum reads.
func hashRefs(refs []Ref) uint64 {
	hash := uint64(len(refs))
	for _, r := range refs {
		hash = mix(hash, uint64(r))
	}
	return hash
}

// internSum returns the sum node with the given merged terms, making it if it is
// new.
func (b *Builder) internSum(terms []refTerm) SumID {
	c := &b.c
	small := true
	refs, list := uint64(len(terms)), uint64(len(terms))
	for _, t := range terms {
		small = small && t.weight.big == nil
		refs, list = mix(refs, uint64(t.ref)), mix(list, uint64(hashed(t.weight)))
	}
	weights := mixed(list)
	hash := sumHash(refs, weights)
	near := hash
	if len(terms) > 0 {
		near = nearTerm(terms[len(terms)-1].ref)
		b.enterPlain(terms[len(terms)-1].ref)
	}
	p := b.sums.find(hash, near, func(id uint32) bool {
		refs := c.Refs(SumID(id))
		if len(refs) != len(terms) || c.form(SumID(id)).hash != weights {
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

	if !b.sumRoom(len(terms)) {
		return 0
	}
	own, stored := c.termRef.next(len(terms)), b.scratch(len(terms))
	for i, t := range terms {
		own[i], stored[i] = t.ref, t.weight.small
	}
	of, plain := plainForm(own, stored)
	if !plain || !small {
		of = b.formOf(terms, stored)
		of.hash = weights
	}
	return b.endSum(b.forms.of(stored, of), len(terms), p)
}

// formOf returns the form of a sum of any terms, without its hash, and stores their weights in a list.
func (b *Builder) formOf(terms []refTerm, stored []int64) form {
	lo, hi, flag := b.c.limitsOf(len(terms), func(i int) (Ref, Int) { return terms[i].ref, terms[i].weight })
	fits := smallRange(lo, hi)
	for _, t := range terms {
		fits = fits && t.weight.big == nil
	}
	if !fits {
		flag |= sumBig
	}
	for i, t := range terms {
		stored[i] = b.storeNumber(t.weight, fits)
	}
	return form{lo: b.storeNumber(lo, fits), hi: b.storeNumber(hi, fits), flag: flag}
}

// endSum makes the sum of a form of the n references that are stored behind those of all sums there are, and enters it
// at the place where a look-up of it has ended.
func (b *Builder) endSum(form uint32, n int, p place) SumID {
	c := &b.c
	id := SumID(len(c.sumForm))
	c.termRef.take(n)
	c.sumForm, c.sumFirst = append(c.sumForm, form), append(c.sumFirst, c.termRef.end())
	b.sums.put(p, uint32(id))
	return id
}

// lastSum returns the sum node with the weights and the form, which is not a big one, of the references that are stored
// behind those of all sums there are, in increasing order. They stay if it is new. There must be room for the sum. The
// function returns the number of the form.
func (b *Builder) lastSum(refs []Ref, weights []int64, f form, number func() uint32) (node SumID, fresh bool) {
	c := &b.c
	latest := refs[len(refs)-1]
	b.enterPlain(latest)
	p := b.sums.find(sumHash(hashRefs(refs), f.hash), nearTerm(latest), func(id uint32) bool {
		return c.isForm(c.sumForm[id], weights, &f) && slices.Equal(c.Refs(SumID(id)), refs)
	})
	if p.id != 0 {
		return SumID(p.id), false
	}
	return b.endSum(number(), len(refs), p), true
}

// ExpectSums makes room for so many sums, which saves time when it is known.
func (b *Builder) ExpectSums(sums int) {
	c := &b.c
	b.sums.hint = sums
	c.sumForm, c.sumFirst = roomFor(c.sumForm, sums), roomFor(c.sumFirst, sums)
}

// roomFor returns a list with room for n more. Unlike slices.Grow, it does not write into the room.
func roomFor[S ~[]E, E any](s S, n int) S { return append(make(S, 0, len(s)+n), s...) }

// sumRoom makes room for a sum of n terms; false if there is none.
func (b *Builder) sumRoom(n int) bool {
	c := &b.c
	if len(c.sumForm) >= maxGates {
		b.fail(ErrTooLarge)
		return false
	}
	if b.full || len(c.sumForm) == cap(c.sumForm) && !b.grows(len(c.sumForm), sumBytes) ||
		!c.termRef.fits(n) && !pageRoom(b, &c.termRef, n, &c.sumFirst) ||
		len(c.forms) == cap(c.forms) && !b.grows(len(c.forms), formBytes) ||
		!c.weights.fits(n) && !pageRoom(b, &c.weights, n, nil) {
		return false
	}
	extend(&c.sumForm, 1)
	extend(&c.sumFirst, 1)
	return true
}

// nearTerm is where a sum whose latest term reads r wants to be in the table of sums: sums mostly read gates that were
// made shortly before.
func nearTerm(r Ref) uint32 { return 2 * uint32(r) }

// sumKey returns where sum s is in the table, or would be; false if it is not there.
func (b *Builder) sumKey(s uint32) (hash, near uint32, ok bool) {
	c := &b.c
	refs := c.Refs(SumID(s))
	hash = sumHash(hashRefs(refs), c.form(SumID(s)).hash)
	if len(refs) == 0 {
		return hash, hash, true
	}
	latest := refs[len(refs)-1]
	return hash, nearTerm(latest), !b.plain.has(latest)
}

// mostPlain bounds weights that can be added up without looking at overflow.
const mostPlain = limit >> 32

// isPlain reports whether a weight is such a one.
func isPlain(w int64) bool { return w > -mostPlain && w < mostPlain }

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

// copyPlainSum copies a sum of gates, each of which has become a gate of its own. Then no other such sum has the same
// terms, and only one made otherwise can be equal.
func (f *Follower) copyPlainSum(s SumID) bool {
	c, b := &f.c.Nodes, f.b
	m := &b.c
	from := c.Refs(s)
	n := len(from)
	if n == 0 || from[n-1].IsSum() || !f.adopted && c.flag(s)&sumBig != 0 || !b.sumRoom(n) {
		return false
	}
	refs := m.termRef.next(n)
	for i, r := range from {
		if f.plain.Moved[r] {
			return false
		}
		refs[i] = Ref(f.Lits[r] >> 1)
	}
	id := SumID(len(m.sumForm))
	if !b.plain.keep(refs[n-1], id) {
		return false
	}
	m.termRef.take(n)
	m.sumFirst, m.sumForm = append(m.sumFirst, m.termRef.end()), append(m.sumForm, f.form(s))
	f.copies = append(f.copies, id)
	return true
}

// CopyReduced makes a sum of the circuit, divided by the common factor of its weights and, if the first is negative, by
// −1. The sum has become factor times node, plus add. CopyReduced reports false, and does nothing, if the sum reads
// sums, has numbers beyond int64, or reads what has become a constant or has changed order.
func (f *Follower) CopyReduced(s SumID) (node SumID, factor, add int64, ok bool) {
	c, b := &f.c.Nodes, f.b
	m, old := &b.c, c.Refs(s)
	n := len(old)
	if c.flag(s)&(sumFlat|sumBig) != sumFlat || n == 0 || !b.sumRoom(n) {
		return 0, 0, 0, false
	}
	// The new references come to stand behind those there are, and stay if the sum is new.
	refs, weights := m.termRef.next(n), b.scratch(n)
	lo, hi := int64(0), int64(0)
	for i, w := range c.stored(s) {
		l := f.Lits[old[i]]
		if l.IsComplement() {
			add, w = add+w, -w
		}
		if refs[i], weights[i] = gateRef(l.Gate()), w; l.IsConst() || i > 0 && refs[i-1] >= refs[i] {
			return 0, 0, 0, false
		}
		if lo, hi = lo+min(w, 0), hi+max(w, 0); factor != 1 {
			factor = gcd(factor, max(w, -w))
		}
	}
	if lo <= -limit || hi >= limit {
		return 0, 0, 0, false
	}
	if weights[0] < 0 {
		factor = -factor
	}
	if factor != 1 {
		for i := range weights {
			weights[i] /= factor
		}
	}
	return b.internTail(weights), factor, add, true
}

// SmallSum returns the node of a sum of literals, and the constant that is to be added. It reports false, and does
// nothing, if a weight is 0 or great, or if there are constants or two literals of one gate among them.
//
// The builder must keep gates.
func (b *Builder) SmallSum(lits []Lit, own []int64) (node SumID, add int64, ok bool) {
	m, n := &b.c, len(lits)
	if n == 0 || !b.sumRoom(n) {
		return 0, 0, false
	}
	refs, weights := m.termRef.next(n), b.scratch(n)
	for i, l := range lits {
		r, w := gateRef(l.Gate()), own[i]
		if w == 0 || !isPlain(w) || l.IsConst() {
			return 0, 0, false
		}
		if l.IsComplement() {
			add, w = add+w, -w
		}
		for ; i > 0 && refs[i-1] >= r; i-- {
			if refs[i-1] == r {
				return 0, 0, false
			}
			refs[i], weights[i] = refs[i-1], weights[i-1]
		}
		refs[i], weights[i] = r, w
	}
	return b.internTail(weights), add, true
}

// scratch returns a list for the weights of a sum.
func (b *Builder) scratch(n int) []int64 {
	if cap(b.stored) < n {
		b.stored = make([]int64, grown(n))
	}
	return b.stored[:n]
}

// internTail returns the sum with the given weights, whose limits are small, of the gates that stand behind the
// references of all sums there are. If it is new they stay there.
func (b *Builder) internTail(weights []int64) SumID {
	f := gatesForm(weights)
	s, _ := b.lastSum(b.c.termRef.next(len(weights)), weights, f, func() uint32 { return b.forms.of(weights, f) })
	return s
}

// gcd returns the greatest common divisor of two numbers that are not negative.
func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// plainSums are sums of a builder that are copies of those of another circuit, and so differ from each other. They come
// into the table of sums when one is looked for that has the same latest term.
type plainSums struct {
	latest []uint32 // by gate: the last of them of which it is the latest term, or entered; nil: there are none
	before []uint32 // by sum: the one kept before it with the same latest term
}

// entered says of a gate that its sums are in the table of sums.
const entered = ^uint32(0)

// keep keeps a sum out of the table; false if it has to be looked for.
func (p *plainSums) keep(latest Ref, s SumID) bool {
	if int(latest) >= len(p.latest) {
		p.latest = append(p.latest, make([]uint32, int(latest)+1-len(p.latest))...)
	}
	last := p.latest[latest]
	if last == entered {
		return false
	}
	for len(p.before) <= int(s) {
		p.before = append(p.before, 0)
	}
	p.before[s], p.latest[latest] = last, uint32(s)
	return true
}

// has reports whether the sums with the given latest term are kept out of the table.
func (p *plainSums) has(latest Ref) bool {
	return p.latest != nil && !latest.IsSum() && int(latest) < len(p.latest) && p.latest[latest] != 0 &&
		p.latest[latest] != entered
}

// enterPlain enters the plain sums with the given latest term into the table of sums.
func (b *Builder) enterPlain(latest Ref) {
	p := &b.plain
	if p.latest == nil || latest.IsSum() {
		return
	}
	if int(latest) >= len(p.latest) {
		p.latest = append(p.latest, make([]uint32, int(latest)+1-len(p.latest))...)
	}
	last := p.latest[latest]
	if p.latest[latest] = entered; last == entered {
		return
	}
	c := &b.c
	for s := last; s != 0; s = p.before[s] {
		hash, near, _ := b.sumKey(s)
		// The table may have grown meanwhile, and then has all of them.
		if at := b.sums.find(hash, near, func(id uint32) bool { return id == s }); at.id == 0 {
			b.sums.putEarly(at, s, uint32(len(c.sumForm)-1))
		}
	}
}
