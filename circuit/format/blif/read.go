package blif

import (
	"bytes"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Config chooses how a file is read.
type Config struct {
	Cut     bool     // latches become an input and an output each, and are refused otherwise
	Library *Library // of the cells that .gate names; nil: it is refused
}

// Read reads a BLIF file of one combinational circuit.
//
// Size:  a gate for each .names; if its cover is not one gate, also one for each cube.
// Error: a [*netlist.Error], or the error of r.
func Read(r io.Reader) (*netlist.Design, error) { return Config{}.Read(r) }

// Read is the function Read, as c says.
func (c Config) Read(r io.Reader) (*netlist.Design, error) {
	f := &file{Config: c, models: map[string]*model{}}
	f.File = netlist.NewFile(r, netlist.Lexis{Comment: '#', Continue: true, Plain: f.plain})
	n := f.Expect(r, bytesPerGate, 2)
	f.covers, f.cubes = make([]cover, 0, n), make([]byte, 0, 2*n)
	if err := f.Lines(f.line); err != nil {
		return nil, err
	}
	if f.part == beforeModel {
		return nil, f.Pos().Errorf("the file ends where .model is expected")
	}
	if err := f.flatten(); err != nil {
		return nil, err
	}
	d, err := f.Design(f.gate)
	if err == nil {
		d.Wires -= int64(f.connections)
	}
	return d, err
}

// bytesPerGate is about what a gate with short names takes.
const bytesPerGate = 34

// file is the part of the file that is read so far. The first model is the circuit, and goes into the
// netlist at once; the others are kept for its instances of them.
type file struct {
	*netlist.File
	Config
	part        part
	covers      []cover
	cubes       []byte // of all covers
	inputs      int    // of the last cover
	shape       shape  // scratch
	connections int

	models map[string]*model
	first  *model // with the instances of the first model only
	at     *model // where lines belong to
	size   int    // of what was read, in bytes, without comments
	found  [len(separators)]bool
}

// What a definition's payload says that is not the number of a cover: a connection, or below it a
// cell of the library.
const (
	isConnection = -1
	firstCell    = -2
)

// gate makes what a definition says.
func (f *file) gate(b *circuit.Builder, payload int, in []circuit.Lit) circuit.Lit {
	switch {
	case payload == isConnection:
		return in[0]
	case payload <= firstCell:
		return f.Library.cells[firstCell-payload].gate(b, in)
	}
	c := &f.covers[payload]
	return c.gate(b, f.cubes[c.first:c.first+c.rows*len(in)], in, &f.shape)
}

// part is where in a file a line stands.
type part uint8

const (
	beforeModel part = iota
	inModel
	inCover // rows of the last cover may follow
	afterEnd
)

func (f *file) line(line []netlist.Token) error {
	word, rest := line[0], line[1:]
	for i := range line {
		text := line[i].Text
		f.size += len(text) + 1
		for k := range separators {
			f.found[k] = f.found[k] || bytes.IndexByte(text, separators[k]) >= 0
		}
		if len(text) == 1 && text[0] == '\\' {
			return line[i].Errorf("a backslash goes on in the next line only at the very end of one")
		}
	}
	switch {
	case word.Is(".model"):
		return f.model(word, rest)
	case f.part == afterEnd && word.Is(".exdc"):
		return word.Errorf("%s", refusals[".exdc"])
	case f.part == afterEnd:
		return word.Errorf("nothing but another .model is expected after .end")
	case f.part == beforeModel:
		return word.Errorf(".model is expected here")
	case word.Text[0] != '.' && f.part == inCover:
		return f.row(line)
	case word.Text[0] != '.':
		return word.Errorf("a row of a cover can only follow .names; a statement is expected here")
	}
	f.part = inModel
	return f.statement(word, rest)
}

func (f *file) statement(word netlist.Token, rest []netlist.Token) error {
	switch string(word.Text) {
	case ".inputs":
		return netlist.Each(rest, netlist.Token.Name, f.input)
	case ".outputs":
		return netlist.Each(rest, netlist.Token.Name, f.output)
	case ".names":
		return f.cover(rest)
	case ".conn":
		if len(rest) != 2 {
			return word.Errorf("connects two signals, the second to the first, not %d", len(rest))
		}
		return f.define(rest[1], rest[:1], isConnection)
	case ".subckt":
		return f.instance(rest)
	case ".gate":
		return f.cell(word, rest)
	case ".latch":
		return f.latch(word, rest)
	case ".end":
		if len(rest) > 0 {
			return rest[0].Errorf("nothing is expected after .end")
		}
		f.part = afterEnd
		return nil
	}
	why, known := refusals[string(word.Text)]
	switch {
	case !known:
		return word.Errorf("is no statement that is read here")
	case why == isClock && f.Cut:
		return nil
	case why != "":
		return word.Errorf("%s", why)
	}
	return nil
}

// Why statements are not read that may be of more than combinational logic.
const (
	isSequential = "belongs to sequential circuits: only combinational ones are read"
	isClock      = isSequential + ", unless latches are to be cut (--comb)"
)

// refusals says why other statements are not read. Those that tell of time, area, load, drive and
// names only are read over.
var refusals = map[string]string{
	".mlatch":      "is a latch of a cell library, which is not read",
	".latch_order": isClock, ".clock": isClock, ".cycle": isClock, ".clock_event": isClock,
	".start_kiss": isSequential, ".end_kiss": isSequential, ".code": isSequential,
	".search":   "names another file: models that are all in one file are read",
	".blackbox": "is a model that does not say what it computes",
	".exdc":     "says where outputs do not matter: only functions that are given in full are read",

	".area": "", ".delay": "", ".wire": "", ".wire_load_slope": "", ".and_gate_delay": "",
	".input_arrival": "", ".output_required": "", ".input_drive": "", ".output_load": "", ".max_input_load": "",
	".input_required": "", ".output_arrival": "",
	".default_input_arrival": "", ".default_output_required": "", ".default_input_drive": "",
	".default_output_load": "", ".default_max_input_load": "",
	".attr": "", ".param": "", ".cname": "",
}

// latch reads a latch, whose type, clock and first value do not matter where it is cut.
func (f *file) latch(word netlist.Token, rest []netlist.Token) error {
	switch {
	case !f.Cut:
		return word.Errorf("is " + netlist.NoLatch)
	case len(rest) < 2:
		return f.End().Errorf("the input and the output of the latch are expected here")
	case len(rest) > 5:
		return rest[5].Errorf("a latch has an input, an output, a type, a clock and a first value; this is more")
	}
	if err := netlist.Each(rest[:2], netlist.Token.Name); err != nil {
		return err
	}
	if f.at == f.first {
		return f.Latch(rest[0], rest[1])
	}
	f.at.add(isLatch, rest[:2])
	return nil
}

// cover begins a cover.
func (f *file) cover(list []netlist.Token) error {
	if len(list) == 0 {
		return f.End().Errorf("the name of what the cover defines is expected here")
	}
	if err := netlist.Each(list, netlist.Token.Name); err != nil {
		return err
	}
	f.inputs = len(list) - 1
	f.part = inCover
	f.covers = append(f.covers, cover{first: len(f.cubes)})
	return f.define(list[f.inputs], list[:f.inputs], len(f.covers)-1)
}

// row adds a row to the last cover.
func (f *file) row(line []netlist.Token) error {
	c := &f.covers[len(f.covers)-1]
	value := line[len(line)-1]
	columns := 2
	if f.inputs == 0 {
		columns = 1
	}
	if len(line) > columns {
		return line[columns].Errorf("a row of a cover of %d inputs has %d columns; this is more", f.inputs, columns)
	}
	if columns == 2 {
		cube := line[0]
		if i := bytes.IndexFunc(cube.Text, func(r rune) bool { return r != '0' && r != '1' && r != '-' }); i >= 0 {
			return cube.Errorf("a cube is of 0, 1 and -")
		}
		if len(cube.Text) != f.inputs {
			return cube.Errorf("%d signs for %d inputs", len(cube.Text), f.inputs)
		}
		if len(line) < columns {
			return f.End().Errorf("the value of the row, 0 or 1, is expected here")
		}
		f.cubes = append(f.cubes, cube.Text...)
	}
	if !value.Is("0") && !value.Is("1") {
		return value.Errorf("the value of a row is 0 or 1")
	}
	off := value.Is("0")
	if c.rows > 0 && off != c.off {
		return value.Errorf("a cover has rows of value 0 or of value 1, not both")
	}
	c.off = off
	c.rows++
	return nil
}
