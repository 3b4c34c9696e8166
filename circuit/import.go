package circuit

import (
	"fmt"

	"github.com/tc0lab/tc0/gates"
)

// Import makes the gates of c with the given literals in place of its input wires, and returns the
// literal that each gate of c has become. A builder that normalises folds and merges on the way:
// gates that are decided become constants, and gates that were made before, for any circuit, are
// not made again. A stage of c continues the stage of the same name inside the one that is open.
//
// Every gate is made, whether an output depends on it or not. There must be one literal for each
// input wire.
func (b *Builder) Import(c *Circuit, inputs []Lit) ([]Lit, error) {
	m, err := b.follow(c, inputs)
	if err != nil {
		return nil, err
	}
	return m.all(m.Sum), nil
}

// ImportFlat is [Builder.Import] with every sum multiplied out, so that threshold gates on
// sums that are equal, and only nested otherwise, become the same. It takes memory for
// every wire of c.
func (b *Builder) ImportFlat(c *Circuit, inputs []Lit) ([]Lit, error) {
	m, err := b.follow(c, inputs)
	if err != nil {
		return nil, err
	}
	flat, sums := newFlattener(&c.Nodes), make([]Sum, c.SumCount())
	done := SumID(0) // thresholds on one sum mostly come together
	return m.all(func(s SumID) Sum {
		if s != done {
			flat.expand(s)
			terms := b.Linear()
			for i, g := range flat.from {
				terms.AddLit(flat.weights[i], m.Lits[g])
			}
			sums[s], done = terms.Sum(), s
		}
		return sums[s]
	}), nil
}

// follow returns a Follower of c with the given literals in place of its inputs.
func (b *Builder) follow(c *Circuit, inputs []Lit) (*Follower, error) {
	if len(inputs) != len(c.inputs) {
		return nil, fmt.Errorf("circuit: %d literals for %d input wires", len(inputs), len(c.inputs))
	}
	m := b.Follow(c)
	for i, g := range c.inputs {
		m.Lits[g] = inputs[i]
	}
	return m, nil
}

// Gates makes all the gates of the circuit, whose input literals must be known.
func (f *Follower) Gates() { f.all(f.Sum) }

// all makes all the gates, with the sums that it is given, and returns the literals that they have
// become.
func (f *Follower) all(sum func(SumID) Sum) []Lit {
	b, c := f.b, f.c
	for g := range Gate(c.Len()) {
		k := c.kind[g]
		if k.IsSource() {
			continue
		}
		f.Enter(c.StageOf(g))
		switch {
		case k.HasBound():
			s, t := c.Bound(g)
			f.Lits[g] = b.Threshold(sum(s), t)
		case k == gates.Mod:
			s, modulus := c.Modulus(g)
			f.Lits[g] = b.ModSum(modulus.M, modulus.Residues, sum(s))
		default:
			f.Lits[g] = b.Logic(k, f.Fanin(g)...)
		}
	}
	f.Enter(0)
	return f.Lits
}

// Restrict returns the circuit with some inputs fixed: value[i] is False or True for an input wire
// i that is fixed, and any other literal for one that stays free. It folds away what the constants
// decide: gates whose bounds leave them one value, equal gates, and gates that no output needs. The
// ports stay as they are. Inputs that are fixed or not needed any more are still there, and outputs
// that are decided are constants.
//
// There must be one value for each input wire.
func (c *Circuit) Restrict(value []Lit) (*Circuit, error) {
	if len(value) != len(c.Inputs()) {
		return nil, fmt.Errorf("circuit: %d values for %d input wires", len(value), len(c.Inputs()))
	}
	b := NewBuilderSize(c.Len())
	inputs := make([]Lit, 0, len(value))
	for _, p := range c.InputPorts() {
		inputs = append(inputs, b.InputPort(p.Name, p.Format, len(p.Wires))...)
	}
	for i, v := range value {
		if v.IsConst() {
			inputs[i] = v
		}
	}
	m, err := b.follow(c, inputs)
	if err != nil {
		return nil, err
	}
	m.all(m.Sum)
	m.Outputs()
	out, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return out.Prune(), nil
}
