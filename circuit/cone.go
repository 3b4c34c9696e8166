package circuit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// UnknownOutputError says that a circuit does not have an output of the given name.
type UnknownOutputError struct {
	Name  string
	Known []string // names of output ports, the first ones
	Count int      // of output ports
}

func (e *UnknownOutputError) Error() string {
	const most = 40 // characters of a name
	var list []string
	for _, name := range e.Known {
		if short := []rune(name); len(short) > most {
			name = string(short[:most]) + "…"
		}
		if q := strconv.Quote(name); len(q) != len(name)+2 || strings.Contains(name, " ") || name == "" {
			name = q // names come from files
		}
		list = append(list, name)
	}
	known := strings.Join(list, " ")
	if rest := e.Count - len(e.Known); rest > 0 {
		known += fmt.Sprintf(" and %d more", rest)
	}
	return fmt.Sprintf("circuit: no output %.80q; outputs: %s (NAME.3 is wire 3 of one)", e.Name, known)
}

// mostKnown is how many names an error lists.
const mostKnown = 12

// Cone returns the circuit that computes only the named outputs. It keeps the gates and sums that
// they depend on, and each input port that they read a wire of. A name is the name of an output
// port, or "NAME.3" for wire 3 of a port; that wire becomes a port of that name and of one bit. The
// outputs are in the order of the names, each once.
//
// Error: *UnknownOutputError.
func (c *Circuit) Cone(names ...string) (*Circuit, error) {
	part := *c
	part.inputs, part.inPorts, part.outs = nil, nil, nil
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		p, err := c.FindOutput(name)
		if err != nil {
			return nil, err
		}
		part.outs = append(part.outs, p)
	}
	live, _ := part.Live() // without inputs, only those that are read are marked
	for _, p := range c.inPorts {
		if slices.ContainsFunc(p.Wires, func(x Lit) bool { return live[x.Gate()] }) {
			part.inPorts = append(part.inPorts, p)
			for _, x := range p.Wires {
				part.inputs = append(part.inputs, x.Gate())
			}
		}
	}
	return part.Prune(), nil
}

// FindOutput finds an output port, or wire 3 of one by "NAME.3", as a port of that name and
// of one bit.
//
// Error: *UnknownOutputError.
func (c *Circuit) FindOutput(name string) (Port, error) {
	for _, p := range c.outs {
		if p.Name == name {
			return p, nil
		}
	}
	dot := strings.LastIndexByte(name, '.')
	wire, err := strconv.Atoi(name[dot+1:])
	if dot < 0 || err != nil || strconv.Itoa(wire) != name[dot+1:] {
		return Port{}, c.unknownOutput(name)
	}
	for _, p := range c.outs {
		if p.Name == name[:dot] && wire >= 0 && wire < len(p.Wires) {
			return Port{Name: name, Wires: p.Wires[wire : wire+1]}, nil
		}
	}
	return Port{}, c.unknownOutput(name)
}

func (c *Circuit) unknownOutput(name string) error {
	e := &UnknownOutputError{Name: name, Count: len(c.outs)}
	for _, p := range c.outs[:min(len(c.outs), mostKnown)] {
		e.Known = append(e.Known, p.Name)
	}
	return e
}
