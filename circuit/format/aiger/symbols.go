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
			if !s.idle(false) {
				return s.failed()
			}
		case s.text[0] == 'c' && (len(s.text) == 1 || !isDigit(s.text[1])):
			// Text behind the c is not part of the format, but ABC writes it.
			if len(s.text) > 1 {
				t.comment(s.text[1:], s.at.Line)
			}
			for s.err == nil && s.line() && s.idle(true) {
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

// names returns the names of the n things that a field counts.
func (t *table) names(field int, n uint32) ([]string, error) {
	names := make([]string, n)
	taken := map[string]bool{}
	for _, y := range t.symbols {
		switch {
		case y.field != field:
		case names[y.position] != "":
			return nil, y.key().Errorf("has a name already: %q", names[y.position])
		case taken[y.name]:
			at := y.at
			at.Col += len(y.key().Text) + 1
			return nil, netlist.Token{Text: []byte(y.name), Pos: at}.Errorf("two %s have this name", counts[field].many)
		default:
			names[y.position], taken[y.name] = y.name, true
		}
	}
	for i := range names {
		if names[i] != "" {
			continue
		}
		base := symbol{field: field, position: uint32(i)}.key().Text
		name := string(base)
		for k := 1; len(taken) > 0 && taken[name]; k++ {
			name = fmt.Sprintf("%s_%d", base, k)
		}
		names[i] = name
	}
	return names, nil
}

// key is the text in front of the name.
func (y symbol) key() netlist.Token {
	text := strconv.AppendUint([]byte{counts[y.field].letter}, uint64(y.position), 10)
	return netlist.Token{Text: text, Pos: y.at}
}
