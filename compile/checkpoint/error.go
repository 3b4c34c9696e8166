package checkpoint

import "github.com/tc0lab/tc0/internal/brief"

// Error says what is wrong with a checkpoint.
type Error struct {
	File   string
	Tensor string // "" if it is the whole file
	What   string
	Err    error // what lies behind it, or nil
	Open   bool  // an option of Convert says what the file leaves open
}

// Error returns one line.
func (e *Error) Error() string {
	s := e.File
	if e.Tensor != "" {
		s += ": tensor " + brief.Quote(e.Tensor)
	}
	s += ": " + brief.Sentence(e.What)
	if e.Err != nil {
		s += ": " + brief.Error(e.Err)
	}
	return s
}

// Unwrap returns what lies behind e.
func (e *Error) Unwrap() error { return e.Err }
