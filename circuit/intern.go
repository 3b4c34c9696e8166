package circuit

import (
	"fmt"
	"math/big"
	"math/bits"
)

// limit keeps the numbers of small sums so far from overflow that the sum or
// difference of any two of them still fits an int64.
const limit = 1 << 61

// smallRange reports whether a sum from lo to hi can be small.
func smallRange(lo, hi Int) bool {
	return lo.big == nil && hi.big == nil && lo.small > -limit && hi.small < limit
}

// internSum returns the sum node with the given merged terms, making it if it is
// new.
func (b *Builder) internSum(terms []refTerm) SumID {
	c := &b.c
	small := true
	for _, t := range terms {
		small = small && t.weight.big == nil
	}
	hash := uint32(len(terms))
	for _, t := range terms {
		h := t.weight.small
		if t.weight.big != nil {
			h = int64(t.weight.big.Bits()[0]) ^ int64(t.weight.big.BitLen())
		}
		hash = hash1(hash1(hash, uint32(t.ref)), uint32(h)^bits.RotateLeft32(uint32(h>>32), 7))
	}
	p := b.sums.seek(hash, hash)
	for ; p.id != 0; p = b.sums.next(p) {
		if b.sumEqual(SumID(p.id), terms) {
			return SumID(p.id)
		}
	}

	lo, hi, flag := b.limits(terms)
	id := SumID(len(c.sumFlag))
	if !b.room(len(c.termRef)+len(terms)) || !b.room(2*int(id)+2) {
		return 0
	}
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

// limits returns the range of the terms' sum, and the flags that its shape earns.
func (b *Builder) limits(terms []refTerm) (lo, hi Int, flag sumFlag) {
	return b.c.limitsOf(len(terms), func(i int) (Ref, Int) { return terms[i].ref, terms[i].weight })
}

// flagOf returns the flags that the shape of a sum earns.
func flagOf(n int, term func(int) (Ref, Int)) sumFlag {
	flag := sumFlat | sumUnit
	for i := range n {
		r, w := term(i)
		if r.IsSum() {
			return 0
		}
		if w.big != nil || w.small != 1 && w.small != -1 {
			flag &^= sumUnit
		}
	}
	return flag
}

func (c *Circuit) limitsOf(n int, term func(int) (Ref, Int)) (lo, hi Int, flag sumFlag) {
	flag = flagOf(n, term)
	for i := range n {
		r, w := term(i)
		tlo, thi := Int{}, w
		if r.IsSum() {
			slo, shi := c.Limits(r.Sum())
			tlo, thi = w.Mul(slo), w.Mul(shi)
		}
		if w.Sign() < 0 {
			tlo, thi = thi, tlo
		}
		lo, hi = lo.Add(tlo), hi.Add(thi)
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
	if b.bigIndex == nil {
		b.bigIndex = make(map[string]int64)
	}
	i := int64(len(b.c.bigs))
	b.c.bigs = append(b.c.bigs, new(big.Int).Set(v.shared()))
	b.bigIndex[key] = i
	return i
}

func (b *Builder) sumEqual(s SumID, terms []refTerm) bool {
	c := &b.c
	refs := c.Refs(s)
	if len(refs) != len(terms) {
		return false
	}
	for i, t := range terms {
		if refs[i] != t.ref {
			return false
		}
	}
	if weights, ok := c.SmallWeights(s); ok {
		for i, t := range terms {
			if t.weight.big != nil || t.weight.small != weights[i] {
				return false
			}
		}
		return true
	}
	for i, t := range terms {
		if c.Weight(s, i).Cmp(t.weight) != 0 {
			return false
		}
	}
	return true
}
