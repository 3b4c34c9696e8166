// Package brieftest checks that errors about files stay short, whatever the files say.
package brieftest

import (
	"iter"
	"regexp"
	"strings"
	"testing"
)

// most is how long an error may be: a sentence of at most 1000 bytes, with two words in front and one behind.
const most = 2200

var scalar = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][-+.eE0-9]*|true|false|null`)

// Long yields a JSON text again and again, each time with one scalar (a name, a number, a string) so long
// that an error must not repeat it: as a number, a string and a list.
func Long(text []byte) iter.Seq[[]byte] {
	digits := strings.Repeat("3", 20000)
	return func(yield func([]byte) bool) {
		for _, at := range scalar.FindAllIndex(text, -1) {
			for _, long := range []string{digits, `"` + digits + `"`, `"\n` + strings.Repeat("é", 9999) + `"`, "[" + digits + "]"} {
				if !yield([]byte(string(text[:at[0]]) + long + string(text[at[1]:]))) {
					return
				}
			}
		}
	}
}

// Check fails unless an error is nil or one line of at most 2200 bytes, and reports whether there is one.
func Check(t *testing.T, err error) bool {
	t.Helper()
	if err == nil {
		return false
	}
	if s := err.Error(); len(s) > most || strings.ContainsAny(s, "\n\r") {
		t.Errorf("an error of %d bytes: %.300q", len(s), s)
	}
	return true
}
