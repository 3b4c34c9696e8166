package handwritten

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// statements are the words that a line begins with.
var statements = []string{"model", "input", "output", "stage", "sum"}

// callable has the words for the gates that are written as a call, by their kinds.
var callable = func() map[string]gates.Kind {
	words := map[string]gates.Kind{"maj": gates.Majority}
	for _, k := range gates.Kinds() {
		if k.IsLogic() || k == gates.Majority {
			words[strings.ToLower(k.String())] = k
		}
	}
	return words
}()

// isCallable reports whether a token is the word for a kind of gate.
func isCallable(t token) bool {
	_, ok := callable[strings.ToLower(string(t.Text))]
	return ok && t.kind == word
}

// reserved reports whether a word has a meaning where a name may stand.
func reserved(name string) bool {
	_, call := callable[name]
	return call || name == "mod" || slices.Contains(statements, name)
}

// spelled writes a name, in quotes where that is necessary.
func spelled(name string) string {
	if name != "" && bare([]byte(name)) == len(name) && !reserved(name) {
		return name
	}
	return strings.ReplaceAll(strconv.Quote(name), "#", `\x23`)
}

// meaning is what a name stands for.
type meaning struct {
	lit  circuit.Lit
	sum  int32 // from 1 on; 0: it is the literal
	line int32 // where it is defined
}

// name takes a name that is to be defined or declared.
func (f *file) name(what string) (token, error) {
	t := f.line.peek()
	switch {
	case t.kind == number:
		return t, t.Errorf("%s is expected here; one that begins with a digit is written in quotes: %q", what, t.Text)
	case !t.isName():
		return t, f.line.expected(what)
	case t.kind == word && reserved(string(t.Text)):
		return t, t.Errorf("%s is expected here; a word of the format is written in quotes as a name: %q", what, t.Text)
	}
	return f.line.take(), nil
}

// define gives a name its meaning. It fails if it has one.
func (f *file) define(t token, m meaning) error {
	if old, ok := f.names[string(t.Text)]; ok {
		return t.Errorf("is defined already, in line %d; every name has one meaning", old.line)
	}
	m.line = int32(t.Pos.Line)
	f.names[string(t.Text)] = m
	return nil
}

// mostKnown is how many names there are at most where a misspelled one is compared with them.
const mostKnown = 1 << 12

// unknown returns the error that a name has no meaning where it stands. It reads on to see whether
// the name gets one below, unless the whole file has been read.
func (f *file) unknown(t netlist.Token) error {
	name := string(t.Text)
	if k, ok := f.wide[name]; ok {
		return t.Errorf("is a port of %d bits; its bits are %s.0 to %s.%d", k, name, name, k-1)
	}
	if f.defines == name {
		return t.Errorf("reads itself; a line reads names of lines above it")
	}
	var known []string
	if len(f.names) <= mostKnown {
		known = slices.Sorted(maps.Keys(f.names))
	}
	t = netlist.Token{Text: []byte(name), Pos: t.Pos} // the line is gone once others are read
	for f.next() == nil && !f.done {
		if f.makes(name) {
			return t.Errorf("is defined in line %d, below; a line reads names of lines above it", f.Pos().Line)
		}
	}
	near := ""
	if name != "" {
		near = gates.Meant(name, known)
	}
	if near != "" {
		return t.Errorf("is defined nowhere;%s", near)
	}
	return t.Errorf("is defined nowhere; a name is an input, or stands left of = in a line above")
}

// makes reports whether the line at hand defines a name.
func (f *file) makes(name string) bool {
	at, tokens := 0, f.line.tokens
	switch {
	case tokens[0].is("input"):
		return slices.ContainsFunc(tokens[1:], func(t token) bool { return t.isName() && t.Is(name) })
	case tokens[0].is("sum"):
		at = 1
	}
	return len(tokens) > at+1 && tokens[at].isName() && tokens[at].Is(name) && tokens[at+1].kind == '='
}
