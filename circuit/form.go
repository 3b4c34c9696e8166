package circuit

import "slices"

// form is what sums have in common that weigh other gates in the same way. A network does so at each of its positions
// and for each of its inputs, so that hundreds of thousands of sums are mostly of a few hundred forms, and a sum itself
// takes little more than the names of what it reads.
type form struct {
	lo, hi int64  // its value lies between them, with all its partial sums, since every term can be 0
	from   uint32 // its weights are weights[from:from+n]
	n      uint32
	hash   uint32 // of the weights, as hashStored has it
	flag   sumFlag
}

type sumFlag uint8

const (
	sumBig  sumFlag = 1 << iota // numbers are indices into bigs
	sumFlat                     // every term is a gate
	sumUnit                     // flat, and every weight is 1 or −1
)

// emptyForm is that of sum 0, and form 0.
func emptyForm() form { return form{flag: sumFlat | sumUnit} }

// form returns the form of s.
func (c *Nodes) form(s SumID) *form { return &c.forms[c.sumForm[s]] }

// flag returns the flags of s.
func (c *Nodes) flag(s SumID) sumFlag { return c.forms[c.sumForm[s]].flag }

// stored returns the weights of s as they are stored, for number.
func (c *Nodes) stored(s SumID) []int64 {
	f := c.form(s)
	return c.weights[f.from : f.from+f.n]
}

// plainForm returns the form of a sum of gates with weights far from any overflow, which most are. It reports false for
// others. The references are in order.
func plainForm(refs []Ref, weights []int64) (f form, ok bool) {
	if n := len(refs); n == 0 || refs[n-1].IsSum() {
		return form{}, false
	}
	f = form{hash: uint32(len(weights)), flag: sumFlat | sumUnit}
	for _, w := range weights {
		if w <= -mostPlain || w >= mostPlain {
			return form{}, false
		}
		f.take(w)
	}
	return f, true
}

// take takes the weight of a gate, not a great one, into a form.
func (f *form) take(w int64) {
	f.lo, f.hi, f.hash = f.lo+min(w, 0), f.hi+max(w, 0), hashWeight(f.hash, w)
	if w != 1 && w != -1 {
		f.flag &^= sumUnit
	}
}

// hashWeight takes a weight into the hash of those of a sum, which begins as their number.
func hashWeight(hash uint32, weight int64) uint32 {
	return hash2(hash^uint32(uint64(weight)*0x9E3779B97F4A7C15>>32), uint32(weight))
}

// hashStored is the hash of weights as they are stored in a sum that is big or not.
func (c *Nodes) hashStored(flag sumFlag, weights []int64) uint32 {
	hash := uint32(len(weights))
	for _, w := range weights {
		hash = hashWeight(hash, hashed(c.numberOf(flag, w)))
	}
	return hash
}

// formTable finds the forms of the nodes that are made, so that each is there once.
type formTable struct {
	nodes *Nodes
	ids   idTable
	last  uint32 // the form that was asked for last: sums of one form mostly come together
}

func newFormTable(c *Nodes) *formTable {
	t := &formTable{nodes: c}
	t.ids.key = func(id uint32) (hash, near uint32, ok bool) {
		hash = c.forms[id].place()
		return hash, hash, true
	}
	return t
}

// place is the hash of a form.
func (f *form) place() uint32 { return hash2(f.hash^uint32(f.lo), uint32(f.hi)) }

// of returns the form with the given weights, as they are stored, hash, limits and flags. It makes it if it is new.
func (t *formTable) of(weights []int64, f form) uint32 {
	c := t.nodes
	same := func(id uint32) bool {
		g := &c.forms[id]
		return g.hash == f.hash && g.lo == f.lo && g.hi == f.hi && g.flag == f.flag &&
			slices.Equal(c.weights[g.from:g.from+g.n], weights)
	}
	if same(t.last) {
		return t.last
	}
	hash := f.place()
	p := t.ids.find(hash, hash, same)
	if p.id == 0 {
		f.from, f.n = uint32(len(c.weights)), uint32(len(weights))
		p.id = uint32(len(c.forms))
		c.forms, c.weights = append(c.forms, f), append(c.weights, weights...)
		t.ids.put(p, p.id)
	}
	t.last = p.id
	return p.id
}
