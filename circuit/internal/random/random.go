// Package random makes random circuits for the tests of the packages that write
// circuits down.
package random

import (
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

// Config chooses the properties of a circuit.
type Config struct {
	Seed   uint64
	Inputs int
	Gates  int
	Set    basis.Repertoire // which gates there are
	FanIn  int              // the most inputs of a gate; 0: 5
	Keep   bool             // store gates as they are made: constants, repeated inputs, NAND and so on
	Bits   int              // some weights are about 2^Bits; 0: none is large
}

type maker struct {
	Config
	*rand.Rand
	b    *circuit.Builder
	lits []circuit.Lit
	sums []circuit.Sum
}

// Circuit returns a circuit with input ports x, in two's complement, and y, and output
// ports "last", the gate that was made last, and "some", of several others.
func Circuit(cfg Config) (*circuit.Circuit, error) {
	if cfg.FanIn == 0 {
		cfg.FanIn = 5
	}
	m := &maker{Config: cfg, Rand: rand.New(rand.NewPCG(cfg.Seed, 11)), b: circuit.NewBuilder()}
	if cfg.Keep {
		m.b.Keep()
	}
	m.lits = append(m.lits, m.b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, cfg.Inputs/2)...)
	m.lits = append(m.lits, m.b.InputPort("y", circuit.Format{}, cfg.Inputs-cfg.Inputs/2)...)
	if cfg.Keep {
		m.lits = append(m.lits, circuit.True)
	}
	for range cfg.Gates {
		m.lits = append(m.lits, m.gate())
	}
	m.b.Output("last", m.lits[len(m.lits)-1])
	m.b.OutputPort("some", circuit.Format{Kind: circuit.Unsigned}, m.lit(), m.lit(), m.lit())
	return m.b.Circuit()
}

func (m *maker) lit() circuit.Lit {
	// Late gates are read more often, so that circuits are deep.
	i := max(m.IntN(len(m.lits)), m.IntN(len(m.lits)))
	return m.lits[i].NotIf(m.IntN(2) == 1)
}

func (m *maker) several(wide bool) []circuit.Lit {
	n := 2
	if wide {
		n = 1 + m.IntN(m.FanIn)
	}
	lits := make([]circuit.Lit, n)
	for i := range lits {
		lits[i] = m.lit()
	}
	return lits
}

func (m *maker) weight() circuit.Int {
	w := circuit.NewInt(int64(m.IntN(15) - 7))
	if m.Bits > 0 && m.IntN(3) == 0 {
		w = w.Mul(circuit.Pow2(m.Bits)).Add(circuit.NewInt(int64(m.IntN(1000))))
	}
	return w
}

func (m *maker) sum() circuit.Sum {
	if len(m.sums) > 0 && m.IntN(3) == 0 {
		return m.sums[m.IntN(len(m.sums))]
	}
	a := m.b.Linear()
	for range 1 + m.IntN(m.FanIn) {
		if len(m.sums) > 0 && m.IntN(4) == 0 {
			a.Add(circuit.NewInt(int64(m.IntN(7)-3)), m.sums[m.IntN(len(m.sums))])
		} else {
			a.AddLit(m.weight(), m.lit())
		}
	}
	a.AddConst(m.weight())
	m.sums = append(m.sums, a.Sum())
	return m.sums[len(m.sums)-1]
}

func (m *maker) gate() circuit.Lit {
	for {
		kind, set := m.IntN(11), m.Set
		complements := set.Complements && m.Keep
		switch {
		case kind == 0:
			return m.b.And(m.several(set.Wide)...)
		case kind == 1 && set.Or:
			return m.b.Or(m.several(set.Wide)...)
		case kind == 2 && set.Xor:
			return m.b.Xor(m.several(set.WideXor)...)
		case kind == 3 && complements:
			return m.b.Nand(m.several(set.Wide)...)
		case kind == 4 && complements && set.Or:
			return m.b.Nor(m.several(set.Wide)...)
		case kind == 5 && complements && set.Xor:
			return m.b.Xnor(m.several(set.WideXor)...)
		case kind == 6 && complements:
			return m.b.Not(m.b.Buf(m.lit()))
		case kind == 7 && set.Threshold:
			return m.b.Majority(m.several(true)...)
		case kind == 8 && set.Mod:
			k := int64(1 + m.IntN(7))
			return m.b.ModSum(k, []int64{int64(m.IntN(7)), int64(m.IntN(7))}, m.sum())
		case kind > 8 && set.Threshold:
			s := m.sum()
			lo, hi := m.b.Bounds(s)
			// A bound near the middle of the values of the sum.
			t := lo.Add(hi).FloorDiv(circuit.NewInt(2)).Add(circuit.NewInt(int64(m.IntN(7) - 3)))
			return m.b.Threshold(s, t)
		}
	}
}
