package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// maxLiterals is how many literals a sum in AC0 reads at most.
const maxLiterals = 4096

// planKey names a number: a sum, a sum modulo m, or the literals of a XOR gate.
type planKey struct {
	gate circuit.Gate
	sum  circuit.SumID
	m    int64 // 0: the number itself counts
}

// plan says how a number is computed: from the leaves of a cut, or from blocks of its terms.
type plan struct {
	leaves   []circuit.Gate
	terms    []gateTerm // of the number, if there is no cut
	constant circuit.Int
	blocks   []block

	literals []term // the rest of the blocks when they are made
	values   []circuit.Int
	pair     *pair // instead of literals and values
}

// block is a part of a number, with a cut that decides it.
type block struct {
	terms  []gateTerm
	leaves []circuit.Gate
}

type gateTerm struct {
	gate   circuit.Gate
	weight circuit.Int
}

// planCovers decides, from the outputs to the inputs, which gates are leaves of a
// cut and have to be made.
func planCovers(m *maker) (*coverer, error) {
	v := &coverer{
		maker: m, plans: map[planKey]*plan{}, chains: map[circuit.Gate]*chain{},
		cones: map[string]*cone{}, covers: map[string]*sumOfProducts{},
	}
	all := newCuts(m.c, m.need)
	m.need = make([]bool, m.c.Len())
	for _, x := range m.c.Outputs() {
		m.need[x.Gate()] = true
	}
	for g := circuit.Gate(m.c.Len() - 1); g > 0; g-- {
		if !m.need[g] {
			continue
		}
		kind, _ := m.c.Kind(g).Plain()
		switch kind {
		case gates.Input:
		case gates.Buf, gates.And, gates.Or:
			for _, x := range m.c.Fanin(g) {
				m.need[x.Gate()] = true
			}
		default:
			if err := v.plan(all, g, kind); err != nil {
				return nil, err
			}
			if err := m.room(g); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func (m *maker) mark(leaves []circuit.Gate) {
	for _, g := range leaves {
		m.need[g] = true
	}
}

func (v *coverer) key(g circuit.Gate, kind gates.Kind) planKey {
	switch kind {
	case gates.Xor:
		return planKey{gate: g, m: 2}
	case gates.Mod:
		s, modulus := v.c.Modulus(g)
		return planKey{sum: s, m: modulus.M}
	}
	s, _ := v.c.Bound(g)
	return planKey{sum: s}
}

// plan decides from which gates gate g is made, and marks these as needed.
func (v *coverer) plan(all *cuts, g circuit.Gate, kind gates.Kind) error {
	key := v.key(g, kind)
	p, ok := v.plans[key]
	if !ok {
		p = &plan{leaves: all.of(g)}
		if p.leaves == nil {
			v.read(p, g, kind)
		}
		v.plans[key] = p
	}
	if p.leaves != nil {
		v.mark(p.leaves)
		return nil
	}
	if kind.HasBound() {
		_, t := v.c.Bound(g)
		if c := newChain(p.terms, t); c != nil {
			v.chains[g] = c
			for _, x := range p.terms {
				v.need[x.gate] = true
			}
			return nil
		}
	}
	if len(p.terms) > maxLiterals {
		return v.refuse(g, len(p.terms), "more than the limit of %d", maxLiterals)
	}
	if p.blocks == nil {
		direct, coned := directBlocks(p.terms), all.blocks(p.terms)
		p.blocks = coned
		if width(direct, key.m) < width(coned, key.m) {
			p.blocks = direct
		}
	}
	for _, b := range p.blocks {
		v.mark(b.leaves)
	}
	return nil
}

// read finds the terms of the number that gate g depends on.
func (v *coverer) read(p *plan, g circuit.Gate, kind gates.Kind) {
	if s, ok := v.c.ReadsSum(g); ok {
		from, weights := v.c.Flatten(s)
		for i, x := range from {
			p.terms = append(p.terms, gateTerm{x, weights[i]})
		}
		return
	}
	for _, x := range v.c.Fanin(g) {
		p.terms = append(p.terms, gateTerm{x.Gate(), circuit.NewInt(1)})
		if x.IsComplement() { // 1 − x and 1 + x are the same modulo 2
			p.constant = p.constant.Add(circuit.NewInt(1))
		}
	}
}

// refuse returns the error for a sum that is too large for AC0.
func (v *coverer) refuse(g circuit.Gate, literals int, format string, args ...any) error {
	args = append([]any{v.c.Kind(g), literals}, args...)
	return v.fail(g, "the sum of this %v gate reads %d literals, "+format+
		"; only comparisons, and sums over a number of literals that does not grow with n, belong to AC0"+
		" (parity and majority are not in it: Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986)", args...)
}

// directBlocks makes blocks of literals with weights that are near to each other.
func directBlocks(terms []gateTerm) []block {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(x, y gateTerm) int { return x.weight.Abs().Cmp(y.weight.Abs()) })
	var blocks []block
	for part := range slices.Chunk(terms, maxLeaves) {
		b := block{terms: part}
		for _, t := range part {
			if t.gate != 0 {
				b.leaves = append(b.leaves, t.gate)
			}
		}
		slices.Sort(b.leaves)
		b.leaves = slices.Compact(b.leaves)
		blocks = append(blocks, b)
	}
	return blocks
}

// blocks makes blocks of literals that depend on the same gates further down.
func (k *cuts) blocks(terms []gateTerm) []block {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(x, y gateTerm) int {
		return slices.Compare(k.deepest[x.gate], k.deepest[y.gate])
	})
	blocks := []block{{leaves: []circuit.Gate{}}}
	for _, t := range terms {
		last := &blocks[len(blocks)-1]
		if leaves := union(last.leaves, k.deepest[t.gate]); leaves != nil {
			last.terms, last.leaves = append(last.terms, t), leaves
			continue
		}
		blocks = append(blocks, block{[]gateTerm{t}, k.deepest[t.gate]})
	}
	return blocks
}

// width returns a bound on the number of digits that the blocks come to.
func width(blocks []block, m int64) int {
	sum := 0
	for _, b := range blocks {
		var unit, most circuit.Int
		for _, t := range b.terms {
			w := t.weight.Abs()
			if m > 0 {
				w = t.weight.Mod(circuit.NewInt(m))
			}
			unit, most = unit.GCD(w), most.Add(w)
		}
		if m > 0 {
			most = most.Min(circuit.NewInt(m - 1))
		}
		if !unit.IsZero() {
			sum += most.CeilDiv(unit).BitLen()
		}
	}
	return sum
}
