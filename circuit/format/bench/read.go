package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// What a definition's payload says: a kind of gate, or a constant, or the number of a
// table.
const (
	constFalse = int(gates.NumKinds) + iota
	constTrue
	mux
	firstTable
)

// payloadOf returns the kind of gate or the constant of a word in any case.
func payloadOf(text []byte) (payload int, ok bool) {
	var upper [len("CONST0")]byte // the longest of the words
	if len(text) > len(upper) {
		return 0, false
	}
	for i, b := range text {
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		upper[i] = b
	}
	switch string(upper[:len(text)]) {
	case "AND":
		return int(gates.And), true
	case "OR":
		return int(gates.Or), true
	case "NAND":
		return int(gates.Nand), true
	case "NOR":
		return int(gates.Nor), true
	case "XOR":
		return int(gates.Xor), true
	case "XNOR", "NXOR":
		return int(gates.Xnor), true
	case "NOT", "INV":
		return int(gates.Not), true
	case "BUFF", "BUF":
		return int(gates.Buf), true
	case "GND", "CONST0":
		return constFalse, true
	case "VDD", "CONST1":
		return constTrue, true
	case "MUX":
		return mux, true
	}
	return 0, false
}

// Config chooses how a file is read.
type Config struct {
	Cut bool // latches become an input and an output each, and are refused otherwise
}

// Read reads a .bench file of a combinational circuit. Every gate is kept as it stands.
//
// Size:  a gate for each definition, for a LUT or a MUX as the package comment says.
// Error: a [*netlist.Error], or the error of r.
func Read(r io.Reader) (*netlist.Design, error) { return Config{}.Read(r) }

// Read is the function Read, as c says.
func (c Config) Read(r io.Reader) (*netlist.Design, error) {
	f := &file{Config: c, empty: true}
	f.File = netlist.NewFile(r, netlist.Lexis{Comment: '#', Signs: signs, Plain: f.plain})
	f.Expect(r, bytesPerGate, 2)
	if err := f.Lines(f.statement); err != nil {
		return nil, err
	}
	if f.empty {
		return nil, &netlist.Error{Err: errors.New("it has no INPUT, no OUTPUT and no gate")}
	}
	if err := f.implied(); err != nil {
		return nil, err
	}
	d, err := f.Design(f.gate)
	if err == nil && f.firstMux > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("MUX(s, a, b), in line %d, is read as a where s is 0, and b where it is 1",
			f.firstMux))
	}
	return d, err
}

// bytesPerGate is about what a gate with short names takes.
const bytesPerGate = 28

// signs are the characters that names do not have.
const signs = "(),="

// file is the part of the file that is read so far.
type file struct {
	*netlist.File
	Config
	empty    bool // it has no statement
	tables   []table
	firstMux int            // its line; 0: there is none
	words    []netlist.Word // scratch
}

func (f *file) statement(line []netlist.Token) error {
	f.empty = false
	switch {
	case len(line) > 1 && line[1].Is("="):
		return f.definition(line)
	case is(line[0], "INPUT"), is(line[0], "OUTPUT"):
		in, err := f.list(line[1:])
		if err != nil {
			return err
		}
		if len(in) != 1 {
			return line[0].Errorf("declares one signal in a line, not %d", len(in))
		}
		if is(line[0], "INPUT") {
			return f.Input(in[0])
		}
		f.Output(in[0])
		return nil
	}
	return line[0].Errorf("INPUT(name), OUTPUT(name) or name = KIND(name, ...) is expected here")
}

func (f *file) definition(line []netlist.Token) error {
	out := line[0]
	if err := name(out); err != nil {
		return err
	}
	if len(line) < 3 {
		return f.End().Errorf("a kind of gate is expected here")
	}
	kind, rest := line[2], line[3:]
	payload, ok := payloadOf(kind.Text)
	switch {
	case is(kind, "DFF") && f.Cut:
		next, err := f.list(rest)
		switch {
		case err != nil:
			return err
		case len(next) != 1:
			return kind.Errorf("has one input, not %d", len(next))
		}
		return f.Latch(next[0], out)
	case is(kind, "DFF"):
		return kind.Errorf("is " + netlist.NoLatch)
	case !ok && bytes.HasPrefix(bytes.ToUpper(kind.Text), []byte("DFF")): // DFFRSE, or others
		return kind.Errorf("is a latch of a sort that is not read; DFF is")
	case !ok && !is(kind, "LUT"):
		return kind.Errorf("is no kind of gate here: " +
			"those are AND, OR, NAND, NOR, XOR, XNOR, NOT, BUFF, MUX, LUT, vdd and gnd")
	case ok && (payload == constFalse || payload == constTrue):
		if len(rest) == 2 && rest[0].Is("(") && rest[1].Is(")") {
			rest = nil
		}
		if len(rest) > 0 {
			return rest[0].Errorf("a constant has no inputs")
		}
		return f.Define(out, nil, payload)
	case !ok && len(rest) == 0:
		return f.End().Errorf("the table of the LUT is expected here")
	}
	var digits netlist.Token
	if !ok {
		digits, rest = rest[0], rest[1:]
	}
	in, err := f.list(rest)
	if err != nil {
		return err
	}
	if !ok {
		t, err := newTable(digits, len(in))
		if err != nil {
			return err
		}
		payload = firstTable + len(f.tables)
		f.tables = append(f.tables, t)
	} else if payload == mux {
		if len(in) != 3 {
			return kind.Errorf("has three inputs, not %d", len(in))
		}
		if f.firstMux == 0 {
			f.firstMux = kind.Pos.Line
		}
	} else if want := gates.Kind(payload).FanIn(); want == 1 && len(in) != want {
		return kind.Errorf("has one input, not %d", len(in))
	}
	return f.Define(out, in, payload)
}

// implied defines the constants that the file names as if they were signals.
func (f *file) implied() error {
	for i, name := range constants {
		if t, ok := f.Missing(name); ok {
			if err := f.Define(t, nil, constFalse+i); err != nil {
				return err
			}
		}
	}
	return nil
}

// list reads names in parentheses up to the end of the line, one at least. It returns them
// in the memory of the tokens.
func (f *file) list(tokens []netlist.Token) ([]netlist.Token, error) {
	names := tokens[:0]
	for i, t := range tokens {
		last := i == len(tokens)-1
		switch {
		case i == 0:
			if !t.Is("(") {
				return nil, t.Errorf(`"(" is expected here`)
			}
		case i%2 == 1:
			if err := name(t); err != nil {
				return nil, err
			}
			names = append(names, t)
		case t.Is(")") && last:
			return names, nil
		case t.Is(")"):
			return nil, tokens[i+1].Errorf("the end of the line is expected here")
		case !t.Is(","):
			return nil, t.Errorf(`"," or ")" is expected here`)
		}
	}
	want := `"," or ")"`
	switch {
	case len(tokens) == 0:
		want = `"("`
	case len(tokens)%2 == 1:
		want = "a name"
	}
	return nil, f.End().Errorf("%s is expected here", want)
}

func isSign(b byte) bool { return strings.IndexByte(signs, b) >= 0 }

// name returns an error if t is a sign, or no name for other reasons.
func name(t netlist.Token) error {
	if len(t.Text) == 1 && isSign(t.Text[0]) {
		return t.Errorf("a name is expected here")
	}
	return t.Name()
}

// is compares with a word in any case.
func is(t netlist.Token, word string) bool { return strings.EqualFold(string(t.Text), word) }

// gate makes the gate of a definition.
func (f *file) gate(b *circuit.Builder, payload int, in []circuit.Lit) circuit.Lit {
	switch {
	case payload >= firstTable:
		return f.tables[payload-firstTable].gate(b, in)
	case payload == mux:
		return b.Or(b.And(b.Not(in[0]), in[1]), b.And(in[0], in[2]))
	case payload >= constFalse:
		return circuit.False.NotIf(payload == constTrue)
	}
	return b.Logic(gates.Kind(payload), in...)
}
