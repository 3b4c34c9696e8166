package circuit

import "fmt"

// PortShape is a port without its wires: how many it has, and what they stand for.
type PortShape struct {
	Name   string
	Format Format
	Wires  int
}

// Regroup returns c with the same wires, in the same order, taken together to other
// ports. A file of single bits becomes a circuit of integers by it. It fails if the
// shapes have other numbers of wires than c, or if they are no ports of a circuit.
func (c *Circuit) Regroup(inputs, outputs []PortShape) (*Circuit, error) {
	r := *c
	wires := make([]Lit, len(c.inputs))
	for i, g := range c.inputs {
		wires[i] = g.Lit()
	}
	var err error
	if r.inPorts, err = group("input", inputs, wires); err != nil {
		return nil, err
	}
	if r.outs, err = group("output", outputs, c.Outputs()); err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	return &r, nil
}

func group(side string, shapes []PortShape, wires []Lit) ([]Port, error) {
	var ports []Port
	at := 0
	for _, s := range shapes {
		if s.Wires < 0 || s.Wires > len(wires)-at {
			at = -1
			break
		}
		ports = append(ports, Port{s.Name, s.Format, append([]Lit(nil), wires[at:at+s.Wires]...)})
		at += s.Wires
	}
	if at != len(wires) {
		total := 0
		for _, s := range shapes {
			total += max(0, s.Wires)
		}
		return nil, fmt.Errorf("circuit: %d %s wires in ports of %d wires", len(wires), side, total)
	}
	return ports, nil
}
