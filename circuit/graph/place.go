package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// Place is a part of a circuit that has a name.
type Place struct {
	Name  string // with what it is: "input x[0].1", "stage scores", "gate g17"
	Gates []circuit.Gate
}

// UnknownPlaceError says that nothing in a circuit has the given name.
type UnknownPlaceError struct {
	Name  string
	Known []string // the first inputs, outputs and stages
	Gates int
}

func (e *UnknownPlaceError) Error() string {
	return fmt.Sprintf(
		"graph: no port, stage or gate %.80q; known: %s, and the gates g0 to g%d (NAME.3 is wire 3 of a port)",
		e.Name,
		strings.Join(e.Known, ", "),
		e.Gates-1,
	)
}

// FindPlace finds what a name stands for: a port, "NAME.3" for wire 3 of one, the common name
// of ports such as x[0] and x[1], a stage (see [FindStages]) or a gate, "g17" or "17". Names of
// ports come first. Inputs come before outputs, or after them if end says that a path ends
// here.
//
// Error: *UnknownPlaceError.
func FindPlace(c *circuit.Circuit, name string, end bool) (*Place, error) {
	p := &Place{Name: "input " + name, Gates: portGates(c.InputPorts(), name)}
	if outputs := portGates(c.OutputPorts(), name); len(outputs) > 0 && (end || len(p.Gates) == 0) {
		p = &Place{"output " + name, outputs}
	}
	if len(p.Gates) > 0 {
		return p, nil
	}
	if gates := StageGates(c, FindStages(c, name)...); len(gates) > 0 {
		return &Place{"stage " + name, gates}, nil
	}
	number := strings.TrimPrefix(name, "g")
	if g, err := strconv.ParseUint(number, 10, 32); err == nil && g < uint64(c.Len()) {
		return &Place{"gate g" + number, []circuit.Gate{circuit.Gate(g)}}, nil
	}
	e := &UnknownPlaceError{Name: name, Gates: c.Len()}
	const most = 8 // of a kind
	add := func(count int, name func(i int) string) {
		for i := range min(count, most) {
			e.Known = append(e.Known, name(i))
		}
		if count > most {
			e.Known = append(e.Known, "…")
		}
	}
	for _, ports := range [][]circuit.Port{c.InputPorts(), c.OutputPorts()} {
		add(len(ports), func(i int) string { return ports[i].Name })
	}
	full := occupied(c)
	stages := slices.DeleteFunc(StageNames(c), func(name string) bool {
		return !slices.ContainsFunc(FindStages(c, name), func(s circuit.StageID) bool { return full[s] })
	})
	add(len(stages), func(i int) string { return stages[i] })
	return nil, e
}

// portGates returns the gates of the wires that a name stands for.
func portGates(ports []circuit.Port, name string) (list []circuit.Gate) {
	for _, p := range ports {
		whole := p.Name == name || strings.HasPrefix(p.Name, name+"[")
		for i, x := range p.Wires {
			if whole || p.WireName(i) == name {
				list = append(list, x.Gate())
			}
		}
	}
	return list
}
