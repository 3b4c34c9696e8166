package program

import (
	"fmt"
	"slices"
)

// The inputs and outputs of a program are vectors of integers, one for each port of its circuit.
// Each element of an integer tensor is one port. Each group of a one-hot last axis is one port, and
// its integer is the index of the 1.

// Port is one integer of a program's input or output.
type Port struct {
	Name   string // with its indices, such as "x[2,3]"
	Bounds Range
}

// Result is a named output, or an input: the number of the value.
type Result struct {
	Name  string
	Value int
}

// Input adds a tensor of integers that are read from input bits. They are in two's complement if
// signed, else unsigned. Each element becomes one input port. Its name has its indices, such as
// "x[2,3]".
func (p *Program) Input(name string, shape Shape, bits int, signed bool) Value {
	if bits < 1 || bits > 62 {
		p.Failf(OpInput, "%q has %d bits; 1 to 62 are possible", name, bits)
		bits = 1
	}
	return p.input(Node{Op: OpInput, Shape: shape, Name: name, Bits: bits, Signed: signed})
}

// Tokens adds a tensor of tokens, each one-hot over a vocabulary. The vocabulary is a new last axis
// of the shape. Each token becomes one input port. Its integer is the index of the token.
func (p *Program) Tokens(name string, shape Shape, vocabulary Dim) Value {
	return p.input(Node{Op: OpTokens, Shape: shape.with(vocabulary), Name: name})
}

func (p *Program) input(n Node) Value {
	if taken(p.inputs, n.Name) {
		p.Failf(n.Op, "two inputs are named %q", n.Name)
	}
	v := p.push(n)
	p.inputs = append(p.inputs, Result{n.Name, v.id})
	return v
}

// taken reports whether a name is in the list.
func taken(list []Result, name string) bool {
	return slices.ContainsFunc(list, func(r Result) bool { return r.Name == name })
}

func deriveInput(n *Node) span {
	if n.Signed {
		return Signed(n.Bits).span()
	}
	return Range{0, 1<<n.Bits - 1}.span()
}

func runInput(_ *Node, v, x, _ []int64) { copy(v, x) }

func runTokens(n *Node, v, x, _ []int64) {
	for i, token := range x {
		v[i*n.Shape.Last()+int(token)] = 1
	}
}

func detailInput(n *Node) string {
	kind := "unsigned"
	if n.Signed {
		kind = "two's complement"
	}
	return fmt.Sprintf("%d bits %s", n.Bits, kind)
}

// Output names a result. Each element becomes one output port, or each group of a
// one-hot last axis, as ArgMax makes.
//
// Errors: a [*RangeError] of the program if the range of v does not fit 64 bits. This is a limit of
// ports only; values inside a program have no such limit.
func (p *Program) Output(name string, v Value) {
	n := p.node(v)
	if n.wide != nil {
		p.failRange(n.Op, "output %q is in %v; the limit of an output port is 64 bits", name, n.wide)
	}
	if taken(p.outputs, name) {
		p.Failf(n.Op, "two outputs are named %q", name)
	}
	p.outputs = append(p.outputs, Result{name, v.id})
}

// Results returns the named outputs in order. Each is a tensor; [Program.Outputs] has their ports.
func (p *Program) Results() []Result { return p.outputs }

// Inputs returns the input ports in order.
func (p *Program) Inputs() []Port { return p.ports(p.inputs) }

// Outputs returns the output ports in order.
func (p *Program) Outputs() []Port { return p.ports(p.outputs) }

func (p *Program) ports(list []Result) []Port {
	var ports []Port
	for _, r := range list {
		ports = append(ports, p.nodes[r.Value].Ports(r.Name)...)
	}
	return ports
}

// Ports returns the ports that the value has as an input or an output of the given name.
func (n *Node) Ports(name string) []Port {
	shape, r := n.portShape()
	ports := make([]Port, shape.Len())
	for i := range ports {
		ports[i] = Port{name + shape.index(i), r}
	}
	return ports
}

// portShape returns the shape of the integers at the ports of n, and their range.
func (n *Node) portShape() (Shape, Range) {
	if n.OneHot {
		return n.Shape[:len(n.Shape)-1], Range{0, int64(n.Shape.Last() - 1)}
	}
	return n.Shape, n.Bounds
}
