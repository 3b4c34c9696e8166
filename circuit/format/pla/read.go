package pla

import (
	"io"
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// MostCompared is how many pairs of rows of type fr and fdr are compared at most.
const MostCompared = 1 << 27

// unset is the number of inputs or outputs before it is read.
const unset = -1

// file is the part of a file that is read so far.
type file struct {
	*netlist.Scanner
	size  int64
	count [2]int // of inputs and outputs
	where [2]netlist.Token
	names [2][]string
	table table
	kind  string // .type
	ended bool
	free  int // the first line with a sign that any value will do, and
	frees int // how many such lines
}

// sides have the words for inputs and outputs.
var sides = [2]struct{ word, names, one, letter string }{
	{".i", ".ilb", "an input", "x"}, {".o", ".ob", "an output", "y"},
}

// Read reads a table.
//
// Size:  a gate for each row of several literals, and for each output of several rows.
// Depth: 2 at most.
// Error: a [*netlist.Error], or the error of r.
func Read(r io.Reader) (*netlist.Design, error) {
	f := &file{
		Scanner: netlist.NewScanner(r, netlist.Lexis{Comment: '#', Signs: "|"}), count: [2]int{unset, unset}, kind: "fd",
	}
	var err error
	for line, ok := f.Next(); ok && err == nil; line, ok = f.Next() {
		f.size += int64(len(f.Text())) + 1
		if err = f.line(line); err != nil {
			break
		}
	}
	if reader := f.Err(); reader != nil {
		return nil, reader
	}
	if err == nil {
		err = f.complete()
	}
	if err != nil {
		return nil, err
	}
	return f.design()
}

// line reads a line.
func (f *file) line(line []netlist.Token) error {
	begin := line[0]
	switch {
	case f.ended:
		return begin.Errorf("nothing is expected after .e")
	case begin.Text[0] != '.':
		return f.row(line)
	case begin.Is(".e") || begin.Is(".end"):
		f.ended = true
		return extra(line[1:])
	case len(f.table.rows) > 0:
		return begin.Errorf("a row or .e is expected here; what describes the table comes before its rows")
	}
	for side, s := range sides {
		switch {
		case begin.Is(s.word):
			return f.number(side, line)
		case begin.Is(s.names):
			return f.label(side, line)
		}
	}
	switch {
	case begin.Is(".p"): // how many rows; other programs do not hold it for certain
		if len(line) != 2 {
			return f.End().Errorf("the number of rows is expected here")
		}
		_, err := line[1].Int(1<<31 - 1)
		return err
	case begin.Is(".type"):
		if len(line) < 2 {
			return f.End().Errorf("f, fd, fr or fdr is expected here")
		}
		if f.kind = string(line[1].Text); !slices.Contains([]string{"f", "fd", "fr", "fdr"}, f.kind) {
			return line[1].Errorf("is no type that is read: f, fd, fr and fdr are")
		}
		return extra(line[2:])
	}
	return begin.Errorf("is not read: .i .o .p .ilb .ob .type .e are")
}

// extra refuses words behind the last of a line.
func extra(rest []netlist.Token) error {
	if len(rest) > 0 {
		return rest[0].Errorf("the end of the line is expected here")
	}
	return nil
}

// number reads how many inputs or outputs there are.
func (f *file) number(side int, line []netlist.Token) (err error) {
	if len(line) < 2 {
		return f.End().Errorf("the number of %ss is expected here", sides[side].one[3:])
	}
	if f.count[side] != unset {
		return line[0].Errorf("stands in line %d already", f.where[side].Pos.Line)
	}
	if f.count[side], err = line[1].Int(1<<31 - 1); err != nil {
		return err
	}
	f.where[side] = netlist.Token{Text: []byte(string(line[1].Text)), Pos: line[1].Pos}
	return extra(line[2:])
}

// label reads the names of inputs or outputs.
func (f *file) label(side int, line []netlist.Token) error {
	s := sides[side]
	switch {
	case f.count[side] == unset:
		return line[0].Errorf("%s is expected before", s.word)
	case f.names[side] != nil:
		return line[0].Errorf("stands in a line before already")
	case len(line)-1 != f.count[side]:
		return line[0].Errorf("has %d names; %s says %d", len(line)-1, s.word, f.count[side])
	}
	taken := map[string]bool{}
	f.names[side] = []string{}
	for _, t := range line[1:] {
		if err := t.Name(); err != nil {
			return err
		}
		name := string(t.Text)
		if taken[name] {
			return t.Errorf("is the name of %s already", s.one)
		}
		taken[name] = true
		f.names[side] = append(f.names[side], name)
	}
	return nil
}

// row reads a row.
func (f *file) row(line []netlist.Token) error {
	for side, n := range f.count {
		if n == unset {
			return line[0].Errorf("%s is expected before the first row", sides[side].word)
		}
	}
	in, out := f.count[0], f.count[1]
	at, isFree := 0, false
	for _, t := range line {
		if t.Is("|") {
			continue
		}
		for i, sign := range t.Text {
			p := netlist.Token{Text: t.Text[i : i+1], Pos: netlist.Pos{Line: t.Pos.Line, Col: t.Pos.Col + i}}
			switch {
			case at == in+out:
				return p.Errorf("a row has %d signs, for %d inputs and %d outputs; this is more", in+out, in, out)
			case at < in:
				if sign == '2' {
					sign = '-'
				}
				if sign != '0' && sign != '1' && sign != '-' {
					return p.Errorf("a sign of an input is 0, 1 or -")
				}
			default:
				if sign = value(sign); sign == 0 {
					return p.Errorf("a sign of an output is 0, 1, - or ~")
				}
				isFree = isFree || sign == '-' && (f.kind == "fd" || f.kind == "fdr")
			}
			f.table.signs = append(f.table.signs, sign)
			at++
		}
	}
	if at < in+out {
		return f.End().Errorf("a row has %d signs in its line, for %d inputs and %d outputs; there are %d", in+out, in, out, at)
	}
	f.table.rows = append(f.table.rows, int32(line[0].Pos.Line))
	if isFree {
		if f.frees++; f.frees == 1 {
			f.free = line[0].Pos.Line
		}
	}
	return nil
}

// value returns the sign of an output as 0, 1, - or ~; 0: it is none.
func value(sign byte) byte {
	switch sign {
	case '0', '1', '-', '~':
		return sign
	case '2':
		return '-'
	case '3':
		return '~'
	case '4':
		return '1'
	}
	return 0
}

// complete checks what can be checked at the end of the file.
func (f *file) complete() error {
	for side, n := range f.count {
		switch s := sides[side]; {
		case n == unset:
			return f.Pos().Errorf("the file ends where %s is expected", s.word)
		case !netlist.Affords(n, f.size):
			return f.where[side].Errorf("%d %ss in a file of %d bytes; %s names them", n, s.one[3:], f.size, s.names)
		}
	}
	f.table.inputs, f.table.outputs = f.count[0], f.count[1]
	if f.kind != "fr" && f.kind != "fdr" {
		return nil
	}
	if n := len(f.table.rows); n*n/2*f.table.words() > MostCompared {
		return f.Pos().Errorf("%d rows of type %s: more than are compared, which is a limit; type f or fd needs no comparison",
			n, f.kind)
	}
	if one, zero, ok := f.table.conflict(); ok {
		at := netlist.Pos{Line: int(f.table.rows[max(one, zero)]), Col: 1}
		return at.Errorf("says %d where line %d says %d for one input and one output; in type %s a value is one of the two",
			map[bool]int{true: 1, false: 0}[one > zero], f.table.rows[min(one, zero)],
			map[bool]int{true: 0, false: 1}[one > zero], f.kind)
	}
	return nil
}

// design makes the circuit.
func (f *file) design() (*netlist.Design, error) {
	b := circuit.NewBuilder()
	b.Keep()
	in := make([]circuit.Lit, f.count[0])
	for i := range in {
		in[i] = b.Input(f.name(0, i))
	}
	for i, l := range f.table.make(b, in) {
		b.Output(f.name(1, i), l)
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, &netlist.Error{Err: err}
	}
	d := &netlist.Design{Circuit: c, Comments: f.Comments(), Wires: f.table.wires}
	if f.frees > 0 {
		d.Notes = append(d.Notes, netlist.More(
			"line "+strconv.Itoa(f.free)+" has outputs for which any value will do; they are 0 there", f.frees-1))
	}
	if f.kind == "fr" || f.kind == "fdr" {
		d.Notes = append(d.Notes, "where no row says anything any value will do; outputs are 0 there")
	}
	return d, d.TakePorts(f.Places())
}

// name returns the name of an input or output.
func (f *file) name(side, i int) string {
	if f.names[side] != nil {
		return f.names[side][i]
	}
	return sides[side].letter + strconv.Itoa(i)
}
