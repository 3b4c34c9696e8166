package netlist

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a file.
type Pos struct {
	Line, Col int // both from 1 on; the column in bytes
}

// Token is a word or a sign of a line, in the scanner's memory until the next line.
type Token struct {
	Text []byte
	Pos  Pos
}

// Is reports whether the token is the given text.
func (t Token) Is(text string) bool { return string(t.Text) == text }

// IsDigits reports whether the token is of decimal digits only.
func (t Token) IsDigits() bool { return len(bytes.Trim(t.Text, "0123456789")) == 0 }

// Name returns an error unless the token can be a name: UTF-8 without any sign that does
// not print.
func (t Token) Name() error {
	if isPlainASCII(t.Text) {
		return nil
	}
	for _, r := range string(t.Text) {
		if !IsNameRune(r) {
			return t.Errorf("is no name: it is not of printable signs in UTF-8")
		}
	}
	return nil
}

// isPlainASCII reports whether a text has only signs of ASCII that a name may have.
func isPlainASCII(text []byte) bool {
	for _, b := range text {
		if b-'!' > '~'-'!' {
			return false
		}
	}
	return true
}

// IsNameRune reports whether a name may have the sign r: it can be printed, is not a space, and
// does not stand for bytes that are not UTF-8.
func IsNameRune(r rune) bool { return r != utf8.RuneError && r != ' ' && strconv.IsPrint(r) }

// Lexis says how lines are cut into tokens. Spaces and tabs part words in any case.
type Lexis struct {
	Comment  byte   // from here to the end of the line is a comment; 0: there are no comments
	Signs    string // bytes that are always tokens of their own
	Continue bool   // a line that ends with a backslash goes on in the next one

	// Plain may read lines of a common sort faster, if there is one. It gets a text of the file that
	// begins with the given line and goes on as far as is in memory, so that it may end anywhere. It
	// returns how many bytes and lines it has read, whole lines from the first on, and must do nothing
	// with any other line. It never gets the first line of a file.
	Plain func(text []byte, line int) (size, lines int)
}

// Scanner reads a file line by line. Lines end with LF or CR LF. It keeps the comments, of at most
// [MostIdle] bytes. Otherwise its memory depends on the longest line, joined with the lines that
// continue it, which has at most [LongestLine] bytes.
type Scanner struct {
	r        *Lines
	lexis    Lexis
	class    [256]class // of each byte
	line     int        // number of the last line that was read
	text     []byte     // in the buffer of r, or in joined
	joined   []byte     // memory of lines that go on in others
	size     int        // bytes of the file that the lines in text take
	starts   []start    // of the physical lines in text
	tokens   []Token
	comments []string
	places   []int // of the comments
	err      error
}

type start struct {
	offset int
	line   int
}

// NewScanner returns a scanner of r. If r is a [*bufio.Reader], nothing is taken from it
// beyond the lines that were asked for.
func NewScanner(r io.Reader, lexis Lexis) *Scanner {
	s := &Scanner{r: NewLines(r), lexis: lexis}
	for i := range s.class {
		switch {
		case isSpace(byte(i)):
			s.class[i] = space
		case strings.IndexByte(lexis.Signs, byte(i)) >= 0:
			s.class[i] = sign
		}
	}
	return s
}

// class is what a byte is for the cutting of lines.
type class uint8

const (
	inWord class = iota
	space
	sign
)

// Line reads the next line as it is, without its end, in memory that is used again. It
// reports false at the end of the file.
func (s *Scanner) Line() ([]byte, bool) {
	s.text, s.size, s.starts, s.tokens = nil, 0, s.starts[:0], s.tokens[:0]
	ok := s.read()
	return s.text, ok
}

// read appends a physical line to text.
func (s *Scanner) read() bool {
	if s.err != nil {
		return false
	}
	begin := len(s.text)
	line, size, err := s.r.Next(LongestLine - s.size)
	s.size += size
	switch {
	case errors.Is(err, errLong):
		s.err = Pos{s.line + 1, 0}.Errorf("%w", err)
	case err != nil:
		s.err = err
	}
	if len(line) == 0 {
		return false
	}
	s.starts = append(s.starts, start{begin, s.line + 1})
	s.line++
	if n := len(line) - 1; line[n] == '\n' {
		line = line[:n]
	}
	if n := len(line) - 1; n >= 0 && line[n] == '\r' {
		line = line[:n]
	}
	if begin == 0 {
		s.text = line
		return true
	}
	s.joined = append(s.text, line...)
	s.text = s.joined
	return true
}

// Next reads on to the next line with a token in it. It reports false at the end of the
// file. Comments are collected on the way.
func (s *Scanner) Next() ([]Token, bool) {
	for {
		s.plain()
		if _, ok := s.Line(); !ok {
			return nil, false
		}
		at, comment := 0, false
		for {
			comment = s.stripComment(at)
			end := len(s.text)
			if comment || !s.lexis.Continue || end == at || s.text[end-1] != '\\' {
				break
			}
			if len(s.starts) == 1 {
				s.joined = append(s.joined[:0], s.text...)
				s.text = s.joined
			}
			s.text[end-1] = ' '
			at = end
			if !s.read() {
				break
			}
		}
		if s.err != nil && errors.As(s.err, new(*Error)) { // which matters more than what the line says
			return nil, false
		}
		if s.cut(); len(s.tokens) > 0 {
			return s.tokens, true
		}
		if !comment { // which is counted
			s.idle(s.size)
		}
	}
}

// plain reads lines of a common sort from what is in memory.
func (s *Scanner) plain() {
	if s.lexis.Plain == nil || s.line == 0 || s.err != nil {
		return
	}
	text, err := s.r.Peek(min(s.r.Buffered(), LongestLine))
	if err != nil { // which cannot be
		return
	}
	size, lines := s.lexis.Plain(text, s.line+1)
	s.line += lines
	s.r.Discard(size) // cannot fail: it is in memory
}

// stripComment takes a comment off the part of text from offset at on.
func (s *Scanner) stripComment(at int) bool {
	if s.lexis.Comment == 0 {
		return false
	}
	i := bytes.IndexByte(s.text[at:], s.lexis.Comment)
	if i < 0 {
		return false
	}
	s.Comment(s.text[at+i+1:])
	s.text = s.text[:at+i]
	return true
}

// Comment adds a comment of the line that was read last.
func (s *Scanner) Comment(text []byte) {
	s.comments = append(s.comments, string(bytes.TrimSpace(text)))
	s.places = append(s.places, s.line)
	s.idle(len(text))
}

// idle counts what is read over, and ends the lines if it is too much.
func (s *Scanner) idle(size int) {
	if err := s.r.Idle(size); err != nil && (s.err == nil || errors.Is(s.err, io.EOF)) {
		s.err = Pos{s.line, 0}.Errorf("%w", err)
	}
}

// Tokens returns the tokens of the line that [Scanner.Line] read.
func (s *Scanner) Tokens() []Token {
	s.cut()
	return s.tokens
}

func (s *Scanner) cut() {
	line := 0
	if len(s.text) > longLine { // lest growing take several times the memory of the tokens
		s.tokens = slices.Grow(s.tokens, s.count())
	}
	text, class, tokens, from := s.text, &s.class, s.tokens, s.starts[0]
	for i := 0; i < len(text); {
		k := class[text[i]]
		if k == space {
			i++
			continue
		}
		end := i + 1
		if k == inWord {
			for end < len(text) && class[text[end]] == inWord {
				end++
			}
		}
		for line+1 < len(s.starts) && s.starts[line+1].offset <= i {
			line++
			from = s.starts[line]
		}
		tokens = append(tokens, Token{text[i:end], Pos{from.line, i - from.offset + 1}})
		i = end
	}
	s.tokens = tokens
}

// longLine is the length of a line whose tokens are counted before they are cut.
const longLine = 1 << 12

// count returns the number of tokens in text.
func (s *Scanner) count() int {
	n, last := 0, space
	for _, b := range s.text {
		k := s.class[b]
		if k == sign || k == inWord && last != inWord {
			n++
		}
		last = k
	}
	return n
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\f' || b == '\v' }

// Pos returns the beginning of the line that was read last; at the end of the file, the beginning
// of the line after the last.
func (s *Scanner) Pos() Pos {
	if s.err != nil && len(s.starts) == 0 {
		return Pos{s.line + 1, 1}
	}
	return Pos{max(s.line, 1), 1}
}

// End returns the place behind the last token of the line that was read last, where a
// token that is missing would stand.
func (s *Scanner) End() Pos {
	if n := len(s.tokens); n > 0 {
		p := s.tokens[n-1].Pos
		p.Col += len(s.tokens[n-1].Text)
		return p
	}
	return s.Pos()
}

// Err returns the error of the reader, if it ended the lines.
func (s *Scanner) Err() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// Int returns the token as an integer of 0..most.
func (t Token) Int(most int) (int, error) {
	v, err := strconv.ParseUint(string(t.Text), 10, 63)
	switch {
	case err != nil && errors.Is(err, strconv.ErrRange):
		return 0, t.Errorf("more than %d", most)
	case err != nil:
		return 0, t.Errorf("an integer that is not negative is expected here")
	case v > uint64(most):
		return 0, t.Errorf("more than %d", most)
	}
	return int(v), nil
}
