package vector

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// PortValue is the integer on one port.
type PortValue struct {
	Port  string      `json:"port"`
	Value circuit.Int `json:"value"`
	// Invalid says why the wires stand for no integer, in which case Value is 0.
	Invalid string `json:"invalid,omitempty"`
}

func (v PortValue) String() string {
	if v.Invalid != "" {
		return fmt.Sprintf("%s is no value (%s)", v.Port, strings.TrimPrefix(v.Invalid, "circuit: "))
	}
	return v.Port + "=" + v.Value.String()
}

// ValueOf returns the integer x on a port.
func ValueOf(port string, x int64) PortValue {
	return PortValue{Port: port, Value: circuit.NewInt(x)}
}

// Is reports whether the wires stand for x.
func (v PortValue) Is(x int64) bool { return v.Invalid == "" && v.Value.Cmp(circuit.NewInt(x)) == 0 }

// Values reads the integers on ports from the bits of all their wires, in order.
func Values(ports []circuit.Port, wires []bool) []PortValue {
	list := make([]PortValue, len(ports))
	for i := range ports {
		k := len(ports[i].Wires)
		list[i] = valueOf(&ports[i], wires[:k])
		wires = wires[k:]
	}
	return list
}

func valueOf(p *circuit.Port, wires []bool) PortValue {
	v, err := p.Format.Decode(wires)
	if err != nil {
		return PortValue{Port: p.Name, Invalid: err.Error()}
	}
	return PortValue{Port: p.Name, Value: v}
}

// MismatchError says that a circuit does not compute the right outputs, with the first input that
// shows it.
type MismatchError struct {
	Mismatches int         `json:"mismatches"` // inputs on which some output is wrong
	Of         int         `json:"of"`         // inputs tried
	Inputs     []PortValue `json:"input"`      // the first of them
	Want       []PortValue `json:"want"`       // what the outputs that are wrong should be
	Got        []PortValue `json:"got"`        // and what they are
}

// mostPorts bounds how many ports a message names.
const mostPorts = 16

// Error names at most sixteen ports of each list.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("the circuit differs from the integer reference on %d of %d inputs; first on %s: want %s, "+
		"got %s",
		e.Mismatches, e.Of, PortText(e.Inputs), PortText(e.Want), PortText(e.Got))
}

// PortText writes integers on ports in one line, at most sixteen of them.
func PortText(values []PortValue) string {
	var parts []string
	for i, v := range values {
		if i == mostPorts {
			parts = append(parts, fmt.Sprintf("… (%d more)", len(values)-i))
			break
		}
		parts = append(parts, v.String())
	}
	return strings.Join(parts, " ")
}

// PortError says that the ports of a circuit are not those of a program, or of another
// circuit.
type PortError struct {
	Port string // the first that does not fit, or ""
	What string
}

func (e *PortError) Error() string {
	if e.Port == "" {
		return "the ports do not fit: " + e.What
	}
	return fmt.Sprintf("the ports do not fit: port %s: %s", e.Port, e.What)
}
