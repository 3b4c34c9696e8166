package blif

import (
	"bytes"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Read reads a BLIF file of one combinational model.
//
// Size: a gate for each .names, and in a cover that is none, one for each cube.
// Error: a [*netlist.Error], or that of r.
func Read(r io.Reader) (*netlist.Design, error) {
	f := &file{
		scan: netlist.NewScanner(r, netlist.Lexis{Comment: '#', Continue: true}),
		net:  netlist.New(),
	}
	for {
		line, ok := f.scan.Next()
		if !ok {
			break
		}
		if err := f.line(line); err != nil {
			return nil, err
		}
	}
	if err := f.scan.Err(); err != nil {
		return nil, err
	}
	if f.part == beforeModel {
		return nil, f.scan.Pos().Errorf("the file ends where .model is expected")
	}
	b := circuit.NewBuilder()
	b.Keep()
	d, err := f.net.Build(b, func(payload int, in []circuit.Lit, _ netlist.Pos) (circuit.Lit, error) {
		c := &f.covers[payload]
		return c.gate(b, f.cubes[c.first:c.first+c.rows*len(in)], in), nil
	})
	if err != nil {
		return nil, err
	}
	d.Name, d.Comments = f.name, f.scan.Comments()
	if err := d.TakePorts(f.scan.CommentLines()); err != nil {
		return nil, err
	}
	return d, nil
}

// file is what is read so far.
type file struct {
	scan   *netlist.Scanner
	net    *netlist.Netlist
	name   string
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
		return f.model(rest)
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
		return names(rest, f.net.Input)
	case ".outputs":
		return names(rest, f.net.Output)
	case ".names":
		return f.cover(rest)
	case ".end":
		if len(rest) > 0 {
			return rest[0].Errorf("nothing is expected after .end")
		}
		f.part = afterEnd
		return nil
	}
	if isTiming(word) {
		return nil
	}
	return word.Errorf("%s", refusal(word))
}

// isTiming reports whether a statement tells of time, area, load and drive only.
func isTiming(word netlist.Token) bool {
	switch string(word.Text) {
	case ".area", ".delay", ".wire", ".wire_load_slope",
		".input_arrival", ".output_required", ".input_drive", ".output_load", ".max_input_load",
		".default_input_arrival", ".default_output_required", ".default_input_drive", ".default_output_load", ".default_max_input_load":
		return true
	}
	return false
}

// refusal says why a statement is not read.
func refusal(word netlist.Token) string {
	switch string(word.Text) {
	case ".latch", ".mlatch":
		return "is a latch: only combinational circuits are read"
	case ".latch_order", ".clock", ".cycle", ".clock_event", ".start_kiss", ".end_kiss", ".code":
		return "belongs to sequential circuits: only combinational ones are read"
	case ".subckt", ".search":
		return "belongs to hierarchies of models: only flat files are read"
	case ".gate":
		return "is a gate of a cell library, which says what it computes: only .names are read"
	case ".exdc":
		return "says where outputs do not matter: only functions that are given in full are read"
	}
	return "is no statement that is read here"
}

func (f *file) model(rest []netlist.Token) error {
	if len(rest) > 1 {
		return rest[1].Errorf("a model has one name")
	}
	for _, t := range rest {
		if err := t.Name(); err != nil {
			return err
		}
		f.name = string(t.Text)
	}
	f.part = inModel
	return nil
}

func names(list []netlist.Token, declare func(netlist.Token) error) error {
	for _, t := range list {
		if err := t.Name(); err != nil {
			return err
		}
		if err := declare(t); err != nil {
			return err
		}
	}
	return nil
}

// cover begins a cover.
func (f *file) cover(list []netlist.Token) error {
	if len(list) == 0 {
		return f.scan.End().Errorf("the name of what the cover defines is expected here")
	}
	if err := names(list, func(netlist.Token) error { return nil }); err != nil {
		return err
	}
	f.inputs = len(list) - 1
	f.part = inCover
	f.covers = append(f.covers, cover{first: len(f.cubes)})
	return f.net.Define(list[f.inputs], list[:f.inputs], len(f.covers)-1)
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
			return f.scan.End().Errorf("the value of the row, 0 or 1, is expected here")
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
