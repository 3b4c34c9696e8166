package program

// A program's inputs and outputs are vectors of integers, one for each port of its
// circuit: each element of an integer tensor is one, and so is each group of a
// one-hot last axis, whose integer is the index of the 1.

// Port is one integer of a program's input or output.
type Port struct {
	Name   string // with its indices, such as "x[2,3]"
	Bounds Range
}

// Inputs returns the input ports in order.
func (p *Program) Inputs() []Port {
	var ports []Port
	for _, id := range p.inputs {
		ports = append(ports, p.Ports(p.nodes[id].Name, id)...)
	}
	return ports
}

// Outputs returns the output ports in order.
func (p *Program) Outputs() []Port {
	var ports []Port
	for _, o := range p.outputs {
		ports = append(ports, p.Ports(o.Name, o.Value)...)
	}
	return ports
}

func (p *Program) Ports(name string, id int) []Port {
	n := &p.nodes[id]
	shape, r := n.Shape, n.Bounds
	if n.OneHot {
		r = Range{0, int64(shape.Last() - 1)}
		shape = shape[:len(shape)-1]
	}
	ports := make([]Port, shape.Len())
	for i := range ports {
		ports[i] = Port{name + shape.index(i), r}
	}
	return ports
}
