package handwritten

import (
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// sides are the words for the two kinds of port.
var sides = [2]string{"input", "output"}

// words are the words for formats of ports.
var words = []string{
	circuit.Unsigned: "unsigned", circuit.TwosComplement: "signed",
	circuit.Thermometer: "thermometer", circuit.OneHot: "onehot", circuit.Weighted: "weighted",
}

// output is an output port, made when the whole file is read.
type output struct {
	port  netlist.Token
	shape circuit.PortShape
	wires []wire
}

// wire is a literal of an output.
type wire struct {
	name netlist.Token // or none, of a constant
	lit  circuit.Lit   // a constant, True if it is complemented
}

// port takes the name of a new port.
func (f *file) port(side int) (token, error) {
	t, err := f.name("the name of an " + sides[side])
	if err != nil {
		return t, err
	}
	name := string(t.Text)
	if at, ok := f.ports[side][name]; ok {
		return t, t.Errorf("is an %s already, in line %d", sides[side], at)
	}
	f.ports[side][name] = t.Pos.Line
	return t, nil
}

// names reads a list of ports of one bit each, and reports whether it is no list but one port with
// more said about it.
func (f *file) list(side int, each func(t token) error) (first token, more bool, err error) {
	l := &f.line
	for i := 0; i == 0 || l.peek().kind != atEnd; i++ {
		if i > 0 {
			l.accept(',')
		}
		t, err := f.port(side)
		if err != nil {
			return t, false, err
		}
		if k := l.peek().kind; i == 0 && (k == ':' || k == '=') {
			return t, true, nil
		}
		if err := each(t); err != nil {
			return t, false, err
		}
	}
	return first, false, nil
}

// readInput reads input ports.
func (f *file) readInput() error {
	t, more, err := f.list(0, func(t token) error {
		if err := f.afford(t, 1); err != nil {
			return err
		}
		return f.define(t, meaning{lit: f.b.Input(string(t.Text))})
	})
	if err != nil || !more {
		return err
	}
	shape, err := f.shape(t)
	if err != nil {
		return err
	}
	if shape.Format.Kind == circuit.Weighted {
		return t.Errorf("an input has no weighted format, which has no unique code; unsigned, signed, thermometer and onehot have")
	}
	if err := f.afford(t, shape.Wires); err != nil {
		return err
	}
	lits := f.b.InputPort(shape.Name, shape.Format, shape.Wires)
	if f.line.accept('=') {
		return f.wiresOf(shape.Wires, func(i int) error {
			t, err := f.name("the name of a wire")
			if err != nil {
				return err
			}
			return f.define(t, meaning{lit: lits[i]})
		})
	}
	p := circuit.Port{Name: shape.Name, Format: shape.Format, Wires: lits}
	for i, l := range lits {
		name := netlist.WireName(&p, i)
		if name != shape.Name {
			f.wide[shape.Name] = shape.Wires
		}
		if err := f.define(token{netlist.Token{Text: []byte(name), Pos: t.Pos}, quoted}, meaning{lit: l}); err != nil {
			return err
		}
	}
	return nil
}

// afford fails if there are more inputs than the file so far may ask for.
func (f *file) afford(t token, more int) error {
	if f.inputs += more; !netlist.Affords(f.inputs, f.size) {
		return t.Errorf("%d inputs in %d bytes; name the wires one by one: input x : 2 bits = x0, x1", f.inputs, f.size)
	}
	return nil
}

// wiresOf reads as many parts as a port has wires, with commas between them.
func (f *file) wiresOf(n int, part func(i int) error) error {
	for i := range n {
		if i > 0 && !f.line.accept(',') {
			return f.line.expected(`"," and another of ` + strconv.Itoa(n) + " wires")
		}
		if err := part(i); err != nil {
			return err
		}
	}
	return nil
}

// shape reads what follows the name of a port: nothing, or the number of bits and the format.
func (f *file) shape(port token) (circuit.PortShape, error) {
	l := &f.line
	s := circuit.PortShape{Name: string(port.Text), Wires: 1}
	if !l.accept(':') {
		return s, nil
	}
	t := l.peek()
	if t.kind != number {
		return s, l.expected("the number of bits")
	}
	l.at++
	var err error
	if s.Wires, err = t.Int(1<<31 - 1); err != nil {
		return s, err
	}
	if t := l.peek(); !t.is("bits") && !t.is("bit") {
		return s, l.expected(`"bits"`)
	}
	l.at++
	t = l.peek()
	if t.kind == atEnd || t.kind == '=' {
		return s, nil
	}
	for k, name := range words {
		if t.is(name) {
			l.at++
			s.Format.Kind = circuit.FormatKind(k)
			return s, f.format(&s)
		}
	}
	return s, l.expected("unsigned, signed, thermometer, onehot, weighted or =")
}

// format reads the numbers of a format.
func (f *file) format(s *circuit.PortShape) (err error) {
	l := &f.line
	if s.Format.Kind <= circuit.TwosComplement {
		return nil
	}
	if k := l.peek().kind; k == '-' || k == number {
		if s.Format.Offset, err = f.integer(); err != nil {
			return err
		}
	}
	if s.Format.Kind != circuit.Weighted {
		return nil
	}
	if err := l.want('('); err != nil {
		return err
	}
	at := l.peek()
	if err := l.list(')', func() error {
		v, err := f.integer()
		s.Format.Weights = append(s.Format.Weights, v)
		return err
	}); err != nil {
		return err
	}
	if len(s.Format.Weights) != s.Wires {
		return at.Errorf("%d weights for %d bits; a weight for each is right", len(s.Format.Weights), s.Wires)
	}
	return nil
}

// integer reads an integer with its sign.
func (f *file) integer() (circuit.Int, error) {
	negative := f.line.accept('-')
	t := f.line.peek()
	if t.kind != number {
		return circuit.Int{}, f.line.expected("an integer")
	}
	f.line.at++
	v, err := circuit.ParseInt(string(t.Text))
	if err != nil {
		return v, t.Errorf("more digits than a circuit holds, which has numbers up to 2^65536")
	}
	if negative {
		v = v.Neg()
	}
	return v, nil
}

// readOutput reads output ports; what they read is looked up when the file ends.
func (f *file) readOutput() error {
	kept := func(t token) netlist.Token {
		return netlist.Token{Text: []byte(string(t.Text)), Pos: t.Pos} // the line is gone then
	}
	t, more, err := f.list(1, func(t token) error {
		k := kept(t)
		f.outputs = append(f.outputs, output{k, circuit.PortShape{Name: string(k.Text), Wires: 1}, []wire{{name: k}}})
		return nil
	})
	if err != nil || !more {
		return err
	}
	o := output{port: kept(t)}
	if o.shape, err = f.shape(t); err != nil {
		return err
	}
	if f.line.accept('=') {
		err = f.wiresOf(o.shape.Wires, func(int) error {
			w := wire{}
			for f.line.peek().is("not") {
				w.lit = w.lit.Not()
				f.line.at++
			}
			t := f.line.peek()
			switch {
			case t.kind == number && (t.Is("0") || t.Is("1")):
				w.lit = w.lit.NotIf(t.Is("1"))
				f.line.at++
			case f.isCall():
				return t.Errorf("a name, 0 or 1 is expected here; a gate has a line of its own, and the output its name")
			default:
				if t, err = f.name("a name, 0 or 1"); err != nil {
					return err
				}
				w.name = kept(t)
			}
			o.wires = append(o.wires, w)
			return nil
		})
		f.outputs = append(f.outputs, o)
		return err
	}
	if int64(o.shape.Wires) > f.size && !netlist.Affords(o.shape.Wires, f.size) {
		return t.Errorf("%d wires in %d bytes; list what they read: output y : 2 bits = a, b", o.shape.Wires, f.size)
	}
	p := circuit.Port{Name: o.shape.Name, Format: o.shape.Format, Wires: make([]circuit.Lit, o.shape.Wires)}
	for i := range p.Wires {
		o.wires = append(o.wires, wire{name: netlist.Token{Text: []byte(netlist.WireName(&p, i)), Pos: t.Pos}})
	}
	f.outputs = append(f.outputs, o)
	return nil
}

// make makes an output port.
func (o *output) make(f *file) error {
	lits := make([]circuit.Lit, 0, len(o.wires))
	for _, w := range o.wires {
		if w.name.Text == nil {
			lits = append(lits, w.lit)
			continue
		}
		m, ok := f.names[string(w.name.Text)]
		switch {
		case !ok:
			return f.unknown(w.name)
		case m.sum > 0:
			return w.name.Errorf("is a sum, and no bit; an output is a gate that compares it, or an input")
		}
		lits = append(lits, m.lit.NotIf(w.lit == circuit.True))
	}
	f.b.OutputPort(o.shape.Name, o.shape.Format, lits...)
	return nil
}
