package drat

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/tc0lab/tc0/internal/brief"
)

// Bounds on what is read.
const (
	mostVariables = 1 << 28
	mostWord      = 64 // letters of a number
)

// FormatError says where a file is not of its form.
type FormatError struct {
	File string // formula or proof
	Line int
	Why  string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("line %d of the %s: %s", e.Line, e.File, e.Why)
}

// scanner reads words and knows their lines.
type scanner struct {
	file  string
	r     *bufio.Reader
	line  int
	begun bool // whether a word of this line has been read
	word  []byte
}

func newScanner(file string, r io.Reader) *scanner {
	return &scanner{file: file, r: bufio.NewReaderSize(r, 1<<16), line: 1}
}

func (s *scanner) fail(format string, args ...any) error {
	return &FormatError{s.file, s.line, fmt.Sprintf(format, args...)}
}

// next reads a word, and reports whether it is the first of its line. The error at the end is
// [io.EOF].
func (s *scanner) next() (word []byte, first bool, err error) {
	s.word = s.word[:0]
	for {
		c, err := s.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && len(s.word) > 0:
			return s.word, first, nil
		case err != nil:
			return nil, false, err
		case c == '\n' || c == ' ' || c == '\t' || c == '\r':
			if len(s.word) > 0 {
				if c == '\n' {
					return s.word, first, s.r.UnreadByte()
				}
				return s.word, first, nil
			}
			if c == '\n' {
				s.line, s.begun = s.line+1, false
			}
		case len(s.word) == mostWord:
			return nil, false, s.fail("a word of more than %d letters", mostWord)
		default:
			if len(s.word) == 0 {
				first, s.begun = !s.begun, true
			}
			s.word = append(s.word, c)
		}
	}
}

// skip reads the rest of a line, of any length.
func (s *scanner) skip() error {
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return err
		}
		if c == '\n' {
			return s.r.UnreadByte()
		}
	}
}

// literal is a variable times 2, plus 1 if it is complemented.
type literal uint32

func (l literal) not() literal     { return l ^ 1 }
func (l literal) variable() uint32 { return uint32(l >> 1) }

// literalOf returns the literal of a number of a file.
func literalOf(n int64) (l literal, ok bool) {
	switch {
	case n == 0 || n > mostVariables || n < -mostVariables:
		return 0, false
	case n > 0:
		return literal(2 * n), true
	}
	return literal(-2*n + 1), true
}

func (l literal) String() string {
	if l&1 != 0 {
		return "-" + strconv.Itoa(int(l>>1))
	}
	return strconv.Itoa(int(l >> 1))
}

// clause reads literals up to 0 into list; word is the first word.
func (s *scanner) clause(word []byte, list []literal) ([]literal, error) {
	list = list[:0]
	for {
		n, err := strconv.ParseInt(string(word), 10, 64)
		if err == nil && n == 0 {
			return list, nil
		}
		l, ok := literalOf(n)
		if err != nil || !ok {
			return nil, s.fail("%s is no literal", brief.Quote(string(word)))
		}
		list = append(list, l)
		if word, _, err = s.next(); err != nil {
			if errors.Is(err, io.EOF) {
				err = s.fail("a clause that does not end with 0")
			}
			return nil, err
		}
	}
}

// readFormula calls add with each clause of a DIMACS file.
func readFormula(r io.Reader, add func([]literal)) error {
	s, list := newScanner("formula", r), []literal(nil)
	variables, clauses, found := int64(-1), int64(0), int64(0)
	for {
		word, first, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case first && string(word) == "c":
			if err := s.skip(); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		case first && string(word) == "p" && variables < 0:
			var numbers [2]int64
			if word, _, err = s.next(); err != nil || string(word) != "cnf" {
				return s.fail("a formula begins with p cnf")
			}
			for i := range numbers {
				if word, _, err = s.next(); err != nil {
					return s.fail("two numbers are missing behind p cnf")
				}
				if numbers[i], err = strconv.ParseInt(string(word), 10, 64); err != nil || numbers[i] < 0 {
					return s.fail("%s is no number", brief.Quote(string(word)))
				}
			}
			variables, clauses = numbers[0], numbers[1]
		case variables < 0:
			return s.fail("a formula begins with p cnf")
		default:
			if list, err = s.clause(word, list); err != nil {
				return err
			}
			for _, l := range list {
				if int64(l.variable()) > variables {
					return s.fail("literal %v, with %d variables", l, variables)
				}
			}
			if found++; found > clauses {
				return s.fail("more than %d clauses", clauses)
			}
			add(list)
		}
	}
	if found != clauses {
		return s.fail("%d clauses of %d", found, clauses)
	}
	return nil
}
