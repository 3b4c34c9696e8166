package netlist

import (
	"github.com/tc0lab/tc0/circuit"
)

// signalID is the number of a name.
type signalID int32

// The drivers of signals that are not gates.
const (
	undefined = -1
	isInput   = -2
)

// signal is what a name of a file stands for.
type signal struct {
	at     spot  // where it was defined, or named first if it is undefined
	driver int32 // index in cells, or undefined, or isInput
	output bool  // it is the port of that name
}

// cell is a gate: the reader knows its kind by a number.
type cell struct {
	out     signalID
	payload int32
	first   int // in Netlist.fanin
}

// Netlist collects gates by the names of the signals that they drive and read, in any order. Its
// memory depends on the length of the file.
type Netlist struct {
	names   nameTable
	signals []signal // by the numbers of their names
	cells   []cell
	fanin   []signalID
	inputs  []signalID
	outputs []output
	latches []latch
	late    bool   // a gate reads a signal that was not defined before it
	words   []Word // scratch
}

type output struct {
	signal signalID
	at     spot
}

// latch is a latch that is cut: its output is an input of the circuit.
type latch struct{ out, next output }

// New returns an empty netlist.
func New() *Netlist { return &Netlist{names: newNameTable()} }

// expect makes room for so many gates, most of which read so many others.
func (n *Netlist) expect(gates, inputs int) {
	n.signals, n.cells, n.fanin = make([]signal, 0, gates), make([]cell, 0, gates), make([]signalID, 0, inputs*gates)
	n.names.expect(gates)
}

// signal returns the number of a name, which is new if it was not seen before.
func (n *Netlist) signal(t Token) signalID {
	s := n.names.take(t.Text)
	if int(s) == len(n.signals) {
		n.named(spotOf(t.Pos))
	}
	return s
}

// Input declares an input. It fails if the name is defined already.
func (n *Netlist) Input(t Token) error {
	s := n.signal(t)
	if err := n.free(s, t); err != nil {
		return err
	}
	n.signals[s].driver, n.signals[s].at = isInput, spotOf(t.Pos)
	n.inputs = append(n.inputs, s)
	return nil
}

// Output declares an output. A signal may be several; then all but the first get other names.
func (n *Netlist) Output(t Token) { n.outputs = append(n.outputs, output{n.signal(t), spotOf(t.Pos)}) }

// Latch cuts a latch: the signal out, which it drives, becomes an input behind the others, and its
// next value an output behind the others. It fails if out is defined already.
func (n *Netlist) Latch(next, out Token) error {
	s := n.signal(out)
	if err := n.free(s, out); err != nil {
		return err
	}
	n.signals[s].driver, n.signals[s].at = isInput, spotOf(out.Pos)
	n.latches = append(n.latches, latch{output{s, spotOf(out.Pos)}, output{n.signal(next), spotOf(next.Pos)}})
	return nil
}

// Define says that a gate drives the signal out and reads the others. What the gate is,
// the caller knows by the payload. It fails if the signal is defined already.
func (n *Netlist) Define(out Token, in []Token, payload int) error {
	s := n.signal(out)
	if err := n.free(s, out); err != nil {
		return err
	}
	n.signals[s].driver, n.signals[s].at = int32(len(n.cells)), spotOf(out.Pos)
	Double(&n.cells, 1)
	n.cells = append(n.cells, cell{s, int32(payload), len(n.fanin)})
	Double(&n.fanin, len(in))
	for _, t := range in {
		n.reads(n.signal(t))
	}
	return nil
}

// DefineWords is Define for words of a line, which begins the text. It reports false, and changes nothing, if the
// signal is defined already.
func (n *Netlist) DefineWords(out Word, in []Word, text []byte, line, payload int) bool {
	if !n.drive(out, text, line, payload) {
		return false
	}
	here := spot(line)<<columnBits + 1 // the first column
	Double(&n.fanin, len(in))
	for i := range in {
		s := n.names.takeWord(in[i], text)
		if int(s) == len(n.signals) {
			n.named(here + spot(in[i].At))
		}
		n.reads(s)
	}
	return true
}

// named adds the signal whose name the table has just taken.
func (n *Netlist) named(at spot) {
	Double(&n.signals, 1)
	n.signals = append(n.signals, signal{at: at, driver: undefined})
}

// reads adds a signal to those that the last gate reads.
func (n *Netlist) reads(s signalID) {
	d := n.signals[s].driver
	n.late = n.late || d == undefined || int(d) == len(n.cells)-1
	n.fanin = append(n.fanin, s)
}

func (n *Netlist) free(s signalID, t Token) error {
	switch old := n.signals[s]; old.driver {
	case undefined:
		return nil
	case isInput:
		return t.Errorf("is defined already: it is an input, line %d", old.at.pos().Line) // or the output of a latch
	default:
		return t.Errorf("is defined already, in line %d", old.at.pos().Line)
	}
}

// Missing reports whether a name was read, or declared as an output, and is not defined so far; it
// returns the name at its first place. A reader uses it to define names that mean something in the
// format unless the file defines them.
func (n *Netlist) Missing(name string) (Token, bool) {
	s, ok := n.names.find([]byte(name))
	if !ok || n.signals[s].driver != undefined {
		return Token{}, false
	}
	return n.at(s, n.signals[s].at), true
}

func (n *Netlist) inputsOf(c int32) []signalID {
	end := len(n.fanin)
	if int(c)+1 < len(n.cells) {
		end = n.cells[c+1].first
	}
	return n.fanin[n.cells[c].first:end]
}

// order returns the gates so that each comes after those it reads, otherwise in the order of the
// file, or nil for that order as it is. It is an error if there is a loop, or if a signal is read that is not defined.
func (n *Netlist) order() ([]int32, error) {
	if !n.late {
		return nil, nil
	}
	inOrder := true
	first, reads, count := make([]uint32, len(n.cells)+1), make([]int32, len(n.fanin)), 0
	for c := range n.cells {
		for _, in := range n.inputsOf(int32(c)) {
			driver := n.signals[in].driver
			if driver == undefined {
				return nil, n.at(in, n.signals[in].at).Errorf("is read and never defined")
			}
			if driver >= 0 {
				inOrder = inOrder && int(driver) < c
				reads[count] = driver
				count++
			}
		}
		first[c+1] = uint32(count)
	}
	if inOrder { // as where inputs come last
		return nil, nil
	}
	return order(first, reads, func(c int32) Token {
		out := n.cells[c].out
		return n.at(out, n.signals[out].at)
	})
}

// at returns the name of a signal as it stands at a place in the file.
func (n *Netlist) at(s signalID, p spot) Token {
	return Token{Text: []byte(n.names.of(s)), Pos: p.pos()}
}

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
	b := circuit.NewBuilderSize(len(n.signals))
	b.Keep()
	names, lits := &n.names, make([]circuit.Lit, len(n.signals))
	for _, s := range n.inputs {
		lits[s] = b.Input(names.of(s))
	}
	for _, l := range n.latches {
		lits[l.out.signal] = b.Input(names.of(l.out.signal))
	}
	var list []circuit.Lit
	for c := range int32(len(n.cells)) {
		if order != nil {
			c = order[c]
		}
		in := list[:0]
		for _, s := range n.inputsOf(c) {
			in = append(in, lits[s])
		}
		list = in
		cell := n.cells[c]
		lits[cell.out] = gate(b, int(cell.payload), in)
	}
	notes, err := n.makeOutputs(b, names, lits)
	if err != nil {
		return nil, err
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, &Error{Err: err}
	}
	d := &Design{Circuit: c, Notes: notes, Signals: make([]string, c.Len()), Wires: int64(len(n.fanin))}
	for i, l := range lits {
		if g := l.Gate(); !l.IsConst() && !l.IsComplement() && d.Signals[g] == "" {
			d.Signals[g] = names.of(signalID(i))
		}
	}
	return d, nil
}

// makeOutputs makes the output ports, and returns notes about those with other names than in the
// file.
func (n *Netlist) makeOutputs(
	b *circuit.Builder, signals *nameTable, lits []circuit.Lit,
) (notes []string, err error) {
	names := NewNameSet(AnyName())
	for _, o := range n.outputs {
		names.Reserve(signals.of(o.signal))
	}
	repeated := 0
	for _, o := range n.outputs {
		s, was := &n.signals[o.signal], signals.of(o.signal)
		name := was
		if s.output {
			name = names.Take(name)
			if repeated++; repeated == 1 {
				notes = []string{Renamed("output", was, name, o.at.pos().Line)}
			}
		}
		if err := n.makeOutput(b, name, o, lits); err != nil {
			return nil, err
		}
		s.output = true
	}
	if repeated > 0 {
		notes[0] = More(notes[0], repeated-1)
	}
	for i, l := range n.latches {
		was := signals.of(l.out.signal)
		name := names.Take(NextName(was))
		if i == 0 {
			notes = append(notes, Cut(len(n.latches), was, name))
		}
		if err := n.makeOutput(b, name, l.next, lits); err != nil {
			return nil, err
		}
	}
	return notes, nil
}

func (n *Netlist) makeOutput(b *circuit.Builder, name string, o output, lits []circuit.Lit) error {
	if n.signals[o.signal].driver == undefined {
		return n.at(o.signal, o.at).Errorf("is an output and never defined")
	}
	b.Output(name, lits[o.signal])
	return nil
}
