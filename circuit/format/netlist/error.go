package netlist

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// Error tells what is wrong with a file, where, and with which word of it.
type Error struct {
	File  string // if the caller knows it; readers leave it empty
	Line  int    // from 1 on; 0: the file as a whole
	Col   int    // from 1 on, in bytes; 0: the line as a whole
	Token string // as it stands in the file; "" if it is something missing
	Err   error  // what is wrong; never nil
}

// Error writes file:line:column: message, and the word in quotes.
func (e *Error) Error() string {
	where := e.File
	for _, n := range []int{e.Line, e.Col} {
		if n == 0 {
			break
		}
		if where != "" {
			where += ":"
		} else if n == e.Line {
			where = "line "
		}
		where += strconv.Itoa(n)
	}
	text := brief.Sentence(e.Err.Error())
	if e.Token != "" {
		text = quoted(e.Token) + ": " + text
	}
	if where == "" {
		return text
	}
	return where + ": " + text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// mostToken is how much of a word an error repeats.
const mostToken = 60

func quoted(token string) string { return strconv.Quote(short(token)) }

func short(token string) string {
	if len(token) > mostToken {
		token = token[:mostToken] + "…"
	}
	return token
}

// mostGates is how many gates of a loop an error names.
const mostGates = 8

// loopError returns the error about gates of a file each of which drives the next, and the
// last the first. It is at the place of the first, and names the others with theirs.
func loopError(gates []Token) *Error {
	if len(gates) == 1 {
		return gates[0].Errorf("depends on itself")
	}
	var text strings.Builder
	for i, t := range gates {
		if more := len(gates) - i; i == mostGates {
			fmt.Fprintf(&text, "%d more gates -> ", more)
			break
		}
		fmt.Fprintf(&text, "%s (%d:%d) -> ", short(string(t.Text)), t.Pos.Line, t.Pos.Col)
	}
	return gates[0].Errorf("depends on itself: the gates %s%s form a loop", &text, short(string(gates[0].Text)))
}

// Errorf returns an error about a word of a file.
func (t Token) Errorf(format string, args ...any) *Error {
	return &Error{Line: t.Pos.Line, Col: t.Pos.Col, Token: string(t.Text), Err: fmt.Errorf(format, args...)}
}

// Errorf returns an error about a place in a file.
func (p Pos) Errorf(format string, args ...any) *Error {
	return &Error{Line: p.Line, Col: p.Col, Err: fmt.Errorf(format, args...)}
}
