package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
)

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
		s += ": tensor " + quote(e.Tensor)
	}
	s += ": " + e.What
	if e.Err != nil {
		err := e.Err
		var p *fs.PathError
		if errors.As(err, &p) { // the path is in front already
			err = p.Err
		}
		q := quote(err.Error())
		s += ": " + q[1:len(q)-1]
	}
	return s
}

// Unwrap returns what lies behind e.
func (e *Error) Unwrap() error { return e.Err }

// longest is the number of bytes of a foreign text that go into an error.
const longest = 120

// quote returns s in quotes. It cuts a long s, and escapes what would break a line.
func quote(s string) string {
	if len(s) > longest {
		s = s[:longest] + "..."
	}
	return strconv.Quote(s)
}

// clip writes a value of any length in short.
func clip(v any) string {
	s := fmt.Sprint(v)
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}
