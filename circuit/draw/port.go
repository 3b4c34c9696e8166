package draw

import (
	"fmt"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/press"
)

// cells returns what is written at the wires of a port. It returns nothing for a port of
// one bit, where the name is enough.
func cells(p *circuit.Port) []string {
	f := p.Format
	plain := f.Kind == circuit.Unsigned || f.Kind == circuit.TwosComplement
	if len(p.Wires) == 1 && plain {
		return nil
	}
	text := make([]string, len(p.Wires))
	for i := range text {
		at := f.Offset.Add(circuit.NewInt(int64(i)))
		switch f.Kind {
		case circuit.Thermometer: // wire i says that the value is above offset + i
			text[i] = "≥ " + short(at.Add(circuit.NewInt(1)))
		case circuit.OneHot:
			text[i] = "= " + short(at)
		case circuit.Weighted:
			text[i] = "× " + short(f.Weights[i])
		default:
			text[i] = strconv.Itoa(i)
		}
	}
	return text
}

// terminal is where the wires of an input start.
type terminal struct {
	node, cell int
}

// addPort draws a port as a node of the given id. The side is "input" or "output". No wire
// carries the constant of a weighted value, so it stands beside the name.
func (s *scene) addPort(id string, r role, p *circuit.Port, side string) int {
	label := press.Clean(p.Name)
	note := fmt.Sprintf("%s %s, %s, %v", side, label, press.Plural(int64(len(p.Wires)), "wire"), p.Format.Kind)
	if p.Format.Kind == circuit.Weighted && !p.Format.Offset.IsZero() {
		label += "\n" + short(p.Format.Offset) + " + …"
	}
	return s.add(node{id: id, role: r, label: label, cells: cells(p), note: note})
}

// cellOf returns the cell of wire w, or −1 if the node has none.
func (n *node) cellOf(w int) int {
	if n.cells == nil {
		return -1
	}
	return w
}
