package netlist

import (
	"cmp"

	"github.com/tc0lab/tc0/circuit"
)

// signalID is the number of a name.
type signalID int32

// The drivers of signals that are not gates.
const (
	undefined = -1
	isInput   = -2
)

// signal is one name of a file.
type signal struct {
	name   string
	read   Pos   // where it was named first
	made   Pos   // where it was defined
	driver int32 // index in cells, or undefined, or isInput
	output bool
}

// cell is a gate: the reader knows its kind by a number.
type cell struct {
	out     signalID
	first   int // in Netlist.fanin
	payload int
	at      Pos
}

// Netlist collects gates by the names of the signals that they drive and read, in any order. Its
// memory depends on the length of the file.
type Netlist struct {
	index   map[string]signalID
	signals []signal
	cells   []cell
	fanin   []signalID
	inputs  []signalID
	outputs []output
}

type output struct {
	signal signalID
	at     Pos
}

// New returns an empty netlist.
func New() *Netlist {
	return &Netlist{index: map[string]signalID{}}
}

// signal returns the number of a name, which is new if it was not seen before.
func (n *Netlist) signal(t Token) signalID {
	if s, ok := n.index[string(t.Text)]; ok {
		return s
	}
	s, name := signalID(len(n.signals)), string(t.Text)
	n.index[name] = s
	n.signals = append(n.signals, signal{name: name, read: t.Pos, driver: undefined})
	return s
}

// Input declares an input. It fails if the name is defined already.
func (n *Netlist) Input(t Token) error {
	s := n.signal(t)
	if err := n.free(s, t); err != nil {
		return err
	}
	n.signals[s].driver, n.signals[s].made = isInput, t.Pos
	n.inputs = append(n.inputs, s)
	return nil
}

// Output declares an output. It fails if it is one already.
func (n *Netlist) Output(t Token) error {
	s := n.signal(t)
	if n.signals[s].output {
		return t.Errorf("is an output already")
	}
	n.signals[s].output = true
	n.outputs = append(n.outputs, output{s, t.Pos})
	return nil
}

// Define says that a gate drives the signal out and reads the others. What the gate is,
// the caller knows by the payload. It fails if the signal is defined already.
func (n *Netlist) Define(out Token, in []Token, payload int) error {
	s := n.signal(out)
	if err := n.free(s, out); err != nil {
		return err
	}
	n.signals[s].driver, n.signals[s].made = int32(len(n.cells)), out.Pos
	n.cells = append(n.cells, cell{s, len(n.fanin), payload, out.Pos})
	for _, t := range in {
		n.fanin = append(n.fanin, n.signal(t))
	}
	return nil
}

func (n *Netlist) free(s signalID, t Token) error {
	switch old := n.signals[s]; old.driver {
	case undefined:
		return nil
	case isInput:
		return t.Errorf("is defined already: it is an input, line %d", old.made.Line)
	default:
		return t.Errorf("is defined already, in line %d", old.made.Line)
	}
}

// Missing reports whether a name was read, or declared as an output, and is not defined so far; it
// returns the name at its first place. A reader uses it to define names that mean something in the
// format unless the file defines them.
func (n *Netlist) Missing(name string) (Token, bool) {
	s, ok := n.index[name]
	if !ok || n.signals[s].driver != undefined {
		return Token{}, false
	}
	return n.signals[s].at(n.signals[s].read), true
}

func (n *Netlist) inputsOf(c int32) []signalID {
	end := len(n.fanin)
	if int(c)+1 < len(n.cells) {
		end = n.cells[c+1].first
	}
	return n.fanin[n.cells[c].first:end]
}

// order returns the gates so that each comes after those it reads, otherwise in the order of the
// file. It is an error if there is a loop, or if a signal is read that is not defined.
func (n *Netlist) order() ([]int32, error) {
	var missing error
	order, err := Order(len(n.cells), func(c int32, k int) (int32, bool) {
		in := n.inputsOf(c)
		if k == len(in) || missing != nil {
			return 0, false
		}
		s := n.signals[in[k]]
		if s.driver == undefined {
			missing = s.at(s.read).Errorf("is read and never defined")
		}
		return s.driver, true
	}, func(c int32) Token { return n.signals[n.cells[c].out].at(n.cells[c].at) })
	return order, cmp.Or(err, missing)
}

// at returns the name of a signal as it stands at a place in the file.
func (s *signal) at(p Pos) Token { return Token{Text: []byte(s.name), Pos: p} }

// Maker makes a gate with the given inputs, which it may overwrite, and returns the literal that it
// drives.
type Maker func(b *circuit.Builder, payload int, in []circuit.Lit) circuit.Lit

// Build makes the circuit: the inputs as ports of one bit each, the gates in order as they
// are made, the outputs. The signals of gates are named in the design.
func (n *Netlist) Build(gate Maker) (*Design, error) {
	order, err := n.order()
	if err != nil {
		return nil, err
	}
	b := circuit.NewBuilder()
	b.Keep()
	lits := make([]circuit.Lit, len(n.signals))
	for _, s := range n.inputs {
		lits[s] = b.Input(n.signals[s].name)
	}
	var in []circuit.Lit
	for _, c := range order {
		in = in[:0]
		for _, s := range n.inputsOf(c) {
			in = append(in, lits[s])
		}
		lits[n.cells[c].out] = gate(b, n.cells[c].payload, in)
	}
	for _, o := range n.outputs {
		s := n.signals[o.signal]
		if s.driver == undefined {
			return nil, s.at(o.at).Errorf("is an output and never defined")
		}
		b.Output(s.name, lits[o.signal])
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, &Error{Err: err}
	}
	d := &Design{Circuit: c, Signals: make([]string, c.Len()), Wires: int64(len(n.fanin))}
	for i, s := range n.signals {
		if g := lits[i].Gate(); !lits[i].IsConst() && !lits[i].IsComplement() && d.Signals[g] == "" {
			d.Signals[g] = s.name
		}
	}
	return d, nil
}
