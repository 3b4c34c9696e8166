package basis

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// coverer makes gates of AND and OR gates. Any other gate becomes a cover over a small cut.
type coverer struct {
	*maker
	plans  map[planKey]*plan
	chains map[circuit.Gate]*chain
	users  map[circuit.SumID]int // threshold gates on a sum
	cones  map[string]*cone

	twoLevels map[circuit.Gate]twoLevels
	covers    map[string]*sumOfProducts // by truth table
}

func (v *coverer) gate(g circuit.Gate, kind gates.Kind) (circuit.Lit, error) {
	switch kind {
	case gates.And:
		return v.b.And(v.Fanin(g)...), nil
	case gates.Or:
		return v.b.Or(v.Fanin(g)...), nil
	}
	if two, ok := v.twoLevels[g]; ok {
		_, t := v.c.Bound(g)
		return v.makeTwoLevels(v.plans[v.key(g, kind)].terms, t, two.dual), nil
	}
	if c := v.chains[g]; c != nil {
		return v.makeChain(c), nil
	}
	p := v.plans[v.key(g, kind)]
	if p.leaves != nil {
		_, complement := v.c.Kind(g).Plain() // is in the table, and not part of the query
		return v.cover(v.cone(p.leaves).ofGate(g), v.lits(p.leaves)).NotIf(complement), nil
	}
	if p.pair == nil {
		if err := v.makeBlocks(g, p, v.key(g, kind).m); err != nil {
			return circuit.False, err
		}
	}
	holds := v.condition(g, kind)
	return v.makePair(p.pair, p.constant, v.key(g, kind).m, holds), nil
}

// parity is the condition of a XOR gate on the number of its inputs that are 1.
var parity = circuit.Modulus{M: 2, Residues: []int64{1}}

// condition returns the condition of gate g on its number.
func (v *coverer) condition(g circuit.Gate, kind gates.Kind) func(circuit.Int) bool {
	switch kind {
	case gates.Xor:
		return parity.Accepts
	case gates.Mod:
		_, modulus := v.c.Modulus(g)
		return modulus.Accepts
	}
	_, t := v.c.Bound(g)
	return func(x circuit.Int) bool { return x.Cmp(t) >= 0 }
}

func (v *coverer) lits(leaves []circuit.Gate) []circuit.Lit {
	lits := make([]circuit.Lit, len(leaves))
	for i, g := range leaves {
		lits[i] = v.Lits[g]
	}
	return lits
}

// cone returns the tables over the leaves. It keeps a few of those made before, since
// gates on one sum mostly come together.
func (v *coverer) cone(leaves []circuit.Gate) *cone {
	const cones, words = 16, 1 << 25
	key := make([]byte, 0, 4*maxLeaves)
	for _, g := range leaves {
		key = binary.LittleEndian.AppendUint32(key, uint32(g))
	}
	if k, ok := v.cones[string(key)]; ok && k.words() < words {
		return k
	}
	if len(v.cones) >= cones {
		clear(v.cones)
	}
	k := newCone(v.c, leaves)
	v.cones[string(key)] = k
	return k
}

// makeBlocks makes the digits of the blocks, then the digits of blocks of digits, until few
// literals are left.
func (v *coverer) makeBlocks(g circuit.Gate, p *plan, m int64) error {
	start := v.b.Len()
	e := newExpression()
	e.constant = p.constant
	for _, b := range p.blocks {
		values := make([]circuit.Int, 1<<len(b.leaves))
		k := v.cone(b.leaves)
		for _, t := range b.terms {
			addTable(values, k.ofGate(t.gate), t.weight)
		}
		v.encodeInto(e, values, v.lits(b.leaves), m)
		if err := v.room(g); err != nil {
			return err
		}
	}
	if p.blocks == nil {
		for _, t := range p.terms {
			e.add(v.Lits[t.gate], t.weight)
		}
	}
	for left := maxRounds; ; left-- {
		var terms []term
		terms, p.constant = modularTerms(e, m)
		slices.SortStableFunc(terms, byWeight)
		next := planRounds(weightsOf(terms), m, left, v.b.Len()-start)
		switch {
		case math.IsInf(next.score, 1):
			return v.refuse(g, len(p.terms), "of which %d are left as digits that up to %d rounds do not reduce to %d",
				len(terms), maxRounds, maxLeaves)
		case len(next.sizes) == 0 && len(terms) > maxLeaves:
			light, _ := split(weightsOf(terms), m)
			p.pair = &pair{light: terms[:light], heavy: terms[light:]}
			return nil
		case len(next.sizes) == 0:
			p.pair = &pair{light: terms}
			return nil
		}
		if next.split {
			var extra circuit.Int
			terms, extra = recoded(terms)
			p.constant = p.constant.Add(extra)
		}
		e = newExpression()
		e.constant = p.constant
		for _, part := range chunks(terms, next.sizes[0]) {
			vars := make([]circuit.Lit, len(part))
			for j, t := range part {
				vars[j] = t.lit
			}
			v.encodeInto(e, linearValues(part), vars, m)
			if err := v.room(g); err != nil {
				return err
			}
		}
	}
}

func (v *coverer) encodeInto(e *expression, values []circuit.Int, vars []circuit.Lit, m int64) {
	reduceModulo(values, m)
	code := encode(values, len(vars))
	e.constant = e.constant.Add(code.constant)
	for i, t := range code.tables {
		e.add(v.cover(t, vars), code.weights[i])
	}
}

// modularTerms returns the terms of e, reduced modulo m unless that is 0.
func modularTerms(e *expression, m int64) ([]term, circuit.Int) {
	if m > 0 {
		for g, w := range e.weight {
			e.weight[g] = w.Mod(circuit.NewInt(m))
		}
	}
	return e.terms()
}
