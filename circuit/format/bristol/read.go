package bristol

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Read reads a file in Bristol Fashion or in the older Bristol Format.
//
// Error: [*netlist.Error], with the line, the column and the word where they are known; for a fault
// of r, it wraps that error.
func Read(r io.Reader) (*netlist.Design, error) {
	file := &counter{r: r}
	in := &reader{s: netlist.NewScanner(file, netlist.Lexis{})}
	h, err := in.header()
	if err == nil {
		in.h, in.inputs = h, total(h.inputs)
		err = in.readGates()
	}
	if in.s.Err() != nil { // and errors in half a line do not matter
		return nil, in.end("")
	}
	if err != nil {
		return nil, err
	}
	if !netlist.Affords(in.inputs, file.size) {
		return nil, h.inputs[0].at.Errorf("%d input wires in a file of %d bytes, which can read only a few of them",
			in.inputs, file.size)
	}
	c, err := in.build()
	if err != nil {
		return nil, err
	}
	return &netlist.Design{Circuit: c, Wires: in.wires}, nil
}

// counter counts the bytes that are read.
type counter struct {
	r    io.Reader
	size int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.size += int64(n)
	return n, err
}

// reader is the state of reading a file. Gates are numbered as in the circuit: the
// inputs follow the constant, and then the gates in the order of the file.
type reader struct {
	s     *netlist.Scanner
	ahead []netlist.Token // a line that was read already
	h     *header

	inputs int           // input wires
	driven netlist.Index // by wire less inputs: its literal, and 1 more
	gates  []gate
	wires  int64         // that gates read
	in     []circuit.Lit // scratch
}

// gate is a gate of the circuit; one of a single input has it twice.
type gate struct {
	x, y circuit.Lit
	kind gates.Kind
}

// end returns the error that the file ends too early, or the error of the reader that ended it.
func (r *reader) end(where string) error {
	p := r.s.Pos()
	if err := r.s.Err(); errors.As(err, new(*netlist.Error)) {
		return err
	} else if err != nil {
		return &netlist.Error{Line: p.Line, Col: p.Col, Err: err}
	}
	return p.Errorf("the file ends %s", where)
}

func (r *reader) next() ([]netlist.Token, bool) {
	if tokens := r.ahead; tokens != nil {
		r.ahead = nil
		return tokens, true
	}
	return r.s.Next()
}

func (r *reader) readGates() error {
	for i := range r.h.gates {
		tokens, ok := r.next()
		if !ok {
			return r.end(fmt.Sprintf("after %d of %d gates", i, r.h.gates))
		}
		err := r.gate(tokens)
		if errors.Is(err, errUndriven) {
			err = cmp.Or(r.loop(tokens), err)
		}
		if err != nil {
			return err
		}
	}
	if tokens, ok := r.next(); ok {
		return tokens[0].Errorf("something follows the last of %d gates", r.h.gates)
	}
	return nil
}

// errUndriven says that a gate reads a wire that is not driven before.
var errUndriven = errors.New("is read, and no gate before drives it")

// loop returns an error if gates from a line on form a loop. It reads on to a line that is not a
// gate.
func (r *reader) loop(tokens []netlist.Token) error {
	var reads, drives [][]value // by line
	driver := map[int]int32{}   // by wire
	for ok := true; ok; tokens, ok = r.next() {
		wires, err := numbers(tokens[:len(tokens)-1])
		if err != nil || len(wires) < 3 || wires[0].width > len(wires)-3 {
			break
		}
		in, out := wires[2:][:wires[0].width], wires[2+wires[0].width:]
		if tokens[len(tokens)-1].Is("EQ") {
			in = nil // a constant
		}
		for _, w := range out {
			driver[w.width] = int32(len(drives))
		}
		reads, drives = append(reads, in), append(drives, out)
	}
	_, err := netlist.Order(len(reads), func(g int32, k int) (int32, bool) {
		if k == len(reads[g]) {
			return 0, false
		}
		h, ok := driver[reads[g][k].width]
		if !ok {
			h = -1
		}
		return h, true
	}, func(g int32) netlist.Token {
		out := drives[g][0]
		return netlist.Token{Text: strconv.AppendInt(nil, int64(out.width), 10), Pos: out.at}
	})
	return err
}

// words are the names of gates, and how many inputs they have; 0: any even number.
var words = map[string]struct {
	kind   gates.Kind
	inputs int
}{
	"AND": {gates.And, 2}, "XOR": {gates.Xor, 2}, "INV": {gates.Not, 1}, "NOT": {gates.Not, 1},
	"EQW": {gates.Buf, 1}, "EQ": {gates.Const, 1}, "MAND": {gates.And, 0},
}

// gate reads a line.
func (r *reader) gate(tokens []netlist.Token) error {
	op := tokens[len(tokens)-1]
	word, ok := words[string(op.Text)]
	kind, in := word.kind, word.inputs
	switch {
	case !ok && op.IsDigits():
		return r.s.End().Errorf("the name of a gate is missing")
	case !ok:
		return op.Errorf("no gate that is known: AND, XOR, INV, NOT, EQ, EQW or MAND")
	}
	if len(tokens) < 3 {
		return tokens[0].Errorf("the numbers of inputs and outputs are missing")
	}
	ins, err := tokens[0].Int(most)
	if err != nil {
		return err
	}
	outs, err := tokens[1].Int(most)
	if err != nil {
		return err
	}
	switch {
	case in == 0 && (ins < 2 || ins%2 == 1):
		return tokens[0].Errorf("a MAND has 2 inputs for each output")
	case in == 0 && outs != ins/2:
		return tokens[1].Errorf("a MAND of %d inputs has %d outputs", ins, ins/2)
	case in != 0 && ins != in:
		return tokens[0].Errorf("the number of inputs of %s is %d", op.Text, in)
	case in != 0 && outs != 1:
		return tokens[1].Errorf("the number of outputs of %s is 1", op.Text)
	case len(tokens) != 3+ins+outs:
		return op.Errorf("%d wires in front of it instead of %d", len(tokens)-3, ins+outs)
	}
	r.wires += int64(ins)
	wires := tokens[2 : 2+ins+outs]
	if kind == gates.Const {
		bit, err := wires[0].Int(1)
		if err != nil {
			return err
		}
		return r.drive(wires[1], circuit.Lit(bit))
	}
	// All inputs are read before an output is driven: a MAND must not read itself.
	r.in = r.in[:0]
	for _, t := range wires[:ins] {
		l, err := r.read(t)
		if err != nil {
			return err
		}
		r.in = append(r.in, l)
	}
	for i, t := range wires[ins:] {
		if n := len(r.gates); n == cap(r.gates) { // doubling, where append would copy much more often
			r.gates = slices.Grow(r.gates, max(n, 1<<10))
		}
		r.gates = append(r.gates, gate{r.in[i], r.in[ins-outs+i], kind})
		if err := r.drive(t, circuit.Gate(r.inputs+len(r.gates)).Lit()); err != nil {
			return err
		}
	}
	return nil
}

// wire returns the number of a wire.
func (r *reader) wire(t netlist.Token) (int, error) {
	w, err := t.Int(most)
	if err == nil && w >= r.h.wires {
		return 0, t.Errorf("there are %d wires, counted from 0", r.h.wires)
	}
	return w, err
}

// read returns the literal of a wire.
func (r *reader) read(t netlist.Token) (circuit.Lit, error) {
	w, err := r.wire(t)
	if err != nil {
		return 0, err
	}
	l, ok := r.lit(w)
	if !ok {
		return 0, t.Errorf("%w", errUndriven)
	}
	return l, nil
}

func (r *reader) lit(wire int) (circuit.Lit, bool) {
	if wire < r.inputs {
		return circuit.Gate(1 + wire).Lit(), true
	}
	v := r.driven.Of(uint32(wire - r.inputs))
	return circuit.Lit(v - 1), v != 0
}

// drive gives a wire its literal.
func (r *reader) drive(t netlist.Token, l circuit.Lit) error {
	w, err := r.wire(t)
	switch {
	case err != nil:
		return err
	case w < r.inputs:
		return t.Errorf("is driven, and is an input")
	case r.driven.Of(uint32(w-r.inputs)) != 0:
		return t.Errorf("is driven by a gate before")
	}
	r.driven.Set(uint32(w-r.inputs), uint32(l)+1)
	return nil
}

// build makes the circuit.
func (r *reader) build() (*circuit.Circuit, error) {
	b := circuit.NewBuilderSize(r.inputs + len(r.gates)) // the number of gates read
	b.Keep()
	for i, v := range r.h.inputs {
		b.InputPort(fmt.Sprintf("in%d", i), circuit.Format{}, v.width)
	}
	for i := range r.gates {
		g := &r.gates[i]
		lits := []circuit.Lit{g.x, g.y}
		if n := g.kind.FanIn(); n > 0 {
			lits = lits[:n]
		}
		b.Logic(g.kind, lits...)
	}
	next := r.h.wires - total(r.h.outputs)
	for i, v := range r.h.outputs {
		var lits []circuit.Lit
		for k := range v.width {
			l, ok := r.lit(next)
			if !ok {
				return nil, v.at.Errorf("wire %d is bit %d of this output, and no gate drives it", next, k)
			}
			lits = append(lits, l)
			next++
		}
		b.OutputPort(fmt.Sprintf("out%d", i), circuit.Format{}, lits...)
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, &netlist.Error{Err: err} // it is too large
	}
	return c, nil
}
