package netlist

import (
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Names has a name for every wire of a circuit that is an input, an output or a gate.
// No two signals have the same.
type Names struct {
	Inputs  []string // by input wire
	Outputs []string // by output wire
	gates   []string // by gate, "" where the name is made from the number
	prefix  string
}

// NewNames names the wires of a design: wire i of a port x of several wires x.i, gates
// by the names that the design has for them, the outputs that they drive, or g and their
// number. Signs that are not legal become underscores, and a name that is taken gets a
// number behind it.
func NewNames(d *Design, sp Spelling) *Names {
	c := d.Circuit
	taken := newNameSet(sp, len(d.Signals))
	n := &Names{gates: make([]string, c.Len())}
	isOutput := map[string]bool{} // inputs that are outputs as they are
	for _, p := range c.InputPorts() {
		for i, l := range p.Wires {
			name := taken.Take(WireName(&p, i))
			n.Inputs = append(n.Inputs, name)
			n.gates[l.Gate()] = name
		}
	}
	outTaken := taken
	if sp.Apart {
		outTaken = NewNameSet(sp)
	}
	for _, p := range c.OutputPorts() {
		for i, l := range p.Wires {
			name := WireName(&p, i)
			// An output that is an input of the same name is that signal.
			legal, isInput := taken.legal(name), c.Kind(l.Gate()) == gates.Input && !l.IsComplement()
			if !sp.Apart && isInput && n.gates[l.Gate()] == legal && !isOutput[legal] {
				isOutput[legal] = true
				n.Outputs = append(n.Outputs, legal)
				continue
			}
			name = outTaken.Take(name)
			n.Outputs = append(n.Outputs, name)
			if !sp.Apart && !l.IsConst() && !l.IsComplement() && n.gates[l.Gate()] == "" {
				n.gates[l.Gate()] = name
			}
		}
	}
	if len(d.Signals) == c.Len() {
		for g, name := range d.Signals {
			if name != "" && n.gates[g] == "" {
				n.gates[g] = taken.Take(name)
			}
		}
	}
	n.prefix = taken.Prefix()
	return n
}

// WireName returns the name of wire i of a port: x for the one bit of a port x, x.i where
// it is of several wires or no plain bit.
func WireName(p *circuit.Port, i int) string {
	if len(p.Wires) == 1 && p.Format.Kind != circuit.Unsigned {
		return p.Name + ".0"
	}
	return p.WireName(i)
}

// Gate returns the name of an input or gate.
func (n *Names) Gate(g circuit.Gate) string {
	if name := n.gates[g]; name != "" {
		return name
	}
	return n.prefix + strconv.Itoa(int(g))
}

// Append appends the name of an input or gate to a text.
func (n *Names) Append(text []byte, g circuit.Gate) []byte {
	if name := n.gates[g]; name != "" {
		return append(text, name...)
	}
	return strconv.AppendUint(append(text, n.prefix...), uint64(g), 10)
}

// Aux returns a name for a signal that is not a gate of the circuit, such as the complement of a
// gate. The tag has only letters. A gate never has such a name.
func (n *Names) Aux(tag string, g circuit.Gate) string {
	return n.prefix + "_" + tag + strconv.Itoa(int(g))
}
