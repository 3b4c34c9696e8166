package aiger

import (
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Read reads a file in either form.
//
// Error: [*netlist.Error], with the line, the column and the word where they are known; for a fault
// of r, it wraps that error.
func Read(r io.Reader) (*netlist.Design, error) {
	s := newSource(r)
	h, err := s.header()
	if err != nil {
		return nil, err
	}
	g := &graph{}
	if h.binary {
		err = g.readBinary(s, h)
	} else {
		err = g.readASCII(s, h)
	}
	if err != nil {
		return nil, err
	}
	var t table
	if err := t.read(s, h); err != nil {
		return nil, err
	}
	if err := enough(s, h); err != nil {
		return nil, err
	}
	inputs, err := t.names(inputField, h.inputs)
	if err != nil {
		return nil, err
	}
	outputs, err := t.names(outputField, h.outputs)
	if err != nil {
		return nil, err
	}
	c, err := g.build(inputs, outputs)
	if err != nil {
		return nil, err
	}
	d := &netlist.Design{Circuit: c, Comments: t.comments, Wires: 2 * int64(len(g.ands))}
	if err := d.TakePorts(t.places); err != nil {
		return nil, err
	}
	return d, nil
}

// enough refuses a file that has many inputs and few bytes. The file was read to its end.
func enough(s *source, h header) error {
	if netlist.Affords(int(h.inputs), s.size) {
		return nil
	}
	return netlist.Pos{Line: 1}.Errorf("%s in a file of %d bytes, which can read only a few of them",
		count(h.inputs, inputField), s.size)
}

// graph is the common result of both forms of a file: gates in order, with the literals of the
// circuit. Gate 0 is the constant, the inputs follow, and then the ANDs, so that literals are as in
// a binary file.
type graph struct {
	inputs  int
	ands    [][2]circuit.Lit
	outputs []circuit.Lit
}

// build makes the circuit.
func (g *graph) build(inputs, outputs []string) (*circuit.Circuit, error) {
	b := circuit.NewBuilderSize(len(inputs) + len(g.ands)) // the number of gates read
	b.Keep()
	for _, name := range inputs {
		b.Input(name)
	}
	for i := range g.ands {
		b.And(g.ands[i][:]...)
	}
	for i, l := range g.outputs {
		b.Output(outputs[i], l)
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, &netlist.Error{Err: err} // it is too large
	}
	return c, nil
}

// readOutputs reads the lines of outputs: literals as they stand in the file.
func (s *source) readOutputs(h header) ([]uint32, error) {
	var list []uint32
	for i := range h.outputs {
		l, err := s.literal(h.variables, i, h.outputs, outputField)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

// literal reads a line of one literal, the one after i others of the n of a field.
func (s *source) literal(variables, i, n uint32, field int) (uint32, error) {
	if !s.line() {
		return 0, s.end("after %d of %s", i, count(n, field))
	}
	var l [1]uint32
	err := s.numbers(2*variables+1, l[:])
	return l[0], err
}

// refuseLatches reports the first latch, whose line comes next.
func (s *source) refuseLatches(h header) error {
	if !s.line() {
		return s.end("before the first of %s", count(h.latches, latchField))
	}
	return netlist.Token{
		Text: s.text,
		Pos:  s.at,
	}.Errorf(
		"a latch, the first of %d: only combinational circuits can be read",
		h.latches,
	)
}
