package circuit

import "fmt"

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
	inputs := make([]Lit, 0, len(value))
	for _, p := range c.InputPorts() {
		inputs = append(inputs, b.InputPort(p.Name, p.Format, len(p.Wires))...)
	}
	for i, v := range value {
		if v.IsConst() {
			inputs[i] = v
		}
	}
	lits, err := b.Import(c, inputs)
	if err != nil {
		return nil, err
	}
	b.Follow(c).Outputs(lits)
	out, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return out.Prune(), nil
}
