package circuit

import (
	"fmt"

	"github.com/tc0lab/tc0/gates"
)

// Restrict returns the circuit with some inputs fixed: value[i] is False or True for an
// input wire i that is fixed, and any other literal for one that stays free. What the
// constants decide is folded away: gates whose bounds leave them one value, equal gates,
// and gates that no output needs. The ports stay as they are, so that inputs which are
// fixed or not needed any more are still there; outputs that are decided are constants.
//
// The number of values must be that of the input wires.
func (c *Circuit) Restrict(value []Lit) (*Circuit, error) {
	if len(value) != len(c.Inputs()) {
		return nil, fmt.Errorf("circuit: %d values for %d input wires", len(value), len(c.Inputs()))
	}
	b := NewBuilderSize(c.Len())
	lits := make([]Lit, c.Len()) // what each gate has become
	wire := 0
	for _, p := range c.InputPorts() {
		for k, l := range b.InputPort(p.Name, p.Format, len(p.Wires)) {
			g := p.Wires[k].Gate()
			lits[g] = l
			if v := value[wire]; v == False || v == True {
				lits[g] = v
			}
			wire++
		}
	}
	to := func(l Lit) Lit {
		x := lits[l.Gate()]
		if l.IsComplement() {
			return x.Not()
		}
		return x
	}
	sums := make([]Sum, 0, c.SumCount())
	sum := func(s SumID) Sum {
		for at := SumID(len(sums)); at <= s; at++ {
			terms := b.Linear()
			for i, r := range c.Refs(at) {
				of := Sum{}
				if r.IsSum() {
					of = sums[r.Sum()]
				} else {
					of = lits[r.Gate()].Value()
				}
				terms.Add(c.Weight(at, i), of)
			}
			sums = append(sums, terms.Sum())
		}
		return sums[s]
	}
	stage := StageID(0)
	for g := range Gate(c.Len()) {
		k := c.Kind(g)
		if k.IsSource() {
			continue
		}
		if id := c.StageOf(g); id != stage {
			b.enter(c, stage, id)
			stage = id
		}
		var in []Lit
		for _, l := range c.Fanin(g) {
			in = append(in, to(l))
		}
		switch k {
		case gates.Buf:
			lits[g] = in[0]
		case gates.Not:
			lits[g] = in[0].Not()
		case gates.And:
			lits[g] = b.And(in...)
		case gates.Nand:
			lits[g] = b.And(in...).Not()
		case gates.Or:
			lits[g] = b.Or(in...)
		case gates.Nor:
			lits[g] = b.Or(in...).Not()
		case gates.Xor:
			lits[g] = b.Xor(in...)
		case gates.Xnor:
			lits[g] = b.Xor(in...).Not()
		case gates.Majority, gates.Threshold:
			s, t := c.Bound(g)
			lits[g] = b.Threshold(sum(s), t)
		case gates.Mod:
			s, m := c.Modulus(g)
			lits[g] = b.ModSum(m.M, m.Residues, sum(s))
		default:
			return nil, fmt.Errorf("circuit: gate %d is of kind %v", g, k)
		}
	}
	b.enter(c, stage, 0)
	for _, p := range c.OutputPorts() {
		wires := make([]Lit, len(p.Wires))
		for i, l := range p.Wires {
			wires[i] = to(l)
		}
		b.OutputPort(p.Name, p.Format, wires...)
	}
	out, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return out.Prune(), nil
}

// enter goes from one stage of c to another.
func (b *Builder) enter(c *Circuit, from, to StageID) {
	path := func(id StageID) (names []string) {
		for ; id != 0; id = c.Stage(id).Parent {
			names = append([]string{c.Stage(id).Name}, names...)
		}
		return names
	}
	for range path(from) {
		b.End()
	}
	for _, name := range path(to) {
		b.Begin(name)
	}
}
