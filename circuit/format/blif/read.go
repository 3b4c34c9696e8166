package blif

import (
	"bytes"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Read reads a BLIF file of one combinational model.
//
// Size:  a gate for each .names; if its cover is not one gate, also one for each cube.
// Error: a [*netlist.Error], or the error of r.
func Read(r io.Reader) (*netlist.Design, error) {
	f := &file{File: netlist.NewFile(r, netlist.Lexis{Comment: '#', Continue: true})}
	if err := f.Lines(f.line); err != nil {
		return nil, err
	}
	if f.part == beforeModel {
		return nil, f.Pos().Errorf("the file ends where .model is expected")
	}
	return f.Design(func(b *circuit.Builder, payload int, in []circuit.Lit) circuit.Lit {
		c := &f.covers[payload]
		return c.gate(b, f.cubes[c.first:c.first+c.rows*len(in)], in)
	})
}

// file is the part of the file that is read so far.
type file struct {
	*netlist.File
	part   part
	covers []cover
	cubes  []byte // of all covers
	inputs int    // of the last cover
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
	for _, t := range line {
		if t.Is(`\`) {
			return t.Errorf("a backslash goes on in the next line only at the very end of one")
		}
	}
	switch {
	case word.Is(".model") && f.part != beforeModel:
		return word.Errorf("is a second model; files of one are read")
	case f.part == afterEnd:
		return word.Errorf("nothing is expected after .end")
	case word.Is(".model"):
		f.part = inModel
		return f.Name(rest)
	case f.part == beforeModel:
		return word.Errorf(".model is expected here")
	case word.Text[0] != '.' && f.part == inCover:
		return f.row(line)
	case word.Text[0] != '.':
		return word.Errorf("a row of a cover can only follow .names; a statement is expected here")
	}
	f.part = inModel
	switch string(word.Text) {
	case ".inputs":
		return netlist.Each(rest, netlist.Token.Name, f.Input)
	case ".outputs":
		return netlist.Each(rest, netlist.Token.Name, f.Output)
	case ".names":
		return f.cover(rest)
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
	case why != "":
		return word.Errorf("%s", why)
	}
	return nil
}

// Why statements are not read that may be of more than combinational logic.
const (
	isLatch      = "is a latch: only combinational circuits are read"
	isSequential = "belongs to sequential circuits: only combinational ones are read"
	isHierarchy  = "belongs to hierarchies of models: only flat files are read"
)

// refusals says why other statements are not read. Those that tell of time, area, load and
// drive only are read over.
var refusals = map[string]string{
	".latch": isLatch, ".mlatch": isLatch,
	".latch_order": isSequential, ".clock": isSequential, ".cycle": isSequential, ".clock_event": isSequential,
	".start_kiss": isSequential, ".end_kiss": isSequential, ".code": isSequential,
	".subckt": isHierarchy, ".search": isHierarchy,
	".gate": "is a gate of a cell library, which says what it computes: only .names are read",
	".exdc": "says where outputs do not matter: only functions that are given in full are read",

	".area": "", ".delay": "", ".wire": "", ".wire_load_slope": "",
	".input_arrival": "", ".output_required": "", ".input_drive": "", ".output_load": "", ".max_input_load": "",
	".default_input_arrival": "", ".default_output_required": "", ".default_input_drive": "",
	".default_output_load": "", ".default_max_input_load": "",
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
	return f.Define(list[f.inputs], list[:f.inputs], len(f.covers)-1)
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
