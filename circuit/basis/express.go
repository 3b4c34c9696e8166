package basis

import (
	"context"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire is a set of gates that is not one of the bases, such as the gates of a file format.
// The zero value has AND of two inputs and complements, as an AIG does. Every repertoire has these.
type Repertoire struct {
	Or   bool // OR
	Xor  bool // XOR
	Wide bool // AND and OR of any fan-in, not of two inputs only

	WideXor bool // XOR of any fan-in, too

	// Complements are gates: NAND, NOR and XNOR for AND, OR and XOR, and NOT and BUF. If false, a
	// complement belongs to the gate that reads it.
	Complements bool

	Threshold bool // THRESHOLD and MAJORITY, with weights of any size; wants Or and Wide, since some are an AND or OR
	Mod       bool // MOD
}

// Holds reports whether every gate of c is in r.
func (r Repertoire) Holds(c *circuit.Circuit) bool {
	return r.holds(c, func(gates.Kind) bool { return true })
}

// holds reports whether every gate of c that is of a chosen kind is in r.
func (r Repertoire) holds(c *circuit.Circuit, chosen func(gates.Kind) bool) bool {
	for g := range circuit.Gate(c.Len()) {
		if k := c.Kind(g); chosen(k) && !r.Has(k, len(c.Fanin(g))) {
			return false
		}
	}
	return true
}

// Has reports whether r has a gate of the kind with the given number of inputs. The fan-in of a
// gate that reads a sum does not matter.
func (r Repertoire) Has(k gates.Kind, fanIn int) bool {
	plain, complement := k.Plain()
	if !k.IsSource() && !r.Complements && (complement || plain == gates.Buf) {
		return false
	}
	switch plain {
	case gates.And:
		return r.Wide || fanIn == 2
	case gates.Or:
		return r.Or && (r.Wide || fanIn == 2)
	case gates.Xor:
		return r.Xor && (r.WideXor || fanIn == 2)
	case gates.Majority, gates.Threshold:
		return r.Threshold
	case gates.Mod:
		return r.Mod
	}
	return true
}

// Express returns a circuit of gates of r only that computes the function of c, with the same ports
// and stages. It is c itself if c is in r already. Otherwise gates that no output depends on are
// left out, and equal gates are one.
//
// A threshold gate that r lacks becomes an adder tree, as in NC1; a MOD gate, or a XOR of up to 512
// inputs where there are thresholds instead, two levels of thresholds; a gate of many inputs a tree
// that combines first the literals that arrive first; a XOR three ANDs or an OR of two ANDs. So the
// depth grows, under the standard model: [Legalise] says how much.
//
// It stops when ctx ends, and gives up with an [*Error] beyond 2^26 nodes.
func Express(ctx context.Context, c *circuit.Circuit, r Repertoire) (*circuit.Circuit, error) {
	if r.Holds(c) {
		return c, nil
	}
	if !r.Threshold && !r.holds(c, gates.Kind.ReadsSum) {
		m := newMaker(ctx, c, NC1)
		var err error
		if c, err = m.finish(&expresser{adder: newAdder(m), set: r, add: true}); err != nil || r.Holds(c) {
			return c, err
		}
	}
	m := newMaker(ctx, c, NC1)
	return m.finish(&expresser{adder: newAdder(m), set: r})
}

// expresser makes gates of a repertoire.
type expresser struct {
	*adder
	set Repertoire
	add bool // sums become adder trees, and no gate of literals is touched
}

func (e *expresser) gate(g circuit.Gate, kind gates.Kind) (circuit.Lit, error) {
	in := e.Fanin(g)
	switch {
	case kind.ReadsSum() && e.add:
		return e.adder.gate(g, kind)
	case kind == gates.Mod && !e.set.Mod:
		s, m := e.c.Modulus(g)
		return e.intervals(g, e.reduced(s, m.M), m)
	case kind == gates.Mod:
		s, m := e.c.Modulus(g)
		return e.b.ModSum(m.M, m.Residues, e.Sum(s)), nil
	case kind.ReadsSum():
		s, t := e.c.Bound(g)
		return e.b.Threshold(e.Sum(s), t), nil
	case kind == gates.And:
		return e.wide(in, circuit.True, e.b.And), nil
	case kind == gates.Or && e.add:
		return e.b.Or(in...), nil
	case kind == gates.Or:
		return e.or(in), nil
	case e.add || e.set.Xor && e.set.WideXor:
		return e.b.Xor(in...), nil
	case e.set.Xor:
		return tree(e.b, in, circuit.False, e.b.Xor), nil
	case e.set.Threshold:
		return e.parity(g, in)
	}
	return tree(e.b, in, circuit.False, func(x ...circuit.Lit) circuit.Lit {
		return e.or([]circuit.Lit{e.b.And(x[0], x[1].Not()), e.b.And(x[0].Not(), x[1])})
	}), nil
}

// wide makes one gate, or a tree of gates of two inputs.
func (e *expresser) wide(in []circuit.Lit, zero circuit.Lit, op func(...circuit.Lit) circuit.Lit) circuit.Lit {
	if e.add || e.set.Wide {
		return op(in...)
	}
	return tree(e.b, in, zero, op)
}

func (e *expresser) or(in []circuit.Lit) circuit.Lit {
	if e.set.Or {
		return e.wide(in, circuit.False, e.b.Or)
	}
	not := make([]circuit.Lit, len(in))
	for i, l := range in {
		not[i] = l.Not()
	}
	return e.wide(not, circuit.True, e.b.And).Not()
}

// Up to this number of inputs, a XOR is one sum with a threshold for each value, and its wires grow
// as the square. Beyond that, it is a tree of blocks.
const (
	flatParity  = 512
	parityBlock = 64
)

// parity makes a XOR of thresholds, two levels for each level of blocks.
func (e *expresser) parity(g circuit.Gate, in []circuit.Lit) (circuit.Lit, error) {
	for len(in) > flatParity {
		var blocks []circuit.Lit
		for block := range slices.Chunk(in, parityBlock) {
			l, err := e.intervals(g, e.b.Count(block...), parity)
			if err != nil {
				return circuit.False, err
			}
			blocks = append(blocks, l)
		}
		in = blocks
	}
	return e.intervals(g, e.b.Count(in...), parity)
}

// reduced returns sum s of the given circuit modulo m, with weights of least absolute
// value.
func (e *expresser) reduced(s circuit.SumID, m int64) circuit.Sum {
	terms := e.b.Linear()
	from, weights := e.c.Flatten(s)
	for i, g := range from {
		terms.AddLit(weights[i].Near(m), e.Lits[g])
	}
	return terms.Sum()
}

// mostSteps bounds the ends of intervals that a MOD gate is made of.
const mostSteps = 1 << 20

// mostBits bounds the range of its sum, which is gone through value by value.
const mostBits = 26

// intervals makes a gate that tests s modulo m of thresholds: the sum of [s ≥ a] less
// [s ≥ b] over the intervals a..b−1 of accepted values is at least 1 (Muroga 1959).
func (e *expresser) intervals(g circuit.Gate, s circuit.Sum, m circuit.Modulus) (circuit.Lit, error) {
	lo, hi := e.b.Bounds(s)
	ends := hi.Sub(lo).
		FloorDiv(circuit.NewInt(m.M)).
		Add(circuit.NewInt(2)).
		Mul(circuit.NewInt(int64(2 * len(m.Residues))))
	switch {
	case ends.Cmp(circuit.NewInt(mostSteps)) > 0:
		return circuit.False, e.fail(g, "a sum from %v to %v modulo %d changes sides about %v times; "+
			"at most %d are made of thresholds", lo, hi, m.M, ends, mostSteps)
	case hi.Sub(lo).BitLen() > mostBits:
		return circuit.False, e.fail(g, "a sum from %v to %v modulo %d takes too many values; "+
			"up to 2^%d are gone through", lo, hi, m.M, mostBits)
	}
	inside := e.b.Linear()
	sign, last := circuit.NewInt(1), false
	for v := lo; v.Cmp(hi) <= 0; v = v.Add(circuit.NewInt(1)) {
		if now := m.Accepts(v); now != last {
			inside.AddLit(sign, e.b.Threshold(s, v))
			sign, last = sign.Neg(), now
		}
	}
	return e.b.Threshold(inside.Sum(), circuit.NewInt(1)), nil
}
