package basis

import (
	"math"
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
	blocks   []block // nil: the first digits are those of the terms themselves
	score    float64 // of the rounds of digits

	pair *pair // the rest of the digits when they are made
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
		twoLevels: map[circuit.Gate]twoLevels{}, users: map[circuit.SumID]int{},
	}
	for g := range circuit.Gate(m.c.Len()) {
		if kind := m.c.Kind(g); m.need[g] && kind.HasBound() {
			s, _ := m.c.Bound(g)
			v.users[s]++
		}
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
	var c *chain
	score := math.Inf(1) // of other ways than two levels
	if kind.HasBound() {
		s, t := v.c.Bound(g)
		if c = newChain(p.terms, t); c != nil {
			score = c.score()
		}
		if c == nil && len(p.terms) <= maxLiterals || len(p.terms) <= maxPaired {
			v.planBlocks(all, p, key.m)
			if share := p.score / float64(v.users[s]); share < score {
				c, score = nil, share
			}
		}
		if two, ok := planTwoLevels(p.terms, t, score); ok {
			v.twoLevels[g] = two
			v.needTerms(p)
			return nil
		}
	}
	if c != nil {
		v.chains[g] = c
		v.needTerms(p)
		return nil
	}
	if len(p.terms) > maxLiterals {
		return v.refuse(g, len(p.terms), "more than the limit of %d", maxLiterals)
	}
	v.planBlocks(all, p, key.m)
	if p.blocks == nil {
		v.needTerms(p)
	}
	for _, b := range p.blocks {
		v.mark(b.leaves)
	}
	return nil
}

func (v *coverer) needTerms(p *plan) {
	for _, t := range p.terms {
		v.need[t.gate] = true
	}
}

// planBlocks decides, once, whether the first digits are those of the terms themselves or of blocks
// over cuts.
func (v *coverer) planBlocks(all *cuts, p *plan, m int64) {
	if p.score > 0 {
		return
	}
	var weights []circuit.Int
	for _, t := range p.terms {
		w := t.weight.Abs()
		if m > 0 {
			w = t.weight.Mod(circuit.NewInt(m))
		}
		if !w.IsZero() {
			weights = append(weights, w)
		}
	}
	p.score = planRounds(weights, m, maxRounds, 0).score
	blocks := all.blocks(p.terms)
	if score := planCones(blocks, m).score; score < p.score {
		p.blocks, p.score = blocks, score
	}
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

// refuse returns the error for a sum that is too large for this construction.
func (v *coverer) refuse(g circuit.Gate, literals int, format string, args ...any) error {
	args = append([]any{v.c.Kind(g), literals}, args...)
	return v.fail(g, "the sum of this %v gate reads %d literals, "+format+
		"; this is a limit of the construction, which other circuits of AND and OR gates need not have"+
		" (for parity and majority there is none of constant depth and polynomial size for every n)", args...)
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

// width returns the unit of the number of a block, and a bound on its digits in these.
func width(b block, m int64) (unit circuit.Int, digits int) {
	var most circuit.Int
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
	if unit.IsZero() {
		return unit, 0
	}
	return unit, most.CeilDiv(unit).BitLen()
}
