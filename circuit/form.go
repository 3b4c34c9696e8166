package circuit

import "slices"

// form is what sums have in common that weigh other gates in the same way. A network does so at each of its positions
// and for each of its inputs, so that hundreds of thousands of sums are mostly of a few hundred forms, and a sum itself
// takes little more than the names of what it reads.
type form struct {
	lo, hi int64  // its value lies between them, with all its partial sums, since every term can be 0
	from   uint32 // where its weights are
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
func (c *Nodes) stored(s SumID) []int64 { return c.weightsOf(c.form(s)) }

// weightsOf returns the weights of a form.
func (c *Nodes) weightsOf(f *form) []int64 { return c.weights.at(f.from)[:f.n] }

// plainForm returns the form of a sum of gates with weights far from any overflow, which most are. It reports false for
// others. The references are in order.
func plainForm(refs []Ref, weights []int64) (f form, ok bool) {
	if n := len(refs); n == 0 || refs[n-1].IsSum() {
		return form{}, false
	}
	for _, w := range weights {
		if !isPlain(w) {
			return form{}, false
		}
	}
	return gatesForm(weights), true
}

// gatesForm returns the form of a sum of gates that is not big.
func gatesForm(weights []int64) form {
	flag, lo, hi, hash := sumFlat|sumUnit, int64(0), int64(0), uint64(len(weights))
	for _, w := range weights {
		lo, hi, hash = lo+min(w, 0), hi+max(w, 0), mix(hash, uint64(w))
		if w != 1 && w != -1 {
			flag &^= sumUnit
		}
	}
	return form{lo: lo, hi: hi, hash: mixed(hash), flag: flag}
}

// hashStored is the hash of weights as they are stored in a sum that is big or not.
func (c *Nodes) hashStored(flag sumFlag, weights []int64) uint32 {
	hash := uint64(len(weights))
	for _, w := range weights {
		hash = mix(hash, uint64(hashed(c.numberOf(flag, w))))
	}
	return mixed(hash)
}

// formTable finds the forms of the nodes that are made, so that each is there once. If there are many, it forgets all
// of them from time to time, since a table of all forms would be far from the processor. Where hardly two sums are of
// one form, as with random weights, there is nothing to find, and it does not even look for a while. Then a form may be
// there more than once.
type formTable struct {
	nodes  *Nodes
	ids    idTable
	latest [64]uint32 // by hash: the form that was asked for last; sums of one form mostly come together
	from   uint32     // the first form that is not forgotten
	found  int        // how often a form was found since then
	blind  int        // how many forms are made without a look
}

// mostForms is how many forms a table remembers.
const mostForms = 1 << 16 / 4 * 3

func newFormTable(c *Nodes) *formTable {
	t := &formTable{nodes: c}
	t.ids.key = func(id uint32) (hash, near uint32, ok bool) {
		hash = c.forms[id].place()
		return hash, hash, id >= t.from
	}
	return t
}

// place is the hash of a form.
func (f *form) place() uint32 { return hash2(f.hash^uint32(f.lo), uint32(f.hi)) }

// isForm reports whether form id has the weights, as they are stored, hash, limits and flags.
func (c *Nodes) isForm(id uint32, weights []int64, f *form) bool {
	g := &c.forms[id]
	return g.hash == f.hash && g.lo == f.lo && g.hi == f.hi && g.flag == f.flag &&
		slices.Equal(c.weightsOf(g), weights)
}

// of returns the form with the given weights, as they are stored, hash, limits and flags. It makes it if it is new.
func (t *formTable) of(weights []int64, f form) uint32 {
	c := t.nodes
	last := &t.latest[f.hash%uint32(len(t.latest))]
	if c.isForm(*last, weights, &f) {
		return *last
	}
	if t.blind > 0 {
		t.blind--
		*last = t.add(weights, f)
		return *last
	}
	hash := f.place()
	p := t.ids.find(hash, hash, func(id uint32) bool { return c.isForm(id, weights, &f) })
	if *last = p.id; p.id != 0 {
		t.found++
		return p.id
	}
	if *last = t.add(weights, f); t.ids.used < mostForms-1 {
		t.ids.put(p, *last)
		return *last
	}
	if t.found < mostForms {
		t.blind = 8 * mostForms
	}
	t.ids.empty()
	t.from, t.found = uint32(len(c.forms)), 0
	return *last
}

// add makes a form.
func (t *formTable) add(weights []int64, f form) uint32 {
	c := t.nodes
	f.from, f.n = c.weights.append(weights), uint32(len(weights))
	extend(&c.forms, 1)
	c.forms = append(c.forms, f)
	return uint32(len(c.forms) - 1)
}

// adopt takes over the forms of c, with the numbers that they have there, if there are none yet. It reports false if
// there are some, or if some of those of c are big.
func (t *formTable) adopt(c *Nodes) bool {
	n := t.nodes
	if len(n.forms) > 1 || slices.ContainsFunc(c.forms, func(f form) bool { return f.flag&sumBig != 0 }) {
		return false
	}
	n.forms, n.weights = append(n.forms[:0], c.forms...), c.weights.shared()
	t.from = uint32(len(n.forms))
	return true
}
