package aiger

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// table is the part of a file after the gates.
type table struct {
	symbols  []symbol
	comments []string
	places   []int // lines of the comments

	renamed, again notes
	cut            string // the note about latches
}

// notes are the first of some notes of a kind, and how many there are.
type notes struct {
	first string
	n     int
}

func (n *notes) add(note func() string) {
	if n.n == 0 {
		n.first = note()
	}
	n.n++
}

// symbol is a name of an input or an output.
type symbol struct {
	field    int // of the header: inputField or outputField
	position uint32
	name     string
	at       netlist.Pos
}

// read reads symbols and comments up to the end of the file.
func (t *table) read(s *source, h header) error {
	for s.line() {
		switch {
		case len(s.text) == 0:
			if !s.idle() {
				return s.failed()
			}
		case s.text[0] == 'c' && (len(s.text) == 1 || !isDigit(s.text[1])):
			// Text behind the c is not part of the format, but ABC writes it.
			if len(s.text) > 1 {
				t.comment(s.text[1:], s.at.Line)
			}
			for s.line() && s.idle() {
				t.comment(s.text, s.at.Line)
			}
		default:
			if err := t.symbol(s, h); err != nil {
				return err
			}
		}
	}
	if s.err != nil {
		return s.failed()
	}
	return nil
}

func (t *table) comment(text []byte, line int) {
	t.comments = append(t.comments, string(text))
	t.places = append(t.places, line)
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// symbol reads the line as a symbol.
func (t *table) symbol(s *source, h header) error {
	key := s.token(0)
	field := slices.IndexFunc(counts[:], func(c fieldName) bool { return c.letter != 0 && c.letter == s.text[0] })
	digits := key.Text[min(1, len(key.Text)):]
	if field < 0 || len(digits) == 0 || len(bytes.TrimLeft(digits, "0123456789")) > 0 {
		return key.Errorf("a symbol, such as i0 and a name, or the c in front of the comments is expected here")
	}
	n := uint32(0)
	switch field {
	case inputField:
		n = h.inputs
	case latchField:
		n = h.latches
	case outputField:
		n = h.outputs
	}
	if n == 0 {
		return key.Errorf("a name of one of the %s, and there are none", counts[field].many)
	}
	position, err := strconv.ParseUint(string(digits), 10, 32)
	switch name := s.text[min(len(key.Text)+1, len(s.text)):]; {
	case len(digits) > 1 && digits[0] == '0':
		return key.Errorf("a number has no leading zeros")
	case err != nil || position >= uint64(n):
		return key.Errorf("there is no such position among %s, counted from 0", count(n, field))
	case len(name) == 0:
		return s.place(len(s.text)).Errorf("the name is missing")
	case !utf8.Valid(name) || bytes.IndexByte(name, 0) >= 0:
		return netlist.Token{Text: name, Pos: s.place(len(key.Text) + 1)}.Errorf("a name is text in UTF-8 without NUL")
	default:
		t.symbols = append(t.symbols, symbol{field, uint32(position), string(name), s.at})
	}
	return nil
}

// names returns the names of the inputs, with the latches, and of the outputs, with the next values
// of the latches.
func (t *table) names(h header) (inputs, outputs []string) {
	inputs, _ = t.side(span{inputField, h.inputs}, span{latchField, h.latches})
	outputs, taken := t.side(span{outputField, h.outputs})
	for i, latch := range inputs[h.inputs:] {
		name := taken.Take(netlist.NextName(latch))
		outputs = append(outputs, name)
		if i == 0 {
			t.cut = netlist.Cut(int(h.latches), latch, name)
		}
	}
	return inputs, outputs
}

// span is how many things of a field there are.
type span struct {
	field int
	n     uint32
}

// side returns the names of the ports of one side, which have the things of some fields, one after
// another. A name that is there before gets a number behind it. So does a port without a name,
// which is called like its symbol, if that is a name.
func (t *table) side(spans ...span) ([]string, *netlist.NameSet) {
	n, from := uint32(0), map[int]uint32{} // by field, the place of its first
	for _, s := range spans {
		from[s.field] = n
		n += s.n
	}
	names, taken := make([]string, n), netlist.NewNameSet(netlist.AnyName())
	var repeated []symbol
	for _, y := range t.symbols {
		first, ok := from[y.field]
		switch i := first + y.position; {
		case !ok:
		case names[i] != "":
			t.again.add(func() string {
				return fmt.Sprintf("%s has the name %q already, which stays, in line %d", y.key().Text, names[i], y.at.Line)
			})
		case taken.Has(y.name):
			names[i] = y.name // until all names are known
			repeated = append(repeated, y)
		default:
			taken.Reserve(y.name)
			names[i] = y.name
		}
	}
	for _, y := range repeated {
		i := from[y.field] + y.position
		names[i] = taken.Take(y.name)
		t.renamed.add(func() string { return netlist.Renamed(counts[y.field].one, y.name, names[i], y.at.Line) })
	}
	for _, s := range spans {
		for k := range s.n {
			if i := from[s.field] + k; names[i] == "" {
				names[i] = taken.Take(string(symbol{field: s.field, position: k}.key().Text))
			}
		}
	}
	return names, taken
}

// notes tells what became of names and latches.
func (t *table) notes() (list []string) {
	for _, n := range []notes{t.renamed, t.again} {
		if n.n > 0 {
			list = append(list, netlist.More(n.first, n.n-1))
		}
	}
	if t.cut != "" {
		list = append(list, t.cut)
	}
	return list
}

// key is the text in front of the name.
func (y symbol) key() netlist.Token {
	text := strconv.AppendUint([]byte{counts[y.field].letter}, uint64(y.position), 10)
	return netlist.Token{Text: text, Pos: y.at}
}
