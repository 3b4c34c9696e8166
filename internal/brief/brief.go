// Package brief puts foreign text into errors: on one line, and cut where it is long. What a file
// says may be of any length, and a terminal or a log is not.
package brief

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	mostWord     = 120  // bytes of a name, a value or the message of another package
	mostSentence = 1000 // bytes of a sentence that has some of them
	mostMessage  = 4000 // bytes of all that a command says at once on standard error
)

// Clip writes a value, and cuts it where it has more than 120 bytes.
func Clip(v any) string { return cut(fmt.Sprint(v), mostWord) }

// Quote returns s in quotes, cut behind 120 bytes. It escapes everything that would break a line.
func Quote(s string) string {
	if head := cut(s, mostWord); head != s {
		return strconv.Quote(head[:len(head)-len(dots)]) + dots
	}
	return strconv.Quote(s)
}

// Sentence returns s on one line, cut behind 1000 bytes: for a sentence of ours with foreign words in it.
func Sentence(s string) string { return cut(line(s), mostSentence) }

// Message returns s, which may have several lines, cut behind 4000 bytes.
func Message(s string) string { return cut(s, mostMessage) }

// Error returns the message of err on one line, cut behind 120 bytes. An error of a file is without its
// path, which the caller says.
func Error(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return cut(line(err.Error()), mostWord)
}

const dots = "..."

// cut returns s, or its first bytes, which end where a character ends, and dots.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + dots
}

// line escapes what a line must not have, and leaves quotes as they are.
func line(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) && utf8.ValidString(s) {
		return s
	}
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}
