package token

import (
	"fmt"
	"strconv"
)

// Error says what is wrong with a file of a tokenizer.
type Error struct {
	File  string
	Field string // a path such as model.vocab; "" if it is the whole file
	What  string
	Err   error // what lies behind it, or nil
}

// Error returns one line.
func (e *Error) Error() string {
	s := e.File
	if e.Field != "" {
		s += ": field " + quote(e.Field)
	}
	s += ": " + e.What
	if e.Err != nil {
		q := quote(e.Err.Error())
		s += ": " + q[1:len(q)-1]
	}
	return s
}

// Unwrap returns what lies behind e.
func (e *Error) Unwrap() error { return e.Err }

// fault is an error in a field, before the file is known.
func fault(field, format string, args ...any) *Error {
	return &Error{Field: field, What: fmt.Sprintf(format, args...)}
}

// longest is the number of bytes of a foreign text that go into an error.
const longest = 120

// quote returns s in quotes, cut and on one line.
func quote(s string) string {
	if len(s) > longest {
		return strconv.Quote(s[:longest] + "...")
	}
	return strconv.Quote(s)
}
