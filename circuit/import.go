package circuit

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// Import makes the gates of c with the given literals in the place of its input wires,
// and returns what each gate of c has become. A builder that normalises folds and merges
// on the way: gates that are decided become constants, and gates that were made before,
// by whatever circuit, are not made again. A stage of c continues the stage of the same
// name within the one that is open.
//
// Every gate is made, whether an output depends on it or not. The number of literals must
// be that of the input wires.
func (b *Builder) Import(c *Circuit, inputs []Lit) ([]Lit, error) {
	return b.importAll(c, inputs, false)
}

// ImportFlat is [Builder.Import] with every sum multiplied out, so that threshold gates on
// sums that are equal, and only nested otherwise, become the same. It takes memory for
// every wire of c.
func (b *Builder) ImportFlat(c *Circuit, inputs []Lit) ([]Lit, error) {
	return b.importAll(c, inputs, true)
}

func (b *Builder) importAll(c *Circuit, inputs []Lit, flat bool) ([]Lit, error) {
	if len(inputs) != len(c.Inputs()) {
		return nil, fmt.Errorf("circuit: %d literals for %d input wires", len(inputs), len(c.Inputs()))
	}
	m := importer{b: b, c: c, lits: make([]Lit, c.Len()), sums: make([]Sum, 0, c.SumCount())}
	if flat {
		m.flat, m.sums = newFlattener(c), make([]Sum, c.SumCount())
	}
	for i, g := range c.Inputs() {
		m.lits[g] = inputs[i]
	}
	stages := b.Follow(c)
	for g := range Gate(c.Len()) {
		if c.Kind(g).IsSource() {
			continue
		}
		stages.Enter(c.StageOf(g))
		l, err := m.gate(g)
		if err != nil {
			return nil, err
		}
		m.lits[g] = l
	}
	stages.Enter(0)
	return m.lits, nil
}

// importer makes the gates of one circuit in the builder of another.
type importer struct {
	b    *Builder
	c    *Circuit
	lits []Lit // by gate of c
	sums []Sum // by sum of c, as far as they are made
	in   []Lit // scratch

	flat *flattener // nil: sums stay nested
	done SumID      // the sum that was flattened last; thresholds on one sum mostly come together
}

func (m *importer) gate(g Gate) (Lit, error) {
	b, c := m.b, m.c
	m.in = m.in[:0]
	for _, l := range c.Fanin(g) {
		m.in = append(m.in, m.lits[l.Gate()].NotIf(l.IsComplement()))
	}
	switch k := c.Kind(g); k {
	case gates.Buf:
		return b.Buf(m.in[0]), nil
	case gates.Not:
		return b.Not(m.in[0]), nil
	case gates.And:
		return b.And(m.in...), nil
	case gates.Nand:
		return b.Nand(m.in...), nil
	case gates.Or:
		return b.Or(m.in...), nil
	case gates.Nor:
		return b.Nor(m.in...), nil
	case gates.Xor:
		return b.Xor(m.in...), nil
	case gates.Xnor:
		return b.Xnor(m.in...), nil
	case gates.Majority, gates.Threshold:
		s, t := c.Bound(g)
		return b.Threshold(m.sum(s), t), nil
	case gates.Mod:
		s, modulus := c.Modulus(g)
		return b.ModSum(modulus.M, modulus.Residues, m.sum(s)), nil
	default:
		return False, fmt.Errorf("circuit: gate %d is of kind %v", g, k)
	}
}

func (m *importer) sum(s SumID) Sum {
	if m.flat != nil {
		return m.flatSum(s)
	}
	for at := SumID(len(m.sums)); at <= s; at++ {
		terms := m.b.Linear()
		for i, r := range m.c.Refs(at) {
			of := Sum{}
			if r.IsSum() {
				of = m.sums[r.Sum()]
			} else {
				of = m.lits[r.Gate()].Value()
			}
			terms.Add(m.c.Weight(at, i), of)
		}
		m.sums = append(m.sums, terms.Sum())
	}
	return m.sums[s]
}

// flatSum makes sum s of what it reads in the end.
func (m *importer) flatSum(s SumID) Sum {
	if s == 0 || m.done == s {
		return m.sums[s]
	}
	m.flat.expand(s)
	slices.Sort(m.flat.touched)
	terms := m.b.Linear()
	for _, g := range m.flat.touched {
		terms.AddLit(m.flat.weight(g), m.lits[g])
	}
	m.sums[s], m.done = terms.Sum(), s
	return m.sums[s]
}
