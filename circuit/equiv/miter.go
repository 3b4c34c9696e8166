package equiv

import (
	"cmp"

	"github.com/tc0lab/tc0/circuit"
)

// Miter returns the circuit that is 1 on the inputs on which a and b differ: it has the
// input ports of a and one output, "differ", which is 1 if the inputs are codes of their
// formats and some output is not the same. Gates that are alike in both are made once, so
// that the output is the constant 0 where the two are built alike.
//
// Ports belong together as in [Check].
//
// Source: Brand, Verification of large synthesized designs, ICCAD 1993.
func Miter(a, b *circuit.Circuit, cfg Config) (*circuit.Circuit, error) {
	p, err := pair(a, b, &cfg)
	if err != nil {
		return nil, err
	}
	return p.miter(a, b, false)
}

// miter makes the miter, with sums as they are nested or multiplied out.
func (p *pairing) miter(a, b *circuit.Circuit, flat bool) (*circuit.Circuit, error) {
	compare, err := p.comparer()
	if err != nil {
		return nil, err
	}
	builder := circuit.NewBuilderSize(a.Len() + b.Len())
	var inputs, valid []circuit.Lit
	for _, port := range a.InputPorts() {
		wires := builder.InputPort(port.Name, port.Format, len(port.Wires))
		inputs = append(inputs, wires...)
		valid = append(valid, builder.IsCode(port.Format, wires...))
	}
	other := make([]circuit.Lit, len(p.inputs))
	for i, w := range p.inputs {
		other[i] = inputs[w]
	}
	read := builder.Import
	if flat {
		read = builder.ImportFlat
	}
	// A step after one that failed has an error, too: of the wires that are missing.
	outputs, errA := imported(read, a, inputs)
	more, errB := imported(read, b, other)
	differ, err := imported(builder.Import, compare, append(outputs, more...))
	if err := cmp.Or(errA, errB, err); err != nil {
		return nil, err
	}
	builder.Output("differ", builder.And(append(valid, differ...)...))
	c, err := builder.Circuit()
	if err != nil {
		return nil, err
	}
	return c.Prune(), nil
}

// imported makes the gates of c and returns its outputs.
func imported(
	read func(*circuit.Circuit, []circuit.Lit) ([]circuit.Lit, error), c *circuit.Circuit, inputs []circuit.Lit,
) ([]circuit.Lit, error) {
	lits, err := read(c, inputs)
	if err != nil {
		return nil, err
	}
	outputs := c.Outputs()
	for i, l := range outputs {
		outputs[i] = lits[l.Gate()].NotIf(l.IsComplement())
	}
	return outputs, nil
}
