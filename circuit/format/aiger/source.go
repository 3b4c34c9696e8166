package aiger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// source reads lines and bytes of a file, and knows where it is. Lines are counted by their ends,
// also inside binary gates, as editors do.
type source struct {
	r    *netlist.Lines
	here netlist.Pos // of the next byte
	size int64       // bytes before it

	text []byte      // the line that was read last, without its end
	at   netlist.Pos // where it begins
	err  error       // why reading stopped, if not at the end of the file
}

// bufferSize is the size of the reader's buffer; gates are decoded from its buffer.
const bufferSize = 1 << 16

func newSource(r io.Reader) *source {
	return &source{r: netlist.NewLines(bufio.NewReaderSize(r, bufferSize)), here: netlist.Pos{Line: 1, Col: 1}}
}

// line reads the next line into text. It reports false at the end of the file.
func (s *source) line() bool {
	if s.err != nil {
		return false
	}
	s.at = s.here
	text, size, err := s.r.Next(netlist.LongestLine)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	s.size += int64(size)
	s.text = text
	if n := len(text); n > 0 && text[n-1] == '\n' {
		s.here = netlist.Pos{Line: s.here.Line + 1, Col: 1}
		s.text = bytes.TrimSuffix(text[:n-1], []byte("\r"))
		return true
	}
	s.here.Col += len(text)
	return len(text) > 0 && s.err == nil
}

// idle counts the line, which is empty or a comment. It reports false if there are too many.
func (s *source) idle() bool {
	if err := s.r.Idle(len(s.text) + 1); err != nil {
		s.err, s.here = err, s.at
	}
	return s.err == nil
}

// skip passes over bytes that were looked at in the buffer of r.
func (s *source) skip(seen []byte) {
	s.here = after(s.here, seen)
	s.size += int64(len(seen))
	s.r.Discard(len(seen)) // cannot fail: they are in the buffer
}

// after returns the place behind text that begins at p.
func after(p netlist.Pos, text []byte) netlist.Pos {
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		return netlist.Pos{Line: p.Line + n, Col: len(text) - bytes.LastIndexByte(text, '\n')}
	}
	return netlist.Pos{Line: p.Line, Col: p.Col + len(text)}
}

// end returns the error that the file ends where something is missing.
func (s *source) end(format string, args ...any) error {
	if s.err != nil {
		return s.failed()
	}
	return s.here.Errorf("the file ends %s", fmt.Sprintf(format, args...))
}

func (s *source) failed() error {
	return &netlist.Error{Line: s.here.Line, Col: s.here.Col, Err: s.err}
}

// mostDigits is more than any number of a file that makes sense has.
const mostDigits = 10

// numbers reads the line as numbers of 0..most, with a space between any two.
func (s *source) numbers(most uint32, into []uint32) error {
	return s.numbersFrom(0, most, into)
}

// numbersFrom reads the line from an offset on.
func (s *source) numbersFrom(i int, most uint32, into []uint32) error {
	text := s.text
	for k := range into {
		if k > 0 {
			if i == len(text) || text[i] != ' ' {
				return s.wrong(i, most, len(into))
			}
			i++
		}
		start, v := i, uint64(0)
		for i < len(text) && '0' <= text[i] && text[i] <= '9' {
			v = 10*v + uint64(text[i]-'0')
			i++
		}
		if n := i - start; n == 0 || n > mostDigits || v > uint64(most) || n > 1 && text[start] == '0' {
			return s.wrong(start, most, len(into))
		}
		into[k] = uint32(v)
	}
	if i < len(text) {
		return s.wrong(i, most, len(into))
	}
	return nil
}

// wrong tells why numbers failed at an offset in the line.
func (s *source) wrong(at int, most uint32, want int) error {
	if at == len(s.text) || s.text[at] == ' ' {
		if want == 1 {
			return s.place(at).Errorf("one number is expected in this line")
		}
		return s.place(at).Errorf("%d numbers are expected in this line, with one space between any two", want)
	}
	start := bytes.LastIndexByte(s.text[:at], ' ') + 1
	t := s.token(start)
	switch {
	case !t.IsDigits():
		return t.Errorf("a number that is not negative is expected here")
	case t.Text[0] == '0' && len(t.Text) > 1:
		return t.Errorf("a number has no leading zeros")
	}
	return t.Errorf("more than %d", most)
}

// place returns where an offset in the line is in the file.
func (s *source) place(offset int) netlist.Pos {
	return netlist.Pos{Line: s.at.Line, Col: s.at.Col + offset}
}

// token returns the word that begins at an offset in the line.
func (s *source) token(offset int) netlist.Token {
	text := s.text[offset:]
	if i := bytes.IndexByte(text, ' '); i >= 0 {
		text = text[:i]
	}
	return netlist.Token{Text: text, Pos: s.place(offset)}
}
