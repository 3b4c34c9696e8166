package blif

import (
	"bytes"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// plain reads .names and the rows of covers, which most lines are, without cutting them into tokens.
// It leaves everything else to line, also what is wrong with a line.
func (f *file) plain(text []byte, at netlist.Pos) bool {
	switch {
	case len(text) == 0 || f.at != f.first || f.part != inModel && f.part != inCover:
		return false
	case text[0] != '.':
		return f.part == inCover && f.plainRow(text)
	}
	return bytes.HasPrefix(text, namesWord) && f.plainNames(text, at)
}

var namesWord = []byte(".names ")

// The low bits of what a byte is in a plain line; it is in a name if they are 0. The bits above say
// which of the separators it is.
const (
	blank    = 1
	other    = 2 // a byte that only [netlist.Token.Name] can judge, or a backslash
	lowBits  = 3
	firstSep = 2 // the number of the bit of the first separator
)

var plainClass = func() (class [256]byte) {
	for b := range class {
		switch {
		case b == ' ' || b == '\t':
			class[b] = blank
		case b <= ' ' || b >= 0x7f || b == '\\':
			class[b] = other
		}
	}
	for i := range separators {
		class[separators[i]] = 1 << (firstSep + i)
	}
	return class
}()

// plainNames begins a cover.
func (f *file) plainNames(text []byte, at netlist.Pos) bool {
	names, found := f.names[:0], byte(0)
	size := len(namesWord)
	for i := len(namesWord); i < len(text); {
		start := i
		for i < len(text) && plainClass[text[i]]&lowBits == 0 {
			found |= plainClass[text[i]]
			i++
		}
		if i > start {
			names = append(names, netlist.Token{Text: text[start:i], Pos: netlist.Pos{Line: at.Line, Col: start + 1}})
			size += i - start + 1
		}
		if i < len(text) && plainClass[text[i]] != blank {
			return false
		}
		i++
	}
	f.names = names
	if len(names) == 0 {
		return false
	}
	last := len(names) - 1
	// What is defined already fails here and changes nothing, so that line tells of it.
	if f.Define(names[last], names[:last], len(f.covers)) != nil {
		return false
	}
	for i := range f.found {
		f.found[i] = f.found[i] || found>>(firstSep+i)&1 != 0
	}
	f.size += size
	f.inputs, f.part = last, inCover
	f.covers = append(f.covers, cover{first: len(f.cubes)})
	return true
}

// plainRow adds a row to the last cover, if the text is CUBE VALUE and nothing is wrong with it.
func (f *file) plainRow(text []byte) bool {
	n := f.inputs
	if n == 0 || len(text) != n+2 || text[n] != ' ' || text[n+1]&^1 != '0' {
		return false
	}
	for _, sign := range text[:n] {
		if sign != '0' && sign != '1' && sign != '-' {
			return false
		}
	}
	c, off := &f.covers[len(f.covers)-1], text[n+1] == '0'
	if c.rows > 0 && off != c.off {
		return false
	}
	f.cubes = append(f.cubes, text[:n]...)
	f.size += len(text) + 1
	c.off = off
	c.rows++
	return true
}
