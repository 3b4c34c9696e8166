package draw

import (
	"fmt"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
)

// cells returns what is written at the wires of a port, or nothing if the port is
// one bit and its name says it all.
func cells(p *circuit.Port) []string {
	f := p.Format
	plain := f.Kind == circuit.Unsigned || f.Kind == circuit.TwosComplement
	if len(p.Wires) == 1 && plain {
		return nil
	}
	text := make([]string, len(p.Wires))
	for i := range text {
		at := f.Offset.Add(circuit.I(int64(i)))
		switch f.Kind {
		case circuit.Thermometer: // wire i says that the value is above offset + i
			text[i] = "≥ " + number(at.Add(circuit.I(1)))
		case circuit.OneHot:
			text[i] = "= " + number(at)
		case circuit.Weighted:
			text[i] = "× " + number(f.Weights[i])
		default:
			text[i] = strconv.Itoa(i)
		}
	}
	return text
}

// portLabel returns the name of p, with the constant of a weighted value, which no
// wire carries.
func portLabel(p *circuit.Port) string {
	if p.Format.Kind == circuit.Weighted && !p.Format.Offset.IsZero() {
		return clean(p.Name) + "\n" + number(p.Format.Offset) + " + …"
	}
	return clean(p.Name)
}

func portNote(p *circuit.Port, side string) string {
	return fmt.Sprintf("%s %s, %s, %v", side, clean(p.Name), plural(int64(len(p.Wires)), "wire"), p.Format.Kind)
}

// terminal is where the wires of an input start.
type terminal struct {
	node, cell int
}

// addInputs draws the input ports in a column and returns the terminal of each
// input gate.
func (s *scene) addInputs(c *circuit.Circuit, column int) map[circuit.Gate]terminal {
	at := make(map[circuit.Gate]terminal, len(c.Inputs()))
	for i := range c.InputPorts() {
		p := &c.InputPorts()[i]
		n := s.add(node{
			id: fmt.Sprintf("in%d", i), role: roleInput, label: portLabel(p), cells: cells(p),
			note: portNote(p, "input"), column: column,
		})
		for w, x := range p.Wires {
			at[x.Gate()] = terminal{n, cellOf(s.nodes[n], w)}
		}
	}
	return at
}

// cellOf returns the cell of wire w, or −1 if the node has none.
func cellOf(n node, w int) int {
	if n.cells == nil {
		return -1
	}
	return w
}
