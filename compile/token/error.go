package token

import (
	"fmt"

	"github.com/tc0lab/tc0/internal/brief"
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
		s += ": field " + brief.Quote(e.Field)
	}
	s += ": " + brief.Sentence(e.What)
	if e.Err != nil {
		s += ": " + brief.Error(e.Err)
	}
	return s
}

// Unwrap returns what lies behind e.
func (e *Error) Unwrap() error { return e.Err }

// fault is an error in a field, before the file is known.
func fault(field, format string, args ...any) *Error {
	return &Error{Field: field, What: fmt.Sprintf(format, args...)}
}
