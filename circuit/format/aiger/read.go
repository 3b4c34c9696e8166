package aiger

import (
	"bytes"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Config chooses how a file is read.
type Config struct {
	Cut bool // latches become an input and an output each, and are refused otherwise
}

// Read reads a file of a combinational circuit, in either form.
//
// Error: [*netlist.Error], with the line, the column and the word where they are known; for a fault
// of r, it wraps that error.
func Read(r io.Reader) (*netlist.Design, error) { return Config{}.Read(r) }

// Read is the function Read, as c says.
func (c Config) Read(r io.Reader) (*netlist.Design, error) {
	s := newSource(r)
	h, err := s.header()
	if err != nil {
		return nil, err
	}
	h.cut = c.Cut
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
	inputs, outputs := t.names(h)
	made, err := g.build(inputs, outputs)
	if err != nil {
		return nil, err
	}
	d := &netlist.Design{Circuit: made, Comments: t.comments, Notes: t.notes(), Wires: 2 * int64(g.size)}
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
	inputs  int                // with the latches, which are inputs behind the others
	size    int                // how many ANDs
	ands    [][][2]circuit.Lit // in blocks
	outputs []circuit.Lit      // and then the next values of the latches
}

// build makes the circuit.
func (g *graph) build(inputs, outputs []string) (*circuit.Circuit, error) {
	b := circuit.NewBuilderSize(len(inputs) + g.size) // the number of gates read
	b.Keep()
	for _, name := range inputs {
		b.Input(name)
	}
	for _, block := range g.ands {
		b.Pairs(gates.And, block)
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

// latch reads the line of latch i: its next value, in the ASCII form behind the literal of the latch,
// and in version 1.9 in front of the first value, which is 0, 1 or the latch itself.
func (s *source) latch(i uint32, h header) (own, next uint32, err error) {
	if !s.line() {
		where := "before the first of %[2]s"
		if i > 0 {
			where = "after %d of %s"
		}
		return 0, 0, s.end(where, i, count(h.latches, latchField))
	}
	if !h.cut {
		return 0, 0, netlist.Token{Text: s.text, Pos: s.at}.
			Errorf("a latch, the first of %d: %s", h.latches, netlist.OnlyComb)
	}
	want := 2
	if h.binary {
		want = 1
	}
	var all [3]uint32
	given := min(bytes.Count(s.text, []byte{' '})+1, want+1)
	v := all[:max(given, want)]
	if err := s.numbers(2*h.variables+1, v); err != nil {
		return 0, 0, err
	}
	own, next = v[0], v[want-1]
	if h.binary {
		own = 2 * (h.inputs + i + 1)
	}
	switch {
	case own < 2 || own%2 == 1:
		return 0, 0, s.token(0).Errorf("a latch is a literal that is even and not 0")
	case len(v) > want && v[want] > 1 && v[want] != own:
		return 0, 0, s.token(bytes.LastIndexByte(s.text, ' ')+1).
			Errorf("the first value of a latch is 0, 1 or the latch, %d", own)
	}
	return own, next, nil
}
