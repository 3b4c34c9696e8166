package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// merger finds gates by their function of their inputs. The key of a gate is a tag and its inputs
// in normal form; the table holds the literal that computes the function of the key.
type merger struct {
	*rewriter
	table *table
	key   []uint32
	kept  keptGates
	long  map[*int64]uint32 // long lists of residues, numbered
}

// The tags of keys.
const (
	keyAnd     = iota // the sorted literals of a conjunction
	keyXor            // the sorted positive literals of a parity
	keyBound          // the sum and the bound of [sum ≥ bound]
	keyMod            // the sum, the modulus and the residues, those accepted or the others, whichever are fewer
	keyModZero        // the same with the residues that are accepted, of which 0 is one
	keySame           // the kind and the input of NOT or BUF
	keyModulus        // the sum with factor and constant, and the number of a long modulus as it is
)

// mergeEqual makes one gate of those with one key. Sums are divided by their common
// factor and sign first, so that equal ones are one.
func mergeEqual(r *rewriter) rule {
	m := &merger{rewriter: r}
	bounds, keys := 0, 0
	for g, n := range r.near {
		switch {
		case n <= r.last:
		case r.c.Kind(circuit.Gate(g)).HasBound():
			bounds++
		default:
			keys++
		}
	}
	m.table = r.pool.emptyTable(keys)
	m.table.room(bounds, r.c.SumCount())
	if r.last > 0 {
		m.kept = newKeptGates(r)
	}
	r.reduce, r.keep = true, m.keeps
	return m.gate
}

func (m *merger) gate(g circuit.Gate) (circuit.Lit, bool) {
	if !m.stale && m.keeps(g) {
		return m.copy(g), false
	}
	out := m.keyOf(g)
	if r := m.unkept(); r != 0 {
		m.enter(r)
		out = m.keyOf(g)
	}
	l, slot, ok := m.find(g)
	if ok && m.fits(g, l^out) {
		return l ^ out, true
	}
	made := m.copy(g)
	late := m.model.Complement != 0 && m.c.Kind(g).HasBound() && !m.fits(g, made)
	if late { // a sum of the other sign has complemented it
		made = m.plainBound(g)
	}
	if ok || late {
		m.refuse(g)
	}
	if !ok {
		m.table.put(slot, m.key, made^out)
	}
	return made, false
}

// find looks for the key at work, which is that of gate g.
func (m *merger) find(g circuit.Gate) (l circuit.Lit, at spot, ok bool) {
	if m.key[0] == keyBound && len(m.key) == 4 {
		return m.table.findBound(m.key, m.near(g))
	}
	return m.table.find(m.key, m.near(g))
}

// near is where the key of g wants to be in the table, which has two slots for each gate: gates with
// one key stand where the latest gate stands that they read, or their sum.
func (m *merger) near(g circuit.Gate) uint32 {
	if m.c.Kind(g).ReadsSum() {
		return 8 * m.key[1] // several bounds on each sum
	}
	return m.key[len(m.key)-1]
}

// keyOf makes the key of g, and returns the complement of its function.
func (m *merger) keyOf(g circuit.Gate) (out circuit.Lit) {
	k := m.c.Kind(g)
	m.key = m.key[:0]
	switch k {
	case gates.Threshold, gates.Majority:
		return m.boundKey(g)
	case gates.Mod:
		return m.modKey(g)
	case gates.Buf, gates.Not:
		m.key = append(m.key, keySame, uint32(k), uint32(m.Fanin(g)[0]))
		return 0
	}
	if isXor(k) {
		lits, flip := m.tidyParity(g)
		m.list(keyXor, lits)
		return flip
	}
	_, out, _ = asAnd(k)
	lits, never := m.tidyConjunction(g)
	if never {
		lits = append(lits[:0], circuit.False)
	}
	m.list(keyAnd, lits)
	return out
}

func (m *merger) list(tag uint32, lits []circuit.Lit) {
	m.key = append(m.key, tag)
	for _, l := range lits {
		m.key = append(m.key, uint32(l))
	}
}

func (m *merger) boundKey(g circuit.Gate) circuit.Lit {
	s, t := m.c.Bound(g)
	a := m.sum(s)
	u, flip := t, false
	if a.mul.IsZero() {
		u = t.Sub(a.add)
	} else {
		u, flip = a.solve(t)
	}
	m.key = append(m.key, keyBound, uint32(a.node))
	if v, ok := u.Int64(); ok {
		m.key = append(m.key, uint32(v), uint32(v>>32))
	} else {
		m.key = append(m.key, uint32(u.Sign()))
		for _, b := range u.Big().Bytes() {
			m.key = append(m.key, uint32(b))
		}
	}
	return circuit.False.NotIf(flip)
}

func (m *merger) modKey(g circuit.Gate) (out circuit.Lit) {
	s, mod := m.c.Modulus(g)
	a := m.sum(s)
	if n := int64(len(mod.Residues)); min(n, mod.M-n) > mostResidues {
		return m.longModKey(a, mod)
	}
	own := mod.Of(a.mul, a.add)
	rest := own.Others()
	if more := len(own.Residues) - len(rest.Residues); more > 0 || more == 0 && own.Residues[0] == 0 {
		own, out = rest, 1
	}
	m.key = append(m.key, keyMod, uint32(a.node), uint32(own.M))
	for _, v := range own.Residues {
		m.key = append(m.key, uint32(v))
	}
	return out
}

// mostResidues bounds the length of keys: a circuit stores a list of residues once for
// all its gates.
const mostResidues = 64

// longModKey makes the key of a gate with many residues, accepted and refused: only gates
// of one modulus, factor and constant are found equal then.
func (m *merger) longModKey(a affine, mod circuit.Modulus) circuit.Lit {
	if m.long == nil {
		m.long = map[*int64]uint32{}
	}
	number, ok := m.long[&mod.Residues[0]]
	if !ok {
		number = uint32(len(m.long))
		m.long[&mod.Residues[0]] = number
	}
	m.key = append(m.key, keyModulus, uint32(a.node), number)
	for _, v := range []circuit.Int{a.mul, a.add} {
		m.key = append(m.key, uint32(v.Residue(mod.M)))
	}
	return 0
}

// plainBound makes threshold gate g on a sum of its own sign, where reading the gate of
// the other sign complemented would cost depth.
func (m *merger) plainBound(g circuit.Gate) circuit.Lit {
	s, t := m.c.Bound(g)
	a := m.sum(s)
	m.linear.Add(a.mul, m.node(a.node))
	return m.threshold(m.c.Kind(g), m.intern(), t.Sub(a.add))
}
